package survey_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/survey"
)

// The example of the regulation's appendix is of this shape: nine means, each a ninth.
func TestIndex(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n     int
		sums  [survey.Elements]int
		index float64
		grade survey.Grade
	}{
		{0, [survey.Elements]int{}, 0, ""},
		{1, [survey.Elements]int{1, 1, 1, 1, 1, 1, 1, 1, 1}, 25, survey.GradeD},
		{1, [survey.Elements]int{4, 4, 4, 4, 4, 4, 4, 4, 4}, 100, survey.GradeA},
		{100, [survey.Elements]int{353, 353, 353, 353, 353, 353, 353, 353, 355}, 88.31, survey.GradeA},
		{100, [survey.Elements]int{353, 353, 353, 353, 353, 353, 353, 353, 354}, 88.28, survey.GradeB},
		{100, [survey.Elements]int{306, 306, 306, 306, 306, 306, 307, 307, 308}, 76.61, survey.GradeB},
		{100, [survey.Elements]int{306, 306, 306, 306, 306, 306, 306, 306, 309}, 76.58, survey.GradeC},
		{100, [survey.Elements]int{260, 260, 260, 260, 260, 260, 260, 260, 260}, 65, survey.GradeC},
		{100, [survey.Elements]int{260, 260, 260, 260, 260, 260, 260, 260, 259}, 64.97, survey.GradeD},
	} {
		tally := survey.Tally{N: c.n, Sums: c.sums}
		if tally.Index() != c.index || tally.Grade() != c.grade {
			t.Errorf("%d answers %v: got %v %q, want %v %q", c.n, c.sums, tally.Index(), tally.Grade(), c.index, c.grade)
		}
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	var got []string
	since := time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC)
	// In Makassar it is August already.
	for _, p := range survey.Periods(time.Date(2026, 7, 31, 17, 0, 0, 0, time.UTC), &since) {
		got = append(got, fmt.Sprintf("%s %s–%s", p.Code, p.From.Format("2006-01"), p.To.Format("2006-01")))
	}
	want := []string{
		"setahun 2025-09–2026-09", "2026 2026-01–2027-01", "2026-3 2026-07–2026-10", "2026-2 2026-04–2026-07", "2026-1 2026-01–2026-04",
		"2025 2025-01–2026-01", "2025-4 2025-10–2026-01", "2025-3 2025-07–2025-10",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

type fixture struct {
	*survey.Module
	db    *pgtest.DB
	clock *clock.Fake
	units []int64
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	now := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar))
	units, err := pg.Scalars[int64](t.Context(), db.Owner(), `SELECT id FROM org_unit WHERE kind = 'kelurahan' ORDER BY id LIMIT 3`)
	if err != nil || len(units) != 3 {
		t.Fatal(units, err)
	}
	return fixture{survey.New(survey.Deps{DB: db.Pool, Clock: now, Box: box}), db, now, units}
}

func (f fixture) token(unit, id int64) string {
	return f.Token(survey.Case{Service: survey.Letters, UnitID: unit, ID: id, Ended: f.clock.Now()})
}

func all(score int) (s survey.Scores) {
	for i := range s {
		s[i] = score
	}
	return s
}

// Each of 24 cases answers at the same moment, and each five times over: every one counts
// once, and the sums are what the answers come to.
func TestACaseAnswersOnceAlsoAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	firsts := map[string]int{}
	for id := range int64(24) {
		token := f.token(f.units[id%2], id)
		for range 5 {
			wg.Go(func() {
				first, err := f.Answer(t.Context(), token, survey.Answer{Scores: all(1 + int(id)%4)})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if first {
					firsts[token]++
				}
			})
		}
	}
	wg.Wait()
	if len(firsts) != 24 {
		t.Errorf("%d of 24 cases answered", len(firsts))
	}
	for token, n := range firsts {
		if n != 1 {
			t.Errorf("%s was the first %d times", token, n)
		}
	}
	unlike, err := pg.Scalar[int](t.Context(), f.db.Owner(), `
		SELECT count(*)::int FROM (SELECT service, unit_id, month, count(*)::int AS n, sum(scores[1])::int AS first, sum(scores[9])::int AS last FROM survey_answer GROUP BY 1, 2, 3) a
		FULL JOIN survey_sum s USING (service, unit_id, month) WHERE s.n IS DISTINCT FROM a.n OR s.scores[1] IS DISTINCT FROM a.first OR s.scores[9] IS DISTINCT FROM a.last`)
	if err != nil || unlike != 0 {
		t.Errorf("%d sums differ from the answers, %v", unlike, err)
	}
}

func TestResultsAndRemarks(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	answer := func(unit, id int64, score int, words string) {
		t.Helper()
		if _, err := f.Answer(t.Context(), f.token(unit, id), survey.Answer{Scores: all(score), Sex: "Perempuan", Words: words}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range int64(6) {
		answer(f.units[0], i, 4, "")
	}
	answer(f.units[1], 10, 2, "Antre terlalu lama")
	answer(f.units[2], 11, 2, "Ramah sekali")
	since, err := f.Since(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := survey.Periods(f.clock.Now(), since)[0]
	got, err := f.Results(t.Context(), p.From, p.To)
	if err != nil {
		t.Fatal(err)
	}
	letters := got[1]
	if letters.Service != survey.Letters || letters.N != 8 || letters.Index() != 87.5 || len(letters.Units) != 1 || letters.TooFew != 2 || letters.Units[0].Index() != 100 {
		t.Errorf("letters come to %+v", letters)
	}
	if got[0].N != 0 || got[2].N != 0 {
		t.Errorf("nobody answered about the others: %+v", got)
	}
	if none, err := f.Results(t.Context(), p.From.AddDate(-2, 0, 0), p.From.AddDate(-1, 0, 0)); err != nil || none[1].N != 0 {
		t.Errorf("an empty year reads %+v, %v", none, err)
	}

	reader := authz.Actor{Kind: authz.Staff, Grants: []authz.Grant{{Permission: survey.PermRead, UnitID: f.units[1]}}}
	remarks, err := f.Remarks(t.Context(), reader, 0, 10)
	if err != nil || len(remarks) != 1 || remarks[0].Words != "Antre terlalu lama" {
		t.Errorf("the head of one unit reads %+v, %v", remarks, err)
	}
	if none, err := f.Remarks(t.Context(), authz.Actor{Kind: authz.Staff}, 0, 10); err != nil || len(none) != 0 {
		t.Errorf("others read %+v, %v", none, err)
	}
	stored, err := pg.Scalar[string](context.Background(), f.db.Owner(), `SELECT string_agg(a::text, ' ') FROM survey_answer a`)
	if err != nil || strings.Contains(stored, "Antre") {
		t.Errorf("words lie open: %v", err)
	}
}

func TestWhoMayAnswer(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	good := f.token(f.units[0], 1)
	refused := func(name, token string, in survey.Answer, want errs.Kind) {
		t.Helper()
		if _, err := f.Answer(t.Context(), token, in); errs.KindOf(err) != want {
			t.Errorf("%s: got %v", name, err)
		}
	}
	refused("a made-up link", "xyz", survey.Answer{Scores: all(4)}, errs.NotFound)
	other := map[bool]string{true: "B", false: "A"}[good[len(good)/2] == 'A']
	refused("a changed link", good[:len(good)/2]+other+good[len(good)/2+1:], survey.Answer{Scores: all(4)}, errs.NotFound)
	refused("an answer short", good, survey.Answer{Scores: survey.Scores{4, 4, 4}}, errs.Unprocessable)
	refused("a five", good, survey.Answer{Scores: all(5)}, errs.Unprocessable)
	refused("an unknown age", good, survey.Answer{Scores: all(4), Age: "7"}, errs.Unprocessable)
	refused("a novel", good, survey.Answer{Scores: all(4), Words: strings.Repeat("a", survey.MaxWords+1)}, errs.Unprocessable)
	var invalid *errs.Error
	if _, err := f.Answer(t.Context(), good, survey.Answer{}); !errors.As(err, &invalid) || len(invalid.Fields) != survey.Elements {
		t.Errorf("an empty form is told %v", err)
	}
	c, err := f.Find(good)
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(survey.Open + time.Hour)
	refused("a month later", good, survey.Answer{Scores: all(4)}, errs.Gone)
	if token := f.Token(c); token != "" {
		t.Error("a case of long ago is still asked")
	}
	if done, err := f.Answered(t.Context(), c); err != nil || done {
		t.Errorf("nothing was answered: %v %v", done, err)
	}
}
