package e2e_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/e2e"
)

// screen is a page as somebody sees it. A page with do is looked at once do has
// been done to it.
type screen struct {
	name string // of its picture; the path without it
	path string
	do   func(*e2e.Tab)
}

// thorough is set in `make deep`: every page is checked for all at both widths, light and dark.
var thorough bool

// TestScreens looks at every page that anybody can open, at 360 and 1280 px. Of a width
// little but the room changes, of a scheme little but colours, which all pages share: the
// rules of WCAG are held against a page on the screen that it is made for, one in the light
// and the next in the dark; on the other screen it fits. With -screens there are pictures of
// all four.
func TestScreens(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	screens := c.screens()
	screens["admin"] = append(screens["admin"], c.others(screens)...)
	if *only != "" {
		wanted := regexp.MustCompile(*only)
		for who := range screens {
			screens[who] = slices.DeleteFunc(screens[who], func(s screen) bool { return !wanted.MatchString(s.path) && !wanted.MatchString(s.name) })
		}
	}
	seen := &routesSeen{hit: map[string]bool{}}
	// The group ends before what it saw is held against the table.
	t.Run("as", func(t *testing.T) {
		for who, screens := range screens {
			t.Run(who, func(t *testing.T) {
				t.Parallel()
				tab := e2e.Open(t, c.URL, e2e.Phone, e2e.Caching)
				if id := c.accounts[who]; id != 0 {
					tab.Go("/uji/masuk/" + idText(id))
				}
				for i, s := range screens {
					look(tab, s, i%2 == 1)
					seen.add(c, tab.Path(), s.path)
				}
			})
		}
	})
	if t.Failed() || *only != "" {
		return
	}
	for _, r := range c.App.Router.Routes() {
		if r.Method != "GET" || r.Machine {
			continue
		}
		why, excused := unseen[r.Pattern]
		if inAccounts(r.Pattern) {
			continue
		}
		switch {
		case seen.hit[r.Pattern] && excused:
			t.Errorf("%s is looked at, so it needs no excuse", r.Pattern)
		case !seen.hit[r.Pattern] && !excused:
			t.Errorf("nobody looks at %s: add it to the screens, or to unseen with the reason", r.Pattern)
		case excused && why == "":
			t.Errorf("%s is left out without a reason", r.Pattern)
		}
	}
}

// others are the pages that the screens leave out and whose address says all
// there is to know: whoever adds a page to the table gets it looked at.
func (c *city) others(screens map[string][]screen) (out []screen) {
	named := map[string]bool{}
	for _, list := range screens {
		for _, s := range list {
			named[patternOf(c, s.path)] = true
		}
	}
	for _, r := range c.App.Router.Routes() {
		if _, excused := unseen[r.Pattern]; r.Method != "GET" || r.Machine || named[r.Pattern] || excused || inAccounts(r.Pattern) {
			continue
		}
		path := placeholder.ReplaceAllStringFunc(r.Pattern, func(p string) string {
			if known := c.ids[p[1:len(p)-1]]; known != "" {
				return known
			}
			return p
		})
		if !strings.Contains(path, "{") {
			out = append(out, screen{path: path})
		}
	}
	return out
}

func look(tab *e2e.Tab, s screen, dark bool) {
	type scheme struct {
		name string
		as   e2e.Option
	}
	schemes := []scheme{{"light", e2e.Light}, {"dark", e2e.Dark}}
	if dark {
		slices.Reverse(schemes)
	}
	if !thorough && *shots == "" {
		schemes = schemes[:1]
	}
	tab.Look(e2e.Phone, schemes[0].as).Go(s.path)
	if s.do != nil {
		s.do(tab)
	}
	name := s.name
	if name == "" {
		name = s.path
	}
	atDesk := strings.HasPrefix(s.path, "/meja")
	for _, width := range []struct {
		px      string
		screen  e2e.Option
		madeFor bool
	}{{"360", e2e.Phone, !atDesk}, {"1280", e2e.Desktop, atDesk}} {
		for i, scheme := range schemes {
			tab.Look(width.screen, scheme.as)
			switch {
			case i > 0:
				tab.Contrast()
			case width.madeFor || thorough:
				tab.Sound()
			default:
				tab.Fits()
			}
			snap(tab, name, width.px+"-"+scheme.name)
		}
	}
}

// unseen are the routes that are no page to look at.
var unseen = map[string]string{
	"/mtr/rss.xml":                                         "for feed readers",
	"/mtr/data/skema.json":                                 "for programs",
	"/mtr/data/laporan":                                    "a file",
	"/mtr/data/statistik":                                  "a file",
	"/mtr/data/harian/{berkas}":                            "a file",
	"/mtr/laporan/{nomor}/rss.xml":                         "for feed readers",
	"/mtr/ikuti/{token}":                                   "TestFollowByEmail of mtr/web looks at it, with the link of a letter",
	"/mtr/peta.json":                                       "for the map, which is looked at",
	"/mtr/lapor/{draf}":                                    "leads to a step",
	"/mtr/laporan/{nomor}/{token}/perubahan":               "a stream",
	"/mtr/laporan-saya/{nomor}/perubahan":                  "a stream",
	"/mtr/foto/{foto}/{ukuran}":                            "a photo",
	"/mtr/lapor/{draf}/foto/{foto}/{ukuran}":               "a photo",
	"/mtr/laporan/{nomor}/{token}/foto/{foto}/{ukuran}":    "a photo",
	"/mtr/laporan-saya/{nomor}/foto/{foto}/{ukuran}":       "a photo",
	"/meja/mtr/foto/{ref}/{ukuran}":                        "a photo",
	"/meja/mtr/catat-laporan/{nomor}":                      "TestACallIsWrittenDown of mtr/web looks at it",
	"/meja/mtr/{nomor}/asli":                               "TestOriginalsAskForThePassword of mtr/web looks at it",
	"/meja/mtr/sp4n/tindak-lanjut":                         "a file",
	"/meja/mtr/rute.json":                                  "for the script that takes tasks along",
	"/meja/mtr/berkas/{ref}":                               "a document",
	"/meja/mtr/pelanggaran/{perkara}":                      "TestTheChannelFromEndToEnd of misconductweb looks at it, as the Inspektorat alone may",
	"/meja/mtr/pelanggaran/{perkara}/berkas/{berkas}":      "a file",
	"/meja/admin/audit/unduh":                              "a download",
	"/meja/penduduk/impor/contoh/{format}":                 "a download",
	"/meja/penduduk/impor/{impor}/hasil/{format}":          "a download",
	"/meja/penduduk/impor/{impor}/perkembangan":            "a stream",
	"/meja/penduduk/laporan-bulanan/unduh/{format}":        "a download",
	"/meja/penduduk/impor/{impor}":                         "TestImport looks at it, on its way",
	"/meja/surat/jenis/{kode}/contoh":                      "a PDF",
	"/surat/draf/{ref}":                                    "leads to a step",
	"/surat/pindaian/{pindaian}":                           "a scan",
	"/surat/{nomor}/perubahan":                             "a stream",
	"/surat/{nomor}/unduh":                                 "a PDF",
	"/meja/surat/perubahan":                                "a stream",
	"/meja/surat/{id}/berkas/{which}":                      "a PDF",
	"/meja/surat/{id}/pindaian/{ref}":                      "a scan",
	"/meja/surat/identitas/{id}/foto":                      "a photo",
	"/meja/eoffice/perubahan":                              "a stream",
	"/meja/eoffice/naskah/{id}/berkas/{which}":             "a PDF",
	"/meja/eoffice/disposisi/{id}/lembar":                  "a PDF",
	"/meja/eoffice/naskah/{id}/buka":                       "TestTheMostSecretIsOnlyLookedAt of eoffice/web looks at it, where the city keeps such letters",
	"/meja/eoffice/kiriman/{id}/bukti":                     "a PDF",
	"/meja/eoffice/naskah/{id}/lampiran/{file}":            "a file",
	"/meja/eoffice/agenda/berkas.ics":                      "a file",
	"/meja/eoffice/arsip/berkas/{id}/unduh":                "a download",
	"/meja/eoffice/baki/pemisah":                           "a PDF",
	"/meja/eoffice/baki/{id}":                              "a file",
	"/meja/kuciniki/perubahan":                             "a stream",
	"/meja/kuciniki/skp/{id}/lampiran":                     "a PDF",
	"/meja/kuciniki/skp/{id}/penilaian/{bulan}/dokumen":    "a PDF",
	"/meja/kuciniki/skp/{id}/ekspor/{format}":              "a download",
	"/meja/puskesmas/perubahan/{unit}":                     "a stream",
	"/meja/puskesmas/atur/{puskesmas}/bpjs/kunjungan/{id}": "a download",
	"/layar/{token}/perubahan":                             "a stream",
	"/layar/{token}/isi":                                   "for the board, which is looked at",
	"/antrean/{token}/perubahan":                           "a stream",
	"/antrean/{token}/kalender.ics":                        "a download",
	"/uji/masuk/{id}":                                      "exists in tests alone",
}

// inAccounts says that TestAccounts looks at the page, on its way through what
// leads there.
func inAccounts(pattern string) bool {
	for _, prefix := range []string{"/masuk", "/daftar", "/lupa-sandi", "/undangan/", "/berhenti/", "/akun", "/lanjutkan"} {
		if strings.HasPrefix(pattern, prefix) {
			return true
		}
	}
	return false
}

// routesSeen gathers which patterns were visited.
type routesSeen struct {
	mu  sync.Mutex
	hit map[string]bool
}

func (s *routesSeen) add(c *city, paths ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range paths {
		if pattern := patternOf(c, p); pattern != "" {
			s.hit[pattern] = true
		}
	}
}

var placeholder = regexp.MustCompile(`\{[^}]+\}`)

// patternOf is the route that serves a path: of those that match, the one with
// the fewest placeholders, as in the router.
func patternOf(c *city, path string) (best string) {
	u, err := url.Parse(path)
	if err != nil {
		return ""
	}
	for _, r := range c.App.Router.Routes() {
		if r.Method != "GET" {
			continue
		}
		parts := placeholder.Split(r.Pattern, -1)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		if !regexp.MustCompile("^" + strings.Join(parts, "[^/]+") + "$").MatchString(u.Path) {
			continue
		}
		if best == "" || strings.Count(r.Pattern, "{") < strings.Count(best, "{") {
			best = r.Pattern
		}
	}
	return best
}
