package app_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// TestNoSealedColumnIsForgotten compares what a rotation of keys knows with the schema.
func TestNoSealedColumnIsForgotten(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	rows, err := db.Pool.Query(t.Context(), `SELECT table_name || '.' || column_name FROM information_schema.columns c
		WHERE table_schema = 'public' AND data_type = 'bytea' AND column_name LIKE '%sealed%'
			AND EXISTS (SELECT FROM information_schema.tables b WHERE (b.table_schema, b.table_name) = (c.table_schema, c.table_name) AND b.table_type = 'BASE TABLE') ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	want, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range app.Sealed() {
		if name := c.Table + "." + c.Name; c.Path == "" {
			got = append(got, name)
		}
		if _, err := db.Pool.Exec(t.Context(), `SELECT `+c.Context+` FROM `+c.Table+` t LIMIT 0`); err != nil {
			t.Errorf("the context of %s.%s: %v", c.Table, c.Name, err)
		}
	}
	slices.Sort(got)
	if len(want) < 50 || !slices.Equal(got, want) {
		t.Errorf("sealed columns\n%v\nknown to rotations\n%v", want, got)
	}
}

// Not parallel: see TestTheFirstAdministratorComesByCommandAndLink.
func TestKeysCommands(t *testing.T) {
	log := slog.Default()
	t.Cleanup(func() { slog.SetDefault(log) })
	db, dir := pgtest.New(t), t.TempDir()
	path := filepath.Join(dir, "rahasia")
	box, err := crypt.Load(path, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Pool.Exec(t.Context(), `INSERT INTO notify_message (topic, subject, email, body_sealed, created_at, expires_at, channel)
		VALUES ('uji', 'uji', 'a@contoh.id', $1, now(), now() + interval '1 day', 'email')`, box.Seal("kata", "notify.text")); err != nil {
		t.Fatal(err)
	}
	aged := func() { // as if the newest key had sealed for two days
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		first, rest, _ := strings.Cut(string(text), "\n")
		key, _, _ := strings.Cut(first, " ")
		if err := os.WriteFile(path, []byte(key+" since=2026-01-01T00:00:00Z\n"+rest), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range []struct {
		args     string
		code     int
		out, err string // parts of what is printed
		then     func()
	}{
		{"keys status", 0, "key 1, seals: 1 values", "", nil},
		{"keys rotate", 0, "key 2 is in " + path + " and waits", "", nil},
		{"keys retire", 1, "", "no older key opens anything", nil},
		{"keys rotate", 0, "1 values and 0 files sealed anew", "", nil},
		{"keys status", 0, "key 1, opens what it sealed: 0 values", "", nil},
		{"keys retire", 1, "", "less than a day", aged},
		{"keys retire", 0, "open backups only", "", nil},
		{"keys status", 0, "key 1, retired", "", nil},
		{"keys rotate now", 2, "", "wrong number of arguments", nil},
	} {
		var out, errOut bytes.Buffer
		env := []string{"DATABASE_URL=" + db.URL, "DATABASE_MIGRATE_URL=" + db.URLFor("portal_owner"), "PORTAL_DATA_DIR=" + dir}
		code := app.Main(t.Context(), strings.Fields(s.args), env, nil, &out, &errOut)
		if code != s.code || !strings.Contains(out.String(), s.out) || !strings.Contains(errOut.String(), s.err) {
			t.Errorf("portal %s: exit %d, want %d\n%s%s", s.args, code, s.code, out.String(), errOut.String())
		}
		if s.then != nil {
			s.then()
		}
	}
}
