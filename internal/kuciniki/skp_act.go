package kuciniki

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Event is something that happened to an SKP or an evaluation.
type Event struct {
	Seq          int
	Action       Action
	FromStatus   Status
	ToStatus     Status
	At           time.Time
	Who          string // name
	Title        string
	Role         string
	ReasonSealed []byte
	Reason       string `db:"-"`
}

const sqlEvents = `
SELECT e.seq, e.action, e.from_status, e.to_status, e.at, COALESCE(n.name, '') AS who, e.title, e.role, e.reason_sealed
FROM kuciniki_event e LEFT JOIN org_person n ON n.id = e.person_id WHERE e.object = $1 AND e.object_id = $2 ORDER BY e.seq`

// events are what happened, with the reasons where the actor reads them.
func (m *Module) events(ctx context.Context, q pg.Querier, object string, id int64, reads bool) ([]Event, error) {
	all, err := pg.Many[Event](ctx, q, sqlEvents, object, id)
	for i := range all {
		if err == nil && reads {
			all[i].Reason, err = m.open(all[i].ReasonSealed)
		}
	}
	return all, err
}

// sealContext binds what is sealed to this module.
const sealContext = "kuciniki"

func (m *Module) seal(text string) []byte {
	if text == "" {
		return nil
	}
	return m.box.Seal(text, sealContext)
}

func (m *Module) open(sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	return m.box.Open(sealed, sealContext)
}

// happening is an event before it is written.
type happening struct {
	Object    string
	ObjectID  int64
	Seq       int
	Action    Action
	From, To  Status
	Role      Role
	Reason    string
	StartedAt *time.Time // when it reached the desk
}

const sqlEvent = `
INSERT INTO kuciniki_event (skp_id, object, object_id, seq, action, from_status, to_status, at, actor_id, person_id, title, role, reason_sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULLIF($9::bigint, 0), NULLIF($10::bigint, 0), $11, $12, $13)`

// record writes an event, its trail and the work that it was.
func (m *Module) record(ctx context.Context, tx pgx.Tx, a authz.Actor, s SKP, h happening) error {
	at, post := m.now(), actingPost(a, s, h.Role)
	err := pg.Exec(ctx, tx, sqlEvent, s.ID, h.Object, h.ObjectID, h.Seq, h.Action, h.From, h.To, at, a.AccountID, a.PersonID, post.Title, h.Role.String(), m.seal(h.Reason))
	if err != nil {
		return err
	}
	err = audit.Write(ctx, tx, a, at, audit.Entry{Action: "kuciniki." + h.Object + "." + string(h.Action), Object: "kuciniki_skp", ObjectID: s.ID, UnitID: s.UnitID,
		Detail: map[string]any{"dari": h.From, "ke": h.To}})
	if err != nil || a.PersonID == 0 {
		return err
	}
	work := workledger.Event{Actor: a, Position: post, UnitID: post.UnitID, Module: "kuciniki", Kind: h.Object, Object: h.Object, ObjectID: h.ObjectID, Outcome: string(h.Action), StartedAt: h.StartedAt}
	if h.StartedAt != nil {
		cal, err := calendar.Load(ctx, tx, s.UnitID)
		if err != nil {
			return err
		}
		work.WorkingMinutes = cal.WorkingMinutes(*h.StartedAt, at)
	}
	return workledger.Record(ctx, tx, at, work)
}

// actingPost is the post in whose name the actor does something to an SKP.
func actingPost(a authz.Actor, s SKP, r Role) authz.Position {
	want := int64(0)
	switch {
	case r.Has(AsOwner):
		want = s.PositionID
	case r.Has(AsRater):
		want = deref(s.RaterID)
	case r.Has(AsCoRater):
		want = deref(s.CoRaterID)
	}
	for _, p := range a.Positions {
		if p.ID == want {
			return p
		}
	}
	return a.MainPosition()
}

// reasoned is a reason as it is kept, or what is wrong with it.
func reasoned(text string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 10 || n > 2000 {
		return text, errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya dalam 10 sampai 2.000 huruf."})
	}
	return text, nil
}

const (
	sqlStep = `UPDATE kuciniki_skp SET status = $3, status_at = $4, seq = seq + 1, version = version + $5 WHERE id = $1 AND seq = $2`

	sqlAddVersion = `INSERT INTO kuciniki_version (skp_id, version, content, at, rater) VALUES ($1, $2, $3, $4, $5)`
	sqlVersions   = `SELECT version, content, at, rater FROM kuciniki_version WHERE skp_id = $1 ORDER BY version`
)

// Act takes a step of an SKP. seq is the one that was shown: another step in between is
// errs.Conflict. Giving back and opening the dialogue need a reason.
func (m *Module) Act(ctx context.Context, a authz.Actor, id int64, seq int, action Action, reason string) (err error) {
	defer errs.In(&err, "kuciniki.Act(%d, %s)", id, action)
	if action == ActReturn || action == ActChange {
		if reason, err = reasoned(reason); err != nil {
			return err
		}
	} else {
		reason = ""
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[int](ctx, tx, sqlSKPLock, id); err != nil {
			return err
		}
		s, roles, err := find(ctx, tx, a, id)
		if err != nil {
			return err
		}
		step, err := PlanSteps.Decide(s.Status, action, roles)
		if err != nil {
			return err
		}
		if s.Seq != seq {
			return errs.New(errs.Conflict, "SKP ini baru saja berubah. Lihat keadaannya sekarang, lalu coba lagi.")
		}
		if err := holdOpen(ctx, tx, s.Year, 0); err != nil {
			return err
		}
		grown, to := 0, step.To
		switch {
		case action == ActPropose:
			err = m.mayPropose(ctx, tx, s)
		case action == ActAgree:
			if err = m.mayPropose(ctx, tx, s); err == nil {
				grown, err = 1, m.keepVersion(ctx, tx, a, s)
			}
		case action == ActReturn && s.Version > 0:
			to = Dialogue // what was agreed before still holds
		}
		if err != nil {
			return err
		}
		at := m.now()
		if err := pg.Changed(tx.Exec(ctx, sqlStep, id, s.Seq, to, at, grown)); err != nil {
			return err
		}
		h := happening{Object: objectSKP, ObjectID: id, Seq: s.Seq + 1, Action: action, From: s.Status, To: to, Role: roles & step.Who, Reason: reason, StartedAt: &s.StatusAt}
		if action == ActChange {
			h.StartedAt = nil // nobody waited for it since the SKP was agreed
		}
		if err := m.record(ctx, tx, a, s, h); err != nil {
			return err
		}
		return m.tellPlan(ctx, tx, s, action, s.Seq+1)
	})
}

// mayPropose checks all of an SKP, its superior's too.
func (m *Module) mayPropose(ctx context.Context, tx pgx.Tx, s SKP) error {
	_, why, err := above(ctx, tx, s)
	if err != nil {
		return err
	}
	if why != "" {
		return errs.New(errs.Conflict, why)
	}
	all, err := readRHKs(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if wrong := Check(s, all); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return nil
}

func (m *Module) keepVersion(ctx context.Context, tx pgx.Tx, a authz.Actor, s SKP) error {
	all, err := readRHKs(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	post, _ := holds(a, deref(s.RaterID))
	return pg.Exec(ctx, tx, sqlAddVersion, s.ID, s.Version+1, contentOf(s, all), m.now(), a.Name+", "+seatTitle(post))
}

// seatTitle is a title as its holder bears it.
func seatTitle(p authz.Position) string {
	if p.Kind == "plt" {
		return "Plt. " + p.Title
	}
	return p.Title
}
