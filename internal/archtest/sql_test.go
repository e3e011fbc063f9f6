package archtest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// TestSQLConstants has the server read every SQL constant against the migrated
// schema and plan it with the rights of portal_app, so that a misspelt column,
// a parameter without a type, or a write that the role may not do, is found
// without running the code around it.
func TestSQLConstants(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	conn, err := pgx.Connect(t.Context(), db.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `SET plan_cache_mode = force_generic_plan`); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range packages(t) {
		for _, c := range parse(t, p).sqlConstants() {
			seen++
			if !c.known {
				t.Errorf("%s: %s must be a constant of this package, whole", c.at, c.name)
				continue
			}
			if err := plan(t.Context(), conn, fmt.Sprintf("c%d", seen), c.sql); err != nil {
				t.Errorf("%s: %s: %v", c.at, c.name, err)
			}
		}
	}
	if seen < 20 {
		t.Errorf("found only %d SQL constants: the search is broken", seen)
	}
}

var plannable = regexp.MustCompile(`(?is)^\s*(--[^\n]*\n\s*)*(select|insert|update|delete|merge|with|values)\b`)

// plan prepares a statement and, where it has a plan, plans it with NULL for
// each parameter, which checks the role's rights.
func plan(ctx context.Context, conn *pgx.Conn, name, sql string) error {
	prepared, err := conn.Prepare(ctx, name, sql)
	if err != nil {
		return explain(err, sql)
	}
	if !plannable.MatchString(sql) {
		return nil
	}
	call := "EXPLAIN EXECUTE " + name
	if n := len(prepared.ParamOIDs); n > 0 {
		call += "(" + strings.TrimSuffix(strings.Repeat("NULL, ", n), ", ") + ")"
	}
	_, err = conn.Exec(ctx, call, pgx.QueryExecModeSimpleProtocol)
	return explain(err, sql)
}

// explain adds the place in the statement, which the server gives as an offset.
func explain(err error, sql string) error {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return err
	}
	if pe.Position == 0 {
		return fmt.Errorf("%s (%s)", pe.Message, pe.Code)
	}
	runes := []rune(sql)
	from := min(max(int(pe.Position)-1, 0), len(runes))
	near := strings.Join(strings.Fields(string(runes[from:min(from+50, len(runes))])), " ")
	return fmt.Errorf("%s (%s) near %q", pe.Message, pe.Code, near)
}

// The patterns find writes in SQL and leave prose and SELECT … FOR UPDATE alone.
var writePatterns = []*regexp.Regexp{
	regexp.MustCompile(`(?is)\binsert\s+into\s+([a-z_][a-z0-9_.]*)\s*(?:\(|select\b|values\b|default\b|as\b|with\b)`),
	regexp.MustCompile(`(?is)\bdelete\s+from\s+(?:only\s+)?([a-z_][a-z0-9_.]*)`),
	regexp.MustCompile(`(?is)\bmerge\s+into\s+(?:only\s+)?([a-z_][a-z0-9_.]*)`),
	regexp.MustCompile(`(?is)\bupdate\s+(?:only\s+)?([a-z_][a-z0-9_.]*)\s+(?:(?:as\s+)?[a-z_][a-z0-9_]*\s+)?set\b`),
	regexp.MustCompile(`(?s)\bTRUNCATE\s+(?:TABLE\s+)?([a-z_][a-z0-9_.]*)`),
}

var sqlComment = regexp.MustCompile(`--[^\n]*`)

// writes returns the tables that the SQL in a string writes.
func writes(sql string) (tables []string) {
	sql = sqlComment.ReplaceAllString(sql, "")
	for _, p := range writePatterns {
		for _, m := range p.FindAllStringSubmatch(sql, -1) {
			tables = append(tables, strings.TrimPrefix(strings.ToLower(m[1]), "public."))
		}
	}
	return tables
}

// copyTarget finds the tables named to CopyFrom.
var copyTarget = regexp.MustCompile(`CopyFrom\([^{}]*pgx\.Identifier\{"([a-z0-9_]+)"\}`)

// ownerOf names the package that may write a table.
func ownerOf(table string) string {
	if owner, ok := tableOwner[table]; ok {
		return owner
	}
	prefix, _, _ := strings.Cut(table, "_")
	return prefix
}

func TestTablesAreWrittenByTheirOwner(t *testing.T) {
	t.Parallel()
	tables := tableNames(t)
	found := 0
	for _, p := range packages(t) {
		self := moduleOf(p.Name)
		if self == "" {
			self = platformOf(p.Name)
		}
		if self == "" || self == "pgtest" {
			continue // app, demo and bench put the parts together; they hold no SQL of their own that matters here
		}
		src := parse(t, p)
		for _, s := range src.texts() {
			for _, table := range writes(s.value) {
				if !slices.Contains(tables, table) {
					continue // a CTE, or prose
				}
				found++
				if ownerOf(table) != self {
					t.Errorf("%s writes %s, which only %s may (rule 6)", s.at, table, ownerOf(table))
				}
			}
		}
		for _, f := range src.files {
			text := readFile(t, src.fset.Position(f.Pos()).Filename)
			for _, m := range copyTarget.FindAllStringSubmatch(text, -1) {
				if slices.Contains(tables, m[1]) && ownerOf(m[1]) != self {
					t.Errorf("%s copies into %s, which only %s may write (rule 6)", src.at(f.Pos()), m[1], ownerOf(m[1]))
				}
			}
		}
	}
	if found < 10 {
		t.Errorf("found only %d writes: the search is broken", found)
	}
}

// A module sees another module's tables through a listed view or not at all.
func TestModulesDoNotReadEachOthersTables(t *testing.T) {
	t.Parallel()
	tables := tableNames(t)
	word := regexp.MustCompile(`\b[a-z]+_[a-z0-9_]+\b`)
	for _, p := range packages(t) {
		self := moduleOf(p.Name)
		if self == "" && platformOf(p.Name) == "" {
			continue
		}
		for _, s := range parse(t, p).texts() {
			if !plannable.MatchString(s.value) {
				continue
			}
			for _, name := range word.FindAllString(s.value, -1) {
				owner := ownerOf(name)
				if slices.Contains(tables, name) && owner != self && slices.Contains(modules, owner) && !slices.Contains(sharedViews, name) {
					t.Errorf("%s reads %s of module %s (rule 6)", s.at, name, owner)
				}
			}
		}
	}
}

// Every table belongs to a package that exists.
func TestTablesHaveOwners(t *testing.T) {
	t.Parallel()
	var names []string
	for _, p := range packages(t) {
		if m := moduleOf(p.Name); m != "" {
			names = append(names, m)
		}
		if m := platformOf(p.Name); m != "" {
			names = append(names, m)
		}
	}
	for _, table := range tableNames(t) {
		if owner := ownerOf(table); !slices.Contains(names, owner) {
			t.Errorf("table %s belongs to a package %s, which does not exist", table, owner)
		}
	}
}

// tableNames lists the tables and views of the migrated schema that are ours.
func tableNames(t *testing.T) []string {
	t.Helper()
	rows, err := pgtest.New(t).Pool.Query(t.Context(), `SELECT c.relname::text FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
		AND c.relname NOT LIKE 'river%' AND c.relname <> 'schema_migrations'
		AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestWritesAreRecognised(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		`INSERT INTO mtr_report (a) VALUES ($1) ON CONFLICT DO UPDATE SET a = 1`:              "mtr_report",
		`WITH x AS (UPDATE mtr_report r SET a = 1 RETURNING id) DELETE FROM org_unit USING x`: "org_unit mtr_report",
		`SELECT id FROM mtr_report FOR UPDATE`:                                                "",
		`SELECT id FROM mtr_report FOR NO KEY UPDATE OF mtr_report SKIP LOCKED`:               "",
		"update only\n mtr_report as r set a = 1":                                             "mtr_report",
		`Update the settings of your account`:                                                 "",
		"SELECT 1 -- then DELETE FROM mtr_report":                                             "",
	} {
		if got := strings.Join(writes(sql), " "); got != want {
			t.Errorf("%s: got %q, want %q", sql, got, want)
		}
	}
}
