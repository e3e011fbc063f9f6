package eoffice

import (
	"context"
	"fmt"
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

// Controls of the form that gives orders. A message about one of several orders is at the
// control with the order's place: "tujuan", "tujuan.1", "tujuan.2" …
const (
	ControlTarget      = "tujuan"
	ControlLead        = "penanggung_jawab"
	ControlInstruction = "instruksi"
	ControlNote        = "catatan"
	ControlJump        = "alasan_lompat"
	ControlAdmit       = "tambah_akses"
)

// NewOrder is what somebody asks of one desk.
type NewOrder struct {
	To           int64    // position
	Lead         bool     // penanggung jawab; alone it is so in any case
	ForInfo      bool     // untuk diketahui: nothing is to be done
	Instructions []string // of the office's list
	Note         string
	Due          *time.Time // nil: as the letter's urgency has it
}

// Giving is a set of orders on a letter that arrived at a desk, or below an order that lies
// there.
type Giving struct {
	RecipientID int64 // of the letter that arrived, or
	ParentID    int64 // the order
	Version     int   // number of the last event of it that was shown; 0: whatever it is now
	Orders      []NewOrder
	Jump        string // why somebody between giver and target is passed over
	Admit       bool   // lets desks open a secret letter that could not
}

const (
	maxOrders      = 30
	maxNote        = 2000
	forInformation = "Untuk diketahui"
)

// giver is who gives orders, on what.
type giver struct {
	letter      Case
	mo          Moment
	desk        post
	unit        int64
	recipientID int64
	parent      *Order // nil: the letter was addressed to the giver
}

// Give gives orders at once, all or none, and returns their ids in the order of g, then
// those of the copies for officials who were passed over. Besides the form it is errs.Conflict
// where the letter was not read yet, and errs.NotFound where it is not the actor's.
func (m *Module) Give(ctx context.Context, a authz.Actor, g Giving) (ids []int64, err error) {
	defer errs.In(&err, "eoffice.Give(recipient %d, order %d)", g.RecipientID, g.ParentID)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		from, err := m.takeUp(ctx, tx, a, g)
		if err != nil {
			return err
		}
		orders, err := m.checkOrders(ctx, tx, from, g)
		if err != nil {
			return err
		}
		ids = make([]int64, 0, len(orders))
		for _, o := range orders {
			id, err := m.give(ctx, tx, from, o)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}

const sqlUnitOfDesk = `SELECT unit_id FROM org_position WHERE id = $1`

// takeUp moves what the orders are given on, which establishes the right to give them and
// keeps everybody else from it until the transaction ends.
func (m *Module) takeUp(ctx context.Context, tx pgx.Tx, a authz.Actor, g Giving) (from giver, err error) {
	if g.ParentID != 0 {
		o, err := m.actOnOrder(ctx, tx, a, Act{ID: g.ParentID, Version: g.Version}, ActForward, nil)
		return giver{o.letter, o.mo, post{o.ToID, o.ToTitle}, o.ToUnit, o.RecipientID, &o.Order}, err
	}
	r, err := m.actOnRecipient(ctx, tx, a, g.RecipientID, ActFollow, "", func(r *Recipient, mo Moment) (ch Change, err error) {
		if g.Version != 0 && g.Version != r.Seq {
			err = m.overtaken(ctx, tx, mo, onRecipient, r.ID, r.Status)
		}
		from.mo = mo
		return ch, err
	})
	if err != nil {
		return from, err
	}
	from.recipientID = r.ID
	if from.letter, err = readCase(ctx, tx, r.LetterID, a.PersonID, from.mo.Now); err != nil {
		return from, err
	}
	if from.letter.ClosenessOf(from.mo) != Named {
		return from, errNoLetter
	}
	if from.mo.Pace, err = pg.One[Pace](ctx, tx, sqlPace, from.letter.Urgency); err != nil {
		return from, err
	}
	from.desk = post{r.PositionID, r.Title}
	from.unit, err = pg.Scalar[int64](ctx, tx, sqlUnitOfDesk, r.PositionID)
	return from, err
}

// preparer is the account of a deputy who gives in the name of the desk's holder, else 0.
func (from giver) preparer() int64 {
	if s, _ := from.mo.seat(from.desk.ID); s.Deputy() {
		return from.mo.Actor.AccountID
	}
	return 0
}

// plannedOrder is a checked order before it is written.
type plannedOrder struct {
	NewOrder
	title  string
	unit   int64
	reason string // why somebody is passed over
	admit  bool
}

const sqlOpenUnder = `
SELECT d.to_id, d.lead, p.title FROM eoffice_disposition d JOIN org_position p ON p.id = d.to_id
WHERE d.recipient_id = $1 AND COALESCE(d.parent_id, 0) = $2 AND ` + isOpenWork

// checkOrders says what is wrong with the form, or plans the orders with the copies for
// officials who are passed over.
func (m *Module) checkOrders(ctx context.Context, tx pgx.Tx, from giver, g Giving) (plan []plannedOrder, err error) {
	if !from.letter.Secrecy.PassedOn() {
		return nil, errs.New(errs.Conflict, "Naskah sangat rahasia hanya untuk penerimanya sendiri, jadi tidak dapat didisposisikan.")
	}
	parentID := int64(0)
	if from.parent != nil {
		parentID = from.parent.ID
	}
	under, err := pg.Many[struct {
		ToID  int64
		Lead  bool
		Title string
	}](ctx, tx, sqlOpenUnder, from.recipientID, parentID)
	if err != nil {
		return nil, err
	}
	lead, has := "", map[int64]bool{}
	for _, u := range under {
		has[u.ToID] = true
		if u.Lead {
			lead = u.Title
		}
	}
	known, err := instructionsOf(ctx, tx, from.unit)
	if err != nil {
		return nil, err
	}
	if len(g.Orders) == 0 || len(g.Orders) > maxOrders {
		return nil, errs.Invalid(errs.Field{Name: ControlTarget, Message: fmt.Sprintf("Pilih kepada siapa diteruskan, paling banyak %d.", maxOrders)})
	}
	t, err := m.targets(ctx, tx, from, g)
	if err != nil {
		return nil, err
	}
	var wrong []errs.Field
	seen := map[int64]bool{}
	for i, o := range g.Orders {
		refuse := func(control, message string) {
			wrong = append(wrong, errs.Field{Name: place(control, i), Message: message})
		}
		p := plannedOrder{NewOrder: o}
		post, ok := t.posts[o.To]
		switch {
		case !ok:
			refuse(ControlTarget, "Jabatan itu tidak ada lagi. Pilih yang lain.")
			continue
		case seen[o.To]:
			refuse(ControlTarget, post.Title+" dipilih dua kali.")
			continue
		case !o.ForInfo && has[o.To]:
			refuse(ControlTarget, post.Title+" masih memegang disposisi Anda untuk naskah ini.")
			continue
		}
		seen[o.To] = true
		p.title, p.unit = post.Title, post.UnitID
		over, refusal := t.reach(from, post)
		if refusal == "" {
			refusal = t.mayKnow(from, post, g.Admit)
		}
		if refusal != "" {
			refuse(ControlTarget, refusal)
		}
		if len(over) > 0 {
			p.reason = strings.TrimSpace(g.Jump)
			if n := utf8.RuneCountInString(p.reason); n < 5 || n > 500 {
				wrong = append(wrong, errs.Field{Name: ControlJump, Message: "Tulis dalam 5 sampai 500 huruf mengapa " + names(over) + " dilewati untuk " + post.Title + "."})
			}
			t.passedOver(from, over, post, p.reason)
		}
		p.admit = from.letter.Secrecy == Secret && !post.Reader
		if message := tidyOrder(&p.NewOrder, known); message != "" {
			refuse(ControlInstruction, message)
		}
		if utf8.RuneCountInString(p.Note) > maxNote {
			refuse(ControlNote, fmt.Sprintf("Catatan paling banyak %d huruf.", maxNote))
		}
		if err := from.setDue(&p.NewOrder); err != nil {
			refuse(ControlDue, errs.FieldsOf(err)[0].Message)
		}
		plan = append(plan, p)
	}
	if message := setLead(plan, lead); message != "" {
		wrong = append(wrong, errs.Field{Name: ControlLead, Message: message})
	}
	if len(wrong) > 0 {
		return nil, errs.Invalid(wrong...)
	}
	for _, p := range t.copies {
		if !seen[p.To] && !has[p.To] {
			plan = append(plan, p)
		}
	}
	return plan, nil
}

// place is the control of the i-th order.
func place(control string, i int) string {
	if i == 0 {
		return control
	}
	return fmt.Sprintf("%s.%d", control, i)
}

func names(all []post) string {
	titles := make([]string, len(all))
	for i, p := range all {
		titles[i] = p.Title
	}
	return strings.Join(titles, " dan ")
}

// tidyOrder cleans what was typed, and says what it lacks.
func tidyOrder(o *NewOrder, known []string) string {
	o.Note = strings.TrimSpace(o.Note)
	o.Instructions = slices.Compact(slices.Clone(o.Instructions))
	for _, label := range o.Instructions {
		if label != forInformation && !slices.Contains(known, label) {
			return "Pilih instruksi dari daftar."
		}
	}
	switch {
	case len(o.Instructions) > 12:
		return "Paling banyak 12 instruksi."
	case o.ForInfo && !slices.Contains(o.Instructions, forInformation):
		o.Instructions = append(o.Instructions, forInformation)
	case len(o.Instructions) == 0 && o.Note == "":
		return "Pilih paling sedikit satu instruksi, atau tulis catatan."
	}
	return ""
}

// setDue is until when an order is to be carried out: as asked for, else as the letter's
// urgency has it, and never later than the order above. Who is late already passes that on.
func (from giver) setDue(o *NewOrder) error {
	var above *time.Time
	if from.parent != nil {
		above = from.parent.DueAt
	}
	switch {
	case o.ForInfo:
		o.Due = nil
	case o.Due != nil:
		at := o.Due.Truncate(time.Microsecond)
		o.Due = &at
		return checkDue(at, from.mo.Now, above)
	default:
		at := from.mo.due(from.mo.Pace.ActionMinutes)
		if above != nil && at.After(*above) {
			at = *above
		}
		o.Due = &at
	}
	return nil
}

// setLead sees to it that of those of one giver who have something to do exactly one leads.
// lead is who does already, "" when nobody.
func setLead(plan []plannedOrder, lead string) string {
	var doers, leaders []int
	for i, p := range plan {
		if !p.ForInfo {
			doers = append(doers, i)
		}
		if p.Lead {
			leaders = append(leaders, i)
		}
	}
	switch {
	case lead != "" && len(leaders) > 0:
		return lead + " sudah menjadi penanggung jawab."
	case lead != "" || len(doers) == 0 && len(leaders) == 0:
		return ""
	case len(doers) == 1 && len(leaders) == 0:
		plan[doers[0]].Lead = true
		return ""
	case len(leaders) != 1 || plan[leaders[0]].ForInfo:
		return "Pilih satu penanggung jawab di antara yang harus menindaklanjuti."
	}
	return ""
}

// give writes a planned order.
func (m *Module) give(ctx context.Context, tx pgx.Tx, from giver, p plannedOrder) (int64, error) {
	note := m.words(from.letter.Secrecy, p.Note)
	act := orderAct{letter: from.letter, mo: from.mo, giver: from.mo.Cal, Order: Order{
		LetterID: from.letter.ID, RecipientID: from.recipientID, FromID: from.desk.ID, FromTitle: from.desk.Title, FromUnit: from.unit,
		ToID: p.To, ToTitle: p.title, ToUnit: p.unit, Lead: p.Lead, ForInfo: p.ForInfo, Instructions: p.Instructions,
		Note: note.Text, NoteSealed: note.Sealed, GivenAt: from.mo.Now,
	}}
	o := &act.Order
	if from.parent != nil {
		o.ParentID, o.ParentDue = from.parent.ID, from.parent.DueAt
	}
	in := Intent{Action: ActGive, Change: Change{Due: p.Due}}
	m.explain(&in, from.letter.Secrecy, p.reason)
	e, err := DecideOrder(o, from.mo, in)
	if err != nil {
		return 0, err
	}
	was := *o
	o.OrderState = ApplyOrder(o.OrderState, e)
	o.ID, err = pg.Scalar[int64](ctx, tx, sqlInsertOrder, o.LetterID, o.RecipientID, o.ParentID, o.FromID, o.ToID, o.Lead, o.ForInfo, listOf(o.Instructions),
		o.Note, o.NoteSealed, o.DueAt, o.Status, o.StatusAt, o.Seq, from.mo.Actor.AccountID, from.preparer())
	if err != nil {
		return 0, err
	}
	was.ID = o.ID
	if p.admit {
		if err := m.admit(ctx, tx, from.mo, &from.letter, p.To); err != nil {
			return 0, err
		}
	}
	if err := pg.Exec(ctx, tx, sqlShow, o.LetterID, []int64{p.To}, from.mo.Now, "disposisi"); err != nil {
		return 0, err
	}
	return o.ID, m.followOrder(ctx, tx, &was, &act, e)
}

// admit puts on record that a desk may open a secret letter from now on.
func (m *Module) admit(ctx context.Context, tx pgx.Tx, mo Moment, c *Case, positionID int64) error {
	return audit.Write(ctx, tx, mo.Actor, mo.Now, audit.Entry{Action: "eoffice.letter.admit", Object: object, ObjectID: c.ID, UnitID: c.UnitID,
		Detail: map[string]any{"jabatan": positionID, "sifat": c.Secrecy}})
}
