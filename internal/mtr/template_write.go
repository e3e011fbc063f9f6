package mtr

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Template is a ready answer of a unit, for whoever works there or below.
type Template struct {
	ID       int64
	UnitID   int64
	UnitName string
	Name     string
	Body     string
	Version  int // send it back with a change
}

// TemplateInput creates (ID 0) or changes a template.
type TemplateInput struct {
	ID      int64
	UnitID  int64 // of a new one
	Name    string
	Body    string
	Version int // of the one that was seen
}

// maxTemplateName in characters; a body has [MaxReason].
const maxTemplateName = 80

// Whoever leads a unit writes for it; who configures the whole city, for the city.
const sqlTemplateUnits = `
SELECT id, name, kind, COALESCE(parent_id, 0) AS parent_id FROM org_unit
WHERE id IN (SELECT unit_id FROM org_position WHERE id = ANY ($1) AND kind = 'kepala') OR parent_id IS NULL AND id = ANY ($2)
ORDER BY array_length(ancestors, 1), name`

// TemplateUnits lists the units whose templates the actor may edit.
func (m *Module) TemplateUnits(ctx context.Context, a authz.Actor) (_ []UnitChoice, err error) {
	defer errs.In(&err, "mtr.TemplateUnits")
	return templateUnits(ctx, m.db, a)
}

func templateUnits(ctx context.Context, q pg.Querier, a authz.Actor) ([]UnitChoice, error) {
	if !a.IsStaff() {
		return nil, nil
	}
	return pg.Many[UnitChoice](ctx, q, sqlTemplateUnits, positionsOf(a), a.Units(PermConfigure))
}

const templateColumns = `SELECT t.id, t.unit_id, u.name AS unit_name, t.name, t.body, t.version FROM mtr_template t JOIN org_unit u ON u.id = t.unit_id`

const sqlTemplates = templateColumns + `
WHERE t.unit_id = ANY (ARRAY (SELECT unnest(o.ancestors) FROM org_position p JOIN org_unit o ON o.id = p.unit_id WHERE p.id = ANY ($1)))
	OR u.parent_id IS NULL AND u.id = ANY ($2)
ORDER BY array_length(u.ancestors, 1) DESC, u.name, lower(t.name)`

// Templates lists what the actor may answer with: of their units, those above included, the
// nearest first; and those they may edit.
func (m *Module) Templates(ctx context.Context, a authz.Actor) (_ []Template, err error) {
	defer errs.In(&err, "mtr.Templates")
	if !a.IsStaff() {
		return nil, nil
	}
	return pg.Many[Template](ctx, m.db, sqlTemplates, positionsOf(a), a.Units(PermConfigure))
}

// FilledTemplate is the body of a template with what is known of the report now. What is
// not known keeps its braces; it does not go out like that, see [Module.Respond].
func (m *Module) FilledTemplate(ctx context.Context, a authz.Actor, act Act, id int64) (_ string, err error) {
	defer errs.In(&err, "mtr.FilledTemplate(%d)", id)
	all, err := m.Templates(ctx, a)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(t Template) bool { return t.ID == id })
	if i < 0 {
		return "", errs.New(errs.NotFound, "Contoh jawaban itu sudah tidak ada.")
	}
	c, err := pg.One[Case](ctx, m.db, sqlCase, act.ReportID)
	if err != nil {
		return "", err
	}
	now := m.now()
	if !c.RolesOf(Moment{Now: now, Actor: a}).Has(anyStaff) {
		return "", errs.New(errs.NotFound, "")
	}
	facts, err := factsOf(ctx, m.db, c.ID, c.State, now)
	if err != nil {
		return "", err
	}
	filled, _ := facts.fill(all[i].Body)
	return filled, nil
}

const sqlInsertTemplate = `INSERT INTO mtr_template (unit_id, name, body, updated_at) VALUES ($1, $2, $3, $4) RETURNING id`

const sqlUpdateTemplate = `
UPDATE mtr_template SET name = $3, body = $4, updated_at = $5, version = version + 1
WHERE id = $1 AND version = $2`

const sqlTemplateUnit = `SELECT unit_id FROM mtr_template WHERE id = $1`

const sqlDeleteTemplate = `DELETE FROM mtr_template WHERE id = $1`

// SaveTemplate creates or changes a template of a unit that the actor leads. Another unit's
// is errs.NotFound, one that somebody else changed since errs.Conflict.
func (m *Module) SaveTemplate(ctx context.Context, a authz.Actor, in TemplateInput) (id int64, err error) {
	defer errs.In(&err, "mtr.SaveTemplate(%d)", in.ID)
	var r reading
	name := r.line(ControlName, in.Name, "Tulis nama contoh ini, misalnya: Sudah dijadwalkan.", maxTemplateName)
	body := r.words(ControlBody, in.Body, "Tulis isi jawabannya.", MaxReason)
	if unknown := unknownVariables(body); len(unknown) > 0 {
		r.fail(ControlBody, "Isian ini tidak dikenal: "+strings.Join(unknown, ", ")+". Pakai isian dari daftar.")
	}
	if err := r.err(); err != nil {
		return 0, err
	}
	err = m.onTemplate(ctx, a, in.ID, in.UnitID, "mtr.template.save", func(tx pgx.Tx, unit int64) (int64, error) {
		if in.ID == 0 {
			return pg.Scalar[int64](ctx, tx, sqlInsertTemplate, unit, name, body, m.now())
		}
		err := pg.Changed(tx.Exec(ctx, sqlUpdateTemplate, in.ID, in.Version, name, body, m.now()))
		if errs.KindOf(err) == errs.Conflict {
			err = errs.New(errs.Conflict, "Contoh ini baru saja diubah orang lain. Tulisan Anda masih ada di bawah; bandingkan dengan yang baru.")
		}
		return in.ID, err
	}, &id)
	if pg.Violates(err, "mtr_template_name_key") {
		return 0, errs.Invalid(errs.Field{Name: ControlName, Message: "Unit ini sudah punya contoh dengan nama itu."})
	}
	return id, err
}

// DeleteTemplate removes a template of a unit that the actor leads.
func (m *Module) DeleteTemplate(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "mtr.DeleteTemplate(%d)", id)
	return m.onTemplate(ctx, a, id, 0, "mtr.template.delete", func(tx pgx.Tx, _ int64) (int64, error) {
		return id, pg.Exec(ctx, tx, sqlDeleteTemplate, id)
	}, &id)
}

// onTemplate changes a template, or a unit's when id is 0, for who may.
func (m *Module) onTemplate(ctx context.Context, a authz.Actor, id, unit int64, action string, change func(pgx.Tx, int64) (int64, error), out *int64) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		if id != 0 {
			if unit, err = pg.Scalar[int64](ctx, tx, sqlTemplateUnit, id); err != nil {
				return err
			}
		}
		edits, err := templateUnits(ctx, tx, a)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(edits, func(u UnitChoice) bool { return u.ID == unit }) {
			return errs.New(errs.NotFound, "")
		}
		if *out, err = change(tx, unit); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: action, Object: "mtr_template", ObjectID: *out, UnitID: unit})
	})
}
