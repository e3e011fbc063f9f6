package mtr

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// where builds the condition of a list: only what narrows it, so that the planner
// sees which index fits. Its first argument is always the time.
type where struct {
	conditions []string
	args       []any
}

func newWhere(now time.Time) *where { return &where{args: []any{now}} }

// clone is the same to be narrowed in another way.
func (w *where) clone() *where { return &where{slices.Clone(w.conditions), slices.Clone(w.args)} }

// arg adds an argument and returns its placeholder.
func (w *where) arg(value any) string {
	w.args = append(w.args, value)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) and(condition string) { w.conditions = append(w.conditions, condition) }

// is narrows to rows whose column has the value; the zero value does not narrow.
func (w *where) is(column string, id int64) {
	if id != 0 {
		w.and(column + " = " + w.arg(id))
	}
}

// String is the condition; true when there is none.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return "true"
	}
	return strings.Join(w.conditions, " AND ")
}

// fresh are the arguments of a query that is planned anew each time, because which
// index is best depends on the values: it narrows by more than one thing, or to a few
// of many.
func (w *where) fresh(few bool) []any {
	if !few && len(w.conditions) <= 2 {
		return w.args
	}
	return append([]any{pgx.QueryExecModeCacheDescribe}, w.args...)
}

// The traffic light of mtr_report r at the time $1. The time stands still while the
// reporter is asked. What waits for the reporter alone is never late.
const (
	awaitsCity = `r.due_kind NOT IN ('tutup', 'konfirmasi') AND `
	isLate     = `(r.due_at IS NOT NULL AND ` + awaitsCity + `r.due_at <= COALESCE(r.paused_at, $1::timestamptz))`
	isNear     = `(r.due_at IS NOT NULL AND ` + awaitsCity + `r.due_at > COALESCE(r.paused_at, $1::timestamptz)
		AND r.warn_at <= COALESCE(r.paused_at, $1::timestamptz))`
)
