package mtr

import (
	"bytes"
	"context"
	"errors"
	"io"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlSealedOriginals = `
SELECT blob_key FROM mtr_redaction WHERE blob_key > $1 ORDER BY blob_key LIMIT 200`

const sqlSealedOriginalKnown = `SELECT EXISTS (SELECT FROM mtr_redaction WHERE blob_key = $1)`

// ResealOriginals seals the originals of blacked-out photos with the newest key, where an
// older one did, and returns how many. With write false it only counts them. An original is
// written once; one that is forgotten meanwhile stays gone.
func (m *Module) ResealOriginals(ctx context.Context, write bool) (stale int, err error) {
	defer errs.In(&err, "mtr.ResealOriginals")
	for last := ""; ; {
		keys, err := pg.Scalars[string](ctx, m.db, sqlSealedOriginals, last)
		if err != nil || len(keys) == 0 {
			return stale, err
		}
		for _, key := range keys {
			again, err := m.resealOriginal(ctx, key, write)
			if err != nil {
				return stale, errs.Wrap(errs.KindOf(err), err, key)
			}
			if again {
				stale++
			}
			last = key
		}
	}
}

func (m *Module) resealOriginal(ctx context.Context, key string, write bool) (stale bool, err error) {
	rc, _, err := m.blobs.Get(ctx, key)
	if err != nil && errs.KindOf(err) == errs.NotFound { // forgotten since it was listed
		return false, nil
	}
	if err != nil {
		return false, err
	}
	sealed, err := io.ReadAll(rc)
	if err := errors.Join(err, rc.Close()); err != nil {
		return false, err
	}
	if !m.box.Stale(sealed) || !write {
		return m.box.Stale(sealed), nil
	}
	plain, err := m.box.OpenKept(sealed, contextOriginal)
	if err != nil {
		return false, err
	}
	sealed = m.box.Seal(plain, contextOriginal)
	if err := m.blobs.Put(ctx, key, bytes.NewReader(sealed), int64(len(sealed)), ""); err != nil {
		return false, err
	}
	known, err := pg.Scalar[bool](ctx, m.db, sqlSealedOriginalKnown, key)
	if err == nil && !known {
		err = m.blobs.Delete(ctx, key)
	}
	return true, err
}
