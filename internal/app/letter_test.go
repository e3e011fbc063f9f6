package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
)

// A death certificate leads to the death in the register: its link fills the form, the
// event marks the letter, and what happened to somebody else does not.
func TestADeathLetterLeadsToTheRecordedDeath(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	v := s.Village(t, "73.71.13.1002")
	ctx, m := t.Context(), s.App.Letters
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.DB.Owner().Exec(ctx, `INSERT INTO epemerintahan_kind_version (code, unit_id, version, definition, created_at)
		SELECT code, $1, 1, jsonb_set(definition, '{mode}', '"tte"'), $2 FROM epemerintahan_kind_version WHERE code = 'MTI' AND unit_id IS NULL`, v.Kelurahan, s.Clock.Now())
	must(err)
	k, err := m.KindFor(ctx, v.Kelurahan, "MTI")
	must(err)
	e := letter.Entry{KelurahanID: v.Kelurahan, Code: "MTI", Subject: letter.Person{ResidentID: v.Family[2]}, Values: k.SampleValues(s.Clock.Now())}
	for _, r := range k.Requirements {
		e.Checked = append(e.Checked, r.Name)
	}
	e.Values["tgl_meninggal"], e.Values["tempat_meninggal"] = letter.Value{Text: "2026-11-21"}, letter.Value{Text: "RSUD Daya"}
	id, err := m.Enter(ctx, v.Operator, e)
	must(err)
	must(m.Do(ctx, v.Secretary, letter.ActParaf, letter.Act{ID: id}))
	_, err = m.View(ctx, v.Lurah, id) // nobody signs unread
	must(err)
	signed := m.Sign(ctx, v.Lurah, []letter.Act{{ID: id}}, letter.Secret{})[0]
	must(signed.Err)

	operator := s.SignedIn(t, v.Operator.AccountID)
	address := fmt.Sprintf("/meja/surat/%d", id)
	offer := func() (href string) {
		href, _ = operator.Get(address).Want(http.StatusOK).Doc.Find(`main a[href*="/peristiwa/mati"]`).Attr("href")
		return href
	}
	died := offer()
	if died == "" {
		t.Fatal("the letter offers no event")
	}
	// Somebody else's death is no answer to this letter.
	other := strings.Replace(died, fmt.Sprint(v.Family[2]), fmt.Sprint(v.Family[3]), 1)
	operator.Get(other).Want(http.StatusOK).Submit("main form", nil).Want(http.StatusOK)
	if offer() == "" {
		t.Fatal("a death of somebody else marked the letter")
	}

	form := operator.Get(died).Want(http.StatusOK)
	for name, want := range map[string]string{
		epemerintahan.ControlDate: "2026-11-21", epemerintahan.ControlPlace: "RSUD Daya", epemerintahan.ControlLetter: signed.Number,
	} {
		if got, _ := form.Doc.Find(`main form [name="` + name + `"]`).Attr("value"); got != want {
			t.Errorf("%s is filled with %q, want %q", name, got, want)
		}
	}
	page := form.Submit("main form", url.Values{}).Want(http.StatusOK)
	if text := page.Text("main"); !strings.Contains(text, "Meninggal") || !strings.Contains(text, signed.Number) {
		t.Errorf("the resident's page does not tell of the death and of the letter: %.600s", text)
	}
	rec, err := s.App.Residents.View(ctx, v.Operator, v.Family[2])
	must(err)
	if last := rec.Events[len(rec.Events)-1]; rec.Status != epemerintahan.Dead || last.Kind != epemerintahan.Died || last.Detail.Letter != signed.Number {
		t.Errorf("%s, %+v", rec.Status, last)
	}
	if offer() != "" {
		t.Error("the letter still offers its event")
	}
	if d, err := m.View(ctx, v.Operator, id); err != nil || d.Offer != letter.NoEffect {
		t.Errorf("%v, %v", d.Offer, err)
	}
}
