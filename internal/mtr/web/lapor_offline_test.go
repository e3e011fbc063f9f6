package mtrweb_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"makassartidakrantasa.com/portal/internal/app/apptest"
)

// TestKeptReportIsAnsweredInJSON sends what the page of reports without network offers, as its script does.
func TestKeptReportIsAnsweredInJSON(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	page := c.Get("/mtr/lapor/luring").Want(http.StatusOK)
	category := ""
	page.Doc.Find(`[name=kategori][data-place=wajib]`).Each(func(_ int, e *goquery.Selection) {
		if id := e.AttrOr("value", ""); !page.Has(`[data-category="` + id + `"] [required]`) {
			category = id // asks nothing that must be answered
		}
	})
	kelurahan := page.Doc.Find(`[name=kelurahan] option:not([value=""])`).First().AttrOr("value", "")
	sent := values("kunci", strings.Repeat("k", 22), "kategori", category, "judul", "Got mampet di lorong", "uraian", "Air tergenang sejak Senin.",
		"kelurahan", kelurahan, "patokan", "Depan masjid", "email", "ani@contoh.id", "foto_info", ";;")
	var got struct {
		Nomor, Kode, Tautan string
		Konfirmasi          bool
		Galat               []struct{ Isian, Pesan string }
	}
	answer := func(p *apptest.Page, status int) {
		t.Helper()
		got.Nomor, got.Galat = "", nil
		if p.Want(status).Header.Get("Content-Type") != "application/json" || json.Unmarshal([]byte(p.Body), &got) != nil {
			t.Fatalf("the answer is no JSON: %s", p.Body)
		}
	}
	bad := apptest.File{Control: "foto", Name: "gambar.svg", Type: "image/svg+xml", Data: []byte("<svg/>")}
	answer(c.PostFiles("/mtr/lapor/luring", sent, jpeg("satu.jpg"), bad), http.StatusUnprocessableEntity)
	if len(got.Galat) != 1 || got.Galat[0].Isian != "foto" || !strings.HasPrefix(got.Galat[0].Pesan, "Foto 2: ") {
		t.Fatalf("a bad photo is answered with %+v", got.Galat)
	}
	answer(c.PostFiles("/mtr/lapor/luring", sent, jpeg("satu.jpg")), http.StatusOK)
	number := got.Nomor
	if !strings.HasPrefix(number, "MTR-") || !got.Konfirmasi {
		t.Fatalf("the receipt is %+v", got)
	}
	c.Get(got.Tautan).Want(http.StatusOK)
	if answer(c.Post("/mtr/lapor/luring", sent), http.StatusOK); got.Nomor != number {
		t.Errorf("sent again it is %s, not %s", got.Nomor, number)
	}
	answer(c.Post("/mtr/lapor/luring", values("kunci", strings.Repeat("m", 22), "kategori", "zebra", "lat", "99", "lng", "x")), http.StatusUnprocessableEntity)
	answer(c.Post("/mtr/lapor/luring", values()), http.StatusBadRequest)
}

// TestWorkerKeepsNobodysPage: what the service worker is told to keep is there, and the same for everybody.
func TestWorkerKeepsNobodysPage(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.Client(t)
	code := c.Get("/sw.js").Want(http.StatusOK)
	var shell struct{ Files, Pages []string }
	head, _, _ := strings.Cut(strings.TrimPrefix(code.Body, "self.SHELL="), ";\n")
	if err := json.Unmarshal([]byte(head), &shell); err != nil || len(shell.Files) == 0 || len(shell.Pages) < 2 {
		t.Fatalf("the shell is %s: %v", head, err)
	}
	for _, path := range append(shell.Files, shell.Pages...) {
		c.Get(path).Want(http.StatusOK)
	}
	for _, page := range shell.Pages {
		c.Get(page).Doc.Find("script[src], link[rel=stylesheet]").Each(func(_ int, e *goquery.Selection) {
			if file := e.AttrOr("src", e.AttrOr("href", "")); !slices.Contains(shell.Files, file) {
				t.Errorf("%s needs %s, which is not kept", page, file)
			}
		})
	}
}
