// Package reseal seals anew, while portals run, what older keys have sealed.
//
// It needs no record of how far it came: the first byte of a sealed value names its
// key, so a rotation that broke off begins again and finds what is left.
package reseal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// blocks of a table are read, sealed and written in one transaction: half a megabyte.
const blocks = 64

// Rotation seals columns with the newest key of Box. DB connects as the owner of the
// tables, for history is only added to by everybody else.
type Rotation struct {
	DB      *pgxpool.Pool
	Box     *crypt.Box
	Columns []crypt.Column
	// Told is called after each table that had something to do; may be nil.
	Told func(table string, done int)
	// Waits is called when values under an old key keep coming; may be nil.
	Waits func(left int)
}

// Outcome is what a rotation did.
type Outcome struct {
	Done       int // values sealed anew
	Unreadable []Use
}

// Run seals until a look over all tables finds nothing under an older key, also what
// portals write meanwhile; with portals that seal with an older key it goes on until ctx
// ends. A value that its writer changes at the same moment is left to the next round, so
// nothing written is lost. What no key opens stays as it is and is named in the outcome.
func (r *Rotation) Run(ctx context.Context) (out Outcome, err error) {
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		unreadable := map[crypt.Column]int{}
		for _, t := range tables(r.Columns) {
			done, err := r.table(ctx, t, unreadable)
			out.Done += done
			if err != nil {
				return out, fmt.Errorf("%s: %w", t[0].Table, err)
			}
			if done > 0 && r.Told != nil {
				r.Told(t[0].Table, done)
			}
		}
		uses, err := Count(ctx, r.DB, r.Columns)
		if err != nil {
			return out, err
		}
		left := 0
		out.Unreadable = nil
		for _, u := range uses {
			if u.Key == r.Box.Newest() {
				continue
			}
			if n := min(u.Values, unreadable[u.Column]); n > 0 {
				out.Unreadable = append(out.Unreadable, Use{u.Column, u.Key, n})
				unreadable[u.Column] -= n
				u.Values -= n
			}
			left += u.Values
		}
		if left == 0 {
			return out, nil
		}
		if r.Waits != nil {
			r.Waits(left)
		}
		select {
		case <-ctx.Done():
			return out, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// tables groups columns by table, in their order.
func tables(columns []crypt.Column) (out [][]crypt.Column) {
	for _, c := range columns {
		i := slices.IndexFunc(out, func(t []crypt.Column) bool { return t[0].Table == c.Table })
		if i < 0 {
			out = append(out, nil)
			i = len(out) - 1
		}
		out[i] = append(out[i], c)
	}
	return out
}

const sqlBlocks = `SELECT (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int`

func (r *Rotation) table(ctx context.Context, t []crypt.Column, unreadable map[crypt.Column]int) (done int, err error) {
	size, err := pg.Scalar[int](ctx, r.DB, sqlBlocks, t[0].Table)
	if err != nil {
		return 0, err
	}
	find, write := findSQL(t), writeSQL(t)
	for from := 0; from < size; from += blocks {
		var batch int
		var bad map[crypt.Column]int
		err := pg.InTx(ctx, r.DB, func(tx pgx.Tx) (err error) {
			bad = map[crypt.Column]int{}
			batch, err = r.batch(ctx, tx, t, find, write, from, bad)
			return err
		})
		if err != nil {
			return done, err
		}
		done += batch
		for c, n := range bad {
			unreadable[c] += n
		}
	}
	return done, nil
}

// batch seals the rows of some blocks. Rows that somebody holds are passed over.
func (r *Rotation) batch(ctx context.Context, tx pgx.Tx, t []crypt.Column, find, write string, from int, bad map[crypt.Column]int) (done int, err error) {
	low, high := fmt.Sprintf("(%d,0)", from), fmt.Sprintf("(%d,0)", from+blocks)
	rows, err := tx.Query(ctx, find, low, high, []byte{r.Box.Newest()})
	if err != nil {
		return 0, err
	}
	var ids []string
	old, sealed := make([][][]byte, len(t)), make([][][]byte, len(t))
	id, values, contexts := "", make([][]byte, len(t)), make([]*string, len(t))
	into := []any{&id}
	for i := range t {
		into = append(into, &values[i], &contexts[i])
	}
	_, err = pgx.ForEachRow(rows, into, func() error {
		ids = append(ids, id)
		for i, c := range t {
			was := slices.Clone(values[i]) // the driver may use its buffer again
			is := was
			if was != nil && r.Box.Stale(was) {
				if contexts[i] == nil {
					return fmt.Errorf("%s has no context", c.Name)
				}
				switch plain, err := r.Box.OpenKept(was, *contexts[i]); { // also what a portal wrote that had not heard yet
				case err != nil:
					bad[c]++
				default:
					is = r.Box.Seal(plain, *contexts[i])
					done++
				}
			}
			old[i], sealed[i] = append(old[i], was), append(sealed[i], is)
		}
		return nil
	})
	if err != nil || done == 0 {
		return 0, err
	}
	args := []any{low, high, ids}
	for i := range t {
		args = append(args, old[i], sealed[i])
	}
	tag, err := tx.Exec(ctx, write, args...)
	if err == nil && int(tag.RowsAffected()) != len(ids) {
		err = errors.New("a row changed although it was held")
	}
	return done, err
}

// value reads a column's sealed value; where nothing stands any more, in a column that
// wants something, stands the empty one.
func value(c crypt.Column) string {
	name := "t." + pgx.Identifier{c.Name}.Sanitize()
	if c.Path == "" {
		return "NULLIF(" + name + ", '')"
	}
	return "decode(" + name + " #>> " + crypt.Literal(c.Path) + ", 'base64')"
}

func table(c crypt.Column) string { return pgx.Identifier{"public", c.Table}.Sanitize() }

// findSQL holds the rows between two places, $1 and $2, that have a value under another
// key than $3.
func findSQL(t []crypt.Column) string {
	what, stale := []string{"t.ctid::text"}, []string{}
	for _, c := range t {
		what = append(what, value(c), c.Context)
		stale = append(stale, "substr("+value(c)+", 1, 1) <> $3")
	}
	return "SELECT " + strings.Join(what, ", ") + " FROM " + table(t[0]) + " t WHERE t.ctid >= $1::tid AND t.ctid < $2::tid AND (" +
		strings.Join(stale, " OR ") + ") FOR NO KEY UPDATE OF t SKIP LOCKED"
}

// writeSQL puts new values, from $4 on, where the old ones still are.
func writeSQL(t []crypt.Column) string {
	var set, same []string
	arrays, names := []string{"$3::text[]"}, []string{"id"}
	for i, c := range t {
		arrays = append(arrays, fmt.Sprintf("$%d::bytea[], $%d::bytea[]", 4+2*i, 5+2*i))
		names = append(names, fmt.Sprintf("old%d, new%d", i, i))
		column := "t." + pgx.Identifier{c.Name}.Sanitize()
		to := fmt.Sprintf("n.new%d", i)
		if c.Path == "" {
			to = "COALESCE(" + to + ", " + column + ")"
		} else {
			to = fmt.Sprintf("CASE WHEN %s IS NULL THEN %s ELSE jsonb_set(%s, %s, to_jsonb(translate(encode(%s, 'base64'), E'\\n', '')), false) END",
				to, column, column, crypt.Literal(c.Path), to)
		}
		set = append(set, pgx.Identifier{c.Name}.Sanitize()+" = "+to)
		same = append(same, fmt.Sprintf("%s IS NOT DISTINCT FROM n.old%d", value(c), i))
	}
	return "UPDATE " + table(t[0]) + " t SET " + strings.Join(set, ", ") + " FROM unnest(" + strings.Join(arrays, ", ") + ") n(" + strings.Join(names, ", ") +
		") WHERE t.ctid >= $1::tid AND t.ctid < $2::tid AND t.ctid = n.id::tid AND " + strings.Join(same, " AND ")
}
