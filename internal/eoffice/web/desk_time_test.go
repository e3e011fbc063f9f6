package eofficeweb_test

import (
	"net/http"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
)

// The head of a unit sees how long things lie there, and each figure opens its steps.
func TestDeskTimesThroughThePages(t *testing.T) {
	o := newOffice(t)
	o.s.Grant(t, o.head.id.PositionID, o.head.id.UnitID, eoffice.PermFigures)
	for range eoffice.EnoughSteps {
		id, _ := o.write(eoffice.Restricted, "Surat terbatas", "Isi surat.")
		o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	}
	p := o.head.Get("/meja/eoffice/waktu-meja").Want(http.StatusOK)
	row := p.Doc.Find("tbody tr").First()
	if text := row.Text(); !strings.Contains(text, "Memaraf") || !strings.Contains(text, "5") || strings.Contains(text, "belum cukup") {
		t.Errorf("the first row says %q", text)
	}
	behind := o.head.Get(row.Find("a").AttrOr("href", "")).Want(http.StatusOK)
	if n := behind.Doc.Find("tbody tr").Length(); n != eoffice.EnoughSteps {
		t.Errorf("%d steps are behind it", n)
	}
	o.verifier.Get("/meja/eoffice/waktu-meja").Want(http.StatusNotFound)
	for _, bad := range []string{"?mulai=2026-12-02&sampai=2026-12-01", "?mulai=2020-01-01&sampai=2026-01-01", "?mulai=kemarin"} {
		o.head.Get("/meja/eoffice/waktu-meja" + bad).Want(http.StatusUnprocessableEntity)
	}
}
