package kuciniki

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// start is where the clock of a city stands at first: a Monday morning at work.
var start = time.Date(2026, 1, 12, 9, 0, 0, 0, clock.Makassar)

// city is the module over a fresh database with a clock that the test moves, and people in
// a line: sekda, kadis, kabid, staff, with a colleague, and who looks at all of them.
type city struct {
	*Module
	t     testing.TB
	ctx   context.Context
	db    *pgtest.DB
	clock *clock.Fake
	n     int

	letters                               fakeLetters
	sekda, kadis, kabid, staff, colleague worker
	bkpsdm, inspektur, stranger, mayor    worker
}

// worker is somebody in a post.
type worker struct {
	authz.Actor
	post, seat int64
}

func newCity(t testing.TB) *city {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	k := clock.NewFake(start)
	own, err := sign.Open("", sign.NewAuthority(db.Pool, box, k, "Portal Uji"))
	if err != nil {
		t.Fatal(err)
	}
	c := &city{t: t, ctx: t.Context(), db: db, clock: k, letters: fakeLetters{}}
	c.Module = New(Deps{DB: db.Pool, Clock: k, Box: box, Signer: own, Letters: c.letters})
	c.sekda = c.hire("kepala", "SETDA", 0)
	c.kadis = c.hire("kepala", "DPU", 0)
	c.kabid = c.hire("struktural", "DPU", c.kadis.post)
	c.staff = c.hire("pelaksana", "DPU", c.kabid.post)
	c.colleague = c.hire("pelaksana", "DPU", c.kabid.post)
	c.bkpsdm = c.hire("fungsional", "BKPSDM", 0, PermPersonnel)
	c.inspektur = c.hire("fungsional", "INSP", 0, PermInspect)
	c.assign(&c.inspektur)
	c.stranger = c.hire("pelaksana", "DISHUB", 0)
	c.must(c.OpenYear(c.ctx, c.bkpsdm.Actor, 2026))
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

func (c *city) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// hire makes somebody in a post since two years, below a superior, with permissions in the
// whole city. "kepala" takes the unit's own post, below whom it is already.
func (c *city) hire(kind, unitCode string, superior int64, ps ...authz.Permission) worker {
	c.t.Helper()
	c.n++
	unit := one[int64](c, `SELECT id FROM org_unit WHERE code = $1 AND valid_to IS NULL`, unitCode)
	since := start.AddDate(-2, 0, 0)
	var post int64
	if kind == "kepala" {
		post = one[int64](c, `SELECT id FROM org_position WHERE unit_id = $1 AND kind = 'kepala'`, unit)
	} else {
		post = one[int64](c, `INSERT INTO org_position (unit_id, title, kind, superior_id) VALUES ($1, $2, $3, NULLIF($4::bigint, 0)) RETURNING id`,
			unit, fmt.Sprintf("%s %d", kind, c.n), kind, superior)
	}
	if len(ps) > 0 {
		role := one[int64](c, `INSERT INTO authz_role (code, name) VALUES ($1, 'Uji') RETURNING id`, fmt.Sprintf("uji-%d", c.n))
		for _, p := range ps {
			one[int64](c, `INSERT INTO authz_role_permission (role_id, permission) VALUES ($1, $2) RETURNING role_id`, role, string(p))
		}
		one[int64](c, `INSERT INTO authz_grant (position_id, role_id, unit_id, valid_from, created_at)
			SELECT $1, $2, id, $3, $3 FROM org_unit WHERE parent_id IS NULL RETURNING id`, post, role, since)
	}
	return c.seatNew(post, "definitif", since, nil)
}

// assign lets somebody of the Inspektorat read what their permissions say, in the whole city for
// the year.
func (c *city) assign(w *worker) {
	c.t.Helper()
	root := one[int64](c, `SELECT id FROM org_unit WHERE parent_id IS NULL`)
	_, err := authz.AddAssignment(c.ctx, c.db.Pool, start, authz.NewAssignment{UnitID: w.Positions[0].UnitID, Number: "700/1/INSP", IssuedOn: start, Subject: "Pengawasan kinerja",
		From: start.AddDate(0, 0, -1), To: start.AddDate(0, 0, 360), Members: []int64{w.PersonID}, Scopes: []authz.Scope{{Module: "kuciniki", UnitID: root}}, By: w.AccountID})
	c.must(err)
	w.Actor, err = authn.LoadActor(c.ctx, c.db.Pool, w.AccountID, c.clock.Now())
	c.must(err)
}

// seatNew puts somebody new into a post.
func (c *city) seatNew(post int64, kind string, from time.Time, until *time.Time) worker {
	c.t.Helper()
	c.n++
	name, email := fmt.Sprintf("Pegawai %d", c.n), fmt.Sprintf("pegawai%d@portal.test", c.n)
	account := one[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('pegawai', $1, $2, $3, $3) RETURNING id`, name, email, start.AddDate(-1, 0, 0))
	person := one[int64](c, `INSERT INTO org_person (account_id, name, staff_number, rank, employment) VALUES ($1, $2, $3, 'Penata (III/c)', 'pns') RETURNING id`,
		account, name, fmt.Sprintf("19800101200501%04d", c.n))
	return c.seatOf(account, person, post, kind, from, until)
}

func (c *city) seatOf(account, person, post int64, kind string, from time.Time, until *time.Time) worker {
	c.t.Helper()
	seat := one[int64](c, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`, post, person, kind, from, until)
	a, err := authn.LoadActor(c.ctx, c.db.Pool, account, c.clock.Now())
	c.must(err)
	return worker{a, post, seat}
}

// indicator is an indicator that every quantitative SKP takes.
func indicator() Indicator {
	target := 12.0
	return Indicator{Slot: "kuantitas", Text: "Jumlah laporan", Target: &target, Unit: "laporan"}
}

// begin is a new SKP of w with one main RHK that serves the superior's first one.
func (c *city) begin(w worker) int64 {
	c.t.Helper()
	id, err := c.Begin(c.ctx, w.Actor, 2026, w.seat)
	c.must(err)
	p := c.plan(w, id)
	r := RHK{Kind: Main, Text: "Hasil kerja " + w.Name, Indicators: []Indicator{indicator()}}
	switch {
	case p.Elected:
		r.Basis = "RPJMD 2025–2029"
	case len(p.Above) > 0:
		r.ParentID = &p.Above[0].ID
	default:
		return id
	}
	c.must(c.SaveRHK(c.ctx, w.Actor, id, r))
	return id
}

func (c *city) plan(w worker, id int64) Plan {
	c.t.Helper()
	p, err := c.Plan(c.ctx, w.Actor, id)
	c.must(err)
	return p
}

// act takes a step of an SKP as it is now.
func (c *city) act(w worker, id int64, action Action) error {
	c.t.Helper()
	return c.Act(c.ctx, w.Actor, id, one[int](c, `SELECT seq FROM kuciniki_skp WHERE id = $1`, id), action, "Supaya lebih terukur.")
}

// agreed is an SKP of w that the rater agreed to.
func (c *city) agreed(w, rater worker) int64 {
	c.t.Helper()
	id := c.begin(w)
	c.must(c.act(w, id, ActPropose))
	c.must(c.act(rater, id, ActAgree))
	return id
}

// line agrees the SKPs from the sekda down and returns that of the staff.
func (c *city) line() int64 {
	c.t.Helper()
	c.mayor = c.hire("kepala", "73.71", 0)
	c.agreed(c.sekda, c.mayor)
	c.agreed(c.kadis, c.sekda)
	c.agreed(c.kabid, c.kadis)
	return c.agreed(c.staff, c.kabid)
}

// fakeLetters are the letters of an e-Office by number.
type fakeLetters map[string]Letter

func (f fakeLetters) Letter(_ context.Context, number string) (Letter, error) {
	l, ok := f[number]
	if !ok {
		return l, errs.New(errs.NotFound, "")
	}
	return l, nil
}

// Revoked are revoked on the 23rd of January.
func (f fakeLetters) Revoked(_ context.Context, ids []int64) (map[int64]time.Time, error) {
	out := map[int64]time.Time{}
	for _, l := range f {
		if l.Revoked && slices.Contains(ids, l.ID) {
			out[l.ID] = time.Date(2026, 1, 23, 10, 0, 0, 0, clock.Makassar)
		}
	}
	return out, nil
}
