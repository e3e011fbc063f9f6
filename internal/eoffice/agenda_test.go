package eoffice

import (
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

func TestWhatAnInvitationSays(t *testing.T) {
	t.Parallel()
	at := func(h, m int) time.Time { return time.Date(2026, 11, 30, h, m, 0, 0, clock.Makassar) }
	table := func(day, hours, place string) string {
		return "<p>Dengan ini mengundang:</p><table><tbody><tr><td>Hari, tanggal</td><td>" + day + "</td></tr><tr><td>Pukul</td><td>" + hours + "</td></tr><tr><td>Tempat</td><td>" + place + "</td></tr></tbody></table>"
	}
	for body, want := range map[string]Plan{
		table("Senin, 30 November 2026", "09.00 WITA", "Ruang Sipakatau"):                         {Start: at(9, 0), Place: "Ruang Sipakatau"},
		table("Senin, 30 november 2026", "09.00–11.30 WITA", "Ruang  Sipakatau."):                 {Start: at(9, 0), End: at(11, 30), Place: "Ruang Sipakatau"},
		table("30 November 2026", "13:15 WITA s.d. 15:00 WITA", "Aula"):                           {Start: at(13, 15), End: at(15, 0), Place: "Aula"},
		table("30 November 2026", "13.00 - 9.00", "[…]"):                                          {Start: at(13, 0)},
		table("31 November 2026", "09.00", "Aula"):                                                {Place: "Aula"},
		table("[…]", "[…] WITA", "[…]"):                                                           {},
		"<p>Hari, tanggal: Senin, 30 November 2026<br>Pukul: 09.00 WITA<br>Tempat: Aula lama</p>": {Start: at(9, 0), Place: "Aula lama"},
		"": {},
	} {
		if got := PlanIn(body); !got.Start.Equal(want.Start) || !got.End.Equal(want.End) || got.Place != want.Place {
			t.Errorf("%s\ngot %+v, want %+v", body, got, want)
		}
	}
}

// invited is an invitation of Dinas PU that came to the head of Bappeda.
func (c *city) invited(b bureau, s Secrecy) (letter, recipient int64) {
	c.t.Helper()
	id, err := c.Begin(c.ctx, b.drafter.Actor, "UND", b.drafter.desk, "undangan-"+string(s))
	c.must(err)
	d := b.draft()
	d.Secrecy, d.Subject = s, "Rapat drainase"
	_, err = c.SaveDraft(c.ctx, b.drafter.Actor, id, 0, d)
	c.must(err)
	_, err = c.Submit(c.ctx, b.drafter.Actor, Act{ID: id})
	c.must(err)
	c.toSign(b.people, id)
	c.must(c.sign(b.head, id).Err)
	if s.Confidential() {
		_, err := c.Send(c.ctx, b.clerk.Actor, Act{ID: id})
		c.must(err)
	}
	c.open(b.other, id)
	return id, c.recipient(id, b.other.desk).ID
}

// An invitation becomes an entry of the diary of the desk that it came to. Everybody of the
// office sees that there is something and who goes; what it is, who may open the letter; of
// what is confidential nobody sees it in the diary, and the place lies under seal.
func TestAnInvitationStandsInTheDiary(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.invited(b, Open)
	begin := time.Date(2026, 11, 30, 9, 0, 0, 0, clock.Makassar)
	p := Plan{Start: begin, End: begin.Add(2 * time.Hour), Place: "Ruang Sipakatau"}
	for control, change := range map[string]func(*Plan){
		ControlOn: func(p *Plan) { p.Start = time.Time{} }, ControlEnds: func(p *Plan) { p.End = p.Start }, ControlPlace: func(p *Plan) { p.Place = strings.Repeat("x", 201) },
	} {
		bad := p
		change(&bad)
		errstest.Field(t, c.SavePlan(c.ctx, b.other.Actor, r, 0, bad), control)
	}
	for _, w := range []worker{b.stranger, b.bidang, b.head, b.otherClerk} {
		errstest.Kind(t, c.SavePlan(c.ctx, w.Actor, r, 0, p), errs.NotFound)
	}
	c.must(c.SavePlan(c.ctx, b.other.Actor, r, 0, p))
	errstest.Kind(t, c.SavePlan(c.ctx, b.other.Actor, r, 0, p), errs.Conflict) // another tab
	p.Start = begin.Add(time.Hour)
	c.must(c.SavePlan(c.ctx, b.other.Actor, r, 1, p))
	errstest.Kind(t, c.SavePlan(c.ctx, b.other.Actor, r, 1, p), errs.Conflict)
	to := follow(b.bidang)
	to.Instructions = []string{"Wakili dan laporkan hasilnya"}
	c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{to}})

	unit, monday := c.unit("BAPPEDA"), time.Date(2026, 11, 30, 0, 0, 0, 0, clock.Makassar)
	week := func(w worker) Entry {
		t.Helper()
		list, err := c.Week(c.ctx, w.Actor, unit, monday)
		c.must(err)
		if len(list) != 1 || !list[0].Start.Equal(p.Start) || len(list[0].Attend) != 1 {
			t.Fatalf("%s reads %+v", w.Name, list)
		}
		return list[0]
	}
	for _, w := range []worker{b.other, b.bidang, b.otherClerk} {
		if e := week(w); !e.Open || e.Subject != "Rapat drainase" || e.Place != "Ruang Sipakatau" {
			t.Errorf("%s reads %+v", w.Name, e)
		}
	}
	if e := week(b.stranger); e.Open || e.Subject+e.Place != "" {
		t.Errorf("who may not open the letter reads %+v", e)
	}
	_, err := c.Week(c.ctx, b.head.Actor, unit, monday)
	errstest.Kind(t, err, errs.NotFound)
	if list, err := c.Week(c.ctx, b.other.Actor, unit, monday.AddDate(0, 0, -7)); err != nil || len(list) != 0 {
		t.Errorf("the week before: %+v, %v", list, err)
	}

	c.must(c.Raise(c.ctx, b.other.Actor, Act{ID: letter, Reason: upTo}, Secret))
	if tables := c.telling("Sipakatau"); len(tables) > 0 {
		t.Errorf("the place is told by %v", tables)
	}
	for _, w := range []worker{b.other, b.stranger} {
		if e := week(w); e.Open || e.Subject+e.Place != "" {
			t.Errorf("%s reads in the diary %+v", w.Name, e)
		}
	}
	d := c.open(b.other, letter)
	if e, err := c.EntryOf(c.ctx, &d, c.recipient(letter, b.other.desk)); err != nil || e == nil || e.Place != "Ruang Sipakatau" {
		t.Errorf("who keeps it reads %+v, %v", e, err)
	}
	c.must(c.DropPlan(c.ctx, b.other.Actor, r))
	c.must(c.DropPlan(c.ctx, b.other.Actor, r))
	other, ro := c.arrived(b, Open)
	if d := c.open(b.other, other); d.MayPlan(c.recipient(other, b.other.desk)) {
		t.Errorf("a letter that invites nobody may stand in the diary: %d", ro)
	}
}

// Who follows a letter hears of every step, as long as they may read it, and of no more of
// it than they may.
func TestWhoFollowsALetterHearsOfIt(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	colleague := c.hire("pelaksana", "BAPPEDA", b.other.desk, PermUnitView)
	id := c.submit(b.people, b.draft())
	errstest.Kind(t, c.Watch(c.ctx, b.stranger.Actor, id), errs.NotFound)
	c.must(c.Watch(c.ctx, b.drafter.Actor, id))
	c.must(c.Watch(c.ctx, b.drafter.Actor, id))
	heard := func(w worker) []string {
		t.Helper()
		return c.subjects(w)
	}
	c.paraf(b.verifier, id)
	if got := heard(b.drafter); len(got) != 1 || !strings.Contains(got[0], "menunggu paraf: Perbaikan drainase") {
		t.Fatalf("heard %q", got)
	}
	c.paraf(b.second, id)
	c.open(b.head, id)
	c.must(c.sign(b.head, id).Err)
	c.open(b.other, id)
	c.must(c.Watch(c.ctx, colleague.Actor, id))
	r := c.recipient(id, b.other.desk).ID
	order := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
	if got := heard(colleague); len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), "Disposisi naskah yang Anda pantau: belum dibaca") {
		t.Errorf("the colleague heard %q", got)
	}
	for _, w := range []worker{b.drafter, colleague} {
		if rows, _, err := c.Desk(c.ctx, w.Actor, Watching, nil); err != nil || len(rows) != 1 || rows[0].ID != id || rows[0].Subject == "" {
			t.Errorf("%s follows %+v, %v", w.Name, rows, err)
		}
	}
	c.must(c.Raise(c.ctx, b.other.Actor, Act{ID: id, Reason: upTo}, Secret))
	before := len(heard(colleague))
	c.open(b.bidang, id)
	c.must(c.ReportOrder(c.ctx, b.bidang.Actor, Act{ID: order}, Report{Text: "Sudah diukur."}))
	if got := heard(colleague); len(got) != before || strings.Contains(strings.Join(got, "\n"), "drainase") {
		t.Errorf("who may not read it any more heard %q", got)
	}
	if rows, _, err := c.Desk(c.ctx, colleague.Actor, Watching, nil); err != nil || len(rows) != 0 {
		t.Errorf("they follow %+v, %v", rows, err)
	}
	if rows, _, err := c.Desk(c.ctx, b.drafter.Actor, Watching, nil); err != nil || len(rows) != 1 || rows[0].Subject != "" {
		t.Errorf("the drafter follows %+v, %v", rows, err)
	}
	n := len(heard(b.drafter))
	c.must(c.Unwatch(c.ctx, b.drafter.Actor, id))
	c.must(c.onOrder(b.other, order, ActAccept, ""))
	if got := heard(b.drafter); len(got) != n {
		t.Errorf("who follows no longer heard %q", got[n:])
	}
}

// subjects are those of what somebody was told about letters that they follow, and of what
// was reworded.
func (c *city) subjects(w worker) (out []string) {
	c.t.Helper()
	rows, err := c.db.Owner().Query(c.ctx, `SELECT subject FROM notify_message WHERE account_id = $1 AND dedup_key LIKE '%:pantau:%' ORDER BY id`, w.AccountID)
	c.must(err)
	defer rows.Close()
	for rows.Next() {
		var s string
		c.must(rows.Scan(&s))
		out = append(out, s)
	}
	return out
}
