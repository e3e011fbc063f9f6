package eoffice

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// orderObject names an order in the trails.
const orderObject = "eoffice_disposition"

// orderAct is an act on an order as the frame sees it.
type orderAct struct {
	Order
	letter Case
	mo     Moment    // its calendar is that of the desk that has the order
	giver  WorkTime  // of the desk that gave it
	answer time.Time // until when the giver should answer what is asked now
}

// actOnOrder is the frame of every use case on an order, as [Module.act] is on a letter.
func (m *Module) actOnOrder(ctx context.Context, tx pgx.Tx, a authz.Actor, act Act, action Action,
	prepare func(o *orderAct) (Change, error),
) (o orderAct, err error) {
	defer errs.In(&err, "eoffice.%s(order %d)", action, act.ID)
	if o.Order, err = holdOrder(ctx, tx, act.ID); err != nil {
		return o, err
	}
	if err := m.surround(ctx, tx, a, &o); err != nil {
		return o, err
	}
	if act.Version != 0 && act.Version != o.Seq {
		return o, m.overtaken(ctx, tx, o.mo, onDisposition, o.ID, o.Status)
	}
	if _, err := cell(OrderSteps, o.Status, action, o.RolesOf(o.mo.doing(action)), &o.Order, o.mo); err != nil {
		if _, known := OrderSteps[o.Status][action]; !known {
			return o, m.overtaken(ctx, tx, o.mo, onDisposition, o.ID, o.Status)
		}
		return o, err
	}
	if a.Kind != authz.Machine {
		if err := checkReason(action, act.Reason); err != nil {
			return o, err
		}
	}
	in := Intent{Action: action}
	if prepare != nil {
		if in.Change, err = prepare(&o); err != nil {
			return o, err
		}
	}
	m.explain(&in, o.letter.Secrecy, act.Reason)
	switch action {
	case ActReport, ActAskGuide, ActRefuse, ActAskTime:
		in.Change.Answer = &o.answer
	}
	e, err := DecideOrder(&o.Order, o.mo, in)
	if err != nil {
		return o, err
	}
	was := o.Order
	o.OrderState = ApplyOrder(was.OrderState, e)
	if err := saveOrder(ctx, tx, o.ID, was.OrderState, o.OrderState); err != nil {
		return o, err
	}
	return o, m.followOrder(ctx, tx, &was, &o, e)
}

// surround reads what an act on an order rests on besides. Who is nothing to the order, or
// may not open its letter, is told that there is none.
func (m *Module) surround(ctx context.Context, tx pgx.Tx, a authz.Actor, o *orderAct) (err error) {
	if o.letter, err = readCase(ctx, tx, o.LetterID, a.PersonID, m.now()); err != nil {
		return err
	}
	o.mo = Moment{Now: m.now(), Actor: a}
	if err := o.mo.occupy(ctx, tx, o.letter.Secrecy); err != nil {
		return err
	}
	if a.Kind != authz.Machine && (o.RolesOf(o.mo) == 0 || o.letter.ClosenessOf(o.mo) != Named) {
		return errNoLetter
	}
	if o.mo.Pace, err = pg.One[Pace](ctx, tx, sqlPace, o.letter.Urgency); err != nil {
		return err
	}
	giver, err := calendar.Load(ctx, tx, o.FromUnit)
	if err != nil {
		return err
	}
	o.giver, o.mo.Cal = giver, giver
	if o.ToUnit != o.FromUnit {
		if o.mo.Cal, err = calendar.Load(ctx, tx, o.ToUnit); err != nil {
			return err
		}
	}
	days, err := pg.Scalar[int](ctx, tx, sqlAnswerDays, o.FromUnit)
	o.answer = giver.AddWorkingDays(o.mo.Now, days)
	return err
}

// The office that is nearest to a unit says how long it takes to answer.
const sqlAnswerDays = `
SELECT COALESCE((SELECT o.answer_days FROM eoffice_office o JOIN org_unit u ON u.id = o.unit_id, org_unit me
	WHERE me.id = $1 AND o.unit_id = ANY(me.ancestors) ORDER BY array_length(u.ancestors, 1) DESC LIMIT 1), 3)`

// followOrder writes what goes along with an order's change.
func (m *Module) followOrder(ctx context.Context, tx pgx.Tx, was *Order, o *orderAct, e Event) error {
	clock, due := o.mo.Cal, was.DueAt
	if (OrderSteps[was.Status][e.Action].Who).Has(AsGiver) {
		clock, due = o.giver, was.AnswerDueAt
	}
	if o.mo.Actor.IsStaff() && e.Action != ActGive {
		e.Minutes = clock.WorkingMinutes(was.StatusAt, o.mo.Now)
	}
	if err := insertOrderEvent(ctx, tx, &o.Order, e); err != nil {
		return err
	}
	err := audit.Write(ctx, tx, o.mo.Actor, o.mo.Now, audit.Entry{
		Action: "eoffice.disposition." + string(e.Action), Object: orderObject, ObjectID: o.ID, UnitID: o.ToUnit,
		Detail: map[string]any{"naskah": o.LetterID, "dari": e.From, "ke": e.To, "jabatan": o.ToID},
	})
	if err != nil {
		return err
	}
	if work, ok := orderEntry(was, o, e, due); ok {
		if err := workledger.Record(ctx, tx, o.mo.Now, work); err != nil {
			return err
		}
	}
	if err := m.tellOrder(ctx, tx, o, e); err != nil {
		return err
	}
	if err := m.tellWatchers(ctx, tx, o.LetterID, onDisposition, o.ID, e, ""); err != nil {
		return err
	}
	if err := live.Notify(ctx, tx, LiveLetter(o.LetterID)); err != nil {
		return err
	}
	return live.Notify(ctx, tx, LiveLetters)
}

func insertOrderEvent(ctx context.Context, q pg.Querier, o *Order, e Event) error {
	return pg.Exec(ctx, q, sqlInsertEvent, o.LetterID, onDisposition, o.ID, e.Seq, e.Action, e.From, e.To, e.At, e.ActorID, e.PositionID, e.Seat, e.Title,
		e.Role, e.Minutes, e.Reason, e.Change)
}

// orderNews are what the other side hears of an action.
var orderNews = map[Action]string{
	ActGive: "Disposisi untuk Anda", ActCancel: "Disposisi dibatalkan", ActClose: "Disposisi ditutup", ActReport: "Laporan disposisi",
	ActAccept: "Laporan disposisi diterima", ActRework: "Laporan disposisi dikembalikan", ActAskGuide: "Permohonan arahan", ActGuide: "Arahan untuk disposisi",
	ActRefuse: "Disposisi ditolak, perlu persetujuan Anda", ActAgree: "Penolakan disposisi disetujui", ActDisagree: "Penolakan disposisi tidak disetujui",
	ActAskTime: "Permohonan tambahan waktu", ActGrantTime: "Tambahan waktu diberikan", ActRefuseTime: "Tambahan waktu tidak diberikan",
}

// orderDone says what a deputy did in somebody's name.
func orderDone(a Action) string {
	switch a {
	case ActGive:
		return "disposisi diberikan"
	case ActReport:
		return "laporan disposisi dikirim"
	case ActAccept:
		return "laporan disposisi diterima"
	}
	return "disposisi ditanggapi"
}

// tellOrder queues what the other side of an order hears.
func (m *Module) tellOrder(ctx context.Context, tx pgx.Tx, o *orderAct, e Event) error {
	what, known := orderNews[e.Action]
	if !known {
		return nil
	}
	desk := o.ToID
	if OrderSteps[e.From][e.Action].Who.Has(AsAddressee) {
		desk = o.FromID
	}
	if o.ForInfo && e.Action == ActGive {
		what = "Disposisi untuk diketahui"
	}
	key := eventKey(onDisposition, o.ID, e.Seq)
	if s, _ := o.mo.seat(e.PositionID); s.Deputy() {
		if err := m.tellDesk(ctx, tx, s.PositionID, e.At, &o.letter, said{"Atas nama Anda: " + orderDone(e.Action)}, key+":wakil"); err != nil {
			return err
		}
	}
	if err := m.tellDeputies(ctx, tx, desk, e.At, &o.letter, said{what}, key); err != nil {
		return err
	}
	return m.tellDesk(ctx, tx, desk, e.At, &o.letter, said{what}, key)
}

// simpleOrderActs bring nothing along but, where it asks for one, a reason.
var simpleOrderActs = []Action{ActStart, ActAccept, ActRework, ActAskGuide, ActGuide, ActRefuse, ActAgree, ActDisagree, ActCancel, ActClose, ActRefuseTime}

const sqlOpenBelow = `
WITH RECURSIVE below AS (
	SELECT id, status FROM eoffice_disposition WHERE parent_id = $1
	UNION ALL SELECT d.id, d.status FROM eoffice_disposition d JOIN below b ON d.parent_id = b.id)
SELECT d.id FROM below d WHERE ` + isOpenOrder + ` ORDER BY d.id`

// A desk that has nothing else to do with a letter but an order that was called back unread.
const sqlHide = `
DELETE FROM eoffice_reader r WHERE r.letter_id = $1 AND r.position_id = $2 AND r.why = 'disposisi'
	AND NOT EXISTS (SELECT FROM eoffice_disposition d WHERE d.letter_id = $1 AND d.to_id = $2 AND d.status <> 'dibatalkan')`

// OnOrder takes an action on an order that needs nothing but, for some, a reason: starting,
// accepting or sending back a report, asking for and giving guidance, refusing ("not our
// task") and answering that, calling back what is unread, closing what is open, refusing
// more time. Closing ends every open order below it too. Other actions have functions of
// their own: errs.NotFound.
func (m *Module) OnOrder(ctx context.Context, a authz.Actor, action Action, act Act) error {
	if !slices.Contains(simpleOrderActs, action) {
		return errs.New(errs.NotFound, "")
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		o, err := m.actOnOrder(ctx, tx, a, act, action, nil)
		if err != nil {
			return err
		}
		switch action {
		case ActCancel:
			return pg.Exec(ctx, tx, sqlHide, o.LetterID, o.ToID)
		case ActClose:
			return m.closeBelow(ctx, tx, o.ID, act.Reason)
		}
		return nil
	})
}

func (m *Module) closeBelow(ctx context.Context, tx pgx.Tx, id int64, reason string) error {
	below, err := pg.Scalars[int64](ctx, tx, sqlOpenBelow, id)
	if err != nil {
		return err
	}
	for _, id := range below {
		act := Act{ID: id, Reason: "Ditutup bersama disposisi di atasnya: " + strings.TrimSpace(reason)}
		if _, err := m.actOnOrder(ctx, tx, authz.System("e-office"), act, ActClose, nil); err != nil {
			return err
		}
	}
	return nil
}

// Controls of the forms of an order.
const (
	ControlReport = "laporan"
	ControlReply  = "balasan"
	ControlDue    = "batas"
)

// Report is what came of an order: a text of 5 to 4000 letters, a letter that answers, files,
// or several of them.
type Report struct {
	Text    string
	ReplyID int64
	Files   []Upload // at most [MaxReportFiles]
}

const sqlReplyNumber = `SELECT COALESCE(letter_number, '') FROM eoffice_letter WHERE id = $1`

// ReportOrder reports to the giver what came of an order. While orders below it are open it
// is errs.Conflict.
func (m *Module) ReportOrder(ctx context.Context, a authz.Actor, act Act, r Report) error {
	r.Text = strings.TrimSpace(r.Text)
	if n := utf8.RuneCountInString(r.Text); n > 4000 || n < 5 && (n > 0 || r.ReplyID == 0 && len(r.Files) == 0) {
		return errs.Invalid(errs.Field{Name: ControlReport, Message: "Tulis hasilnya dalam 5 sampai 4000 huruf, pilih naskah balasannya, atau lampirkan berkasnya."})
	}
	files, err := m.keepReport(ctx, a, act.ID, r.Files)
	if err != nil {
		return err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		_, err := m.actOnOrder(ctx, tx, a, act, ActReport, func(o *orderAct) (ch Change, err error) {
			if err := m.addReport(ctx, tx, a, o, files); err != nil {
				return ch, err
			}
			if err := m.checkReply(ctx, tx, a, o.LetterID, r.ReplyID); err != nil {
				return ch, err
			}
			words := m.words(o.letter.Secrecy, r.Text)
			return Change{Words: &words, Reply: r.ReplyID}, nil
		})
		return err
	})
	if err != nil {
		m.dropAll(ctx, files)
	}
	return err
}

// checkReply refuses as an answer what the actor does not see, and what has no number yet.
func (m *Module) checkReply(ctx context.Context, tx pgx.Tx, a authz.Actor, letterID, replyID int64) error {
	if replyID == 0 {
		return nil
	}
	refused := errs.Invalid(errs.Field{Name: ControlReply, Message: "Pilih naskah balasan yang sudah bernomor."})
	if replyID == letterID {
		return refused
	}
	if _, _, err := m.seen(ctx, tx, a, replyID); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return refused
		}
		return err
	}
	number, err := pg.Scalar[string](ctx, tx, sqlReplyNumber, replyID)
	if err == nil && number == "" {
		return refused
	}
	return err
}

// AskTime asks the giver of an order for time until a later moment, with a reason.
func (m *Module) AskTime(ctx context.Context, a authz.Actor, act Act, until time.Time) error {
	return m.moveDue(ctx, a, act, ActAskTime, until, func(ch *Change, at *time.Time) { ch.Asked = at })
}

// GrantTime gives the addressee of an order who asked for it time until a later moment, not
// beyond the time of the order that it carries out.
func (m *Module) GrantTime(ctx context.Context, a authz.Actor, act Act, until time.Time) error {
	return m.moveDue(ctx, a, act, ActGrantTime, until, func(ch *Change, at *time.Time) { ch.Due = at })
}

func (m *Module) moveDue(ctx context.Context, a authz.Actor, act Act, action Action, until time.Time, set func(*Change, *time.Time)) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		_, err := m.actOnOrder(ctx, tx, a, act, action, func(o *orderAct) (ch Change, err error) {
			until := until.Truncate(time.Microsecond)
			if err := checkDue(until, o.mo.Now, o.ParentDue); err != nil {
				return ch, err
			}
			if !until.After(*o.DueAt) {
				return ch, errs.Invalid(errs.Field{Name: ControlDue, Message: "Batas yang baru harus sesudah batas sekarang, " + indo.DateTime(*o.DueAt) + "."})
			}
			set(&ch, &until)
			return ch, nil
		})
		return err
	})
}

// latest bounds a due time; what lies beyond was mistyped.
const latest = 2 * 366 * 24 * time.Hour

// checkDue refuses a due time that is over, absurdly far, or beyond that of the order above.
func checkDue(due, now time.Time, above *time.Time) error {
	field := func(message string) error { return errs.Invalid(errs.Field{Name: ControlDue, Message: message}) }
	switch {
	case !due.After(now):
		return field("Batas waktu itu sudah lewat. Pilih waktu yang akan datang.")
	case due.After(now.Add(latest)):
		return field("Batas waktu paling lama dua tahun dari sekarang.")
	case above != nil && !above.After(now):
		return field("Batas disposisi di atasnya sudah lewat, " + indo.DateTime(*above) + ". Kosongkan batas waktu, atau mohon tambahan waktu lebih dahulu.")
	case above != nil && due.After(*above):
		return field("Batas waktu tidak boleh melewati batas disposisi di atasnya, " + indo.DateTime(*above) + ".")
	}
	return nil
}

const sqlMyUnread = `
SELECT id FROM eoffice_disposition WHERE letter_id = $1 AND to_id = ANY($2) AND status = 'dikirim' ORDER BY id`

// ordersRead notes that an addressee of orders has had their letter open.
func (m *Module) ordersRead(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case, mo Moment) error {
	ids, err := pg.Scalars[int64](ctx, tx, sqlMyUnread, c.ID, desks(mo.Seats))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := m.actOnOrder(ctx, tx, a, Act{ID: id}, ActOpen, nil); err != nil && errs.KindOf(err) != errs.Conflict { // another tab was first
			return err
		}
	}
	return nil
}

const sqlSilent = `SELECT id, seq FROM eoffice_disposition WHERE status = 'dilaporkan' AND answer_due_at <= $1 ORDER BY answer_due_at, id LIMIT 200`

// AcceptSilence accepts the reports about which their givers said nothing in their time,
// and returns how many there were.
func (m *Module) AcceptSilence(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.AcceptSilence")
	silent, err := pg.Many[struct {
		ID  int64
		Seq int
	}](ctx, m.db, sqlSilent, m.now())
	if err != nil {
		return 0, err
	}
	for _, o := range silent {
		one := pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
			_, err := m.actOnOrder(ctx, tx, authz.System("e-office"), Act{ID: o.ID, Version: o.Seq}, ActAccept, nil)
			return err
		})
		switch {
		case one == nil:
			n++
		case errs.KindOf(one) != errs.Conflict: // answered meanwhile
			err = errors.Join(err, one)
		}
	}
	return n, err
}
