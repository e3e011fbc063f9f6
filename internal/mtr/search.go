package mtr

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlFind = `SELECT ids, fuzzy, frequent FROM mtr_find($1, $2)`

var wholeNumber = regexp.MustCompile(`(?i)^MTR-\d{2}-\d{6,12}$`)

// search narrows to what a text finds: a report's number, all of its words, or else
// words like them in the title. everything finds words that are not public too; then
// other conditions must say whose they are.
func (m *Module) search(ctx context.Context, w *where, text string, everything bool) error {
	if text == "" {
		return nil
	}
	if text = searchable(text); wholeNumber.MatchString(text) {
		w.and("r.number = " + w.arg(strings.ToUpper(text)))
		return nil
	}
	hit, err := pg.One[struct {
		IDs             []int64
		Fuzzy, Frequent bool
	}](ctx, m.db, sqlFind, text, everything)
	if err != nil {
		return err
	}
	if !everything {
		w.and("r.words_public")
	}
	// A frequent word is looked for on the way along the list. Functions and not
	// operators, so that no index collects all of its reports first.
	switch {
	case !hit.Frequent:
		w.and("r.id = ANY (" + w.arg(hit.IDs) + ")")
	case hit.Fuzzy:
		w.and("mtr_resembles(mtr_words(" + w.arg(text) + "), r.title)")
	default:
		w.and("ts_match_vq(r.search, websearch_to_tsquery('indonesian', " + w.arg(text) + "))")
	}
	return nil
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
