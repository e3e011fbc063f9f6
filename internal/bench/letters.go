package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// letters measures how many letters a core makes and signs, and the pages of a register
// of a million letters against those of one of ten thousand.
func (b *run) letters(ctx context.Context) error {
	few, many := 10_000, 1_000_000
	if b.Short {
		many = 200_000
	}
	small, err := b.archive(ctx, "bench_letters_small", few)
	if err != nil {
		return err
	}
	defer small.close()
	if err := b.signing(ctx, small); err != nil {
		return err
	}
	large, err := b.archive(ctx, "bench_letters_large", many)
	if err != nil {
		return err
	}
	defer large.close()
	return b.registers(small, large, fmt.Sprintf("Register of letters: %d and %d in the city", few, many))
}

// archive is a portal with a register of letters and two people who read it.
type archive struct {
	*letter.Module
	residents   *epemerintahan.Module
	db          *pgxpool.Pool
	box         *crypt.Box
	kelurahan   int64
	portal      *process
	office, all http.RoundTripper // signed in, for one kelurahan and for the city
	letters     []someLetter      // of the kelurahan
}

type someLetter struct {
	ID     int64
	Number string
}

func (a *archive) close() {
	_ = a.portal.stop()
	a.db.Close()
}

// archive fills a database of its own with n letters and runs the portal on it.
func (b *run) archive(ctx context.Context, name string, n int) (_ *archive, err error) {
	b.say("filling a register with %d letters", n)
	if err := b.fresh(ctx, name); err != nil {
		return nil, err
	}
	a := &archive{}
	if a.box, err = b.box(name); err != nil {
		return nil, err
	}
	if a.db, err = pg.Open(ctx, b.server.URL(name, "portal_app"), pg.Options{}); err != nil {
		return nil, err
	}
	a.residents = epemerintahan.New(epemerintahan.Deps{DB: a.db, Clock: clock.System{}, Box: a.box})
	a.Module = letter.New(letter.Deps{DB: a.db, Clock: clock.System{}, Box: a.box, Residents: a.residents})
	if err := a.EnsureKinds(ctx); err != nil {
		return nil, err
	}
	if err := a.fill(ctx, b.server.URL(name, pglocal.Superuser), n); err != nil {
		return nil, err
	}
	if a.portal, err = startPortal(ctx, b.Binary, b.dirOf(name), b.server.URL(name, "portal_app")); err != nil {
		return nil, err
	}
	return a, nil
}

// fill puts n letters into the register and signs its two readers in.
func (a *archive) fill(ctx context.Context, url string, n int) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`); err != nil {
		return err
	}
	again, err := dropIndexes(ctx, conn, "epemerintahan_letter")
	if err != nil {
		return err
	}
	sealed := a.box.Seal("{}", "bench")
	if _, err := conn.Exec(ctx, sqlFillLetters, n, lettersUnderWay, lettersPerDay, namesakes, rareName, sealed); err != nil {
		return fmt.Errorf("fill in letters: %w", err)
	}
	for _, sql := range append(again, "VACUUM ANALYZE epemerintahan_letter") {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%.60s: %w", sql, err)
		}
	}
	var city int64
	if err := conn.QueryRow(ctx, sqlBenchPlaces).Scan(&a.kelurahan, &city); err != nil {
		return err
	}
	if a.office, err = a.reader(ctx, conn, a.kelurahan); err != nil {
		return err
	}
	if a.all, err = a.reader(ctx, conn, city); err != nil {
		return err
	}
	rows, err := conn.Query(ctx, sqlSomeLetters, a.kelurahan)
	if err != nil {
		return err
	}
	if a.letters, err = pgx.CollectRows(rows, pgx.RowToStructByName[someLetter]); err != nil {
		return err
	}
	for i, l := range a.letters {
		if _, err := conn.Exec(ctx, `UPDATE epemerintahan_letter SET subject_hash = $2 WHERE id = $1`, l.ID, a.box.Hash("epemerintahan.letter.nik", number(i))); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, "CHECKPOINT")
	return err
}

// reader makes somebody who may read letters in a unit, and is their browser.
func (a *archive) reader(ctx context.Context, conn *pgx.Conn, unit int64) (http.RoundTripper, error) {
	var account int64
	if err := conn.QueryRow(ctx, sqlBenchReader, unit, []string{string(letter.PermView), string(letter.PermCheck)}).Scan(&account); err != nil {
		return nil, err
	}
	return signedIn(ctx, a.db, a.box, account)
}

// signing measures compose, set and sign, one after the other, by this process's own
// processor time, beside setting alone.
func (b *run) signing(ctx context.Context, a *archive) error {
	b.say("making and signing letters")
	kinds, err := a.Kinds(ctx, a.kelurahan)
	if err != nil {
		return err
	}
	office, err := a.OfficeOf(ctx, a.kelurahan)
	if err != nil {
		return err
	}
	signer, err := sign.Open("", sign.NewAuthority(a.db, a.box, clock.System{}, "Ukur"))
	if err != nil {
		return err
	}
	day := time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)
	samples := make([]letter.Composition, len(kinds))
	docs := make([]naskah.Document, len(kinds))
	for i, k := range kinds {
		samples[i] = letter.Sample(k, office, day)
		samples[i].Watermark, samples[i].QRText = "", "https://portal.example/verifikasi/"+crypt.Token()
		if docs[i], err = letter.Compose(k, samples[i]); err != nil {
			return err
		}
	}
	alone, err := b.perCore(func(i int) error {
		_, err := naskah.Render(docs[i%len(kinds)])
		return err
	})
	if err != nil {
		return err
	}
	whole, err := b.perCore(func(i int) error {
		k, s := kinds[i%len(kinds)], samples[i%len(kinds)]
		doc, err := letter.Compose(k, s)
		if err != nil {
			return err
		}
		pdf, err := naskah.Render(doc)
		if err != nil {
			return err
		}
		_, err = signer.Sign(ctx, sign.Request{PDF: pdf, Name: s.Signed[0].Name, Title: "Lurah", Unit: office.Kelurahan, PersonID: 1, Reason: k.Title, Place: letter.City, At: day})
		return err
	})
	if err != nil {
		return err
	}
	b.heading(fmt.Sprintf("Making letters, the %d kinds in turn, one goroutine, by processor time", len(kinds)))
	b.note("composed, set and signed by the portal's authority, per core", rate(whole), fmt.Sprintf("set alone %s: ratio %.2f", rate(alone), whole/alone))
	return nil
}

// perCore is how often something can be done in a second of processor time.
func (b *run) perCore(do func(i int) error) (float64, error) {
	for i := range 30 {
		if err := do(i); err != nil {
			return 0, err
		}
	}
	before, n := processorTime(), 0
	for until := time.Now().Add(2 * b.one); time.Now().Before(until); n++ {
		if err := do(n); err != nil {
			return 0, err
		}
	}
	return float64(n) / (processorTime() - before).Seconds(), nil
}

// processorTime is what this process has used, all its threads.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

var frequentNames = []string{"irwan", "hasnah", "mariana"}

// registers measures the pages in turn in both registers, as they are over HTTP: a
// search with its trail included.
func (b *run) registers(small, large *archive, heading string) error {
	b.heading(heading)
	const path = "/meja/surat/register"
	of := func(a *archive) http.RoundTripper { return a.office }
	city := func(a *archive) http.RoundTripper { return a.all }
	numbers := func(a *archive) (out []string) {
		for _, l := range a.letters {
			out = append(out, l.Number)
		}
		return out
	}
	nik := func(a *archive) (out []string) {
		for i := range a.letters {
			out = append(out, number(i))
		}
		return out
	}
	always := func(words ...string) func(*archive) []string { return func(*archive) []string { return words } }
	var pages []staffPage
	for _, p := range []struct {
		what  string
		as    func(*archive) http.RoundTripper
		words func(*archive) []string // what is looked for; nil: nothing
		most  float64
	}{
		{"a kelurahan's, first page", of, nil, growthTarget},
		{"the city's, first page", city, nil, growthTarget},
		{"by a letter's number", of, numbers, growthTarget},
		{"by a letter's number, in the city", city, numbers, growthTarget},
		{"by a NIK", of, nik, growthTarget},
		{fmt.Sprintf("by a name, %d hits in both", namesakes), of, always(rareName), growthTarget},
		{"by a name that many have", of, always(frequentNames...), 0},
		{"by a name that many have, in the city", city, always(frequentNames...), 0},
		{"by a running number", of, always("7", "12", "31"), 0},
		{"by words of the title", of, always("keterangan domisili"), 0},
	} {
		page := staffPage{what: p.what, most: p.most}
		for side, a := range []*archive{small, large} {
			v := visit{as: p.as(a), addresses: []string{a.portal.URL + path}, shows: []string{path, "SRT-26-"}}
			if p.words != nil {
				v.addresses = nil
				for _, w := range p.words(a) {
					v.addresses = append(v.addresses, a.portal.URL+path+"?"+url.Values{"s": {a.residents.SealSearch(w)}}.Encode())
				}
			}
			page.sides[side] = v
		}
		pages = append(pages, page)
	}
	return b.staffPages(pages)
}
