package eoffice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// start is where the clock of a city stands at first: a Tuesday morning at work.
var start = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

// city is the module over a fresh database with a clock that the test moves. Everything is
// real but the way in which the signer may be made to fail.
type city struct {
	*Module
	t      testing.TB
	ctx    context.Context
	db     *pgtest.DB
	clock  *clock.Fake
	count  *atomic.Int64
	signer *faultySigner
}

// faultySigner is the portal's own authority, and fails where a test says so.
type faultySigner struct {
	sign.Signer
	before atomic.Pointer[func(sign.Request) error]
	signed atomic.Int64
}

func (s *faultySigner) Sign(ctx context.Context, r sign.Request) ([]byte, error) {
	if f := s.before.Load(); f != nil {
		if err := (*f)(r); err != nil {
			return nil, err
		}
	}
	s.signed.Add(1)
	return s.Signer.Sign(ctx, r)
}

func newCity(t testing.TB) *city {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.Open("file://" + t.TempDir() + "?sync=off")
	if err != nil {
		t.Fatal(err)
	}
	k := clock.NewFake(start)
	own, err := sign.Open("", sign.NewAuthority(db.Pool, box, k, "Portal Uji"))
	if err != nil {
		t.Fatal(err)
	}
	c := &city{t: t, ctx: t.Context(), db: db, clock: k, count: &atomic.Int64{}, signer: &faultySigner{Signer: own}}
	c.Module = New(Deps{
		DB: db.Pool, Clock: k, Box: box, Blobs: files, Signer: c.signer, Scans: media.New(media.Options{Clock: k}), BaseURL: "https://portal.test",
	})
	return c
}

// one is the single value of a query, as the owner of the database.
func one[T any](c *city, sql string, args ...any) (v T) {
	c.t.Helper()
	if err := c.db.Owner().QueryRow(c.ctx, sql, args...).Scan(&v); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func (c *city) exec(sql string, args ...any) {
	c.t.Helper()
	if _, err := c.db.Owner().Exec(c.ctx, sql, args...); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
}

func (c *city) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *city) unit(code string) int64 {
	c.t.Helper()
	return one[int64](c, `SELECT id FROM org_unit WHERE code = $1 AND valid_to IS NULL`, code)
}

// worker is somebody at a desk.
type worker struct {
	authz.Actor
	desk int64
}

// hire makes somebody in a position of a kind in a unit, below a superior, with permissions
// in the unit. "kepala" takes the unit's own post.
func (c *city) hire(kind, unitCode string, superior int64, ps ...authz.Permission) worker {
	c.t.Helper()
	n, unit, since := c.count.Add(1), c.unit(unitCode), c.clock.Now().AddDate(-1, 0, 0)
	var position int64
	if kind == "kepala" {
		position = one[int64](c, `UPDATE org_position SET superior_id = NULLIF($2::bigint, 0) WHERE unit_id = $1 AND kind = 'kepala' RETURNING id`, unit, superior)
	} else {
		position = one[int64](c, `INSERT INTO org_position (unit_id, title, kind, superior_id) VALUES ($1, $2, $3, NULLIF($4::bigint, 0)) RETURNING id`,
			unit, fmt.Sprintf("%s %d", kind, n), kind, superior)
	}
	if len(ps) > 0 {
		role := one[int64](c, `INSERT INTO authz_role (code, name) VALUES ($1, 'Uji') RETURNING id`, fmt.Sprintf("uji-%d", n))
		for _, p := range ps {
			one[int64](c, `INSERT INTO authz_role_permission (role_id, permission) VALUES ($1, $2) RETURNING role_id`, role, string(p))
		}
		one[int64](c, `INSERT INTO authz_grant (position_id, role_id, unit_id, valid_from, created_at) VALUES ($1, $2, $3, $4, $4) RETURNING id`, position, role, unit, since)
	}
	return c.seat(position, "definitif", since, nil)
}

// seat puts somebody new at a desk.
func (c *city) seat(position int64, kind string, from time.Time, until *time.Time) worker {
	c.t.Helper()
	n := c.count.Add(1)
	name, email := fmt.Sprintf("Pegawai %d", n), fmt.Sprintf("pegawai%d@portal.test", n)
	account := one[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('pegawai', $1, $2, $3, $3) RETURNING id`, name, email, c.clock.Now().AddDate(-1, 0, 0))
	person := one[int64](c, `INSERT INTO org_person (account_id, name, staff_number, rank, employment) VALUES ($1, $2, $3, 'Penata (III/c)', 'pns') RETURNING id`,
		account, name, fmt.Sprintf("19800101200501%04d", n))
	one[int64](c, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`, position, person, kind, from, until)
	return worker{c.actor(account), position}
}

func (c *city) actor(account int64) authz.Actor {
	c.t.Helper()
	a, err := authn.LoadActor(c.ctx, c.db.Pool, account, c.clock.Now())
	c.must(err)
	return a
}

// people of two offices: Dinas PU writes, Bappeda and Dinas Perhubungan receive.
type people struct {
	drafter, verifier, second, head, clerk worker // of Dinas PU
	other, otherClerk, stranger            worker // head and clerk of Bappeda; somebody of it
	third                                  worker // head of Dinas Perhubungan
}

func (c *city) people() (p people) {
	c.t.Helper()
	p.head = c.hire("kepala", "DPU", 0)
	p.second = c.hire("sekretaris", "DPU", p.head.desk)
	p.verifier = c.hire("struktural", "DPU", p.second.desk)
	p.drafter = c.hire("pelaksana", "DPU", p.verifier.desk)
	p.clerk = c.hire("pelaksana", "DPU", p.second.desk, PermRegister)
	p.other = c.hire("kepala", "BAPPEDA", 0)
	p.otherClerk = c.hire("pelaksana", "BAPPEDA", p.other.desk, PermRegister)
	p.stranger = c.hire("pelaksana", "BAPPEDA", p.other.desk)
	p.third = c.hire("kepala", "DISHUB", 0)
	return p
}

// draft is a complete letter of Dinas PU to Bappeda, two paraf and a signature.
func (p people) draft() Draft {
	return Draft{
		Content: Content{Subject: "Perbaikan drainase", Body: "<p>Bersama ini disampaikan rencana perbaikan drainase Toddopuli.</p>"},
		Secrecy: Open, Urgency: Ordinary, KKA: "600.1", Mode: Electronic,
		Chain: []Link{{PositionID: p.verifier.desk, Duty: Paraf}, {PositionID: p.second.desk, Duty: Paraf}, {PositionID: p.head.desk, Duty: Sign}},
		To:    []Addressee{{PositionID: p.other.desk}}, CC: []Addressee{{PositionID: p.third.desk}},
	}
}

// begin starts a letter and keeps a draft in it.
func (c *city) begin(p people, d Draft) int64 {
	c.t.Helper()
	id, err := c.Begin(c.ctx, p.drafter.Actor, "SD", p.drafter.desk, fmt.Sprint("kunci-", c.count.Add(1)))
	c.must(err)
	_, err = c.SaveDraft(c.ctx, p.drafter.Actor, id, 0, d)
	c.must(err)
	return id
}

func (c *city) submit(p people, d Draft) int64 {
	c.t.Helper()
	id := c.begin(p, d)
	_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	return id
}

// paraf opens a letter and agrees to it.
func (c *city) paraf(w worker, id int64) {
	c.t.Helper()
	c.open(w, id)
	_, err := c.Paraf(c.ctx, w.Actor, Act{ID: id})
	c.must(err)
}

func (c *city) open(w worker, id int64) Detail {
	c.t.Helper()
	d, err := c.Open(c.ctx, w.Actor, id)
	c.must(err)
	return d
}

// toSign leads a submitted letter to its signer, who opens it.
func (c *city) toSign(p people, id int64) {
	c.t.Helper()
	c.paraf(p.verifier, id)
	c.paraf(p.second, id)
	c.open(p.head, id)
}

func (c *city) sign(w worker, id int64) SignResult {
	c.t.Helper()
	return c.Sign(c.ctx, w.Actor, []Act{{ID: id}}, Passphrase{})[0]
}

// sent is a letter that was signed and went out.
func (c *city) sent(p people, d Draft) int64 {
	c.t.Helper()
	id := c.submit(p, d)
	c.toSign(p, id)
	c.must(c.sign(p.head, id).Err)
	if c.state(id).Status == Signed {
		_, err := c.Send(c.ctx, p.clerk.Actor, Act{ID: id})
		c.must(err)
	}
	return id
}

// state is the row as the database has it.
func (c *city) state(id int64) State {
	c.t.Helper()
	v, err := readCase(c.ctx, c.db.Pool, id, 0, c.clock.Now())
	c.must(err)
	return v.State
}

// recipient is the row of who a letter went to.
func (c *city) recipient(id, desk int64) Recipient {
	c.t.Helper()
	all, err := pg.Many[Recipient](c.ctx, c.db.Pool, sqlRecipients, id)
	c.must(err)
	for _, r := range all {
		if r.PositionID == desk {
			return r
		}
	}
	c.t.Fatalf("letter %d does not go to %d", id, desk)
	return Recipient{}
}

// paperOf is a PDF of a letter as somebody gets it.
func (c *city) paperOf(w worker, id int64, which Paper) []byte {
	c.t.Helper()
	r, err := c.OpenPaper(c.ctx, w.Actor, id, which)
	c.must(err)
	return all(c.t, r)
}

// all is what a file holds.
func all(t testing.TB, r io.ReadCloser) []byte {
	t.Helper()
	b, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return b
}
