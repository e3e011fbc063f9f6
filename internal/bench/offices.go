package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// folderList is the list of an office's folders.
const folderList = "/arsip/berkas"

// growthOffices is what a page of e-Office may take longer with a hundred times the letters.
const growthOffices = 1.5

// bureau is e-Office over a database of its own.
type bureau struct {
	*eoffice.Module
	db     *pgxpool.Pool
	signer sign.Signer
	box    *crypt.Box
	head   authz.Actor // of one office
	seat   int64       // where they sit
	portal *process
	// The head's, that of the tata usaha of the same office, and that of the whole city's.
	headsBrowser, clerksBrowser, citysBrowser http.RoundTripper
}

// offices measures the desk and the search with a million letters to five million
// recipients against ten thousand, and how many letters are signed in a second.
func (b *run) offices(ctx context.Context) error {
	few, many := 10_000, 1_000_000
	if b.Short {
		many = 100_000
	}
	small, err := b.bureau(ctx, "bench_offices_small", few)
	if err != nil {
		return err
	}
	defer small.close()
	if err := b.signatures(ctx, small); err != nil {
		return err
	}
	large, err := b.bureau(ctx, "bench_offices_large", many)
	if err != nil {
		return err
	}
	defer large.close()
	b.heading(fmt.Sprintf("Letters between offices: %d and %d, five recipients each", few, many))
	head := func(c *bureau) http.RoundTripper { return c.headsBrowser }
	clerk := func(c *bureau) http.RoundTripper { return c.clerksBrowser }
	city := func(c *bureau) http.RoundTripper { return c.citysBrowser }
	var pages []staffPage
	for _, p := range []struct {
		what  string
		as    func(*bureau) http.RoundTripper
		words []string // nil: a list
		most  float64
		list  string
	}{
		// What is frequent fills a page among the few too: the same page is compared.
		{"a head's inbox", head, nil, growthOffices, "?antrean=masuk"},
		{"letters that an office has to file", clerk, nil, growthOffices, "/arsip"},
		{"the folders of an office", clerk, nil, growthOffices, folderList},
		{"a head's newest letters", head, []string{""}, growthOffices, ""},
		{"a head searches a frequent word", head, []string{"rapat", "kataf", "katad"}, growthOffices, ""},
		{"a head searches a word that fills no page among the few", head, []string{"katacc", "katagb"}, 0, ""},
		{"a head searches two words", head, []string{"rapat katab", "katab katac"}, growthOffices, ""},
		{"a head searches a part of a number", head, []string{"6001"}, 0, ""},
		{"a head searches misspelt words", head, []string{"koordinsi bulnan"}, 0, ""},
		{"tata usaha searches a frequent word", clerk, []string{"rapat", "kataf", "katad"}, growthOffices, ""},
		{"the city's tata usaha searches a frequent word", city, []string{"rapat", "kataf", "katacc"}, growthOffices, ""},
		{"the city's tata usaha searches a running number", city, []string{"600.1/9371", "9402", "9811"}, growthOffices, ""},
		{"the city's tata usaha searches two words", city, []string{"rapat kataf", "katad katah"}, growthOffices, ""},
		{fmt.Sprintf("the city's tata usaha searches a word that %d letters have", rareMails), city, []string{rareMailWord}, growthOffices, ""},
	} {
		page := staffPage{what: p.what, most: p.most}
		for side, c := range []*bureau{small, large} {
			v := visit{as: p.as(c), addresses: []string{c.portal.URL + "/meja/eoffice" + p.list}, shows: []string{"/meja/eoffice/naskah/"}}
			if p.list == folderList {
				v.shows = []string{"/meja/eoffice" + folderList + "/"}
			}
			if p.words != nil {
				v.addresses = nil
			}
			for _, w := range p.words {
				sealed, err := c.SealQuery(eoffice.Query{Text: w})
				if err != nil {
					return err
				}
				v.addresses = append(v.addresses, c.portal.URL+"/meja/eoffice/cari?"+url.Values{"s": {sealed}}.Encode())
			}
			page.sides[side] = v
		}
		pages = append(pages, page)
	}
	return b.staffPages(pages)
}

// bureau fills a database with n letters and seats a head and two clerks.
func (b *run) bureau(ctx context.Context, name string, n int) (_ *bureau, err error) {
	b.say("filling e-Office with %d letters", n)
	if err := b.fresh(ctx, name); err != nil {
		return nil, err
	}
	c := &bureau{}
	if c.box, err = b.box(name); err != nil {
		return nil, err
	}
	if c.db, err = pg.Open(ctx, b.server.URL(name, "portal_app"), pg.Options{StatementTimeout: time.Minute}); err != nil {
		return nil, err
	}
	blobs, err := blob.Open("file://" + b.dirOf(name))
	if err != nil {
		return nil, err
	}
	if c.signer, err = sign.Open("", sign.NewAuthority(c.db, c.box, clock.System{}, "Ukur")); err != nil {
		return nil, err
	}
	c.Module = eoffice.New(eoffice.Deps{DB: c.db, Clock: clock.System{}, Box: c.box, Blobs: blobs, Signer: c.signer, BaseURL: "https://portal.example"})
	if err := c.fill(ctx, b.server.URL(name, pglocal.Superuser), n); err != nil {
		return nil, err
	}
	c.portal, err = startPortal(ctx, b.Binary, b.dirOf(name), b.server.URL(name, "portal_app"))
	return c, err
}

func (c *bureau) close() {
	_ = c.portal.stop()
	c.db.Close()
}

func (c *bureau) fill(ctx context.Context, url string, n int) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'; SELECT setseed(0.5)`); err != nil {
		return err
	}
	tables := []string{"eoffice_letter", "eoffice_recipient", "eoffice_reader", "eoffice_search"}
	again, err := dropIndexes(ctx, conn, tables...)
	if err != nil {
		return err
	}
	for _, sql := range []string{fillWords, fillHeads} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	var unit, root int64
	err = conn.QueryRow(ctx, `SELECT position_id, unit_id, (SELECT id FROM org_unit WHERE parent_id IS NULL) FROM bench_heads WHERE n = 20`).Scan(&c.seat, &unit, &root)
	if err != nil {
		return err
	}
	c.head = authz.Actor{Kind: authz.Staff, Name: "Ukur"}
	if err := conn.QueryRow(ctx, sqlMailPerson, c.seat).Scan(&c.head.AccountID, &c.head.PersonID); err != nil {
		return err
	}
	var writer int64 // of all letters, so that nobody who is measured wrote them
	if err := conn.QueryRow(ctx, sqlBenchAccount).Scan(&writer); err != nil {
		return err
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{fillMails, []any{n, writer}}, {fillRecipients, []any{n, mailsUnderWay}}, {sqlMailReaders, nil}, {fillSearch, []any{n, rareMails, rareMailWord}},
		{fillFolders, []any{n}}, {fillFilings, []any{writer}},
	} {
		if _, err := conn.Exec(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("fill e-Office: %w", err)
		}
	}
	for _, t := range append(tables, "eoffice_folder", "eoffice_filing") {
		again = append(again, "VACUUM ANALYZE "+t)
	}
	for _, sql := range append(again, "CHECKPOINT") {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%.60s: %w", sql, err)
		}
	}
	if c.headsBrowser, err = signedIn(ctx, c.db, c.box, c.head.AccountID); err != nil {
		return err
	}
	for _, clerk := range []struct {
		unit int64
		to   *http.RoundTripper
	}{{unit, &c.clerksBrowser}, {root, &c.citysBrowser}} {
		var account int64
		if err := conn.QueryRow(ctx, sqlBenchReader, clerk.unit, []string{string(eoffice.PermRegister), string(eoffice.PermArchive)}).Scan(&account); err != nil {
			return err
		}
		if *clerk.to, err = signedIn(ctx, c.db, c.box, account); err != nil {
			return err
		}
	}
	return nil
}

// signers sign at once: a head who signs many and others beside.
const signers = 4

// signatures measures whole signings, number and delivery with them, beside setting and
// signing the same paper alone.
func (b *run) signatures(ctx context.Context, c *bureau) error {
	n := 400
	if b.Short {
		n = 80
	}
	b.say("signing %d letters between offices", n)
	acts := make([]eoffice.Act, n)
	for i := range acts {
		id, err := c.ready(ctx, i)
		if err != nil {
			return err
		}
		acts[i] = eoffice.Act{ID: id}
	}
	failed := make([]error, signers)
	began := time.Now()
	var wait sync.WaitGroup
	for s := range signers {
		wait.Go(func() {
			for i := s; i < n; i += signers {
				failed[s] = errors.Join(failed[s], c.Sign(ctx, c.head, acts[i:i+1], eoffice.Passphrase{})[0].Err)
			}
		})
	}
	wait.Wait()
	took := time.Since(began)
	if err := errors.Join(failed...); err != nil {
		return err
	}
	k, _ := kind.ByCode("SD")
	doc := kind.Compose(k, kind.Letter{Number: "600.1/1/DPU/XI/2026", Place: eoffice.City, Date: began, Secrecy: eoffice.Open.Label(), Subject: "Perbaikan drainase",
		Body: sampleBody, To: []kind.Recipient{{Name: "Camat Biringkanaya", Address: "Makassar"}}, QR: naskah.QR{Text: "https://portal.example/verifikasi/" + crypt.Token()}})
	alone, err := b.perCore(func(int) error {
		pdf, err := naskah.Render(doc)
		if err != nil {
			return err
		}
		_, err = c.signer.Sign(ctx, sign.Request{PDF: pdf, Name: "Ukur", Title: "Kepala", Unit: "Kantor", PersonID: 1, Reason: "Surat Dinas", Place: "Makassar", At: time.Now()})
		return err
	})
	if err != nil {
		return err
	}
	b.heading("Signing letters between offices")
	each := float64(n) / took.Seconds()
	b.note(fmt.Sprintf("%d at once: numbered, set, signed, delivered", signers), rate(each),
		fmt.Sprintf("set and signed alone %s per core: ratio %.2f", rate(alone), each/alone))
	return nil
}

// ready is a letter that only waits for its signature.
func (c *bureau) ready(ctx context.Context, i int) (int64, error) {
	id, err := c.Begin(ctx, c.head, "SD", c.seat, fmt.Sprint("ukur-", i))
	if err != nil {
		return 0, err
	}
	_, err = c.SaveDraft(ctx, c.head, id, 0, eoffice.Draft{
		Content: eoffice.Content{Subject: "Perbaikan drainase", Body: sampleBody}, Secrecy: eoffice.Open, Urgency: eoffice.Ordinary, KKA: "600.1",
		Mode: eoffice.Electronic, Chain: []eoffice.Link{{PositionID: c.seat, Duty: eoffice.Sign}}, To: []eoffice.Addressee{{Name: "Camat Biringkanaya", Address: "Makassar"}},
	})
	if err != nil {
		return 0, err
	}
	if _, err := c.Submit(ctx, c.head, eoffice.Act{ID: id}); err != nil {
		return 0, err
	}
	_, err = c.Open(ctx, c.head, id)
	return id, err
}

const sampleBody = `<p>Bersama ini disampaikan rencana perbaikan drainase di Kelurahan Toddopuli.</p><ul><li>pengerukan sedimen;</li><li>perbaikan dinding saluran;</li></ul><p>Demikian disampaikan, atas perhatian Bapak/Ibu diucapkan terima kasih.</p>`
