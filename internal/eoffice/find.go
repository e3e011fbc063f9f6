package eoffice

import (
	"context"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Place is a position that may be chosen, with who sits there.
type Place struct {
	PositionID int64
	Title      string
	UnitName   string
	Holder     string // "": nobody now
	Acting     bool   // the holder only stands in
}

// Places as they are at $2.
const placeRows = `
SELECT p.id AS position_id, p.title, u.name AS unit_name, COALESCE(h.names, '') AS holder, COALESCE(h.acting, false) AS acting
FROM org_position p JOIN org_unit u ON u.id = p.unit_id
LEFT JOIN LATERAL (SELECT string_agg(o.name, ', ' ORDER BY o.name) AS names, bool_and(s.kind <> 'definitif') AS acting
	FROM eoffice_seat s JOIN org_person o ON o.id = s.person_id
	WHERE s.position_id = p.id AND s.starts_at <= $2 AND (s.ends_at IS NULL OR s.ends_at > $2)) h ON true
`

// Every word is in the title, the unit's name or a holder's; heads come first.
const sqlFindPlaces = placeRows + `
WHERE (p.valid_to IS NULL OR p.valid_to > $2::date) AND (u.valid_to IS NULL OR u.valid_to > $2::date) AND u.kind NOT IN ('rw', 'rt')
	AND NOT EXISTS (SELECT FROM unnest($1::text[]) w WHERE NOT lower(p.title || ' ' || u.name || ' ' || u.short_name || ' ' || COALESCE(h.names, '')) LIKE '%' || w || '%')
ORDER BY p.kind <> 'kepala', h.names IS NULL, array_length(u.ancestors, 1), p.title, p.id LIMIT 20`

const sqlPlaces = placeRows + `WHERE p.id = ANY($1)`

// FindPlaces finds at most 20 desks of the city by words of their title, unit or holder.
func (m *Module) FindPlaces(ctx context.Context, text string) (_ []Place, err error) {
	defer errs.In(&err, "eoffice.FindPlaces")
	words := strings.Fields(strings.ToLower(likeless.Replace(text)))
	if len(words) == 0 || len(words) > 10 {
		return nil, nil
	}
	return pg.Many[Place](ctx, m.db, sqlFindPlaces, words, m.now())
}

// likeless takes away what means something to LIKE.
var likeless = strings.NewReplacer("%", " ", "_", " ", `\`, " ")

// Places are desks by their ids, those that exist.
func (m *Module) Places(ctx context.Context, ids []int64) (_ map[int64]Place, err error) {
	defer errs.In(&err, "eoffice.Places")
	return m.places(ctx, m.db, ids)
}

func (m *Module) places(ctx context.Context, q pg.Querier, ids []int64) (map[int64]Place, error) {
	list, err := pg.Many[Place](ctx, q, sqlPlaces, listOf(ids), m.now())
	out := map[int64]Place{}
	for _, p := range list {
		out[p.PositionID] = p
	}
	return out, err
}

// KKA is a classification code.
type KKA struct{ Code, Name string }

const sqlAllKKA = `SELECT code, name FROM eoffice_kka WHERE in_use ORDER BY code`

// Classification lists the codes in use.
func (m *Module) Classification(ctx context.Context) (_ []KKA, err error) {
	defer errs.In(&err, "eoffice.Classification")
	return pg.Many[KKA](ctx, m.db, sqlAllKKA)
}
