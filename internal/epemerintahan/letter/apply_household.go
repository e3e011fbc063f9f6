package letter

import (
	"context"
	"slices"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// household are the living members of the family of whom an account was proved to be.
type household struct {
	kelurahanID int64
	ids         []int64 // the account's owner first
}

// householdOf is empty without a proved identity, or when its resident does not live here any more.
func (m *Module) householdOf(ctx context.Context, q pg.Querier, a authz.Actor) (h household, err error) {
	if !a.SignedIn() {
		return h, errs.New(errs.Unauthenticated, "")
	}
	i, err := latest(ctx, q, a)
	if err != nil || i.Status != IdentityProved {
		return h, err
	}
	self, err := m.residents.ByID(ctx, q, i.ResidentID)
	if err != nil && errs.KindOf(err) == errs.NotFound || err == nil && self.Status != epemerintahan.Living {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	members, err := m.residents.FamilyMembers(ctx, q, self.FamilyID)
	if err != nil {
		return h, err
	}
	h.kelurahanID, h.ids = self.KelurahanID, []int64{self.ID}
	for _, p := range members {
		if p.Status == epemerintahan.Living && p.ID != self.ID {
			h.ids = append(h.ids, p.ID)
		}
	}
	return h, nil
}

// find opens a member of the household; anybody else is errs.NotFound.
func (m *Module) inHousehold(ctx context.Context, q pg.Querier, h household) finder {
	return func(id int64) (epemerintahan.Opened, error) {
		if !slices.Contains(h.ids, id) {
			return epemerintahan.Opened{}, errs.New(errs.NotFound, "Anda hanya dapat mengajukan surat untuk diri sendiri dan anggota KK Anda.")
		}
		return m.residents.ByID(ctx, q, id)
	}
}

// Household lists whom the account may ask letters for: the resident that its verified
// identity names, and their family. Empty without a verified identity.
func (m *Module) Household(ctx context.Context, a authz.Actor) (kelurahanID int64, people []Person, err error) {
	defer errs.In(&err, "letter.Household")
	h, err := m.householdOf(ctx, m.db, a)
	if err != nil {
		return 0, nil, err
	}
	members, err := m.residents.ByIDs(ctx, m.db, h.ids)
	for _, r := range members {
		people = append(people, opened(r))
	}
	return h.kelurahanID, people, err
}
