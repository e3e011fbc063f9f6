package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/backup"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/reseal"
)

// passing is how long sealed values live that are not sealed anew: forms kept for
// whoever must sign in again, codes, files of imports.
const passing = 24 * time.Hour

// keyring is what the commands about keys work on.
type keyring struct {
	path string
	box  *crypt.Box
	db   *pgxpool.Pool // as the owner
	mtr  *mtr.Module
}

// keyring opens what the settings name, and lets nobody else change keys meanwhile.
func (c *call) keyring(ctx context.Context) (k *keyring, done func(), err error) {
	if err := c.parse(0); err != nil {
		return nil, nil, err
	}
	url, err := c.ownerURL()
	if err != nil {
		return nil, nil, err
	}
	k = &keyring{path: c.cfg.SecretFile}
	if k.box, err = crypt.Load(k.path, false); err != nil {
		return nil, nil, err
	}
	blobs, err := blob.Open(c.cfg.BlobURL)
	if err != nil {
		return nil, nil, err
	}
	if k.db, err = pg.Open(ctx, url, pg.Options{MaxConns: 3, StatementTimeout: 30 * time.Minute}); err != nil {
		return nil, nil, err
	}
	k.mtr = mtr.New(mtr.Deps{DB: k.db, Clock: clock.System{}, Box: k.box, Blobs: backup.Hold(blobs, k.db)})
	conn, err := k.db.Acquire(ctx)
	if err != nil {
		k.db.Close()
		return nil, nil, pg.Classify(err)
	}
	done = func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), sqlLeaveKeys) // else they are free once the server notices that nobody is there
		conn.Release()
		k.db.Close()
	}
	free, err := pg.Scalar[bool](ctx, conn, sqlOnlyKeys)
	if err == nil && !free {
		err = errors.New("another command is at the keys")
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return k, done, nil
}

// The lock ends with the connection at the latest.
const (
	sqlOnlyKeys  = `SELECT pg_try_advisory_lock(hashtext('portal keys'))`
	sqlLeaveKeys = `SELECT pg_advisory_unlock(hashtext('portal keys'))`
)

func (k *keyring) newest() crypt.Key { return k.box.Keys()[0] }

func runKeysStatus(ctx context.Context, c *call) error {
	k, done, err := c.keyring(ctx)
	if err != nil {
		return err
	}
	defer done()
	uses, err := reseal.Count(ctx, k.db, Sealed())
	if err != nil {
		return err
	}
	for _, key := range k.box.Keys() {
		n, where := 0, []string{}
		for _, u := range uses {
			if u.Key == key.ID {
				n += u.Values
				where = append(where, fmt.Sprintf("%s.%s %d", u.Column.Table, u.Column.Name, u.Values))
			}
		}
		fmt.Fprintf(c.out, "key %d, %s: %d values\n", key.ID, says(key), n)
		if key.ID != k.box.Newest() && n > 0 {
			fmt.Fprintf(c.out, "    %s\n", strings.Join(where, ", "))
		}
	}
	photos, err := k.mtr.ResealOriginals(ctx, false)
	if err != nil {
		return err
	}
	if photos > 0 {
		fmt.Fprintf(c.out, "%d originals of blacked-out photos are sealed with older keys\n", photos)
	}
	return nil
}

func says(k crypt.Key) string {
	since := ""
	if !k.Since.IsZero() {
		since = " since " + k.Since.Format(time.RFC3339)
	}
	switch k.State {
	case crypt.Seals:
		return "seals" + since
	case crypt.Waiting:
		return "waits until every portal knows it"
	case crypt.Retired:
		return "retired, opens backups only"
	default:
		return "opens what it sealed"
	}
}

func runKeysRotate(ctx context.Context, c *call) error {
	k, done, err := c.keyring(ctx)
	if err != nil {
		return err
	}
	defer done()
	begun := k.newest().State == crypt.Waiting
	if begun {
		if err := crypt.UseKey(k.path, time.Now()); err != nil {
			return err
		}
		k.box.Reread()
		fmt.Fprintf(c.out, "key %d seals from now on\n", k.box.Newest())
	}
	rotation := reseal.Rotation{DB: k.db, Box: k.box, Columns: Sealed(),
		Told: func(table string, done int) { fmt.Fprintf(c.out, "%s: %d values sealed anew\n", table, done) },
		Waits: func(left int) {
			fmt.Fprintf(c.out, "%d values under older keys, held or written meanwhile; looking again. Portals that have a copy of the file need a restart\n", left)
		},
	}
	out, err := rotation.Run(ctx)
	if err != nil {
		return err
	}
	photos, err := k.mtr.ResealOriginals(ctx, true)
	if err != nil {
		return err
	}
	if begun || out.Done+photos > 0 {
		fmt.Fprintf(c.out, "%d values and %d files sealed anew; nothing that can be opened is left under an older key\n", out.Done, photos)
	} else {
		if err := crypt.AddKey(k.path); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "key %d is in %s and waits. Bring the file to every machine; restart portals that have a copy of it\n"+
			"(systemd's LoadCredential). When all know the key, say portal keys rotate again.\n", k.box.Newest()+1, k.path)
	}
	if len(out.Unreadable) > 0 {
		return fmt.Errorf("values that no key opens: %s", listed(out.Unreadable))
	}
	return nil
}

// old is what older keys have sealed.
func (k *keyring) old(ctx context.Context) (old []reseal.Use, photos int, err error) {
	uses, err := reseal.Count(ctx, k.db, Sealed())
	if err != nil {
		return nil, 0, err
	}
	for _, u := range uses {
		if u.Key != k.box.Newest() {
			old = append(old, u)
		}
	}
	photos, err = k.mtr.ResealOriginals(ctx, false)
	return old, photos, err
}

func listed(uses []reseal.Use) string {
	out := make([]string, len(uses))
	for i, u := range uses {
		out[i] = fmt.Sprintf("%d in %s.%s under key %d", u.Values, u.Column.Table, u.Column.Name, u.Key)
	}
	return strings.Join(out, ", ")
}

func runKeysRetire(ctx context.Context, c *call) error {
	k, done, err := c.keyring(ctx)
	if err != nil {
		return err
	}
	defer done()
	uses, photos, err := k.old(ctx)
	if err != nil {
		return err
	}
	if len(uses) > 0 || photos > 0 {
		return fmt.Errorf("older keys are in use (portal keys rotate): %d files, %s", photos, listed(uses))
	}
	keys := k.box.Keys()
	if !slices.ContainsFunc(keys, func(k crypt.Key) bool { return k.State == crypt.Opens }) {
		return errors.New("no older key opens anything")
	}
	for _, key := range keys {
		if rest := passing - time.Since(key.Since); key.State == crypt.Seals && rest > 0 {
			return fmt.Errorf("key %d has sealed for less than a day; older keys still open forms and files of imports for %s", key.ID, rest.Round(time.Minute))
		}
	}
	if err := crypt.RetireKeys(k.path); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "older keys open backups only from now on; bring %s to every machine\n", k.path)
	return nil
}
