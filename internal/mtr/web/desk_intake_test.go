package mtrweb_test

import (
	"net/http"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/mtr"
)

// A caller's report from the category to the number read out, without scripts.
func TestACallIsWrittenDown(t *testing.T) {
	d := newDesk(t)
	d.worker.Get("/meja/mtr/catat-laporan").Want(http.StatusNotFound)
	start := d.dispatcher.Get("/meja/mtr/catat-laporan").Want(http.StatusOK)
	p := d.dispatcher.Get(link(t, start, "Lampu jalan mati")).Want(http.StatusOK)
	const f = `main form[action$="/catat-laporan"]`
	p = p.Submit(f, values("judul", "Lampu mati di lorong 3", "uraian", "Sudah dua malam gelap.", "telepon", "0812 3456 7890", "dipastikan", "1", "nama", "Bu Mina", "saluran", "telepon"))
	if p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("without the rest: %d\n%s", p.Status, p.Text("main"))
	}
	for _, want := range []string{"centang bila orangnya setuju", "Jawab pertanyaan ini: Apakah ada kabel", "pilih kelurahan"} {
		if !strings.Contains(p.Text("main"), want) {
			t.Errorf("nothing about %q", want)
		}
	}
	place := p.Doc.Find(f+" select[name=kelurahan] option[value!='']").First().AttrOr("value", "")
	p = p.Submit(f, values("persetujuan", "1", "tanya_kabel", "tidak", "kelurahan", place, "patokan", "Lorong 3"), photo("lorong.jpg")).Want(http.StatusOK)
	number, code := p.Text("#nomor"), p.Text("#kode-singkat")
	if number == "" || code == "" {
		t.Fatalf("the receipt:\n%s", p.Text("main"))
	}
	d.head.Get(p.URL.Path).Want(http.StatusNotFound) // somebody else's call
	p = d.page(d.dispatcher, number)
	if text := p.Text("main"); !strings.Contains(text, "Telepon") || !strings.Contains(text, "dicatat Dewi") || !strings.Contains(text, "sudah terbukti") || strings.Contains(text, "Bu Mina") {
		t.Errorf("at the desk:\n%s", text)
	}
	if n := p.Doc.Find(".gallery img").Length(); n != 1 {
		t.Errorf("%d photos", n)
	}
	d.forwarded(number)
	call := `main form[action$="/dukungan"]`
	if p := d.page(d.head, number).Submit(call, values("telepon", "12")); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Periksa nomor HP penelepon") {
		t.Errorf("a wrong number: %d", p.Status)
	}
	if p := d.page(d.head, number).Submit(call, values("telepon", "0815 1111 2222", "persetujuan", "1")).Want(http.StatusOK); !strings.Contains(p.Text("main"), "1 warga punya masalah yang sama") {
		t.Errorf("the support:\n%s", p.Text("main"))
	}
	d.status(number, mtr.Forwarded)
}
