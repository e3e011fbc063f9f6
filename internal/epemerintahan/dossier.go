package epemerintahan

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlDossierResident = `
SELECT i.resident_id FROM epemerintahan_identity i JOIN epemerintahan_resident r ON r.id = i.resident_id AND r.deleted_at IS NULL
WHERE i.account_id = $1 AND i.status = 'sah'`

// Dossier tells what the register says of the resident whom the account's owner has
// proved to be; nothing before that.
func (m *Module) Dossier(ctx context.Context, accountID int64) (p dossier.Part, err error) {
	defer errs.In(&err, "epemerintahan.Dossier(%d)", accountID)
	p = dossier.Part{
		Code: "penduduk", Title: "Data penduduk di kelurahan", Href: "/surat/data-saya",
		Why:   "Untuk pelayanan kelurahan. Dasarnya undang-undang Administrasi Kependudukan (UU 23/2006, UU 24/2013).",
		Kept:  "Selama Anda tercatat di kelurahan, dan sesudahnya menurut undang-undang itu.",
		Stays: "Data penduduk wajib dicatat kelurahan (UU 23/2006 dan UU 24/2013). Yang keliru dibetulkan di kantor kelurahan.",
	}
	ids, err := pg.Scalars[int64](ctx, m.db, sqlDossierResident, accountID)
	if err != nil || len(ids) == 0 {
		return p, err
	}
	r, err := m.ByID(ctx, m.db, ids[0])
	if err != nil {
		return p, err
	}
	rec := dossier.Record{Title: r.Name, Fields: dossier.Fields("NIK", r.Full.NIK, "Nomor KK", r.Full.KK)}
	for _, f := range append(r.Person.fields(), r.Home.fields()...) {
		rec.Fields = append(rec.Fields, dossier.Fields(f.label, f.value)...)
	}
	p.Records = []dossier.Record{rec}
	return p, nil
}

// Forget erases nothing: the law has the register kept.
func (m *Module) Forget(context.Context, pgx.Tx, authz.Actor, int64, time.Time) (int64, error) {
	return 0, nil
}
