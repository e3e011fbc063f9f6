package epemerintahan

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

const (
	// sealedPiece of a file is sealed at a time.
	sealedPiece = 256 << 10
	// maxSealed is what such a piece becomes at most.
	maxSealed  = sealedPiece + 1<<10
	sealImport = "epemerintahan.import"
)

// pieceContext makes sure that the pieces of a file stay in their order.
func pieceContext(key string, n int) string { return sealImport + "/" + key + "/" + strconv.Itoa(n) }

// putSealed keeps a file in pieces, each sealed, under key.
func (m *Module) putSealed(ctx context.Context, key string, in io.Reader) (err error) {
	f, err := sheet.Hidden()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sheet.Discard(f)) }()
	out := bufio.NewWriter(f)
	piece := make([]byte, sealedPiece)
	for n := 0; ; n++ {
		got, err := io.ReadFull(in, piece)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		sealed := m.box.Seal(string(piece[:got]), pieceContext(key, n))
		if err := errors.Join(binary.Write(out, binary.LittleEndian, uint32(len(sealed))), second(out.Write(sealed))); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return m.blobs.Put(ctx, key, f, size, "application/octet-stream")
}

// forgetBlob deletes an import's file, and then that there is one: after a crash in
// between, the sweep does it again.
func (m *Module) forgetBlob(ctx context.Context, id int64, key string) error {
	if key == "" {
		return nil
	}
	if err := m.blobs.Delete(ctx, key); err != nil {
		return err
	}
	return pg.Exec(ctx, m.db, sqlForgetBlob, id)
}

func second(_ int, err error) error { return err }

// openSealed opens what putSealed kept, as a file that the caller discards.
func (m *Module) openSealed(ctx context.Context, key string) (_ *os.File, err error) {
	rc, _, err := m.blobs.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	f, err := sheet.Hidden()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, sheet.Discard(f))
		}
	}()
	in, out := bufio.NewReader(rc), bufio.NewWriter(f)
	sealed := make([]byte, maxSealed)
	for n := 0; ; n++ {
		var size uint32
		if err := binary.Read(in, binary.LittleEndian, &size); errors.Is(err, io.EOF) {
			return f, out.Flush()
		} else if err != nil {
			return nil, err
		}
		if size > maxSealed {
			return nil, errors.New("a piece of an import is too long")
		}
		if _, err := io.ReadFull(in, sealed[:size]); err != nil {
			return nil, err
		}
		plain, err := m.box.Open(sealed[:size], pieceContext(key, n))
		if err != nil {
			return nil, err
		}
		if _, err := out.WriteString(plain); err != nil {
			return nil, err
		}
	}
}
