// Package crypt keeps what a stolen database dump must not reveal: NIK, phone
// numbers and secrets are sealed with AES-256-GCM, found again by keyed
// hashes, and secret links are kept only as hashes. All keys come from one
// file outside the database (PORTAL_SECRET_FILE).
package crypt

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
)

const secretSize = 32

// ErrSealed is returned for a sealed value that cannot be opened: another
// key, another context, or tampering.
var ErrSealed = errors.New("crypt: sealed value cannot be opened")

// Box holds the keys. Safe for concurrent use.
//
// The secret file has one key a line in base64. The first line seals; all
// lines open, so a rotation puts a new line on top. The last line, the oldest,
// derives the look-up and chain keys, which therefore outlive rotations.
type Box struct {
	seal []sealKey
	root []byte
}

type sealKey struct {
	id   byte
	aead cipher.AEAD
}

// Load reads the secret file at path. When create is true and there is no
// file, a new one is made with mode 0600 in a directory of mode 0700; in
// production a missing file is an error, because a new key would make
// everything sealed before unreadable.
func Load(path string, create bool) (*Box, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		data, err = createSecret(path)
	}
	if err != nil {
		return nil, fmt.Errorf("secret file: %w", err)
	}
	var keys [][]byte
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		key, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(key) != secretSize {
			return nil, fmt.Errorf("secret file %s: every line must be %d bytes in base64", path, secretSize)
		}
		keys = append(keys, key)
	}
	return New(keys...)
}

func createSecret(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	line := base64.StdEncoding.EncodeToString(random(secretSize)) + "\n"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	if _, err := f.WriteString(line); err != nil {
		f.Close()
		return nil, err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	return []byte(line), nil
}

// New makes a Box from keys of 32 bytes, newest first.
func New(keys ...[]byte) (*Box, error) {
	if len(keys) == 0 {
		return nil, errors.New("crypt: no key")
	}
	b := &Box{root: keys[len(keys)-1]}
	for i, key := range keys {
		block, err := aes.NewCipher(derive(key, "seal"))
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		b.seal = append(b.seal, sealKey{id: byte(len(keys) - i), aead: aead})
	}
	return b, nil
}

func derive(key []byte, purpose string) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, "portal/"+purpose, 32)
	if err != nil {
		panic(err) // only a wrong length fails
	}
	return out
}

// Seal encrypts plain for storage. The context ("org_person.nik") must be the
// same at Open, so that a sealed value moved to another column does not open.
func (b *Box) Seal(plain, context string) []byte {
	k := b.seal[0]
	nonce := random(k.aead.NonceSize())
	out := append([]byte{k.id}, nonce...)
	return k.aead.Seal(out, nonce, []byte(plain), []byte(context))
}

// Open decrypts what Seal made with the same context; else ErrSealed.
func (b *Box) Open(sealed []byte, context string) (string, error) {
	for _, k := range b.seal {
		n := 1 + k.aead.NonceSize()
		if len(sealed) < n || sealed[0] != k.id {
			continue
		}
		plain, err := k.aead.Open(nil, sealed[1:n], sealed[n:], []byte(context))
		if err != nil {
			return "", ErrSealed
		}
		return string(plain), nil
	}
	return "", ErrSealed
}

// Stale tells whether a value was sealed with an older key than today's.
func (b *Box) Stale(sealed []byte) bool {
	return len(sealed) == 0 || sealed[0] != b.seal[0].id
}

// Hash is the keyed look-up hash of value (32 bytes): equal values of one
// context have equal hashes, and without the key nothing can be tried out.
func (b *Box) Hash(context, value string) []byte {
	return b.MAC("lookup/"+context, []byte(value))
}

// MAC is the HMAC-SHA-256 of data under a key of its own for each context.
func (b *Box) MAC(context string, data []byte) []byte {
	m := hmac.New(sha256.New, derive(b.root, context))
	m.Write(data)
	return m.Sum(nil)
}

// Token makes the secret of a link: 128 random bits as 22 characters that
// need no escaping in an address.
func Token() string { return base64.RawURLEncoding.EncodeToString(random(16)) }

// HashToken is how a token is stored: with 128 random bits a plain SHA-256
// cannot be reversed.
func HashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// SixDigits is a code that people type, an even choice among a million.
func SixDigits() string { return fmt.Sprintf("%06d", Below(1_000_000)) }

// Below is an even choice among 0 … n-1. It panics unless n is positive.
func Below(n int64) int64 {
	v, err := rand.Int(rand.Reader, big.NewInt(n))
	if err != nil {
		panic(err) // the system's randomness does not fail
	}
	return v.Int64()
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: the runtime aborts without randomness
	return b
}
