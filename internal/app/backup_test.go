package app_test

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// Not parallel: see TestTheFirstAdministratorComesByCommandAndLink.
func TestBackupAndRestoreCommands(t *testing.T) {
	log := slog.Default()
	t.Cleanup(func() { slog.SetDefault(log) })
	from, to, dir := pgtest.New(t), pgtest.NewEmpty(t), t.TempDir()
	if _, err := crypt.Load(filepath.Join(dir, "rahasia"), true); err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		args     string
		db       *pgtest.DB
		code     int
		out, err string // parts of what is printed
	}{
		{"backup " + dir + "/backup", from, 0, "0 files", ""},
		{"backup -verify -keep 1 " + dir + "/backup", from, 0, "equal in every table, every file whole\n1 older backups removed", ""},
		{"restore " + dir + "/backup", from, 1, "", "not empty"},
		{"restore " + dir + "/backup", to, 0, "equal to what was backed up", ""},
		{"migrate status", to, 0, "up to date", ""},
		{"audit verify", to, 0, "unbroken", ""},
		{"restore " + dir + "/nowhere", to, 1, "", "no such file"},
		{"backup", from, 2, "", "wrong number of arguments"},
		{"backup -keep -1 x", from, 2, "", "negative"},
		{"restore -h", to, 0, "portal restore DIR", ""},
	} {
		var out, errOut bytes.Buffer
		env := []string{"DATABASE_URL=" + s.db.URL, "DATABASE_MIGRATE_URL=" + s.db.URLFor("portal_owner"), "PORTAL_DATA_DIR=" + dir}
		code := app.Main(t.Context(), strings.Fields(s.args), env, nil, &out, &errOut)
		if code != s.code || !strings.Contains(out.String(), s.out) || !strings.Contains(errOut.String(), s.err) {
			t.Errorf("portal %s: exit %d, want %d\n%s%s", s.args, code, s.code, out.String(), errOut.String())
		}
	}
}
