package crypt

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

func box(t *testing.T, keys ...byte) *Box {
	t.Helper()
	var ks [][]byte
	for _, k := range keys {
		ks = append(ks, bytes.Repeat([]byte{k}, 32))
	}
	b, err := New(ks...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealedOpensOnlyUnchangedInItsContext(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.String().Draw(t, "plain")
		sealed := b.Seal(plain, "a")
		if got, err := b.Open(sealed, "a"); err != nil || got != plain {
			t.Fatalf("Open = %q, %v", got, err)
		}
		if _, err := b.Open(sealed, "b"); err == nil {
			t.Fatal("opened in another context")
		}
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "i")
		sealed[i] ^= 1
		if _, err := b.Open(sealed, "a"); err == nil {
			t.Fatal("opened after tampering")
		}
	})
}

func TestRotationKeepsOldValuesAndHashes(t *testing.T) {
	t.Parallel()
	before, after := box(t, 1), box(t, 2, 1)
	old := before.Seal("7371010101800001", "nik")
	if got, err := after.Open(old, "nik"); err != nil || got != "7371010101800001" {
		t.Fatalf("old value after rotation: %q, %v", got, err)
	}
	if !after.Stale(old) || after.Stale(after.Seal("x", "nik")) {
		t.Error("Stale must tell old values from new")
	}
	if !bytes.Equal(before.Hash("nik", "1"), after.Hash("nik", "1")) {
		t.Error("look-up hashes must survive a rotation")
	}
	if bytes.Equal(after.Hash("nik", "1"), after.Hash("phone", "1")) {
		t.Error("hashes of different contexts must differ")
	}
}

func TestLoadCreatesOncePrivately(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rahasia", "kunci")
	if _, err := Load(path, false); err == nil {
		t.Fatal("a missing file must not pass in production")
	}
	a, err := Load(path, true)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Load(path, false)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := b.Open(a.Seal("x", "c"), "c"); err != nil || got != "x" {
		t.Errorf("second load: %q, %v", got, err)
	}
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}
}
