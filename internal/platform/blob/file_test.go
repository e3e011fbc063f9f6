package blob_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func openFolder(t *testing.T, dir, query string) blob.Store {
	t.Helper()
	s, err := blob.Open("file://" + dir + query)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFileStore(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"", "?sync=off"} {
		t.Run("query "+query, func(t *testing.T) {
			t.Parallel()
			conformance(t, func(t *testing.T) blob.Store { return openFolder(t, t.TempDir(), query) })
		})
	}
}

func TestFileStoreIsPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "blob")
	s := openFolder(t, dir, "")
	put(t, s, "mtr/1/a.jpg", []byte("x"), "image/jpeg")
	put(t, s, "mtr/1/a.txt", []byte("x"), "text/plain")
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files != 3 { // two blobs and one type
		t.Errorf("%d files", files)
	}
}

func TestFileStoreLeavesNoTemporaryFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openFolder(t, dir, "")
	put(t, s, "a.jpg", []byte("x"), "image/jpeg")
	if err := s.Put(t.Context(), "b.jpg", strings.NewReader("short"), 99, "image/jpeg"); err == nil {
		t.Fatal("a short blob was taken")
	}
	if err := s.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Join(dir, ".tmp"))
	if err != nil || len(left) != 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}

func TestFileStoreSweepsWhatACrashLeft(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openFolder(t, dir, "")
	old, young := filepath.Join(dir, ".tmp", "old"), filepath.Join(dir, ".tmp", "young")
	for _, p := range []string{old, young} {
		if err := os.WriteFile(p, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	openFolder(t, dir, "")
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old file is still there: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("another process's file was removed: %v", err)
	}
}

func TestFileStoreDoesNotFollowLinksOut(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	s := openFolder(t, dir, "")
	put(t, s, "a.jpg", []byte("mine"), "image/jpeg")
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "*", "a.jpg"))
	if err != nil || len(found) != 1 {
		t.Fatalf("found %v, %v", found, err)
	}
	if err := os.Remove(found[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, found[0]); err != nil {
		t.Fatal(err)
	}
	if r, _, err := s.Get(t.Context(), "a.jpg"); err == nil {
		_ = r.Close()
		t.Error("a link led out of the store")
	}
}

func TestCheckSeesAFolderThatIsGone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "blob")
	s := openFolder(t, dir, "")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context()); err == nil {
		t.Error("Check is content without a folder")
	}
	if err := s.Put(t.Context(), "a.jpg", strings.NewReader("x"), 1, "image/jpeg"); err == nil {
		t.Error("Put succeeded without a folder")
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for _, address := range []string{
		"", "relative/path", "http://x/y", "file://relative", "file:relative", "file:///tmp/x?sync=perhaps",
		"s3://", "s3://bucket", "s3://bucket?endpoint=127.0.0.1:9000", "s3://u:" + secret + "@bucket?endpoint=ftp://x",
		"s3://u:" + secret + "@bucket/below?endpoint=http://x", "s3://u@bucket?endpoint=http://127.0.0.1:1",
		"s3://u:" + secret + "\x7f@bucket",
	} {
		_, err := blob.Open(address)
		if err == nil {
			t.Errorf("Open(%q) succeeded", address)
			continue
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("Open(%q) tells the password: %v", address, err)
		}
	}
}

func TestS3OutageIsUnavailable(t *testing.T) {
	t.Parallel()
	// Port 1 on loopback: nobody listens.
	s, err := blob.Open("s3://u:p@bucket?endpoint=http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "a.jpg", strings.NewReader("x"), 1, "image/jpeg"); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("Put = %v", err)
	}
	if err := s.Check(t.Context()); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("Check = %v", err)
	}
}
