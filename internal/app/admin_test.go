package app_test

import (
	"bytes"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/app/apptest"
)

// Not parallel: a command takes over the log of the whole process, and what
// other tests ask for would end up in its errors.
func TestTheFirstAdministratorComesByCommandAndLink(t *testing.T) {
	log := slog.Default()
	t.Cleanup(func() { slog.SetDefault(log) })
	s := apptest.New(t)
	run := func(args ...string) (int, string, string) {
		var out, errOut bytes.Buffer
		code := app.Main(t.Context(), args, []string{
			"DATABASE_URL=" + s.DB.URL, "PORTAL_BASE_URL=" + s.URL, "PORTAL_SECRET_FILE=" + s.App.Config.SecretFile,
			"PORTAL_DATA_DIR=" + filepath.Dir(s.App.Config.SecretFile),
		}, nil, &out, &errOut)
		return code, out.String(), errOut.String()
	}
	for _, wrong := range [][]string{
		{"admin", "create"}, {"admin", "create", "-name", "Admin"}, {"admin", "create", "-name", "Admin", "-email", "bukan-email"},
		{"admin", "create", "-name", "Admin", "-email", "a@kota.example", "lebih"},
	} {
		if code, _, errOut := run(wrong...); code != 2 || strings.Count(strings.TrimSpace(errOut), "\n") != 0 || errOut == "" {
			t.Errorf("%v: exit %d, %q", wrong, code, errOut)
		}
	}
	if code, out, _ := run("admin", "create", "-h"); code != 0 || !strings.Contains(out, "-email") {
		t.Errorf("help: exit %d, %q", code, out)
	}
	code, out, errOut := run("admin", "create", "-name", "Admin Kota", "-email", "admin@kota.example")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errOut)
	}
	link, _, _ := strings.Cut(out, "\n")
	path, found := strings.CutPrefix(link, s.URL)
	if !found {
		t.Fatalf("link %q", link)
	}
	page := s.Client(t).Get(path).Want(200).Submit("main form", url.Values{"sandi": {"perahu kuning di losari"}, "sandi-ulang": {"perahu kuning di losari"}})
	if page.URL.Path != "/meja" {
		t.Errorf("the link led to %s", page.URL.Path)
	}
	if code, _, _ := run("admin", "create", "-name", "Admin Kota", "-email", "admin@kota.example"); code != 2 {
		t.Errorf("the address twice: exit %d", code)
	}
}
