package mtr

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// kept is a whole report as a phone keeps it.
func (c *city) kept(key string) KeptReport {
	c.t.Helper()
	a := c.answers()
	return KeptReport{
		Key: key, Place: PlaceInput{KelurahanID: a.KelurahanID, Landmark: a.Landmark}, Category: CategoryInput{CategoryID: a.CategoryID},
		Words: WordsInput{Title: a.Title, Body: a.Body}, Who: WhoInput{Email: "ani@contoh.id"}, Photos: []PhotoInput{photoInput(), photoInput()},
	}
}

func TestKeptReportSentOftenIsOne(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	key := strings.Repeat("k", 22)
	receipts, fails := together(12, func(int) (Receipt, error) {
		in := c.kept(key)
		in.Words.Title = "Sampah menumpuk di pasar" // the words of a replay are those of the first
		return c.SendKept(c.ctx, authz.Actor{}, in)
	})
	for i, r := range receipts {
		if fails[i] != nil {
			t.Fatal(fails[i])
		}
		if d := cmp.Diff(receipts[0], r); d != "" {
			t.Fatalf("receipts differ: %s", d)
		}
	}
	for table, want := range map[string]int{
		"mtr_report": 1, "mtr_event": 1, "mtr_photo": 2, "mtr_photo WHERE report_id IS NULL": 0, "mtr_draft": 0, "notify_message": 1, "mtr_replay": 1,
	} {
		if got := one[int](c, `SELECT count(*) FROM `+table); got != want {
			t.Errorf("%s: %d rows, want %d", table, got, want)
		}
	}
	if other, err := c.SendKept(c.ctx, authz.Actor{}, c.kept(strings.Repeat("m", 22))); err != nil || other.Number == receipts[0].Number {
		t.Errorf("another key gives %s, %v", other.Number, err)
	}
	c.clock.Advance(ReplayLife)
	if err := c.Sweep(c.ctx); err != nil {
		t.Fatal(err)
	}
	if got := one[int](c, `SELECT count(*) FROM mtr_replay`); got != 0 {
		t.Errorf("%d keys are still remembered", got)
	}
}

func TestKeptReportIsRefusedWhole(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	in := c.kept(strings.Repeat("k", 22))
	in.Words, in.Place.KelurahanID, in.Who.Email = WordsInput{Title: "x"}, 0, "bukan email"
	_, err := c.SendKept(c.ctx, authz.Actor{}, in)
	errstest.Kind(t, err, errs.Unprocessable)
	wrong := map[string]bool{}
	for _, f := range errs.FieldsOf(err) {
		wrong[f.Name] = true
	}
	for _, name := range []string{ControlTitle, ControlBody, ControlKelurahan, ControlEmail} {
		if !wrong[name] {
			t.Errorf("nothing is said about %s: %v", name, errs.FieldsOf(err))
		}
	}
	for _, table := range []string{"mtr_report", "mtr_draft", "mtr_photo", "mtr_replay"} {
		if got := one[int](c, `SELECT count(*) FROM `+table); got != 0 {
			t.Errorf("%s: %d rows are left of what was refused", table, got)
		}
	}
	// What was put right goes under the same key.
	if _, err := c.SendKept(c.ctx, authz.Actor{}, c.kept(in.Key)); err != nil {
		t.Error(err)
	}
	in = c.kept("kunci pendek")
	_, err = c.SendKept(c.ctx, authz.Actor{}, in)
	errstest.Kind(t, err, errs.BadRequest)
	in = c.kept(strings.Repeat("p", 22))
	for range MaxPhotos {
		in.Photos = append(in.Photos, photoInput())
	}
	_, err = c.SendKept(c.ctx, authz.Actor{}, in)
	errstest.Kind(t, err, errs.Unprocessable)
}
