package authn_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// work is what a service has the database and the processor do.
type work struct {
	mu   sync.Mutex
	done []string
}

func (k *work) note(what string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.done = append(k.done, what)
}

// TraceQueryStart notes a statement; how a savepoint ends costs the same either way, and the
// jobs' knock goes by the clock.
func (k *work) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if strings.Contains(data.SQL, "PGNotifyMany") {
		return ctx
	}
	k.note(strings.NewReplacer("release savepoint", "end", "rollback to savepoint", "end").Replace(data.SQL))
	return ctx
}

// TraceQueryEnd makes work a pgx.QueryTracer.
func (*work) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// during returns what do needed.
func (k *work) during(do func()) []string {
	k.mu.Lock()
	k.done = nil
	k.mu.Unlock()
	do()
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.done
}

// How long an answer takes must not tell who has an account. Times are no test, so the work is
// compared: the same statements in the same order, and as many password hashes.
func TestKnownAndUnknownNamesTakeTheSameWork(t *testing.T) {
	k := &work{}
	w := newWorld(t, func(c *authn.Config) {
		// In place of the world's pool, which is not watched.
		pool, err := pg.Open(t.Context(), c.Pool.Config().ConnString(), pg.Options{MaxConns: 2, Tracer: k})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		c.Pool = pool
		authn.WatchHashes(c.Hasher, func() { k.note("hash") })
	})
	w.citizen("lama@contoh.id")
	w.citizen("08123456789")
	for what, do := range map[string]func(name string) error{
		"a wrong password": func(name string) error {
			_, err := w.Login(t.Context(), authn.Login{Name: name, Password: "salah sekali lagi", Address: home})
			if err == nil {
				t.Errorf("%s signed in", name)
			}
			return nil
		},
		"a reset": func(name string) error { _, err := w.StartReset(t.Context(), name, home); return err },
		"a sign-up": func(name string) error {
			_, err := w.StartSignUp(t.Context(), authn.SignUp{Name: "Sitti", Contact: name, Address: home})
			return err
		},
	} {
		for known, unknown := range map[string]string{"lama@contoh.id": "baru@contoh.id", "08123456789": "08987654321"} {
			a := k.during(func() { w.must(do(known)) })
			b := k.during(func() { w.must(do(unknown)) })
			if diff := cmp.Diff(a, b); diff != "" || len(a) < 4 {
				t.Errorf("%s, %s and %s: %s", what, known, unknown, diff)
			}
			if what == "a wrong password" && strings.Count(strings.Join(a, "\n"), "hash") == 0 {
				t.Error("no password was hashed")
			}
		}
	}
}
