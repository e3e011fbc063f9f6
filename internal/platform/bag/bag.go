// Package bag writes BagIt bags (RFC 8493) as zip files: the payload below data/, and beside
// it the SHA-256 of each of its files, as `sha256sum -c` reads them.
package bag

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// Bag is one bag as it is written. It is used by one goroutine.
type Bag struct {
	zip      *zip.Writer
	manifest bytes.Buffer
	files    int
	size     int64
	at       time.Time
}

// New begins a bag whose files are of a time.
func New(w io.Writer, at time.Time) *Bag { return &Bag{zip: zip.NewWriter(w), at: at} }

// Add puts a file into the payload and returns its SHA-256.
func (b *Bag) Add(name string, r io.Reader) ([]byte, error) {
	w, err := b.create("data/" + name)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), r)
	if err != nil {
		return nil, err
	}
	sum := h.Sum(nil)
	b.files++
	b.size += n
	fmt.Fprintf(&b.manifest, "%s  data/%s\n", hex.EncodeToString(sum), name)
	return sum, nil
}

// Tag puts a file beside the payload, which the manifest does not name.
func (b *Bag) Tag(name string, content []byte) error {
	w, err := b.create(name)
	if err == nil {
		_, err = w.Write(content)
	}
	return err
}

func (b *Bag) create(name string) (io.Writer, error) {
	return b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.at})
}

// Files is how many files the payload has.
func (b *Bag) Files() int { return b.files }

// Size is how many bytes the payload has, unpacked.
func (b *Bag) Size() int64 { return b.size }

// Manifest names the files of the payload so far, as Close writes it.
func (b *Bag) Manifest() []byte { return bytes.Clone(b.manifest.Bytes()) }

// Close ends the bag; it does not close what it is written to.
func (b *Bag) Close() error {
	if err := b.Tag("bagit.txt", []byte("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")); err != nil {
		return err
	}
	if err := b.Tag(ManifestName, b.manifest.Bytes()); err != nil {
		return err
	}
	return b.zip.Close()
}

// ManifestName is that of the file with the hashes.
const ManifestName = "manifest-sha256.txt"
