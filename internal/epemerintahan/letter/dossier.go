package letter

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlDossierLetters = `
SELECT l.id, COALESCE(l.request_number, '') AS request_number, l.title, l.status, l.subject_name, COALESCE(l.letter_number, '') AS letter_number,
	COALESCE(l.submitted_at, l.created_at) AS at, u.name AS kelurahan, l.values_sealed, v.definition -> 'fields' AS fields
FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id JOIN epemerintahan_kind_version v ON v.id = l.kind_version_id
WHERE l.account_id = $1 ORDER BY l.id DESC`

const sqlDossierClaims = `
SELECT i.status, i.asked_at AS at, u.name AS kelurahan, i.nik_sealed, i.reason FROM epemerintahan_identity i JOIN org_unit u ON u.id = i.kelurahan_id
WHERE i.account_id = $1 ORDER BY i.id DESC`

// Dossier tells which letters an account asked for, with what was answered, and as whom
// its owner identified themselves.
func (m *Module) Dossier(ctx context.Context, accountID int64) (p dossier.Part, err error) {
	defer errs.In(&err, "letter.Dossier(%d)", accountID)
	p = dossier.Part{
		Code: "surat", Title: "Surat kelurahan", Href: "/surat/saya",
		Why:  "Untuk membuat surat yang Anda minta. Dasarnya undang-undang dan tugas pelayanan publik.",
		Kept: "Surat terbit menurut jadwal arsip kota; konsep 30 hari; foto KTP 30 hari sesudah diperiksa; berkas lain menurut jenis suratnya.",
		Goes: "Konsep yang belum dikirim, dan bukti identitas yang menghubungkan akun ini dengan data penduduk.",
		Stays: "Surat yang sudah dimohonkan, nomor, dan riwayatnya: arsip yang membuktikan keaslian surat " +
			"(UU 43/2009 tentang Kearsipan).",
	}
	letters, err := pg.Many[struct {
		ID                                                         int64
		RequestNumber, Title, SubjectName, LetterNumber, Kelurahan string
		Status                                                     Status
		At                                                         time.Time
		ValuesSealed                                               []byte
		Fields                                                     []Field
	}](ctx, m.db, sqlDossierLetters, accountID)
	if err != nil {
		return p, err
	}
	for _, l := range letters {
		var values Values
		if err := m.open(l.ValuesSealed, sealValues, &values); err != nil {
			return p, err
		}
		rec := dossier.Record{Title: l.Title, At: l.At, Fields: dossier.Fields("Nomor permohonan", l.RequestNumber, "Nomor surat", l.LetterNumber,
			"Untuk", l.SubjectName, "Kelurahan", l.Kelurahan, "Status", dossier.Words(string(l.Status)))}
		for _, f := range l.Fields {
			v := values[f.Name]
			rec.Fields = append(rec.Fields, dossier.Fields(f.Label, v.Text)...)
			for _, who := range v.People {
				rec.Fields = append(rec.Fields, dossier.Fields(f.Label, who.Name, f.Label+": NIK", who.NIK, f.Label+": tanggal lahir", who.BirthDate,
					f.Label+": alamat", who.Address)...)
			}
		}
		p.Records = append(p.Records, rec)
	}
	claims, err := pg.Many[struct {
		Status            IdentityStatus
		At                time.Time
		Kelurahan, Reason string
		NIKSealed         []byte
	}](ctx, m.db, sqlDossierClaims, accountID)
	if err != nil {
		return p, err
	}
	for _, c := range claims {
		nik, err := m.box.Open(c.NIKSealed, sealIdentity)
		if err != nil {
			return p, err
		}
		p.Records = append(p.Records, dossier.Record{Title: "Bukti identitas", At: c.At, Fields: dossier.Fields("NIK", nik, "Kelurahan", c.Kelurahan,
			"Status", dossier.Words(string(c.Status)), "Alasan", c.Reason)})
	}
	return p, nil
}

// Drafts that were begun long ago are what PurgeDrafts takes next, with their files.
const sqlForgetDrafts = `
UPDATE epemerintahan_letter SET created_at = $2 WHERE account_id = $1 AND status = 'draf' AND created_at > $2 RETURNING id`

// Forget gives up an account's drafts and ends what its owner claims to be.
func (m *Module) Forget(ctx context.Context, tx pgx.Tx, by authz.Actor, accountID int64, at time.Time) (n int64, err error) {
	defer errs.In(&err, "letter.Forget(%d)", accountID)
	drafts, err := pg.Scalars[int64](ctx, tx, sqlForgetDrafts, accountID, at.Add(-draftLife))
	if err != nil {
		return 0, err
	}
	ended, err := pg.Many[endedClaim](ctx, tx, sqlForgetClaims, accountID, at, by.AccountID)
	if err != nil {
		return 0, err
	}
	for _, c := range ended {
		if err := m.identityTrail(ctx, tx, by, "erase", c.ID, c.KelurahanID, 0); err != nil {
			return 0, err
		}
	}
	return int64(len(drafts) + len(ended)), nil
}

const sqlForgetClaims = `
UPDATE epemerintahan_identity SET status = 'dicabut', decided_at = $2, decided_by = NULLIF($3::bigint, 0), reason = 'Permintaan penghapusan data'
WHERE account_id = $1 AND status IN ('menunggu', 'sah') RETURNING id, kelurahan_id, scan_key <> '' AS has_photo`
