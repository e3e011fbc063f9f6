package kuciniki

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Branch is an RHK in the matriks pembagian peran dan hasil, with those below that serve it.
type Branch struct {
	RHKID  int64
	SKPID  int64
	Text   string
	Kind   string
	Person string
	Title  string
	Status Status
	Below  []Branch
}

// mostBranches bounds one matrix.
const mostBranches = 1000

const sqlMatrix = `
WITH RECURSIVE tree AS (
	SELECT r.id, r.parent_id, 0 AS depth FROM kuciniki_rhk r WHERE r.skp_id = $1
	UNION ALL
	SELECT r.id, r.parent_id, tree.depth + 1 FROM tree JOIN kuciniki_rhk r ON r.parent_id = tree.id WHERE tree.depth < 8
)
SELECT r.id AS rhk_id, r.skp_id, r.text, r.kind, n.name AS person, p.title, s.status, COALESCE(r.parent_id, 0) AS parent_id, tree.depth
FROM tree JOIN kuciniki_rhk r ON r.id = tree.id JOIN kuciniki_skp s ON s.id = r.skp_id
JOIN org_person n ON n.id = s.person_id JOIN org_position p ON p.id = s.position_id
ORDER BY tree.depth, r.kind DESC, n.name, r.ord, r.id LIMIT $2`

// Matrix is the RHKs of an SKP with all that serve them further down: the matriks
// pembagian peran dan hasil below one person. It is seen by who sees the SKP; cut tells that
// there are more than it shows.
func (m *Module) Matrix(ctx context.Context, a authz.Actor, skp int64) (s SKP, _ []Branch, cut bool, err error) {
	defer errs.In(&err, "kuciniki.Matrix(%d)", skp)
	if s, _, err = find(ctx, m.db, a, skp); err != nil {
		return s, nil, false, err
	}
	rows, err := pg.Many[branchRow](ctx, m.db, sqlMatrix, skp, mostBranches)
	if err != nil {
		return s, nil, false, err
	}
	return s, grow(rows), len(rows) == mostBranches, nil
}

type branchRow struct {
	RHKID    int64
	SKPID    int64
	Text     string
	Kind     string
	Person   string
	Title    string
	Status   Status
	ParentID int64
	Depth    int
}

// grow hangs rows, the uppermost first, below each other. The parents of the uppermost are
// not among them.
func grow(rows []branchRow) (out []Branch) {
	below := map[int64][]branchRow{}
	for _, r := range rows {
		if r.Depth > 0 {
			below[r.ParentID] = append(below[r.ParentID], r)
		}
	}
	var hang func(r branchRow) Branch
	hang = func(r branchRow) Branch {
		b := Branch{RHKID: r.RHKID, SKPID: r.SKPID, Text: r.Text, Kind: r.Kind, Person: r.Person, Title: r.Title, Status: r.Status}
		for _, c := range below[r.RHKID] {
			b.Below = append(b.Below, hang(c))
		}
		return b
	}
	for _, r := range rows {
		if r.Depth == 0 {
			out = append(out, hang(r))
		}
	}
	return out
}
