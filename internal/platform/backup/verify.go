package backup

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// Verify restores the backup at path into a private server that vanishes afterwards, reads every
// file through, and compares, as Restore does.
func Verify(ctx context.Context, box *crypt.Box, path string) (m Manifest, err error) {
	defer errs.In(&err, "backup.Verify")
	dir, err := os.MkdirTemp("", "portal-verify-")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(dir)
	const name = "portal_verify"
	server, err := pglocal.Start(ctx, filepath.Join(dir, "server"), pglocal.Options{Throwaway: true, Databases: []string{name}})
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, server.Stop(context.WithoutCancel(ctx))) }()
	return Restore(ctx, Portal{DatabaseURL: server.URL(name, "portal_owner"), Files: readThrough{}, Box: box}, path)
}

// readThrough takes files, reads them to the end and keeps nothing.
type readThrough struct{ blob.Store }

func (readThrough) Put(ctx context.Context, key string, r io.Reader, size int64, _ string) error {
	n, err := io.Copy(io.Discard, r)
	if err == nil && n != size {
		return io.ErrUnexpectedEOF
	}
	return err
}
