package crypt

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// The secret file has one key a line, newest first: 32 bytes in base64, then
// what is said of it: its state, and since when it seals ("since=2026-11-27T…").
// A line is never taken away, for a key's number is its place from the end. The
// last line, the oldest, derives the look-up and chain keys, which therefore
// outlive rotations.

// State is what a key does.
type State string

// The newest key that does not wait seals, and all but retired ones open.
const (
	Opens   State = ""        // what was sealed before
	Seals   State = "seals"   // never written: it follows from the order
	Waiting State = "waiting" // opens, so that all portals know it before one seals with it
	Retired State = "retired" // opens backups only
)

// Key is what may be said of a key.
type Key struct {
	ID    byte // first byte of what it sealed
	State State
	Since time.Time // when it began to seal; zero when unknown
}

const (
	secretSize = 32
	// lookAgain is how soon a change of the file is noticed.
	lookAgain = 2 * time.Second
)

type line struct {
	secret []byte
	state  State
	since  time.Time
}

// watched is a secret file that is read again when it changes.
type watched struct {
	path   string
	mu     sync.Mutex
	looked time.Time
	seen   os.FileInfo
}

// Load reads the secret file at path, and again when it changes. When create is
// true and there is no file, a new one is made with mode 0600 in a directory of
// mode 0700; in production a missing file is an error, because a new key would
// make everything sealed before unreadable.
func Load(path string, create bool) (*Box, error) {
	b := &Box{file: &watched{path: path}}
	err := b.read()
	if errors.Is(err, fs.ErrNotExist) && create {
		if err = createSecret(path); err == nil {
			err = b.read()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("secret file: %w", err)
	}
	return b, nil
}

// now is the keys as of a moment ago.
func (b *Box) now() *ring {
	if f := b.file; f != nil && f.mu.TryLock() { // who finds it locked works with what is known
		if time.Since(f.looked) > lookAgain {
			b.look()
		}
		f.mu.Unlock()
	}
	return b.ring.Load()
}

// Reread looks at the secret file now instead of in a moment.
func (b *Box) Reread() { b.reread() }

func (b *Box) reread() *ring {
	if f := b.file; f != nil {
		f.mu.Lock()
		b.look()
		f.mu.Unlock()
	}
	return b.ring.Load()
}

// look reads the file again if it is another one. While it cannot be read, the
// keys stay as they are.
func (b *Box) look() {
	f := b.file
	f.looked = time.Now()
	info, err := os.Stat(f.path)
	if err == nil && os.SameFile(info, f.seen) && info.ModTime().Equal(f.seen.ModTime()) && info.Size() == f.seen.Size() {
		return
	}
	if err == nil {
		err = b.read()
	}
	if err != nil {
		slog.Error("the secret file cannot be read again; the keys stay as they were", "error", err)
	}
}

func (b *Box) read() error {
	info, err := os.Stat(b.file.path)
	if err != nil {
		return err
	}
	lines, err := readLines(b.file.path)
	if err != nil {
		return err
	}
	r, err := newRing(lines)
	if err != nil {
		return err
	}
	if old := b.ring.Load(); old != nil && !bytes.Equal(old.root, r.root) {
		return errors.New("its last key is another one")
	}
	b.ring.Store(r)
	b.file.seen, b.file.looked = info, time.Now()
	return nil
}

func readLines(path string) (lines []line, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for text := range strings.Lines(string(data)) {
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		l := line{}
		if l.secret, err = base64.StdEncoding.DecodeString(words[0]); err != nil || len(l.secret) != secretSize {
			return nil, fmt.Errorf("%s: every line must begin with %d bytes in base64", path, secretSize)
		}
		for _, w := range words[1:] {
			since, dated := strings.CutPrefix(w, "since=")
			switch {
			case dated:
				if l.since, err = time.Parse(time.RFC3339, since); err != nil {
					return nil, fmt.Errorf("%s: %q is not a time", path, w)
				}
			case State(w) == Waiting || State(w) == Retired:
				l.state = State(w)
			default:
				return nil, fmt.Errorf("%s: after a key may stand %q, %q or since=TIME", path, Waiting, Retired)
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func (l line) String() string {
	s := base64.StdEncoding.EncodeToString(l.secret)
	if l.state != Opens {
		s += " " + string(l.state)
	}
	if !l.since.IsZero() {
		s += " since=" + l.since.UTC().Format(time.RFC3339)
	}
	return s + "\n"
}

func createSecret(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(line{secret: random(secretSize)}.String())
	return errors.Join(err, f.Sync(), f.Close())
}

// AddKey puts a new key on top of the file, waiting: it opens, and seals nothing yet.
func AddKey(path string) error {
	return change(path, func(lines []line) ([]line, error) {
		if len(lines) > 0 && lines[0].state == Waiting {
			return nil, errors.New("a key is waiting already")
		}
		return append([]line{{secret: random(secretSize), state: Waiting}}, lines...), nil
	})
}

// UseKey lets the key that waits seal from now on.
func UseKey(path string, now time.Time) error {
	return change(path, func(lines []line) ([]line, error) {
		if len(lines) == 0 || lines[0].state != Waiting {
			return nil, errors.New("no key is waiting")
		}
		lines[0].state, lines[0].since = Opens, now
		return lines, nil
	})
}

// RetireKeys has all keys that are older than the one that seals open backups only.
func RetireKeys(path string) error {
	return change(path, func(lines []line) ([]line, error) {
		sealing := 0
		if len(lines) > 0 && lines[0].state == Waiting {
			sealing = 1
		}
		for i := sealing + 1; i < len(lines); i++ {
			lines[i].state = Retired
		}
		return lines, nil
	})
}

// change writes the file anew, whole or not at all, with the owner and mode it had.
func change(path string, with func([]line) ([]line, error)) (err error) {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	lines, err := readLines(path)
	if err != nil {
		return err
	}
	if lines, err = with(lines); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if _, err := newRing(lines); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".kunci-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	for _, l := range lines {
		if _, err := f.WriteString(l.String()); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		err = f.Chown(int(st.Uid), int(st.Gid))
	}
	if err := errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
