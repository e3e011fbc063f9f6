package epuskesmas

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlDossierTickets = `
SELECT t.code, o.name AS poli, u.name AS site, s.starts_at AS at, t.status, v.payer, v.contact_kind, v.contact_sealed, v.complaint_sealed, COALESCE(p.name, '') AS patient
FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id AND t.moved_to IS NULL
JOIN epuskesmas_session s ON s.id = t.session_id JOIN epuskesmas_poli o ON o.id = t.poli_id JOIN org_unit u ON u.id = v.unit_id
LEFT JOIN epuskesmas_patient p ON p.id = t.patient_id WHERE v.account_id = $1 ORDER BY s.starts_at DESC, t.id DESC`

// Dossier tells which tickets an account booked, for whom and with which contact.
func (m *Module) Dossier(ctx context.Context, accountID int64) (p dossier.Part, err error) {
	defer errs.In(&err, "epuskesmas.Dossier(%d)", accountID)
	p = dossier.Part{
		Code: "puskesmas", Title: "Antrean puskesmas", Href: "/puskesmas/antrean-saya",
		Why:  "Untuk nomor antrean dan mengabari giliran. Dasarnya persetujuan Anda saat mendaftar dan tugas pelayanan.",
		Kept: "Bersama catatan kunjungan puskesmas.",
		Goes: "Hubungan antrean dengan akun ini, kontak Anda, dan keluhan yang Anda tulis untuk kunjungan yang sudah lewat.",
		Stays: "Catatan pasien dan kunjungannya di puskesmas: rekam medis disimpan sedikitnya 25 tahun sejak kunjungan terakhir " +
			"(Permenkes 24/2022).",
	}
	type ticket struct {
		Code, Poli, Site, Payer, ContactKind, Patient string
		Status                                        Status
		At                                            time.Time
		ContactSealed, ComplaintSealed                []byte
	}
	tickets, err := pg.Many[ticket](ctx, m.db, sqlDossierTickets, accountID)
	if err != nil {
		return p, err
	}
	for _, t := range tickets {
		var contact, complaint string
		if t.ContactSealed != nil {
			if contact, err = m.box.Open(t.ContactSealed, contactContext(t.ContactKind)); err != nil {
				return p, err
			}
		}
		if t.ComplaintSealed != nil {
			if complaint, err = m.box.Open(t.ComplaintSealed, contextComplaint); err != nil {
				return p, err
			}
		}
		p.Records = append(p.Records, dossier.Record{Title: t.Code + ", " + t.Poli + ", " + t.Site, At: t.At, Fields: dossier.Fields(
			"Pasien", t.Patient, "Status", t.Status.Name(), "Pembayaran", t.Payer, "Kontak", contact, "Keluhan", complaint)})
	}
	return p, nil
}

// What somebody wrote for a visit to come is what the nurse reads there.
const sqlForgetVisits = `
UPDATE epuskesmas_visit SET account_id = NULL, contact_sealed = NULL, contact_hash = NULL, contact_kind = '',
	complaint_sealed = CASE WHEN day < $2::date THEN NULL ELSE complaint_sealed END
WHERE account_id = $1 RETURNING id`

// Forget takes the account, its contact and past complaints out of its visits.
func (m *Module) Forget(ctx context.Context, tx pgx.Tx, by authz.Actor, accountID int64, at time.Time) (n int64, err error) {
	defer errs.In(&err, "epuskesmas.Forget(%d)", accountID)
	visits, err := pg.Scalars[int64](ctx, tx, sqlForgetVisits, accountID, at.In(clock.Makassar).Format(time.DateOnly))
	for i := 0; err == nil && i < len(visits); i++ {
		err = audit.Write(ctx, tx, by, at, audit.Entry{Action: "epuskesmas.visit.erase", Object: "epuskesmas_visit", ObjectID: visits[i]})
	}
	return int64(len(visits)), err
}
