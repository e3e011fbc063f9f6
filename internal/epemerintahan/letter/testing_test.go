package letter

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
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

const (
	kassiKassi = "73.71.13.1002"
	tidung     = "73.71.13.1001"
	rappocini  = "73.71.13"
	everywhere = "73.71"
)

// city is the module over a fresh database with a clock that the test moves.
// Everything is real but the way in which the signer or the store may be made to fail.
type city struct {
	*Module
	t      testing.TB
	ctx    context.Context
	db     *pgtest.DB
	clock  *clock.Fake
	count  *atomic.Int64
	signer *faultySigner
	store  *faultyStore
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

// faultyStore refuses to keep while broken.
type faultyStore struct {
	blob.Store
	broken atomic.Bool
	kept   atomic.Int64 // files there now
}

func (s *faultyStore) Delete(ctx context.Context, key string) error {
	s.kept.Add(-1)
	return s.Store.Delete(ctx, key)
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
	c := &city{t: t, ctx: t.Context(), db: db, clock: k, count: &atomic.Int64{}, signer: &faultySigner{Signer: own}, store: &faultyStore{Store: files}}
	residents := epemerintahan.New(epemerintahan.Deps{DB: db.Pool, Clock: k, Box: box})
	c.Module = New(Deps{
		DB: db.Pool, Clock: k, Box: box, Blobs: c.store, Residents: residents, Signer: c.signer,
		Scans: media.New(media.Options{Clock: k}), BaseURL: "https://portal.test",
	})
	if err := c.EnsureKinds(c.ctx); err != nil {
		t.Fatal(err)
	}
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

// hire makes somebody in a position of a kind in a unit, with permissions in it and
// below. "kepala" takes the unit's own post.
func (c *city) hire(kind, unitCode string, ps ...authz.Permission) authz.Actor {
	c.t.Helper()
	n, unit, since := c.count.Add(1), c.unit(unitCode), c.clock.Now().AddDate(-1, 0, 0)
	name, email := fmt.Sprintf("Pegawai %d", n), fmt.Sprintf("pegawai%d@portal.test", n)
	account := one[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at) VALUES ('pegawai', $1, $2, $3, $3) RETURNING id`, name, email, since)
	person := one[int64](c, `INSERT INTO org_person (account_id, name, staff_number, rank, employment) VALUES ($1, $2, $3, 'Penata (III/c)', 'pns') RETURNING id`,
		account, name, fmt.Sprintf("19800101200501%04d", n))
	var position int64
	if kind == "kepala" {
		position = one[int64](c, `SELECT id FROM org_position WHERE unit_id = $1 AND kind = 'kepala'`, unit)
	} else {
		position = one[int64](c, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, $2, $3) RETURNING id`, unit, fmt.Sprintf("%s %d", kind, n), kind)
	}
	one[int64](c, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) VALUES ($1, $2, 'definitif', $3) RETURNING id`, position, person, since)
	if len(ps) > 0 {
		role := one[int64](c, `INSERT INTO authz_role (code, name) VALUES ($1, 'Uji') RETURNING id`, fmt.Sprintf("uji-%d", n))
		for _, p := range ps {
			one[int64](c, `INSERT INTO authz_role_permission (role_id, permission) VALUES ($1, $2) RETURNING role_id`, role, string(p))
		}
		one[int64](c, `INSERT INTO authz_grant (position_id, role_id, unit_id, valid_from, created_at) VALUES ($1, $2, $3, $4, $4) RETURNING id`, position, role, unit, since)
	}
	return c.actor(account)
}

// citizen makes a citizen's account.
func (c *city) citizen() authz.Actor {
	c.t.Helper()
	n := c.count.Add(1)
	return c.actor(one[int64](c, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		VALUES ('warga', $1, $2, $3, $3) RETURNING id`, fmt.Sprintf("Warga %d", n), fmt.Sprintf("warga%d@contoh.id", n), c.clock.Now()))
}

func (c *city) actor(account int64) authz.Actor {
	c.t.Helper()
	a, err := authn.LoadActor(c.ctx, c.db.Pool, account, c.clock.Now())
	c.must(err)
	return a
}

// staffed are the people of one kelurahan and its kecamatan.
type staffed struct{ operator, secretary, lurah, camat authz.Actor }

func (c *city) office(code string) (s staffed) {
	c.t.Helper()
	s = staffed{
		operator:  c.hire("pelaksana", code, PermView, PermCheck, PermIdentity, epemerintahan.PermView, epemerintahan.PermEdit),
		secretary: c.hire("sekretaris", code, PermView, PermParaf, PermCheck),
		lurah:     c.hire("kepala", code, PermView, PermSign),
	}
	if one[int](c, `SELECT count(*) FROM org_occupancy o JOIN org_position p ON p.id = o.position_id WHERE p.unit_id = $1 AND p.kind = 'kepala'`, c.unit(rappocini)) == 0 {
		s.camat = c.hire("kepala", rappocini, PermView, PermSign)
	}
	return s
}

// resident is a man of 41 with a family of his own in a kelurahan, and its other members.
func (c *city) resident(a authz.Actor, code string, change func(*epemerintahan.NewFamily)) []int64 {
	c.t.Helper()
	number := func() string { return fmt.Sprintf("737113170885%04d", c.count.Add(1)) }
	somebody := func(relation int, name string) epemerintahan.NewResident {
		return epemerintahan.NewResident{NIK: number(), Person: epemerintahan.Person{
			Relation: relation, Name: name, Sex: epemerintahan.Male, BirthPlace: "Makassar", BirthDate: time.Date(1985, 8, 17, 0, 0, 0, 0, time.UTC),
			Religion: 1, Education: 5, Job: 3, Marital: 2, Citizenship: 1, Permanence: 1,
		}}
	}
	f := epemerintahan.NewFamily{
		Home: epemerintahan.Home{KelurahanID: c.unit(code), RW: "3", RT: "2", Address: fmt.Sprintf("Jl. Toddopuli %d", c.count.Add(1))}, KK: number(),
		Members: []epemerintahan.NewResident{
			somebody(1, fmt.Sprintf("Muh. Yusuf Daeng Nai %d", c.count.Add(1))), somebody(4, fmt.Sprintf("Andi Rahmat %d", c.count.Add(1))),
		},
	}
	if change != nil {
		change(&f)
	}
	var out []epemerintahan.AddedFamily
	c.must(pg.InTx(c.ctx, c.db.Pool, func(tx pgx.Tx) (err error) {
		out, err = c.residents.AddFamilies(c.ctx, tx, a, []epemerintahan.NewFamily{f})
		return err
	}))
	if len(out[0].Problems) > 0 {
		c.t.Fatalf("problems: %+v", out[0].Problems)
	}
	return out[0].Residents
}

// entry is a letter of a kind about a resident, complete.
func (c *city) entry(code string, kelurahan string, resident int64) Entry {
	c.t.Helper()
	k, err := c.KindFor(c.ctx, c.unit(kelurahan), code)
	c.must(err)
	e := Entry{KelurahanID: c.unit(kelurahan), Code: code, Subject: Person{ResidentID: resident}, Values: k.SampleValues(c.clock.Now())}
	for _, r := range k.Requirements {
		e.Checked = append(e.Checked, r.Name)
	}
	return e
}

// electronic lets a kind be signed electronically in a kelurahan.
func (c *city) electronic(kelurahan, code string) {
	c.t.Helper()
	c.exec(`INSERT INTO epemerintahan_kind_version (code, unit_id, version, definition, created_at)
		SELECT code, $2, 1 + (SELECT count(*) FROM epemerintahan_kind_version WHERE code = $1 AND unit_id = $2), jsonb_set(definition, '{mode}', '"tte"'), $3
		FROM epemerintahan_kind_version WHERE code = $1 AND unit_id IS NULL ORDER BY version DESC LIMIT 1`, code, c.unit(kelurahan), c.clock.Now())
}

// enter is a domicile letter in a kelurahan, waiting for the paraf.
func (c *city) enter(s staffed, kelurahan string) int64 {
	c.t.Helper()
	id, err := c.Enter(c.ctx, s.operator, c.entry("DOM", kelurahan, c.resident(s.operator, kelurahan, nil)[0]))
	c.must(err)
	return id
}

// toSign leads an entered letter to the lurah, who reads it.
func (c *city) toSign(s staffed, id int64) {
	c.t.Helper()
	c.must(c.Do(c.ctx, s.secretary, ActParaf, Act{ID: id}))
	_, err := c.View(c.ctx, s.lurah, id)
	c.must(err)
}

// sign signs as somebody who has read.
func (c *city) sign(a authz.Actor, id int64) SignResult {
	c.t.Helper()
	return c.Sign(c.ctx, a, []Act{{ID: id}}, Secret{})[0]
}

// state is the row as the database has it.
func (c *city) state(id int64) State {
	c.t.Helper()
	v, err := pg.One[Case](c.ctx, c.db.Pool, sqlCase, id)
	c.must(err)
	return v.State
}
