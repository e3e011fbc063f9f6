package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	vegeta "github.com/tsenart/vegeta/v12/lib"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/migrations"
)

// What the portal promises.
const (
	ratioTarget   = 0.6 // of the bare page's requests per second
	reportsTarget = 6   // photo reports a second
	postTarget    = 200 * time.Millisecond
	growthTarget  = 1.25 // p50 with a hundred times the reports
	restTarget    = 100  // MB
	peakTarget    = 450  // MB, with 12-megapixel photos coming in from all sides
	startTarget   = time.Second
	crowd         = 500 // readers at once
	crowdTarget   = 150 // MB
)

// Options of a run.
type Options struct {
	Binary   string    // the portal
	Short    bool      // minutes instead of a quarter of an hour, and rough figures
	Only     string    // the parts whose names begin so; "" = all
	Progress io.Writer // says what is being done
}

// run is a run under way.
type run struct {
	Options
	Table
	dir          string
	small, large int           // reports in the two databases
	one          time.Duration // one measurement
	rounds       int
	rest         time.Duration // before the memory at rest is read
	server       *pglocal.Server
	// What the machine's other guests and other programs took, the worst of any part.
	stolen, others float64
}

// Run measures everything and returns the table. What misses its target is in
// the table; an error means that something could not be measured, and the table
// holds what was until then.
func Run(ctx context.Context, o Options) (_ *Table, err error) {
	b := &run{Options: o, small: 10_000, large: 1_000_000, one: 8 * time.Second, rounds: 3, rest: time.Minute}
	if o.Short {
		b.large, b.one, b.rounds = 50_000, 2*time.Second, 1
	}
	if b.dir, err = os.MkdirTemp("", "portal-bench-"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(b.dir)
	if strings.HasPrefix("queue", o.Only) {
		b.queue()
		if o.Only != "" {
			return &b.Table, nil
		}
	}
	if err := b.databases(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.server.Stop(context.WithoutCancel(ctx))) }()

	var few *process
	alone := func(part func(context.Context) error) func(context.Context, *process) error {
		return func(ctx context.Context, _ *process) error { return part(ctx) }
	}
	for _, part := range []struct {
		name string
		run  func(context.Context, *process) error
	}{
		{"reading", b.reading}, {"growth", b.growth}, {"open311", b.open311}, {"reports", b.reports}, {"start", b.starting},
		{"booking", alone(b.booking)}, {"live", alone(b.live)}, {"residents", alone(b.residents)}, {"import", alone(b.imports)}, {"letters", alone(b.letters)},
		{"offices", alone(b.offices)}, {"figures", alone(b.figures)}, {"evidence", alone(b.evidence)},
	} {
		if !b.wants(part.name) {
			continue
		}
		if few == nil && b.wantsPortal() {
			if few, err = b.portal(ctx, smallDB); err != nil {
				return nil, err
			}
			defer few.stop()
		}
		if err := ctx.Err(); err != nil {
			return &b.Table, err
		}
		before := readProcessor()
		if err := part.run(ctx, few); err != nil {
			return &b.Table, fmt.Errorf("%s: %w", part.name, err)
		}
		stolen, others := before.since()
		b.stolen, b.others = max(b.stolen, stolen), max(b.others, others)
	}
	b.machine()
	return &b.Table, nil
}

// wants tells whether a part is to be measured.
func (b *run) wants(part string) bool { return strings.HasPrefix(part, b.Only) }

// wantsPortal tells whether any part is that needs the portal and its reports.
func (b *run) wantsPortal() bool {
	return b.wants("reading") || b.wants("open311") || b.wants("growth") || b.wants("reports") || b.wants("start")
}

const (
	smallDB = "bench_small"
	largeDB = "bench_large"
)

func (b *run) say(format string, args ...any) { fmt.Fprintf(b.Progress, format+"\n", args...) }

// databases starts a durable server and fills two databases.
func (b *run) databases(ctx context.Context) (err error) {
	b.server, err = pglocal.Start(ctx, filepath.Join(b.dir, "pg"), pglocal.Options{
		Databases: []string{smallDB, largeDB}, Settings: map[string]string{"shared_buffers": "512MB", "max_wal_size": "4GB"},
	})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.server.Stop(context.WithoutCancel(ctx)))
		}
	}()
	for db, n := range map[string]int{smallDB: b.small, largeDB: b.large} {
		if db == largeDB && !b.wants("growth") && !b.wants("figures") || !b.wantsPortal() && !b.wants("figures") {
			continue
		}
		b.say("filling a database with %d reports", n)
		if err := pg.MigrateUp(ctx, b.server.URL(db, "portal_owner"), migrations.Files); err != nil {
			return err
		}
		if err := Fill(ctx, b.server.URL(db, pglocal.Superuser), n); err != nil {
			return err
		}
	}
	conn, err := pgx.Connect(ctx, b.server.URL("postgres", pglocal.Superuser))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "CHECKPOINT") // not in the middle of a measurement
	return err
}

func (b *run) portal(ctx context.Context, db string) (*process, error) {
	dir := b.dirOf(db)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return startPortal(ctx, b.Binary, dir, b.server.URL(db, "portal_app"))
}

// dirOf is where the portal on a database keeps its files.
func (b *run) dirOf(db string) string { return filepath.Join(b.dir, "portal-"+db) }

// fresh makes an empty database with the portal's tables, and a folder for its files.
func (b *run) fresh(ctx context.Context, name string) error {
	super, err := pgx.Connect(ctx, b.server.URL("postgres", pglocal.Superuser))
	if err != nil {
		return err
	}
	defer super.Close(context.WithoutCancel(ctx))
	if _, err := super.Exec(ctx, "CREATE DATABASE "+name+" OWNER portal_owner"); err != nil {
		return err
	}
	if err := os.MkdirAll(b.dirOf(name), 0o700); err != nil {
		return err
	}
	return pg.MigrateUp(ctx, b.server.URL(name, "portal_owner"), migrations.Files)
}

// box seals as the portal on a database does.
func (b *run) box(db string) (*crypt.Box, error) {
	return crypt.Load(filepath.Join(b.dirOf(db), "rahasia"), true)
}

// ask reads one value from a database.
func ask[T any](ctx context.Context, b *run, db, sql string, args ...any) (v T, err error) {
	conn, err := pgx.Connect(ctx, b.server.URL(db, pglocal.Superuser))
	if err != nil {
		return v, err
	}
	defer conn.Close(ctx)
	return v, conn.QueryRow(ctx, sql, args...).Scan(&v)
}

const (
	// Reports with all there is to show, spread over the whole heap.
	sqlSomeNumbers = `SELECT number FROM mtr_report r WHERE words_public AND seq = 6 AND NOT anonymous
		AND id % greatest((SELECT max(id) FROM mtr_report) / 4000, 1) = 0
		AND EXISTS (SELECT FROM mtr_photo p WHERE p.report_id = r.id) ORDER BY id LIMIT 2000`
	sqlSomeIDs       = `SELECT id::text FROM mtr_report WHERE id > 100 AND id % greatest((SELECT max(id) FROM mtr_report) / 2000, 1) = 0 ORDER BY id LIMIT 2000`
	sqlSomeKelurahan = `SELECT id::text FROM org_unit WHERE kind = 'kelurahan' AND valid_to IS NULL ORDER BY id LIMIT 1`
	sqlSomeCategory  = `SELECT id::text FROM mtr_category c WHERE active AND emergency = '' AND NOT EXISTS (SELECT FROM mtr_question q WHERE q.category_id = c.id) ORDER BY id LIMIT 1`
)

// numbers are of many different reports.
func (b *run) numbers(ctx context.Context, db string) ([]string, error) {
	return b.strings(ctx, db, sqlSomeNumbers)
}

// ids are cursors of many different pages of the list.
func (b *run) ids(ctx context.Context, db string) ([]string, error) {
	return b.strings(ctx, db, sqlSomeIDs)
}

func (b *run) strings(ctx context.Context, db, sql string) ([]string, error) {
	conn, err := pgx.Connect(ctx, b.server.URL(db, pglocal.Superuser))
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// reading measures each page and its bare page in turn, several rounds, and
// takes the middle.
func (b *run) reading(ctx context.Context, few *process) error {
	bare, err := startBare(ctx, b.dir, b.server.URL(smallDB, "portal_app"))
	if err != nil {
		return err
	}
	defer bare.stop()
	numbers, err := b.numbers(ctx, smallDB)
	if err != nil {
		return err
	}
	const steadyRate = 200
	b.heading("Reading pages")
	for _, page := range []struct {
		what, path, bare string
		each             []string // instead of path: ever another page
	}{
		{"front page (5 rows)", "/", "/5", nil},
		{"/mtr, 20 rows", "/mtr", "/20", nil},
		{"/mtr, 100 rows", "/mtr?jumlah=100", "/100", nil},
		{"a report's page", "/mtr/laporan/" + numbers[0], "/laporan/" + numbers[0], nil},
		{"reports, ever another one", "/mtr/laporan/", "/laporan/", numbers},
	} {
		b.say("measuring %s", page.what)
		var ours, theirs [4][]float64
		var size, bareSize int
		for range b.rounds {
			for _, side := range []struct {
				address string
				figures *[4][]float64
				size    *int
			}{{bare.URL + page.bare, &theirs, &bareSize}, {few.URL + page.path, &ours, &size}} {
				addresses := each(side.address, page.each)
				if err := ahead(addresses[0]); err != nil {
					return err
				}
				top, err := ceiling(addresses, b.one)
				if err != nil {
					return err
				}
				level, err := steady(addresses, steadyRate, b.one)
				if err != nil {
					return err
				}
				for i, figure := range []float64{top.PerSecond, float64(level.P50), float64(level.P99), float64(top.Cost)} {
					side.figures[i] = append(side.figures[i], figure)
				}
				*side.size = top.Bytes
			}
		}
		ratio := median(ours[0]) / median(theirs[0])
		what, figure := page.what+", ceiling", fmt.Sprintf("%s, %.1f KB", rate(median(ours[0])), float64(size)/1024)
		beside := fmt.Sprintf("bare %s, %.1f KB: ratio %.2f", rate(median(theirs[0])), float64(bareSize)/1024, ratio)
		if page.each == nil {
			b.claim(what, figure, beside, fmt.Sprintf("ratio ≥ %.1f", ratioTarget), ratio >= ratioTarget)
		} else {
			b.note(what, figure, beside)
		}
		of := func(all []float64) string { return ms(time.Duration(median(all))) }
		b.note(fmt.Sprintf("  at %d/s, p50 and p99", steadyRate), of(ours[1])+", "+of(ours[2]), "bare "+of(theirs[1])+", "+of(theirs[2]))
		b.note("  processor time of server and database", of(ours[3]), fmt.Sprintf("bare %s: ratio %.2f", of(theirs[3]), median(theirs[3])/median(ours[3])))
	}
	return b.public(ctx, few, bare, numbers[0])
}

// each is base alone, or base with each of the endings.
func each(base string, endings []string) []string {
	if endings == nil {
		return []string{base}
	}
	all := make([]string, len(endings))
	for i, e := range endings {
		all[i] = base + e
	}
	return all
}

// growth holds a large city's years against a small heap.
func (b *run) growth(ctx context.Context, few *process) error {
	many, err := b.portal(ctx, largeDB)
	if err != nil {
		return err
	}
	defer many.stop()
	b.heading(fmt.Sprintf("%d and %d reports, ever other ones", b.small, b.large))
	for _, page := range []struct {
		what, path string
		each       func(context.Context, string) ([]string, error)
		promised   bool
	}{
		{"/mtr", "/mtr?sebelum=", b.ids, true},
		{"a report's page", "/mtr/laporan/", b.numbers, true},
		{fmt.Sprintf("search, %d hits in both", RareHits), "/mtr?cari=" + url.QueryEscape(RareWord), nil, true},
		{"search, a word in every seventh report", "/mtr?cari=" + url.QueryEscape(FrequentWord), nil, false},
	} {
		b.say("measuring %s in both databases", page.what)
		figures := map[string][]time.Duration{}
		for range b.rounds {
			for db, p := range map[string]*process{smallDB: few, largeDB: many} {
				var endings []string
				if page.each != nil {
					if endings, err = page.each(ctx, db); err != nil {
						return err
					}
				}
				addresses := each(p.URL+page.path, endings)
				if err := ahead(addresses[0]); err != nil {
					return err
				}
				level, err := steady(addresses, 50, b.one)
				if err != nil {
					return err
				}
				figures[db] = append(figures[db], level.P50)
			}
		}
		small, large := median(figures[smallDB]), median(figures[largeDB])
		grown := float64(large) / float64(small)
		what, figure, beside := page.what+", p50", ms(large), fmt.Sprintf("%s with few: × %.2f", ms(small), grown)
		if page.promised {
			b.claim(what, figure, beside, fmt.Sprintf("≤ × %.2f", growthTarget), grown <= growthTarget)
		} else {
			b.note(what, figure, beside)
		}
	}
	return nil
}

// reports measures submissions: every photo decoded and encoded anew, twice.
func (b *run) reports(ctx context.Context, few *process) error {
	category, err := ask[string](ctx, b, smallDB, sqlSomeCategory)
	if err != nil {
		return err
	}
	kelurahan, err := ask[string](ctx, b, smallDB, sqlSomeKelurahan)
	if err != nil {
		return err
	}
	b.heading("Reports with a photo, all seven pages of each")
	for _, kind := range []struct {
		what   string
		photos [][]byte
		level  int // reports a second that should be sustained
	}{
		{"360 KB, 2048×1536", smallPhotos(), reportsTarget},
		{"3 MB, 4000×3000", largePhotos(), 0},
	} {
		b.say("reporting with photos of %s", kind.what)
		r := newReporter(few.URL, category, kelurahan, kind.photos)
		for range 3 {
			if err := r.report(); err != nil {
				return err
			}
		}
		size := fmt.Sprintf("photo of %d KB", len(kind.photos[0])>>10)
		whole, photo, err := r.steadily(2, 2*b.one)
		if err != nil {
			return err
		}
		if kind.level == 0 {
			b.note(kind.what+", at 2/s: post of the photo, p50", ms(photo), size)
		} else {
			b.claim(kind.what+", at 2/s: post of the photo, p50", ms(photo), size+"; FixMyStreet 210 ms", "≤ "+ms(postTarget), photo <= postTarget)
		}
		b.note("  the whole report, p50 and p99", ms(whole.P50)+", "+ms(whole.P99), "")
		if kind.level > 0 {
			level, _, err := r.steadily(kind.level, 2*b.one)
			if err != nil {
				return err
			}
			kept := level.PerSecond >= 0.95*float64(kind.level) && level.P99 < 5*time.Second
			b.claim(fmt.Sprintf("%s, %d/s for %v", kind.what, kind.level, 2*b.one), fmt.Sprintf("%s, p50 %s, p99 %s", rate(level.PerSecond), ms(level.P50), ms(level.P99)),
				"", fmt.Sprintf("%d/s sustained", kind.level), kept)
		}
		top, err := r.flatOut(2 * b.one)
		if err != nil {
			return err
		}
		if kind.level > 0 {
			b.claim(kind.what+", ceiling", rate(top.PerSecond), "FixMyStreet 2.8/s", fmt.Sprintf("≥ %d/s", kind.level), top.PerSecond >= float64(kind.level))
		} else {
			b.note(kind.what+", ceiling", rate(top.PerSecond), "")
		}
	}
	return b.memory(ctx, few)
}

// memory reads the portal's memory at its highest and after a rest.
func (b *run) memory(ctx context.Context, few *process) error {
	_, peak, err := few.memory()
	if err != nil {
		return err
	}
	b.say("resting for %v", b.rest)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(b.rest):
	}
	now, _, err := few.memory()
	if err != nil {
		return err
	}
	b.heading("Memory")
	b.claim(fmt.Sprintf("%v after the load, resident", b.rest), fmt.Sprintf("%.0f MB", now), "FixMyStreet 661 MB", fmt.Sprintf("≤ %d MB", restTarget), now <= restTarget)
	b.claim("highest, 12-megapixel photos from 4 sides", fmt.Sprintf("%.0f MB", peak), "", fmt.Sprintf("≤ %d MB", peakTarget), peak <= peakTarget)
	return nil
}

// starting measures the start, the database being up, and what a crowd that comes right then
// makes of the memory.
func (b *run) starting(ctx context.Context, few *process) error {
	took := []time.Duration{few.Startup}
	for range 2 {
		p, err := b.portal(ctx, smallDB)
		if err != nil {
			return err
		}
		defer p.stop()
		took = append(took, p.Startup)
		few = p
	}
	b.heading("Start, and a crowd")
	b.claim("from the start to ready", ms(median(took)), "FixMyStreet 12 s", "< 1 s", median(took) < startTarget)
	numbers, err := b.numbers(ctx, smallDB)
	if err != nil {
		return err
	}
	b.say("measuring %d readers at once", crowd)
	addresses := each(few.URL+"/mtr/laporan/", numbers[:min(len(numbers), 100)])
	for _, path := range []string{"/", "/mtr", "/mtr?jumlah=100", "/mtr?cari=" + url.QueryEscape(RareWord), "/mtr/statistik", "/puskesmas", "/surat"} {
		addresses = append(addresses, each(few.URL+path, make([]string, 15))...)
	}
	rand.Shuffle(len(addresses), func(i, j int) { addresses[i], addresses[j] = addresses[j], addresses[i] })
	load, err := attack(addresses, vegeta.Rate{}, 2*b.one, packed{plain}, vegeta.Workers(crowd), vegeta.MaxWorkers(crowd))
	if err != nil {
		return err
	}
	_, peak, err := few.memory()
	if err != nil {
		return err
	}
	b.claim(fmt.Sprintf("%d readers who ask again at once, highest", crowd), fmt.Sprintf("%.0f MB", peak),
		fmt.Sprintf("%s, p50 %s, p99 %s", rate(load.PerSecond), ms(load.P50), ms(load.P99)), fmt.Sprintf("≤ %d MB", crowdTarget), peak <= crowdTarget)
	return nil
}

// machine says where the figures come from and whether they can be trusted.
func (b *run) machine() {
	b.heading("Machine")
	model := ""
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	b.note("cores, shared by load, portal and database", fmt.Sprint(runtime.NumCPU()), model)
	b.where = fmt.Sprintf("%d × %s, %.1f %% taken by others", runtime.NumCPU(), model, (b.stolen+b.others)*100)
	for _, l := range []struct {
		what  string
		share float64
	}{{"taken by other guests of the machine, worst part", b.stolen}, {"taken by other programs, worst part", b.others}} {
		verdict := "fine"
		if l.share > strangersLimit {
			verdict = "TOO MUCH: measure again in peace"
		}
		b.note(l.what, fmt.Sprintf("%.1f %%", l.share*100), verdict)
	}
}
