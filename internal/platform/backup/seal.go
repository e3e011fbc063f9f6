package backup

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

const (
	sealContext = "backup.key"
	stanzaType  = "makassartidakrantasa.com/secret-file"
)

// keeper seals the keys of age files with the portal's secret.
type keeper struct{ box *crypt.Box }

func (k keeper) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	return []*age.Stanza{{Type: stanzaType, Body: k.box.Seal(string(fileKey), sealContext)}}, nil
}

func (k keeper) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	for _, s := range stanzas {
		if s.Type != stanzaType {
			continue
		}
		if key, err := k.box.OpenKept(s.Body, sealContext); err == nil {
			return []byte(key), nil
		}
	}
	return nil, age.ErrIncorrectIdentity
}

// sealedFile is an encrypted file that is being written; it counts and hashes what
// reaches the disk.
type sealedFile struct {
	io.WriteCloser // encrypts
	file           *os.File
	buffer         *bufio.Writer
	sum            hash.Hash
}

func (k keeper) create(path string) (*sealedFile, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	s := &sealedFile{file: f, buffer: bufio.NewWriterSize(f, 1<<18), sum: sha256.New()}
	if s.WriteCloser, err = age.Encrypt(io.MultiWriter(s.buffer, s.sum), k); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

// finish makes the file survive a power cut and returns the hash of its encrypted bytes.
func (s *sealedFile) finish() (string, error) {
	err := errors.Join(s.WriteCloser.Close(), s.buffer.Flush(), s.file.Sync(), s.file.Close())
	return hex.EncodeToString(s.sum.Sum(nil)), err
}

// drop ends a file that came to nothing.
func (s *sealedFile) drop() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name())
}

// open decrypts the file at path. Reading fails at the first byte that was changed.
func (k keeper) open(path string) (io.Reader, io.Closer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	r, err := age.Decrypt(bufio.NewReaderSize(f, 1<<18), k)
	if err != nil {
		_ = f.Close()
		var other *age.NoIdentityMatchError
		if errors.As(err, &other) {
			return nil, nil, fmt.Errorf("%s was made with another secret file", filepath.Base(path))
		}
		return nil, nil, fmt.Errorf("%s is damaged: %w", filepath.Base(path), err)
	}
	return r, f, nil
}

// checkSum tells whether the encrypted bytes at path are those that were written.
func checkSum(path, want string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		return fmt.Errorf("%s is damaged: its hash is not the one that was written down", filepath.Base(path))
	}
	return nil
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
