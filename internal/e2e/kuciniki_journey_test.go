package e2e_test

import (
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/kuciniki"
)

// TestAYearOfPerformance follows one person's year: the plan is written and agreed, results
// are reported, judged below what was expected, objected to, and decided by somebody else.
func TestAYearOfPerformance(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := newPerformers(c)
	p.agreed(p.head, p.mayor, "Kebijakan kota tersusun tepat waktu")
	open := func(who string, screen e2e.Option) *e2e.Tab {
		return e2e.Open(t, c.URL, screen).Go("/uji/masuk/" + idText(c.accounts[who]))
	}

	// On a phone: the plan.
	me := open("analis", e2e.Phone).Go("/meja/kuciniki").Sound()
	me.Submit(`form[action="/meja/kuciniki/skp"] button`).WaitText("h1", "SKP")
	plan := me.Path()
	me.Go(plan+"/rhk/baru").Sound().Fill("#rhk", "Telaahan kebijakan selesai sebelum rapat pimpinan").ChooseText("#rhk_atasan", "Kebijakan kota tersusun tepat waktu").
		Fill("#indikator_kuantitas", "Jumlah telaahan").Fill("#target_kuantitas", "12").Submit("main form button[type=submit]").Wait("#ringkasan-galat").Sound()
	if got := me.Value("#target_kuantitas"); got != "12" {
		t.Errorf("what was typed is lost: %q", got)
	}
	me.Fill("#satuan_kuantitas", "telaahan").Submit("main form button[type=submit]").WaitText("main", "Jumlah telaahan")
	me.Submit(`form[action$="/ajukan"] button`).WaitText(".bar", "diajukan")

	boss := open("sekda", e2e.Desktop).Go("/meja/kuciniki").WaitText("main", "Setujui SKP")
	boss.Go(plan).Sound().Submit(`form[action$="/sepakati"] button`).WaitText(".bar", "disepakati")

	// The year: reported, judged, read.
	year := plan + "/penilaian/0"
	me.Go(year).Sound().Fill(`input[name^="realisasi_"]`, "12").Fill(`textarea[name="refleksi"]`, "Tiga telaahan menunggu data dinas lain.").
		Submit(`form[action$="/lapor"] button`).WaitText("main", "12 telaahan (100%)")
	boss.Go(year).WaitText("main", "Sesuai ekspektasi")
	boss.Click(`input[name="hasil"][value="di_bawah"]`).Click(`input[name="perilaku"][value="sesuai"]`)
	for _, v := range kuciniki.Values {
		boss.Choose(`select[name="`+kuciniki.ValueControl(v)+`"]`, "sesuai")
	}
	boss.Submit(`form[action$="/nilai"] button`).WaitText("#ringkasan-galat", "alasan").Sound()
	boss.Fill(`textarea[name="alasan"]`, "Telaahan sering terlambat dari jadwal rapat.").Submit(`form[action$="/nilai"] button`).WaitText(".bar", "disampaikan")

	// Objected to, and decided by somebody else.
	me.Go("/meja/kuciniki").WaitText("main", "Baca penilaian Anda")
	me.Go(year).WaitText(".kc-predicate", "Butuh Perbaikan").Sound()
	me.Fill(`textarea[name="sanggahan"]`, "Dua belas telaahan selesai; yang terlambat menunggu data dinas lain.").Submit(`form[action$="/sanggah"] button`).WaitText(".bar", "disanggah")
	boss.Go(year)
	if boss.Has(`form[action$="/putus"]`) {
		t.Error("who judged decides the objection")
	}
	mayor := open("wali", e2e.Desktop).Go("/meja/kuciniki").WaitText("main", "Putus sanggah")
	mayor.Go(year).Sound().Click(`input[name="hasil"][value="sesuai"]`).Fill(`textarea[name="alasan"]`, "Keterlambatan karena menunggu pihak lain.").
		Submit(`form[action$="/putus"] button`).WaitText(".bar", "sanggah diputus")
	me.Go(year).WaitText("main", "Putusan sanggah").Sound()
	for _, words := range []string{"Butuh Perbaikan", "Baik", "menunggu pihak lain", "sering terlambat"} {
		if text := me.Text("main"); !strings.Contains(text, words) {
			t.Errorf("%q is not there: both judgements stay", words)
		}
	}
}
