package mtr

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlDossierReports = `
SELECT r.id, r.number, r.title, r.body, r.landmark, r.lat, r.lng, r.status, r.anonymous, r.confidential, r.submitted_at, c.name AS category,
	k.name_sealed, k.email_sealed, k.phone_sealed, k.behalf_name_sealed,
	(SELECT count(*) FROM mtr_photo p WHERE p.report_id = r.id AND p.stored)::int AS photos
FROM mtr_report r JOIN mtr_category c ON c.id = r.category_id LEFT JOIN mtr_contact k ON k.report_id = r.id
WHERE r.account_id = $1 ORDER BY r.id DESC`

const sqlDossierMessages = `
SELECT r.number, e.at, g.body FROM mtr_message g JOIN mtr_event e ON e.report_id = g.report_id AND e.seq = g.event_seq
JOIN mtr_report r ON r.id = g.report_id WHERE r.account_id = $1 ORDER BY e.at DESC, g.id DESC`

const sqlDossierFollows = `
SELECT f.subject, f.channel, f.created_at AS at, COALESCE(r.number, c.name, u.name, '') AS name FROM mtr_follow f
LEFT JOIN mtr_report r ON f.subject = 'laporan' AND r.id = f.subject_id
LEFT JOIN mtr_category c ON f.subject = 'kategori' AND c.id = f.subject_id
LEFT JOIN org_unit u ON f.subject IN ('kelurahan', 'unit') AND u.id = f.subject_id
WHERE ` + followsOf + ` AND f.ended_at IS NULL
UNION ALL
SELECT 'dukungan', '', s.created_at, r.number FROM mtr_support s JOIN mtr_report r ON r.id = s.report_id
WHERE s.account_id = $1 AND s.ended_at IS NULL ORDER BY at DESC`

// Dossier tells which reports an account sent, with whom to reach, and what it follows.
func (m *Module) Dossier(ctx context.Context, accountID int64) (p dossier.Part, err error) {
	defer errs.In(&err, "mtr.Dossier(%d)", accountID)
	p = dossier.Part{
		Code: "laporan", Title: "Laporan warga", Href: "/mtr/laporan-saya",
		Why:  "Untuk membereskan masalah dan mengabari Anda. Dasarnya tugas pelayanan publik (UU 25/2009).",
		Kept: "Laporan disimpan bersama arsip kota. Konsep yang tidak dikirim terhapus sendiri.",
		Goes: "Nama dan kontak Anda di laporan, hubungan laporan dengan akun ini, konsep, dan semua yang Anda ikuti atau dukung.",
		Stays: "Isi laporan, foto, dan riwayat penanganannya, tanpa nama Anda: arsip pelayanan publik " +
			"(UU 43/2009 tentang Kearsipan). Laporan yang ditahan untuk perkara hukum tetap utuh selama ditahan.",
	}
	type report struct {
		sealedReporter
		ID                                              int64
		Number, Title, Body, Landmark, Status, Category string
		Lat, Lng                                        *float64
		Anonymous, Confidential                         bool
		SubmittedAt                                     time.Time
		Photos                                          int
	}
	reports, err := pg.Many[report](ctx, m.db, sqlDossierReports, accountID)
	if err != nil {
		return p, err
	}
	for _, r := range reports {
		who, err := r.open(m)
		if err != nil {
			return p, err
		}
		place := r.Landmark
		if r.Lat != nil && r.Lng != nil {
			place += fmt.Sprintf(" (%.5f, %.5f)", *r.Lat, *r.Lng)
		}
		p.Records = append(p.Records, dossier.Record{Title: r.Number + ": " + r.Title, At: r.SubmittedAt, Fields: append(dossier.Fields(
			"Kategori", r.Category, "Uraian", r.Body, "Tempat", place, "Status", dossier.Words(r.Status),
			"Nama pelapor", who.Name, "Email", who.Email, "Nomor HP", who.Phone, "Atas nama", who.BehalfName),
			dossier.Field{Name: "Anonim", Value: dossier.YesNo(r.Anonymous)}, dossier.Field{Name: "Rahasia", Value: dossier.YesNo(r.Confidential)},
			dossier.Field{Name: "Foto", Value: fmt.Sprint(r.Photos)})})
	}
	messages, err := pg.Many[struct {
		Number, Body string
		At           time.Time
	}](ctx, m.db, sqlDossierMessages, accountID)
	if err != nil {
		return p, err
	}
	for _, g := range messages {
		p.Records = append(p.Records, dossier.Record{Title: "Pesan Anda pada " + g.Number, At: g.At, Fields: dossier.Fields("Isi", g.Body)})
	}
	follows, err := pg.Many[struct {
		Subject, Channel, Name string
		At                     time.Time
	}](ctx, m.db, sqlDossierFollows, accountID)
	if err != nil {
		return p, err
	}
	for _, f := range follows {
		title := "Mengikuti " + f.Subject + " " + f.Name
		if f.Subject == "dukungan" {
			title = "Mendukung " + f.Name
		}
		p.Records = append(p.Records, dossier.Record{Title: title, At: f.At, Fields: dossier.Fields("Kabar lewat", f.Channel)})
	}
	return p, nil
}

const (
	sqlLockOwnReports = `SELECT id FROM mtr_report WHERE account_id = $1 ORDER BY id FOR UPDATE`
	// Read again with the rows locked: a hold may have come in between, now none can.
	sqlReportsToErase = `SELECT r.id FROM mtr_report r WHERE r.account_id = $1 AND NOT ` + underHold + ` ORDER BY r.id`
	// The link of a report says nothing of a person and stays, for the reports that go on.
	sqlEraseContacts = `
UPDATE mtr_contact SET name_sealed = NULL, email_sealed = NULL, email_hash = NULL, email_verified_at = NULL, phone_sealed = NULL,
	phone_hash = NULL, phone_verified_at = NULL, behalf_name_sealed = NULL, consent_at = NULL,
	code_hash = NULL, code_channel = NULL, code_sent_at = NULL, code_expires_at = NULL, device_hash = NULL
WHERE report_id = ANY ($1)`
	sqlEraseReporter = `UPDATE mtr_report SET account_id = NULL WHERE id = ANY ($1)`
)

const sqlEraseFollows = `
WITH drafts AS (UPDATE mtr_draft SET expires_at = LEAST(expires_at, $2), account_id = NULL WHERE account_id = $1 RETURNING 1),
	follows AS (DELETE FROM mtr_follow f WHERE ` + followsOf + ` RETURNING 1),
	supports AS (UPDATE mtr_support SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL AND verified_at IS NOT NULL RETURNING 1)
SELECT (SELECT count(*) FROM drafts) + (SELECT count(*) FROM follows) + (SELECT count(*) FROM supports)`

// Forget takes the reporter out of an account's reports, but for those under legal hold, and
// ends drafts, follows and support.
func (m *Module) Forget(ctx context.Context, tx pgx.Tx, by authz.Actor, accountID int64, at time.Time) (n int64, err error) {
	defer errs.In(&err, "mtr.Forget(%d)", accountID)
	if _, err := pg.Scalars[int64](ctx, tx, sqlLockOwnReports, accountID); err != nil {
		return 0, err
	}
	reports, err := pg.Scalars[int64](ctx, tx, sqlReportsToErase, accountID)
	if err != nil {
		return 0, err
	}
	if err := errors.Join(pg.Exec(ctx, tx, sqlEraseContacts, reports), pg.Exec(ctx, tx, sqlEraseReporter, reports)); err != nil {
		return 0, err
	}
	for _, id := range reports {
		if err := audit.Write(ctx, tx, by, at, audit.Entry{Action: "mtr.reporter.erase", Object: object, ObjectID: id}); err != nil {
			return 0, err
		}
	}
	others, err := pg.Scalar[int64](ctx, tx, sqlEraseFollows, accountID, at)
	return int64(len(reports)) + others, err
}
