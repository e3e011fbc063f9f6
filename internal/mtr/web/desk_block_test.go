package mtrweb_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
)

// Files of SP4N-LAPOR! through the pages, and a sender who is blocked, told why, and objects.
func TestSP4NAndBlocks(t *testing.T) {
	d := newDesk(t)
	d.head.Get("/meja/mtr/sp4n").Want(http.StatusNotFound)
	d.dispatcher.Get("/meja/mtr/blokir").Want(http.StatusNotFound)
	file := apptest.File{Control: "berkas", Name: "sp4n.csv", Type: "text/csv", Data: []byte("Tracking ID;Judul Laporan;Isi Laporan;Kategori\n" +
		"8123456;Lampu jalan mati;Lampu di depan pasar mati.;LAMPU\n8123457;Apa;x;Cuaca\n")}
	const in = `main form[action$="/sp4n"]:not(#masukkan)`
	page := d.dispatcher.Get("/meja/mtr/sp4n").Want(http.StatusOK)
	if p := page.Submit(in, nil); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Text("main"), "Pilih satu berkas") {
		t.Errorf("without a file: %d", p.Status)
	}
	p := page.Submit(in, nil, file).Want(http.StatusOK)
	if text := p.Text("main"); !strings.Contains(text, "2 baris: 1 laporan baru, 0 sudah ada, 1 perlu diperbaiki") || !strings.Contains(text, "Cuaca") {
		t.Fatalf("looked at:\n%s", text)
	}
	p = p.Submit("#masukkan", nil, file).Want(http.StatusOK)
	if text := p.Text("main"); !strings.Contains(text, "1 laporan masuk ke antrean") {
		t.Fatalf("taken in:\n%s", text)
	}
	var number string
	row := d.s.DB.Owner().QueryRow(t.Context(), `SELECT r.number FROM mtr_origin o JOIN mtr_report r ON r.id = o.report_id WHERE o.external_number = '8123456'`)
	if err := row.Scan(&number); err != nil {
		t.Fatal(err)
	}
	if text := d.page(d.dispatcher, number).Text("main"); !strings.Contains(text, "nomor 8123456") {
		t.Errorf("at the desk:\n%s", text)
	}
	if out := d.dispatcher.Get("/meja/mtr/sp4n/tindak-lanjut?sejak=2026-01-01&format=csv").Want(http.StatusOK); !strings.Contains(out.Body, "8123456") {
		t.Errorf("the file:\n%s", out.Body)
	}

	// A visitor's report, whose sender a moderator blocks.
	visitor := d.s.Client(t)
	sent := func(title string) *apptest.Page {
		t.Helper()
		f := begin(t, visitor).toCategory()
		f = f.form(values("kategori", f.choice("kategori", "Taman dan fasilitas umum"))).at("uraian")
		f = f.form(values("judul", title, "uraian", "Dua bangku di taman patah dan berpaku.")).at("pelapor")
		f = f.form(values("email", "iklan@contoh.id")).at("periksa")
		return f.Page.Submit("#kirim", nil).Want(http.StatusOK)
	}
	first := sent("Bangku taman patah")
	found := regexp.MustCompile(`MTR-\d\d-\d{6,}`).FindString(first.Text("main"))
	moderated := d.page(d.moderator, found)
	const block = `main form[action$="/blokir"]`
	if p := moderated.Submit(block, values("hari", "400", "alasan", "")); p.Status != http.StatusUnprocessableEntity || p.Doc.Find("#hari").AttrOr("value", "") != "400" {
		t.Errorf("a wrong block: %d", p.Status)
	}
	moderated.Submit(block, values("alasan", "Sepuluh iklan dalam sehari.")).Want(http.StatusOK)
	if text := d.moderator.Get("/meja/mtr/blokir").Want(http.StatusOK).Text("main"); !strings.Contains(text, "Sepuluh iklan") || strings.Contains(text, "iklan@") {
		t.Errorf("the list:\n%s", text)
	}
	again := sent("Ayunan taman putus")
	if text := again.Text("main"); !strings.Contains(text, "ditahan dahulu") || strings.Contains(text, "Masukkan kode") {
		t.Fatalf("what the sender reads:\n%s", text)
	}
	link := again.Doc.Find("#tautan-rahasia").AttrOr("href", "")
	own := visitor.Get(link).Want(http.StatusOK)
	if !strings.Contains(own.Text("#ditahan"), "Sepuluh iklan dalam sehari.") {
		t.Errorf("the reason is not told:\n%s", own.Text("main"))
	}
	own = own.Submit("#ditahan form", values("uraian", "Saya bukan orang itu, lampunya sungguh mati.")).Want(http.StatusOK)
	if !strings.Contains(own.Text("#ditahan"), "sudah kami terima") {
		t.Errorf("after objecting:\n%s", own.Text("main"))
	}
	held := regexp.MustCompile(`MTR-\d\d-\d{6,}`).FindString(again.Text("main"))
	if text := d.page(d.moderator, held).Text("main"); !strings.Contains(text, "lampunya sungguh mati") || !strings.Contains(text, "ada di daftar blokir") {
		t.Errorf("at the moderators':\n%s", text)
	}
	d.does(d.moderator, held, "lepas", values("alasan", "Keberatannya benar."))
	d.status(held, mtr.Received)
}
