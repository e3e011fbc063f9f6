package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	dirMode  = 0o700
	fileMode = 0o600

	tmpDir = ".tmp"
	// staleTmp is the age at which a temporary file can only be what a crash left.
	staleTmp = 24 * time.Hour
	// typeSuffix marks the small file beside a blob whose type its key's
	// extension does not tell. '=' cannot occur in a key.
	typeSuffix = "=type"
)

// fileStore keeps each blob as one plain file. Slashes of the key become '~' in
// the name, and two levels of folders from the key's hash keep folders small.
type fileStore struct {
	root *os.Root
	sync bool
}

func openFile(u *url.URL) (Store, error) {
	if u.Host != "" || !filepath.IsAbs(u.Path) {
		return nil, errors.New("blob: a file address needs an absolute path, as in file:///var/lib/portal/blob")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, errors.New("blob: bad query in the file address")
	}
	sync := true
	switch q.Get("sync") {
	case "", "on":
	case "off":
		sync = false
	default:
		return nil, fmt.Errorf("blob: sync=%q; expected on or off", q.Get("sync"))
	}
	if err := os.MkdirAll(filepath.Join(u.Path, tmpDir), dirMode); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	root, err := os.OpenRoot(u.Path)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	s := &fileStore{root: root, sync: sync}
	s.sweep(time.Now())
	return s, nil
}

// sweep removes what a crash left. It is best effort: a leftover does no harm
// but take room.
func (s *fileStore) sweep(now time.Time) {
	entries, err := fs.ReadDir(s.root.FS(), tmpDir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > staleTmp {
			_ = s.root.Remove(filepath.Join(tmpDir, e.Name()))
		}
	}
}

// place returns the folder and the path of the blob's file below the root.
func place(key string) (dir, path string) {
	sum := sha256.Sum256([]byte(key))
	h := hex.EncodeToString(sum[:2])
	dir = filepath.Join(h[:2], h[2:])
	return dir, filepath.Join(dir, strings.ReplaceAll(key, "/", "~"))
}

func (s *fileStore) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error {
	if err := checkPut(key, size, contentType); err != nil {
		return err
	}
	if contentType == "" {
		contentType = DefaultContentType
	}
	dir, path := place(key)
	if err := s.makeDir(dir); err != nil {
		return fileError(key, err)
	}
	// The type goes first: a crash between the two leaves at worst a type
	// without a blob, never a blob under a wrong type.
	if typeOf(key) != contentType {
		b := strings.NewReader(contentType)
		if err := s.write(ctx, path+typeSuffix, b, b.Size()); err != nil {
			return fileError(key, err)
		}
	} else if err := s.remove(path + typeSuffix); err != nil {
		return fileError(key, err)
	}
	if err := s.write(ctx, path, r, size); err != nil {
		return fileError(key, err)
	}
	if err := s.syncDir(dir); err != nil {
		return fileError(key, err)
	}
	return nil
}

// write makes path hold exactly size bytes of r, atomically.
func (s *fileStore) write(ctx context.Context, path string, r io.Reader, size int64) (err error) {
	tmp := filepath.Join(tmpDir, rand.Text())
	f, err := s.root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = s.root.Remove(tmp)
		}
	}()
	if _, err := io.Copy(f, &exactReader{ctx: ctx, r: r, n: size}); err != nil {
		return err
	}
	if s.sync {
		if err := f.Sync(); err != nil {
			return err
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	return s.root.Rename(tmp, path)
}

func (s *fileStore) Get(ctx context.Context, key string) (io.ReadCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, notFound(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, Info{}, err
	}
	_, path := place(key)
	f, err := s.root.Open(path)
	if err != nil {
		return nil, Info{}, fileError(key, err)
	}
	st, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, Info{}, fileError(key, err)
	}
	info := Info{Size: st.Size(), ContentType: typeOf(key), ModTime: st.ModTime()}
	if b, err := s.root.ReadFile(path + typeSuffix); err == nil {
		info.ContentType = string(b)
	} else if !errors.Is(err, fs.ErrNotExist) {
		_ = f.Close()
		return nil, Info{}, fileError(key, err)
	}
	return f, info, nil
}

func (s *fileStore) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	dir, path := place(key)
	// The blob goes before its type, for the same reason as in Put.
	for _, p := range []string{path, path + typeSuffix} {
		if err := s.remove(p); err != nil {
			return fileError(key, err)
		}
	}
	if err := s.syncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fileError(key, err)
	}
	return nil
}

func (s *fileStore) List(ctx context.Context, each func(key string, info Info) error) error {
	return fs.WalkDir(s.root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // it went while we looked
		case err != nil:
			return fileError(path, err)
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir() && d.Name() == tmpDir:
			return fs.SkipDir
		}
		key := strings.ReplaceAll(d.Name(), "~", "/")
		if !d.Type().IsRegular() || !ValidKey(key) {
			return nil
		}
		st, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fileError(key, err)
		}
		return each(key, Info{Size: st.Size(), ModTime: st.ModTime()})
	})
}

func (s *fileStore) Check(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	path := filepath.Join(tmpDir, "check-"+rand.Text())
	if err := s.root.WriteFile(path, []byte("ok"), fileMode); err != nil {
		return fileError("check", err)
	}
	if err := s.root.Remove(path); err != nil {
		return fileError("check", err)
	}
	return nil
}

func (s *fileStore) remove(path string) error {
	if err := s.root.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// makeDir makes the two levels of dir and, when they are new, syncs the folders
// that now hold them, or a power cut could lose the way to a blob.
func (s *fileStore) makeDir(dir string) error {
	if _, err := s.root.Stat(dir); err == nil {
		return nil
	}
	if err := s.root.MkdirAll(dir, dirMode); err != nil {
		return err
	}
	if err := s.syncDir(filepath.Dir(dir)); err != nil {
		return err
	}
	return s.syncDir(".")
}

// syncDir makes renames and removals in dir survive a power cut.
func (s *fileStore) syncDir(dir string) error {
	if !s.sync {
		return nil
	}
	d, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	return errors.Join(err, d.Close())
}

func fileError(key string, err error) error {
	err = fmt.Errorf("blob: %s: %w", key, err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return notFound(err)
	case errors.Is(err, errSize), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	default:
		var pathErr *fs.PathError
		if errors.As(err, &pathErr) {
			return unavailable(err)
		}
		return err // the reader's own error
	}
}

// typeOf tells the content type from the key's extension. The table is ours and
// not package mime's, which depends on the machine.
func typeOf(key string) string {
	switch filepath.Ext(key) {
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".webp":
		return "image/webp"
	case ".pdf":
		return "application/pdf"
	default:
		return DefaultContentType
	}
}
