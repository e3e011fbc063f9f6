package letterweb_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// signed is a letter's file as the portal signs it.
func signed(t *testing.T, s *apptest.Server, pdf []byte) []byte {
	t.Helper()
	out, err := s.App.Signer.Sign(t.Context(), sign.Request{PDF: pdf, Name: "Andi Zulkifli, S.Sos.", Title: "Lurah Kassi-Kassi", At: s.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnybodySeesWhatALetterIsWorth(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	visitor := s.Client(t)
	for name, c := range map[string]struct {
		letter      apptest.Letter
		colour      string
		title, says string
		compares    bool
	}{
		"valid":     {apptest.Letter{ValidUntil: "2027-01-20"}, "success", "Surat ini terdaftar dan berlaku", "tidak tersertifikasi BSrE", true},
		"certified": {apptest.Letter{Certified: true}, "success", "Surat ini terdaftar dan berlaku", "Badan Siber dan Sandi Negara", true},
		"wet":       {apptest.Letter{Mode: letter.Wet}, "success", "Surat ini terdaftar dan berlaku", "dengan tinta di atas kertas", true},
		"expired":   {apptest.Letter{ValidUntil: "2026-11-21"}, "warning", "Masa berlaku surat ini sudah lewat", "sampai 21 November 2026", true},
		"voided":    {apptest.Letter{Status: letter.Voided}, "danger", "Surat ini sudah dicabut", "Jangan diterima", true},
		"on paper":  {apptest.Letter{Status: letter.Printed, Mode: letter.Wet}, "warning", "Surat ini belum terbit", "Tanyakan kepada kelurahan", false},
	} {
		p := visitor.Get("/verifikasi/" + s.Letter(t, c.letter)).Want(http.StatusOK)
		main := p.Text("main")
		if got := p.Doc.Find("main .ds-alert").First().AttrOr("data-color", ""); got != c.colour {
			t.Errorf("%s: coloured %s", name, got)
		}
		for _, want := range []string{c.title, c.says, "Surat Keterangan Domisili", "400.12.2.1/", "20 November 2026", "Kelurahan Kassi-Kassi",
			"H**** S**** R****", "Andi Zulkifli, S.Sos.", "LURAH KASSI-KASSI"} {
			if !strings.Contains(main, want) {
				t.Errorf("%s: does not say %q: %s", name, want, main)
			}
		}
		if got := p.Has("form[enctype]"); got != c.compares {
			t.Errorf("%s: offers to compare: %v", name, got)
		}
		for _, private := range []string{"Sitti", "Rahmawati", "198001012005011001", "Nama keliru"} {
			if strings.Contains(p.Body, private) {
				t.Errorf("%s: tells %q", name, private)
			}
		}
		if p.Header.Get("Cache-Control") != "no-store" || p.Header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s: may be kept or indexed: %v", name, p.Header)
		}
	}
	for _, token := range []string{crypt.Token(), "x", "..%2f", strings.Repeat("a", 3000)} {
		p := visitor.Get("/verifikasi/" + token).Want(http.StatusNotFound)
		if !strings.Contains(p.Text("main"), "Suratnya mungkin palsu") {
			t.Errorf("%.20s: %s", token, p.Text("main"))
		}
		visitor.PostFiles("/verifikasi/"+token, nil).Want(http.StatusNotFound)
	}
}

func TestFilesAreComparedWithTheOneIssued(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	visitor := s.Client(t)
	issued := signed(t, s, mediatest.PDF(""))
	page := visitor.Get("/verifikasi/" + s.Letter(t, apptest.Letter{PDF: issued})).Want(http.StatusOK)
	if got, want := page.Doc.Find("form[data-hash]").AttrOr("data-hash", ""), fmt.Sprintf("%x", sign.Hash(issued)); got != want {
		t.Errorf("the browser compares with %s, want %s", got, want)
	}
	changed := bytes.Clone(issued)
	changed[bytes.Index(changed, []byte("595 842"))]++
	other := apptest.New(t)
	for name, c := range map[string]struct {
		file   []byte
		colour string
		says   string
	}{
		"the right one":    {issued, "success", "Berkas ini asli"},
		"one digit":        {changed, "danger", "Berkas ini sudah diubah"},
		"appended":         {append(bytes.Clone(issued), "9 0 obj\n<< >>\nendobj\n"...), "danger", "Berkas ini sudah ditambahi"},
		"another letter":   {signed(t, s, mediatest.PDF("/Lang (id)")), "warning", "Berkas ini surat lain"},
		"another city":     {signed(t, other, mediatest.PDF("")), "danger", "tidak dibuat oleh portal ini"},
		"unsigned":         {mediatest.PDF(""), "danger", "tidak ada tanda tangan elektronik"},
		"photo":            {mediatest.JPEG(64, 64), "warning", "Berkas ini bukan PDF"},
		"many signatures":  {[]byte("%PDF-1.7\n" + strings.Repeat("/ByteRange [0 9 11 0] <>", 40)), "danger", ""},
		"broken signature": {[]byte("%PDF-1.7\n<30>/ByteRange [0 9 13 5]"), "danger", "Berkas ini sudah diubah"},
	} {
		p := page.Submit("form[enctype]", nil, apptest.File{Control: "berkas", Name: "surat.pdf", Type: "application/pdf", Data: c.file}).Want(http.StatusOK)
		first := p.Doc.Find("main .ds-alert").First()
		if first.AttrOr("data-color", "") != c.colour || !strings.Contains(first.Text(), c.says) {
			t.Errorf("%s: %s: %s", name, first.AttrOr("data-color", ""), first.Text())
		}
		if main := p.Text("main"); !strings.Contains(main, "400.12.2.1/") || strings.Contains(main, "Surat ini terdaftar dan berlaku") != (c.colour == "success") {
			t.Errorf("%s: what is said of the letter itself: %s", name, main)
		}
	}
	p := page.Submit("form[enctype]", nil).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(p.Text("main"), "Pilih berkas PDF") {
		t.Error(p.Text("main"))
	}
	visitor.PostFiles(page.URL.Path, nil, apptest.File{Control: "berkas", Name: "a.pdf", Data: make([]byte, 20<<20+1)}).Want(http.StatusUnprocessableEntity)
	paper := s.Letter(t, apptest.Letter{Status: letter.Printed, Mode: letter.Wet})
	visitor.PostFiles("/verifikasi/"+paper, nil, apptest.File{Control: "berkas", Name: "a.pdf", Data: issued}).Want(http.StatusConflict)
}

func TestAPastedLinkLeadsToTheLetter(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	visitor := s.Client(t)
	token := s.Letter(t, apptest.Letter{})
	page := visitor.Get("/verifikasi").Want(http.StatusOK)
	for _, typed := range []string{token, " " + s.URL + "/verifikasi/" + token + " ", s.URL + "/verifikasi/" + token + "/?x=1#y", strings.TrimPrefix(s.URL, "http://") + "/verifikasi/" + token} {
		if p := page.Submit("main form", url.Values{"tautan": {typed}}).Want(http.StatusOK); p.URL.Path != "/verifikasi/"+token {
			t.Errorf("%s leads to %s", typed, p.URL.Path)
		}
	}
	for typed, says := range map[string]string{
		"": "Tempel tautan",
		"https://makassar-kota.example/verifikasi/" + token: "mungkin palsu",
		s.URL + "/verifikasi/abc":                           "tidak lengkap",
		"http://[::1":                                       "tidak lengkap",
		s.URL + "@lain.example/verifikasi/" + token:         "",
	} {
		p := page.Submit("main form", url.Values{"tautan": {typed}}).Want(http.StatusUnprocessableEntity)
		if !strings.Contains(p.Text("main"), says) || p.Doc.Find("[name=tautan]").AttrOr("value", "") != typed {
			t.Errorf("%s: %s", typed, p.Text("main"))
		}
	}
}

// Guessing is slowed down, whoever guesses.
func TestVerificationIsRateLimited(t *testing.T) {
	t.Parallel()
	s := apptest.New(t, apptest.WithConfig(func(c *config.Config) { c.RateLimits = "on" }))
	visitor := s.Client(t)
	path := "/verifikasi/" + crypt.Token()
	for i := range 400 {
		p := visitor.Get(path)
		if p.Status == http.StatusTooManyRequests {
			if i < 100 {
				t.Errorf("after %d", i)
			}
			visitor.Get("/verifikasi").Want(http.StatusOK)
			return
		}
	}
	t.Error("nobody stops a guesser")
}
