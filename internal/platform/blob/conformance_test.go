package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// conformance holds every store to the words of the Store interface.
func conformance(t *testing.T, open func(t *testing.T) blob.Store) {
	t.Helper()
	tests := []struct {
		name string
		run  func(t *testing.T, s blob.Store)
	}{
		{"put then get", putThenGet},
		{"empty and large blobs", emptyAndLarge},
		{"overwrite", overwrite},
		{"missing", missing},
		{"delete", deleteTwice},
		{"keys that look alike", lookalikes},
		{"bad keys", badKeys},
		{"wrong sizes", wrongSizes},
		{"failing reader", failingReader},
		{"cancelled", cancelled},
		{"seek", seek},
		{"list", list},
		{"check", check},
		{"concurrent writers", concurrentWriters},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(t, open(t))
		})
	}
}

func put(t *testing.T, s blob.Store, key string, b []byte, contentType string) {
	t.Helper()
	if err := s.Put(t.Context(), key, bytes.NewReader(b), int64(len(b)), contentType); err != nil {
		t.Fatalf("Put(%q): %v", key, err)
	}
}

func get(t *testing.T, s blob.Store, key string) ([]byte, blob.Info) {
	t.Helper()
	r, info, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatalf("Get(%q): %v", key, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %q: %v", key, err)
	}
	return b, info
}

func wantMissing(t *testing.T, s blob.Store, key string) {
	t.Helper()
	r, _, err := s.Get(t.Context(), key)
	if err == nil {
		_ = r.Close()
		t.Fatalf("Get(%q) found something", key)
	}
	if errs.KindOf(err) != errs.NotFound {
		t.Fatalf("Get(%q) = %v, want not found", key, err)
	}
}

func putThenGet(t *testing.T, s blob.Store) {
	before := time.Now().Add(-2 * time.Minute)
	for _, contentType := range []string{"image/jpeg", "text/plain; charset=utf-8", "application/pdf", ""} {
		for _, key := range []string{"a.jpg", "mtr/2026/11/Ab_-9.jpg", "x", strings.Repeat("k", 200)} {
			want := []byte(contentType + key)
			put(t, s, key, want, contentType)
			got, info := get(t, s, key)
			if !bytes.Equal(got, want) {
				t.Errorf("%q: got %q, want %q", key, got, want)
			}
			wantType := contentType
			if wantType == "" {
				wantType = blob.DefaultContentType
			}
			if info.ContentType != wantType || info.Size != int64(len(want)) || info.ModTime.Before(before) {
				t.Errorf("%q: info %+v, want type %q and size %d", key, info, wantType, len(want))
			}
		}
	}
}

func emptyAndLarge(t *testing.T, s blob.Store) {
	for _, n := range []int{0, 1, 1 << 20, 17 << 20} {
		want := bytes.Repeat([]byte("0123456789abcdef!"), n/17+1)[:n]
		key := fmt.Sprintf("size/%d", n)
		put(t, s, key, want, "image/png")
		got, info := get(t, s, key)
		if sha256.Sum256(got) != sha256.Sum256(want) || info.Size != int64(n) {
			t.Errorf("%d bytes came back as %d (info %+v)", n, len(got), info)
		}
	}
}

func overwrite(t *testing.T, s blob.Store) {
	put(t, s, "o.jpg", []byte("a longer first version"), "text/plain")
	put(t, s, "o.jpg", []byte("second"), "image/jpeg")
	got, info := get(t, s, "o.jpg")
	if string(got) != "second" || info.ContentType != "image/jpeg" {
		t.Errorf("got %q %+v", got, info)
	}
}

func missing(t *testing.T, s blob.Store) {
	wantMissing(t, s, "no/such.jpg")
	wantMissing(t, s, "../../etc/passwd")
}

func list(t *testing.T, s blob.Store) {
	want := map[string]int64{"a.jpg": 1, "a/b.c": 2, "a_b": 3, "mtr/2026/11/x.jpg": 4}
	for key, size := range want {
		put(t, s, key, make([]byte, size), "text/plain") // a type that the key does not tell
	}
	put(t, s, "gone", nil, "text/plain")
	if err := s.Delete(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	if err := s.List(t.Context(), func(key string, info blob.Info) error {
		got[key] = info.Size
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got, want) {
		t.Errorf("the list is %v, want %v", got, want)
	}
	stop := errors.New("enough")
	if err := s.List(t.Context(), func(string, blob.Info) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a list that is stopped says %v", err)
	}
}

func deleteTwice(t *testing.T, s blob.Store) {
	put(t, s, "d/1.jpg", []byte("x"), "text/plain")
	put(t, s, "d/2.jpg", []byte("y"), "image/jpeg")
	for range 2 {
		if err := s.Delete(t.Context(), "d/1.jpg"); err != nil {
			t.Fatal(err)
		}
		wantMissing(t, s, "d/1.jpg")
	}
	if got, _ := get(t, s, "d/2.jpg"); string(got) != "y" {
		t.Errorf("the neighbour became %q", got)
	}
	// The old blob's type must not come back with a new blob.
	put(t, s, "d/1.jpg", []byte("z"), "image/jpeg")
	if _, info := get(t, s, "d/1.jpg"); info.ContentType != "image/jpeg" {
		t.Errorf("type %q after delete and put", info.ContentType)
	}
}

func lookalikes(t *testing.T, s blob.Store) {
	keys := []string{"a.b", "a/b", "a_b", "a-b", "A", "a/b.c", "ab", "a/B"}
	for _, k := range keys {
		put(t, s, k, []byte(k), "text/plain")
	}
	for _, k := range keys {
		if got, _ := get(t, s, k); string(got) != k {
			t.Errorf("%q holds %q", k, got)
		}
	}
}

func badKeys(t *testing.T, s blob.Store) {
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".hidden", "a/.hidden",
		"a b", "a\x00b", "a\\b", "a~b", "a=type", "ä", "a%2Fb", "a\nb", strings.Repeat("k", 201),
	} {
		if err := s.Put(t.Context(), key, strings.NewReader("x"), 1, "text/plain"); err == nil {
			t.Errorf("Put(%q) succeeded", key)
		}
		if err := s.Delete(t.Context(), key); err == nil {
			t.Errorf("Delete(%q) succeeded", key)
		}
		wantMissing(t, s, key)
	}
	for _, contentType := range []string{"text/plain\r\nX: y", "é", strings.Repeat("a", 101)} {
		if err := s.Put(t.Context(), "ok", strings.NewReader("x"), 1, contentType); err == nil {
			t.Errorf("content type %q was taken", contentType)
		}
	}
	if err := s.Put(t.Context(), "ok", strings.NewReader("x"), -1, "text/plain"); err == nil {
		t.Error("a negative size was taken")
	}
	wantMissing(t, s, "ok")
}

func wrongSizes(t *testing.T, s blob.Store) {
	put(t, s, "kept.jpg", []byte("old"), "image/jpeg")
	big := bytes.Repeat([]byte("x"), 17<<20)
	for _, c := range []struct {
		content []byte
		size    int64
	}{
		{[]byte("abc"), 2}, {[]byte("abc"), 4}, {nil, 1}, {[]byte("abc"), 0},
		{big, int64(len(big)) - 1}, {big, int64(len(big)) + 1},
	} {
		for _, key := range []string{"new.jpg", "kept.jpg"} {
			if err := s.Put(t.Context(), key, bytes.NewReader(c.content), c.size, "image/jpeg"); err == nil {
				t.Errorf("%d bytes announced as %d were taken", len(c.content), c.size)
			}
		}
	}
	wantMissing(t, s, "new.jpg")
	if got, _ := get(t, s, "kept.jpg"); string(got) != "old" {
		t.Errorf("a failed Put left %d bytes", len(got))
	}
}

func failingReader(t *testing.T, s blob.Store) {
	broken := errors.New("the phone went into a tunnel")
	r := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	if err := s.Put(t.Context(), "f.jpg", r, 8, "image/jpeg"); !errors.Is(err, broken) {
		t.Errorf("Put = %v, want the reader's error", err)
	}
	wantMissing(t, s, "f.jpg")
	put(t, s, "slow.jpg", []byte("one byte at a time"), "image/jpeg")
	r = iotest.OneByteReader(strings.NewReader("one byte at a time"))
	if err := s.Put(t.Context(), "slow.jpg", r, 18, "image/jpeg"); err != nil {
		t.Error(err)
	}
}

func cancelled(t *testing.T, s blob.Store) {
	put(t, s, "c.jpg", []byte("x"), "image/jpeg")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, "d.jpg", strings.NewReader("x"), 1, "image/jpeg"); !errors.Is(err, context.Canceled) {
		t.Errorf("Put = %v", err)
	}
	if err := s.Delete(ctx, "c.jpg"); !errors.Is(err, context.Canceled) {
		t.Errorf("Delete = %v", err)
	}
	if r, _, err := s.Get(ctx, "c.jpg"); err == nil {
		_ = r.Close()
		t.Error("Get succeeded")
	}
	wantMissing(t, s, "d.jpg")
	get(t, s, "c.jpg")
}

func seek(t *testing.T, s blob.Store) {
	put(t, s, "s.jpg", []byte("0123456789"), "image/jpeg")
	r, _, err := s.Get(t.Context(), "s.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.(io.Seeker).Seek(7, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || string(b) != "789" {
		t.Errorf("read %q, %v", b, err)
	}
}

func check(t *testing.T, s blob.Store) {
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func concurrentWriters(t *testing.T, s blob.Store) {
	const size = 256 << 10
	put(t, s, "w.jpg", bytes.Repeat([]byte{'z'}, size), "image/jpeg")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 5 {
				b := bytes.Repeat([]byte{byte('a' + i)}, size)
				if err := s.Put(t.Context(), "w.jpg", bytes.NewReader(b), size, "image/jpeg"); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range 10 {
				r, _, err := s.Get(t.Context(), "w.jpg")
				if err != nil {
					t.Error(err)
					return
				}
				b, err := io.ReadAll(r)
				_ = r.Close()
				if err != nil {
					// A store may notice that the blob changed while it was read.
					continue
				}
				if len(b) != size || bytes.Count(b, b[:1]) != size {
					t.Errorf("read a mixture: %d bytes", len(b))
				}
			}
		})
	}
	wg.Wait()
}
