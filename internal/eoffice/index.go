package eoffice

import (
	"context"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlNames = `
SELECT COALESCE(p.title, r.name) FROM eoffice_recipient r LEFT JOIN org_position p ON p.id = r.position_id WHERE r.letter_id = $1 ORDER BY r.ord LIMIT 200`

const sqlSender = `SELECT sender FROM eoffice_letter WHERE id = $1`

const sqlOthers = `SELECT number FROM eoffice_other_number WHERE letter_id = $1 ORDER BY system`

const sqlIndex = `
INSERT INTO eoffice_search (letter_id, secrecy, kind_code, unit_id, day, number_fold, label, words)
SELECT l.id, l.secrecy, l.kind_code, l.unit_id, (COALESCE(l.dated_at, l.sent_at, l.created_at) AT TIME ZONE 'Asia/Makassar')::date, $2, $3,
	to_tsvector('indonesian'::regconfig, $4) || array_to_tsvector($5::text[])
FROM eoffice_letter l WHERE l.id = $1
ON CONFLICT (letter_id) DO UPDATE SET secrecy = excluded.secrecy, day = excluded.day, number_fold = excluded.number_fold,
	label = excluded.label, words = excluded.words`

const (
	sqlUnindex = `DELETE FROM eoffice_search WHERE letter_id = $1`
	sqlAdmit   = `SELECT eoffice_admit($1)`
)

// index writes what a letter is found by, as its secrecy allows: all that it says, to whom
// and from whom for B and T, its numbers for R; an SR letter is not found at all. Who may
// find it the database keeps up to date.
func (m *Module) index(ctx context.Context, q pg.Querier, c *Case) error {
	if !c.Secrecy.Kept() || c.Status == Destroyed {
		return pg.Exec(ctx, q, sqlUnindex, c.ID)
	}
	var label, words []string
	if !c.Secrecy.Confidential() {
		content, err := m.contentOf(ctx, q, c.ID)
		if err != nil {
			return err
		}
		names, err := pg.Scalars[string](ctx, q, sqlNames, c.ID)
		if err != nil {
			return err
		}
		sender, err := pg.Scalar[string](ctx, q, sqlSender, c.ID)
		if err != nil {
			return err
		}
		files, err := filesOf(ctx, q, c.ID)
		if err != nil {
			return err
		}
		label = append([]string{content.Subject, sender}, names...)
		words = append(words, label...)
		words = append(words, text.ToPlain(content.Body))
		for _, f := range files {
			words = append(words, f.Name, f.Words)
		}
	}
	others, err := pg.Scalars[string](ctx, q, sqlOthers, c.ID)
	if err != nil {
		return err
	}
	numbers := append([]string{c.LetterNumber, c.SenderNumber}, others...)
	parts := []string{}
	for i, n := range numbers {
		numbers[i], parts = indo.Squeeze(n), append(parts, numberParts(n)...)
	}
	err = pg.Exec(ctx, q, sqlIndex, c.ID, strings.TrimSpace(strings.Join(numbers, " ")), cut(indo.Fold(strings.Join(label, " ")), 2000),
		cut(strings.TrimSpace(strings.Join(words, "\n")), mostWords), parts)
	if err != nil {
		return err
	}
	return pg.Exec(ctx, q, sqlAdmit, c.ID)
}

// mostWords is how many letters of a text are searched: the database takes no more than a
// million bytes of different words.
const mostWords = 250_000

// cut is at most the first n letters of s.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
