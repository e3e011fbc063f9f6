package letter

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	// MaxDrafts of one account.
	MaxDrafts = 10
	// maxDraft is how many bytes the answers of a draft may take.
	maxDraft = 256 << 10
)

const sqlCountDrafts = `SELECT count(*) FROM epemerintahan_letter WHERE account_id = $1 AND status = 'draf'`

// An account's drafts are counted by one request at a time.
const sqlDraftLock = `SELECT pg_advisory_xact_lock(hashtextextended('epemerintahan_draft', $1))`

const sqlInsertDraft = `
INSERT INTO epemerintahan_letter (ref, kind_version_id, kind_code, title, kelurahan_id, resident_id, account_id, subject_name, subject_fold,
	subject_hash, subject_sealed, values_sealed, mode, status, status_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'draf', $14, $14)`

// StartDraft begins a letter for a member of the household and returns the draft's
// random ref. The kind's rules are checked at once, so that nobody fills in a form in vain.
func (m *Module) StartDraft(ctx context.Context, a authz.Actor, code string, residentID int64) (ref string, err error) {
	defer errs.In(&err, "letter.StartDraft(%.20q)", code)
	h, err := m.householdOf(ctx, m.db, a)
	if err != nil {
		return "", err
	}
	r, err := m.inHousehold(ctx, m.db, h)(residentID)
	if err != nil {
		return "", err
	}
	k, err := m.KindFor(ctx, h.kelurahanID, code)
	if err != nil {
		return "", err
	}
	subject := opened(r)
	if err := k.Eligible(subject, r.Status, m.now()); err != nil {
		return "", err
	}
	sealed, err := m.seal(subject, sealSubject)
	if err != nil {
		return "", err
	}
	none, err := m.seal(Values{}, sealValues)
	if err != nil {
		return "", err
	}
	ref = crypt.Token()
	return ref, pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlDraftLock, a.AccountID); err != nil {
			return err
		}
		n, err := pg.Scalar[int](ctx, tx, sqlCountDrafts, a.AccountID)
		if err != nil {
			return err
		}
		if n >= MaxDrafts {
			return errs.New(errs.TooMany, "Anda sudah menyimpan "+strconv.Itoa(MaxDrafts)+" surat yang belum dikirim. Kirim atau hapus salah satunya dahulu.")
		}
		return pg.Exec(ctx, tx, sqlInsertDraft, ref, k.VersionID, k.Code, k.Title, h.kelurahanID, residentID, a.AccountID, subject.Name,
			indo.FoldPerson(subject.Name), m.nikHash(subject.NIK), sealed, none, k.mode(), m.now())
	})
}

// draft is an unsent letter of the account.
func draft(ctx context.Context, q pg.Querier, a authz.Actor, ref string, lock bool) (Case, error) {
	c, err := mine(ctx, q, a, ref, lock)
	if err == nil && c.Status != Draft {
		err = errs.New(errs.NotFound, "Surat ini sudah dikirim.")
	}
	return c, err
}

// Draft is an unsent letter of the account.
func (m *Module) Draft(ctx context.Context, a authz.Actor, ref string) (_ Details, err error) {
	defer errs.In(&err, "letter.Draft")
	c, err := draft(ctx, m.db, a, ref, false)
	if err != nil {
		return Details{}, err
	}
	return m.own(ctx, a, &c)
}

// SaveDraft keeps answers as they are, complete or not.
func (m *Module) SaveDraft(ctx context.Context, a authz.Actor, ref string, v Values) (err error) {
	defer errs.In(&err, "letter.SaveDraft")
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(b) > maxDraft {
		return errs.New(errs.TooLarge, "Isian surat ini terlalu panjang. Ringkas jawabannya.")
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := draft(ctx, tx, a, ref, true)
		if err != nil {
			return err
		}
		return m.saveValues(ctx, tx, &c, v)
	})
}

const sqlDraftFiles = `SELECT blob_key FROM epemerintahan_letter_scan WHERE letter_id = $1`

const sqlDropScans = `DELETE FROM epemerintahan_letter_scan WHERE letter_id = $1`

const sqlDropDraft = `DELETE FROM epemerintahan_letter WHERE id = $1 AND status = 'draf'`

// DiscardDraft throws a draft of the account away with its scans.
func (m *Module) DiscardDraft(ctx context.Context, a authz.Actor, ref string) (err error) {
	defer errs.In(&err, "letter.DiscardDraft")
	c, err := draft(ctx, m.db, a, ref, false)
	if err != nil {
		return err
	}
	return m.dropDraft(ctx, c.ID)
}

// dropDraft removes a draft and then its files: one that is sent meanwhile stays whole.
func (m *Module) dropDraft(ctx context.Context, id int64) error {
	var files []string
	err := pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		c, err := lockCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if c.Status != Draft {
			return errs.New(errs.Conflict, "Surat ini sudah dikirim.")
		}
		if files, err = pg.Scalars[string](ctx, tx, sqlDraftFiles, id); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlDropScans, id); err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlDropDraft, id)
	})
	if err != nil {
		return err
	}
	for _, key := range files {
		m.drop(ctx, key)
	}
	return nil
}
