package eoffice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Query is what somebody looks for; zero fields do not narrow.
type Query struct {
	Text     string    `json:"teks,omitempty"` // number or words, as people write to search engines
	KindCode string    `json:"jenis,omitempty"`
	UnitID   int64     `json:"kantor,omitempty"` // the office that issued it or took it down
	Secrecy  Secrecy   `json:"sifat,omitempty"`
	From, To time.Time // days, whole
	Mine     bool      `json:"saya,omitempty"` // only what came over the actor's own desks
}

// Found is a letter that a search found, with no more in it than whoever searched may see:
// the subject of what is confidential is not in it.
type Found struct {
	ID       int64
	Origin   string
	KindCode string
	Number   string
	Subject  string
	Secrecy  Secrecy
	Urgency  Urgency
	UnitName string
	Sender   string // from outside
	To       string // the first who get it
	Day      time.Time
	Status   Status
}

// Who finds what: $1 all that opens letters to the actor (NULL: everything), $2 what of it
// opens R letters too, $3 the person, $4 now. Who only stands in finds an R letter when it
// came in their time.
const (
	foundColumns = `
SELECT l.id, l.origin, l.kind_code, COALESCE(l.letter_number, l.sender_number) AS number, CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject,
	l.secrecy, l.urgency, u.short_name AS unit_name, l.sender, s.day, l.status,
	COALESCE((SELECT string_agg(COALESCE((SELECT p.title FROM org_position p WHERE p.id = x.position_id), x.name), ', ' ORDER BY x.ord)
		FROM (SELECT r.position_id, r.name, r.ord FROM eoffice_recipient r WHERE r.letter_id = l.id AND r.role = 'kepada' ORDER BY r.ord LIMIT 3) x), '') AS "to"
FROM (SELECT s.letter_id, s.day FROM `

	eachFound = `eoffice_search s WHERE `

	isTheirs = `
($1::text[] IS NULL OR s.access && $1::text[]) AND ($2::text[] IS NULL OR s.secrecy <> 'R' OR s.access && $2::text[] OR EXISTS (
	SELECT FROM eoffice_reader r JOIN eoffice_seat q ON q.position_id = r.position_id
	WHERE r.letter_id = s.letter_id AND q.person_id = $3 AND q.starts_at <= $4 AND (q.ends_at IS NULL OR q.ends_at > $4) AND r.at >= q.starts_at))`

	mayFind = isTheirs + `
AND ($5::bigint = 0 OR s.letter_id < $5) AND ($6::text = '' OR s.kind_code = $6) AND ($7::bigint = 0 OR s.unit_id = $7)
AND ($11::text[] IS NULL OR s.access && $11::text[]) AND ($8::text = '' OR s.secrecy = $8) AND ($9::date IS NULL OR s.day >= $9) AND ($10::date IS NULL OR s.day <= $10) AND `

	// Sorted after it is found: the planner takes words for more frequent than they are and
	// would walk all letters from the newest.
	foundOrder  = ` ORDER BY s.letter_id + 0 DESC LIMIT $13` + foundLetters
	newestOrder = ` ORDER BY s.letter_id DESC LIMIT $13` + foundLetters

	foundLetters = `) s JOIN eoffice_letter l ON l.id = s.letter_id JOIN org_unit u ON u.id = l.unit_id ORDER BY l.id DESC`

	hasWords = `s.words @@ websearch_to_tsquery('indonesian'::regconfig, $12::text)`
	hasParts = `s.words @@ $12::text::tsquery`

	sqlFindWords  = foundColumns + eachFound + mayFind + hasWords + foundOrder
	sqlFindNumber = foundColumns + eachFound + mayFind + `(s.number_fold || '') LIKE '%' || $12::text || '%'` + foundOrder
	sqlFindParts  = foundColumns + eachFound + mayFind + hasParts + foundOrder
	sqlFindAll    = foundColumns + eachFound + mayFind + `$12::text = ''` + newestOrder

	// $14 is the longest of the words, which the index finds; the rest is looked at then.
	sqlFindAlike = foundColumns + `(SELECT s.letter_id, s.day, s.label FROM eoffice_search s WHERE ` + mayFind + `$14::text <% s.label LIMIT 2000) s
WHERE NOT EXISTS (SELECT FROM unnest(string_to_array($12::text, ' ')) w WHERE NOT w <% s.label)` + foundOrder

	// How many letters have a text, counted to $13: of fewer all are sooner looked at than the
	// index is asked for one part of the years after the other.
	countFound    = `SELECT count(*)::integer FROM (SELECT FROM eoffice_search s WHERE ` + mayFind
	sqlCountWords = countFound + hasWords + ` LIMIT $13) x`
	sqlCountParts = countFound + hasParts + ` LIMIT $13) x`
)

// manyFound is how far letters that have a text are counted.
const manyFound = 500

// A word of eight letters with one of them wrong has half of its trigrams left.
const sqlAlike = `SELECT set_config('pg_trgm.word_similarity_threshold', '0.5', true)`

// Search lists the letters that a query finds among those that the actor may see, newest
// first, after the letter with an id (0: from the beginning), and whether there are more.
// Numbers are found without their separators, and words that are misspelt where none is
// spelt so. What was looked for is on the audit trail without its words.
func (m *Module) Search(ctx context.Context, a authz.Actor, q Query, after int64) (list []Found, more bool, err error) {
	defer errs.In(&err, "eoffice.Search")
	if !a.IsStaff() {
		return nil, false, errNoLetter
	}
	who, err := m.finder(ctx, a, q.Mine)
	if err != nil {
		return nil, false, err
	}
	q.Text = tidyText(q.Text)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		newest, err := pg.Scalar[int64](ctx, tx, sqlNewest)
		if err != nil {
			return err
		}
		if after > 0 && after < newest {
			newest = after
		}
		for _, way := range q.ways() {
			if list, err = m.look(ctx, tx, way, newest, []any{
				pgx.QueryExecModeCacheDescribe, who.all, who.sure, a.PersonID, m.now(), after, q.KindCode, q.UnitID, q.Secrecy, dayArg(q.From), dayArg(q.To),
			}); err != nil || len(list) > 0 {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > pageSize; more {
		list = list[:pageSize]
	}
	return list, more, m.searched(ctx, a, q, len(list))
}

const sqlNewest = `SELECT COALESCE(max(letter_id), 0) FROM eoffice_search`

// Among how many thousands of the newest letters a search looks first, for who sees few of
// them and for who sees all; how far it goes back for what only resembles; and from where
// on it looks at all there are.
const (
	firstOfFew  = 4
	firstOfAll  = 1
	mostAlike   = 16
	mostWindows = 256
)

// look goes one way, from the newest letters back, until a page is full. Each look begins where
// the one before ended and goes as far back as what that found lets expect.
func (m *Module) look(ctx context.Context, tx pgx.Tx, w way, newest int64, args []any) (list []Found, err error) {
	n := int64(firstOfFew)
	if args[1].([]string) == nil {
		n = firstOfAll
	}
	args = append(args, []string(nil), w.text, pageSize+1)
	if w.sql == sqlFindAlike {
		args = append(args, longest(w.text))
		if err := pg.Exec(ctx, tx, sqlAlike); err != nil {
			return nil, err
		}
	}
	for last, left := newest/perKey, int64(mostAlike); ; {
		if w.alike() {
			n = min(n, left)
		}
		rest := last < n || n > mostWindows
		var keys []string // none: all that is left
		for p := last; !rest && p > last-n; p-- {
			keys = append(keys, fmt.Sprintf("p%d", p))
		}
		want := int64(pageSize + 1 - len(list))
		args[11], args[13] = keys, want
		found, err := pg.Many[Found](ctx, tx, w.sql, args...)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
		want -= int64(len(found))
		if last, left = last-n, left-n; want <= 0 || rest || w.alike() && left <= 0 {
			return list, nil
		}
		args[5] = (last + 1) * perKey
		n = n*want*3/2/int64(len(found)+1) + 1
		if len(found) == 0 && w.count != "" {
			args[11], args[13] = []string(nil), manyFound
			some, err := pg.Scalar[int](ctx, tx, w.count, args[:14]...)
			if err != nil || some == 0 {
				return list, err
			}
			if some < manyFound {
				n = mostWindows + 1
			}
		}
	}
}

// perKey is how many letters have the same key of their time, as the database counts.
const perKey = 4096

// way is one of the ways in which a text is looked for; count counts the letters that have it.
type way struct{ sql, count, text string }

// alike tells whether the way finds what only resembles the text, which is dear.
func (w way) alike() bool { return w.sql == sqlFindAlike || w.sql == sqlFindNumber }

// ways are how the text may be meant, the likeliest first.
func (q Query) ways() []way {
	words := way{sqlFindWords, sqlCountWords, q.Text}
	squeezed := way{sqlFindNumber, "", indo.Squeeze(q.Text)}
	fields := strings.Fields(q.Text)
	number := len(fields) > 0 && !slices.ContainsFunc(fields, func(f string) bool { return !likeNumber(f) })
	fold := indo.Fold(q.Text)
	switch {
	case q.Text == "":
		return []way{{sqlFindAll, "", ""}}
	case number:
		return []way{{sqlFindParts, sqlCountParts, "'" + strings.Join(numberParts(q.Text), "' & '") + "'"}, squeezed, words}
	case strings.ContainsAny(fold, digits):
		return []way{words, squeezed}
	case len(fold) < 3:
		return []way{words}
	}
	return []way{words, {sqlFindAlike, "", fold}}
}

const digits = "0123456789"

// likeNumber tells whether a word is likelier a letter's number, or a part of one, than a word
// with a digit in it such as covid19: it begins with a digit, has one and what parts numbers, or
// is parted as only numbers are, such as DPU/XI.
func likeNumber(word string) bool {
	at := strings.IndexAny(word, digits)
	return at == 0 || at > 0 && strings.ContainsAny(word, "/.-") || strings.Contains(word, "/") && strings.Contains(indo.Fold(word), " ")
}

// numberParts are the words by which a number's parts are found: #600, #1 and #12 of
// 600.1/12. No text has words that look so.
func numberParts(number string) (out []string) {
	for _, part := range strings.Fields(indo.Fold(number)) {
		out = append(out, "#"+part)
	}
	return out
}

// tidyText makes any text fit for a search.
func tidyText(s string) string { return strings.TrimSpace(cut(tidyWords(s), 200)) }

// tidyWords makes any text fit for the database.
func tidyWords(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == '\uFFFD' {
			return ' '
		}
		return r
	}, s)
}

func longest(words string) (out string) {
	for _, w := range strings.Fields(words) {
		if len(w) > len(out) {
			out = w
		}
	}
	return out
}

// dayArg is a day as the database takes it; NULL for none.
func dayArg(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.Format(time.DateOnly)
	return &s
}

// finder is what opens letters to somebody, as the table eoffice_search names it; NULL opens all.
type finder struct{ all, sure []string }

const sqlUnitKeys = `
SELECT 't' || id FROM org_unit WHERE ancestors && $1 UNION ALL SELECT 'b' || id FROM org_unit WHERE ancestors && $2`

func (m *Module) finder(ctx context.Context, a authz.Actor, mine bool) (f finder, err error) {
	sits, err := m.Seats(ctx, a)
	if err != nil {
		return f, err
	}
	f.all, f.sure = []string{fmt.Sprintf("k%d", a.AccountID)}, []string{fmt.Sprintf("k%d", a.AccountID)}
	for _, s := range sits {
		key := fmt.Sprintf("m%d", s.PositionID)
		f.all = append(f.all, key)
		if !s.Acting() {
			f.sure = append(f.sure, key)
		}
	}
	others, err := m.Deputed(ctx, a)
	if err != nil {
		return f, err
	}
	for _, s := range others {
		f.all = append(f.all, fmt.Sprintf("m%d", s.PositionID))
	}
	if mine {
		return f, nil
	}
	root, err := org.HoldsRoot(ctx, m.db, listOf(a.Units(PermRegister)))
	if root || err != nil {
		return finder{}, err
	}
	keys, err := pg.Scalars[string](ctx, m.db, sqlUnitKeys, listOf(a.Units(PermRegister)), listOf(a.Units(PermUnitView)))
	f.all, f.sure = append(f.all, keys...), append(f.sure, keys...)
	return f, err
}

// searched notes a search by what it went for; words may name people.
func (m *Module) searched(ctx context.Context, a authz.Actor, q Query, found int) error {
	if q.Text == "" {
		return nil
	}
	return audit.Write(ctx, m.db, a, m.now(), audit.Entry{Action: "eoffice.search", Object: object, UnitID: a.MainPosition().UnitID,
		Detail: map[string]any{"hasil": found, "jenis": q.KindCode, "kantor": q.UnitID}})
}
