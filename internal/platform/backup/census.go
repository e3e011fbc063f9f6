package backup

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// Table is what a table holds: its rows, and a hash over all of them that does not depend
// on their order.
type Table struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
	Hash string `json:"hash"`
}

const sqlTables = `
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
ORDER BY c.relname`

// plainText makes rows the same text whatever the server or the role prefers.
const plainText = `
SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET extra_float_digits = 3; SET bytea_output = 'hex';
SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = 0`

// census counts and hashes every table as tx sees it.
func census(ctx context.Context, tx pgx.Tx) ([]Table, error) {
	rows, err := tx.Query(ctx, sqlTables)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	var out []Table
	for _, name := range names {
		t := Table{Name: name}
		err := tx.QueryRow(ctx, `SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM `+
			pgx.Identifier{"public", name}.Sanitize()+` t`).Scan(&t.Rows, &t.Hash)
		if err != nil {
			return nil, fmt.Errorf("count the rows of %s: %w", name, err)
		}
		out = append(out, t)
	}
	return out, nil
}

// differences names the tables that are not alike, at most five.
func differences(want, got []Table) (names []string) {
	for _, t := range want {
		if !slices.Contains(got, t) {
			names = append(names, t.Name)
		}
	}
	for _, t := range got {
		if !slices.ContainsFunc(want, func(w Table) bool { return w.Name == t.Name }) {
			names = append(names, t.Name)
		}
	}
	return names[:min(len(names), 5)]
}
