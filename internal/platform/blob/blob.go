// Package blob keeps files that do not belong into the database: photos, and
// later letters. A store is a folder (file:///…) or an S3 bucket (s3://…);
// both pass the same conformance test, so a city can move from one to the other
// by copying the objects.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Store keeps blobs under keys. All methods are safe for concurrent use.
type Store interface {
	// Put stores exactly size bytes of r under key. Readers see the old blob or
	// the whole new one, never a part; when Put returns an error nothing new is
	// visible. An r that holds fewer or more bytes than size is an error.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) error
	// Get opens the blob; the caller closes the reader, which is an io.Seeker as
	// well. A key that holds nothing is errs.NotFound.
	Get(ctx context.Context, key string) (io.ReadCloser, Info, error)
	// Delete removes the blob. Deleting what is not there succeeds.
	Delete(ctx context.Context, key string) error
	// List calls each for every blob, in no order, until it fails; blobs that come or go
	// meanwhile may be named or not. The content type is not told.
	List(ctx context.Context, each func(key string, info Info) error) error
	// Check reports whether the store can take and give blobs now.
	Check(ctx context.Context) error
}

// Info describes a stored blob.
type Info struct {
	Size        int64
	ContentType string
	ModTime     time.Time
}

// maxKey leaves room for the store's own suffixes within the 255 bytes that file
// systems grant to a name.
const maxKey = 200

// DefaultContentType is what a blob gets that was stored without a type.
const DefaultContentType = "application/octet-stream"

var errSize = errors.New("blob: content does not have the announced size")

// Open returns the store that rawURL names and checks what can be checked
// without a network:
//
//	file:///var/lib/portal/blob            a folder, made when missing
//	file:///tmp/x?sync=off                 the same without fsync, for tests and the demo
//	s3://bucket?endpoint=http://127.0.0.1:9000&region=us-east-1
//
// S3 credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or from
// the URL's user info. Errors never repeat the URL, which may hold a password.
func Open(rawURL string) (Store, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("blob: the address is not a URL; expected file:///folder or s3://bucket?endpoint=…")
	}
	switch u.Scheme {
	case "file":
		return openFile(u)
	case "s3":
		return openS3(u)
	default:
		return nil, fmt.Errorf("blob: unknown scheme %q; expected file or s3", u.Scheme)
	}
}

// ValidKey reports whether key may name a blob: up to 200 bytes of ASCII
// letters, digits and ._- in segments parted by single slashes, none of which
// starts with a dot. Such keys mean the same in a folder, in S3 and in an
// address. No key should be the folder of another: some S3 servers keep objects
// in a file system and cannot hold both.
func ValidKey(key string) bool {
	if key == "" || len(key) > maxKey {
		return false
	}
	for segment := range strings.SplitSeq(key, "/") {
		if segment == "" || segment[0] == '.' {
			return false
		}
		for _, c := range []byte(segment) {
			switch {
			case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
				c == '.', c == '_', c == '-':
			default:
				return false
			}
		}
	}
	return true
}

func checkKey(key string) error {
	if !ValidKey(key) {
		return fmt.Errorf("blob: invalid key %q", key)
	}
	return nil
}

func checkPut(key string, size int64, contentType string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	if size < 0 {
		return fmt.Errorf("blob: negative size for %q", key)
	}
	if len(contentType) > 100 || strings.ContainsFunc(contentType, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Errorf("blob: invalid content type for %q", key)
	}
	return nil
}

func notFound(err error) error {
	return errs.Wrap(errs.NotFound, err, "Berkas ini tidak ada.")
}

func unavailable(err error) error {
	return errs.Wrap(errs.Unavailable, err, "Penyimpanan berkas sedang terganggu. Coba lagi beberapa menit lagi.")
}

// exactReader passes on exactly n bytes of r: it fails with errSize when r ends
// early or goes on. It also stops when ctx ends.
type exactReader struct {
	ctx  context.Context //nolint:containedctx // lives for one copy
	r    io.Reader
	n    int64
	done bool
}

func (e *exactReader) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	if e.done {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	n := 0
	if e.n > 0 {
		var err error
		n, err = e.r.Read(p[:min(int64(len(p)), e.n)])
		e.n -= int64(n)
		switch {
		case err == io.EOF && e.n > 0:
			return n, errSize
		case err == io.EOF:
			e.done = true
			return n, io.EOF
		case err != nil || e.n > 0:
			return n, err
		}
	}
	// All is there. Look for more now, not at the next Read: a consumer that
	// counts bytes itself may never call again.
	switch _, err := io.ReadFull(e.r, make([]byte, 1)); err {
	case io.EOF:
		e.done = true
		return n, io.EOF
	case nil:
		return 0, errSize
	default:
		return 0, err
	}
}
