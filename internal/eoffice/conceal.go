package eoffice

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	sqlTakeOpen  = `UPDATE eoffice_letter SET subject = '', body = '' WHERE id = $1`
	sqlPutSealed = `UPDATE eoffice_letter SET content_sealed = $2 WHERE id = $1`
	sqlTakeSeal  = `UPDATE eoffice_letter SET content_sealed = NULL WHERE id = $1`
	sqlLayOpen   = `UPDATE eoffice_letter SET subject = $2, body = $3 WHERE id = $1`

	sqlOpenVersions = `SELECT version, subject, body FROM eoffice_version WHERE letter_id = $1 AND subject || body <> '' ORDER BY version`
	sqlSealVersion  = `SELECT eoffice_seal_version($1, $2, $3)`

	sqlOpenEvents = `
SELECT id, object, object_id, action, concat_ws(E'\n', NULLIF(reason, ''), NULLIF(detail #>> '{kata,teks}', '')) AS text
FROM eoffice_event WHERE letter_id = $1 AND (reason <> '' OR detail #>> '{kata,teks}' <> '') ORDER BY id`
	sqlSealEvent = `SELECT eoffice_seal_event($1, $2)`

	sqlOpenNotes = `SELECT id, note AS text FROM eoffice_disposition WHERE letter_id = $1 AND note <> ''`
	sqlSealNote  = `UPDATE eoffice_disposition SET note = '', note_sealed = $2 WHERE id = $1`
	sqlPutReport = `UPDATE eoffice_disposition SET report = '', report_sealed = $2 WHERE id = $1`

	sqlOpenQuestions = `SELECT id, question AS text FROM eoffice_opinion WHERE letter_id = $1 AND question <> ''`
	sqlSealQuestion  = `UPDATE eoffice_opinion SET question = '', question_sealed = $2 WHERE id = $1`
	sqlPutAnswer     = `UPDATE eoffice_opinion SET words = '', words_sealed = $2 WHERE id = $1 AND (words <> '' OR words_sealed IS NOT NULL)`
)

// Everybody who ever heard of a letter: who sat at a desk that had it, wrote it, or was
// given an order on it that was called back.
const sqlEverTold = `
SELECT o.account_id FROM org_person o WHERE o.account_id IS NOT NULL AND o.id IN (SELECT s.person_id FROM (SELECT person_id, position_id FROM eoffice_seat UNION ALL SELECT person_id, position_id FROM eoffice_deputy_seat) s WHERE s.position_id IN (
		SELECT position_id FROM eoffice_reader WHERE letter_id = $1
		UNION SELECT drafter_id FROM eoffice_letter WHERE id = $1
		UNION SELECT unnest(ARRAY[from_id, to_id]) FROM eoffice_disposition WHERE letter_id = $1))
UNION SELECT drafted_by FROM eoffice_letter WHERE id = $1
UNION SELECT account_id FROM eoffice_watch WHERE letter_id = $1`

// retell replaces what messages about a letter say by what its secrecy lets them say now.
func (m *Module) retell(ctx context.Context, tx pgx.Tx, id int64, s Secrecy) error {
	accounts, err := pg.Scalars[int64](ctx, tx, sqlEverTold, id)
	if err != nil {
		return err
	}
	title, text := about(s, "Naskah terbatas", "")
	return notify.Reword(ctx, tx, accounts, object, id, letterURL(id), title, text)
}

// conceal puts what was written about a letter while it was open under the seal of one that
// is confidential now: its versions, reasons, notes and reports of orders, opinions, names and
// words of its files. What it says itself is with whoever changes its secrecy. The row of the
// letter is held and has its new secrecy.
func (m *Module) conceal(ctx context.Context, tx pgx.Tx, id int64, s Secrecy) error {
	versions, err := pg.Many[struct {
		Version int
		Content
	}](ctx, tx, sqlOpenVersions, id)
	if err != nil {
		return err
	}
	for _, v := range versions {
		st, err := m.store(s, v.Content)
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlSealVersion, id, v.Version, st.ContentSealed); err != nil {
			return err
		}
	}
	events, err := pg.Many[struct {
		ID       int64
		Object   string
		ObjectID int64
		Action   Action
		Text     string
	}](ctx, tx, sqlOpenEvents, id)
	if err != nil {
		return err
	}
	for _, e := range events {
		sealed := m.words(s, e.Text).Sealed
		if err := pg.Exec(ctx, tx, sqlSealEvent, e.ID, sealed); err != nil {
			return err
		}
		switch { // the last one stands in the row
		case e.Object == onDisposition && e.Action == ActReport:
			err = pg.Exec(ctx, tx, sqlPutReport, e.ObjectID, sealed)
		case e.Object == onOpinion && e.Action == ActOpine:
			err = pg.Exec(ctx, tx, sqlPutAnswer, e.ObjectID, sealed)
		}
		if err != nil {
			return err
		}
	}
	for _, sql := range []struct{ open, seal string }{{sqlOpenNotes, sqlSealNote}, {sqlOpenQuestions, sqlSealQuestion}, {sqlOpenPlaces, sqlSealPlace}} {
		texts, err := pg.Many[struct {
			ID   int64
			Text string
		}](ctx, tx, sql.open, id)
		if err != nil {
			return err
		}
		for _, t := range texts {
			if err := pg.Exec(ctx, tx, sql.seal, t.ID, m.words(s, t.Text).Sealed); err != nil {
				return err
			}
		}
	}
	return pg.Exec(ctx, tx, sqlHideFiles, id)
}
