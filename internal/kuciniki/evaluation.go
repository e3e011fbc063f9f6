package kuciniki

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// objectionDays are the working days in which one may object, after the period was closed.
const objectionDays = 5

// Evaluation is how somebody did by their SKP in a period.
type Evaluation struct {
	ID               int64
	SKPID            int64
	Year, Month      int
	Status           Status
	StatusAt         time.Time
	Seq              int
	ReflectionSealed []byte
	CoSealed         []byte
	CoAt             *time.Time
	CoPersonID       *int64
	GivenAt          *time.Time
	GivenBy          *int64 // person
	ObjectionSealed  []byte
	ClosedAt         *time.Time // of the period
}

// Realisation is what the person reports of an indicator.
type Realisation struct {
	IndicatorID int64
	Value       *float64
	Note        string
}

// Judgement is a rater's, or after an objection the one that was decided.
type Judgement struct {
	Version           int
	Result            Rating
	Behaviour         Rating
	Predicate         Predicate
	ValuesRated       map[Value]Rating
	ProposedResult    Rating
	ProposedBehaviour Rating
	Score             *float64 // of all posts of the year
	OwnScore          *float64 // of this post alone
	Basis             []Line
	ReasonSealed      []byte
	Reason            string `db:"-"`
	PersonID          int64
	Person            string
	Title             string
	At                time.Time
}

// Line is an indicator of a judgement, as it stood then.
type Line struct {
	RHK       string   `json:"rhk"`
	Kind      string   `json:"jenis"`
	Slot      string   `json:"aspek"`
	Indicator string   `json:"indikator"`
	Target    string   `json:"target"`
	Reached   string   `json:"realisasi"`
	Percent   *float64 `json:"capaian,omitempty"`
	Note      string   `json:"catatan,omitempty"`
}

const (
	evaluationSelect = `
SELECT e.id, e.skp_id, e.year, e.month, e.status, e.status_at, e.seq, e.reflection_sealed, e.co_sealed, e.co_at, e.co_person_id, e.given_at, e.given_by,
	e.objection_sealed, p.closed_at
FROM kuciniki_evaluation e JOIN kuciniki_period p ON p.year = e.year AND p.month = e.month
`
	sqlEvaluation   = evaluationSelect + `WHERE e.skp_id = $1 AND e.month = $2`
	sqlRealisations = `SELECT indicator_id, value::float8 AS value, note FROM kuciniki_realisation WHERE evaluation_id = $1`
	sqlJudgements   = `
SELECT j.version, j.result, j.behaviour, j.predicate, j.values_rated, j.proposed_result, j.proposed_behaviour, j.score, j.own_score, j.basis, j.reason_sealed, j.person_id, n.name AS person,
	j.title, j.at
FROM kuciniki_judgement j JOIN org_person n ON n.id = j.person_id WHERE j.evaluation_id = $1 ORDER BY j.version`

	sqlSecond = `
SELECT p.superior_id AS post, EXISTS (SELECT FROM org_occupancy o WHERE o.position_id = p.superior_id AND o.kind <> 'plh' AND o.during @> $2::timestamptz AND o.person_id <> ALL ($3::bigint[])) AS there
FROM org_position p WHERE p.id = $1`

	// Who signed besides the rater gave the judgement with them.
	sqlSigners = `SELECT person_id FROM kuciniki_event WHERE object = 'penilaian' AND object_id = $1 AND action = 'sahkan' AND person_id IS NOT NULL`
)

// shut says why nothing of a month of the SKP (0: of its year) can be reported or judged, ""
// where it can.
func (s SKP) shut(month int, now time.Time) string {
	begins, _ := span(s.Year, month)
	switch {
	case s.Status != Agreed:
		return "SKP ini " + s.Status.Label() + ". Sepakati dahulu, baru dinilai."
	case now.Before(begins):
		return PeriodName(s.Year, month) + " belum dimulai, jadi belum ada yang dapat dilaporkan atau dinilai."
	case !s.In(month):
		return "Jabatan ini tidak dipegang pada " + PeriodName(s.Year, month) + ", jadi tidak dinilai."
	}
	return ""
}

// secondRole adds [AsSecond] for who signs besides the rater and decides objections: the
// rater's superior, or BKPSDM where there is nobody else than judges, who gave the judgement.
func (m *Module) secondRole(ctx context.Context, q pg.Querier, a authz.Actor, s SKP, judges []int64) (Role, error) {
	if s.RaterID == nil || a.PersonID == 0 || a.PersonID == s.PersonID || slices.Contains(judges, a.PersonID) {
		return 0, nil
	}
	second, err := pg.One[struct {
		Post  *int64
		There bool
	}](ctx, q, sqlSecond, *s.RaterID, m.now(), judges)
	if err != nil {
		return 0, err
	}
	switch _, sits := holds(a, deref(second.Post)); {
	case second.There && sits, !second.There && a.HasIn(PermPersonnel, s.Ancestors):
		return AsSecond, nil
	}
	return 0, nil
}

// Sheet is an evaluation as somebody sees it, with all that it is judged by.
type Sheet struct {
	SKP          SKP
	Role         Role
	Evaluation   // zero where nothing was written yet
	RHKs         []RHK
	Realisations map[int64]Realisation // by indicator
	Reflection   string
	CoOpinion    string
	Objection    string
	Notes        []Note // for the person, the rater and who decides
	NoteCount    int
	Judgements   []Judgement
	Score        *float64 // nil: nothing can be measured
	Own          *float64 // of this post alone, of a year in several
	Proposed     Rating
	UnitIs       UnitPredicate // of a head: their result is the unit's
	Stays        []Stay        // of a year in several posts
	Figures      []Figure
	Actions      []Action
	Shut         string     // why nothing can be reported or judged now, "" where it can
	Deadline     *time.Time // of an objection; nil: the period is not closed yet
	Events       []Event
}

// SampleFigure is the metric of what was drawn by lot and looked at; no indicator watches it.
const SampleFigure = "sampel"

// Figure is what the work itself shows of somebody in a period.
type Figure struct {
	Metric string   // E1 … E14, or [SampleFigure]
	Text   string   // in words, with its numbers
	Enough bool     // it stands on enough cases
	N, X   int      // X good ones of N cases
	Value  *float64 // days, of a metric that is an age; nil: it is a share
}

// Evidence tells what the work itself shows of somebody from one moment to another.
type Evidence func(ctx context.Context, q pg.Querier, person int64, from, to time.Time) ([]Figure, error)

// Final tells whether a judgement stands.
func (e Evaluation) final(deadline *time.Time, now time.Time) bool {
	return e.Status == Accepted || e.Status == Decided || e.Status == Given && deadline != nil && now.After(*deadline)
}

// Final tells whether the judgement stands: accepted, decided, or past the time to object.
func (s Sheet) Final(now time.Time) bool { return s.final(s.Deadline, now) }

// Last is the judgement that counts, ok is false before there is one.
func (s Sheet) Last() (j Judgement, ok bool) {
	if len(s.Judgements) == 0 {
		return j, false
	}
	return s.Judgements[len(s.Judgements)-1], true
}

// Returned tells whether a judgement was one to which the rater's superior did not sign: the
// person never had it.
func (s Sheet) Returned(j Judgement) bool {
	given := len(s.Judgements)
	switch s.Status {
	case Decided:
		given--
	case Reported:
		given++
	}
	return j.Version < given
}

// outcomes are the RHKs with what came of them.
func outcomes(all []RHK, reached map[int64]Realisation) (out []Outcome) {
	for _, r := range all {
		o := Outcome{Kind: r.Kind}
		if r.Weight != nil {
			o.Weight = *r.Weight
		}
		for _, in := range r.Indicators {
			o.Measured = append(o.Measured, Measured{Target: in.Target, Reached: reached[in.ID].Value, Lower: in.Lower})
		}
		out = append(out, o)
	}
	return out
}

// basis is what a judgement stands on, in words.
func basis(all []RHK, reached map[int64]Realisation) []Line {
	out := []Line{}
	for _, r := range all {
		for _, in := range r.Indicators {
			got := reached[in.ID]
			l := Line{RHK: r.Text, Kind: r.Kind, Slot: SlotLabel(in.Slot), Indicator: in.Text, Target: in.TargetText(), Note: got.Note}
			if got.Value != nil {
				l.Reached = Amount(got.Value, in.Unit)
				if in.Target != nil {
					if c, ok := Achieved(*in.Target, *got.Value, in.Lower); ok {
						l.Percent = &c
					}
				}
			}
			out = append(out, l)
		}
	}
	return out
}

// deadline is until when one may object to what was given, once the period is closed.
func deadline(e Evaluation, cal *calendar.Calendar) *time.Time {
	if e.GivenAt == nil || e.ClosedAt == nil {
		return nil
	}
	from := *e.ClosedAt
	if e.GivenAt.After(from) {
		from = *e.GivenAt
	}
	at := cal.AddWorkingDays(from, objectionDays)
	return &at
}

// Sheet reads an evaluation, the year's with month 0; errs.NotFound for who has no part in
// the SKP, and before it was agreed.
func (m *Module) Sheet(ctx context.Context, a authz.Actor, skp int64, month int) (v Sheet, err error) {
	defer errs.In(&err, "kuciniki.Sheet(%d, %d)", skp, month)
	return m.sheet(ctx, m.db, a, skp, month)
}

func (m *Module) sheet(ctx context.Context, q pg.Querier, a authz.Actor, skp int64, month int) (v Sheet, err error) {
	if month < 0 || month > 12 {
		return v, errs.New(errs.NotFound, "")
	}
	if v.SKP, v.Role, err = find(ctx, q, a, skp); err != nil {
		return v, err
	}
	if v.SKP.Version == 0 {
		return v, errs.New(errs.NotFound, "SKP ini belum disepakati, jadi belum dapat dinilai.")
	}
	v.Evaluation, err = pg.One[Evaluation](ctx, q, sqlEvaluation, skp, month)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		v.Evaluation, err = Evaluation{SKPID: skp, Year: v.SKP.Year, Month: month, Status: Opened}, nil
	}
	if err != nil {
		return v, err
	}
	if v.RHKs, err = readRHKs(ctx, q, skp); err != nil {
		return v, err
	}
	for _, r := range v.RHKs {
		for i := range r.Indicators {
			r.Indicators[i] = r.Indicators[i].in(v.SKP, month)
		}
	}
	if err = m.readSheet(ctx, q, a, &v); err != nil {
		return v, err
	}
	if h, ok := Score(outcomes(v.RHKs, v.Realisations)); ok {
		v.Score, v.Own, v.Proposed = &h, &h, ProposeResult(h)
	}
	if month == 0 {
		err = m.readYear(ctx, q, &v)
	}
	return v, err
}

// readSheet reads what hangs on an evaluation, as far as the actor may see it.
func (m *Module) readSheet(ctx context.Context, q pg.Querier, a authz.Actor, v *Sheet) (err error) {
	if v.Judgements, err = pg.Many[Judgement](ctx, q, sqlJudgements, v.ID); err != nil {
		return err
	}
	judges := []int64{deref(v.GivenBy)}
	if j, ok := v.Last(); ok && v.Status == AwaitSecond {
		judges[0] = j.PersonID
	}
	signed, err := pg.Scalars[int64](ctx, q, sqlSigners, v.ID)
	if err != nil {
		return err
	}
	second, err := m.secondRole(ctx, q, a, v.SKP, append(judges, signed...))
	if err != nil {
		return err
	}
	v.Role |= second
	v.Realisations = map[int64]Realisation{}
	list, err := pg.Many[Realisation](ctx, q, sqlRealisations, v.ID)
	if err != nil {
		return err
	}
	for _, r := range list {
		v.Realisations[r.IndicatorID] = r
	}
	near := v.Role.Has(AsOwner | AsRater | AsCoRater | AsSecond)
	if v.Status == AwaitSecond && !v.Role.Has(AsRater|AsSecond) || v.Status == Reported && !v.Role.Has(AsRater|AsSecond) {
		v.Judgements = nil // it is not given yet
	}
	var failed [4]error
	for i := range v.Judgements {
		if near {
			v.Judgements[i].Reason, failed[0] = m.open(v.Judgements[i].ReasonSealed)
		}
	}
	if near {
		v.Reflection, failed[1] = m.open(v.ReflectionSealed)
		v.CoOpinion, failed[2] = m.open(v.CoSealed)
		v.Objection, failed[3] = m.open(v.ObjectionSealed)
	}
	if err := errors.Join(failed[:]...); err != nil {
		return err
	}
	if v.Notes, err = m.notes(ctx, q, v.SKP.ID, v.Year, v.Month); err != nil {
		return err
	}
	v.NoteCount = len(v.Notes)
	if !near {
		v.Notes = nil
	}
	reads := near && (v.GivenAt != nil || v.Role.Has(AsRater|AsSecond))
	if v.Events, err = m.events(ctx, q, "penilaian", v.ID, reads); err != nil {
		return err
	}
	cal, err := calendar.Load(ctx, q, v.SKP.UnitID)
	if err != nil {
		return err
	}
	v.Deadline = deadline(v.Evaluation, cal)
	if v.Shut, err = shutPeriod(ctx, q, sqlPeriodNow, v.Year, v.Month); err != nil {
		return err
	}
	v.Shut = cmp.Or(v.SKP.shut(v.Month, m.now()), v.Shut)
	v.Actions = slices.DeleteFunc(EvaluationSteps.Allowed(v.Status, v.Role, EvaluationActions), func(act Action) bool {
		return v.Shut != "" && !inClosed[act] || act == ActObject && v.final(v.Deadline, m.now())
	})
	if m.evidence != nil {
		from, to := span(v.Year, v.Month)
		v.Figures, err = m.evidence(ctx, q, v.SKP.PersonID, from, to)
	}
	return err
}

// span is a period from its first moment to the first after it.
func span(year, month int) (from, to time.Time) {
	if month == 0 {
		from = calendar.Day{Year: year, Month: time.January, Day: 1}.At(0)
		return from, from.AddDate(1, 0, 0)
	}
	from = calendar.Day{Year: year, Month: time.Month(month), Day: 1}.At(0)
	return from, from.AddDate(0, 1, 0)
}

const (
	sqlUnitPredicate = `SELECT COALESCE((SELECT predicate FROM kuciniki_unit_predicate WHERE year = $1 AND unit_id = $2), '')`
	sqlOtherScores   = `
SELECT s.id, j.score FROM kuciniki_skp s JOIN kuciniki_evaluation e ON e.skp_id = s.id AND e.month = 0 AND e.given_at IS NOT NULL
JOIN LATERAL (SELECT COALESCE(own_score, score) AS score FROM kuciniki_judgement j WHERE j.evaluation_id = e.id ORDER BY version DESC LIMIT 1) j ON j.score IS NOT NULL
WHERE s.person_id = $1 AND s.year = $2 AND s.id <> $3`
)

// readYear adds what only a year has: the unit's predicate for its head, and the other posts
// of who moved.
func (m *Module) readYear(ctx context.Context, q pg.Querier, v *Sheet) (err error) {
	if v.SKP.PostKind == "kepala" {
		if v.UnitIs, err = pg.Scalar[UnitPredicate](ctx, q, sqlUnitPredicate, v.Year, v.SKP.UnitID); err != nil {
			return err
		}
		if r := v.UnitIs.OfHead(); r != "" {
			v.Proposed = r
		}
	}
	others, err := pg.Many[struct {
		ID    int64
		Score float64
	}](ctx, q, sqlOtherScores, v.SKP.PersonID, v.Year, v.SKP.ID)
	if err != nil || len(others) == 0 || v.Score == nil {
		return err
	}
	v.Stays = []Stay{{v.SKP.Days(), *v.Score}}
	for _, o := range others {
		s, err := pg.One[SKP](ctx, q, sqlSKP, o.ID)
		if err != nil {
			return err
		}
		v.Stays = append(v.Stays, Stay{s.Days(), o.Score})
	}
	if h, ok := ProRata(v.Stays); ok && v.UnitIs == "" {
		v.Score, v.Proposed = &h, ProposeResult(h)
	}
	return nil
}
