package surveyweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/survey"
	surveyweb "makassartidakrantasa.com/portal/internal/survey/web"
)

// Six people who had a letter answer without scripts; everybody reads what it comes to, the
// head of the unit reads the words, and nobody else does.
func TestFromTheQuestionToTheFigure(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	unit, err := pg.Scalar[int64](t.Context(), s.Pool, `SELECT id FROM org_unit WHERE code = 'KOMINFO'`)
	if err != nil {
		t.Fatal(err)
	}
	invite := surveyweb.Invite(s.App.Survey, survey.Letters)
	visitor := s.Client(t)
	typed := func(score int) url.Values {
		v := url.Values{"saran": {"Loketnya buka terlambat"}}
		for i := range survey.Elements {
			v.Set(survey.ControlOf(i), fmt.Sprint(score))
		}
		return v
	}
	for id := range int64(6) {
		href := invite(unit, id, s.Clock.Now())
		page := visitor.Get(href).Want(http.StatusOK)
		if id == 0 {
			page = page.Submit("main form", url.Values{"u1": {"4"}, "saran": {"Loketnya buka terlambat"}}).Want(http.StatusUnprocessableEntity)
			if !page.Has(`[name=u1][value="4"][checked]`) || !strings.Contains(page.Text("textarea"), "terlambat") || page.Doc.Find("#ringkasan-galat li").Length() != 8 {
				t.Errorf("what was answered is lost, or what is missing not named: %s", page.Text("main"))
			}
		}
		for range 2 { // the second finds it answered
			page = visitor.Post(href, typed(3)).Want(http.StatusOK)
			if !strings.Contains(page.Text("main"), "Terima kasih") {
				t.Fatalf("after answering: %s", page.Text("main"))
			}
		}
	}
	public := visitor.Get("/survei").Want(http.StatusOK)
	if text := public.Text("main"); !strings.Contains(text, "75,00") || strings.Contains(text, "terlambat") {
		t.Errorf("the public reads %s", text)
	}
	file := visitor.Get("/survei/hasil.csv?kurun=setahun").Want(http.StatusOK)
	if !strings.Contains(file.Body, ";surat;KOMINFO;") || !strings.Contains(file.Body, ";6;3;3;") {
		t.Errorf("the file says %s", file.Body)
	}
	visitor.Get("/survei?kurun=1990").Want(http.StatusBadRequest)
	visitor.Get("/survei/isi/abc").Want(http.StatusNotFound)

	head := s.SignedIn(t, s.Hire(t, apptest.Staff{Email: "kadis@kota.example", Name: "Hasan", UnitCode: "KOMINFO", Permissions: []authz.Permission{survey.PermRead}}).AccountID)
	if text := head.Get("/meja/survei").Want(http.StatusOK).Text("main"); strings.Count(text, "Loketnya buka terlambat") != 6 {
		t.Errorf("the head reads %s", text)
	}
	other := s.SignedIn(t, s.Hire(t, apptest.Staff{Email: "lain@kota.example", Name: "Lain", UnitCode: "DISHUB", Permissions: []authz.Permission{survey.PermRead}}).AccountID)
	if text := other.Get("/meja/survei").Want(http.StatusOK).Text("main"); strings.Contains(text, "Loketnya") {
		t.Errorf("another unit reads %s", text)
	}
	s.SignedIn(t, s.Citizen(t, "warga@portal.example", "Warga")).Get("/meja/survei").Want(http.StatusNotFound)
}
