package misconductweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/portal"
)

const (
	start  = "/mtr/pelanggaran"
	desk   = "/meja/mtr/pelanggaran"
	needle = "Zulkarnaen Anu"
)

// A visitor without scripts writes, comes back with the code and writes on; the desk of the
// Inspektorat answers and closes; no other page of the portal knows of it.
func TestTheChannelFromEndToEnd(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	hire := func(name, unit string, city bool, ps ...authz.Permission) *apptest.Client {
		return s.SignedIn(t, s.Hire(t, apptest.Staff{Email: strings.ToLower(name) + "@kota.example", Name: name, UnitCode: unit, City: city, Permissions: ps}).AccountID)
	}
	auditor := hire("Jumriati", "INSP", false, misconduct.PermRead)
	everything := []authz.Permission{misconduct.PermRead, mtr.PermConfigure, mtr.PermReveal}
	everything = append(append(everything, mtr.DeskPermissions...), portal.AdminPermissions...)
	admin := hire("Adi", "KOMINFO", true, everything...)
	visitor := s.Client(t)

	page := visitor.Get(start).Want(http.StatusOK)
	page = visitor.Get(page.Doc.Find(`main a:contains("Tulis laporan")`).AttrOr("href", "")).Want(http.StatusOK)
	if page.Header.Get("Cache-Control") != "no-store" || page.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the form may be kept: %v", page.Header)
	}
	page = page.Submit("main form", url.Values{"siapa": {needle}, "uraian": {"pendek"}}).Want(http.StatusUnprocessableEntity)
	if page.Doc.Find("#siapa").AttrOr("value", "") != needle {
		t.Error("what was typed is lost")
	}
	sent := page.Submit("main form", url.Values{"uraian": {needle + " meminta uang untuk izin."}}).Want(http.StatusOK)
	code := strings.TrimSpace(sent.Doc.Find("#kode").Text())
	if len(code) != 24 || strings.Contains(sent.URL.String(), code) || sent.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("code %q at %s", code, sent.URL)
	}
	if visitor.Cookie("sesi") != "" {
		t.Error("the visitor has a session")
	}

	list := auditor.Get(desk).Want(http.StatusOK)
	ref := strings.TrimSpace(list.Doc.Find("main tbody th").Text())
	if ref == "" || strings.Contains(list.Body, needle) {
		t.Fatalf("the list shows %q", list.Text("main"))
	}
	if p := auditor.Get("/meja").Want(http.StatusOK); !strings.Contains(p.Text("body"), "Laporan pelanggaran pegawai") {
		t.Error("the home desk does not say that something waits")
	}
	view := auditor.Get(desk + "/" + ref).Want(http.StatusOK)
	if !strings.Contains(view.Text("main"), needle) {
		t.Error("the desk cannot read it")
	}
	page = view.Submit(`details:contains("Jawab pengirim") form`, url.Values{"uraian": {""}}).Want(http.StatusUnprocessableEntity)
	page = page.Submit(`details:contains("Jawab pengirim") form`, url.Values{"uraian": {"Kapan " + needle + " memintanya?"}}).Want(http.StatusOK)

	mine := visitor.Get(start+"/jawaban").Want(http.StatusOK).Submit("main form", url.Values{"kode": {"salah"}}).Want(http.StatusUnprocessableEntity)
	mine = mine.Submit("main form", url.Values{"kode": {strings.ToLower(code)}}).Want(http.StatusOK)
	if !strings.Contains(mine.Text("main"), "memintanya?") || strings.Contains(mine.Body, "Jumriati") {
		t.Errorf("the sender reads %s", mine.Text("main"))
	}
	mine = mine.Submit("main form", url.Values{"uraian": {"Hari Senin."}}).Want(http.StatusOK)
	if !strings.Contains(mine.Text("main"), "Hari Senin.") {
		t.Error("what was written is not shown")
	}
	late := page.Submit(`details:contains("Selesaikan") form`, url.Values{"hasil": {"terbukti"}, "uraian": {"Ditindak."}}).Want(http.StatusConflict)
	if !strings.Contains(late.Text("main"), "Hari Senin.") || !strings.Contains(late.Text("main"), "Ditindak.") {
		t.Error("what was typed too late, or what came meanwhile, is not shown")
	}

	// The seat beside it, with every other permission, finds nothing.
	admin.Get(desk + "/" + ref).Want(http.StatusNotFound)
	admin.Post(desk+"/"+ref, url.Values{"tindakan": {"catat"}, "uraian": {"x"}, "urutan": {"4"}}).Want(http.StatusNotFound)
	for _, path := range []string{
		"/", "/mtr", "/mtr?cari=Zulkarnaen", "/mtr/rss.xml", "/mtr/statistik", "/mtr/peta", "/mtr/data", "/lacak?nomor=" + ref, "/lacak?nomor=" + code,
		"/open311/v2/requests.json", "/open311/v2/requests.xml?extensions=true", "/mtr/data/laporan?format=csv",
		"/meja", "/meja/mtr?antrean=semua", "/meja/mtr?antrean=semua&q=Zulkarnaen", "/meja/mtr/ringkasan", "/meja/mtr/statistik", desk,
		"/meja/admin", "/meja/admin/audit", "/akun",
	} {
		p := admin.Get(path)
		if strings.Contains(p.Body, needle) || strings.Contains(p.Body, "Zulkarnaen") && !strings.Contains(path, "Zulkarnaen") ||
			strings.Contains(p.Body, ref) && !strings.Contains(path, ref) || strings.Contains(p.Body, code) && !strings.Contains(path, code) {
			t.Errorf("%s (%d) knows of it", path, p.Status)
		}
	}
	for what, sql := range map[string]string{
		"messages": `SELECT count(*) FROM notify_message WHERE subject || body || link_url ~ $1`,
		"inboxes":  `SELECT count(*) FROM notify_inbox WHERE title || body || link ~ $1`,
		"jobs":     `SELECT count(*) FROM river_job WHERE args::text ~ $1`,
		"sessions": `SELECT count(*) FROM authn_session WHERE encode(data, 'escape') ~ $1`,
	} {
		var n int
		if err := s.DB.Owner().QueryRow(t.Context(), sql, "Zulkarnaen|"+code+"|"+ref).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d of the %s know of it, %v", n, what, err)
		}
	}
	var told int
	if err := s.DB.Owner().QueryRow(t.Context(), `SELECT count(*) FROM notify_inbox WHERE link = $1`, desk).Scan(&told); err != nil || told != 2 {
		t.Errorf("the desk was told %d times of two, %v", told, err)
	}
}
