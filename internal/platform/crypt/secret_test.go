package crypt

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func load(t *testing.T, path string) *Box {
	t.Helper()
	b, err := Load(path, true)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAKeyComesSealsAndRetires takes a portal that runs, whose file another process
// changes, through the life of a key.
func TestAKeyComesSealsAndRetires(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rahasia")
	running := load(t, path)
	hash, old := running.Hash("nik", "1"), running.Seal("lama", "c")
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	step(AddKey(path))
	if err := AddKey(path); err == nil {
		t.Error("a second key waits")
	}
	if running.Reread(); running.Newest() != 1 || len(running.Keys()) != 2 {
		t.Fatalf("a waiting key seals: %v", running.Keys())
	}
	step(UseKey(path, time.Now()))
	byOther := load(t, path).Seal("baru", "c")
	if byOther[0] != 2 {
		t.Fatalf("sealed with key %d", byOther[0])
	}
	if got, err := running.Open(byOther, "c"); err != nil || got != "baru" {
		t.Errorf("a portal that runs opens %q, %v", got, err)
	}
	if running.Reread(); !running.Stale(old) || running.Stale(byOther) {
		t.Error("Stale tells old from new wrongly")
	}
	step(RetireKeys(path))
	if running.Reread(); string(running.Hash("nik", "1")) != string(hash) {
		t.Error("look-up hashes changed")
	}
	if _, err := running.Open(old, "c"); err == nil {
		t.Error("a retired key opens")
	}
	if got, err := running.OpenKept(old, "c"); err != nil || got != "lama" {
		t.Errorf("backups open %q, %v", got, err)
	}
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}
}

// TestAnUnknownKeyIsLookedFor has a portal meet a value of a key that it has not read yet.
func TestAnUnknownKeyIsLookedFor(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rahasia")
	running := load(t, path)
	if err := AddKey(path); err != nil {
		t.Fatal(err)
	}
	if err := UseKey(path, time.Now()); err != nil {
		t.Fatal(err)
	}
	sealed := load(t, path).Seal("x", "c")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got, err := running.Open(sealed, "c"); err != nil || got != "x" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	all.Wait()
}

func TestABrokenFileChangesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rahasia")
	running := load(t, path)
	sealed := running.Seal("x", "c")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := line{secret: random(secretSize)}.String()
	for _, text := range []string{
		"", "AAAA\n", strings.TrimSpace(string(good)) + " besok\n", strings.TrimSpace(string(good)) + " retired\n", strings.TrimSpace(string(good)) + " waiting\n",
		string(good) + other, other + strings.TrimSpace(string(good)) + " waiting\n", strings.TrimSpace(string(good)) + " since=kemarin\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		running.Reread()
		if got, err := running.Open(sealed, "c"); err != nil || got != "x" {
			t.Errorf("after %q: %q, %v", text, got, err)
		}
		if len(running.Keys()) != 1 {
			t.Errorf("after %q there are %d keys", text, len(running.Keys()))
		}
	}
}
