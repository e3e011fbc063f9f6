package letter

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Filter narrows the register; zero fields do not.
type Filter struct {
	Text        string // number, name in any spelling, NIK, words of the title
	KelurahanID int64
	Code        string
	Status      Status
	From, To    time.Time // day of issue, or of asking where not issued
	Signer      int64     // org_person
	ResidentID  int64
}

// Register lists the letters of the actor's realm, newest first; after is the ID to go
// on from. Looking for somebody is audited.
func (m *Module) Register(ctx context.Context, a authz.Actor, f Filter, after int64) (list []Summary, more bool, err error) {
	defer errs.In(&err, "letter.Register")
	q, err := m.query(ctx, a, f, after)
	if err != nil {
		return nil, false, err
	}
	if list, err = q.run(ctx, m.db, false); err == nil && len(list) == 0 && len(q.words) > 0 {
		list, err = q.run(ctx, m.db, true)
	}
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > QueuePage; more {
		list = list[:QueuePage]
	}
	if f.Text == "" && f.ResidentID == 0 {
		return list, more, nil
	}
	unit := f.KelurahanID
	if unit == 0 {
		unit = a.MainPosition().UnitID
	}
	return list, more, audit.Write(ctx, m.db, a, m.now(), audit.Entry{
		Action: "epemerintahan.letter.search", Object: object, UnitID: unit,
		Detail: map[string]any{"menurut": q.by(), "hasil": len(list), "penduduk": f.ResidentID},
	})
}

// query is a search of the register made ready.
type query struct {
	where
	filter Filter
	units  []int64
	whole  bool // the actor works in the whole city
	after  int64
	limit  int

	request string   // a request number
	nik     []byte   // hash
	number  string   // a letter number, folded
	entire  bool     // it is the whole number of a letter in the realm, not a part of some
	no      int64    // or only its running number
	words   []string // of a name
	title   string   // words of the title
}

func (m *Module) query(ctx context.Context, a authz.Actor, f Filter, after int64) (*query, error) {
	r, err := m.realm(ctx, a)
	if err != nil {
		return nil, err
	}
	q := &query{filter: f, units: r.view, after: after, limit: QueuePage + 1}
	if f.KelurahanID != 0 {
		if !slices.Contains(q.units, f.KelurahanID) {
			return nil, errs.New(errs.NotFound, "Kelurahan ini di luar wilayah Anda.")
		}
		q.units = []int64{f.KelurahanID}
	} else if q.whole, err = org.HoldsRoot(ctx, m.db, a.Units(PermView)); err != nil {
		return nil, err
	}
	q.read(m, searchable(f.Text))
	if q.number != "" {
		if q.entire, err = pg.Scalar[bool](ctx, m.db, sqlEntireNumber, q.number, q.whole, q.units); err != nil {
			return nil, err
		}
		if q.entire {
			q.words = nil
		}
	}
	return q, nil
}

// $1 the folded number, $2 the whole city, $3 else these kelurahan. Parts of numbers are
// found by their trigrams, of which all numbers have many in common: that is dear.
const sqlEntireNumber = `SELECT EXISTS (
	SELECT FROM epemerintahan_letter WHERE number_fold = $1 AND letter_no IS NOT NULL AND ($2 OR kelurahan_id = ANY ($3::bigint[])))`

// mostText is how many letters of a search count.
const mostText = 200

// searchable makes any text fit for the database.
func searchable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == '\uFFFD' {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > mostText {
		s = string(r[:mostText])
	}
	return strings.TrimSpace(s)
}

// read works out what a text may mean.
func (q *query) read(m *Module, text string) {
	if text == "" {
		return
	}
	if prefix, year, n, ok := numbering.Parse(text); ok && prefix == series {
		q.request = numbering.Format(prefix, year, n)
		return
	}
	digits := epemerintahan.CleanNumber(text)
	if _, err := strconv.ParseUint(digits, 10, 64); err == nil {
		switch n := len(digits); {
		case n == 16:
			q.nik = m.nikHash(digits)
			return
		case n <= 6:
			q.no, _ = strconv.ParseInt(digits, 10, 64)
			return
		}
	}
	if fold := indo.Squeeze(text); strings.ContainsAny(text, "0123456789/") && len(fold) >= 3 {
		q.number = fold
	}
	q.words = strings.Fields(indo.FoldPerson(text))
	q.words = q.words[:min(len(q.words), 8)]
	q.title = indo.Fold(text)
}

// by says what was looked for, for the trail.
func (q *query) by() string {
	switch {
	case q.nik != nil:
		return "nik"
	case q.filter.Text == "":
		return "penduduk"
	case q.request != "" || q.no != 0 || q.number != "":
		return "nomor"
	}
	return "kata"
}

// narrow is the condition that everything found fulfils.
func (q *query) narrow() string {
	cs := []string{"l.status <> 'draf'"}
	if !q.whole {
		cs = append(cs, q.in(q.units))
	}
	f := q.filter
	if f.Code != "" {
		cs = append(cs, "l.kind_code = "+q.arg(f.Code))
	}
	if f.Status != "" {
		cs = append(cs, "l.status = "+q.arg(f.Status))
	}
	if !f.From.IsZero() {
		cs = append(cs, "l.day >= "+q.arg(f.From.Format(time.DateOnly))+"::date")
	}
	if !f.To.IsZero() {
		cs = append(cs, "l.day <= "+q.arg(f.To.Format(time.DateOnly))+"::date")
	}
	if f.Signer != 0 {
		cs = append(cs, "l.signer_ids @> ARRAY["+q.arg(f.Signer)+"::bigint]")
	}
	if f.ResidentID != 0 {
		cs = append(cs, "l.resident_id = "+q.arg(f.ResidentID))
	}
	if q.after != 0 {
		cs = append(cs, "(l.day, l.id) < (SELECT day, id FROM epemerintahan_letter WHERE id = "+q.arg(q.after)+")")
	}
	return strings.Join(cs, " AND ")
}

// maxAlike is among how many names that resemble the words a page of them is sought.
const maxAlike = 2000

// arms are the ways to be found. Each is a query of its own, so that each reads the
// index that fits it.
func (q *query) arms(alike bool) (arms []string) {
	arm := func(condition string) {
		arms = append(arms, fmt.Sprintf("(SELECT l.id, l.day FROM epemerintahan_letter l WHERE %s AND %s ORDER BY l.day DESC, l.id DESC LIMIT %d)",
			condition, q.narrow(), q.limit))
	}
	var cs []string
	for _, w := range q.words {
		if alike {
			cs = append(cs, q.arg(w)+"::text <% l.subject_fold")
		} else {
			cs = append(cs, "l.subject_fold LIKE "+q.arg("%"+w+"%"))
		}
	}
	name := strings.Join(cs, " AND ")
	switch {
	case q.request != "":
		arm("l.request_number = " + q.arg(q.request))
	case q.nik != nil:
		arm("l.subject_hash = " + q.arg(q.nik))
	case q.no != 0:
		arm("l.letter_no = " + q.arg(q.no))
	case alike:
		// Found first and sorted then: the planner would walk all letters from the newest
		// until enough names are alike, and few are.
		return []string{fmt.Sprintf("(SELECT id, day FROM (SELECT l.id, l.day FROM epemerintahan_letter l WHERE %s AND %s LIMIT %d) l ORDER BY day DESC, id DESC LIMIT %d)",
			name, q.narrow(), maxAlike, q.limit)}
	case q.entire:
		arm("l.letter_no IS NOT NULL AND l.number_fold = " + q.arg(q.number))
	case q.filter.Text == "":
		arm("true")
	default:
		if q.number != "" {
			arm("l.number_fold LIKE " + q.arg("%"+q.number+"%"))
		}
		if name != "" {
			arm(name)
		}
		arm("l.search @@ plainto_tsquery('simple', " + q.arg(q.title) + ")")
	}
	return arms
}

// sql is the whole query with its arguments.
func (q *query) sql(alike bool) (string, []any) {
	q.args = nil
	sql := fmt.Sprintf(`WITH page AS (SELECT id, day FROM (%s) x ORDER BY day DESC, id DESC LIMIT %d)
SELECT %s FROM page JOIN epemerintahan_letter l ON l.id = page.id JOIN org_unit u ON u.id = l.kelurahan_id
ORDER BY page.day DESC, page.id DESC`, strings.Join(q.arms(alike), " UNION "), q.limit, summaryColumns)
	return sql, q.fresh()
}

func (q *query) run(ctx context.Context, db pg.Querier, alike bool) ([]Summary, error) {
	if len(q.units) == 0 {
		return nil, nil
	}
	sql, args := q.sql(alike)
	return pg.Many[Summary](ctx, db, sql, args...)
}
