package epuskesmas

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// start is where the clock stands at first: a Tuesday morning.
var start = time.Date(2026, 11, 24, 6, 0, 0, 0, clock.Makassar)

// tomorrow is when the session that tests book begins.
var tomorrow = time.Date(2026, 11, 25, 8, 0, 0, 0, clock.Makassar)

const kassi = "kassi-kassi"

// house is the module over a fresh database: Puskesmas Kassi-Kassi is open, with one
// clinic A from Monday to Saturday, 08.00–12.00.
type house struct {
	*Module
	t     testing.TB
	ctx   context.Context
	db    *pgtest.DB
	clock *clock.Fake
	box   *crypt.Box
	count *atomic.Int64
	unit  int64
	poli  int64
}

// remembering is a module that remembers queues for as long as their version holds: whatever
// a test does must change it.
func remembering(d Deps) *Module {
	m := New(d)
	m.looks.life, m.boards.life, m.visits.life = 24*time.Hour, time.Second, 24*time.Hour
	return m
}

func newHouse(t testing.TB, q Quota) *house {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	k := clock.NewFake(start)
	h := &house{
		Module: remembering(Deps{DB: db.Pool, Clock: k, Box: box, BaseURL: "https://portal.test"}),
		t:      t, ctx: t.Context(), db: db, clock: k, box: box, count: &atomic.Int64{},
	}
	if err := h.EnsureSites(h.ctx); err != nil {
		t.Fatal(err)
	}
	h.unit = one[int64](h, `UPDATE epuskesmas_site SET open = true WHERE slug = $1 RETURNING unit_id`, kassi)
	h.poli = h.addPoli(KindClinic, "A", "Poli Umum", q)
	return h
}

// addPoli adds a poli with the same session every day but Sunday.
func (h *house) addPoli(kind PoliKind, letter, name string, q Quota) int64 {
	h.t.Helper()
	id := one[int64](h, `INSERT INTO epuskesmas_poli (unit_id, kind, letter, name, spoken) VALUES ($1, $2, $3, $4, $4) RETURNING id`, h.unit, kind, letter, name)
	one[int64](h, `WITH p AS (INSERT INTO epuskesmas_plan (poli_id, weekday, starts, ends, quota, quota_online, quota_jkn, quota_general, valid_from)
		SELECT $1, d, '08:00', '12:00', $2, $3, $4, $5, '2026-01-01' FROM generate_series(1, 6) d RETURNING id) SELECT count(*) FROM p`,
		id, q.All, q.Online, q.JKN, q.General)
	return id
}

func one[T any](h *house, sql string, args ...any) (v T) {
	h.t.Helper()
	if err := h.db.Owner().QueryRow(h.ctx, sql, args...).Scan(&v); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// booking is of somebody else each time.
func (h *house) booking() Booking {
	n := h.count.Add(1)
	return Booking{
		Key: fmt.Sprint("kunci-", n), PoliID: h.poli, StartsAt: tomorrow, Name: "Pasien Nomor Satu",
		BirthDate: time.Date(1980, 1, 1+int(n%300), 0, 0, 0, 0, clock.Makassar), Payer: General,
		Contact: fmt.Sprintf("pasien%d@contoh.id", n), Origin: OriginOnline,
	}
}

func (h *house) book(change func(*Booking)) BookedTicket {
	h.t.Helper()
	b := h.booking()
	if change != nil {
		change(&b)
	}
	out, err := h.Book(h.ctx, authz.Actor{}, b)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// hire makes somebody with a position in a unit and permissions in it and below.
func (h *house) hire(unitCode string, ps ...authz.Permission) authz.Actor {
	h.t.Helper()
	n, since := h.count.Add(1), h.clock.Now().AddDate(-1, 0, 0)
	unit := one[int64](h, `SELECT id FROM org_unit WHERE code = $1`, unitCode)
	email := fmt.Sprintf("pegawai%d@portal.test", n)
	account := one[int64](h, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		VALUES ('pegawai', $1, $2, $3, $3) RETURNING id`, fmt.Sprintf("Pegawai %d", n), email, since)
	person := one[int64](h, `INSERT INTO org_person (account_id, name, staff_number, employment) VALUES ($1, $2, $3, 'pns') RETURNING id`,
		account, fmt.Sprintf("Pegawai %d", n), email)
	position := one[int64](h, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, $2, 'pelaksana') RETURNING id`,
		unit, fmt.Sprintf("Pelaksana %d", n))
	one[int64](h, `INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) VALUES ($1, $2, 'definitif', $3) RETURNING id`,
		position, person, since)
	role := one[int64](h, `INSERT INTO authz_role (code, name) VALUES ($1, 'Uji') RETURNING id`, fmt.Sprintf("uji-%d", n))
	for _, p := range ps {
		one[int64](h, `INSERT INTO authz_role_permission (role_id, permission) VALUES ($1, $2) RETURNING role_id`, role, string(p))
	}
	one[int64](h, `INSERT INTO authz_grant (position_id, role_id, unit_id, valid_from, created_at) VALUES ($1, $2, $3, $4, $4) RETURNING id`,
		position, role, unit, since)
	a, err := authn.LoadActor(h.ctx, h.db.Pool, account, h.clock.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}
