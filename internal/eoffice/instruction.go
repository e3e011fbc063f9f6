package eoffice

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlInstructions = `
SELECT label FROM eoffice_instruction WHERE unit_id = (
	SELECT i.unit_id FROM eoffice_instruction i JOIN org_unit u ON u.id = i.unit_id, org_unit me
	WHERE me.id = $1 AND i.unit_id = ANY(me.ancestors) ORDER BY array_length(u.ancestors, 1) DESC LIMIT 1)
ORDER BY ord`

// Instructions lists what may be ticked on an order of a unit: its own list, else that of
// the nearest unit above that has one.
func (m *Module) Instructions(ctx context.Context, unitID int64) ([]string, error) {
	return instructionsOf(ctx, m.db, unitID)
}

func instructionsOf(ctx context.Context, q pg.Querier, unitID int64) ([]string, error) {
	return pg.Scalars[string](ctx, q, sqlInstructions, unitID)
}

const (
	sqlHoldUnit         = `SELECT id FROM org_unit WHERE id = $1 FOR NO KEY UPDATE`
	sqlDropInstructions = `DELETE FROM eoffice_instruction WHERE unit_id = $1`
	sqlAddInstructions  = `INSERT INTO eoffice_instruction (unit_id, ord, label) SELECT $1, n, label FROM unnest($2::text[]) WITH ORDINALITY t (label, n)`
)

const maxInstructions = 30

// SetInstructions gives a unit a list of its own; none lets it follow the unit above again,
// which the city cannot. Orders that were given keep their words.
func (m *Module) SetInstructions(ctx context.Context, a authz.Actor, unitID int64, labels []string) (err error) {
	defer errs.In(&err, "eoffice.SetInstructions(%d)", unitID)
	var list []string
	for _, l := range labels {
		l = strings.Join(strings.Fields(l), " ")
		switch {
		case l == "" || l == forInformation || slices.Contains(list, l):
			continue
		case utf8.RuneCountInString(l) > 80:
			return errs.Invalid(errs.Field{Name: ControlInstruction, Message: "Satu instruksi paling banyak 80 huruf."})
		}
		list = append(list, l)
	}
	if len(list) > maxInstructions {
		return errs.Invalid(errs.Field{Name: ControlInstruction, Message: "Paling banyak 30 instruksi."})
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		u, err := org.UnitByID(ctx, tx, unitID)
		if err != nil {
			return err
		}
		if !a.HasIn(PermConfigure, u.Ancestors) {
			return errs.New(errs.NotFound, "Unit ini bukan yang Anda atur.")
		}
		if len(list) == 0 && u.ParentID == nil {
			return errs.Invalid(errs.Field{Name: ControlInstruction, Message: "Daftar kota tidak boleh kosong."})
		}
		if err := pg.Exec(ctx, tx, sqlHoldUnit, unitID); err != nil { // two who save do so one after the other
			return err
		}
		if err := pg.Exec(ctx, tx, sqlDropInstructions, unitID); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlAddInstructions, unitID, listOf(list)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "eoffice.instructions", Object: "org_unit", ObjectID: unitID, UnitID: unitID,
			Detail: map[string]any{"banyak": len(list)}})
	})
}
