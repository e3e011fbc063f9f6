package authn_test

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func TestPurgeForgetsWhatHasServed(t *testing.T) {
	w := newWorld(t)
	w.staff("andi@kota.example")
	_, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "rahma@contoh.id", Address: home})
	w.must(err)
	_, err = w.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: good, Address: home})
	w.wantKind(err, errs.Unprocessable)
	rows := func() int {
		return w.count(`SELECT (SELECT count(*) FROM authn_code) + (SELECT count(*) FROM authn_throttle) + (SELECT count(*) FROM authn_invitation)`)
	}
	before := rows()
	w.must(authn.Purge(w.Context(), w.db.Pool, w.clock.Now().Add(time.Hour)))
	if rows() != before || before < 4 {
		t.Errorf("%d rows became %d within the hour", before, rows())
	}
	w.must(authn.Purge(w.Context(), w.db.Pool, w.clock.Now().AddDate(0, 2, 0)))
	if rows() != 0 {
		t.Errorf("%d rows are left after two months", rows())
	}
}
