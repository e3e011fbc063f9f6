package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/demo"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
	"makassartidakrantasa.com/portal/migrations"
)

const (
	devDatabase = "portal"
	// The story is told into a database with this name, which becomes the portal's once
	// the story is whole: a start that was broken off leaves nothing behind.
	devDatabaseToBe = "portal_belum_jadi"
)

// ensureStory makes the database of `portal dev`, demo story included, unless it
// is there already.
func ensureStory(ctx context.Context, cfg *config.Config, server *pglocal.Server, out io.Writer, password string, reports int) error {
	if there, err := server.Has(ctx, devDatabase); err != nil || there {
		return err
	}
	if err := forgetFiles(cfg); err != nil {
		return err
	}
	if err := server.Create(ctx, devDatabaseToBe); err != nil {
		return err
	}
	if err := pg.MigrateUp(ctx, server.URL(devDatabaseToBe, "portal_owner"), migrations.Files); err != nil {
		return err
	}
	if err := freeClock(ctx, server, true); err != nil {
		return err
	}
	if err := tellStory(ctx, cfg, server.URL(devDatabaseToBe, "portal_app"), out, password, reports); err != nil {
		return err
	}
	if err := freeClock(ctx, server, false); err != nil {
		return err
	}
	return server.Rename(ctx, devDatabaseToBe, devDatabase)
}

// freeClock lets the story say when its steps were done, which the portal may not.
func freeClock(ctx context.Context, server *pglocal.Server, free bool) error {
	conn, err := pgx.Connect(ctx, server.URL(devDatabaseToBe, "portal_owner"))
	if err != nil {
		return err
	}
	return errors.Join(workledger.FreeClock(ctx, conn, free), conn.Close(ctx))
}

// forgetFiles removes the files of a story that was broken off. Elsewhere than in the
// data folder they stay: somebody else may keep theirs there.
func forgetFiles(cfg *config.Config) error {
	folder, ours := strings.CutPrefix(cfg.BlobURL, "file://"+cfg.DataDir+string(filepath.Separator))
	if !ours {
		return nil
	}
	return os.RemoveAll(filepath.Join(cfg.DataDir, folder))
}

func tellStory(ctx context.Context, cfg *config.Config, database string, out io.Writer, password string, reports int) error {
	box, err := crypt.Load(cfg.SecretFile, true)
	if err != nil {
		return fmt.Errorf("PORTAL_SECRET_FILE: %w", err)
	}
	blobs, err := blob.Open(unsynced(cfg.BlobURL))
	if err != nil {
		return fmt.Errorf("BLOB_URL: %w", err)
	}
	// What a crash of the database could lose would be told again.
	pool, err := pg.Open(ctx, database+"&synchronous_commit=off", pg.Options{MaxConns: 4})
	if err != nil {
		return err
	}
	defer pool.Close()
	fmt.Fprint(out, "The first start tells the city's last 60 days, once:")
	shown := 0
	err = demo.Build(ctx, demo.Deps{
		DB: pool, Box: box, Blobs: blobs, Photos: media.New(media.Options{}), BaseURL: cfg.BaseURL, Password: password,
		Progress: func(done, all int) {
			if now := 10 * done / all; now > shown {
				shown = now
				fmt.Fprintf(out, " %d%%", 10*shown)
			}
		},
	}, clock.System{}.Now(), reports)
	fmt.Fprintln(out)
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "ANALYZE")
	return err
}

// unsynced is where a story's files go: those in a folder without waiting for the disk.
func unsynced(blobURL string) string {
	if !strings.HasPrefix(blobURL, "file://") || strings.Contains(blobURL, "?") {
		return blobURL
	}
	return blobURL + "?sync=off"
}

// demoPassword is what everybody in the demo signs in with: PORTAL_DEMO_PASSWORD, else
// what was used last, else one made up now.
func demoPassword(cfg *config.Config) (password string, changed bool, err error) {
	return setOrKept(cfg.DemoPassword, passwordFile(cfg), func() string { return "pinisi-" + strings.ToLower(rand.Text()[:8]) })
}

// setOrKept is a setting, else what its file keeps from the last start, else one made up now;
// and whether that differs from what is kept.
func setOrKept(setting, file string, fresh func() string) (value string, changed bool, err error) {
	kept, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", false, err
	}
	if value = cmp.Or(setting, string(kept)); value == "" {
		value = fresh()
	}
	return value, value != string(kept), nil
}

func passwordFile(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "sandi-demo") }

// changeDemoPassword gives it to everybody, and notes it last, so that a start that was
// broken off does it again.
func (a *App) changeDemoPassword(ctx context.Context, password string) error {
	if _, err := a.Accounts.SetDemoPassword(ctx, demo.Domain, password); err != nil {
		return err
	}
	return os.WriteFile(passwordFile(a.Config), []byte(password), 0o600)
}

// demoPuskesmas is the one that Mobile JKN knows in the demo.
const demoPuskesmas = "kassi-kassi"

// demoBPJS is user:password with which Mobile JKN signs in to the demo's puskesmas:
// PORTAL_DEMO_BPJS, else what was used last, else one made up now.
func demoBPJS(cfg *config.Config) (user, password string, changed bool, err error) {
	kept, err := os.ReadFile(bpjsFile(cfg))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", "", false, err
	}
	pair := cfg.DemoBPJS
	switch {
	case pair != "":
	case len(kept) > 0:
		pair = string(kept)
	default:
		pair = "mjkn-kassi:" + strings.ToLower(rand.Text())
	}
	user, password, _ = strings.Cut(pair, ":")
	if err := bpjs.CheckDemo(user, password); err != nil {
		return "", "", false, fmt.Errorf("PORTAL_DEMO_BPJS %w", err)
	}
	return user, password, pair != string(kept), nil
}

func bpjsFile(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "sandi-bpjs") }

// changeDemoBPJS gives them to the puskesmas, and notes it last.
func (a *App) changeDemoBPJS(ctx context.Context, user, password string) error {
	if err := a.BPJS.SetDemo(ctx, demoPuskesmas, user, password); err != nil {
		return err
	}
	return os.WriteFile(bpjsFile(a.Config), []byte(user+":"+password), 0o600)
}

// demoSystem is the system that sends reports over Open311 in the demo.
const demoSystem = "Aplikasi contoh"

var validAPIKey = regexp.MustCompile(`^[A-Za-z0-9_-]{16,100}$`)

// demoAPIKey is its key: PORTAL_DEMO_API_KEY, else what was used last, else one made up now.
func demoAPIKey(cfg *config.Config) (key string, changed bool, err error) {
	key, changed, err = setOrKept(cfg.DemoAPIKey, apiKeyFile(cfg), crypt.Token)
	if err == nil && !validAPIKey.MatchString(key) {
		return "", false, errors.New("PORTAL_DEMO_API_KEY must be 16 to 100 letters, digits, _ or -")
	}
	return key, changed, err
}

func apiKeyFile(cfg *config.Config) string { return filepath.Join(cfg.DataDir, "kunci-open311") }

// changeDemoAPIKey gives it to the system, and notes it last.
func (a *App) changeDemoAPIKey(ctx context.Context, key string) error {
	if err := a.MTR.SetDemoAPIKey(ctx, demoSystem, key); err != nil {
		return err
	}
	return os.WriteFile(apiKeyFile(a.Config), []byte(key), 0o600)
}

// printDemo tells the reader where to go and as whom.
func printDemo(w io.Writer, name, address, password, jkn, apiKey, database string) {
	fmt.Fprintf(w, "\n  %s is open at http://%s\n\n", name, address)
	fmt.Fprintf(w, "  Sign in at http://%s/masuk, everybody with the password %s\n\n", address, password)
	for _, a := range demo.Accounts() {
		fmt.Fprintf(w, "    %-32s %s\n", a.Address(), a.Does)
	}
	fmt.Fprintf(w, "\n  Mobile JKN signs in at http://%s/bpjs/antrean-fktp/auth for Puskesmas Kassi-Kassi with %s\n", address, jkn)
	fmt.Fprintf(w, "  Other systems send reports to http://%s/open311/v2/requests.json with the api_key %s\n", address, apiKey)
	fmt.Fprintf(w, "\n  For commands such as portal unit import, in another terminal:\n  export DATABASE_URL='%s'\n\n", database)
}
