package app_test

import (
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
)

// The page tells a portal that works from one whose messages do not go out, and from one
// without its database, which it needs none of.
func TestStatusTellsWhichPartIsIll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spoil func(*apptest.Server)
		ill   []string
	}{
		{"well", func(*apptest.Server) {}, nil},
		{"mail away", func(s *apptest.Server) {
			_, err := s.DB.Owner().Exec(t.Context(), `INSERT INTO river_job (kind, state, attempt, max_attempts, args, queue, priority, scheduled_at)
				VALUES ('notify_send', 'retryable', 2, 10, '{}', 'default', 1, now() + interval '1 minute')`)
			if err != nil {
				t.Fatal(err)
			}
		}, []string{"Kabar lewat e-mail dan HP"}},
		{"database away", func(s *apptest.Server) { s.App.Pool.Close() }, []string{"Halaman dan data", "Kabar lewat e-mail dan HP", "Pekerjaan di belakang layar"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := apptest.New(t)
			c.spoil(s)
			page := s.Client(t).Get("/status").Want(200)
			var ill []string
			for _, li := range page.Doc.Find("main li:has([data-color=danger])").EachIter() {
				ill = append(ill, strings.TrimSpace(li.Find("b").Text()))
			}
			if strings.Join(ill, ",") != strings.Join(c.ill, ",") || strings.Contains(page.Text("main"), "Semua bekerja") != (len(c.ill) == 0) {
				t.Errorf("ill is %q: %s", ill, page.Text("main"))
			}
		})
	}
}
