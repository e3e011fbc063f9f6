package epemerintahan

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Kelurahan is one that the actor works in.
type Kelurahan struct {
	ID   int64
	Name string
}

// Workplaces lists the kelurahan where the actor holds p.
func (m *Module) Workplaces(ctx context.Context, a authz.Actor, p authz.Permission) (_ []Kelurahan, err error) {
	defer errs.In(&err, "epemerintahan.Workplaces")
	return pg.Many[Kelurahan](ctx, m.db, sqlKelurahan, a.Units(p))
}

// mayIn says what the actor may do in a unit.
func mayIn(a authz.Actor, ancestors []int64) May {
	return May{
		Edit: a.HasIn(PermEdit, ancestors), Reveal: a.HasIn(PermReveal, ancestors),
		Override: a.HasIn(PermOverride, ancestors), Delete: a.HasIn(PermDelete, ancestors),
	}
}

var (
	errNoResident = errs.New(errs.NotFound, "Data penduduk ini tidak ada di wilayah Anda.")
	errNoFamily   = errs.New(errs.NotFound, "Keluarga ini tidak ada di wilayah Anda.")
	errNotYours   = errs.New(errs.Forbidden, "Anda dapat membaca data ini, tetapi tidak mengubahnya. Minta operator atau sekretaris kelurahan.")
	errFaster     = errs.New(errs.Conflict, "Data ini baru saja diubah orang lain. Periksa keadaan terbaru, lalu simpan lagi bila masih perlu.")
)

// resident reads somebody in the actor's realm with sql, and checks that the actor
// may do p there and has seen the present version (0 = whatever it is).
func (m *Module) resident(ctx context.Context, q pg.Querier, sql string, a authz.Actor, p authz.Permission, id int64, version int) (residentRow, error) {
	r, err := pg.One[residentRow](ctx, q, sql, id, a.Units(PermView))
	switch {
	case errs.KindOf(err) == errs.NotFound && err != nil:
		return r, errNoResident
	case err != nil:
		return r, err
	case !a.HasIn(p, r.Ancestors):
		return r, errNotYours
	case version != 0 && version != r.Version:
		return r, errFaster
	}
	return r, m.open(&r)
}

// open puts the masked numbers beside the sealed ones.
func (m *Module) open(r *residentRow) (err error) {
	if r.NIK, err = m.masked(r.NIKSealed, sealNIK); err != nil {
		return err
	}
	r.KK, err = m.masked(r.KKSealed, sealKK)
	return err
}

func (m *Module) family(ctx context.Context, q pg.Querier, sql string, a authz.Actor, p authz.Permission, id int64, version int) (familyRow, error) {
	f, err := pg.One[familyRow](ctx, q, sql, id, a.Units(PermView))
	switch {
	case errs.KindOf(err) == errs.NotFound && err != nil:
		return f, errNoFamily
	case err != nil:
		return f, err
	case !a.HasIn(p, f.Ancestors):
		return f, errNotYours
	case version != 0 && version != f.Version:
		return f, errFaster
	}
	f.KK, err = m.masked(f.KKSealed, sealKK)
	return f, err
}
