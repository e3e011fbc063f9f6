package e2e_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// verification are the pages of somebody who holds a letter.
func (c *city) verification() []screen {
	page := func(name string, l apptest.Letter) screen {
		return screen{name: "verifikasi-" + name, path: "/verifikasi/" + c.Letter(c.t, l)}
	}
	compared := page("berkas", apptest.Letter{})
	compared.do = func(tab *e2e.Tab) {
		tab.Upload("#berkas", pdfFile(c.t, mediatest.PDF(""))).Submit("form[enctype] button[type=submit]").Wait(".ds-alert")
	}
	return []screen{
		{path: "/verifikasi"},
		{name: "verifikasi-galat", path: "/verifikasi", do: func(tab *e2e.Tab) {
			tab.Fill("#tautan", "https://lain.example/verifikasi/x").Submit("main form button").Wait("#ringkasan-galat")
		}},
		{name: "verifikasi-tidak-ada", path: "/verifikasi/" + crypt.Token()},
		page("berlaku", apptest.Letter{ValidUntil: "2027-01-20"}),
		page("bsre", apptest.Letter{Certified: true}),
		page("lewat", apptest.Letter{ValidUntil: "2026-11-21"}),
		page("dicabut", apptest.Letter{Status: letter.Voided}),
		page("belum", apptest.Letter{Status: letter.Printed, Mode: letter.Wet}),
		compared,
	}
}

func pdfFile(t testing.TB, pdf []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "surat.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// With scripts the file is compared in the browser and stays there; without them
// the server does it.
func TestAFileIsComparedInTheBrowserOrOnTheServer(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	issued, err := s.App.Signer.Sign(context.Background(), sign.Request{PDF: mediatest.PDF(""), Name: "Andi Zulkifli", At: s.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	right := pdfFile(t, issued)
	wrong := pdfFile(t, bytes.Replace(issued, []byte("595 842"), []byte("595 843"), 1))
	path := "/verifikasi/" + s.Letter(t, apptest.Letter{PDF: issued})
	const same, other, send = `[data-for="same"]`, `[data-for="other"]`, "form[enctype] button[type=submit]"

	tab := e2e.Open(t, s.URL, e2e.Phone).Go(path)
	tab.Upload("#berkas", right).Wait(same).WaitText(same, "Berkas ini asli")
	if e2e.Eval[bool](tab, `document.querySelector("`+send+`").checkVisibility()`) {
		t.Error("asks to send a file that is known to be right")
	}
	tab.Upload("#berkas", wrong).Wait(other)
	if e2e.Eval[bool](tab, `document.querySelector('`+same+`').checkVisibility()`) {
		t.Error("says both that the file is right and that it is not")
	}
	tab.Submit(send).WaitText(".ds-alert", "Berkas ini sudah diubah").Sound()

	plain := e2e.Open(t, s.URL, e2e.Phone, e2e.NoScript).Go(path)
	plain.Upload("#berkas", right).Submit(send).WaitText(".ds-alert", "Berkas ini asli")
	plain.Upload("#berkas", wrong).Submit(send).WaitText(".ds-alert", "Berkas ini sudah diubah").Sound()
}
