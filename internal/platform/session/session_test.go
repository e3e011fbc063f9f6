package session_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/session"
)

var start = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

type world struct {
	*testing.T
	*session.Manager
	db    *pgtest.DB
	clock *clock.Fake
}

func newWorld(t *testing.T, o session.Options) *world {
	t.Helper()
	t.Parallel()
	db, c := pgtest.New(t), clock.NewFake(start)
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, session.New(db.Pool, box, c, o), db, c}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) account(email string) (id int64) {
	w.Helper()
	id, err := pg.Scalar[int64](w.Context(), w.db.Owner(), `INSERT INTO authn_account (kind, name, email, created_at) VALUES ('warga', 'Uji', $1, $2) RETURNING id`, email, start)
	w.must(err)
	return id
}

// browser keeps one session cookie.
type browser struct {
	w     *world
	token string
	set   *http.Cookie // the last answer's, nil for none
}

// visit runs h as one request of the browser.
func (b *browser) visit(h func(w http.ResponseWriter, r *http.Request)) *httptest.ResponseRecorder {
	b.w.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 14) Chrome/130.0")
	if b.token != "" {
		r.AddCookie(&http.Cookie{Name: b.w.CookieName(), Value: b.token})
	}
	rec := httptest.NewRecorder()
	b.w.LoadAndSave(http.HandlerFunc(h)).ServeHTTP(rec, r)
	b.set = nil
	for _, c := range rec.Result().Cookies() {
		b.set, b.token = c, c.Value
		if c.MaxAge < 0 {
			b.token = ""
		}
	}
	return rec
}

func (b *browser) signIn(id int64, life session.Lifetimes) {
	b.w.Helper()
	b.visit(func(_ http.ResponseWriter, r *http.Request) { b.w.must(session.SignIn(r.Context(), id, life)) })
}

func (b *browser) who() (id int64) {
	b.w.Helper()
	b.visit(func(_ http.ResponseWriter, r *http.Request) { id = session.AccountID(r.Context()) })
	return id
}

func TestAReaderGetsNoCookie(t *testing.T) {
	w := newWorld(t, session.Options{})
	b := &browser{w: w}
	if b.who() != 0 || b.set != nil {
		t.Errorf("a reader got %v", b.set)
	}
}

func TestSigningInMakesANewTokenAndKeepsWhatWasHeld(t *testing.T) {
	w := newWorld(t, session.Options{Secure: true})
	id := w.account("a@contoh.id")
	b := &browser{w: w}
	b.visit(func(_ http.ResponseWriter, r *http.Request) { session.Put(r.Context(), "isi", "titip") })
	planted := b.token
	if planted == "" || !strings.HasPrefix(b.set.Name, "__Host-") || !b.set.Secure || !b.set.HttpOnly || b.set.SameSite != http.SameSiteLaxMode {
		t.Fatalf("cookie %v", b.set)
	}
	b.signIn(id, session.Citizen)
	if b.token == planted {
		t.Error("the token from before signing in still counts")
	}
	// Whoever planted the old token holds nothing.
	if thief := (&browser{w: w, token: planted}); thief.who() != 0 {
		t.Error("the old token is signed in")
	}
	b.visit(func(_ http.ResponseWriter, r *http.Request) {
		if session.GetString(r.Context(), "isi") != "titip" || session.AccountID(r.Context()) != id {
			t.Error("signing in lost what the browser held")
		}
	})
	signedIn := b.token
	b.visit(func(_ http.ResponseWriter, r *http.Request) { w.must(session.Renew(r.Context())) })
	if thief := (&browser{w: w, token: signedIn}); b.token == signedIn || b.who() != id || thief.who() != 0 {
		t.Error("a renewed session is lost, or its old token counts")
	}
	if n, err := pg.Scalar[int](t.Context(), w.db.Pool, `SELECT count(*) FROM authn_session WHERE position($1::bytea in token_hash) > 0 OR length(token_hash) < 32`, []byte(b.token)); err != nil || n != 0 {
		t.Errorf("tokens in the database are not hashes: %d, %v", n, err)
	}
}

func TestEverySortOfValueIsRemembered(t *testing.T) {
	w := newWorld(t, session.Options{})
	b := &browser{w: w}
	values := map[string]any{"a": "x", "b": true, "c": 7, "d": int64(8), "e": []byte{9}, "f": start.UTC()}
	b.visit(func(_ http.ResponseWriter, r *http.Request) {
		for k, v := range values {
			session.Put(r.Context(), k, v)
		}
	})
	b.visit(func(_ http.ResponseWriter, r *http.Request) {
		for k, v := range values {
			if got := session.Get(r.Context(), k); !reflect.DeepEqual(got, v) {
				t.Errorf("%s: %#v became %#v", k, v, got)
			}
		}
	})
}

func TestIdlingAndAgeEndASession(t *testing.T) {
	for name, tc := range map[string]struct {
		life session.Lifetimes
		step time.Duration
		last int // steps that it survives
	}{
		"staff idle":        {session.Staff, 30 * time.Minute, 0},
		"staff at work":     {session.Staff, 29 * time.Minute, 24}, // 11 h 36 min; 12 h 5 min is too old
		"citizen idle":      {session.Citizen, 7 * 24 * time.Hour, 0},
		"citizen each week": {session.Citizen, 6 * 24 * time.Hour, 4}, // the 30th day is the last
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, session.Options{})
			id := w.account("a@contoh.id")
			b := &browser{w: w}
			b.signIn(id, tc.life)
			for step := 1; ; step++ {
				w.clock.Advance(tc.step)
				if b.who() == id {
					continue
				}
				if step-1 != tc.last {
					t.Errorf("ended after %d steps, want %d", step-1, tc.last)
				}
				return
			}
		})
	}
}

func TestActivityIsWrittenOnceAMinute(t *testing.T) {
	w := newWorld(t, session.Options{})
	b := &browser{w: w}
	b.signIn(w.account("a@contoh.id"), session.Staff)
	seen := func() time.Time {
		at, err := pg.Scalar[time.Time](t.Context(), w.db.Pool, `SELECT seen_at FROM authn_session`)
		w.must(err)
		return at
	}
	w.clock.Advance(59 * time.Second)
	b.who()
	if !seen().Equal(start) {
		t.Error("written within the minute")
	}
	w.clock.Advance(time.Second)
	b.who()
	if !seen().Equal(start.Add(time.Minute)) {
		t.Errorf("seen at %s", seen())
	}
}

func TestOwnersListAndEndTheirSessions(t *testing.T) {
	w := newWorld(t, session.Options{})
	me, other := w.account("a@contoh.id"), w.account("b@contoh.id")
	phone, desktop, stranger := &browser{w: w}, &browser{w: w}, &browser{w: w}
	phone.signIn(me, session.Citizen)
	w.clock.Advance(time.Minute)
	desktop.signIn(me, session.Citizen)
	stranger.signIn(other, session.Citizen)
	list, err := session.List(t.Context(), w.db.Pool, me, w.clock.Now())
	w.must(err)
	if len(list) != 2 || list[0].Device != "Chrome di Android" || !list[1].CreatedAt.Equal(start) {
		t.Fatalf("list %+v", list)
	}
	if err := session.Revoke(t.Context(), w.db.Pool, other, list[1].ID); errs.KindOf(err) != errs.NotFound {
		t.Errorf("ending somebody else's session: %v", err)
	}
	w.must(session.Revoke(t.Context(), w.db.Pool, me, list[1].ID))
	if phone.who() != 0 || desktop.who() != me {
		t.Error("the wrong session ended")
	}
	phone.signIn(me, session.Citizen)
	w.must(session.EndOthers(t.Context(), w.db.Pool, me, list[0].ID))
	if phone.who() != 0 || desktop.who() != me || stranger.who() != other {
		t.Error("ending the others ended the wrong ones")
	}
}

func TestARequestUnderWayCannotReviveAnEndedSession(t *testing.T) {
	w := newWorld(t, session.Options{})
	me := w.account("a@contoh.id")
	b := &browser{w: w}
	b.signIn(me, session.Citizen)
	b.visit(func(_ http.ResponseWriter, r *http.Request) {
		w.must(session.EndOthers(r.Context(), w.db.Pool, me, 0))
		session.Put(r.Context(), "isi", "baru")
		if ok, err := session.StillValid(r.Context()); ok || err != nil {
			t.Errorf("still valid: %v, %v", ok, err)
		}
	})
	if b.who() != 0 {
		t.Error("the session came back")
	}
}

func TestSigningOutEndsTheRow(t *testing.T) {
	w := newWorld(t, session.Options{})
	me := w.account("a@contoh.id")
	b := &browser{w: w}
	b.signIn(me, session.Citizen)
	stolen := b.token
	b.visit(func(_ http.ResponseWriter, r *http.Request) { w.must(session.SignOut(r.Context())) })
	if b.token != "" || (&browser{w: w, token: stolen}).who() != 0 {
		t.Error("signed out, and still in")
	}
}

func TestAStoppedDatabaseGivesAnErrorPageNotAnAnswer(t *testing.T) {
	w := newWorld(t, session.Options{})
	b := &browser{w: w}
	b.signIn(w.account("a@contoh.id"), session.Citizen)
	w.db.Pool.Close()
	rec := b.visit(func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "rahasia") })
	if rec.Code != http.StatusServiceUnavailable || strings.Contains(rec.Body.String(), "rahasia") {
		t.Errorf("%d %q", rec.Code, rec.Body.String())
	}
}

func TestAFormThatCameTooLateIsKeptForItsSender(t *testing.T) {
	w := newWorld(t, session.Options{})
	me, other := w.account("a@contoh.id"), w.account("b@contoh.id")
	b := &browser{w: w}
	keep := func() {
		t.Helper()
		b.visit(func(_ http.ResponseWriter, r *http.Request) {
			if !session.KeepForm(r.Context(), "/akun/nama", "application/x-www-form-urlencoded", []byte("nama=Sitti")) {
				t.Error("not kept")
			}
			if session.KeepForm(r.Context(), "/x", "", make([]byte, session.MaxKept+1)) {
				t.Error("kept a body that is too large")
			}
		})
	}
	kept := func() (f session.Form, ok bool) {
		b.visit(func(_ http.ResponseWriter, r *http.Request) { f, ok = session.KeptForm(r.Context()) })
		return f, ok
	}
	b.signIn(me, session.Staff)
	w.clock.Advance(31 * time.Minute)
	keep()
	if n, err := pg.Scalar[int](t.Context(), w.db.Pool, `SELECT count(*) FROM authn_session WHERE position('Sitti'::bytea in data) > 0`); err != nil || n != 0 {
		t.Errorf("the form lies in the database as it is: %v", err)
	}
	b.signIn(other, session.Staff)
	if f, ok := kept(); ok {
		t.Errorf("somebody else was shown %+v", f)
	}
	b.signIn(me, session.Staff)
	if f, ok := kept(); !ok || string(f.Body) != "nama=Sitti" || f.Path != "/akun/nama" {
		t.Errorf("kept %+v, %v", f, ok)
	}
	w.clock.Advance(16 * time.Minute)
	if _, ok := kept(); ok {
		t.Error("kept for longer than a quarter of an hour")
	}
}

func TestStrangersCannotFillTheDatabaseWithKeptForms(t *testing.T) {
	w := newWorld(t, session.Options{})
	keep := func(b *browser, n int) (ok bool) {
		b.visit(func(_ http.ResponseWriter, r *http.Request) {
			ok = session.KeepForm(r.Context(), "/x", "", make([]byte, n))
		})
		return ok
	}
	if b := (&browser{w: w}); keep(b, 70<<10) || b.set != nil || !keep(b, 60<<10) {
		t.Error("without a session: want 60 KiB kept and 70 KiB not")
	}
	b := &browser{w: w}
	b.signIn(w.account("a@contoh.id"), session.Staff)
	w.clock.Advance(31 * time.Minute)
	if !keep(b, 900<<10) {
		t.Error("a long text of somebody whose session ran out was lost")
	}
}

func TestPurgeLeavesWhatStillTellsWhoseFormItWas(t *testing.T) {
	w := newWorld(t, session.Options{})
	b := &browser{w: w}
	b.signIn(w.account("a@contoh.id"), session.Staff)
	for _, after := range []time.Duration{23 * time.Hour, 25 * time.Hour} {
		w.must(session.Purge(t.Context(), w.db.Pool, start.Add(session.Staff.Idle+after)))
		n, err := pg.Scalar[int](t.Context(), w.db.Pool, `SELECT count(*) FROM authn_session`)
		w.must(err)
		if (n == 1) != (after < 24*time.Hour) {
			t.Errorf("%d sessions left after %s", n, after)
		}
	}
}
