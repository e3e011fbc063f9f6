package bench

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

const (
	// growthEvidence is what a dashboard may take longer with a hundred times the ledger.
	growthEvidence = 1.5
	stepsEach      = 1000 // of a person
	stepsOpen      = 3000
	stepsFolded    = 4000 // for the cost of one
)

// workbook is a portal over a work ledger of its own.
type workbook struct {
	name   string // of its database
	db     *pgxpool.Pool
	box    *crypt.Box
	portal *process
	person int64
	// Somebody's with a desk, and that of who sees the figures of the whole city.
	own, city http.RoundTripper
}

// evidence measures the dashboards of Kuciniki over ten million steps of work against a
// hundred thousand, and what it costs to take a new step into the sums.
func (b *run) evidence(ctx context.Context) error {
	few, many := 100_000, 10_000_000
	if b.Short {
		many = 1_000_000
	}
	var books [2]*workbook
	var cost [2]stepCost
	for side, n := range []int{few, many} {
		w, err := b.workbook(ctx, fmt.Sprintf("bench_evidence_%d", side), n)
		if err != nil {
			return err
		}
		defer w.close()
		if cost[side], err = w.fold(ctx, n); err != nil {
			return err
		}
		if w.portal, err = startPortal(ctx, b.Binary, b.dirOf(w.name), b.server.URL(w.name, "portal_app")); err != nil {
			return err
		}
		books[side] = w
	}
	b.heading(fmt.Sprintf("Evidence from the work ledger: %d and %d steps", few, many))
	grown := float64(cost[1].fold) / float64(cost[0].fold)
	b.claim("a new step is taken into the sums", cost[1].fold.String(), fmt.Sprintf("few %s: × %.2f", cost[0].fold, grown), fmt.Sprintf("≤ × %.2f", growthEvidence), grown <= growthEvidence)
	b.note("and sealed before, as most polls do", cost[1].seal.String(), fmt.Sprintf("few %s", cost[0].seal))
	var pages []staffPage
	for _, p := range []struct {
		what, path, shows string
		city              bool
	}{
		{"the city on one screen", "/meja/kuciniki/angka", "Layanan dalam standar", true},
		{"the services behind a figure", "/meja/kuciniki/angka/layanan", "Layanan yang selesai", true},
		{"one's own evidence", "/meja/kuciniki/bukti", "Lama pekerjaan", false},
		{"the steps behind a figure", "/meja/kuciniki/bukti/{orang}/E1", "Langkah yang dihitung", false},
		{"what lies on the desks below", "/meja/kuciniki/pekerjaan-tim", "Pekerjaan tim", false},
	} {
		page := staffPage{what: p.what, most: growthEvidence}
		for side, w := range books {
			v := visit{as: w.own, addresses: []string{w.portal.URL + strings.Replace(p.path, "{orang}", strconv.FormatInt(w.person, 10), 1)}, shows: []string{p.shows}}
			if p.city {
				v.as = w.city
			}
			page.sides[side] = v
		}
		pages = append(pages, page)
	}
	return b.staffPages(pages)
}

// workbook fills a database with n steps of work and what they sum up to.
func (b *run) workbook(ctx context.Context, name string, n int) (_ *workbook, err error) {
	b.say("filling the work ledger with %d steps", n)
	if err := b.fresh(ctx, name); err != nil {
		return nil, err
	}
	w := &workbook{name: name}
	if w.box, err = b.box(name); err != nil {
		return nil, err
	}
	if w.db, err = pg.Open(ctx, b.server.URL(name, "portal_app"), pg.Options{StatementTimeout: time.Minute}); err != nil {
		return nil, err
	}
	return w, w.fill(ctx, b.server.URL(name, pglocal.Superuser), n)
}

func (w *workbook) close() {
	if w.portal != nil {
		_ = w.portal.stop()
	}
	w.db.Close()
}

func (w *workbook) fill(ctx context.Context, url string, n int) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'`); err != nil {
		return err
	}
	tables := []string{"work_event", "audit_seal", "kuciniki_tally", "kuciniki_unit_tally", "kuciniki_whole", "kuciniki_lag", "kuciniki_pace", "kuciniki_day", "kuciniki_open", "kuciniki_service"}
	again, err := dropIndexes(ctx, conn, tables...)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, fillOffices); err != nil {
		return err
	}
	var seat, unit, root int64
	if err := conn.QueryRow(ctx, `SELECT position_id, unit_id, (SELECT id FROM org_unit WHERE parent_id IS NULL) FROM bench_offices WHERE n = 20`).Scan(&seat, &unit, &root); err != nil {
		return err
	}
	var account, reader int64
	if err := conn.QueryRow(ctx, sqlMailPerson, seat).Scan(&account, &w.person); err != nil {
		return err
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{fillSteps, []any{n, n / stepsEach, w.person, seat, unit}}, {fillSeals, nil}, {fillFolded, nil}, {fillTallies, nil}, {fillServices, nil}, {fillUnitTallies, nil}, {fillWhole, nil}, {fillLags, nil}, {fillPaces, nil}, {fillDays, nil},
		{fillOpen, []any{stepsOpen, seat}},
	} {
		if _, err := conn.Exec(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("fill the work ledger: %w", err)
		}
	}
	for _, t := range tables {
		again = append(again, "VACUUM "+t)
	}
	for _, sql := range append(again, "ANALYZE", "CHECKPOINT") {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%.60s: %w", sql, err)
		}
	}
	if err := conn.QueryRow(ctx, sqlBenchReader, root, []string{string(kuciniki.PermFigures)}).Scan(&reader); err != nil {
		return err
	}
	if w.own, err = signedIn(ctx, w.db, w.box, account); err != nil {
		return err
	}
	w.city, err = signedIn(ctx, w.db, w.box, reader)
	return err
}

// stepCost is what one new step costs: to be sealed, and to be taken into the sums.
type stepCost struct{ seal, fold time.Duration }

// fold measures new steps after n, many at once.
func (w *workbook) fold(ctx context.Context, n int) (c stepCost, err error) {
	due := time.Now().Add(time.Hour)
	steps := make([]workledger.Past, stepsFolded)
	for i := range steps {
		since := time.Now().Add(-time.Hour)
		steps[i].Event = workledger.Event{
			Actor: authz.Actor{PersonID: 1_000_001 + int64(i%100)}, UnitID: 1, Module: "eoffice", Kind: "naskah_paraf", Object: "eoffice_letter", ObjectID: int64(n + i/2 + 1),
			Outcome: "menunggu_ttd", StartedAt: &since, DueAt: &due, WorkingMinutes: 60, Strata: map[string]string{"jenis": "SD", "urgensi": "biasa"},
		}
	}
	if err := workledger.Tell(ctx, w.db, steps); err != nil {
		return c, err
	}
	began := time.Now()
	if err := (&audit.Sealer{Pool: w.db, Box: w.box}).SealNew(ctx); err != nil {
		return c, err
	}
	c.seal = time.Since(began) / stepsFolded
	began = time.Now()
	folded, err := evidence.New(evidence.Deps{DB: w.db, Clock: clock.System{}}).Fold(ctx)
	if err == nil && folded != stepsFolded {
		err = fmt.Errorf("%d steps came into the sums, not %d", folded, stepsFolded)
	}
	c.fold = time.Since(began) / stepsFolded
	return c, err
}
