package evidence

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Gap is by how much ratings of a group lie above what the evidence says, on average, in
// classes: 0 where they agree, 1 where all are one class higher. Without a sign that anybody
// is wrong: the evidence sees only work that leaves a trace.
type Gap struct {
	Name     string
	N        int     // ratings beside which there is enough evidence
	Rating   float64 // mean, -1 (below what was expected) to 1 (above)
	Evidence float64 // mean, -1 to 1
}

// Mean is the mean difference, -2 to 2.
func (g Gap) Mean() float64 { return g.Rating - g.Evidence }

const (
	leastGap = 5   // ratings under which nothing is said of a group
	wideGap  = 0.5 // from where somebody should look
)

// Enough tells whether something can be said of the group.
func (g Gap) Enough() bool { return g.N >= leastGap }

// Wide tells whether somebody should look at it.
func (g Gap) Wide() bool { return g.Enough() && (g.Mean() >= wideGap || g.Mean() <= -wideGap) }

// Apart is a rating that says the contrary of the evidence.
type Apart struct {
	PersonID int64
	Name     string
	Rater    string
	Rating   kuciniki.Rating
	Evidence kuciniki.Rating
}

// Gaps is how the ratings of a period lie to the evidence.
type Gaps struct {
	Judged, Beside int // ratings, and those with enough evidence
	ByRater        []Gap
	ByUnit         []Gap
	ByGrade        []Gap
	BySex          []Gap
	Apart          []Apart // by name
}

// Against is what the figures of somebody say beside those of the unit: above or below it
// where an interval lies wholly on that side and none on the other, else as it; "" without a
// figure with enough cases.
func Against(figures []Figure) kuciniki.Rating {
	enough, above, below := false, false, false
	for _, f := range figures {
		if !f.Ledger || !f.Enough() {
			continue
		}
		enough = true
		above, below = above || f.Low > f.Unit, below || f.High < f.Unit
	}
	switch {
	case !enough:
		return ""
	case above && !below:
		return kuciniki.Over
	case below && !above:
		return kuciniki.Below
	}
	return kuciniki.AsDue
}

// judged is what a rater said of somebody, the first time.
type judged struct {
	PersonID int64
	Name     string
	Rater    string
	RaterID  int64
	UnitID   int64
	Unit     string
	Rank     string
	Number   string // NIP
	Result   kuciniki.Rating
}

// sex is what the fifteenth of the eighteen digits of a NIP says (Perka BKN 22/2007).
func (j judged) sex() string {
	if len(j.Number) == 18 {
		switch j.Number[14] {
		case '1':
			return "Laki-laki"
		case '2':
			return "Perempuan"
		}
	}
	return "Tidak diketahui"
}

// grade is the number of a rank: III of "Penata Muda (III/a)".
func (j judged) grade() string {
	_, in, ok := strings.Cut(j.Rank, "(")
	if g, _, cut := strings.Cut(in, "/"); ok && cut {
		return "Golongan " + g
	}
	return "Tanpa golongan"
}

func class(r kuciniki.Rating) float64 { return float64(slices.Index(kuciniki.Ratings, r) - 1) }

// gapsOf lays ratings beside what the evidence says of each person: a pure function. Groups
// come by name.
func gapsOf(all []judged, says map[int64]kuciniki.Rating) (out Gaps) {
	out.Judged = len(all)
	type key struct {
		id   int64
		name string
	}
	raters, units, grades, sexes := map[key]*Gap{}, map[key]*Gap{}, map[key]*Gap{}, map[key]*Gap{}
	for _, j := range all {
		e := says[j.PersonID]
		if e == "" {
			continue
		}
		out.Beside++
		into := func(groups map[key]*Gap, k key) {
			g := groups[k]
			if g == nil {
				g = &Gap{Name: k.name}
				groups[k] = g
			}
			g.N++
			g.Rating, g.Evidence = g.Rating+class(j.Result), g.Evidence+class(e)
		}
		into(raters, key{j.RaterID, j.Rater})
		into(units, key{j.UnitID, j.Unit})
		into(grades, key{0, j.grade()})
		into(sexes, key{0, j.sex()})
		if kuciniki.Apart(j.Result, e) == 2 {
			out.Apart = append(out.Apart, Apart{j.PersonID, j.Name, j.Rater, j.Result, e})
		}
	}
	list := func(groups map[key]*Gap) (out []Gap) {
		for _, g := range groups {
			g.Rating, g.Evidence = g.Rating/float64(g.N), g.Evidence/float64(g.N)
			out = append(out, *g)
		}
		slices.SortFunc(out, func(a, b Gap) int { return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.N, b.N)) })
		return out
	}
	out.ByRater, out.ByUnit, out.ByGrade, out.BySex = list(raters), list(units), list(grades), list(sexes)
	slices.SortFunc(out.Apart, func(a, b Apart) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.PersonID, b.PersonID))
	})
	return out
}

const (
	// What the rater said, before anybody objected.
	sqlJudged = `
SELECT s.person_id, n.name, r.name AS rater, j.person_id AS rater_id, p.unit_id, u.name AS unit, n.rank, COALESCE(n.staff_number, '') AS number, j.result
FROM kuciniki_evaluation e JOIN kuciniki_judgement j ON j.evaluation_id = e.id AND j.version = 1 JOIN kuciniki_skp s ON s.id = e.skp_id JOIN org_person n ON n.id = s.person_id
JOIN org_person r ON r.id = j.person_id JOIN org_position p ON p.id = s.position_id JOIN org_unit u ON u.id = p.unit_id
WHERE e.year = $2 AND e.month = $3 AND e.given_at IS NOT NULL AND u.ancestors && $1::bigint[]`

	sqlTheirTallies = `
SELECT k.person_id, k.metric, sum(k.n)::integer AS n, sum(k.x)::integer AS x, COALESCE(sum(k.n * u.share) / sum(k.n), 0)::double precision AS unit
FROM (
	SELECT person_id, unit_id, metric, stratum, sum(n) AS n, sum(x) AS x FROM kuciniki_tally t
	WHERE person_id = ANY ($1::bigint[]) AND month >= $2 AND month < $3 AND metric <> 'E8'
		AND NOT EXISTS (SELECT FROM unnest($4::bigint[], $5::bigint[]) AS p (person_id, other_id) WHERE p.person_id = t.person_id AND p.other_id = t.other_id) GROUP BY 1, 2, 3, 4 HAVING sum(n) > 0
) k, LATERAL (
	SELECT sum(t.x)::numeric / NULLIF(sum(t.n), 0) AS share FROM kuciniki_unit_tally t
	WHERE t.unit_id = k.unit_id AND t.metric = k.metric AND t.stratum = k.stratum AND t.month >= $2 AND t.month < $3
) u GROUP BY 1, 2`
)

// Gaps lays the ratings of a month, or of a year (month 0), beside the evidence of the same
// time, in the units whose people the actor looks after. It is errs.NotFound to others.
func (m *Module) Gaps(ctx context.Context, a authz.Actor, year, month int) (g Gaps, err error) {
	defer errs.In(&err, "evidence.Gaps(%d, %d)", year, month)
	over := overseen(a)
	if len(over) == 0 {
		return g, errs.New(errs.NotFound, "Halaman ini milik BKPSDM dan Inspektorat.")
	}
	all, err := pg.Many[judged](ctx, m.db, sqlJudged, over, year, month)
	if err != nil {
		return g, err
	}
	people := []int64{}
	for _, j := range all {
		people = append(people, j.PersonID)
	}
	from, to := time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(year+1, time.January, 1, 0, 0, 0, 0, time.UTC)
	if month > 0 {
		from = from.AddDate(0, month-1, 0)
		to = from.AddDate(0, 1, 0)
	}
	pairs, err := pairsOf(ctx, m.db, people, Month{to})
	if err != nil {
		return g, err
	}
	theirs, others := columns(pairs)
	rows, err := pg.Many[struct {
		PersonID int64
		Metric   Metric
		N, X     int
		Unit     float64
	}](ctx, m.db, sqlTheirTallies, people, from, to, theirs, others)
	if err != nil {
		return g, err
	}
	figures := map[int64][]Figure{}
	for _, r := range rows {
		rule, _ := RuleOf(r.Metric)
		f := Figure{Rule: rule, Count: Count{r.N, r.X}, Unit: float64(r.N) * r.Unit}
		figures[r.PersonID] = append(figures[r.PersonID], f.judge())
	}
	says := map[int64]kuciniki.Rating{}
	for person, fs := range figures {
		says[person] = Against(fs)
	}
	return gapsOf(all, says), nil
}
