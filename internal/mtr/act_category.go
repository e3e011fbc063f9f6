package mtr

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// RecategorizeInput puts a report under another category; Reason is public.
type RecategorizeInput struct {
	Act
	CategoryID int64
	Reason     string
}

const sqlRouting = `
SELECT category_id, COALESCE(kelurahan_id, 0) AS kelurahan_id, COALESCE(kecamatan_id, 0) AS kecamatan_id, extra, title, body
FROM mtr_report WHERE id = $1`

// routing is what decides where a report goes and what goes first.
type routing struct {
	CategoryID, KelurahanID, KecamatanID int64
	Extra                                map[string]string
	Title, Body                          string
}

const sqlSetCategory = `UPDATE mtr_report SET category_id = $2, proof = $3, field_check = $4 WHERE id = $1`

// Recategorize puts a report under another category. At the dispatchers it stays to be
// forwarded. From a unit it goes at once to where the new category's route leads; to the
// dispatchers when that is out of the city or nowhere, or when it was handed on [MaxHops]
// times already.
func (m *Module) Recategorize(ctx context.Context, a authz.Actor, in RecategorizeInput) error {
	categories, err := m.Categories(ctx)
	if err != nil {
		return err
	}
	var category Category
	for _, k := range categories {
		if k.ID == in.CategoryID {
			category = k
		}
	}
	var unit org.Unit
	return m.act(ctx, staff(a, in.Act), ActRecategorize, func(tx pgx.Tx, c *Case, mo Moment) (Intent, error) {
		var r reading
		reason := r.words(ControlReason, in.Reason, "Tulis mengapa kategorinya diubah. Pelapor dan umum membacanya.", MaxReason)
		is, err := pg.One[routing](ctx, tx, sqlRouting, c.ID)
		if err != nil {
			return Intent{}, err
		}
		switch {
		case category.ID == 0:
			r.fail(ControlCategory, "Pilih kategori.")
		case category.ID == is.CategoryID:
			r.fail(ControlCategory, "Laporan ini sudah berkategori "+category.Name+".")
		case category.Place == PlaceRequired && is.KelurahanID == 0:
			r.fail(ControlCategory, "Kategori itu memerlukan tempat, dan laporan ini tidak punya. Tanyakan dulu kepada pelapor.")
		}
		if err := r.err(); err != nil {
			return Intent{}, err
		}
		out := Intent{Reason: reason, Change: Change{CategoryID: category.ID}}
		if p := PriorityOf(category, is.Title, is.Body, is.Extra); !c.PrioritySet && p != c.Priority {
			out.Change.Priority = &p
		}
		if c.Status == Received {
			return out, nil
		}
		to, err := Suggest(ctx, tx, mo.Now, category.ID, is.KelurahanID, is.KecamatanID, is.Extra)
		switch {
		case err != nil:
			return Intent{}, err
		case to.UnitID == c.UnitID: // the same people, by another name
			return out, nil
		case to.UnitID == 0 || c.Hops >= MaxHops:
			out.Action = ActBounce
			return out, nil
		}
		unit, err = org.UnitByID(ctx, tx, to.UnitID)
		out.Change.UnitID = &unit.ID
		return out, err
	}, func(tx pgx.Tx, c *Case, _ Event) error {
		if unit.ID != 0 {
			c.UnitName, c.UnitAncestors = unit.Name, unit.Ancestors
		}
		c.CategoryCode, c.Proof, c.FieldCheck = category.Code, category.Proof, category.FieldCheck
		return pg.Exec(ctx, tx, sqlSetCategory, c.ID, category.ID, category.Proof, category.FieldCheck)
	})
}
