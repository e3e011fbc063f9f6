package numbering_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/pgtest/walks"
)

// 200 transactions at once, a third of which roll back after taking a number:
// the numbers that remain are 1 to n, each once.
func TestNextHasNoGapsAndNoTwins(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, err := pg.Open(ctx, pgtest.New(t).URL, pg.Options{MaxConns: 32})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	refuse := errors.New("roll back")
	var mu sync.Mutex
	var got []int64
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			var n int64
			err := pg.InTx(ctx, db, func(tx pgx.Tx) (err error) {
				if n, err = numbering.Next(ctx, tx, "MTR", 2026); err != nil {
					return err
				}
				if i%3 == 0 {
					return refuse
				}
				return nil
			})
			switch {
			case i%3 == 0 && errors.Is(err, refuse):
			case err != nil:
				t.Errorf("goroutine %d: %v", i, err)
			default:
				mu.Lock()
				got = append(got, n)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	if len(got) != 133 {
		t.Fatalf("%d numbers", len(got))
	}
	for i, n := range got {
		if n != int64(i+1) {
			t.Fatalf("number %d at place %d", n, i+1)
		}
	}
	if last, err := numbering.Last(ctx, db, "MTR", 2026); err != nil || last != 133 {
		t.Errorf("last: %d, %v", last, err)
	}
}

func TestSeriesAndYearsAreApart(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.New(t).Pool
	err := pg.InTx(ctx, db, func(tx pgx.Tx) error {
		for _, s := range []struct {
			series string
			year   int
			want   int64
		}{{"MTR", 2026, 1}, {"MTR", 2026, 2}, {"SRT", 2026, 1}, {"MTR", 2027, 1}, {"MTR", 2026, 3}} {
			if n, err := numbering.Next(ctx, tx, s.series, s.year); err != nil || n != s.want {
				return fmt.Errorf("%v: %d, %w", s, n, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := numbering.Last(ctx, db, "ABC", 2026); err != nil || n != 0 {
		t.Errorf("nothing taken: %d, %v", n, err)
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), pgtest.New(t).Pool
	explain := func(n int64, reason string) error {
		return pg.InTx(ctx, db, func(tx pgx.Tx) error {
			return numbering.Explain(ctx, tx, authz.System("uji"), time.Now(), "SURAT:7", 2026, n, reason)
		})
	}
	if err := explain(1, "kertas rusak"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a number not taken: %v", err)
	}
	if err := pg.InTx(ctx, db, func(tx pgx.Tx) error {
		_, err := numbering.Next(ctx, tx, "SURAT:7", 2026)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := explain(1, "x"); errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("a reason that says nothing: %v", err)
	}
	if err := explain(1, "Penandatanganan gagal, surat dibatalkan"); err != nil {
		t.Fatal(err)
	}
	if err := explain(1, "alasan yang lain"); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a second reason: %v", err)
	}
	gaps, err := numbering.Gaps(ctx, db, "SURAT:7", 2026)
	if err != nil || len(gaps) != 1 || gaps[0].Number != 1 {
		t.Errorf("gaps: %+v, %v", gaps, err)
	}
	if _, err := db.Exec(ctx, `UPDATE numbering_gap SET reason = 'lain sekali'`); err == nil {
		t.Error("the application could change a reason")
	}
}

func TestFormatAndParse(t *testing.T) {
	t.Parallel()
	if got := numbering.Format("MTR", 2026, 4217); got != "MTR-26-004217" {
		t.Errorf("Format: %q", got)
	}
	for _, s := range []string{"MTR-26-004217", " mtr-26-4217 ", "mtr 26 004217", "MTR26004217", "MTR–26–004217"} {
		if p, y, n, ok := numbering.Parse(s); !ok || p != "MTR" || y != 2026 || n != 4217 {
			t.Errorf("Parse(%q) = %q, %d, %d, %v", s, p, y, n, ok)
		}
	}
	for _, s := range []string{"", "MTR", "MTR-26", "26-004217", "MTR-26-000000", "MTR-26-99999999999999999999", "MTR-26-1x"} {
		if _, _, _, ok := numbering.Parse(s); ok {
			t.Errorf("Parse(%q) accepted", s)
		}
	}
	walks.Check(t, func(t *rapid.T) {
		year, n := rapid.IntRange(2000, 2099).Draw(t, "year"), rapid.Int64Range(1, 999_999_999).Draw(t, "n")
		if _, y, m, ok := numbering.Parse(numbering.Format("SRT", year, n)); !ok || y != year || m != n {
			t.Fatalf("%d, %d came back as %d, %d, %v", year, n, y, m, ok)
		}
	})
}
