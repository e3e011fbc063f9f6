package epemerintahan

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// start is where the clock stands at first: a Tuesday morning at work.
var start = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)

const (
	kassiKassi = "73.71.13.1002"
	tidung     = "73.71.13.1001"
	rappocini  = "73.71.13"
	everywhere = "73.71"
)

var all = []authz.Permission{PermView, PermEdit, PermReveal, PermOverride, PermDelete}

// city is the module over a fresh database with a clock that the test moves.
type city struct {
	*Module
	t     testing.TB
	ctx   context.Context
	db    *pgtest.DB
	clock *clock.Fake
	count *atomic.Int64
}

func newCity(t testing.TB) *city {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	k := clock.NewFake(start)
	return &city{Module: New(Deps{DB: db.Pool, Clock: k, Box: box}), t: t, ctx: t.Context(), db: db, clock: k, count: &atomic.Int64{}}
}

// one is the single value of a query, as the owner of the database.
func one[T any](c *city, sql string, args ...any) (v T) {
	c.t.Helper()
	if err := c.db.Owner().QueryRow(c.ctx, sql, args...).Scan(&v); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func (c *city) unit(code string) int64 {
	c.t.Helper()
	return one[int64](c, `SELECT id FROM org_unit WHERE code = $1 AND valid_to IS NULL`, code)
}

// hire makes somebody with a position in a unit and permissions in it and below.
func (c *city) hire(unitCode string, ps ...authz.Permission) authz.Actor {
	c.t.Helper()
	n, unit, since := c.count.Add(1), c.unit(unitCode), c.clock.Now().AddDate(-1, 0, 0)
	name, email := fmt.Sprintf("Pegawai %d", n), fmt.Sprintf("pegawai%d@portal.test", n)
	account := one[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('pegawai', $1, $2, $3, $3) RETURNING id`, name, email, since)
	person := one[int64](c, `INSERT INTO org_person (account_id, name, staff_number, employment) VALUES ($1, $2, $3, 'pns') RETURNING id`, account, name, email)
	position := one[int64](c, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, $2, 'pelaksana') RETURNING id`, unit, fmt.Sprintf("Pelaksana %d", n))
	one[int64](c, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) VALUES ($1, $2, 'definitif', $3) RETURNING id`, position, person, since)
	if len(ps) > 0 {
		role := one[int64](c, `INSERT INTO authz_role (code, name) VALUES ($1, 'Uji') RETURNING id`, fmt.Sprintf("uji-%d", n))
		for _, p := range ps {
			one[int64](c, `INSERT INTO authz_role_permission (role_id, permission) VALUES ($1, $2) RETURNING role_id`, role, string(p))
		}
		one[int64](c, `INSERT INTO authz_grant (position_id, role_id, unit_id, valid_from, created_at) VALUES ($1, $2, $3, $4, $4) RETURNING id`, position, role, unit, since)
	}
	a, err := authn.LoadActor(c.ctx, c.db.Pool, account, c.clock.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// number is a NIK or KK that nobody has yet, that of a man born on 17 August 1985.
func (c *city) number() string { return fmt.Sprintf("737113170885%04d", c.count.Add(1)) }

// somebody is a man without blemish whom nobody has recorded.
func (c *city) somebody(relation int) NewResident {
	return NewResident{NIK: c.number(), Person: Person{
		Relation: relation, Name: fmt.Sprintf("Muh. Yusuf %d", c.count.Add(1)), Sex: Male, BirthPlace: "Makassar",
		BirthDate: time.Date(1985, 8, 17, 0, 0, 0, 0, time.UTC), Religion: 1, Education: 5, Job: 3, Marital: 2, Citizenship: 1, Permanence: 1,
	}}
}

func (c *city) home(code string) Home {
	return Home{KelurahanID: c.unit(code), RW: "3", RT: "002", Address: fmt.Sprintf("Jl. Toddopuli %d", c.count.Add(1))}
}

// household is a new family of n in a kelurahan, the first one its head.
func (c *city) household(code string, n int) NewFamily {
	f := NewFamily{Home: c.home(code), KK: c.number()}
	for i := range n {
		relation := RelationHead
		if i > 0 {
			relation = 4
		}
		f.Members = append(f.Members, c.somebody(relation))
	}
	return f
}

// add is AddFamilies that must leave no problem.
func (c *city) add(a authz.Actor, fs ...NewFamily) []AddedFamily {
	c.t.Helper()
	out, err := c.tryAdd(a, fs...)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range out {
		if len(f.Problems) > 0 {
			c.t.Fatalf("problems: %+v", f.Problems)
		}
	}
	return out
}

func (c *city) tryAdd(a authz.Actor, fs ...NewFamily) (out []AddedFamily, err error) {
	err = pg.InTx(c.ctx, c.db.Pool, func(tx pgx.Tx) (err error) {
		out, err = c.AddFamilies(c.ctx, tx, a, fs)
		return err
	})
	return out, err
}

// family is one added with n members.
func (c *city) family(a authz.Actor, code string, n int) AddedFamily {
	c.t.Helper()
	return c.add(a, c.household(code, n))[0]
}
