package mtr

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// ResendWindow is how long the same content from the same key is the same report. A
// system that names its sendings (Sending.Name) has [DraftLife].
const ResendWindow = 10 * time.Minute

// Sending is a whole report from another system.
type Sending struct {
	Key      APIKey
	Answers  Answers
	Photos   []PhotoInput
	MediaURL string // of a picture elsewhere, for staff to look at
	// Name is what the system calls this sending (Idempotency-Key); "" = known by its content.
	Name string
	// Content is everything that was sent, in one order whatever the order of sending.
	Content []byte
}

// Sent is what the system gets back.
type Sent struct {
	Receipt
	Ask string // token under which it may ask for the number
}

// A draft that ran out leaves its name to the next sending.
const sqlBeginSending = `
INSERT INTO mtr_draft AS d (token_hash, answers_sealed, created_at, expires_at, content_hash) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (token_hash) DO UPDATE SET answers_sealed = excluded.answers_sealed, created_at = excluded.created_at,
	expires_at = excluded.expires_at, content_hash = excluded.content_hash, report_id = NULL, submitted_at = NULL
WHERE d.expires_at <= excluded.created_at`

const sqlSameContent = `SELECT content_hash = $2 FROM mtr_draft WHERE token_hash = $1`

const sqlMovePhotos = `
UPDATE mtr_photo p SET draft_id = t.id FROM mtr_draft f, mtr_draft t
WHERE f.token_hash = $1 AND t.token_hash = $2 AND t.report_id IS NULL AND p.draft_id = f.id AND p.stored`

const sqlInsertOrigin = `
INSERT INTO mtr_origin (report_id, channel, api_key_id, token_hash, media_url) VALUES ($1, $2, NULLIF($3::bigint, 0), $4, $5)`

// Send makes a report of what another system sent at once, by the same rules as the form.
// Sent again it is the same report; another content under the same name is errs.Conflict.
func (m *Module) Send(ctx context.Context, in Sending) (out Sent, err error) {
	defer errs.In(&err, "mtr.Send(%d)", in.Key.ID)
	defer m.changed()
	if len(in.Photos) > MaxPhotos {
		return out, errTooManyPhotos
	}
	categories, err := m.allCategories(ctx)
	if err != nil {
		return out, err
	}
	// Photos are decoded and stored before the transaction, in a draft of their own.
	pictures := ""
	if len(in.Photos) > 0 {
		if pictures, err = m.CreateDraft(ctx, authz.Actor{}); err != nil {
			return out, err
		}
		defer func() { _ = m.DiscardDraft(context.WithoutCancel(ctx), pictures) }() // the sweeper comes by later
		for _, p := range in.Photos {
			if _, err := m.AddPhoto(ctx, pictures, p); err != nil {
				return out, err
			}
		}
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		out, err = m.send(ctx, tx, categories, in, pictures)
		return err
	})
	return out, err
}

func (m *Module) send(ctx context.Context, tx pgx.Tx, categories []Category, in Sending, pictures string) (out Sent, err error) {
	now, content := m.now(), sha256.Sum256(in.Content)
	name, life := "\x00"+string(content[:]), ResendWindow
	if in.Name != "" {
		name, life = in.Name, DraftLife
	}
	token := m.derived(contextPost, strconv.FormatInt(in.Key.ID, 10)+"\x00"+name)
	sealed, err := m.sealAnswers(in.Answers)
	if err != nil {
		return out, err
	}
	if err := pg.Exec(ctx, tx, sqlBeginSending, crypt.HashToken(token), sealed, now, now.Add(life), content[:]); err != nil {
		return out, err
	}
	same, err := pg.Scalar[bool](ctx, tx, sqlSameContent, crypt.HashToken(token), content[:])
	if err != nil {
		return out, err
	}
	if !same {
		return out, errs.New(errs.Conflict, "Idempotency-Key ini sudah dipakai untuk kiriman yang isinya lain.")
	}
	if pictures != "" {
		if err := pg.Exec(ctx, tx, sqlMovePhotos, crypt.HashToken(pictures), crypt.HashToken(token)); err != nil {
			return out, err
		}
	}
	r, born, err := m.submit(ctx, tx, authz.Actor{}, sender{}, categories, token)
	if err != nil {
		return out, err
	}
	out = Sent{Receipt: r, Ask: m.derived(contextAsk, r.Number)}
	if !born {
		return out, nil
	}
	if err := m.useAPIKey(ctx, tx, in.Key); err != nil {
		return out, err
	}
	if err := pg.Exec(ctx, tx, sqlInsertOrigin, r.ReportID, ChannelOpen311, in.Key.ID, crypt.HashToken(out.Ask), in.MediaURL); err != nil {
		return out, err
	}
	return out, audit.Write(ctx, tx, authz.System("open311"), now, audit.Entry{Action: "mtr.api_key.send", Object: object, ObjectID: r.ReportID,
		Detail: map[string]any{"nomor": r.Number, "kunci": in.Key.ID, "sistem": in.Key.Name}})
}

// derived is a token that is the same for the same value and that nobody else can make.
func (m *Module) derived(context, value string) string {
	return base64.RawURLEncoding.EncodeToString(m.box.MAC(context, []byte(value))[:16])
}

const sqlAsked = `
SELECT CASE WHEN r.status IN ('belum_konfirmasi', 'kedaluwarsa') THEN '' ELSE r.number END
FROM mtr_origin o JOIN mtr_report r ON r.id = o.report_id WHERE o.token_hash = $1`

// NumberOf is the number of the report that was sent under a token; "" while it is held.
// An unknown token is errs.NotFound.
func (m *Module) NumberOf(ctx context.Context, token string) (_ string, err error) {
	defer errs.In(&err, "mtr.NumberOf")
	return pg.Scalar[string](ctx, m.db, sqlAsked, crypt.HashToken(token))
}
