package mtr

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlInsertDraft = `
INSERT INTO mtr_draft (token_hash, answers_sealed, account_id, created_at, expires_at)
VALUES ($1, $2, NULLIF($3::bigint, 0), $4, $5)`

const sqlDraft = `
SELECT id, answers_sealed, expires_at, COALESCE(report_id, 0) AS report_id
FROM mtr_draft WHERE token_hash = $1 AND expires_at > $2`

const sqlDraftForUpdate = sqlDraft + ` FOR UPDATE`

const sqlSaveDraft = `UPDATE mtr_draft SET answers_sealed = $2, expires_at = $3 WHERE id = $1 AND report_id IS NULL`

const sqlDraftSubmitted = `
UPDATE mtr_draft SET answers_sealed = NULL, report_id = $2, submitted_at = $3, account_id = NULL
WHERE id = $1 AND report_id IS NULL`

const sqlDraftPhotos = `
SELECT ref, width, height, gps_lat, gps_lng, taken_at FROM mtr_photo WHERE draft_id = $1 AND stored ORDER BY id`

// Whoever looks for the draft from now on finds none.
const sqlEndDraft = `UPDATE mtr_draft SET expires_at = LEAST(expires_at, $2) WHERE id = $1`

const sqlRefsOfDraft = `SELECT ref FROM mtr_photo WHERE draft_id = $1`

const sqlForgetDraft = `DELETE FROM mtr_draft WHERE id = $1`

// draftRow is a draft as stored.
type draftRow struct {
	ID            int64
	AnswersSealed []byte
	ExpiresAt     time.Time
	ReportID      int64 // 0 = not submitted
}

func (m *Module) findDraft(ctx context.Context, q pg.Querier, sql, token string) (draftRow, Answers, error) {
	var a Answers
	row, err := pg.One[draftRow](ctx, q, sql, crypt.HashToken(token), m.now())
	if errs.KindOf(err) == errs.NotFound {
		return row, a, errs.New(errs.NotFound, "Laporan yang belum selesai ini sudah tidak ada. Mulai laporan baru.")
	}
	if err != nil || row.ReportID != 0 {
		return row, a, err
	}
	plain, err := m.box.Open(row.AnswersSealed, contextDraft)
	if err != nil {
		return row, a, err
	}
	return row, a, json.Unmarshal([]byte(plain), &a)
}

func (m *Module) sealAnswers(a Answers) ([]byte, error) {
	plain, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	return m.box.Seal(string(plain), contextDraft), nil
}

// edit changes the answers of an open draft. What change typed is kept even when it
// answers that something is wrong.
func (m *Module) edit(ctx context.Context, token string, change func(tx pgx.Tx, a *Answers) error) error {
	var wrong error
	err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		row, a, err := m.findDraft(ctx, tx, sqlDraftForUpdate, token)
		if err != nil {
			return err
		}
		if row.ReportID != 0 {
			return errAlreadySent
		}
		wrong = change(tx, &a)
		if wrong != nil && errs.KindOf(wrong) != errs.Unprocessable {
			return wrong
		}
		sealed, err := m.sealAnswers(a)
		if err != nil {
			return err
		}
		return pg.Changed(tx.Exec(ctx, sqlSaveDraft, row.ID, sealed, m.now().Add(DraftLife)))
	})
	if err != nil {
		return err
	}
	return wrong
}

var errAlreadySent = errs.New(errs.Gone, "Laporan ini sudah terkirim.")

type draftPhotoRow struct {
	Ref            string
	Width, Height  int
	GPSLat, GPSLng *float64
	TakenAt        *time.Time
}

func draftPhotos(ctx context.Context, q pg.Querier, draftID int64) ([]DraftPhoto, error) {
	rows, err := pg.Many[draftPhotoRow](ctx, q, sqlDraftPhotos, draftID)
	out := make([]DraftPhoto, len(rows))
	for i, r := range rows {
		out[i] = DraftPhoto{Ref: r.Ref, Width: r.Width, Height: r.Height, TakenAt: r.TakenAt}
		if r.GPSLat != nil && r.GPSLng != nil {
			out[i].GPS = &Point{Lat: *r.GPSLat, Lng: *r.GPSLng}
		}
	}
	return out, err
}

// dropDraft ends the draft, then removes its photos and itself. What a failure leaves,
// the sweeper finds.
func (m *Module) dropDraft(ctx context.Context, id int64) error {
	if err := pg.Exec(ctx, m.db, sqlEndDraft, id, m.now()); err != nil {
		return err
	}
	refs, err := pg.Scalars[string](ctx, m.db, sqlRefsOfDraft, id)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if err := m.dropPhoto(ctx, ref); err != nil {
			return err
		}
	}
	return pg.Exec(ctx, m.db, sqlForgetDraft, id)
}
