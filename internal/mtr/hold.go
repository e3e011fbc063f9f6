package mtr

import (
	"context"
	"regexp"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Hold is an abuse rule that keeps a report back until its contact is confirmed or a
// moderator lets it through.
type Hold string

const (
	HoldLinks   Hold = "tautan"   // many links: an advertisement
	HoldRepeat  Hold = "kembar"   // the same words again and again
	HoldOften   Hold = "sering"   // more reports in a day than people write
	HoldBlocked Hold = "diblokir" // the sender is on the block list: only a moderator lets it through
)

// Label says why, to a moderator.
func (h Hold) Label() string {
	switch h {
	case HoldLinks:
		return "Berisi banyak tautan"
	case HoldRepeat:
		return "Kata-katanya sama dengan laporan yang baru dikirim"
	case HoldBlocked:
		return "Pengirimnya ada di daftar blokir"
	case HoldOften:
		return "Pelapor yang sama mengirim sangat banyak laporan dalam sehari"
	}
	return ""
}

// How much is normal.
const (
	holdWithin   = 24 * time.Hour
	maxLinks     = 2
	maxSame      = 2  // the same words by the same account or contact
	maxSameByAll = 10 // the same words by anybody
	maxReports   = 20 // by the same account or contact
)

var links = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+|` +
	`\b[a-z0-9-]{2,}\.(?:com|net|org|info|biz|xyz|site|online|store|shop|top|click|link|club|vip|bet|win|live)\b\S*`)

const sqlSameWords = `
SELECT count(*) FILTER (WHERE r.account_id = NULLIF($3::bigint, 0) OR k.email_hash = $4 OR k.phone_hash = $5)::int AS theirs,
	count(*)::int AS anybodys
FROM mtr_report r JOIN mtr_contact k ON k.report_id = r.id
WHERE r.words_hash = $1 AND r.submitted_at > $2`

const sqlReportsBy = `
SELECT count(*)::int FROM (
	SELECT id FROM mtr_report WHERE account_id = NULLIF($2::bigint, 0) AND submitted_at > $1
	UNION
	SELECT r.id FROM mtr_contact k JOIN mtr_report r ON r.id = k.report_id WHERE k.email_hash = $3 AND r.submitted_at > $1
	UNION
	SELECT r.id FROM mtr_contact k JOIN mtr_report r ON r.id = k.report_id WHERE k.phone_hash = $4 AND r.submitted_at > $1
) t`

// holds lists the abuse rules that a new report meets.
func (m *Module) holds(ctx context.Context, q pg.Querier, a authz.Actor, from sender, in Answers, words []byte, contact sealedContact, now time.Time) ([]Hold, error) {
	out := []Hold{}
	if len(links.FindAllStringIndex(in.Title+"\n"+in.Body, maxLinks+1)) > maxLinks {
		out = append(out, HoldLinks)
	}
	blocked, err := m.isBlocked(ctx, q, a, from, contact, now)
	if err != nil {
		return nil, err
	}
	if blocked {
		out = append(out, HoldBlocked)
	}
	type same struct{ Theirs, Anybodys int }
	since := now.Add(-holdWithin)
	n, err := pg.One[same](ctx, q, sqlSameWords, words, since, a.AccountID, contact.EmailHash, contact.PhoneHash)
	if err != nil {
		return nil, err
	}
	if n.Theirs >= maxSame || n.Anybodys >= maxSameByAll {
		out = append(out, HoldRepeat)
	}
	if a.IsStaff() {
		return out, nil
	}
	by, err := pg.Scalar[int](ctx, q, sqlReportsBy, since, a.AccountID, contact.EmailHash, contact.PhoneHash)
	if by >= maxReports {
		out = append(out, HoldOften)
	}
	return out, err
}
