package reseal_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/reseal"
)

const sqlProbe = `
CREATE TABLE reseal_probe (
	id bigint PRIMARY KEY, kind text NOT NULL, version integer NOT NULL DEFAULT 0,
	one_sealed bytea NOT NULL, two_sealed bytea, detail jsonb NOT NULL DEFAULT '{}'
);
GRANT SELECT, INSERT, UPDATE ON reseal_probe TO portal_app`

var columns = []crypt.Column{
	{Table: "reseal_probe", Name: "one_sealed", Context: "'one/' || t.kind || '/' || t.id"},
	{Table: "reseal_probe", Name: "two_sealed", Context: crypt.Literal("two")},
	{Table: "reseal_probe", Name: "detail", Path: "{kata,segel}", Context: crypt.Literal("words")},
}

// machine is a portal with a secret file.
type machine struct {
	path string
	box  *crypt.Box
}

func newMachine(t *testing.T, file []byte) *machine {
	t.Helper()
	m := &machine{path: filepath.Join(t.TempDir(), "rahasia")}
	if file != nil {
		m.receive(t, file)
	}
	var err error
	if m.box, err = crypt.Load(m.path, file == nil); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *machine) receive(t *testing.T, file []byte) {
	t.Helper()
	if err := os.WriteFile(m.path+".tmp", file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(m.path+".tmp", m.path); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) file(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(m.path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// kindOf and text are what row id says in its nth version.
func kindOf(id int64) string { return string(rune('a' + id%3)) }
func text(id int64, version int) string {
	return fmt.Sprintf("%d dalam versi %d %s", id, version, strings.Repeat("x", int(id%97)))
}

func (m *machine) row(id int64, version int) (one, two []byte, detail string) {
	one = m.box.Seal(text(id, version), fmt.Sprintf("one/%s/%d", kindOf(id), id))
	if id%2 == 0 {
		two = m.box.Seal(text(id, version), "two")
	}
	detail = `{"lain": 1}`
	if id%5 == 0 {
		detail = fmt.Sprintf(`{"kata": {"segel": "%s"}, "lain": 1}`, base64.StdEncoding.EncodeToString(m.box.Seal(text(id, version), "words")))
	}
	return one, two, detail
}

// TestRotationLosesNothing rotates while portals write, one of which hears of the new key
// late, and breaks off once. Afterwards every value is what was written last, the old key
// is retired and nothing misses it.
func TestRotationLosesNothing(t *testing.T) {
	t.Parallel()
	const rows, writers = 800, 4
	db := pgtest.New(t)
	if _, err := db.Owner().Exec(t.Context(), sqlProbe); err != nil {
		t.Fatal(err)
	}
	here := newMachine(t, nil)
	late := newMachine(t, here.file(t))
	if _, err := db.Pool.CopyFrom(t.Context(), pgx.Identifier{"reseal_probe"}, []string{"id", "kind", "one_sealed", "two_sealed", "detail"},
		pgx.CopyFromSlice(rows, func(i int) ([]any, error) {
			one, two, detail := here.row(int64(i), 0)
			return []any{i, kindOf(int64(i)), one, two, detail}, nil
		})); err != nil {
		t.Fatal(err)
	}
	// The waiting key reaches both, as the operator sees to.
	step(t, crypt.AddKey(here.path))
	late.receive(t, here.file(t))
	for _, m := range []*machine{here, late} {
		if m.box.Reread(); len(m.box.Keys()) != 2 || m.box.Newest() != 1 {
			t.Fatalf("keys %v", m.box.Keys())
		}
	}

	versions := make([]int, rows*2) // each row has one writer
	writing, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var written atomic.Int64
	for w := range writers {
		m := []*machine{here, late}[w%2]
		all.Go(func() {
			next := int64(rows + w)
			for n := int64(w); writing.Err() == nil; n = (n + writers) % rows {
				versions[n]++
				one, two, detail := m.row(n, versions[n])
				tag, err := db.Pool.Exec(t.Context(), `UPDATE reseal_probe SET one_sealed = $2, two_sealed = $3, detail = $4, version = $5 WHERE id = $1`, n, one, two, detail, versions[n])
				if err != nil || tag.RowsAffected() != 1 {
					t.Errorf("write %d: %v", n, err)
					return
				}
				if next < rows*2 && n%8 < 4 {
					one, two, detail := m.row(next, 0)
					if _, err := db.Pool.Exec(t.Context(), `INSERT INTO reseal_probe (id, kind, one_sealed, two_sealed, detail) VALUES ($1, $2, $3, $4, $5)`,
						next, kindOf(next), one, two, detail); err != nil {
						t.Errorf("add %d: %v", next, err)
						return
					}
					next += writers
				}
				var sealed []byte
				if err := db.Pool.QueryRow(t.Context(), `SELECT one_sealed FROM reseal_probe WHERE id = $1`, n).Scan(&sealed); err != nil {
					t.Error(err)
					return
				}
				if got, err := m.box.Open(sealed, fmt.Sprintf("one/%s/%d", kindOf(n), n)); err != nil || got != text(n, versions[n]) {
					t.Errorf("row %d reads %q, %v", n, got, err)
					return
				}
				written.Add(1)
			}
		})
	}

	step(t, crypt.UseKey(here.path, time.Now()))
	operator := newMachine(t, here.file(t))
	r := reseal.Rotation{DB: db.Owner(), Box: operator.box, Columns: columns}
	// The first rotation is killed when the first rows are sealed.
	first, kill := context.WithCancel(t.Context())
	r.Told = func(string, int) { kill() }
	if _, err := r.Run(first); err == nil {
		t.Error("a rotation that was broken off says that it is done, with a portal that seals with the old key")
	}
	// The second goes on, and does not end before the late machine has the file.
	arrived := false
	r.Told = nil
	r.Waits = func(left int) {
		if !arrived && left > 0 {
			arrived = true
			late.receive(t, here.file(t))
			late.box.Reread() // as it does by itself within two seconds
		}
	}
	if _, err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !arrived {
		t.Error("the rotation ended while a portal sealed with the old key")
	}
	stop()
	all.Wait()
	// What was sealed before the late one heard and written after the last look: for that a
	// day passes before keys are retired, and retiring looks again.
	if _, err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if t.Failed() {
		return
	}
	if written.Load() < 100 {
		t.Fatalf("only %d writes: nothing is shown", written.Load())
	}

	step(t, crypt.RetireKeys(here.path))
	here.box.Reread()
	uses, err := reseal.Count(t.Context(), db.Owner(), columns)
	step(t, err)
	if len(uses) != len(columns) || slices.ContainsFunc(uses, func(u reseal.Use) bool { return u.Key != 2 }) {
		t.Errorf("in use: %v", uses)
	}
	found, err := db.Pool.Query(t.Context(), `SELECT id, version, one_sealed, two_sealed, decode(detail #>> '{kata,segel}', 'base64'), detail->'lain' = '1' FROM reseal_probe`)
	step(t, err)
	var id int64
	var version, n int
	var one, two, words []byte
	var whole bool
	_, err = pgx.ForEachRow(found, []any{&id, &version, &one, &two, &words, &whole}, func() error {
		n++
		for context, sealed := range map[string][]byte{fmt.Sprintf("one/%s/%d", kindOf(id), id): one, "two": two, "words": words} {
			if sealed == nil {
				continue
			}
			if got, err := here.box.Open(sealed, context); err != nil || got != text(id, version) {
				t.Errorf("%d, %s: %q, %v", id, context, got, err)
			}
		}
		if version != versions[id] || (two != nil) != (id%2 == 0) || (words != nil) != (id%5 == 0) || !whole {
			t.Errorf("row %d lost something: version %d of %d", id, version, versions[id])
		}
		return nil
	})
	step(t, err)
	if n < rows {
		t.Errorf("%d rows of %d", n, rows)
	}
}

// TestWhatNoKeyOpensIsNamedAndLeft damages a value; an empty one is none.
func TestWhatNoKeyOpensIsNamedAndLeft(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	m := newMachine(t, nil)
	if _, err := db.Owner().Exec(t.Context(), sqlProbe); err != nil {
		t.Fatal(err)
	}
	foreign := bytes.Repeat([]byte{1}, 40)
	for id, sealed := range map[int64][]byte{1: m.box.Seal("utuh", "one/b/1"), 2: foreign, 3: {}} {
		if _, err := db.Pool.Exec(t.Context(), `INSERT INTO reseal_probe (id, kind, one_sealed) VALUES ($1, $2, $3)`, id, kindOf(id), sealed); err != nil {
			t.Fatal(err)
		}
	}
	step(t, crypt.AddKey(m.path))
	step(t, crypt.UseKey(m.path, time.Now()))
	m.box.Reread()
	out, err := (&reseal.Rotation{DB: db.Owner(), Box: m.box, Columns: columns}).Run(t.Context())
	if err != nil || out.Done != 1 || len(out.Unreadable) != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	var kept []byte
	if err := db.Pool.QueryRow(t.Context(), `SELECT one_sealed FROM reseal_probe WHERE id = 2`).Scan(&kept); err != nil || !bytes.Equal(kept, foreign) {
		t.Errorf("what cannot be opened was changed: %v", err)
	}
}

func step(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
