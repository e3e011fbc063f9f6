package oversight

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MaxEvidence is how many cases an assignment keeps as evidence.
const MaxEvidence = 100

// Evidence is a case that was marked.
type Evidence struct {
	ID       int64
	Object   string
	ObjectID int64
	Label    string
	Note     string
	MarkedBy string // name
	MarkedAt time.Time
}

const sqlEvidence = `
SELECT e.id, e.object, e.object_id, e.label, e.note, a.name AS marked_by, e.marked_at
FROM oversight_evidence e JOIN authn_account a ON a.id = e.marked_by WHERE e.assignment_id = $1 ORDER BY e.id`

// The assignment is locked: nobody revokes it meanwhile.
const sqlLockRunning = `SELECT id FROM authz_assignment WHERE id = $1 AND revoked_at IS NULL AND starts_at <= $2 AND ends_at > $2 FOR UPDATE`

const sqlMark = `
INSERT INTO oversight_evidence (assignment_id, object, object_id, label, note, marked_by, marked_at)
SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT count(*) FROM oversight_evidence WHERE assignment_id = $1) < $8 RETURNING id`

// Mark keeps a case as evidence: ref is its number or the address of its page. The actor has to
// be a member of the assignment, which runs, and able to open the case by it: another case is a
// wrong field, whether it exists or not. Marked already is errs.Conflict.
func (m *Module) Mark(ctx context.Context, a authz.Actor, id int64, ref, note string) (err error) {
	defer errs.In(&err, "oversight.Mark(%d)", id)
	d, err := m.working(ctx, m.d.DB, a, id)
	if err != nil {
		return err
	}
	if note = strings.TrimSpace(note); utf8.RuneCountInString(note) > 500 {
		return errs.Invalid(errs.Field{Name: ControlNote, Message: "Paling banyak 500 huruf."})
	}
	s, c, err := m.find(ctx, a.Under(id), strings.TrimSpace(ref))
	if err != nil {
		return err
	}
	now := m.d.Clock.Now()
	err = pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[int64](ctx, tx, sqlLockRunning, id, now); err != nil {
			return err
		}
		mark, err := pg.Scalar[int64](ctx, tx, sqlMark, id, s.Object, c.ID, c.Label, note, a.AccountID, now, MaxEvidence)
		if err != nil && errs.KindOf(err) == errs.NotFound {
			return errs.New(errs.Conflict, "Satu surat tugas memuat paling banyak 100 bukti.")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "oversight.evidence.mark", Object: s.Object, ObjectID: c.ID,
			Detail: map[string]any{"surat_tugas": []string{d.Number}, "bukti": mark}})
	})
	if pg.Violates(err, "oversight_evidence_once_key") {
		return errs.New(errs.Conflict, "Perkara ini sudah ditandai sebagai bukti.")
	}
	return err
}

var errNoCase = errs.Invalid(errs.Field{Name: ControlRef, Message: "Tidak ada perkara dengan nomor atau alamat ini yang boleh Anda buka dengan surat tugas ini."})

func (m *Module) find(ctx context.Context, a authz.Actor, ref string) (Source, Case, error) {
	for _, s := range m.d.Sources {
		key := s.Key(ref)
		if ids, _ := a.Assigned(s.Module); key == "" || len(ids) == 0 {
			continue
		}
		c, err := s.Find(ctx, a, key)
		if err != nil && errs.KindOf(err) == errs.NotFound {
			break
		}
		return s, c, err
	}
	return Source{}, Case{}, errNoCase
}

const sqlUnmark = `DELETE FROM oversight_evidence WHERE id = $1 AND assignment_id = $2 RETURNING object, object_id`

// Unmark takes back a mark, for members while the assignment runs.
func (m *Module) Unmark(ctx context.Context, a authz.Actor, id, mark int64) (err error) {
	defer errs.In(&err, "oversight.Unmark(%d, %d)", id, mark)
	d, err := m.working(ctx, m.d.DB, a, id)
	if err != nil {
		return err
	}
	now := m.d.Clock.Now()
	return pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[int64](ctx, tx, sqlLockRunning, id, now); err != nil {
			return err
		}
		type row struct {
			Object   string
			ObjectID int64
		}
		gone, err := pg.One[row](ctx, tx, sqlUnmark, mark, id)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "oversight.evidence.unmark", Object: gone.Object, ObjectID: gone.ObjectID,
			Detail: map[string]any{"surat_tugas": []string{d.Number}, "bukti": mark}})
	})
}

// modules are the parts of the portal by the beginnings of their pages' addresses.
var modules = []struct{ prefix, module string }{
	{"/meja/mtr", "mtr"}, {"/meja/surat", "epemerintahan"}, {"/meja/penduduk", "epemerintahan"}, {"/meja/puskesmas", "epuskesmas"},
	{"/meja/eoffice", "eoffice"}, {"/meja/kuciniki", "kuciniki"}, {"/meja/survei", "survey"}, {"/meja/admin/audit", "audit"},
}

// Opened puts on record that somebody asks for a page of a module that an assignment opens to
// them, before they get it: the pattern of its address and its parameters, which are ids and
// numbers. Pages of other parts are not their concern.
func (m *Module) Opened(ctx context.Context, a authz.Actor, pattern string, params map[string]string) (err error) {
	defer errs.In(&err, "oversight.Opened(%s)", pattern)
	i := slices.IndexFunc(modules, func(x struct{ prefix, module string }) bool { return strings.HasPrefix(pattern, x.prefix) })
	if i < 0 {
		return nil
	}
	if ids, _ := a.Assigned(modules[i].module); len(ids) == 0 {
		return nil
	}
	detail := map[string]any{"halaman": pattern}
	for name, value := range params {
		detail[name] = value
	}
	return audit.Write(ctx, m.d.DB, a, m.d.Clock.Now(), audit.Entry{Action: modules[i].module + ".page.open", Detail: detail})
}
