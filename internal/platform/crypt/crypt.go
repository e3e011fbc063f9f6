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
	"math/big"
	"sync/atomic"
)

// ErrSealed is returned for a sealed value that cannot be opened: another
// key, another context, or tampering.
var ErrSealed = errors.New("crypt: sealed value cannot be opened")

// Box holds the keys. Safe for concurrent use.
type Box struct {
	ring atomic.Pointer[ring]
	file *watched // nil: keys that were given, not read
}

// ring is all keys at one moment.
type ring struct {
	keys []sealKey
	seal *sealKey // that of keys which seals
	root []byte
}

type sealKey struct {
	Key
	aead cipher.AEAD
}

// New makes a Box from keys of 32 bytes, newest first.
func New(keys ...[]byte) (*Box, error) {
	lines := make([]line, len(keys))
	for i, key := range keys {
		lines[i].secret = key
	}
	r, err := newRing(lines)
	if err != nil {
		return nil, err
	}
	b := &Box{}
	b.ring.Store(r)
	return b, nil
}

func newRing(lines []line) (*ring, error) {
	if len(lines) == 0 || len(lines) > 255 {
		return nil, fmt.Errorf("crypt: %d keys, not 1 to 255", len(lines))
	}
	r := &ring{root: lines[len(lines)-1].secret, keys: make([]sealKey, len(lines))}
	for i, l := range lines {
		block, err := aes.NewCipher(derive(l.secret, "seal"))
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		k := &r.keys[i]
		*k = sealKey{Key: Key{ID: byte(len(lines) - i), State: l.state, Since: l.since}, aead: aead}
		switch {
		case k.State == Waiting && i > 0:
			return nil, errors.New("crypt: only the newest key may be waiting")
		case k.State == Waiting:
		case r.seal == nil && k.State == Retired:
			return nil, errors.New("crypt: the key that seals must not be retired")
		case r.seal == nil:
			k.State, r.seal = Seals, k
		}
	}
	if r.seal == nil {
		return nil, errors.New("crypt: no key seals")
	}
	return r, nil
}

func (r *ring) find(sealed []byte) *sealKey {
	for i := range r.keys {
		if len(sealed) > 0 && sealed[0] == r.keys[i].ID {
			return &r.keys[i]
		}
	}
	return nil
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
	k := b.now().seal
	nonce := random(k.aead.NonceSize())
	out := append([]byte{k.ID}, nonce...)
	return k.aead.Seal(out, nonce, []byte(plain), []byte(context))
}

// Open decrypts what Seal made with the same context; else ErrSealed. What a
// retired key sealed is refused.
func (b *Box) Open(sealed []byte, context string) (string, error) {
	return b.open(sealed, context, false)
}

// OpenKept is Open for what lies outside the portal and was not sealed anew,
// such as old backups: it takes retired keys too.
func (b *Box) OpenKept(sealed []byte, context string) (string, error) {
	return b.open(sealed, context, true)
}

func (b *Box) open(sealed []byte, context string, retired bool) (string, error) {
	k := b.now().find(sealed)
	if k == nil { // of a key that came since the file was read
		k = b.reread().find(sealed)
	}
	if k == nil || k.State == Retired && !retired {
		return "", ErrSealed
	}
	n := 1 + k.aead.NonceSize()
	if len(sealed) < n {
		return "", ErrSealed
	}
	plain, err := k.aead.Open(nil, sealed[1:n], sealed[n:], []byte(context))
	if err != nil {
		return "", ErrSealed
	}
	return string(plain), nil
}

// Keys are the keys, newest first, without their secrets.
func (b *Box) Keys() []Key {
	r := b.now()
	out := make([]Key, len(r.keys))
	for i, k := range r.keys {
		out[i] = k.Key
	}
	return out
}

// Newest is the number of the key that seals, the first byte of what it seals.
func (b *Box) Newest() byte { return b.now().seal.ID }

// Stale tells whether a value was sealed with an older key than today's.
func (b *Box) Stale(sealed []byte) bool {
	return len(sealed) == 0 || sealed[0] != b.Newest()
}

// Hash is the keyed look-up hash of value (32 bytes): equal values of one
// context have equal hashes, and without the key nothing can be tried out.
func (b *Box) Hash(context, value string) []byte {
	return b.MAC("lookup/"+context, []byte(value))
}

// MAC is the HMAC-SHA-256 of data under a key of its own for each context.
func (b *Box) MAC(context string, data []byte) []byte {
	m := hmac.New(sha256.New, derive(b.ring.Load().root, context))
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
