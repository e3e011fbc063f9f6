package kuciniki

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of an evaluation.
const (
	ControlResult     = "hasil"
	ControlBehaviour  = "perilaku"
	ControlReflection = "refleksi"
	ControlOpinion    = "pendapat"
	ControlObjection  = "sanggahan"
)

// ReachedControls are the controls of an indicator's realisation: figure and note.
func ReachedControls(indicator int64) [2]string {
	return [2]string{fmt.Sprintf("realisasi_%d", indicator), fmt.Sprintf("keterangan_%d", indicator)}
}

// ValueControl is the control of a value of BerAKHLAK.
func ValueControl(v Value) string { return "nilai_" + string(v) }

const (
	sqlOpenSheet = `
INSERT INTO kuciniki_evaluation (skp_id, year, month, status, status_at, seq) VALUES ($1, $2, $3, 'terbuka', $4, 0) ON CONFLICT (skp_id, month) DO NOTHING`
	sqlLockSheet = `SELECT id FROM kuciniki_evaluation WHERE skp_id = $1 AND month = $2 FOR UPDATE`
	sqlSheetStep = `UPDATE kuciniki_evaluation SET status = $3, status_at = $4, seq = seq + 1 WHERE id = $1 AND seq = $2`
	sqlGive      = `UPDATE kuciniki_evaluation SET given_at = $2, given_by = $3, status = 'disampaikan' WHERE id = $1`
	sqlReflect   = `UPDATE kuciniki_evaluation SET reflection_sealed = $2 WHERE id = $1`
	sqlOpine     = `UPDATE kuciniki_evaluation SET co_sealed = $2, co_at = $3, co_person_id = $4 WHERE id = $1`
	sqlObject    = `UPDATE kuciniki_evaluation SET objection_sealed = $2 WHERE id = $1`

	sqlReach = `
INSERT INTO kuciniki_realisation (evaluation_id, indicator_id, value, note) VALUES ($1, $2, $3, $4)
ON CONFLICT (evaluation_id, indicator_id) DO UPDATE SET value = excluded.value, note = excluded.note`

	sqlAddJudgement = `
INSERT INTO kuciniki_judgement (evaluation_id, version, result, behaviour, predicate, values_rated, proposed_result, proposed_behaviour, score, own_score, basis, reason_sealed, person_id, title, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
)

// Turn says which evaluation somebody acts on, and which state of it they saw.
type Turn struct {
	SKP   int64
	Month int
	Seq   int
}

// turn is the frame of every act on an evaluation: it holds the row, checks who, when and
// what was seen, does what the act does, and records it. do may lead elsewhere than the
// table.
func (m *Module) turn(ctx context.Context, a authz.Actor, t Turn, action Action, do func(tx pgx.Tx, v *Sheet, to Status) (Status, string, error)) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		s, _, err := find(ctx, tx, a, t.SKP)
		if err != nil {
			return err
		}
		if why := s.shut(t.Month, m.now()); why != "" && !inClosed[action] {
			return errs.New(errs.Conflict, why)
		}
		if err := pg.Exec(ctx, tx, sqlOpenSheet, t.SKP, s.Year, t.Month, m.now()); err != nil {
			if pg.Violates(err, "kuciniki_evaluation_period_fkey") {
				return errs.New(errs.Conflict, "Periode "+PeriodName(s.Year, t.Month)+" belum dibuka oleh BKPSDM.")
			}
			return err
		}
		if _, err := pg.Scalar[int64](ctx, tx, sqlLockSheet, t.SKP, t.Month); err != nil {
			return err
		}
		if !inClosed[action] {
			if err := holdOpen(ctx, tx, s.Year, t.Month); err != nil {
				return err
			}
		}
		v, err := m.sheet(ctx, tx, a, t.SKP, t.Month)
		if err != nil {
			return err
		}
		step, err := EvaluationSteps.Decide(v.Status, action, v.Role)
		if err != nil {
			return err
		}
		if v.Seq != t.Seq {
			return errs.New(errs.Conflict, "Penilaian ini baru saja berubah. Lihat keadaannya sekarang, lalu coba lagi.")
		}
		to, reason, err := do(tx, &v, step.To)
		if err != nil {
			return err
		}
		if err := pg.Changed(tx.Exec(ctx, sqlSheetStep, v.ID, v.Seq, to, m.now())); err != nil {
			return err
		}
		h := happening{Object: objectEvaluation, ObjectID: v.ID, Seq: v.Seq + 1, Action: action, From: v.Status, To: to, Role: v.Role & step.Who, Reason: reason}
		if v.Seq > 0 {
			h.StartedAt = &v.StatusAt
		}
		if err := m.record(ctx, tx, a, s, h); err != nil {
			return err
		}
		return m.tellSheet(ctx, tx, &v, action, to)
	})
}

// long is a text as it is kept, or what is wrong with it at its control.
func long(control, text, say string, least int) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < least || n > 4000 {
		return text, errs.Invalid(errs.Field{Name: control, Message: say})
	}
	return text, nil
}

// Report keeps what the person says came of their SKP; before the rater judged it may be
// said again.
func (m *Module) Report(ctx context.Context, a authz.Actor, t Turn, reached []Realisation, reflection string) (err error) {
	defer errs.In(&err, "kuciniki.Report(%d, %d)", t.SKP, t.Month)
	if reflection, err = long(ControlReflection, reflection, "Paling panjang 4.000 huruf.", 0); err != nil {
		return err
	}
	var wrong []errs.Field
	for _, r := range reached {
		c := ReachedControls(r.IndicatorID)
		if r.Value != nil && (*r.Value < 0 || *r.Value > 1e11) {
			wrong = append(wrong, errs.Field{Name: c[0], Message: "Isi realisasi dengan angka 0 atau lebih."})
		}
		if utf8.RuneCountInString(r.Note) > 500 {
			wrong = append(wrong, errs.Field{Name: c[1], Message: "Paling panjang 500 huruf."})
		}
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return m.turn(ctx, a, t, ActReport, func(tx pgx.Tx, v *Sheet, to Status) (Status, string, error) {
		mine := map[int64]bool{}
		for _, r := range v.RHKs {
			for _, in := range r.Indicators {
				mine[in.ID] = true
			}
		}
		for _, r := range reached {
			if !mine[r.IndicatorID] {
				return to, "", errs.New(errs.Conflict, "SKP ini baru saja berubah. Muat ulang halaman.")
			}
			if err := pg.Exec(ctx, tx, sqlReach, v.ID, r.IndicatorID, r.Value, r.Note); err != nil {
				return to, "", err
			}
		}
		return to, "", pg.Exec(ctx, tx, sqlReflect, v.ID, m.seal(reflection))
	})
}

// Opine keeps what the second rater, who leads a team of another unit, has to say.
func (m *Module) Opine(ctx context.Context, a authz.Actor, t Turn, opinion string) (err error) {
	defer errs.In(&err, "kuciniki.Opine(%d, %d)", t.SKP, t.Month)
	if opinion, err = long(ControlOpinion, opinion, "Tulis pendapat Anda dalam 10 sampai 4.000 huruf.", 10); err != nil {
		return err
	}
	return m.turn(ctx, a, t, ActOpine, func(tx pgx.Tx, v *Sheet, _ Status) (Status, string, error) {
		return v.Status, "", pg.Exec(ctx, tx, sqlOpine, v.ID, m.seal(opinion), m.now(), a.PersonID)
	})
}

// Verdict is what somebody judges.
type Verdict struct {
	Result    Rating
	Behaviour Rating
	Values    map[Value]Rating
	Reason    string
}

func (d Verdict) check() (wrong []errs.Field) {
	if !slices.Contains(Ratings, d.Result) {
		wrong = append(wrong, errs.Field{Name: ControlResult, Message: "Pilih rating hasil kerja."})
	}
	for _, v := range Values {
		if !slices.Contains(Ratings, d.Values[v]) {
			wrong = append(wrong, errs.Field{Name: ValueControl(v), Message: "Pilih penilaian untuk " + v.Label() + "."})
		}
	}
	if !slices.Contains(Ratings, d.Behaviour) {
		wrong = append(wrong, errs.Field{Name: ControlBehaviour, Message: "Pilih rating perilaku kerja."})
	}
	if utf8.RuneCountInString(d.Reason) > 2000 {
		wrong = append(wrong, errs.Field{Name: ControlReason, Message: "Paling panjang 2.000 huruf."})
	}
	return wrong
}

// judgement is a verdict beside what was proposed; apart by how many classes it differs.
// Where nothing could be measured, a result other than as expected counts as two: nobody but
// the rater vouches for it.
func (v *Sheet) judgement(d Verdict) (j Judgement, apart int) {
	j = Judgement{Version: len(v.Judgements) + 1, Result: d.Result, Behaviour: d.Behaviour, Predicate: PredicateOf(d.Result, d.Behaviour), ValuesRated: d.Values,
		ProposedResult: v.Proposed, ProposedBehaviour: ProposeBehaviour(d.Values, observed(v.Notes)), Score: v.Score, OwnScore: v.Own, Basis: basis(v.RHKs, v.Realisations), Reason: d.Reason}
	if j.ProposedResult == "" && j.Result != AsDue {
		return j, 2
	}
	return j, max(Apart(j.Result, j.ProposedResult), Apart(j.Behaviour, j.ProposedBehaviour))
}

func (m *Module) keepJudgement(ctx context.Context, tx pgx.Tx, a authz.Actor, v *Sheet, j Judgement, post authz.Position) error {
	return pg.Exec(ctx, tx, sqlAddJudgement, v.ID, j.Version, j.Result, j.Behaviour, j.Predicate, j.ValuesRated, j.ProposedResult, j.ProposedBehaviour, j.Score, j.OwnScore, j.Basis,
		m.seal(j.Reason), a.PersonID, seatTitle(post), m.now())
}

// Judge gives the rater's judgement. One class from what the formulae propose needs a
// reason; two, or a result other than as expected where nothing could be measured, need the
// signature of the rater's superior besides, before the person gets it.
// Without the second rater's opinion a reason is needed too, and of who is very good the new
// idea that PP 30/2019 asks for.
func (m *Module) Judge(ctx context.Context, a authz.Actor, t Turn, d Verdict) (err error) {
	defer errs.In(&err, "kuciniki.Judge(%d, %d)", t.SKP, t.Month)
	d.Reason = strings.TrimSpace(d.Reason)
	if wrong := d.check(); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return m.turn(ctx, a, t, ActJudge, func(tx pgx.Tx, v *Sheet, to Status) (Status, string, error) {
		j, apart := v.judgement(d)
		said := utf8.RuneCountInString(d.Reason) >= 10
		switch {
		case apart > 0 && !said:
			return to, "", errs.Invalid(errs.Field{Name: ControlReason, Message: fmt.Sprintf(
				"Penilaian Anda berbeda dari usulan (hasil: %s; perilaku: %s). Tulis alasannya, paling sedikit 10 huruf.", orDash(j.ProposedResult), orDash(j.ProposedBehaviour))})
		case j.Predicate == VeryGood && !said:
			return to, "", errs.Invalid(errs.Field{Name: ControlReason, Message: "Sangat Baik hanya bila ada gagasan baru yang bermanfaat. Tulis gagasannya, paling sedikit 10 huruf."})
		case v.SKP.CoRaterID != nil && v.CoAt == nil && !said:
			return to, "", errs.Invalid(errs.Field{Name: ControlReason, Message: "Ketua tim belum memberi pendapat. Tunggu pendapatnya, atau tulis alasan menilai tanpa itu."})
		}
		post, _ := holds(a, deref(v.SKP.RaterID))
		if err := m.keepJudgement(ctx, tx, a, v, j, post); err != nil {
			return to, "", err
		}
		if apart > 1 {
			return AwaitSecond, "", nil
		}
		return to, "", pg.Exec(ctx, tx, sqlGive, v.ID, m.now(), a.PersonID)
	})
}

func orDash(r Rating) string {
	if r == "" {
		return "tidak ada"
	}
	return strings.ToLower(r.Label())
}

// Confirm is the second signature; without it the judgement goes back to the rater, with a
// reason.
func (m *Module) Confirm(ctx context.Context, a authz.Actor, t Turn, agrees bool, reason string) (err error) {
	defer errs.In(&err, "kuciniki.Confirm(%d, %d)", t.SKP, t.Month)
	action := ActConfirm
	if !agrees {
		action = ActReject
		if reason, err = reasoned(reason); err != nil {
			return err
		}
	}
	return m.turn(ctx, a, t, action, func(tx pgx.Tx, v *Sheet, to Status) (Status, string, error) {
		j, ok := v.Last()
		if !ok || j.PersonID == a.PersonID {
			return to, "", errs.New(errs.Forbidden, "Tanda tangan kedua diberikan orang lain daripada yang menilai.")
		}
		if !agrees {
			return to, reason, nil
		}
		return to, "", pg.Exec(ctx, tx, sqlGive, v.ID, m.now(), j.PersonID)
	})
}

// Accept ends an evaluation: the person agrees.
func (m *Module) Accept(ctx context.Context, a authz.Actor, t Turn) (err error) {
	defer errs.In(&err, "kuciniki.Accept(%d, %d)", t.SKP, t.Month)
	return m.turn(ctx, a, t, ActAccept, func(_ pgx.Tx, _ *Sheet, to Status) (Status, string, error) { return to, "", nil })
}

// Object takes the person's sanggah, until five working days after the period was closed.
func (m *Module) Object(ctx context.Context, a authz.Actor, t Turn, why string) (err error) {
	defer errs.In(&err, "kuciniki.Object(%d, %d)", t.SKP, t.Month)
	if why, err = long(ControlObjection, why, "Tulis sanggahan Anda dalam 20 sampai 4.000 huruf: apa yang tidak sesuai, dan apa buktinya.", 20); err != nil {
		return err
	}
	return m.turn(ctx, a, t, ActObject, func(tx pgx.Tx, v *Sheet, to Status) (Status, string, error) {
		if v.Deadline != nil && m.now().After(*v.Deadline) {
			return to, "", errs.New(errs.Conflict, "Waktu sanggah, lima hari kerja sesudah periode ditutup, sudah lewat.")
		}
		return to, "", pg.Exec(ctx, tx, sqlObject, v.ID, m.seal(why))
	})
}

// Decide ends an objection by a judgement of somebody else than who gave the first, on what
// that one stood on, whatever became of the SKP since; both stay. A reason is always needed.
func (m *Module) Decide(ctx context.Context, a authz.Actor, t Turn, d Verdict) (err error) {
	defer errs.In(&err, "kuciniki.Decide(%d, %d)", t.SKP, t.Month)
	wrong := d.check()
	if d.Reason, err = reasoned(d.Reason); err != nil {
		wrong = append(wrong, errs.FieldsOf(err)...)
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return m.turn(ctx, a, t, ActDecide, func(tx pgx.Tx, v *Sheet, to Status) (Status, string, error) {
		if a.PersonID == deref(v.GivenBy) || a.PersonID == v.SKP.PersonID {
			return to, "", errs.New(errs.Forbidden, "Sanggah diputus orang lain daripada yang menilai.")
		}
		j, _ := v.judgement(d)
		if was, ok := v.Last(); ok {
			j.ProposedResult, j.Score, j.OwnScore, j.Basis = was.ProposedResult, was.Score, was.OwnScore, was.Basis
		}
		return to, "", m.keepJudgement(ctx, tx, a, v, j, a.MainPosition())
	})
}

// tellSheet queues what others hear of an act on an evaluation.
func (m *Module) tellSheet(ctx context.Context, tx pgx.Tx, v *Sheet, action Action, to Status) error {
	key := fmt.Sprintf("penilaian-%d-%d", v.ID, v.Seq+1)
	link := fmt.Sprintf("/meja/kuciniki/skp/%d/penilaian/%d", v.SKP.ID, v.Month)
	second := func(subject string) error {
		const text = "Buka portal untuk membacanya."
		posts, err := pg.Scalars[int64](ctx, tx, sqlAboveRater, deref(v.SKP.RaterID))
		if err != nil {
			return err
		}
		// Who signed besides the rater does not decide on it.
		signed := action == ActObject && slices.ContainsFunc(v.Events, func(e Event) bool { return e.Action == ActConfirm })
		if len(posts) == 0 || signed {
			return m.tellPersonnel(ctx, tx, v.SKP.UnitID, key, link, subject, text)
		}
		return m.tellPost(ctx, tx, posts[0], key, link, subject, text)
	}
	switch {
	case to == AwaitSecond:
		return second("Penilaian menunggu tanda tangan kedua dari Anda")
	case to == Given:
		return m.tellPerson(ctx, tx, v.SKP.PersonID, key, link, "Penilaian kinerja Anda sudah ada", "Bacalah, lalu terima atau sanggah.")
	case action == ActReject:
		return m.tellPost(ctx, tx, deref(v.SKP.RaterID), key, link, "Penilaian dikembalikan kepada Anda", "Buka portal untuk membaca alasannya.")
	case action == ActObject:
		return second("Sanggah menunggu putusan Anda")
	case action == ActDecide:
		return m.tellPerson(ctx, tx, v.SKP.PersonID, key, link, "Sanggah Anda sudah diputus", "Buka portal untuk membacanya.")
	case action == ActReport && v.Status == Opened:
		return m.tellPost(ctx, tx, deref(v.SKP.RaterID), key, link, "Realisasi dilaporkan", "Seorang bawahan melaporkan realisasi SKP-nya.")
	}
	return nil
}

const sqlAboveRater = `SELECT superior_id FROM org_position WHERE id = $1 AND superior_id IS NOT NULL`
