package eoffice

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest/walks"
)

// pairOrder is an order from desk 1 to desk 2, as it may stand in a status.
func pairOrder(from Status) Order {
	due, at := start.Add(48*time.Hour), start.Add(-time.Hour)
	o := Order{ID: 1, FromID: 1, ToID: 2, OrderState: OrderState{Seq: 3, Status: from, StatusAt: at, DueAt: &due, AskedDueAt: &due}}
	if from == AwaitingGuide {
		o.PausedAt = &at
	}
	return o
}

// Every action in every status, by who gave the order, who got it, the system and somebody
// who is nothing to it.
func TestEveryPairOfAnOrder(t *testing.T) {
	t.Parallel()
	sits := func(desk int64) Moment {
		return Moment{Now: start, Pace: pace, Cal: &calendar.Calendar{}, Seats: []Seat{{PositionID: desk, Kind: "definitif", Title: "Meja"}},
			Actor: authz.Actor{AccountID: desk, Kind: authz.Staff, PersonID: desk}}
	}
	bySystem := sits(1)
	bySystem.Actor, bySystem.Seats = authz.System("uji"), nil
	who := map[Role]Moment{AsGiver: sits(1), AsAddressee: sits(2), AsSystem: bySystem, 0: sits(3)}
	for _, from := range append([]Status{""}, OrderStatuses...) {
		for _, action := range OrderActions {
			s, known := OrderSteps[from][action]
			for role, mo := range who {
				name := fmt.Sprintf("%s in %q as %q", action, from, role)
				o := pairOrder(from)
				e, err := DecideOrder(&o, mo, Intent{Action: action})
				switch {
				case !known:
					errstest.Kind(t, err, errs.Conflict)
					continue
				case !role.Has(s.Who):
					errstest.Kind(t, err, errs.Forbidden)
					continue
				case err != nil:
					t.Errorf("%s: %v", name, err)
					continue
				}
				if e.From != from || e.Seq != 4 || e.Role != role.String() || !slices.Contains(OrderStatuses, e.To) {
					t.Errorf("%s: %+v", name, e)
				}
				next := o
				next.OrderState = ApplyOrder(o.OrderState, e)
				if h := next.Holder(); (h != 0) != next.Open() || h != 0 && h != o.FromID && h != o.ToID {
					t.Errorf("%s: it lies at %d", name, h)
				}
				if next.Open() == (next.DoneAt != nil) {
					t.Errorf("%s: done at %v", name, next.DoneAt)
				}
				if next.AnswerDueAt != nil && next.Holder() != o.FromID && next.AskedDueAt == nil {
					t.Errorf("%s: an answer is due to nothing", name)
				}
				if (next.PausedAt != nil) != (next.Status == AwaitingGuide) {
					t.Errorf("%s: paused %v", name, next.PausedAt)
				}
			}
		}
	}
}

func TestGuardsOfAnOrder(t *testing.T) {
	t.Parallel()
	mo := everything("definitif")
	for _, from := range []Status{Read, Working, Forwarded} {
		o := pairOrder(from)
		o.OpenBelow = 2
		_, err := DecideOrder(&o, mo, Intent{Action: ActReport})
		errstest.Kind(t, err, errs.Conflict)
		if !strings.Contains(err.Error(), "2 disposisi") {
			t.Errorf("says %v", err)
		}
		o = pairOrder(from)
		o.AskedDueAt = nil
		_, err = DecideOrder(&o, mo, Intent{Action: ActGrantTime})
		errstest.Kind(t, err, errs.Conflict)
	}
	info := pairOrder(Given)
	info.ForInfo, info.DueAt, info.AskedDueAt = true, nil, nil
	e, err := DecideOrder(&info, mo, Intent{Action: ActOpen})
	if err != nil || e.To != Done {
		t.Errorf("read for information: %+v, %v", e, err)
	}
}

// What is due moves by the working time that its clock stood, around weekends, and never
// beyond the order above.
func TestGuidanceStopsTheClock(t *testing.T) {
	t.Parallel()
	week := calendar.Week{}
	for d := range 5 {
		week[d] = []calendar.Span{{Opens: 8 * 60, Closes: 16 * 60}}
	}
	day := func(d, hour int) time.Time { return time.Date(2026, 11, d, hour, 0, 0, 0, clock.Makassar) }
	for name, v := range map[string]struct {
		due, paused, now time.Time
		above            time.Time
		flash            bool
		want             time.Time
	}{
		"within a day":      {due: day(25, 12), paused: day(24, 9), now: day(24, 11), want: day(25, 14)},
		"over a weekend":    {due: day(30, 12), paused: day(27, 15), now: day(30, 9), want: day(30, 14)},
		"at night":          {due: day(25, 12), paused: day(24, 18), now: day(25, 7), want: day(25, 12)},
		"not past its root": {due: day(25, 12), paused: day(24, 9), now: day(24, 16), above: day(25, 13), want: day(25, 13)},
		"by the clock":      {due: day(28, 12), paused: day(27, 15), now: day(28, 9), flash: true, want: day(29, 6)},
	} {
		mo := everything("definitif")
		mo.Cal, mo.Now, mo.Pace.AroundTheClock = &calendar.Calendar{Regular: week}, v.now, v.flash
		o := pairOrder(AwaitingGuide)
		o.DueAt, o.PausedAt = &v.due, &v.paused
		if !v.above.IsZero() {
			o.ParentDue = &v.above
		}
		e, err := DecideOrder(&o, mo, Intent{Action: ActGuide, Reason: "Kerjakan saja"})
		if err != nil || e.To != Working || !e.Change.Due.Equal(v.want) {
			t.Errorf("%s: due %v, want %v (%v)", name, e.Change.Due, v.want, err)
		}
	}
}

// bureau is Bappeda: its head, below whom are two heads of bidang, one of whom has a head of
// subbagian with a clerk below, and a functional official.
type bureau struct {
	people
	bidang, second2, sub, staff, expert worker
}

func (c *city) bureau() (b bureau) {
	c.t.Helper()
	b.people = c.people()
	b.bidang = c.hire("struktural", "BAPPEDA", b.other.desk)
	b.second2 = c.hire("struktural", "BAPPEDA", b.other.desk)
	b.sub = c.hire("struktural", "BAPPEDA", b.bidang.desk)
	b.staff = c.hire("pelaksana", "BAPPEDA", b.sub.desk)
	b.expert = c.hire("fungsional", "BAPPEDA", b.sub.desk)
	return b
}

// arrived is a letter that the head of Bappeda has read.
func (c *city) arrived(b bureau, secrecy Secrecy) (letter, recipient int64) {
	c.t.Helper()
	d := b.draft()
	d.Secrecy = secrecy
	letter = c.sent(b.people, d)
	c.open(b.other, letter)
	return letter, c.recipient(letter, b.other.desk).ID
}

func follow(to worker) NewOrder {
	return NewOrder{To: to.desk, Instructions: []string{"Tindak lanjuti"}}
}

// give gives orders and returns their ids.
func (c *city) give(from worker, g Giving) []int64 {
	c.t.Helper()
	ids, err := c.Give(c.ctx, from.Actor, g)
	c.must(err)
	return ids
}

const sqlAllOrders = `SELECT` + orderColumns + ` WHERE o.letter_id = $1 ORDER BY o.id`

func (c *city) order(id int64) Order {
	c.t.Helper()
	o, err := pg.One[Order](c.ctx, c.db.Pool, sqlOrder, id)
	c.must(err)
	return o
}

func (c *city) onOrder(w worker, id int64, action Action, reason string) error {
	return c.OnOrder(c.ctx, w.Actor, action, Act{ID: id, Reason: reason})
}

const long = "Alasan yang cukup panjang."

// Down two levels and back up again: reported, sent back, reported, accepted, finished.
func TestAnOrderGoesItsWay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.arrived(b, Open)
	ids := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{
		{To: b.bidang.desk, Lead: true, Instructions: []string{"Tindak lanjuti"}, Note: "Segera ya."},
		{To: b.second2.desk, Instructions: []string{"Pelajari dan beri saran"}},
		{To: b.stranger.desk, ForInfo: true},
	}})
	if got := c.recipient(letter, b.other.desk); got.Status != Followed || got.OpenOrders != 2 || got.Orders != 3 {
		t.Fatalf("recipient %+v", got)
	}
	o := c.order(ids[0])
	if !o.Lead || o.DueAt == nil || o.Status != Given || o.Holder() != b.bidang.desk {
		t.Fatalf("given: %+v", o)
	}
	errstest.Kind(t, c.onOrder(b.bidang, ids[0], ActStart, ""), errs.Conflict) // has not opened the letter
	d := c.open(b.bidang, letter)
	if d.See != Whole || len(d.Orders) != 3 || d.Orders[0].NoteText != "Segera ya." || !slices.Contains(d.Orders[0].Actions, ActForward) {
		t.Fatalf("they see %d orders: %+v", len(d.Orders), d.Orders)
	}
	c.open(b.stranger, letter)
	if o := c.order(ids[2]); o.Status != Done || o.DueAt != nil {
		t.Errorf("for information: %+v", o)
	}
	below := c.give(b.bidang, Giving{ParentID: ids[0], Orders: []NewOrder{follow(b.sub)}})[0]
	if o := c.order(below); !o.Lead || o.DueAt.After(*c.order(ids[0]).DueAt) {
		t.Errorf("below: %+v", o)
	}
	c.open(b.sub, letter)
	c.must(c.onOrder(b.sub, below, ActStart, ""))
	report := func(w worker, id int64) error {
		return c.ReportOrder(c.ctx, w.Actor, Act{ID: id}, Report{Text: "Saluran sudah dikeruk."})
	}
	errstest.Kind(t, report(b.bidang, ids[0]), errs.Conflict) // something is open below
	errstest.Kind(t, report(b.staff, below), errs.NotFound)
	errstest.Field(t, c.ReportOrder(c.ctx, b.sub.Actor, Act{ID: below}, Report{Text: " "}), ControlReport)
	c.must(report(b.sub, below))
	errstest.Kind(t, c.onOrder(b.sub, below, ActAccept, ""), errs.Forbidden)
	errstest.Field(t, c.onOrder(b.bidang, below, ActRework, "no"), ControlReason)
	c.must(c.onOrder(b.bidang, below, ActRework, "Fotonya belum ada."))
	c.must(report(b.sub, below))
	c.must(c.onOrder(b.bidang, below, ActAccept, ""))
	c.must(report(b.bidang, ids[0]))
	errstest.Kind(t, c.Finish(c.ctx, b.other.Actor, r, ""), errs.Conflict) // the other bidang has not reported
	c.must(c.onOrder(b.other, ids[0], ActAccept, ""))
	c.open(b.second2, letter)
	c.must(c.onOrder(b.other, ids[1], ActClose, "Sudah diselesaikan bidang lain."))
	c.must(c.Finish(c.ctx, b.other.Actor, r, ""))
	for id, want := range map[int64]Status{ids[0]: Done, ids[1]: Closed, below: Done} {
		if o := c.order(id); o.Status != want || o.AutoAccepted {
			t.Errorf("%d: %+v", id, o)
		}
	}
	d = c.open(b.other, letter)
	if levels := [2]int{d.Orders[0].Level, d.Orders[1].Level}; d.Orders[1].ID != below || levels != [2]int{0, 1} || d.Orders[1].ReportText != "Saluran sudah dikeruk." {
		t.Errorf("tree %+v", d.Orders)
	}
	c.sameAsReplay(t, letter)
	c.ordersHold(t)
}

// ordersHold fails unless what must always be true of orders is.
func (c *city) ordersHold(t interface{ Fatalf(string, ...any) }) {
	c.t.Helper()
	all, err := pg.Scalars[int64](c.ctx, c.db.Owner(), `SELECT DISTINCT letter_id FROM eoffice_disposition`)
	c.must(err)
	for _, letter := range all {
		c.ordersTold(t, letter)
	}
	c.ordersRuled(t)
}

// ordersRuled fails unless the rules between orders hold.
func (c *city) ordersRuled(t interface{ Fatalf(string, ...any) }) {
	c.t.Helper()
	for rule, sql := range map[string]string{
		"due is not after what it carries out": `SELECT d.id FROM eoffice_disposition d JOIN eoffice_disposition p ON p.id = d.parent_id WHERE d.due_at > p.due_at`,
		"open work is below open work":         `SELECT d.id FROM eoffice_disposition d JOIN eoffice_disposition p ON p.id = d.parent_id WHERE ` + isOpenWork + ` AND p.status IN ('selesai', 'ditolak', 'dibatalkan', 'ditutup')`,
		"nothing reported has open work below": `SELECT d.id FROM eoffice_disposition d JOIN eoffice_disposition p ON p.id = d.parent_id WHERE ` + isOpenWork + ` AND p.status IN ('dilaporkan', 'selesai')`,
		"nothing finished has open work":       `SELECT d.id FROM eoffice_disposition d JOIN eoffice_recipient r ON r.id = d.recipient_id WHERE ` + isOpenWork + ` AND r.status = 'selesai'`,
		"who has it may open the letter":       `SELECT d.id FROM eoffice_disposition d WHERE ` + isOpenOrder + ` AND NOT EXISTS (SELECT FROM eoffice_reader r WHERE r.letter_id = d.letter_id AND r.position_id = d.to_id)`,
		"nobody is above themselves":           `SELECT d.id FROM eoffice_disposition d JOIN eoffice_disposition p ON p.id = d.parent_id WHERE d.to_id = p.from_id`,
		"who gives below got what is above":    `SELECT d.id FROM eoffice_disposition d JOIN eoffice_disposition p ON p.id = d.parent_id WHERE d.from_id <> p.to_id`,
	} {
		ids, err := pg.Scalars[int64](c.ctx, c.db.Owner(), sql)
		c.must(err)
		if len(ids) > 0 {
			t.Fatalf("%s: not so of %v", rule, ids)
		}
	}
}

// ordersTold fails unless the events of a letter's orders tell their rows.
func (c *city) ordersTold(t interface{ Fatalf(string, ...any) }, letter int64) {
	c.t.Helper()
	all, err := pg.Many[Order](c.ctx, c.db.Pool, sqlAllOrders, letter)
	c.must(err)
	for _, o := range all {
		es, err := pg.Many[Event](c.ctx, c.db.Pool, `SELECT seq, action, from_status AS "from", to_status AS "to", at, COALESCE(actor_id, 0) AS actor_id,
			COALESCE(position_id, 0) AS position_id, occupancy AS seat, title, role, minutes, reason, detail AS change
			FROM eoffice_event WHERE object = 'disposisi' AND object_id = $1 ORDER BY seq`, o.ID)
		c.must(err)
		told, err := ReplayOrder(es)
		if err != nil {
			t.Fatalf("order %d: %v", o.ID, err)
		}
		if d := cmp.Diff(o.OrderState, told, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("order %d (-row +events):\n%s", o.ID, d)
		}
		if h := o.Holder(); (h != 0) != o.Open() {
			t.Fatalf("order %d in %s lies at %d", o.ID, o.Status, h)
		}
	}
}

// Who may get an order, and who not.
func TestWhoGetsAnOrder(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	empty := c.hire("struktural", "BAPPEDA", b.other.desk)
	c.exec(`UPDATE org_occupancy SET ends_at = $2 WHERE position_id = $1`, empty.desk, c.clock.Now().Add(-time.Hour))
	letter, r := c.arrived(b, Open)
	refused := func(from worker, g Giving, control, says string) {
		t.Helper()
		before := one[int](c, `SELECT count(*) FROM eoffice_event`)
		_, err := c.Give(c.ctx, from.Actor, g)
		errstest.Field(t, err, control)
		if got := fmt.Sprint(errs.FieldsOf(err)); !strings.Contains(got, says) {
			t.Errorf("says %s, not %q", got, says)
		}
		if got := one[int](c, `SELECT count(*) FROM eoffice_event`); got != before {
			t.Errorf("what was refused left %d events", got-before)
		}
	}
	on := func(orders ...NewOrder) Giving { return Giving{RecipientID: r, Orders: orders} }
	past, far := c.clock.Now().Add(-time.Minute), c.clock.Now().AddDate(3, 0, 0)
	refused(b.other, on(), ControlTarget, "Pilih kepada siapa")
	refused(b.other, on(follow(b.other)), ControlTarget, "jabatan sendiri")
	refused(b.other, on(follow(b.third)), ControlTarget, "bukan bawahan")
	refused(b.other, on(follow(empty)), ControlTarget, "Pilih Kepala Badan Perencanaan")
	refused(b.other, on(NewOrder{To: 999999, Instructions: []string{"Tindak lanjuti"}}), ControlTarget, "tidak ada lagi")
	refused(b.other, on(follow(b.bidang), follow(b.bidang)), ControlTarget+".1", "dua kali")
	refused(b.other, on(follow(b.sub)), ControlJump, "struktural")
	refused(b.other, on(NewOrder{To: b.bidang.desk}), ControlInstruction, "paling sedikit satu")
	refused(b.other, on(NewOrder{To: b.bidang.desk, Instructions: []string{"Apa saja"}}), ControlInstruction, "dari daftar")
	refused(b.other, on(NewOrder{To: b.bidang.desk, Note: strings.Repeat("é", 2001)}), ControlNote, "2000")
	refused(b.other, on(NewOrder{To: b.bidang.desk, Note: "Ya", Due: &past}), ControlDue, "sudah lewat")
	refused(b.other, on(NewOrder{To: b.bidang.desk, Note: "Ya", Due: &far}), ControlDue, "dua tahun")
	refused(b.other, on(follow(b.bidang), follow(b.second2)), ControlLead, "satu penanggung jawab")
	both := on(follow(b.bidang), follow(b.second2))
	both.Orders[0].Lead, both.Orders[1].Lead = true, true
	refused(b.other, both, ControlLead, "satu penanggung jawab")
	refused(b.other, on(NewOrder{To: b.bidang.desk, ForInfo: true, Lead: true}), ControlLead, "satu penanggung jawab")
	_, err := c.Give(c.ctx, b.stranger.Actor, on(follow(b.bidang)))
	errstest.Kind(t, err, errs.NotFound)

	due := c.clock.Now().Add(3 * time.Hour)
	first := c.give(b.other, on(NewOrder{To: b.bidang.desk, Note: "Ya", Due: &due}))[0]
	refused(b.other, on(follow(b.bidang)), ControlTarget, "masih memegang")
	lead := on(follow(b.second2))
	lead.Orders[0].Lead = true
	refused(b.other, lead, ControlLead, "sudah menjadi penanggung jawab")
	if id := c.give(b.other, on(follow(b.second2)))[0]; c.order(id).Lead {
		t.Error("two lead")
	}
	c.open(b.bidang, letter)
	later, sooner := due.Add(time.Minute), due.Add(-time.Minute)
	refused(b.bidang, Giving{ParentID: first, Orders: []NewOrder{{To: b.sub.desk, Note: "Ya", Due: &later}}}, ControlDue, "melewati batas")
	refused(b.bidang, Giving{ParentID: first, Orders: []NewOrder{follow(b.other)}}, ControlTarget, "berputar")
	refused(b.bidang, Giving{ParentID: first, Orders: []NewOrder{follow(b.second2)}}, ControlTarget, "bukan bawahan")
	second := c.give(b.bidang, Giving{ParentID: first, Orders: []NewOrder{{To: b.sub.desk, Note: "Ya", Due: &sooner}}})[0]
	c.open(b.sub, letter)
	refused(b.sub, Giving{ParentID: second, Orders: []NewOrder{follow(b.bidang)}}, ControlTarget, "berputar")
	refused(b.sub, Giving{ParentID: second, Orders: []NewOrder{follow(b.other)}}, ControlTarget, "berputar")

	// Who is late passes that on, and cannot give time that they do not have.
	c.clock.Advance(4 * time.Hour)
	soon := c.clock.Now().Add(time.Hour)
	refused(b.sub, Giving{ParentID: second, Orders: []NewOrder{{To: b.staff.desk, Note: "Ya", Due: &soon}}}, ControlDue, "di atasnya sudah lewat")
	third := c.give(b.sub, Giving{ParentID: second, Orders: []NewOrder{follow(b.staff)}})[0]
	if got := c.order(third).DueAt; !got.Equal(sooner) {
		t.Errorf("late already, due %v", got)
	}
	c.ordersHold(t)
}

// Who is passed over gets a copy with the reason; functional officials are nobody's to pass.
func TestAJumpLeavesACopy(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.arrived(b, Open)
	ids := c.give(b.other, Giving{RecipientID: r, Jump: "Kepala bidang sedang dinas luar.", Orders: []NewOrder{
		{To: b.staff.desk, Lead: true, Instructions: []string{"Tindak lanjuti"}}, follow(b.expert),
	}})
	if len(ids) != 4 {
		t.Fatalf("%d orders", len(ids))
	}
	for i, w := range []worker{b.sub, b.bidang} {
		o := c.order(ids[2+i])
		if o.ToID != w.desk || !o.ForInfo || !strings.Contains(o.Note, "Kepala bidang sedang dinas luar.") {
			t.Errorf("copy %+v", o)
		}
		c.open(w, letter)
		if o := c.order(ids[2+i]); o.Status != Done {
			t.Errorf("read: %+v", o)
		}
	}
	choices, err := c.Choices(c.ctx, b.other.Actor, b.other.desk)
	c.must(err)
	var got []int64
	for _, s := range choices.Desks {
		got = append(got, s.PositionID)
		if s.Holder == "" {
			t.Errorf("%+v", s)
		}
	}
	if got[len(got)-1] != b.expert.desk || !slices.Contains(choices.Instructions, "Agendakan") {
		t.Errorf("choices: %+v", choices)
	}
	slices.Sort(got)
	want := []int64{b.otherClerk.desk, b.stranger.desk, b.bidang.desk, b.second2.desk, b.expert.desk}
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("subordinates: %s", d)
	}
	_, err = c.Choices(c.ctx, b.staff.Actor, b.other.desk)
	errstest.Kind(t, err, errs.NotFound)
	c.ordersHold(t)
}

// What the matrix of secrecy says of orders.
func TestSecrecyKeepsOrdersIn(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	sekda := c.hire("kepala", "SETDA", 0)
	c.exec(`UPDATE org_position SET superior_id = $2 WHERE id = $1`, b.other.desk, sekda.desk)
	const marker = "zamrud"

	d := b.draft()
	d.To = []Addressee{{PositionID: sekda.desk}}
	d.Secrecy = Restricted
	letter := c.sent(b.people, d)
	c.open(sekda, letter)
	r := c.recipient(letter, sekda.desk).ID
	_, err := c.Give(c.ctx, sekda.Actor, Giving{RecipientID: r, Orders: []NewOrder{follow(b.other)}})
	errstest.Field(t, err, ControlTarget)
	if got := fmt.Sprint(errs.FieldsOf(err)); !strings.Contains(got, "Naskah terbatas") {
		t.Errorf("says %s", got)
	}

	letter, r = c.arrived(b, Secret)
	give := Giving{RecipientID: r, Orders: []NewOrder{{To: b.bidang.desk, Note: marker + " yang tersembunyi", Instructions: []string{"Tindak lanjuti"}}}}
	_, err = c.Give(c.ctx, b.other.Actor, give)
	errstest.Field(t, err, ControlTarget)
	give.Admit = true
	id := c.give(b.other, give)[0]
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action = 'eoffice.letter.admit' AND object_id = $1`, fmt.Sprint(letter)); n != 1 {
		t.Errorf("admitted on record %d times", n)
	}
	if d := c.open(b.bidang, letter); d.See != Whole || d.Orders[0].NoteText != marker+" yang tersembunyi" {
		t.Errorf("who was admitted sees %d: %+v", d.See, d.Orders)
	}
	below := Giving{ParentID: id, Admit: true, Orders: []NewOrder{follow(b.sub)}}
	_, err = c.Give(c.ctx, b.bidang.Actor, below)
	errstest.Field(t, err, ControlTarget)
	errstest.Kind(t, c.Admit(c.ctx, b.bidang.Actor, r, b.sub.desk), errs.NotFound)
	c.must(c.Admit(c.ctx, b.other.Actor, r, b.sub.desk))
	c.must(c.Admit(c.ctx, b.other.Actor, r, b.sub.desk))
	child := c.give(b.bidang, below)[0]
	c.open(b.sub, letter)
	c.must(c.onOrder(b.sub, child, ActAskGuide, "Apakah "+marker+" itu?"))
	c.must(c.onOrder(b.bidang, child, ActGuide, "Benar, "+marker+" itu."))
	c.must(c.ReportOrder(c.ctx, b.sub.Actor, Act{ID: child}, Report{Text: "Sudah, " + marker + " aman."}))
	c.must(c.onOrder(b.bidang, child, ActRework, "Periksa "+marker+" lagi."))
	whole := c.open(b.bidang, letter)
	var told []string
	for _, e := range whole.Events {
		if e.Object == onDisposition && strings.Contains(e.Reason, marker) {
			told = append(told, string(e.Action))
		}
	}
	if d := cmp.Diff([]string{"mohon_arahan", "beri_arahan", "lapor", "kembalikan_laporan"}, told); d != "" {
		t.Errorf("who may read the trail misses %s", d)
	}
	for _, w := range []worker{b.clerk, b.otherClerk, b.staff, b.second2} {
		if d, err := c.Open(c.ctx, w.Actor, letter); err == nil && (d.See == Whole || len(d.Orders)+len(d.Events) > 0) {
			t.Errorf("%s sees %+v", w.Name, d)
		}
	}
	// Nothing of it lies in the open anywhere.
	for _, table := range pgTables(c) {
		if n := one[int](c, `SELECT count(*) FROM `+table+` x WHERE x::text ILIKE '%'||$1||'%'`, marker); n > 0 {
			t.Errorf("%s tells it %d times", table, n)
		}
	}

	d = b.draft()
	d.Secrecy = Secret
	letter = c.sent(b.people, d)
	c.exec(`UPDATE eoffice_letter SET secrecy = 'SR', content_sealed = NULL WHERE id = $1`, letter)
	c.open(b.other, letter)
	_, err = c.Give(c.ctx, b.other.Actor, Giving{RecipientID: c.recipient(letter, b.other.desk).ID, Admit: true, Orders: []NewOrder{follow(b.bidang)}})
	errstest.Kind(t, err, errs.Conflict)
	c.ordersHold(t)
}

func pgTables(c *city) []string {
	c.t.Helper()
	names, err := pg.Scalars[string](c.ctx, c.db.Owner(), `SELECT table_name::text FROM information_schema.tables
		WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'org_%' ORDER BY 1`)
	c.must(err)
	return names
}

// What was called back unread is as if it had not been: its desk does not open the letter.
func TestAnUnreadOrderMayBeCalledBack(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.arrived(b, Open)
	id := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
	c.must(c.onOrder(b.other, id, ActCancel, ""))
	_, err := c.Open(c.ctx, b.bidang.Actor, letter)
	errstest.Kind(t, err, errs.NotFound)
	if got := c.recipient(letter, b.other.desk); got.Orders != 0 {
		t.Errorf("%d orders", got.Orders)
	}
	id = c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
	c.open(b.bidang, letter)
	errstest.Kind(t, c.onOrder(b.other, id, ActCancel, ""), errs.Conflict)
	c.must(c.onOrder(b.bidang, id, ActRefuse, "Bukan tugas bidang kami."))
	c.must(c.onOrder(b.other, id, ActDisagree, "Ini memang tugas bidang Anda."))
	c.must(c.onOrder(b.bidang, id, ActRefuse, "Sungguh bukan tugas kami."))
	c.must(c.onOrder(b.other, id, ActAgree, ""))
	c.must(c.Finish(c.ctx, b.other.Actor, r, ""))
	c.ordersHold(t)
}

// More time is asked for and given, not beyond the order above; closing ends all below.
func TestTimeAndClosing(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.arrived(b, Open)
	id := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
	c.open(b.bidang, letter)
	below := c.give(b.bidang, Giving{ParentID: id, Orders: []NewOrder{follow(b.sub)}})[0]
	c.open(b.sub, letter)
	last := c.give(b.sub, Giving{ParentID: below, Orders: []NewOrder{follow(b.staff)}})[0]
	due := *c.order(id).DueAt
	ask := func(w worker, id int64, until time.Time) error {
		return c.AskTime(c.ctx, w.Actor, Act{ID: id, Reason: "Menunggu data lapangan."}, until)
	}
	errstest.Field(t, ask(b.sub, below, due.Add(time.Hour)), ControlDue)
	errstest.Field(t, ask(b.bidang, id, due), ControlDue)
	errstest.Kind(t, c.GrantTime(c.ctx, b.other.Actor, Act{ID: id}, due.Add(time.Hour)), errs.Conflict)
	c.must(ask(b.bidang, id, due.Add(48*time.Hour)))
	if rows, _, err := c.Desk(c.ctx, b.other.Actor, ToAnswer, nil); err != nil || len(rows) != 1 || rows[0].OrderID != id {
		t.Errorf("to answer: %+v, %v", rows, err)
	}
	c.must(c.onOrder(b.other, id, ActRefuseTime, "Walikota menunggu."))
	c.must(ask(b.bidang, id, due.Add(48*time.Hour)))
	c.must(c.GrantTime(c.ctx, b.other.Actor, Act{ID: id}, due.Add(24*time.Hour)))
	if o := c.order(id); !o.DueAt.Equal(due.Add(24*time.Hour)) || o.AskedDueAt != nil || o.AnswerDueAt != nil {
		t.Errorf("granted: %+v", o)
	}
	c.must(ask(b.sub, below, due.Add(24*time.Hour)))
	errstest.Field(t, c.onOrder(b.other, id, ActClose, ""), ControlReason)
	c.must(c.onOrder(b.other, id, ActClose, "Dikerjakan dinas lain."))
	for _, o := range []int64{id, below, last} {
		if o := c.order(o); o.Status != Closed || o.AnswerDueAt != nil {
			t.Errorf("%+v", o)
		}
	}
	c.must(c.Finish(c.ctx, b.other.Actor, r, ""))
	c.ordersHold(t)
}

// A letter answers an order only where it is numbered and the reporter sees it.
func TestALetterAnswersAnOrder(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.arrived(b, Open)
	id := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
	c.open(b.bidang, letter)
	draft := c.begin(b.people, b.draft())
	answer := c.sent(b.people, b.draft())
	report := func(reply int64) error {
		return c.ReportOrder(c.ctx, b.bidang.Actor, Act{ID: id}, Report{ReplyID: reply})
	}
	for _, reply := range []int64{letter, draft, answer, 999999} {
		errstest.Field(t, report(reply), ControlReply)
	}
	c.exec(`INSERT INTO eoffice_reader (letter_id, position_id, at, why) VALUES ($1, $2, $3, 'uji')`, answer, b.bidang.desk, c.clock.Now())
	c.must(report(answer))
	if d := c.open(b.other, letter); d.Orders[0].ReplyID != answer || d.Orders[0].ReplyNumber == "" {
		t.Errorf("%+v", d.Orders[0])
	}
	c.ordersHold(t)
}

// A file reports what came of an order, alone or with words; who may open the letter opens it,
// and once the letter is secret as a copy that names them.
func TestAFileReportsAnOrder(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.arrived(b, Open)
	id := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
	c.open(b.bidang, letter)
	report := func(w worker, files ...Upload) error {
		return c.ReportOrder(c.ctx, w.Actor, Act{ID: id}, Report{Files: files})
	}
	errstest.Kind(t, report(b.stranger, upload("a.txt", "x")), errs.NotFound)
	errstest.Kind(t, report(b.other, upload("a.txt", "x")), errs.Forbidden)
	errstest.Field(t, report(b.bidang, upload("a.exe", "MZ\x90\x00")), ControlFile)
	errstest.Field(t, report(b.bidang, slices.Repeat([]Upload{photo()}, MaxReportFiles+1)...), ControlFile)
	c.must(report(b.bidang, photo(), upload("Ukuran saluran.txt", "dua meter")))
	files := c.open(b.other, letter).Orders[0].ReportFiles
	if len(files) != 2 || files[1].Name != "Ukuran saluran.txt" || len(c.files(letter)) != 0 {
		t.Fatalf("reported with %+v", files)
	}
	c.must(c.onOrder(b.other, id, ActRework, "Ukur lagi"))
	c.must(report(b.bidang, photo(), upload("Ukuran saluran.txt", "dua meter")))
	_, _, err := c.OpenFile(c.ctx, b.other.Actor, letter, files[1].ID)
	errstest.Kind(t, err, errs.NotFound)
	if files = c.open(b.other, letter).Orders[0].ReportFiles; len(files) != 2 {
		t.Fatalf("beside those of the report that was sent back: %+v", files)
	}
	body, _, err := c.OpenFile(c.ctx, b.other.Actor, letter, files[1].ID)
	c.must(err)
	if got := string(all(t, body)); got != "dua meter" {
		t.Errorf("the giver reads %q", got)
	}
	_, _, err = c.OpenFile(c.ctx, b.stranger.Actor, letter, files[1].ID)
	errstest.Kind(t, err, errs.NotFound)
	c.must(c.Raise(c.ctx, b.other.Actor, Act{ID: letter, Reason: upTo}, Secret))
	body, f, err := c.OpenFile(c.ctx, b.bidang.Actor, letter, files[1].ID)
	c.must(err)
	if words := pdfWords(t, all(t, body)); strings.Contains(f.Name, "saluran") || !strings.Contains(words, "dua meter") || !strings.Contains(words, "Salinan untuk "+b.bidang.Name) {
		t.Errorf("%s: %s", f.Name, words)
	}
	c.ordersHold(t)
}

// Three working days after a report, the silence of its giver accepts it.
func TestSilenceAccepts(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	c.clock.Advance(48 * time.Hour) // Thursday
	letter, r := c.arrived(b, Open)
	id := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
	c.open(b.bidang, letter)
	c.must(c.ReportOrder(c.ctx, b.bidang.Actor, Act{ID: id}, Report{Text: "Sudah selesai."}))
	by := *c.order(id).AnswerDueAt
	if by.In(clock.Makassar).Format("Mon 2 Jan") != "Tue 1 Dec" {
		t.Fatalf("answer due %v", by)
	}
	c.clock.Advance(by.Sub(c.clock.Now()) - time.Second)
	if n, err := c.AcceptSilence(c.ctx); n != 0 || err != nil {
		t.Fatalf("%d accepted too early, %v", n, err)
	}
	c.clock.Advance(time.Second)
	if n, err := c.AcceptSilence(c.ctx); n != 1 || err != nil {
		t.Fatalf("%d accepted, %v", n, err)
	}
	if o := c.order(id); o.Status != Done || !o.AutoAccepted {
		t.Errorf("%+v", o)
	}
	if n := one[int](c, `SELECT count(*) FROM work_event WHERE kind = 'disposisi_terima_laporan' AND person_id IS NOT NULL`); n != 0 {
		t.Errorf("silence counts as work")
	}
	c.ordersHold(t)
}

// At once: of many who do the same thing to the same order one does, and nothing slips in
// between a report or an end and an order given below.
func TestOrdersAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	race := func(n int, do func(i int) error) (won int) {
		t.Helper()
		var wait sync.WaitGroup
		results := make([]error, n)
		begin := make(chan struct{})
		for i := range n {
			wait.Go(func() {
				<-begin
				results[i] = do(i)
			})
		}
		close(begin)
		wait.Wait()
		for _, err := range results {
			if err == nil {
				won++
			} else if k := errs.KindOf(err); k != errs.Conflict && k != errs.Unprocessable {
				t.Errorf("got %v", err)
			}
		}
		return won
	}
	for range 3 {
		letter, r := c.arrived(b, Open)
		seq := c.recipient(letter, b.other.desk).Seq
		to := []worker{b.bidang, b.second2, b.stranger, b.otherClerk}
		if n := race(8, func(i int) error {
			_, err := c.Give(c.ctx, b.other.Actor, Giving{RecipientID: r, Version: seq, Orders: []NewOrder{follow(to[i%4])}})
			return err
		}); n != 1 {
			t.Errorf("%d gave orders on what one saw", n)
		}
		id := one[int64](c, `SELECT id FROM eoffice_disposition WHERE recipient_id = $1`, r)
		who := to[slices.IndexFunc(to, func(w worker) bool { return w.desk == c.order(id).ToID })]
		if n := race(6, func(i int) error { _, err := c.Open(c.ctx, who.Actor, letter); return err }); n == 0 {
			t.Errorf("nobody read it")
		}
		if n := race(6, func(int) error {
			return c.ReportOrder(c.ctx, who.Actor, Act{ID: id}, Report{Text: "Sudah selesai."})
		}); n != 1 {
			t.Errorf("%d reported", n)
		}
		if n := race(6, func(i int) error {
			if i%2 == 0 {
				return c.onOrder(b.other, id, ActRework, long)
			}
			return c.onOrder(b.other, id, ActAccept, "")
		}); n != 1 {
			t.Errorf("%d answered a report", n)
		}
	}
	for range 4 {
		letter, r := c.arrived(b, Open)
		id := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
		c.open(b.bidang, letter)
		race(4, func(i int) error {
			if i%2 == 0 {
				return c.ReportOrder(c.ctx, b.bidang.Actor, Act{ID: id}, Report{Text: "Sudah selesai."})
			}
			_, err := c.Give(c.ctx, b.bidang.Actor, Giving{ParentID: id, Orders: []NewOrder{follow(b.sub)}})
			return err
		})
		_, r = c.arrived(b, Open)
		race(4, func(i int) error {
			if i%2 == 0 {
				return c.Finish(c.ctx, b.other.Actor, r, "")
			}
			_, err := c.Give(c.ctx, b.other.Actor, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})
			return err
		})
	}
	c.ordersHold(t)
}

// What lies on a desk is what its counts say.
func TestDesksShowOrders(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	for i := range 6 {
		letter, r := c.arrived(b, Open)
		id := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{{To: b.bidang.desk, Lead: true, Note: "Ya"}, {To: b.second2.desk, ForInfo: true}}})[0]
		switch i {
		case 1, 2:
			c.open(b.bidang, letter)
		case 3:
			c.open(b.bidang, letter)
			c.must(c.ReportOrder(c.ctx, b.bidang.Actor, Act{ID: id}, Report{Text: "Sudah selesai."}))
		case 4:
			c.open(b.bidang, letter)
			c.must(c.onOrder(b.bidang, id, ActAskGuide, long))
		}
	}
	c.clock.Advance(30 * 24 * time.Hour)
	for name, v := range map[string]struct {
		who  worker
		want map[Queue]Count
	}{
		"head":   {b.other, map[Queue]Count{ToAnswer: {2, 2}, OrdersOut: {4, 4}}},
		"bidang": {b.bidang, map[Queue]Count{OrdersNew: {2, 2}, OrdersOpen: {2, 2}}},
		"second": {b.second2, map[Queue]Count{OrdersNew: {6, 0}}},
		"staff":  {b.staff, map[Queue]Count{}},
	} {
		counts, err := c.Counts(c.ctx, v.who.Actor)
		c.must(err)
		for _, k := range []Queue{OrdersNew, OrdersOpen, ToAnswer, OrdersOut} {
			rows, next, err := c.Desk(c.ctx, v.who.Actor, k, nil)
			c.must(err)
			if len(rows) != v.want[k].N || counts[k] != v.want[k] || next != nil {
				t.Errorf("%s: %s has %d rows and counts %+v, want %+v", name, k, len(rows), counts[k], v.want[k])
			}
			if !slices.IsSortedFunc(rows, func(a, b Row) int {
				if a.DueAt == nil || b.DueAt == nil {
					return 0
				}
				return a.DueAt.Compare(*b.DueAt)
			}) {
				t.Errorf("%s: %s is not in order", name, k)
			}
		}
	}
}

// A page of a queue continues where the last one ended.
func TestOrdersArePaged(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	_, r := c.arrived(b, Open)
	c.exec(`INSERT INTO eoffice_disposition (letter_id, recipient_id, from_id, to_id, instructions, for_info, status, status_at, seq, given_by, given_at)
		SELECT letter_id, id, $2, $3, '{Untuk diketahui}', true, 'dikirim', $4, 1, $5, $4 FROM eoffice_recipient, generate_series(1, 120) WHERE id = $1`,
		r, b.other.desk, b.bidang.desk, c.clock.Now(), b.other.AccountID)
	seen := map[int64]bool{}
	var at *Cursor
	for range 3 {
		rows, next, err := c.Desk(c.ctx, b.bidang.Actor, OrdersNew, at)
		c.must(err)
		for _, row := range rows {
			seen[row.OrderID] = true
		}
		at = next
	}
	if len(seen) != 120 || at != nil {
		t.Errorf("%d of 120, next %v", len(seen), at)
	}
}

// Random people do random things to random orders. What is refused changes nothing, and
// whatever happens, the events tell the rows and what must hold does.
func TestRandomWalksOfOrders(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	all := []worker{b.other, b.bidang, b.second2, b.sub, b.staff, b.expert}
	walks.Check(t, func(r *rapid.T) {
		letter, root := c.arrived(b, rapid.SampledFrom([]Secrecy{Open, Restricted, Secret}).Draw(r, "secrecy"))
		for range rapid.IntRange(4, 18).Draw(r, "steps") {
			c.clock.Advance(time.Duration(rapid.IntRange(0, 600).Draw(r, "minutes")) * time.Minute)
			who := rapid.SampledFrom(all).Draw(r, "who")
			orders, err := pg.Many[Order](c.ctx, c.db.Pool, sqlAllOrders, letter)
			c.must(err)
			act := Act{Reason: long}
			var o Order
			if len(orders) > 0 {
				o = rapid.SampledFrom(orders).Draw(r, "order")
				act.ID = o.ID
				if rapid.Bool().Draw(r, "holder") {
					for _, w := range all {
						if w.desk == o.Holder() {
							who = w
						}
					}
				}
			}
			switch n := rapid.IntRange(0, len(simpleOrderActs)+8).Draw(r, "action"); {
			case n < len(simpleOrderActs):
				err = c.OnOrder(c.ctx, who.Actor, simpleOrderActs[n], act)
			case n < len(simpleOrderActs)+3:
				g := Giving{ParentID: o.ID, Jump: long, Admit: rapid.Bool().Draw(r, "admit")}
				if o.ID == 0 || rapid.IntRange(0, 3).Draw(r, "root") == 0 {
					g.ParentID, g.RecipientID, who = 0, root, b.other
				}
				for _, w := range rapid.SliceOfN(rapid.SampledFrom(all), 1, 2).Draw(r, "to") {
					g.Orders = append(g.Orders, NewOrder{To: w.desk, Note: "Kerjakan", Lead: rapid.Bool().Draw(r, "lead"), ForInfo: rapid.IntRange(0, 3).Draw(r, "info") == 0})
				}
				_, err = c.Give(c.ctx, who.Actor, g)
			case n == len(simpleOrderActs)+3:
				err = c.ReportOrder(c.ctx, who.Actor, act, Report{Text: "Sudah dikerjakan."})
			case n == len(simpleOrderActs)+4:
				err = c.AskTime(c.ctx, who.Actor, act, c.clock.Now().AddDate(0, 0, 20))
			case n == len(simpleOrderActs)+5:
				err = c.GrantTime(c.ctx, who.Actor, act, c.clock.Now().AddDate(0, 0, 10))
			case n == len(simpleOrderActs)+6:
				err = c.Finish(c.ctx, b.other.Actor, root, "")
			default:
				_, err = c.Open(c.ctx, who.Actor, letter)
			}
			if err != nil {
				if k := errs.KindOf(err); k != errs.Conflict && k != errs.Forbidden && k != errs.NotFound && k != errs.Unprocessable {
					r.Fatalf("%v", err)
				}
				after, err := pg.Many[Order](c.ctx, c.db.Pool, sqlAllOrders, letter)
				c.must(err)
				if d := cmp.Diff(orders, after); d != "" {
					r.Fatalf("what was refused changed orders: %s", d)
				}
			}
		}
		if _, err := c.AcceptSilence(c.ctx); err != nil {
			r.Fatalf("%v", err)
		}
		c.sameAsReplay(r, letter)
		c.ordersTold(r, letter)
		c.ordersRuled(r)
	})
}

// A unit's own list of instructions holds for it and what is below, until it gives it up.
func TestInstructionsOfAUnit(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	chief := c.hire("struktural", "BAPPEDA", b.other.desk, PermConfigure)
	unit := c.unit("BAPPEDA")
	city, err := c.Instructions(c.ctx, unit)
	c.must(err)
	if !slices.Contains(city, "Agendakan") {
		t.Fatalf("the city's: %v", city)
	}
	errstest.Kind(t, c.SetInstructions(c.ctx, b.other.Actor, unit, []string{"Bereskan"}), errs.NotFound)
	errstest.Kind(t, c.SetInstructions(c.ctx, chief.Actor, c.unit("DPU"), []string{"Bereskan"}), errs.NotFound)
	errstest.Field(t, c.SetInstructions(c.ctx, chief.Actor, unit, []string{strings.Repeat("a", 81)}), ControlInstruction)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			if err := c.SetInstructions(c.ctx, chief.Actor, unit, []string{" Bereskan  segera", "", "Bereskan segera", "Arsipkan"}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got, err := c.Instructions(c.ctx, unit); err != nil || !slices.Equal(got, []string{"Bereskan segera", "Arsipkan"}) {
		t.Errorf("its own: %v, %v", got, err)
	}
	c.must(c.SetInstructions(c.ctx, chief.Actor, unit, nil))
	if got, _ := c.Instructions(c.ctx, unit); !slices.Equal(got, city) {
		t.Errorf("the city's again: %v", got)
	}
}
