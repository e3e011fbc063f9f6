package mtr

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlCategories = `
SELECT id, code, group_name, name, synonyms, class, place, proof, field_check, sensitive, priority, emergency, active, position
FROM mtr_category ORDER BY position, id`

const sqlQuestions = `
SELECT category_id, id, code, text, hint, kind, required, position, options
FROM mtr_question ORDER BY category_id, position, id`

const sqlInsertCategory = `
INSERT INTO mtr_category (code, group_name, name, synonyms, class, place, proof, field_check, sensitive, emergency, active, position, updated_at, priority)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, COALESCE(max(position), 0) + 10, $12, $13 FROM mtr_category
RETURNING id`

const sqlUpdateCategory = `
UPDATE mtr_category SET code = $2, group_name = $3, name = $4, synonyms = $5, class = $6, place = $7, proof = $8,
	field_check = $9, sensitive = $10, emergency = $11, active = $12, updated_at = $13, priority = $14
WHERE id = $1`

const sqlDropQuestions = `DELETE FROM mtr_question WHERE category_id = $1`

const sqlInsertQuestion = `
INSERT INTO mtr_question (category_id, code, text, hint, kind, required, position, options)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

const sqlRoutes = `
SELECT t.id, t.category_id, COALESCE(t.kelurahan_id, 0) AS kelurahan_id, t.question, t.answer, t.target,
	COALESCE(t.unit_id, 0) AS unit_id, t.agency, c.name AS category_name,
	COALESCE(k.short_name, '') AS kelurahan_name, COALESCE(u.name, '') AS unit_name
FROM mtr_route t
JOIN mtr_category c ON c.id = t.category_id
LEFT JOIN org_unit k ON k.id = t.kelurahan_id
LEFT JOIN org_unit u ON u.id = t.unit_id
WHERE $1::bigint = 0 OR t.category_id = $1
ORDER BY c.position, t.question, t.answer, k.short_name NULLS FIRST`

const sqlInsertRoute = `
INSERT INTO mtr_route (category_id, kelurahan_id, question, answer, target, unit_id, agency, updated_at)
VALUES ($1, NULLIF($2::bigint, 0), $3, $4, $5, NULLIF($6::bigint, 0), $7, $8) RETURNING id`

const sqlUpdateRoute = `
UPDATE mtr_route SET category_id = $2, kelurahan_id = NULLIF($3::bigint, 0), question = $4, answer = $5, target = $6,
	unit_id = NULLIF($7::bigint, 0), agency = $8, updated_at = $9
WHERE id = $1`

const sqlDeleteRoute = `DELETE FROM mtr_route WHERE id = $1`

// Routes of a category whose condition is no answer of it any more.
const sqlRoutesWithoutAnswer = `
SELECT t.question || ' = ' || t.answer FROM mtr_route t
WHERE t.category_id = $1 AND t.question <> '' AND NOT EXISTS (
	SELECT FROM mtr_question q, jsonb_array_elements(q.options) o
	WHERE q.category_id = t.category_id AND q.code = t.question AND o->>'value' = t.answer)
ORDER BY 1`

type categoryRow struct {
	ID         int64
	Code       string
	GroupName  string
	Name       string
	Synonyms   []string
	Class      Class
	Place      Need
	Proof      Proof
	FieldCheck bool
	Sensitive  bool
	Priority   Priority
	Emergency  string
	Active     bool
	Position   int
}

type questionRow struct {
	CategoryID int64
	CategoryQuestion
}

func loadCategories(ctx context.Context, q pg.Querier) ([]Category, error) {
	rows, err := pg.Many[categoryRow](ctx, q, sqlCategories)
	if err != nil {
		return nil, err
	}
	questions, err := pg.Many[questionRow](ctx, q, sqlQuestions)
	if err != nil {
		return nil, err
	}
	out := make([]Category, len(rows))
	at := map[int64]int{}
	for i, r := range rows {
		at[r.ID] = i
		out[i] = Category{
			ID: r.ID, Code: r.Code, GroupName: r.GroupName, Name: r.Name, Synonyms: r.Synonyms, Class: r.Class,
			Place: r.Place, Proof: r.Proof, FieldCheck: r.FieldCheck, Sensitive: r.Sensitive, Priority: r.Priority, Emergency: r.Emergency,
			Active: r.Active, Position: r.Position,
		}
	}
	for _, r := range questions {
		c := &out[at[r.CategoryID]]
		c.Questions = append(c.Questions, r.CategoryQuestion)
	}
	return out, nil
}
