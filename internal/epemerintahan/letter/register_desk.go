package letter

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Signatory is somebody whose signature letters of the actor's realm may carry.
type Signatory struct {
	PersonID int64
	Name     string
}

// Those who hold or held a seat from which letters are signed, in the kelurahan of the
// realm and in the kecamatan above them.
const sqlSignatories = `
SELECT DISTINCT n.id AS person_id, n.name
FROM org_unit k
JOIN org_position p ON p.unit_id IN (k.id, k.parent_id) AND p.kind IN ('kepala', 'sekretaris')
JOIN org_occupancy o ON o.position_id = p.id
JOIN org_person n ON n.id = o.person_id
WHERE k.kind = 'kelurahan' AND k.ancestors && $1::bigint[]
ORDER BY n.name, n.id
LIMIT 500`

// Signatories lists whom the register can be narrowed to.
func (m *Module) Signatories(ctx context.Context, a authz.Actor) (_ []Signatory, err error) {
	defer errs.In(&err, "letter.Signatories")
	return pg.Many[Signatory](ctx, m.db, sqlSignatories, a.Units(PermView))
}

// NoteExport writes into the audit trail that the actor takes the register away. It
// comes before the first line goes out; without PermExport it is errs.Forbidden.
func (m *Module) NoteExport(ctx context.Context, a authz.Actor, f Filter) (err error) {
	defer errs.In(&err, "letter.NoteExport")
	if !a.Has(PermExport) {
		return errs.New(errs.Forbidden, "Anda tidak berwenang mengunduh register.")
	}
	return audit.Write(ctx, m.db, a, m.now(), audit.Entry{
		Action: "epemerintahan.letter.export", Object: "epemerintahan_letter", UnitID: a.MainPosition().UnitID,
		Detail: map[string]any{"menurut_kata": f.Text != "", "jenis": f.Code, "status": string(f.Status), "kelurahan": f.KelurahanID},
	})
}
