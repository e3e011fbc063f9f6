package mtr

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	sqlFind   = `SELECT ids, fuzzy, frequent FROM mtr_find($1, $2, $3)`
	sqlNewest = `SELECT COALESCE(max(id), 0) FROM mtr_report`
)

// What more reports have than these is frequent: for a page of the newest, and for lists in
// another order.
const (
	mostPaged = 1000
	mostFound = 5000
)

var wholeNumber = regexp.MustCompile(`(?i)^MTR-\d{2}-\d{6,12}$`)

// hits are the reports that have a text: a number's, those with all the words, or else those
// with words like them in the title (Fuzzy). Of what is Frequent they are not gathered.
type hits struct {
	IDs             []int64
	Fuzzy, Frequent bool

	text       string
	everything bool
}

// find looks for a text. everything finds words that are not public too; then other conditions
// must say whose they are.
func (m *Module) find(ctx context.Context, text string, everything bool, most int) (hits, error) {
	text = searchable(text)
	if text == "" || wholeNumber.MatchString(text) {
		return hits{text: text, everything: everything}, nil
	}
	h, err := pg.One[hits](ctx, m.db, sqlFind, text, everything, most)
	h.text, h.everything = text, everything
	return h, err
}

// search narrows to what a text finds.
func (m *Module) search(ctx context.Context, w *where, text string, everything bool) error {
	if text == "" {
		return nil
	}
	h, err := m.find(ctx, text, everything, mostFound)
	if err == nil {
		h.narrow(w)
	}
	return err
}

func (h hits) narrow(w *where) {
	if wholeNumber.MatchString(h.text) {
		w.and("r.number = " + w.arg(strings.ToUpper(h.text)))
		return
	}
	if !h.everything {
		w.and("r.words_public")
	}
	// A frequent word is looked for on the way along the list. Functions and not
	// operators, so that no index collects all of its reports first.
	switch {
	case !h.Frequent:
		w.and("r.id = ANY (" + w.arg(h.IDs) + ")")
	case h.Fuzzy:
		w.and("mtr_resembles(mtr_words(" + w.arg(h.text) + "), r.title)")
	default:
		w.and("ts_match_vq(r.search, websearch_to_tsquery('indonesian', " + w.arg(h.text) + "))")
	}
}

const (
	// nearby is how many reports are walked along before the index of words is asked.
	nearby = 1024
	// perPart is how many reports have the same key of their time in that index; migration 139 has it too.
	perPart = 4096
)

// foundFirst sorts by the id after all is found: the planner may take words for more frequent
// than they are there, and would walk along the ids.
const foundFirst = "(r.id + 0)"

// frequentPage reads a page of the reports that w allows and that have a frequent text: on the
// way along the nearest, then among the nearest thousands by the index, and farther as long as
// those do not fill it.
func (m *Module) frequentPage(ctx context.Context, w *where, h hits, p Page) (PublicPage, error) {
	newest, err := pg.Scalar[int64](ctx, m.db, sqlNewest)
	if err != nil {
		return PublicPage{}, err
	}
	near := w.clone()
	p.near(near, newest)
	h.narrow(near)
	page, err := m.publicPage(ctx, near, p, "r.id")
	for n := int64(2); err == nil && !p.filled(page); n *= 4 {
		near = w.clone()
		near.and("r.words_public AND r.search @@ websearch_to_tsquery('indonesian', " + near.arg(h.text) + ")")
		some := p.among(near, n, newest)
		if page, err = m.publicPage(ctx, near, p, foundFirst); !some {
			break
		}
	}
	return page, err
}

// near narrows to what is nearest to where the page begins.
func (p Page) near(w *where, newest int64) {
	if p.After != 0 {
		w.and("r.id <= " + w.arg(p.begin(newest)+nearby))
	} else {
		w.and("r.id > " + w.arg(p.begin(newest)-nearby))
	}
}

// begin is the id at which the page begins, before it or after it.
func (p Page) begin(newest int64) int64 {
	switch {
	case p.After != 0:
		return min(max(p.After, 0), newest)
	case p.Before != 0:
		return min(max(p.Before, 0), newest)
	}
	return newest
}

// among narrows to the nearest n parts from where the page begins on, unless that is all.
func (p Page) among(w *where, n, newest int64) bool {
	first := p.begin(newest) / perPart
	if p.After == 0 {
		first -= n - 1
	}
	last := first + n - 1
	if p.After == 0 && first <= 0 || p.After != 0 && last >= newest/perPart {
		return false
	}
	parts := make([]int64, n)
	for i := range parts {
		parts[i] = first + int64(i)
	}
	w.and("r.id BETWEEN " + w.arg(first*perPart) + " AND " + w.arg((last+1)*perPart-1) + " AND ARRAY[r.id / " + strconv.Itoa(perPart) + "] && " + w.arg(parts) + "::bigint[]")
	return true
}

// filled tells whether there are more rows than the page holds.
func (p Page) filled(page PublicPage) bool {
	return p.After != 0 && page.Newer != 0 || p.After == 0 && page.Older != 0
}

// mostText is how many letters of a search count.
const mostText = 200

// searchable makes any text fit for the database.
func searchable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s[:min(len(s), 4*mostText)])
	return strings.TrimSpace(cut(s, mostText))
}
