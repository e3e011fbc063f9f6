package archtest

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// What is evidence is only ever added to, by the database's own word and not only by
// the program's.
func TestThePortalCannotChangeEvidence(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	statements := []string{`INSERT INTO mtr_transition VALUES ('', 'uji', 'selesai')`, `UPDATE mtr_transition SET to_status = ''`}
	statements = append(statements, `UPDATE work_clock SET free = true`, `DELETE FROM work_clock`, `INSERT INTO work_event (at, module, kind, object, object_id, outcome, recorded_at) VALUES (now(), 'uji', 'uji', 'uji', 1, 'uji', now() - interval '1 day')`)
	for _, table := range []string{"audit_entry", "audit_seal", "work_event", "mtr_event", "numbering_gap", "epemerintahan_event", "epemerintahan_change", "epemerintahan_kind_version", "epemerintahan_letter_event", "eoffice_event", "eoffice_version", "eoffice_folder_event", "eoffice_disposal_event", "kuciniki_event", "kuciniki_version", "kuciniki_judgement", "kuciniki_note", "sign_authority"} {
		var column string
		err := db.Owner().QueryRow(t.Context(), `SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum = 2`, table).Scan(&column)
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, "UPDATE "+table+" SET "+column+" = "+column, "DELETE FROM "+table, "TRUNCATE "+table)
	}
	for _, sql := range statements {
		var refused *pgconn.PgError
		if _, err := db.Pool.Exec(t.Context(), sql); !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("%s: got %v, want insufficient privilege", sql, err)
		}
	}
}

// Whoever makes figures sees no words, no people and no secrets.
func TestFiguresNeedNoPeople(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	columns, err := pg.Scalars[string](t.Context(), db.Owner(), `
		SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped
			AND has_column_privilege('portal_readonly', c.oid, a.attnum, 'SELECT') ORDER BY 1`)
	if err != nil || len(columns) == 0 {
		t.Fatal(columns, err)
	}
	private := regexp.MustCompile(`^audit_|_sealed$|_hash$|email|phone|body|token|password|\.lat$|\.lng$|^mtr_report\.(title|account_id)$|^mtr_event\.(actor_id|reason)$`)
	for _, c := range columns {
		if private.MatchString(c) && !strings.HasPrefix(c, "org_unit.") {
			t.Errorf("portal_readonly reads %s", c)
		}
	}
}

// On every table the portal reads and writes rows, whoever makes figures reads, and nobody else
// may anything; neither role owns or makes anything, or becomes another.
func TestEveryTableGrantsTheLeast(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	tables, err := pg.Scalar[int](t.Context(), db.Owner(), `SELECT count(*)::int FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')`)
	if err != nil || tables < 150 {
		t.Fatalf("%d tables, %v", tables, err)
	}
	for what, sql := range map[string]string{
		"granted too much": `
			SELECT c.relname || ': ' || CASE WHEN g.grantee = 0 THEN 'everybody' ELSE pg_get_userbyid(g.grantee) END || ' may ' || g.privilege_type
			FROM pg_class c, aclexplode(c.relacl) g
			WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND g.grantee <> c.relowner
				AND NOT (g.grantee <> 0 AND pg_get_userbyid(g.grantee) = 'portal_app' AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') AND NOT g.is_grantable)
				AND NOT (g.grantee <> 0 AND pg_get_userbyid(g.grantee) = 'portal_readonly' AND g.privilege_type = 'SELECT' AND NOT g.is_grantable)`,
		"a column granted too much": `
			SELECT c.relname || '.' || a.attname || ': ' || g.grantee::regrole::text || ' may ' || g.privilege_type
			FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g
			WHERE c.relnamespace = 'public'::regnamespace AND NOT (pg_get_userbyid(g.grantee) = 'portal_app' AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE')
				OR pg_get_userbyid(g.grantee) = 'portal_readonly' AND g.privilege_type = 'SELECT')`,
		"owned": `
			SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) IN ('portal_app', 'portal_readonly')`,
		"a role that may more": `
			SELECT rolname::text FROM pg_roles r WHERE rolname IN ('portal_app', 'portal_readonly') AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication
				OR has_schema_privilege(rolname, 'public', 'CREATE') OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid))`,
	} {
		found, err := pg.Scalars[string](t.Context(), db.Owner(), sql)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			t.Errorf("%s: %s", what, f)
		}
	}
}
