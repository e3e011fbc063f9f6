package kucinikiweb_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	kucinikiweb "makassartidakrantasa.com/portal/internal/kuciniki/web"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// people are who asks for pages about one of them, self.
type people struct{ self, head, mayor, personnel, inspector, stranger apptest.Hired }

// agreed gives somebody an agreed SKP, and those above them.
func agreed(t *testing.T, s *apptest.Server, a, rater authz.Actor) int64 {
	t.Helper()
	ctx, m := t.Context(), s.App.Kuciniki
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	id, err := m.Begin(ctx, a, m.Year(), a.MainPosition().OccupancyID)
	must(err)
	plan, err := m.Plan(ctx, a, id)
	must(err)
	target := 12.0
	r := kuciniki.RHK{Kind: kuciniki.Main, Text: "Naskah dinas selesai tepat waktu", Basis: "RPJMD 2025–2029", Indicators: []kuciniki.Indicator{{Slot: "kuantitas", Text: "Jumlah naskah", Target: &target, Unit: "naskah"}}}
	if len(plan.Above) > 0 {
		r.ParentID, r.Basis = &plan.Above[0].ID, ""
	}
	must(m.SaveRHK(ctx, a, id, r))
	for _, step := range []struct {
		by authz.Actor
		do kuciniki.Action
	}{{a, kuciniki.ActPropose}, {rater, kuciniki.ActAgree}} {
		plan, err := m.Plan(ctx, step.by, id)
		must(err)
		must(m.Act(ctx, step.by, id, plan.Seq, step.do, ""))
	}
	return id
}

// judged has the year of an SKP reported and judged, and the plan opened to be changed.
func judged(t *testing.T, s *apptest.Server, skp int64, a, rater authz.Actor) {
	t.Helper()
	ctx, m := t.Context(), s.App.Kuciniki
	plan, err := m.Plan(ctx, a, skp)
	reached, values := 12.0, map[kuciniki.Value]kuciniki.Rating{}
	for _, v := range kuciniki.Values {
		values[v] = kuciniki.AsDue
	}
	if err == nil {
		err = m.Report(ctx, a, kuciniki.Turn{SKP: skp}, []kuciniki.Realisation{{IndicatorID: plan.RHKs[0].Indicators[0].ID, Value: &reached, Note: "Lihat agenda"}}, "")
	}
	if err == nil {
		err = m.Judge(ctx, rater, kuciniki.Turn{SKP: skp, Seq: 1}, kuciniki.Verdict{Result: kuciniki.AsDue, Behaviour: kuciniki.AsDue, Values: values, Reason: "Sesuai rencana."})
	}
	if err == nil {
		err = m.Act(ctx, rater, skp, plan.Seq, kuciniki.ActChange, "Supaya targetnya lebih terukur.")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Who sees which page: oneself, the line above, BKPSDM, the Inspektorat; others nothing. Every
// page of the table of routes is here.
func (p people) see(t *testing.T, s *apptest.Server, skp, flag, sample, person int64) {
	t.Helper()
	const everybody, own, line, figures, over, personnel = "everybody", "own", "line", "figures", "over", "personnel"
	pages := map[string]string{
		"": everybody, "/umpan-balik": everybody, "/log": everybody, "/tim": everybody, "/bukti": everybody, "/pekerjaan-tim": everybody, "/terbuka?meja=saya": everybody,
		"/skp/{id}": line, "/skp/{id}/rhk/{rhk}": own, "/skp/{id}/versi": line, "/skp/{id}/matriks": line, "/skp/{id}/penilaian/{bulan}": line, "/skp/{id}/penilaian/{bulan}/dokumen": line,
		"/skp/{id}/lampiran": line, "/skp/{id}/ekspor/{format}": line, "/bukti/{orang}": line, "/bukti/{orang}/{ukuran}": line, "/terbuka?meja={meja}": line, "/selesai/{meja}": line,
		"/angka": figures, "/angka/layanan": figures, "/angka/langkah": figures, "/terbuka": figures,
		"/pola": over, "/sampel": over, "/sampel/{id}": "sample", "/selisih": over, "/gangguan": over, "/kelengkapan": over, "/predikat": over, "/pola/{id}": "flag",
		"/kehadiran": personnel, "/tpp": personnel, "/periode": personnel, "/batas-log": personnel,
	}
	// head: above self; mayor: above all, with figures.
	may := map[string][]apptest.Hired{
		everybody: {p.self, p.head, p.mayor, p.personnel, p.inspector, p.stranger}, own: {p.self}, line: {p.self, p.head, p.mayor, p.personnel, p.inspector},
		figures: {p.mayor, p.personnel, p.inspector}, over: {p.personnel, p.inspector}, personnel: {p.personnel}, "flag": {p.self, p.personnel, p.inspector}, "sample": {p.personnel, p.inspector},
	}
	fill := strings.NewReplacer("/pola/{id}", "/pola/"+strconv.FormatInt(flag, 10), "/sampel/{id}", "/sampel/"+strconv.FormatInt(sample, 10), "{id}", strconv.FormatInt(skp, 10), "{rhk}", "baru", "{bulan}", "0", "{format}", "csv",
		"{orang}", strconv.FormatInt(person, 10), "{ukuran}", "E1", "{meja}", strconv.FormatInt(p.self.PositionID, 10))
	query := map[string]string{"/angka/langkah": "?jenis=eoffice.naskah_paraf"}
	for _, who := range may[everybody] {
		c := s.SignedIn(t, who.AccountID)
		for page, by := range pages {
			want := http.StatusNotFound
			for _, m := range may[by] {
				if m == who {
					want = http.StatusOK
				}
			}
			if got := c.Get("/meja/kuciniki" + fill.Replace(page) + query[page]).Status; got != want {
				t.Errorf("%s of account %d (%s): %d, want %d", page, who.AccountID, by, got, want)
			}
		}
	}
	citizen := s.Client(t)
	stranger := s.SignedIn(t, p.stranger.AccountID)
	for _, r := range kucinikiweb.Routes(kucinikiweb.Deps{}) {
		path := strings.TrimPrefix(r.Pattern, "/meja/kuciniki")
		if got := citizen.Get("/meja/kuciniki" + fill.Replace(path)); got.URL.Path != "/masuk" && got.Status < 400 {
			t.Errorf("%s is open to who did not sign in: %d", r.Pattern, got.Status)
		}
		switch {
		case r.Method == http.MethodGet && !r.Stream:
			if pages[path] == "" {
				t.Errorf("%s is not in the table", r.Pattern)
			}
		case r.Method == http.MethodPost:
			switch path {
			case "/skp", "/log", "/umpan-balik": // one's own, which forms answer for
			default:
				if got := stranger.Post("/meja/kuciniki"+fill.Replace(path), nil); got.Status < 400 || got.Status >= 500 {
					t.Errorf("a stranger posts to %s: %d", r.Pattern, got.Status)
				}
			}
		}
	}
}
