// Package numbering counts what people read aloud: complaints, letters. Numbers
// of a series run from 1 in each year without a gap that nobody can explain. How the
// number of an official letter looks is a pattern that the office sets.
package numbering

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Next takes the next number of a series in a year. Whoever asks at the same
// time waits until tx ends; if tx rolls back the number was never taken. So take
// it as the last thing before commit that can be slow.
func Next(ctx context.Context, tx pgx.Tx, series string, year int) (n int64, err error) {
	defer errs.In(&err, "numbering.Next(%s, %d)", series, year)
	return pg.Scalar[int64](ctx, tx, sqlNext, series, year)
}

// Last returns the last number taken, 0 before the first.
func Last(ctx context.Context, q pg.Querier, series string, year int) (n int64, err error) {
	defer errs.In(&err, "numbering.Last(%s, %d)", series, year)
	n, err = pg.Scalar[int64](ctx, q, sqlLast, series, year)
	if errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	return n, err
}

// Hold returns the last number taken, 0 before the first, and lets nobody take another
// until tx ends.
func Hold(ctx context.Context, tx pgx.Tx, series string, year int) (n int64, err error) {
	defer errs.In(&err, "numbering.Hold(%s, %d)", series, year)
	n, err = pg.Scalar[int64](ctx, tx, sqlLast+` FOR UPDATE`, series, year)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	return n, err
}

// Gap is a number that was taken and names nothing.
type Gap struct {
	Series      string
	Year        int
	Number      int64
	Reason      string
	AccountID   *int64
	ExplainedAt time.Time
}

// Explain records for ever why a taken number is not used. It cannot be changed
// afterwards: a second time is errs.Conflict. A number not yet taken is
// errs.NotFound, a reason of less than five letters errs.Unprocessable for the
// field "alasan".
func Explain(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, series string, year int, number int64, reason string) (err error) {
	defer errs.In(&err, "numbering.Explain(%s, %d, %d)", series, year, number)
	if n := len([]rune(strings.TrimSpace(reason))); n < 5 || n > 500 {
		return errs.Invalid(errs.Field{Name: "alasan", Message: "Tulis alasannya dalam 5 sampai 500 huruf."})
	}
	last, err := Last(ctx, tx, series, year)
	if err != nil {
		return err
	}
	if number < 1 || number > last {
		return errs.New(errs.NotFound, "Nomor ini belum pernah dipakai.")
	}
	tag, err := tx.Exec(ctx, sqlExplain, series, year, number, strings.TrimSpace(reason), a.AccountID, at)
	if err != nil {
		return pg.Classify(err)
	}
	if tag.RowsAffected() == 0 {
		return errs.New(errs.Conflict, "Nomor ini sudah diberi alasan.")
	}
	return nil
}

// Gaps lists the explained gaps of a series in a year, by number.
func Gaps(ctx context.Context, q pg.Querier, series string, year int) (gs []Gap, err error) {
	defer errs.In(&err, "numbering.Gaps(%s, %d)", series, year)
	return pg.Many[Gap](ctx, q, sqlGaps, series, year)
}

// Format writes a number the way people read it aloud: Format("MTR", 2026, 4217)
// is "MTR-26-004217".
func Format(prefix string, year int, n int64) string {
	return fmt.Sprintf("%s-%02d-%06d", prefix, year%100, n)
}

var spoken = regexp.MustCompile(`^([A-Z]{2,6})[^A-Z0-9]*([0-9]{2})[^A-Z0-9]*([0-9]{1,12})$`)

// Parse reads what Format wrote, as people type it: small letters, spaces
// instead of hyphens, zeros left out. Years are of this century.
func Parse(s string) (prefix string, year int, n int64, ok bool) {
	m := spoken.FindStringSubmatch(strings.ToUpper(strings.TrimSpace(s)))
	if m == nil {
		return "", 0, 0, false
	}
	yy, err1 := strconv.Atoi(m[2])
	n, err2 := strconv.ParseInt(m[3], 10, 64)
	if err1 != nil || err2 != nil || n < 1 {
		return "", 0, 0, false
	}
	return m[1], 2000 + yy, n, true
}

const sqlNext = `INSERT INTO numbering_counter AS c (series, year, last) VALUES ($1, $2, 1)
ON CONFLICT (series, year) DO UPDATE SET last = c.last + 1 RETURNING last`

const sqlLast = `SELECT last FROM numbering_counter WHERE series = $1 AND year = $2`

const sqlExplain = `INSERT INTO numbering_gap (series, year, number, reason, account_id, explained_at)
VALUES ($1, $2, $3, $4, NULLIF($5::bigint, 0), $6) ON CONFLICT (series, year, number) DO NOTHING`

const sqlGaps = `SELECT series, year, number, reason, account_id, explained_at FROM numbering_gap
WHERE series = $1 AND year = $2 ORDER BY number`
