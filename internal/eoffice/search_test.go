package eoffice

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// find is the ids that a search finds, newest first.
func (c *city) find(w worker, q Query) (ids []int64) {
	c.t.Helper()
	list, more, err := c.Search(c.ctx, w.Actor, q, 0)
	c.must(err)
	if more {
		c.t.Fatalf("more than a page is found by %+v", q)
	}
	for _, f := range list {
		if f.Secrecy.Confidential() && f.Subject != "" {
			c.t.Errorf("the subject of letter %d of %s is found", f.ID, f.Secrecy)
		}
		ids = append(ids, f.ID)
	}
	return ids
}

// Whoever may open a letter finds it by its words or number as its secrecy allows, and
// nobody else does: for every secrecy, everybody, and every step of the way.
func TestWhoMayOpenFinds(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	viewer := c.hire("pelaksana", "BAPPEDA", p.other.desk, PermUnitView)
	city := c.hire("pelaksana", one[string](c, `SELECT code FROM org_unit WHERE parent_id IS NULL`), 0, PermRegister)
	until := c.clock.Now().AddDate(0, 0, 20)
	acting := c.seat(p.other.desk, "plh", c.clock.Now().Add(2*time.Hour), &until)
	everybody := map[string]worker{"drafter": p.drafter, "verifier": p.verifier, "second": p.second, "head": p.head, "clerk": p.clerk, "other": p.other,
		"other clerk": p.otherClerk, "stranger": p.stranger, "third": p.third, "viewer": viewer, "city clerk": city, "acting": acting}
	letters := map[Secrecy]int64{}
	check := func(when string) {
		for name, w := range everybody {
			words := c.find(w, Query{Text: "Toddopuli"})
			for s, id := range letters {
				cs, err := readCase(c.ctx, c.db.Pool, id, w.PersonID, c.clock.Now())
				c.must(err)
				mo, err := c.moment(c.ctx, c.db.Pool, w.Actor, &cs)
				c.must(err)
				see := cs.ViewOf(mo)
				if want := see == Whole && !s.Confidential() && cs.Status != Drafting; slices.Contains(words, id) != want {
					t.Errorf("%s: %s finds %s by its words: %v, want %v", when, name, s, !want, want)
				}
				if cs.LetterNumber != "" {
					numbers := c.find(w, Query{Text: cs.LetterNumber})
					if want := see != Nothing && s.Kept(); slices.Contains(numbers, id) != want {
						t.Errorf("%s: %s finds %s by its number: %v, want %v", when, name, s, !want, want)
					}
				}
			}
		}
	}
	for _, s := range Secrecies[:3] {
		d := p.draft()
		d.Secrecy = s
		letters[s] = c.begin(p, d)
	}
	check("drafts")
	for _, id := range letters {
		_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
		c.must(err)
	}
	check("submitted")
	for _, id := range letters {
		c.toSign(p, id)
		c.must(c.sign(p.head, id).Err)
	}
	check("signed")
	for _, id := range letters {
		if c.state(id).Status == Signed {
			_, err := c.Send(c.ctx, p.clerk.Actor, Act{ID: id})
			c.must(err)
		}
	}
	check("sent")
	c.clock.Advance(3 * time.Hour) // now somebody stands in, after the R letter came
	check("acting")
	if got := c.find(acting, Query{Text: "Toddopuli"}); !slices.Contains(got, letters[Open]) {
		t.Errorf("who stands in finds %v", got)
	}
}

// Numbers are found without their separators, words in another form or misspelt.
func TestTheWaysToFind(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	first := c.sent(p, p.draft())
	d := p.draft()
	d.Subject, d.Body = "Undangan rapat koordinasi pengelolaan sampah", "<p>Rapat membahas pengangkutan di Kelurahan Tamamaung.</p>"
	second := c.sent(p, d)
	number := c.state(second).LetterNumber // 600.1/2/DPU/XI/2026
	for text, want := range map[string][]int64{
		"":                                   {second, first},
		number:                               {second},
		"6001 2 dpu":                         {second},
		"60012DPU":                           {second},
		"2":                                  {second},
		"600.1/2":                            {second},
		"600.1":                              {second, first},
		"DPU/XI":                             {second, first}, // of the number, without a digit
		"pagi/siang":                         nil,
		"drainase/sampah":                    nil,
		"!/!":                                nil,
		"rapat":                              {second},
		"mengelola sampah":                   {second}, // another form of the word
		"pengangkutan tamamaung":             {second}, // of the body
		"undagan rapatt":                     {second}, // misspelt
		"sampah2026":                         nil,      // a word with a digit, no number
		"\"perbaikan drainase\" -sampah":     {first},
		"kepala badan perencanaan":           {second, first}, // who gets it
		"tidak ada yang seperti ini":         nil,
		"'; DROP TABLE eoffice_letter; -- %": nil,
		"\x00\xff":                           {second, first},
	} {
		if got := c.find(p.head, Query{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
	today := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for i, v := range []struct {
		q    Query
		want []int64
	}{
		{Query{KindCode: "SD"}, []int64{second, first}}, {Query{KindCode: "SK"}, nil}, {Query{UnitID: c.unit("DPU")}, []int64{second, first}},
		{Query{UnitID: c.unit("BAPPEDA")}, nil}, {Query{Secrecy: Restricted}, nil}, {Query{From: today, To: today}, []int64{second, first}},
		{Query{To: today.AddDate(0, 0, -1)}, nil}, {Query{Mine: true}, []int64{second, first}},
	} {
		if got := c.find(p.head, v.q); !slices.Equal(got, v.want) {
			t.Errorf("query %d finds %v, want %v", i, got, v.want)
		}
	}
	if got := c.find(p.clerk, Query{Mine: true}); got != nil {
		t.Errorf("over the clerk's own desk came %v", got)
	}
	citizen := authz.Actor{Kind: authz.Citizen, AccountID: 1}
	_, _, err := c.Search(c.ctx, citizen, Query{}, 0)
	errstest.Kind(t, err, errs.NotFound)
}

// Pages of a search follow each other without a twin or a gap.
func TestASearchHasPages(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	var want []int64
	for range 2*pageSize + 3 {
		want = append(want, c.submit(p, p.draft()))
	}
	slices.Reverse(want)
	for _, q := range []Query{{}, {Text: "drainase"}, {Text: "drainasse"}} {
		var got []int64
		for after, more := int64(0), true; more; {
			var list []Found
			var err error
			list, more, err = c.Search(c.ctx, p.drafter.Actor, q, after)
			c.must(err)
			for _, f := range list {
				got = append(got, f.ID)
			}
			after = got[len(got)-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: %d letters, want %d", q, len(got), len(want))
		}
	}
}

// Many who get a letter at once all find it: none of them overwrites the other's key.
func TestManyReadersAtOnceAllFind(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	all := make([]worker, 12)
	for i := range all {
		all[i] = c.hire("pelaksana", "DPU", p.head.desk)
	}
	var wait sync.WaitGroup
	for _, w := range all {
		wait.Go(func() {
			if _, err := c.db.Pool.Exec(c.ctx, sqlShow, id, []int64{w.desk}, c.clock.Now(), "rantai"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for i, w := range all {
		if got := c.find(w, Query{Text: "drainase"}); !slices.Equal(got, []int64{id}) {
			t.Errorf("reader %d finds %v", i, got)
		}
	}
}

// A change of secrecy takes a letter out of the index in the same moment.
func TestAChangedSecrecyHides(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	c.exec(`UPDATE eoffice_letter SET secrecy = 'R', subject = '', body = '' WHERE id = $1`, id)
	if n := one[int](c, `SELECT count(*) FROM eoffice_search WHERE letter_id = $1`, id); n != 0 {
		t.Error("what the letter said is still indexed")
	}
	if got := c.find(p.drafter, Query{}); got != nil {
		t.Errorf("found %v", got)
	}
}

// Saved searches are sealed, one's own, and at most twenty.
func TestSearchesAreKept(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	q := Query{Text: "Daeng Naba", KindCode: "SD", From: start.Truncate(24 * time.Hour)}
	c.must(c.SaveSearch(c.ctx, p.head.Actor, " Kasus  Daeng ", q))
	c.must(c.SaveSearch(c.ctx, p.head.Actor, "Kasus Daeng", q)) // twice is once
	list, err := c.SavedSearches(c.ctx, p.head.Actor)
	if err != nil || len(list) != 1 || list[0].Name != "Kasus Daeng" {
		t.Fatalf("%+v, %v", list, err)
	}
	got, err := c.OpenQuery(list[0].Address())
	if err != nil || got.Text != q.Text || got.KindCode != "SD" || !got.From.Equal(q.From) {
		t.Errorf("%+v, %v", got, err)
	}
	if n := one[int](c, `SELECT count(*) FROM eoffice_view v WHERE v::text ILIKE '%naba%'`); n != 0 {
		t.Error("a saved search is in the open")
	}
	for _, bad := range []string{"", "x", list[0].Address() + "A"} {
		_, err := c.OpenQuery(bad)
		errstest.Kind(t, err, errs.BadRequest)
	}
	errstest.Field(t, c.SaveSearch(c.ctx, p.head.Actor, " ", q), ControlViewName)
	for i := range maxSaved - 1 {
		c.must(c.SaveSearch(c.ctx, p.head.Actor, fmt.Sprint("Cari ", i), q))
	}
	errstest.Field(t, c.SaveSearch(c.ctx, p.head.Actor, "Satu lagi", q), ControlViewName)
	c.must(c.ForgetSearch(c.ctx, p.second.Actor, list[0].ID)) // not theirs
	c.must(c.ForgetSearch(c.ctx, p.head.Actor, list[0].ID))
	if list, err = c.SavedSearches(c.ctx, p.head.Actor); err != nil || len(list) != maxSaved-1 {
		t.Errorf("%d left, %v", len(list), err)
	}
}

// The books hold every number that was taken, with what became of it.
func TestBooksHoldEveryNumber(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	first, second := c.sent(p, p.draft()), c.sent(p, p.draft())
	d := p.draft()
	d.Secrecy = Secret
	secret := c.sent(p, d)
	unit := c.unit("DPU")
	out := Book{UnitID: unit, Year: 2026, Series: "surat"}
	lines, err := c.BookOf(c.ctx, p.clerk.Actor, out, 0, BookPage)
	c.must(err)
	if len(lines) != 2 || lines[0].LetterID != second || lines[1].LetterID != first || lines[0].No != 2 || lines[0].Gap != "" || lines[0].To == "" {
		t.Errorf("issued: %+v", lines)
	}
	out.Confidential = true
	lines, err = c.BookOf(c.ctx, p.clerk.Actor, out, 0, BookPage)
	if err != nil || len(lines) != 1 || lines[0].LetterID != secret || lines[0].Subject != "" {
		t.Errorf("secret: %+v, %v", lines, err)
	}
	_, err = c.TakeIn(c.ctx, p.otherClerk.Actor, c.recipient(second, p.other.desk).ID)
	c.must(err)
	in := Book{UnitID: c.unit("BAPPEDA"), Year: 2026}
	lines, err = c.BookOf(c.ctx, p.otherClerk.Actor, in, 0, BookPage)
	if err != nil || len(lines) != 1 || lines[0].LetterID != second || lines[0].No != 1 || lines[0].On == nil {
		t.Errorf("taken in: %+v, %v", lines, err)
	}
	_, err = c.BookOf(c.ctx, p.otherClerk.Actor, out, 0, BookPage)
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.BookOf(c.ctx, p.head.Actor, out, 0, BookPage)
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.BookOf(c.ctx, p.clerk.Actor, Book{UnitID: unit, Year: 2026, Series: "tidak-ada"}, 0, BookPage)
	errstest.Kind(t, err, errs.NotFound)
}

// Pages follow each other without a gap and without a letter twice, however far apart what is
// found lies, for who sees all and for who sees some.
func TestPagesOfWhatIsFoundFollowEachOther(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	all := c.hire("pelaksana", one[string](c, `SELECT code FROM org_unit WHERE parent_id IS NULL`), 0, PermRegister)
	// One letter in every 700 ids, over a hundred looks' worth; every third is the drafter's.
	c.exec(`INSERT INTO eoffice_letter (id, origin, kind_code, unit_id, drafter_id, drafted_by, subject, body, chain, status, status_at, created_at, updated_at)
		OVERRIDING SYSTEM VALUE SELECT 5000 + i * 700, 'keluar', 'SD', $1, $2, $3, 'Naskah ' || i, '', '[]', 'terkirim', $4, $4, $4 FROM generate_series(1, 600) i`,
		c.unit("DPU"), p.drafter.desk, p.drafter.AccountID, start)
	c.exec(`INSERT INTO eoffice_search (letter_id, secrecy, kind_code, unit_id, day, words, access) SELECT l.id, 'B', 'SD', l.unit_id, '2026-11-24',
		to_tsvector('indonesian', 'semua' || CASE WHEN i % 10 = 0 THEN ' kesepuluh' ELSE '' END || CASE WHEN i = 7 THEN ' kuldesak' ELSE '' END
			|| CASE WHEN i <= 590 THEN ' dahulu' ELSE '' END),
		ARRAY['p' || l.id / 4096] || CASE WHEN i % 3 = 0 THEN ARRAY['k' || l.drafted_by] ELSE '{}' END
		FROM eoffice_letter l CROSS JOIN LATERAL (SELECT (l.id - 5000) / 700 AS i) x`)
	for who, w := range map[string]worker{"everything": all, "a third": p.drafter} {
		for word, has := range map[string]func(i int) bool{
			"semua": func(int) bool { return true }, "": func(int) bool { return true }, "nihil": func(int) bool { return false },
			"kesepuluh": func(i int) bool { return i%10 == 0 }, "kuldesak": func(i int) bool { return i == 7 },
			"dahulu": func(i int) bool { return i <= 590 }, // many, but none of the newest
		} {
			var want, got []int64
			for i := 600; i > 0; i-- {
				if has(i) && (who == "everything" || i%3 == 0) {
					want = append(want, int64(5000+i*700))
				}
			}
			after, pages := int64(0), 0
			for more := true; more && pages < 20; pages++ {
				var list []Found
				var err error
				list, more, err = c.Search(c.ctx, w.Actor, Query{Text: word}, after)
				c.must(err)
				if more != (len(got)+len(list) < len(want)) || more && len(list) != pageSize {
					t.Errorf("%s, %q: page %d has %d and more: %v", who, word, pages, len(list), more)
				}
				for _, f := range list {
					got, after = append(got, f.ID), f.ID
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %q: found %d letters, want %d", who, word, len(got), len(want))
			}
		}
	}
}
