package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// register is the module over a database of its own, without the portal around it.
type register struct {
	*epemerintahan.Module
	db        *pgxpool.Pool
	box       *crypt.Box
	kelurahan int64
	camat     authz.Actor
	operator  authz.Actor
}

// register makes a database with n residents, evenly spread over the city's kelurahan.
func (b *run) register(ctx context.Context, name string, n int, tracer pgx.QueryTracer) (_ *register, err error) {
	if err := b.fresh(ctx, name); err != nil {
		return nil, err
	}
	r := &register{}
	if r.box, err = crypt.New([]byte(strings.Repeat("b", 32))); err != nil {
		return nil, err
	}
	if r.db, err = pg.Open(ctx, b.server.URL(name, "portal_app"), pg.Options{StatementTimeout: time.Minute, Tracer: tracer}); err != nil {
		return nil, err
	}
	dir := filepath.Join(b.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	blobs, err := blob.Open("file://" + dir)
	if err != nil {
		return nil, err
	}
	r.Module = epemerintahan.New(epemerintahan.Deps{DB: r.db, Clock: clock.System{}, Box: r.box, Blobs: blobs})
	if n > 0 {
		if err := r.fill(ctx, b.server.URL(name, pglocal.Superuser), n); err != nil {
			return nil, err
		}
	}
	return r, r.hire(ctx, b.server.URL(name, pglocal.Superuser))
}

// hire makes somebody who may do everything in one kelurahan, and in its kecamatan.
func (r *register) hire(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var account, kecamatan int64
	if err := conn.QueryRow(ctx, sqlBenchAccount).Scan(&account); err != nil {
		return err
	}
	if err := conn.QueryRow(ctx, sqlBenchKelurahan).Scan(&r.kelurahan, &kecamatan); err != nil {
		return err
	}
	in := func(unit int64) authz.Actor {
		a := authz.Actor{AccountID: account, Kind: authz.Staff, Name: "Ukur"}
		for _, p := range []authz.Permission{epemerintahan.PermView, epemerintahan.PermEdit, epemerintahan.PermImport} {
			a.Grants = append(a.Grants, authz.Grant{Permission: p, UnitID: unit})
		}
		return a
	}
	r.operator, r.camat = in(r.kelurahan), in(kecamatan)
	return nil
}

// fill puts n residents in families of four into the register, with their events. Four
// numbers of each kelurahan's first families are such as can be looked for.
func (r *register) fill(ctx context.Context, url string, n int) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`); err != nil {
		return err
	}
	tables := []string{"epemerintahan_family", "epemerintahan_kk", "epemerintahan_resident", "epemerintahan_event"}
	again, err := dropIndexes(ctx, conn, tables...)
	if err != nil {
		return err
	}
	nik, kk := r.box.Seal("7371130101850001", "epemerintahan.nik"), r.box.Seal("7371130101100001", "epemerintahan.kk")
	for _, step := range []struct {
		sql  string
		args []any
	}{{sqlFillFamilies, []any{n / 4, kk}}, {sqlFillKK, []any{kk}}, {sqlFillResidents, []any{nik}}, {sqlFillLives, nil}} {
		if _, err := conn.Exec(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("fill the register: %w", err)
		}
	}
	for _, t := range tables {
		again = append(again, "VACUUM ANALYZE "+t)
	}
	for _, sql := range again {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%.60s: %w", sql, err)
		}
	}
	return r.known(ctx, conn)
}

// someKnown residents have numbers that the module can look up.
const someKnown = 50

func number(i int) string { return fmt.Sprintf("737113170885%04d", i+1) }

func (r *register) known(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, sqlSomeResidents, someKnown)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Resident, Family int64 }])
	if err != nil {
		return err
	}
	for i, f := range found {
		nik, kk := r.box.Hash("epemerintahan.nik", number(i)), r.box.Hash("epemerintahan.kk", number(i))
		if _, err := conn.Exec(ctx, `UPDATE epemerintahan_resident SET nik_hash = $2 WHERE id = $1`, f.Resident, nik); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, `UPDATE epemerintahan_kk SET kk_hash = $2 WHERE family_id = $1`, f.Family, kk); err != nil {
			return err
		}
	}
	return nil
}

func (r *register) close() { r.db.Close() }

// residents measures the search in one kelurahan of a city of a million against one of
// ten thousand, by the use case itself, the trail included.
func (b *run) residents(ctx context.Context) error {
	few, many := 10_000, 1_000_000
	if b.Short {
		many = 200_000
	}
	b.say("filling two registers with %d and %d residents", few, many)
	small, err := b.register(ctx, "bench_residents_small", few, nil)
	if err != nil {
		return err
	}
	defer small.close()
	large, err := b.register(ctx, "bench_residents_large", many, nil)
	if err != nil {
		return err
	}
	defer large.close()
	b.heading(fmt.Sprintf("Residents: %d and %d in the city, search in one kelurahan", few, many))
	for _, c := range []struct {
		what string
		text func(i int) string
	}{
		{"by a name", func(i int) string { return firstNames[i%len(firstNames)] + " " + lastNames[i*7%len(lastNames)] }},
		{"by a misspelt name", func(i int) string {
			return misspelt(firstNames[i%len(firstNames)]) + " " + misspelt(lastNames[i*7%len(lastNames)])
		}},
		{"by a NIK", number}, {"by a KK number", number},
		{"by an address", func(i int) string { return fmt.Sprintf("Jl. Toddopuli %d", i%40+1) }},
		{"all, first page", func(int) string { return "" }},
	} {
		b.say("searching %s", c.what)
		var figures [2][]time.Duration
		for side, r := range []*register{small, large} {
			f := epemerintahan.Filter{KelurahanID: r.kelurahan}
			if figures[side], err = repeat(b.one, func(i int) error {
				f.Text = c.text(i % someKnown)
				_, err := r.Search(ctx, r.operator, f, nil)
				return err
			}); err != nil {
				return err
			}
		}
		b.beside("search "+c.what, figures)
	}
	for _, c := range []struct {
		what string
		do   func(*register) error
	}{
		{"statistics of a kelurahan", func(r *register) error {
			_, err := r.Figures(ctx, r.operator, epemerintahan.Area{UnitID: r.kelurahan})
			return err
		}},
		{"statistics of a kecamatan", func(r *register) error { _, err := r.Figures(ctx, r.camat, epemerintahan.Area{}); return err }},
		{"monthly report of a kelurahan", func(r *register) error {
			_, err := r.MonthlyReport(ctx, r.operator, epemerintahan.Area{UnitID: r.kelurahan}, time.Now(), epemerintahan.ByEvent)
			return err
		}},
		{"monthly report of a kecamatan", func(r *register) error {
			_, err := r.MonthlyReport(ctx, r.camat, epemerintahan.Area{}, time.Now(), epemerintahan.ByEvent)
			return err
		}},
		{"register book, a page", func(r *register) error {
			_, err := r.Book(ctx, r.operator, epemerintahan.BookFilter{Area: epemerintahan.Area{UnitID: r.kelurahan}}, nil)
			return err
		}},
	} {
		b.say("reading %s", c.what)
		var figures [2][]time.Duration
		for side, r := range []*register{small, large} {
			if figures[side], err = repeat(b.one, func(int) error { return c.do(r) }); err != nil {
				return err
			}
		}
		b.beside(c.what, figures)
	}
	return nil
}

// beside notes the large register's times next to the small one's.
func (b *run) beside(what string, figures [2][]time.Duration) {
	small, large := figures[0], figures[1]
	b.note(what+", p50 and p99", ms(quantile(large, 0.5))+", "+ms(quantile(large, 0.99)),
		fmt.Sprintf("small %s, %s: p50 × %.2f", ms(quantile(small, 0.5)), ms(quantile(small, 0.99)), float64(quantile(large, 0.5))/float64(quantile(small, 0.5))))
}

// repeat does something for a while, after three times that do not count, and returns
// how long each time took, in order.
func repeat(long time.Duration, do func(i int) error) (took []time.Duration, err error) {
	for i := range 3 {
		if err := do(i); err != nil {
			return nil, err
		}
	}
	for until, i := time.Now().Add(long), 0; time.Now().Before(until) || i < 5; i++ {
		began := time.Now()
		if err := do(i); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took, nil
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// misspelt turns two letters of a word around.
func misspelt(s string) string {
	rng := rand.New(rand.NewPCG(uint64(len(s)), uint64(s[0])))
	b := []byte(s)
	if len(b) > 4 {
		i := 1 + rng.IntN(len(b)-3)
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

var (
	firstNames = strings.Fields("muhammad siti andi nurhayati abdul hasnah syamsul rahmawati irwan kasmawati baharuddin hamsinah jamaluddin mariana sudirman")
	lastNames  = strings.Fields("yusuf aminah rahman basri sitaba ngewa mappasomba rauf tahir halim marwah kanang bahri karaeng tompo said amin latif wahid nompo")
)
