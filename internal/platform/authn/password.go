package authn

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Cost is what one password hash takes.
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
}

// DefaultCost follows OWASP's advice for argon2id: 19 MiB, two passes.
var DefaultCost = Cost{MemoryKiB: 19 << 10, Passes: 2}

// Hashing limits. Two at a time keep a storm of logins within 38 MiB and within the
// machine's cores; the queue is as long as can be served in its waiting time.
const (
	hashSlots   = 2
	hashQueue   = 64
	slowQueue   = 16
	hashMaxWait = 8 * time.Second
)

// Hasher turns passwords into argon2id hashes, few at a time. When more wait than can
// be served it refuses with errs.TooMany rather than taking the machine down.
type Hasher struct {
	cost  Cost
	slots chan struct{}
	// slow admits one at a time from addresses that fail a lot: they wait for each
	// other and leave the other slot to everybody else.
	slow        chan struct{}
	waiting     atomic.Int32
	slowWaiting atomic.Int32
	decoy       string
	kdf         func(password string, salt []byte, c Cost, n int) []byte
}

// NewHasher returns a Hasher of that cost.
func NewHasher(cost Cost) *Hasher {
	h := &Hasher{cost: cost, slots: make(chan struct{}, hashSlots), slow: make(chan struct{}, 1), kdf: derive}
	h.decoy = h.hash("a password that nobody has", randomBytes(16))
	return h
}

var errStorm = errs.TooFast(10*time.Second, "Sedang banyak yang masuk bersamaan. Tunggu 10 detik lalu coba lagi.")

// acquire waits for a slot, in the slow lane first if so told.
func (h *Hasher) acquire(ctx context.Context, slow bool) (release func(), err error) {
	if !slow {
		// A free slot is taken without standing in line, so the queue holds only those who wait.
		select {
		case h.slots <- struct{}{}:
			return func() { <-h.slots }, nil
		default:
		}
	}
	waiting, limit := &h.waiting, int32(hashQueue)
	if slow {
		waiting, limit = &h.slowWaiting, slowQueue
	}
	if waiting.Add(1) > limit {
		waiting.Add(-1)
		return nil, errStorm
	}
	defer waiting.Add(-1)
	late := time.NewTimer(hashMaxWait)
	defer late.Stop()
	lanes := []chan struct{}{h.slots}
	if slow {
		lanes = []chan struct{}{h.slow, h.slots}
	}
	taken := 0
	free := func() {
		for _, lane := range lanes[:taken] {
			<-lane
		}
	}
	for _, lane := range lanes {
		select {
		case lane <- struct{}{}:
			taken++
		case <-late.C:
			free()
			return nil, errStorm
		case <-ctx.Done():
			free()
			return nil, ctx.Err()
		}
	}
	return free, nil
}

// Hash returns the hash to store for a new password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	release, err := h.acquire(ctx, false)
	if err != nil {
		return "", err
	}
	defer release()
	return h.hash(password, randomBytes(16)), nil
}

// Verify tells whether password made hash. An empty hash, of somebody unknown, costs
// the same and is never right. slow waits in the slow lane.
func (h *Hasher) Verify(ctx context.Context, password, hash string, slow bool) (bool, error) {
	release, err := h.acquire(ctx, slow)
	if err != nil {
		return false, err
	}
	defer release()
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	cost, salt, want, err := parseHash(hash)
	if err != nil {
		return false, err
	}
	got := h.kdf(password, salt, cost, len(want))
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// stale tells whether a stored hash was made at another cost than today's.
func (h *Hasher) stale(hash string) bool {
	cost, _, _, err := parseHash(hash)
	return err != nil || cost != h.cost
}

func derive(password string, salt []byte, c Cost, n int) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.Passes, c.MemoryKiB, 1, uint32(n))
}

func (h *Hasher) hash(password string, salt []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, h.cost.MemoryKiB, h.cost.Passes,
		b64.EncodeToString(salt), b64.EncodeToString(h.kdf(password, salt, h.cost, 32)))
}

func parseHash(hash string) (c Cost, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return c, nil, nil, fmt.Errorf("authn: not an argon2id hash")
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &c.MemoryKiB, &c.Passes); err != nil {
		return c, nil, nil, fmt.Errorf("authn: hash parameters: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, fmt.Errorf("authn: salt: %w", err)
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) < 16 {
		return c, nil, nil, fmt.Errorf("authn: hash: %v", err)
	}
	return c, salt, key, nil
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: the runtime aborts without randomness
	return b
}

// The limits of a password, in characters.
const (
	MinPassword = 10
	MaxPassword = 200
)

//go:embed common.txt
var commonList string

// common holds the words and passwords tried first, in lower case.
var common = func() map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(commonList) {
		m[word] = true
	}
	return m
}()

// CheckNewPassword says in a sentence why a password will not do, "" when it will:
// too short or long, too common, or made of the owner's name or contact.
func CheckNewPassword(password string, about ...string) string {
	n := utf8.RuneCountInString(password)
	switch {
	case n == 0:
		return "Tulis sandi baru."
	case n < MinPassword:
		return fmt.Sprintf("Sandi terlalu pendek. Pakai paling sedikit %d huruf atau angka, misalnya beberapa kata yang mudah Anda ingat.", MinPassword)
	case n > MaxPassword:
		return fmt.Sprintf("Sandi terlalu panjang. Pakai paling banyak %d karakter.", MaxPassword)
	}
	lower := strings.ToLower(norm.NFC.String(password))
	core := strings.TrimFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	if common[lower] || common[core] || core == "" || len(distinct(lower)) < 4 {
		return "Sandi ini terlalu mudah ditebak. Pakai beberapa kata yang tidak berhubungan."
	}
	for _, s := range about {
		for word := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			// A short name inside a long passphrase does no harm; a password that is
			// mostly a name does.
			if len(word) >= 4 && strings.Contains(lower, word) && n-utf8.RuneCountInString(word) < 8 {
				return "Sandi jangan memuat nama atau alamat Anda. Pakai beberapa kata lain."
			}
		}
	}
	return ""
}

func distinct(s string) map[rune]bool {
	m := map[rune]bool{}
	for _, r := range s {
		m[r] = true
	}
	return m
}
