package letter

import (
	"context"

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
