package epemerintahanweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func TestPrint(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	hire := func(unit, email string, ps ...authz.Permission) int64 {
		return s.Hire(t, apptest.Staff{Email: email, Name: "Petugas " + email[:1], UnitCode: unit, Permissions: append(ps, epemerintahan.PermView)}).AccountID
	}
	lurah := hire("73.71.13.1002", "lurah@uji.example", epemerintahan.PermEdit, epemerintahan.PermReveal)
	a, err := s.App.Accounts.Actor(t.Context(), lurah)
	if err != nil {
		t.Fatal(err)
	}
	var added []epemerintahan.AddedFamily
	err = pg.InTx(t.Context(), s.Pool, func(tx pgx.Tx) (err error) {
		added, err = s.App.Residents.AddFamilies(t.Context(), tx, a, []epemerintahan.NewFamily{{
			Home: epemerintahan.Home{KelurahanID: a.MainPosition().UnitID, RW: "003", RT: "002", Address: "Jl. Toddopuli 1"}, KK: "7371131708859001",
			Members: []epemerintahan.NewResident{{NIK: "7371131708859001", Person: epemerintahan.Person{
				Relation: epemerintahan.RelationHead, Name: "Muh. Yusuf", Sex: epemerintahan.Male, BirthPlace: "Makassar", BirthDate: time.Date(1985, 8, 17, 0, 0, 0, 0, time.UTC),
				Religion: 1, Education: 5, Job: 3, Marital: 2, Citizenship: 1, Permanence: 1,
			}}},
		}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	c := s.SignedIn(t, lurah)
	operator := s.SignedIn(t, hire("73.71.13.1002", "operator@uji.example"))
	elsewhere := s.SignedIn(t, hire("73.71.13.1001", "tidung@uji.example", epemerintahan.PermReveal))
	for name, path := range map[string]string{
		"biodata.pdf":       fmt.Sprintf("/meja/penduduk/%d", added[0].Residents[0]),
		"data-keluarga.pdf": fmt.Sprintf("/meja/penduduk/keluarga/%d", added[0].FamilyID),
	} {
		if p := c.Get(path).Want(http.StatusOK); !p.Has(`a[href="` + path + `/cetak"]`) {
			t.Errorf("%s does not lead to its print", path)
		}
		path += "/cetak"
		form := c.Get(path).Want(http.StatusOK)
		p := form.Submit("main form", nil).Want(http.StatusOK)
		if got := p.Header.Get("Content-Disposition"); !strings.HasPrefix(p.Body, "%PDF-") || got != `inline; filename="`+name+`"` || p.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: %.20q as %q, %v", path, p.Body, got, p.Header)
		}
		wrong := form.Submit("main form", url.Values{"lengkap": {"1"}, "untuk": {"perlu"}}).Want(http.StatusUnprocessableEntity)
		if !wrong.Has("#ringkasan-galat") || wrong.Text("textarea[name=untuk]") != "perlu" || !wrong.Has("input[name=lengkap][checked]") {
			t.Errorf("%s: a purpose too short: %s", path, wrong.Text("main"))
		}
		form.Submit("main form", url.Values{"lengkap": {"1"}, "untuk": {"Pemberkasan nikah di KUA"}}).Want(http.StatusOK)

		if operator.Get(path).Want(http.StatusOK).Has("[name=lengkap]") {
			t.Errorf("%s offers full numbers to who may not open them", path)
		}
		operator.Post(path, url.Values{"lengkap": {"1"}, "untuk": {"Pemberkasan nikah di KUA"}}).Want(http.StatusForbidden)
		operator.Post(path, nil).Want(http.StatusOK)
		elsewhere.Get(path).Want(http.StatusNotFound)
		elsewhere.Post(path, nil).Want(http.StatusNotFound)
	}
}
