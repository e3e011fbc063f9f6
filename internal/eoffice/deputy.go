package eoffice

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// What a deputy is to a desk.
const (
	Secretary = "sekretaris" // takes receipt, prepares orders and takes in reports, in the holder's name
	StandIn   = "limpahan"   // does everything with what arrives, while the holder is away
)

// DeputyKinds lists what deputies are.
var DeputyKinds = []string{Secretary, StandIn}

// DeputyLabel names a kind of deputy.
func DeputyLabel(kind string) string {
	return map[string]string{Secretary: "Sekretaris", StandIn: "Limpahan meja"}[kind]
}

// Deputy tells whether it is somebody else's desk.
func (s Seat) Deputy() bool { return slices.Contains(DeputyKinds, s.Kind) }

// prepared is what a secretary does in the name of the desk's holder.
var prepared = []Action{ActOpen, ActFollow, ActGive, ActForward, ActAccept}

// doing is the moment of an action: a secretary is at the desk only for what secretaries do.
func (m Moment) doing(a Action) Moment {
	m.Deputed = slices.DeleteFunc(slices.Clone(m.Deputed), func(s Seat) bool { return s.Kind == Secretary && !slices.Contains(prepared, a) })
	return m
}

const sqlDeputed = `
SELECT s.position_id, s.occupancy_id, p.unit_id, min(s.kind) AS kind, p.title, min(s.starts_at) AS starts_at
FROM eoffice_deputy_seat s JOIN org_position p ON p.id = s.position_id
WHERE s.person_id = $1 AND s.starts_at <= $2 AND s.ends_at > $2
GROUP BY s.position_id, s.occupancy_id, p.unit_id, p.title ORDER BY p.title, s.position_id`

// Deputed lists the desks at which the actor is a deputy now. Of two mandates for one desk
// the wider counts.
func (m *Module) Deputed(ctx context.Context, a authz.Actor) (_ []Seat, err error) {
	defer errs.In(&err, "eoffice.Deputed")
	return deputed(ctx, m.db, a, m.now())
}

func deputed(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time) ([]Seat, error) {
	return sitting(ctx, q, sqlDeputed, a, at)
}

// occupy finds where the actor sits, and where they are a deputy of what a letter's secrecy
// lets deputies do.
func (mo *Moment) occupy(ctx context.Context, q pg.Querier, s Secrecy) (err error) {
	if mo.Seats, err = seats(ctx, q, mo.Actor, mo.Now); err != nil || s.Confidential() {
		return err
	}
	mo.Deputed, err = deputed(ctx, q, mo.Actor, mo.Now)
	return err
}

// Mandate is the right of one position to work at the desk of another for a time.
type Mandate struct {
	ID               int64
	DeskID, DeputyID int64
	Desk, Deputy     string // titles
	Holder           string // names of who is the deputy now
	Kind             string
	StartsAt, EndsAt time.Time
	Reason           string
	MadeBy           string
	Mine             bool // of a desk at which the actor sits
}

// Runs tells whether the mandate holds at a moment.
func (d Mandate) Runs(at time.Time) bool { return !d.StartsAt.After(at) && d.EndsAt.After(at) }

// Controls of the form of a mandate.
const (
	ControlDesk   = "meja"
	ControlDeputy = "wakil"
	ControlUntil  = "sampai"
	ControlFrom   = "mulai"
	ControlWhat   = "sebagai"
)

// Longest mandates, in days: an absence that lasts longer needs a Plh or Plt.
const (
	longestSecretary = 366
	longestStandIn   = 30
)

const sqlMandates = `
SELECT d.id, d.desk_id, d.deputy_id, p.title AS desk, q.title AS deputy, d.kind, d.starts_at, d.ends_at, d.reason, a.name AS made_by,
	d.desk_id = ANY($1) AS mine,
	COALESCE((SELECT string_agg(o.name, ', ' ORDER BY o.name) FROM eoffice_seat s JOIN org_person o ON o.id = s.person_id
		WHERE s.position_id = d.deputy_id AND s.starts_at <= $2 AND (s.ends_at IS NULL OR s.ends_at > $2)), '') AS holder
FROM eoffice_deputy d JOIN org_position p ON p.id = d.desk_id JOIN org_position q ON q.id = d.deputy_id JOIN authn_account a ON a.id = d.made_by
WHERE (d.desk_id = ANY($1) OR d.deputy_id = ANY($1)) AND d.ends_at > $2 - interval '90 days'
ORDER BY d.ends_at > $2 DESC, d.starts_at DESC, d.id DESC LIMIT 200`

// Mandates lists those of the actor's desks and those that the actor has, of the last three
// months, what holds or will hold first.
func (m *Module) Mandates(ctx context.Context, a authz.Actor) (_ []Mandate, err error) {
	defer errs.In(&err, "eoffice.Mandates")
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return nil, err
	}
	return pg.Many[Mandate](ctx, m.db, sqlMandates, desks(mine), m.now())
}

// DeputyChoices are the desks of the office of one of the actor's desks that may be its deputy.
func (m *Module) DeputyChoices(ctx context.Context, a authz.Actor, deskID int64) (_ []Place, err error) {
	defer errs.In(&err, "eoffice.DeputyChoices(%d)", deskID)
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(desks(mine), deskID) {
		return nil, errs.New(errs.NotFound, "Ini bukan meja Anda.")
	}
	unit, err := pg.Scalar[int64](ctx, m.db, sqlOfficeOf, deskID)
	if err != nil {
		return nil, err
	}
	all, err := pg.Many[Place](ctx, m.db, sqlOfficeDesks, unit, m.now())
	return slices.DeleteFunc(all, func(p Place) bool { return p.PositionID == deskID || p.Holder == "" }), err
}

const (
	sqlHoldDesk = `SELECT id FROM org_position WHERE id = $1 FOR UPDATE`

	sqlStoodIn = `SELECT EXISTS (SELECT FROM eoffice_deputy WHERE desk_id = $1 AND kind = $2 AND (kind = 'limpahan' OR deputy_id = $3) AND starts_at < $5 AND ends_at > $4)`

	sqlDeputize = `INSERT INTO eoffice_deputy (desk_id, deputy_id, kind, starts_at, ends_at, reason, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`
)

// Deputize lets a position of the office work at one of the actor's desks from a moment until
// another. It never lets it sign: that is for a Plh or Plt.
func (m *Module) Deputize(ctx context.Context, a authz.Actor, d Mandate) (id int64, err error) {
	defer errs.In(&err, "eoffice.Deputize(%d)", d.DeskID)
	may, err := m.DeputyChoices(ctx, a, d.DeskID)
	if err != nil {
		return 0, err
	}
	now := m.now()
	d.Reason = strings.Join(strings.Fields(d.Reason), " ")
	var wrong []errs.Field
	bad := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if !slices.Contains(DeputyKinds, d.Kind) {
		bad(ControlWhat, "Pilih sebagai apa.")
	}
	if !slices.ContainsFunc(may, func(p Place) bool { return p.PositionID == d.DeputyID }) {
		bad(ControlDeputy, "Pilih jabatan di kantor Anda yang ada pemangkunya.")
	}
	most := longestStandIn
	if d.Kind == Secretary {
		most = longestSecretary
	}
	switch {
	case d.StartsAt.IsZero():
		bad(ControlFrom, "Tulis mulai kapan.")
	case d.EndsAt.IsZero():
		bad(ControlUntil, "Tulis sampai kapan.")
	case !d.EndsAt.After(d.StartsAt):
		bad(ControlUntil, "Akhirnya harus sesudah mulainya.")
	case !d.EndsAt.After(now):
		bad(ControlUntil, "Waktu itu sudah lewat.")
	case d.StartsAt.After(now.AddDate(1, 0, 0)):
		bad(ControlFrom, "Paling jauh satu tahun dari sekarang.")
	case d.EndsAt.After(d.StartsAt.AddDate(0, 0, most)) && d.Kind == Secretary:
		bad(ControlUntil, "Paling lama 366 hari.")
	case d.EndsAt.After(d.StartsAt.AddDate(0, 0, most)):
		bad(ControlUntil, "Paling lama 30 hari. Untuk yang lebih lama, minta penetapan Plh atau Plt.")
	}
	if n := utf8.RuneCountInString(d.Reason); n < 3 || n > 300 {
		bad(ControlReason, "Tulis alasannya dalam 3 sampai 300 huruf.")
	}
	if len(wrong) > 0 {
		return 0, errs.Invalid(wrong...)
	}
	d.StartsAt = later(d.StartsAt, now).Truncate(time.Microsecond)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[int64](ctx, tx, sqlHoldDesk, d.DeskID); err != nil {
			return err
		}
		already, err := pg.Scalar[bool](ctx, tx, sqlStoodIn, d.DeskID, d.Kind, d.DeputyID, d.StartsAt, d.EndsAt)
		if err != nil {
			return err
		}
		if already {
			return errs.New(errs.Conflict, "Sudah ada "+strings.ToLower(DeputyLabel(d.Kind))+" pada waktu itu. Akhiri dahulu, atau pilih waktu lain.")
		}
		if id, err = pg.Scalar[int64](ctx, tx, sqlDeputize, d.DeskID, d.DeputyID, d.Kind, d.StartsAt, d.EndsAt, d.Reason, a.AccountID, now); err != nil {
			return err
		}
		return m.mandated(ctx, tx, a, "eoffice.deputy.give", id, d)
	})
	return id, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (m *Module) mandated(ctx context.Context, tx pgx.Tx, a authz.Actor, action string, id int64, d Mandate) error {
	return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: action, Object: "eoffice_deputy", ObjectID: id, UnitID: a.MainPosition().UnitID,
		Detail: map[string]any{"meja": d.DeskID, "wakil": d.DeputyID, "sebagai": d.Kind, "mulai": d.StartsAt, "sampai": d.EndsAt}})
}

const sqlMandate = `SELECT id, desk_id, deputy_id, kind, starts_at, ends_at FROM eoffice_deputy WHERE id = $1 FOR UPDATE`

const sqlEndMandate = `UPDATE eoffice_deputy SET ends_at = GREATEST(starts_at, $2) WHERE id = $1`

// EndMandate ends a mandate of one of the actor's desks now; one that has not begun never
// does. What is over already is errs.Conflict.
func (m *Module) EndMandate(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "eoffice.EndMandate(%d)", id)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		d, err := pg.One[struct {
			ID, DeskID, DeputyID int64
			Kind                 string
			StartsAt, EndsAt     time.Time
		}](ctx, tx, sqlMandate, id)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		mine, seatErr := seats(ctx, tx, a, m.now())
		switch {
		case seatErr != nil:
			return seatErr
		case err != nil || !slices.Contains(desks(mine), d.DeskID):
			return errs.New(errs.NotFound, "Ini bukan meja Anda.")
		case !d.EndsAt.After(m.now()):
			return errs.New(errs.Conflict, "Ini sudah berakhir.")
		}
		if err := pg.Exec(ctx, tx, sqlEndMandate, id, m.now()); err != nil {
			return err
		}
		return m.mandated(ctx, tx, a, "eoffice.deputy.end", id, Mandate{DeskID: d.DeskID, DeputyID: d.DeputyID, Kind: d.Kind, StartsAt: d.StartsAt, EndsAt: m.now()})
	})
}

const (
	sqlUnreceived = `
SELECT r.id FROM eoffice_recipient r WHERE r.letter_id = $1 AND r.position_id = ANY($2) AND r.role = 'kepada' AND r.status IN ('terkirim', 'diterima') ORDER BY r.id`

	sqlUnreceivedOrders = `
SELECT id FROM eoffice_disposition WHERE letter_id = $1 AND to_id = ANY($2) AND status = 'dikirim' AND NOT for_info ORDER BY id`
)

// Receive takes receipt of a letter, and of the orders on it, in the name of those at whose
// desks the actor is a deputy. That a deputy merely opens it says nothing of its addressee;
// copies and what is only for information wait for them.
func (m *Module) Receive(ctx context.Context, a authz.Actor, letterID int64) (err error) {
	defer errs.In(&err, "eoffice.Receive(%d)", letterID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, mo, err := m.seen(ctx, tx, a, letterID)
		if err != nil {
			return err
		}
		if len(mo.Deputed) == 0 || c.ClosenessOf(mo) != Named {
			return errNoLetter
		}
		arrivals, err := pg.Scalars[int64](ctx, tx, sqlUnreceived, letterID, desks(mo.Deputed))
		if err != nil {
			return err
		}
		for _, id := range arrivals {
			if _, err := m.actOnRecipient(ctx, tx, a, id, ActOpen, "", m.agenda(ctx, tx)); err != nil {
				return err
			}
		}
		orders, err := pg.Scalars[int64](ctx, tx, sqlUnreceivedOrders, letterID, desks(mo.Deputed))
		if err != nil {
			return err
		}
		for _, id := range orders {
			if _, err := m.actOnOrder(ctx, tx, a, Act{ID: id}, ActOpen, nil); err != nil {
				return err
			}
		}
		return nil
	})
}

// DeputyQueues are the lists of a desk at which somebody is a deputy.
var DeputyQueues = []Queue{ToRead, ToFollow, OrdersNew, OrdersOpen, ToAnswer, OrdersOut}

const (
	openLetter  = `l.secrecy IN ('B', 'T') AND `
	ofAnOpenOne = ` AND EXISTS (SELECT FROM eoffice_letter o WHERE o.id = d.letter_id AND o.secrecy IN ('B', 'T'))`

	sqlDeputyToRead    = arrivalRows + openLetter + isToRead + arrivalOrder
	sqlDeputyToFollow  = arrivalRows + openLetter + isToFollow + arrivalOrder
	sqlDeputyOrdersNew = orderRows + `d.due_at` + orderFrom + isOrderNew + ofAnOpenOne + orderOrder
	sqlDeputyOrders    = orderRows + `d.due_at` + orderFrom + isOrderOpen + ofAnOpenOne + orderOrder
	sqlDeputyToAnswer  = orderRows + `d.answer_due_at` + orderFrom + isToAnswer + ofAnOpenOne + orderOrder
	sqlDeputyOrdersOut = orderRows + `d.due_at` + orderFrom + isOrderOut + ofAnOpenOne + orderOrder
)

var deputySQL = map[Queue]string{
	ToRead: sqlDeputyToRead, ToFollow: sqlDeputyToFollow, OrdersNew: sqlDeputyOrdersNew, OrdersOpen: sqlDeputyOrders, ToAnswer: sqlDeputyToAnswer,
	OrdersOut: sqlDeputyOrdersOut,
}

// DeputyDesk lists what lies on a desk at which the actor is a deputy, at most fifty of each
// of [DeputyQueues], the most pressing first; nothing confidential is in it. A desk at which
// they are none is errs.NotFound.
func (m *Module) DeputyDesk(ctx context.Context, a authz.Actor, deskID int64) (at Seat, rows map[Queue][]Row, err error) {
	defer errs.In(&err, "eoffice.DeputyDesk(%d)", deskID)
	all, err := m.Deputed(ctx, a)
	if err != nil {
		return at, nil, err
	}
	i := slices.IndexFunc(all, func(s Seat) bool { return s.PositionID == deskID })
	if i < 0 {
		return at, nil, errs.New(errs.NotFound, "Anda tidak membantu meja ini sekarang.")
	}
	rows = map[Queue][]Row{}
	for _, k := range DeputyQueues {
		list, err := pg.Many[Row](ctx, m.db, deputySQL[k], []int64{deskID}, []int64{}, a.AccountID, time.Time{}, 0)
		if err != nil {
			return at, nil, err
		}
		rows[k] = list[:min(len(list), pageSize)]
	}
	return all[i], rows, nil
}

const sqlDeputyAccounts = `
SELECT DISTINCT o.account_id, p.title FROM eoffice_deputy_seat s JOIN org_person o ON o.id = s.person_id JOIN org_position p ON p.id = s.position_id
WHERE s.position_id = $1 AND s.starts_at <= $2 AND s.ends_at > $2 AND o.account_id IS NOT NULL`

// tellDeputies queues to a desk's deputies what its holder hears of a letter, unless it is
// confidential.
func (m *Module) tellDeputies(ctx context.Context, tx pgx.Tx, positionID int64, at time.Time, c *Case, s said, key string) error {
	if c.Secrecy.Confidential() {
		return nil
	}
	list, err := pg.Many[struct {
		AccountID int64
		Title     string
	}](ctx, tx, sqlDeputyAccounts, positionID, at)
	if err != nil || len(list) == 0 {
		return err
	}
	content, err := m.contentOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, d := range list {
		title, text := about(c.Secrecy, s.what+" untuk "+d.Title, content.Subject)
		if err := m.message(ctx, tx, d.AccountID, title, text, at, c, key); err != nil {
			return err
		}
	}
	return nil
}
