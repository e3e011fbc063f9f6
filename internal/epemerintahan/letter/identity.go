package letter

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// IdentityStatus is where an account stands with proving who its owner is.
type IdentityStatus string

// The statuses; "" is nothing asked yet.
const (
	IdentityWaiting IdentityStatus = "menunggu"
	IdentityProved  IdentityStatus = "sah"
	IdentityRefused IdentityStatus = "ditolak"
	IdentityRevoked IdentityStatus = "dicabut"
)

// Controls of the identity form.
const (
	ControlNIK       = "nik"
	ControlKelurahan = "kelurahan"
	ControlKTP       = "ktp"
)

const (
	codeLife       = 15 * time.Minute
	claimsPerDay   = 5
	objectIdentity = "epemerintahan_identity"
)

// Identity is an account's latest claim to be a resident.
type Identity struct {
	Status        IdentityStatus
	NIK           string // masked to the last four
	KelurahanID   int64
	KelurahanName string
	ResidentID    int64 // while proved
	AskedAt       time.Time
	DecidedAt     *time.Time
	Reason        string // why it was refused or revoked
}

const sqlMyIdentity = `
SELECT i.status, i.kelurahan_id, u.short_name AS kelurahan_name, COALESCE(i.resident_id, 0) AS resident_id, i.asked_at, i.decided_at, i.reason,
	i.nik_sealed, i.id
FROM epemerintahan_identity i JOIN org_unit u ON u.id = i.kelurahan_id WHERE i.account_id = $1 ORDER BY i.id DESC LIMIT 1`

type identityRow struct {
	Status        IdentityStatus
	KelurahanID   int64
	KelurahanName string
	ResidentID    int64
	AskedAt       time.Time
	DecidedAt     *time.Time
	Reason        string
	NIKSealed     []byte
	ID            int64
}

// latest claim of an account; ID 0 for none.
func latest(ctx context.Context, q pg.Querier, a authz.Actor) (identityRow, error) {
	r, err := pg.One[identityRow](ctx, q, sqlMyIdentity, a.AccountID)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return identityRow{}, nil
	}
	return r, err
}

// MyIdentity is the account's latest claim; the zero value when there is none.
func (m *Module) MyIdentity(ctx context.Context, a authz.Actor) (i Identity, err error) {
	defer errs.In(&err, "letter.MyIdentity")
	r, err := latest(ctx, m.db, a)
	if err != nil || r.ID == 0 {
		return i, err
	}
	if r.Status != IdentityProved {
		r.ResidentID = 0
	}
	nik, err := m.box.Open(r.NIKSealed, sealIdentity)
	return Identity{
		Status: r.Status, NIK: epemerintahan.Mask(nik), KelurahanID: r.KelurahanID, KelurahanName: r.KelurahanName, ResidentID: r.ResidentID,
		AskedAt: r.AskedAt, DecidedAt: r.DecidedAt, Reason: r.Reason,
	}, err
}

const sqlClaimsToday = `SELECT count(*) FROM epemerintahan_identity WHERE account_id = $1 AND asked_at > $2`

const sqlClaim = `
INSERT INTO epemerintahan_identity (account_id, nik_sealed, nik_hash, kelurahan_id, scan_key, status, asked_at)
VALUES ($1, $2, $3, $4, $5, 'menunggu', $6)
ON CONFLICT (account_id) WHERE status IN ('menunggu', 'sah') DO NOTHING
RETURNING id`

// sqlEndClaims ends what the account claims; $3 is the reason.
const sqlEndClaims = `
UPDATE epemerintahan_identity SET status = 'dicabut', decided_at = $2, decided_by = $1, reason = $3
WHERE account_id = $1 AND status = ANY ($4) RETURNING id, kelurahan_id, scan_key <> '' AS has_photo`

// ClaimIdentity asks a kelurahan to confirm that the account's owner is the resident with
// the NIK. photo shows the KTP; nil: the owner comes to the counter. The answer is the
// same whether or not such a resident exists. Asking again replaces a claim that waits;
// a proved one is errs.Conflict. Wrong input is errs.Invalid by the controls above.
func (m *Module) ClaimIdentity(ctx context.Context, a authz.Actor, nik string, kelurahanID int64, photo *File) (err error) {
	defer errs.In(&err, "letter.ClaimIdentity")
	if !a.SignedIn() {
		return errs.New(errs.Unauthenticated, "")
	}
	nik, found := epemerintahan.CheckNIK(nik, time.Time{}, 0)
	var wrong []errs.Field
	if message := refusal(found); message != "" {
		wrong = append(wrong, errs.Field{Name: ControlNIK, Message: message})
	}
	if _, err := org.AreaByID(ctx, m.db, kelurahanID); err != nil {
		if errs.KindOf(err) != errs.NotFound {
			return err
		}
		wrong = append(wrong, errs.Field{Name: ControlKelurahan, Message: "Pilih kelurahan dari daftar."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	key := ""
	if photo != nil {
		if key, err = m.keepKTP(ctx, *photo); err != nil {
			return err
		}
	}
	var ended []endedClaim
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		ended, err = m.claim(ctx, tx, a, nik, kelurahanID, key)
		return err
	})
	if err == nil {
		m.forgetPhotos(ctx, ended)
	} else if key != "" {
		m.drop(ctx, key)
	}
	return err
}

func (m *Module) keepKTP(ctx context.Context, photo File) (string, error) {
	s, err := m.scanned(ctx, photo)
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		return "", errs.Invalid(errs.Field{Name: ControlKTP, Message: fields[0].Message})
	}
	if err != nil {
		return "", err
	}
	ending := "jpg"
	if s.ContentType == media.PDFType {
		ending = "pdf"
	}
	key := blobKey("ktp", ending)
	return key, m.blobs.Put(ctx, key, s, s.Size, s.ContentType)
}

// claim writes a claim and returns those that it replaces.
func (m *Module) claim(ctx context.Context, tx pgx.Tx, a authz.Actor, nik string, kelurahanID int64, key string) (ended []endedClaim, err error) {
	n, err := pg.Scalar[int](ctx, tx, sqlClaimsToday, a.AccountID, m.now().Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	if n >= claimsPerDay {
		return nil, errs.New(errs.TooMany, "Anda sudah beberapa kali meminta pemeriksaan hari ini. Coba lagi besok, atau datang ke kelurahan dengan KTP.")
	}
	if ended, err = pg.Many[endedClaim](ctx, tx, sqlEndClaims, a.AccountID, m.now(), "Diganti dengan permintaan baru", []IdentityStatus{IdentityWaiting}); err != nil {
		return nil, err
	}
	id, err := pg.Scalar[int64](ctx, tx, sqlClaim, a.AccountID, m.box.Seal(nik, sealIdentity), m.nikHash(nik), kelurahanID, key, m.now())
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return nil, errs.New(errs.Conflict, "Identitas akun ini sudah dipastikan, atau permintaan lain baru saja dikirim. Muat ulang halaman.")
	}
	if err != nil {
		return nil, err
	}
	return ended, m.identityTrail(ctx, tx, a, "claim", id, kelurahanID, 0)
}

type endedClaim struct {
	ID, KelurahanID int64
	HasPhoto        bool
}

// forgetPhotos removes those of claims that nobody decides any more. What fails is left
// to [Module.PurgeKTP].
func (m *Module) forgetPhotos(ctx context.Context, ended []endedClaim) {
	for _, c := range ended {
		if !c.HasPhoto {
			continue
		}
		if _, err := m.purgePhoto(context.WithoutCancel(ctx), c.ID); err != nil {
			slog.WarnContext(ctx, "remove the photo of a claim", "claim", c.ID, "err", err)
		}
	}
}

func (m *Module) identityTrail(ctx context.Context, q pg.Querier, a authz.Actor, verb string, id, kelurahanID, residentID int64) error {
	err := audit.Write(ctx, q, a, m.now(), audit.Entry{
		Action: "epemerintahan.identity." + verb, Object: objectIdentity, ObjectID: id, UnitID: kelurahanID,
		Detail: map[string]any{"penduduk": residentID},
	})
	if err != nil {
		return err
	}
	return live.Notify(ctx, q, LiveLetters)
}

const sqlSaveCode = `
INSERT INTO epemerintahan_identity_code (account_id, code_hash, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (account_id) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at`

const sqlDropOldCodes = `DELETE FROM epemerintahan_identity_code WHERE expires_at <= $1`

// IdentityCode draws six digits that the account's owner shows at the counter, in place
// of earlier ones; they are good until the time told.
func (m *Module) IdentityCode(ctx context.Context, a authz.Actor) (code string, until time.Time, err error) {
	defer errs.In(&err, "letter.IdentityCode")
	if !a.SignedIn() {
		return "", until, errs.New(errs.Unauthenticated, "")
	}
	until = m.now().Add(codeLife)
	if err := pg.Exec(ctx, m.db, sqlDropOldCodes, m.now()); err != nil {
		return "", until, err
	}
	for range 10 {
		code = crypt.SixDigits()
		err = pg.Exec(ctx, m.db, sqlSaveCode, a.AccountID, m.box.Hash(hashCode, code), until)
		if !pg.Violates(err, "epemerintahan_identity_code_hash_key") {
			break
		}
	}
	return code, until, err
}

// WithdrawIdentity takes a claim back, waiting or proved, and removes its photo.
func (m *Module) WithdrawIdentity(ctx context.Context, a authz.Actor) (err error) {
	defer errs.In(&err, "letter.WithdrawIdentity")
	var ended []endedClaim
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		ended, err = pg.Many[endedClaim](ctx, tx, sqlEndClaims, a.AccountID, m.now(), "Ditarik pemilik akun", []IdentityStatus{IdentityWaiting, IdentityProved})
		if err != nil {
			return err
		}
		if len(ended) == 0 {
			return errs.New(errs.Conflict, "Tidak ada permintaan yang dapat ditarik.")
		}
		return m.identityTrail(ctx, tx, a, "withdraw", ended[0].ID, ended[0].KelurahanID, 0)
	})
	if err == nil {
		m.forgetPhotos(ctx, ended)
	}
	return err
}
