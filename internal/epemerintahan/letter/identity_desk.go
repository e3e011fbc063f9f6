package letter

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Everything at the desk needs PermIdentity in the kelurahan of the claim, and the right
// to read residents there.

// Claim is an account's claim to be a resident, for the desk that confirms it.
type Claim struct {
	ID            int64
	AccountName   string
	NIK           string // in full: it is compared with the KTP; pages mask it
	KelurahanID   int64
	KelurahanName string
	AskedAt       time.Time
	HasPhoto      bool
	// Resident is who has the NIK in the claimed kelurahan's register; nil: nobody.
	Resident *Person
	// Taken: another account is proved to be this resident already.
	Taken bool
}

const claimColumns = `
	i.id, a.name AS account_name, i.kelurahan_id, u.short_name AS kelurahan_name, i.asked_at, i.scan_key <> '' AS has_photo, i.nik_sealed, i.status,
	i.account_id, i.scan_key, COALESCE(i.resident_id, 0) AS resident_id, COALESCE(d.name, '') AS decided_by
FROM epemerintahan_identity i
JOIN authn_account a ON a.id = i.account_id
JOIN org_unit u ON u.id = i.kelurahan_id
LEFT JOIN authn_account d ON d.id = i.decided_by `

// $1 is the realm: what lies elsewhere does not exist.
const (
	sqlClaims = `SELECT` + claimColumns + `WHERE i.status = 'menunggu' AND u.ancestors && $1::bigint[]
	AND ($2::bigint = 0 OR (i.asked_at, i.id) > (SELECT asked_at, id FROM epemerintahan_identity WHERE id = $2)) ORDER BY i.asked_at, i.id LIMIT $3`
	sqlOneClaim    = `SELECT` + claimColumns + `WHERE u.ancestors && $1::bigint[] AND i.id = $2`
	sqlLockClaim   = sqlOneClaim + ` FOR UPDATE OF i`
	sqlClaimByCode = `SELECT` + claimColumns + `JOIN epemerintahan_identity_code c ON c.account_id = i.account_id
	WHERE u.ancestors && $1::bigint[] AND c.code_hash = $2 AND c.expires_at > $3 AND i.status = 'menunggu'`
)

type claimRow struct {
	ID            int64
	AccountName   string
	KelurahanID   int64
	KelurahanName string
	AskedAt       time.Time
	HasPhoto      bool
	NIKSealed     []byte
	Status        IdentityStatus
	AccountID     int64
	ScanKey       string
	ResidentID    int64
	DecidedBy     string
}

var errNoClaim = errs.New(errs.NotFound, "Permintaan ini tidak ada di wilayah Anda.")

// Claims lists those that wait in the actor's realm, oldest first; after is the ID to go
// on from. The reading is audited.
func (m *Module) Claims(ctx context.Context, a authz.Actor, after int64) (_ []Claim, err error) {
	defer errs.In(&err, "letter.Claims")
	rows, err := pg.Many[claimRow](ctx, m.db, sqlClaims, a.Units(PermIdentity), after, QueuePage)
	out := make([]Claim, 0, len(rows))
	for _, r := range rows {
		c, err := m.claimed(ctx, a, r)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, err
}

const sqlTaken = `SELECT EXISTS (SELECT FROM epemerintahan_identity WHERE resident_id = $1 AND status = 'sah')`

// claimed is a claim with the resident whom it names. The reading is audited.
func (m *Module) claimed(ctx context.Context, a authz.Actor, r claimRow) (c Claim, err error) {
	c = Claim{
		ID: r.ID, AccountName: r.AccountName, KelurahanID: r.KelurahanID, KelurahanName: r.KelurahanName, AskedAt: r.AskedAt, HasPhoto: r.HasPhoto,
	}
	if c.NIK, err = m.box.Open(r.NIKSealed, sealIdentity); err != nil {
		return c, err
	}
	found, err := m.named(ctx, a, r.KelurahanID, c.NIK)
	if err != nil {
		return c, err
	}
	if found != nil {
		p := PersonOf(*found)
		c.Resident = &p
		if c.Taken, err = pg.Scalar[bool](ctx, m.db, sqlTaken, found.ID); err != nil {
			return c, err
		}
	}
	return c, audit.Write(ctx, m.db, a, m.now(), audit.Entry{
		Action: "epemerintahan.identity.view", Object: objectIdentity, ObjectID: c.ID, UnitID: c.KelurahanID,
	})
}

// named is the living resident of a kelurahan with a NIK; nil for none.
func (m *Module) named(ctx context.Context, a authz.Actor, kelurahanID int64, nik string) (*epemerintahan.Resident, error) {
	r, err := m.residents.ByNIK(ctx, a, nik)
	switch {
	case err != nil && errs.KindOf(err) == errs.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case r.KelurahanID != kelurahanID || r.Status != epemerintahan.Living:
		return nil, nil
	}
	return &r, nil
}

// ClaimOf is one that waits; the reading is audited. One that was decided is errs.Conflict
// with who was faster, one elsewhere errs.NotFound.
func (m *Module) ClaimOf(ctx context.Context, a authz.Actor, id int64) (_ Claim, err error) {
	defer errs.In(&err, "letter.ClaimOf(%d)", id)
	r, err := waiting(ctx, m.db, sqlOneClaim, a, id)
	if err != nil {
		return Claim{}, err
	}
	return m.claimed(ctx, a, r)
}

func waiting(ctx context.Context, q pg.Querier, sql string, a authz.Actor, id int64) (claimRow, error) {
	r, err := pg.One[claimRow](ctx, q, sql, a.Units(PermIdentity), id)
	if err == nil && r.Status != IdentityWaiting && r.DecidedBy == "" {
		// Who decided while the row was waited for is only seen by looking again.
		r, err = pg.One[claimRow](ctx, q, sqlOneClaim, a.Units(PermIdentity), id)
	}
	switch {
	case err != nil && errs.KindOf(err) == errs.NotFound:
		return r, errNoClaim
	case err == nil && r.Status != IdentityWaiting:
		return r, errs.New(errs.Conflict, r.DecidedBy+" lebih dahulu memutuskan permintaan ini.")
	}
	return r, err
}

const (
	guessesAllowed = 20
	guessWindow    = time.Hour
)

// Wrong codes leave their mark in the trail; so they are counted there.
const sqlWrongCodes = `
SELECT count(*) FROM audit_entry WHERE account_id = $1 AND action = 'epemerintahan.identity.wrong_code' AND at > $2`

// ClaimByCode finds the claim whose owner shows the six digits at the counter; a wrong
// or old code is errs.NotFound, and guessing is slowed down.
func (m *Module) ClaimByCode(ctx context.Context, a authz.Actor, code string) (_ Claim, err error) {
	defer errs.In(&err, "letter.ClaimByCode")
	if !a.Has(PermIdentity) {
		return Claim{}, errs.New(errs.Forbidden, "Memastikan identitas bukan wewenang Anda.")
	}
	n, err := pg.Scalar[int](ctx, m.db, sqlWrongCodes, a.AccountID, m.now().Add(-guessWindow))
	if err != nil {
		return Claim{}, err
	}
	if n >= guessesAllowed {
		return Claim{}, errs.TooFast(guessWindow, "Terlalu banyak kode yang salah. Tunggu satu jam, atau cari permintaannya di daftar.")
	}
	code = strings.Join(strings.Fields(code), "")
	r, err := pg.One[claimRow](ctx, m.db, sqlClaimByCode, a.Units(PermIdentity), m.box.Hash(hashCode, code), m.now())
	if err != nil && errs.KindOf(err) == errs.NotFound {
		if err := audit.Write(ctx, m.db, a, m.now(), audit.Entry{Action: "epemerintahan.identity.wrong_code", Object: objectIdentity}); err != nil {
			return Claim{}, err
		}
		return Claim{}, errs.New(errs.NotFound, "Kode ini salah atau sudah lewat waktunya, atau permintaannya untuk kelurahan lain. Minta warga membuat kode baru.")
	}
	if err != nil {
		return Claim{}, err
	}
	return m.claimed(ctx, a, r)
}

// OpenClaimPhoto reads the photo of the KTP. It is audited.
func (m *Module) OpenClaimPhoto(ctx context.Context, a authz.Actor, id int64) (_ io.ReadCloser, contentType string, err error) {
	defer errs.In(&err, "letter.OpenClaimPhoto(%d)", id)
	r, err := pg.One[claimRow](ctx, m.db, sqlOneClaim, a.Units(PermIdentity), id)
	if err != nil && errs.KindOf(err) == errs.NotFound || err == nil && r.ScanKey == "" {
		return nil, "", errNoClaim
	}
	if err != nil {
		return nil, "", err
	}
	if err := m.identityTrail(ctx, m.db, a, "open_photo", id, r.KelurahanID, 0); err != nil {
		return nil, "", err
	}
	body, info, err := m.blobs.Get(ctx, r.ScanKey)
	return body, info.ContentType, err
}

const sqlDecideClaim = `
UPDATE epemerintahan_identity SET status = $2, resident_id = NULLIF($3::bigint, 0), decided_at = $4, decided_by = $5, reason = $6 WHERE id = $1`

// ConfirmIdentity proves a claim: the account's owner is the resident. Without a resident
// it is errs.Unprocessable, taken or decided already errs.Conflict.
func (m *Module) ConfirmIdentity(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "letter.ConfirmIdentity(%d)", id)
	r, err := waiting(ctx, m.db, sqlOneClaim, a, id)
	if err != nil {
		return err
	}
	nik, err := m.box.Open(r.NIKSealed, sealIdentity)
	if err != nil {
		return err
	}
	found, err := m.named(ctx, a, r.KelurahanID, nik)
	switch {
	case err != nil:
		return err
	case found == nil:
		return errs.New(errs.Unprocessable, "NIK ini tidak ada pada warga kelurahan ini. Catat dahulu orangnya di data penduduk, atau tolak permintaannya.")
	}
	err = m.decideClaim(ctx, a, id, IdentityProved, found.ID, "", "confirm",
		"Identitas Anda sudah dipastikan", "Anda sekarang dapat mengajukan surat untuk diri sendiri dan anggota KK Anda.")
	if pg.Violates(err, "epemerintahan_identity_resident_key") {
		return errs.New(errs.Conflict, "Warga ini sudah terhubung dengan akun lain. Cabut dahulu hubungan itu bila salah.")
	}
	return err
}

// RefuseIdentity tells the account's owner why not: 10 to 500 letters.
func (m *Module) RefuseIdentity(ctx context.Context, a authz.Actor, id int64, why string) (err error) {
	defer errs.In(&err, "letter.RefuseIdentity(%d)", id)
	if why, err = reason(ActReject, why); err != nil {
		return err
	}
	return m.decideClaim(ctx, a, id, IdentityRefused, 0, why, "refuse",
		"Identitas Anda belum dapat dipastikan", "Kelurahan memeriksa permintaan Anda dan belum dapat memastikannya.\n\nKeterangan petugas: "+why)
}

func (m *Module) decideClaim(ctx context.Context, a authz.Actor, id int64, to IdentityStatus, resident int64, why, verb, subject, text string) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, err := waiting(ctx, tx, sqlLockClaim, a, id)
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlDecideClaim, id, to, resident, m.now(), a.AccountID, why); err != nil {
			return err
		}
		return m.decidedClaim(ctx, tx, a, r, to, resident, verb, subject, text)
	})
}

// decidedClaim writes what goes along with a decision.
func (m *Module) decidedClaim(ctx context.Context, tx pgx.Tx, a authz.Actor, r claimRow, to IdentityStatus, resident int64, verb, subject, text string) error {
	if err := m.identityTrail(ctx, tx, a, verb, r.ID, r.KelurahanID, resident); err != nil {
		return err
	}
	cal, err := calendar.Load(ctx, tx, r.KelurahanID)
	if err != nil {
		return err
	}
	err = workledger.Record(ctx, tx, m.now(), workledger.Event{
		Actor: a, Position: a.MainPosition(), UnitID: r.KelurahanID, Module: "epemerintahan", Kind: kindIdentity,
		Object: objectIdentity, ObjectID: r.ID, Outcome: string(to), StartedAt: &r.AskedAt, WorkingMinutes: cal.WorkingMinutes(r.AskedAt, m.now()),
	})
	if err != nil {
		return err
	}
	return notify.Queue(ctx, tx, notify.Message{
		Topic: topicIdentity, AccountID: r.AccountID, Subject: subject, Text: text, Link: notify.Link{Label: "Buka identitas saya", URL: "/surat/identitas"},
		Object: objectIdentity, ObjectID: r.ID, At: m.now(), Key: fmt.Sprintf("identitas:%d:%s", r.ID, to),
	})
}

const sqlLockRival = `SELECT` + claimColumns + `WHERE i.resident_id = $1 AND i.status = 'sah' FOR UPDATE OF i`

const sqlRevoke = `
UPDATE epemerintahan_identity SET status = 'dicabut', decided_at = $2, decided_by = $3, reason = $4 WHERE id = $1 AND status = 'sah'`

// RevokeIdentity ends another account's proved claim to be the resident whom a waiting
// claim names: 10 to 500 letters say why. Letters that were asked for stay.
func (m *Module) RevokeIdentity(ctx context.Context, a authz.Actor, id int64, why string) (err error) {
	defer errs.In(&err, "letter.RevokeIdentity(%d)", id)
	if why, err = reason(ActVoid, why); err != nil {
		return err
	}
	c, err := m.ClaimOf(ctx, a, id)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		free := errs.New(errs.Conflict, "Warga ini tidak terhubung dengan akun lain.")
		if c.Resident == nil {
			return free
		}
		r, err := pg.One[claimRow](ctx, tx, sqlLockRival, c.Resident.ResidentID)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound {
				err = free
			}
			return err
		}
		if err := pg.Changed(tx.Exec(ctx, sqlRevoke, r.ID, m.now(), a.AccountID, why)); err != nil {
			return err
		}
		return m.decidedClaim(ctx, tx, a, r, IdentityRevoked, r.ResidentID, "revoke",
			"Hubungan akun Anda dengan data penduduk dicabut", "Akun Anda tidak lagi terhubung dengan data penduduk.\n\nKeterangan petugas: "+why)
	})
}
