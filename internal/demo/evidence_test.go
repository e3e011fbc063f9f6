package demo_test

import (
	"archive/zip"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// marked is what an inspector tries to keep as evidence: one thing of the story, and what of it
// is in the package; nothing where they may not open it.
type marked struct {
	page, sql string
	files     []string
}

const (
	naskahOf = `SELECT l.id FROM eoffice_letter l JOIN org_unit u ON u.id = l.unit_id WHERE l.status = 'terkirim' AND l.pdf_key <> '' AND u.code = `
	skpOf    = `SELECT s.id FROM kuciniki_skp s JOIN org_position p ON p.id = s.position_id JOIN org_unit u ON u.id = p.unit_id
		WHERE s.status = 'disepakati' AND EXISTS (SELECT FROM kuciniki_evaluation e WHERE e.skp_id = s.id AND e.status = 'diterima') AND `
	inDPU    = `u.ancestors @> ARRAY(SELECT id FROM org_unit WHERE code = 'DPU')`
	covered  = `u.ancestors && ARRAY(SELECT id FROM org_unit WHERE code IN ('DPU', '73.71.13.1002', 'INSP'))` // covered, or their own
	isOurs   = `EXISTS (SELECT FROM eoffice_recipient r JOIN org_unit u ON u.id = r.unit_id WHERE r.letter_id = l.id AND ` + covered + `)`
	letterOf = `SELECT l.id FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id WHERE l.status = 'terbit' AND l.pdf_key <> ''
		AND EXISTS (SELECT FROM epemerintahan_letter_scan s WHERE s.letter_id = l.id AND s.purged_at IS NULL AND s.removed_at IS NULL) AND u.code = `
)

var asEvidence = []marked{
	{"/meja/surat/", letterOf + `'73.71.13.1002'`, []string{"surat.pdf", "persyaratan-01."}},
	{"/meja/eoffice/naskah/", naskahOf + `'DPU' AND l.secrecy = 'B'`, []string{"naskah.pdf"}},
	{"/meja/kuciniki/skp/", skpOf + inDPU, []string{"skp.pdf", "penilaian-"}},
	// Of another kelurahan or office, and not for who merely belongs to the office.
	{"/meja/surat/", `SELECT l.id FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id WHERE u.code <> '73.71.13.1002'`, nil},
	{"/meja/eoffice/naskah/", `SELECT l.id FROM eoffice_letter l JOIN org_unit u ON u.id = l.unit_id WHERE l.status = 'terkirim' AND l.secrecy = 'B' AND NOT ` + covered + ` AND NOT ` + isOurs, nil},
	{"/meja/eoffice/naskah/", naskahOf + `'DPU' AND l.secrecy = 'T'`, nil},
	{"/meja/eoffice/naskah/", `SELECT l.id FROM eoffice_letter l WHERE l.secrecy = 'R'`, nil},
	{"/meja/kuciniki/skp/", skpOf + `NOT ` + covered, nil},
}

// everyKindIsEvidence keeps a case of every module under an assignment, and packs it.
func everyKindIsEvidence(t *testing.T, s *apptest.Server) {
	t.Helper()
	auditor := accountOf(t, s, "inspektorat")
	now := s.Clock.Now().In(clock.Makassar)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, clock.Makassar)
	id, err := s.App.Oversight.Register(t.Context(), s.Actor(t, accountOf(t, s, "sekretaris.insp")), oversight.Input{Number: "700.1.2/099/INSP", IssuedOn: today, Subject: "Bukti dari setiap bagian",
		From: today, Until: today, Modules: []string{"epemerintahan", "eoffice", "kuciniki"}, UnitCodes: []string{"DPU", "73.71.13.1002"}, Members: []int64{s.Actor(t, auditor).PersonID}})
	if err != nil {
		t.Fatal(err)
	}
	c, page := s.SignedIn(t, auditor), fmt.Sprintf("/meja/pengawasan/%d", id)
	var want []string
	for _, m := range asEvidence {
		thing, err := pg.Scalar[int64](t.Context(), s.Pool, m.sql+` ORDER BY 1 DESC LIMIT 1`)
		if err != nil {
			t.Errorf("the story has nothing for %s: %v\n%s", m.page, err, m.sql)
			continue
		}
		status := http.StatusSeeOther
		if m.files == nil {
			status = http.StatusUnprocessableEntity
		}
		form := url.Values{"rujukan": {fmt.Sprintf("%s%s%d", s.URL, m.page, thing)}}
		if got := ask(t, s, c, http.MethodPost, page+"/bukti", form.Encode()); got != status {
			t.Errorf("marking %s%d answers %d, want %d: %s", m.page, thing, got, status, m.sql)
		}
		for _, name := range append(m.files, "perkara.json", "jejak.csv") {
			if m.files != nil {
				want = append(want, fmt.Sprintf("-%d/%s", thing, name))
			}
		}
	}
	body := c.Post(page+"/paket", nil).Want(http.StatusOK).Body
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		if f.UncompressedSize64 == 0 {
			t.Errorf("%s is empty", f.Name)
		}
	}
	for _, part := range want {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.Contains(n, part) }) {
			t.Errorf("no %s in %v", part, names)
		}
	}
}
