package office_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// seen is a report as the tests' own rules judge it.
type seen struct {
	mtr.Case
	DueOrder time.Time // far away without a due time
}

// all reports of the database.
func (o *office) all() []seen {
	o.t.Helper()
	type row struct {
		ID                                          int64
		Number                                      string
		Status                                      mtr.Status
		UnitID, AssigneeID, AssigneePerson, ProofBy int64
		DueKind                                     mtr.DueKind
		DueAt, WarnAt, PausedAt, ReceivedAt         *time.Time
		RespondedAt                                 *time.Time
		Disputed, Anonymous, Confidential           bool
		AgencyAnswer                                string
		DispatchAncestors, UnitAncestors            []int64
	}
	rows, err := pg.Many[row](o.ctx, o.db.Owner(), `
		SELECT r.id, r.number, r.status, COALESCE(r.unit_id, 0) AS unit_id, COALESCE(r.assignee_id, 0) AS assignee_id,
			COALESCE(r.assignee_person, 0) AS assignee_person, COALESCE(r.proof_by, 0) AS proof_by, r.due_kind, r.due_at, r.warn_at,
			r.paused_at, r.received_at, r.responded_at, r.disputed, r.anonymous, r.confidential, r.agency_answer,
			d.ancestors AS dispatch_ancestors, COALESCE(u.ancestors, '{}') AS unit_ancestors
		FROM mtr_report r JOIN org_unit d ON d.id = r.dispatch_unit_id LEFT JOIN org_unit u ON u.id = r.unit_id`)
	o.must(err)
	var out []seen
	for _, r := range rows {
		s := seen{DueOrder: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
		s.ID, s.Number, s.Status, s.UnitID, s.AssigneeID, s.AssigneePerson, s.ProofBy = r.ID, r.Number, r.Status, r.UnitID, r.AssigneeID, r.AssigneePerson, r.ProofBy
		s.DueKind, s.DueAt, s.WarnAt, s.PausedAt, s.ReceivedAt, s.RespondedAt = r.DueKind, r.DueAt, r.WarnAt, r.PausedAt, r.ReceivedAt, r.RespondedAt
		s.Disputed, s.Anonymous, s.Confidential, s.AgencyAnswer = r.Disputed, r.Anonymous, r.Confidential, r.AgencyAnswer
		s.DispatchAncestors, s.UnitAncestors = r.DispatchAncestors, r.UnitAncestors
		if r.DueAt != nil {
			s.DueOrder = *r.DueAt
		}
		out = append(out, s)
	}
	return out
}

// light is the traffic light of a report, said in Go.
func (s seen) light(now time.Time) mtr.Sla {
	if s.PausedAt != nil {
		now = *s.PausedAt
	}
	switch {
	case s.DueAt == nil || s.DueKind == mtr.DueClose || s.DueKind == mtr.DueConfirm:
		return mtr.SlaOK
	case !s.DueAt.After(now):
		return mtr.SlaLate
	case !s.WarnAt.After(now):
		return mtr.SlaNear
	}
	return mtr.SlaOK
}

// in says in Go whether a report is in a queue of an actor.
func (s seen) in(key mtr.QueueKey, a authz.Actor, now time.Time) bool {
	r := s.RolesOf(mtr.Moment{Actor: a})
	mine := slices.ContainsFunc(a.Positions, func(p authz.Position) bool { return p.ID == s.AssigneeID })
	open := !s.Status.Terminal()
	switch key {
	case mtr.QueueVerify:
		return r.Has(mtr.AsDispatcher) && s.Status == mtr.Received
	case mtr.QueueHeld:
		return r.Has(mtr.AsModerator) && s.Status == mtr.Unconfirmed
	case mtr.QueueWaiting:
		return r.Has(mtr.AsDispatcher) && s.Status == mtr.NeedsInfo
	case mtr.QueueIncoming:
		return r.Has(mtr.AsHandler) && s.Status == mtr.Forwarded
	case mtr.QueueWork:
		return r.Has(mtr.AsHandler) && s.Status == mtr.InProgress
	case mtr.QueueScheduled:
		return r.Has(mtr.AsHandler) && s.Status == mtr.Scheduled
	case mtr.QueueMine:
		return r.Has(mtr.AsWorker) && (s.AssigneePerson == 0 || s.AssigneePerson == a.PersonID) &&
			slices.Contains([]mtr.Status{mtr.Forwarded, mtr.InProgress, mtr.Scheduled, mtr.NeedsInfo}, s.Status)
	case mtr.QueueValidate:
		return r.Has(mtr.AsValidator) && s.Status == mtr.ToValidate && s.ProofBy != a.AccountID && !mine
	case mtr.QueueDisputes:
		return r.Has(mtr.AsSupervisor) && s.Disputed && open
	case mtr.QueueNoResponse:
		return r.Has(mtr.AsSupervisor) && open && s.RespondedAt == nil && s.ReceivedAt != nil && !s.ReceivedAt.Add(48*time.Hour).After(now)
	case mtr.QueueLate:
		return r.Has(mtr.AsSupervisor) && open && s.light(now) == mtr.SlaLate
	case mtr.QueueReferred:
		return r.Has(mtr.AsDispatcher) && s.Status == mtr.Referred && s.AgencyAnswer == ""
	}
	return r != 0
}

// scatter makes n reports that stand anywhere, at any unit, due at any time.
func (o *office) scatter(n int, dice *rand.Rand, people []staffer) {
	o.t.Helper()
	o.run(`ALTER TABLE mtr_report DISABLE TRIGGER USER`)
	places := ids(o, `SELECT id FROM org_unit WHERE kind = 'kelurahan' ORDER BY code LIMIT 6`)
	places = append(places, o.city)
	units := append(ids(o, `SELECT id FROM org_unit WHERE parent_id = $1 ORDER BY id`, o.dishub), o.dishub, o.dlh, 0)
	var positions []int64
	for _, p := range people {
		positions = append(positions, p.position)
	}
	original, _ := o.file(filed{})
	for range n {
		id, _ := o.file(filed{anonymous: dice.IntN(4) == 0, confidential: dice.IntN(4) == 0})
		status := mtr.Statuses[dice.IntN(len(mtr.Statuses))]
		unit := units[dice.IntN(len(units))]
		if unit == 0 && status.Group() == mtr.GroupWork {
			unit = o.dishub
		}
		var assignee, person, proofBy *int64
		if unit != 0 && dice.IntN(2) == 0 {
			i := dice.IntN(len(people))
			assignee = &positions[i]
			if dice.IntN(2) == 0 {
				person = &people[dice.IntN(len(people))].PersonID
			}
			proofBy = &people[dice.IntN(len(people))].AccountID
		}
		resume, agency, kind := "", "", mtr.DueNone
		var parent *int64
		if status == mtr.Duplicate {
			parent = &original
		}
		var due, warn, paused, received, responded *time.Time
		at := func(hours int) *time.Time { t := tuesday.Add(time.Duration(hours) * time.Hour); return &t }
		received = at(-dice.IntN(100))
		if status == mtr.NeedsInfo {
			resume, paused = "diterima", at(-dice.IntN(100))
		}
		if status == mtr.Referred {
			agency = "PLN"
		}
		if !status.Terminal() && dice.IntN(10) > 0 {
			kind = []mtr.DueKind{mtr.DueVerify, mtr.DueFollowUp, mtr.DueWork, mtr.DueClose, mtr.DueConfirm}[dice.IntN(5)]
			h := dice.IntN(20)*10 - 100
			due, warn = at(h), at(h-24)
		}
		if dice.IntN(2) == 0 {
			responded = at(-1)
		}
		o.run(`UPDATE mtr_report SET status = $2, unit_id = NULLIF($3::bigint, 0), dispatch_unit_id = $4, assignee_id = $5, assignee_person = $6,
			proof_by = $7, resume = $8, agency = $9, due_kind = $10, due_at = $11, warn_at = $12, paused_at = $13, received_at = $14,
			responded_at = $15, disputed = $16, agency_answer = $17, parent_id = $18 WHERE id = $1`,
			id, status, unit, places[dice.IntN(len(places))], assignee, person, proofBy, resume, agency, kind, due, warn, paused, received,
			responded, dice.IntN(4) == 0, []string{"", "Sudah."}[dice.IntN(2)], parent)
	}
}

func ids(o *office, sql string, args ...any) []int64 {
	o.t.Helper()
	out, err := pg.Scalars[int64](o.ctx, o.db.Owner(), sql, args...)
	o.must(err)
	return out
}

// walk reads a queue to its end and back, a few rows at a time.
func (o *office) walk(a authz.Actor, key mtr.QueueKey, f mtr.DeskFilter, limit int) (items []mtr.DeskItem) {
	o.t.Helper()
	var cursor *mtr.DeskCursor
	for {
		page, err := o.m.Queue(o.ctx, a, key, f, cursor, limit)
		o.must(err)
		items = append(items, page.Items...)
		if cursor = page.Next; cursor == nil {
			// Back again: the same rows.
			var back []mtr.DeskItem
			for rest := page; ; {
				back = append(slices.Clone(rest.Items), back...)
				if rest.Prev == nil {
					break
				}
				rest, err = o.m.Queue(o.ctx, a, key, f, rest.Prev, limit)
				o.must(err)
			}
			if !slices.EqualFunc(items, back, func(a, b mtr.DeskItem) bool { return a.ID == b.ID }) {
				o.t.Errorf("%s: %d rows there, %d rows back", key, len(items), len(back))
			}
			return items
		}
	}
}

// crowd is people with every kind of realm.
func (o *office) crowd() []staffer {
	kecamatan := ids(o, `SELECT DISTINCT parent_id FROM (SELECT parent_id FROM org_unit WHERE kind = 'kelurahan' ORDER BY code LIMIT 6) k`)
	division := ask[int64](o, `INSERT INTO org_unit (parent_id, kind, code, name, short_name) VALUES ($1, 'bidang', 'LALIN', 'Bidang Lalu Lintas', 'Lalin') RETURNING id`, o.dishub)
	sibling := ask[int64](o, `INSERT INTO org_unit (parent_id, kind, code, name, short_name) VALUES ($1, 'bidang', 'PARKIRAN', 'Bidang Parkir', 'Bidang Parkir') RETURNING id`, o.dishub)
	people := []staffer{o.dispatcher, o.moderator, o.revealer, o.mayor, o.head, o.worker, o.colleague, o.validator, o.stranger,
		o.hire("Kiki", kecamatan[0], kecamatan[0], mtr.PermDispatch, mtr.PermModerate),
		o.hire("Lala", o.kelurahan, o.kelurahan, mtr.PermDispatch, mtr.PermOverview),
		o.hire("Bima", division, division, mtr.PermHandle, mtr.PermWork),
		o.hire("Bayu", sibling, sibling, mtr.PermHandle, mtr.PermValidate, mtr.PermWork),
		o.hire("Camat", kecamatan[0], kecamatan[0], mtr.PermOverview),
		o.hire("Kadis", o.dishub, o.dishub, mtr.PermOverview, mtr.PermHandle, mtr.PermValidate, mtr.PermWork),
	}
	return people
}

// For everybody and every queue: what is counted is what is listed, and what is
// listed is what the rules of roles say, in order, whichever way one pages.
func TestQueuesHoldWhatTheRulesSay(t *testing.T) {
	o := newOffice(t)
	people := o.crowd()
	o.scatter(160, rand.New(rand.NewPCG(1, 2)), people)
	all := o.all()
	some := map[mtr.QueueKey]int{}
	for _, p := range people {
		counts, err := o.m.Queues(o.ctx, p.Actor)
		o.must(err)
		if len(counts) == 0 || counts[len(counts)-1].Key != mtr.QueueAll {
			t.Fatalf("%s has queues %v", p.Name, counts)
		}
		for _, c := range counts {
			items := o.walk(p.Actor, c.Key, mtr.DeskFilter{}, 7)
			var want, got []int64
			late := 0
			for _, s := range all {
				if s.in(c.Key, p.Actor, tuesday) {
					want = append(want, s.ID)
				}
			}
			for i, it := range items {
				got = append(got, it.ID)
				s := all[slices.IndexFunc(all, func(s seen) bool { return s.ID == it.ID })]
				if it.Late != (s.light(tuesday) == mtr.SlaLate) || it.Near != (s.light(tuesday) == mtr.SlaNear) {
					t.Errorf("%s: late %v near %v, the rules say %q", it.Number, it.Late, it.Near, s.light(tuesday))
				}
				if it.Late {
					late++
				}
				if i == 0 {
					continue
				}
				before := all[slices.IndexFunc(all, func(s seen) bool { return s.ID == items[i-1].ID })]
				if c.Key == mtr.QueueAll && it.ID > before.ID || c.Key != mtr.QueueAll && s.DueOrder.Before(before.DueOrder) {
					t.Errorf("%s: %s stands after %s", c.Key, it.Number, before.Number)
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: %d reports, the rules say %d", p.Name, c.Key, len(got), len(want))
			}
			if c.Key == mtr.QueueAll {
				late = 0
			}
			if c.Count != len(want) || c.Late != late {
				t.Errorf("%s, %s: counts %d (%d late), lists %d (%d late)", p.Name, c.Key, c.Count, c.Late, len(want), late)
			}
			if c.Label == "" {
				t.Errorf("%s has no label", c.Key)
			}
			some[c.Key] += len(want)
		}
		// The page of a report opens to the same people.
		for _, s := range all[:20] {
			_, err := o.m.DeskView(o.ctx, p.Actor, s.Number)
			if visible := s.RolesOf(mtr.Moment{Actor: p.Actor}) != 0; visible != (err == nil) {
				t.Errorf("%s opens %s: %v, the rules say %v", p.Name, s.Number, err, visible)
			}
		}
	}
	for key, n := range some {
		if n == 0 {
			t.Errorf("nobody had anything in %s: the test is blind there", key)
		}
	}
}

// Filters narrow a queue to what they say.
func TestDeskFilters(t *testing.T) {
	o := newOffice(t)
	people := o.crowd()
	o.scatter(60, rand.New(rand.NewPCG(3, 4)), people)
	all := o.all()
	a := o.dispatcher.Actor
	count := func(f mtr.DeskFilter, keep func(seen) bool) {
		t.Helper()
		want := 0
		for _, s := range all {
			if keep(s) {
				want++
			}
		}
		if got := len(o.walk(a, mtr.QueueAll, f, 9)); got != want || want == 0 || want == len(all) && f != (mtr.DeskFilter{}) {
			t.Errorf("%+v: %d of %d, want %d", f, got, len(all), want)
		}
	}
	for _, sla := range []mtr.Sla{mtr.SlaOK, mtr.SlaNear, mtr.SlaLate} {
		count(mtr.DeskFilter{Sla: sla}, func(s seen) bool { return s.light(tuesday) == sla })
	}
	count(mtr.DeskFilter{Status: mtr.Forwarded}, func(s seen) bool { return s.Status == mtr.Forwarded })
	count(mtr.DeskFilter{UnitID: o.dlh}, func(s seen) bool { return s.UnitID == o.dlh })
	n := all[7].Number
	count(mtr.DeskFilter{Text: strings.ToLower(n)}, func(s seen) bool { return s.Number == n })
	count(mtr.DeskFilter{Text: strings.TrimLeft(n[7:], "0")}, func(s seen) bool { return s.Number == n })
	o.run(`UPDATE mtr_report SET title = 'Beringin tumbang' WHERE id = $1`, all[3].ID)
	count(mtr.DeskFilter{Text: "beringin"}, func(s seen) bool { return s.ID == all[3].ID })
	count(mtr.DeskFilter{Text: "berigin"}, func(s seen) bool { return s.ID == all[3].ID })
	if got := o.walk(a, mtr.QueueAll, mtr.DeskFilter{Text: "kaktus"}, 9); len(got) != 0 {
		t.Errorf("%d reports about nothing", len(got))
	}
}

// Who sees which report, said in words.
func TestWhoSeesWhat(t *testing.T) {
	o := newOffice(t)
	o.crowd()
	kecamatan := ask[int64](o, `SELECT parent_id FROM org_unit WHERE id = $1`, o.kelurahan)
	elsewhere := ask[int64](o, `SELECT min(id) FROM org_unit WHERE kind = 'kecamatan' AND id <> $1`, kecamatan)
	division := ask[int64](o, `SELECT id FROM org_unit WHERE code = 'LALIN'`)
	sibling := ask[int64](o, `SELECT id FROM org_unit WHERE code = 'PARKIRAN'`)
	fresh, atUnit, below, mine := 0, 1, 2, 3
	numbers := make([]string, 4)
	var id int64
	_, numbers[fresh] = o.file(filed{})
	id, numbers[atUnit] = o.file(filed{})
	o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub}))
	id, numbers[below] = o.file(filed{})
	o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: division}))
	id, numbers[mine] = o.file(filed{})
	o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub}))
	o.must(o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: o.worker.position}))
	former := o.worker.Actor
	former.Positions = nil
	citizen := o.dispatcher.Actor
	citizen.Kind = authz.Citizen
	for _, tt := range []struct {
		who   string
		actor authz.Actor
		sees  []int
	}{
		{"dispatcher of the city", o.dispatcher.Actor, []int{fresh, atUnit, below, mine}},
		{"dispatcher of the kecamatan", o.hire("A1", kecamatan, kecamatan, mtr.PermDispatch).Actor, []int{fresh, atUnit, below, mine}},
		{"dispatcher of the kelurahan", o.hire("A2", o.kelurahan, o.kelurahan, mtr.PermDispatch).Actor, []int{fresh, atUnit, below, mine}},
		{"dispatcher of another kecamatan", o.hire("A3", elsewhere, elsewhere, mtr.PermDispatch, mtr.PermModerate, mtr.PermOverview).Actor, nil},
		{"dispatcher of the unit in charge", o.hire("A4", o.dishub, o.dishub, mtr.PermDispatch).Actor, nil},
		{"handler of the unit", o.head.Actor, []int{atUnit, below, mine}},
		{"handler of a division", o.hire("A5", division, division, mtr.PermHandle).Actor, []int{below}},
		{"handler of the division beside", o.hire("A6", sibling, sibling, mtr.PermHandle, mtr.PermValidate).Actor, nil},
		{"handler of another unit", o.stranger.Actor, nil},
		{"handler of the city", o.hire("A7", o.city, o.city, mtr.PermHandle).Actor, []int{atUnit, below, mine}},
		{"validator of the unit", o.validator.Actor, []int{atUnit, below, mine}},
		{"field officer with the task", o.worker.Actor, []int{mine}},
		{"field officer without", o.colleague.Actor, nil},
		{"field officer who left the position", former, nil},
		{"moderator", o.moderator.Actor, []int{fresh, atUnit, below, mine}},
		{"mayor", o.mayor.Actor, []int{fresh, atUnit, below, mine}},
		{"leader of the unit", o.hire("A8", o.dishub, o.dishub, mtr.PermOverview).Actor, []int{atUnit, below, mine}},
		{"administrator of categories", o.hire("A9", o.city, o.city, mtr.PermConfigure).Actor, nil},
		{"citizen", citizen, nil},
		{"nobody", authz.Actor{}, nil},
	} {
		for i, n := range numbers {
			_, err := o.m.DeskView(o.ctx, tt.actor, n)
			if want := slices.Contains(tt.sees, i); want && err != nil || !want && errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s, report %d: %v", tt.who, i, err)
			}
		}
		page, err := o.m.Queue(o.ctx, tt.actor, mtr.QueueAll, mtr.DeskFilter{}, nil, 100)
		if len(tt.sees) > 0 && err != nil || len(page.Items) != len(tt.sees) {
			t.Errorf("%s lists %d reports, want %d (%v)", tt.who, len(page.Items), len(tt.sees), err)
		}
	}
}

// Queues of others do not exist, whatever the address says.
func TestQueuesOfOthersDoNotExist(t *testing.T) {
	o := newOffice(t)
	for key, a := range map[mtr.QueueKey]authz.Actor{
		mtr.QueueVerify: o.head.Actor, mtr.QueueHeld: o.dispatcher.Actor, mtr.QueueMine: o.validator.Actor,
		mtr.QueueNoResponse: o.head.Actor, "apa saja": o.mayor.Actor, mtr.QueueAll: {}, "": o.mayor.Actor,
	} {
		_, err := o.m.Queue(o.ctx, a, key, mtr.DeskFilter{}, nil, 0)
		o.refused(err, errs.NotFound)
	}
}

// A cursor or filter that our pages never make gives an empty page or an error of
// the asker's, never one of ours.
func TestHostileDeskQuestions(t *testing.T) {
	o := newOffice(t)
	o.file(filed{})
	numbers := []int64{0, -1, 1, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, 253402214400 * 1e6, 1 << 60}
	for _, key := range []mtr.QueueKey{mtr.QueueVerify, mtr.QueueAll} {
		for _, due := range numbers {
			for _, id := range numbers {
				for _, back := range []bool{true, false} {
					_, err := o.m.Queue(o.ctx, o.dispatcher.Actor, key, mtr.DeskFilter{}, &mtr.DeskCursor{Due: due, ID: id, Back: back}, int(min(id, 1000)))
					o.must(err)
				}
			}
		}
		for _, text := range hostileTexts {
			_, err := o.m.Queue(o.ctx, o.dispatcher.Actor, key, mtr.DeskFilter{Text: text, CategoryID: -1, UnitID: math.MaxInt64}, nil, -5)
			o.must(err)
		}
	}
	for _, text := range append(slices.Clone(hostileTexts), "MTR-26-999999", "mtr-26-000001'") {
		_, err := o.m.DeskView(o.ctx, o.dispatcher.Actor, text)
		o.refused(err, errs.NotFound)
	}
}

var hostileTexts = []string{
	"\x00", "a\x00b", "\xff\xfe", "lampu\xc3", strings.Repeat("a", 10<<20), strings.Repeat("\xf0\x9f", 1000), "'; DROP TABLE mtr_report; --",
	"%", "_", `\`, `"`, `"lampu`, "-", "- -", "or", "lampu or", "!!!", "&|!()<->:*", "\u202e", strings.Repeat("lampu ", 1000), " ", "\t\n",
	strings.Repeat("(", 300), "مرحبا", "日本語", "0", strings.Repeat("9", 12), strings.Repeat("9", 40),
}

// The desk's page holds the whole story and nothing of who reported.
func TestDeskPageOfAReport(t *testing.T) {
	o := newOffice(t)
	account := ask[int64](o, `INSERT INTO authn_account (kind, name, email, created_at) VALUES ('warga', 'Siti Aminah', 'siti@contoh.id', $1) RETURNING id`, tuesday)
	id, number := o.file(filed{anonymous: true, account: account, email: "siti@contoh.id", verified: true})
	o.run(`ALTER TABLE mtr_event DISABLE TRIGGER USER`)
	o.run(`UPDATE mtr_event SET actor_id = $2 WHERE report_id = $1`, id, account)
	photo := "fotofotofotofotofoto01"
	o.run(`INSERT INTO mtr_photo (ref, report_id, kind, event_seq, width, height, dhash, stored, created_at) VALUES ($2, $1, 'sebelum', 1, 800, 600, 0, true, $3)`, id, photo, tuesday)
	v, err := o.m.DeskView(o.ctx, o.dispatcher.Actor, strings.ToLower(number))
	o.must(err)
	if v.ID != id || v.Suggestion == nil || v.Suggestion.UnitName == "" || !v.May(mtr.ActForward) || v.May(mtr.ActStart) || v.PhotosLocked || len(v.Photos) != 1 {
		t.Errorf("the dispatcher sees %+v", v)
	}
	o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub, Note: "Mohon dicek."}))
	o.must(o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: o.worker.position, PersonID: o.worker.PersonID, Note: "Bawa tangga."}))
	v, err = o.m.DeskView(o.ctx, o.worker.Actor, number)
	o.must(err)
	if !v.PhotosLocked || len(v.Photos) != 0 || v.Assignee != "Wati, Petugas Wati" || v.UnitName != "Dinas Perhubungan" || len(v.Timeline) != 3 || v.Suggestion != nil {
		t.Errorf("the officer sees %+v", v)
	}
	if e := v.Timeline[2]; e.Assignee != "Wati, Petugas Wati" || e.ByName != "Hasan" || e.Audience != mtr.ForStaff || e.Reason != "Bawa tangga." {
		t.Errorf("assigned: %+v", e)
	}
	if e := v.Timeline[1]; e.UnitName != "Dinas Perhubungan" || e.Due == nil {
		t.Errorf("forwarded: %+v", e)
	}
	if e := v.Timeline[0]; e.ByName != "Pelapor" {
		t.Errorf("submitted: %+v", e)
	}
	page, err := o.m.Queue(o.ctx, o.worker.Actor, mtr.QueueMine, mtr.DeskFilter{}, nil, 0)
	o.must(err)
	if len(page.Items) != 1 || page.Items[0].Thumb != "" {
		t.Errorf("the officer's list shows the photo of an anonymous report: %+v", page.Items)
	}
	if page, err = o.m.Queue(o.ctx, o.head.Actor, mtr.QueueAll, mtr.DeskFilter{}, nil, 0); err != nil || page.Items[0].Thumb != photo {
		t.Errorf("the head's list shows %+v (%v)", page.Items, err)
	}
	o.must(o.m.ReleasePhotos(o.ctx, o.head.Actor, mtr.ReleaseInput{Act: o.act(id), Days: 3, Reason: "Tidak menunjukkan rumah pelapor."}))
	if v, err = o.m.DeskView(o.ctx, o.worker.Actor, number); err != nil || v.PhotosLocked || len(v.Photos) != 1 {
		t.Errorf("released photos: %v %+v", err, v.Photos)
	}
	if all := fmt.Sprintf("%+v", v); strings.Contains(all, "Siti") || strings.Contains(all, "contoh.id") {
		t.Errorf("the desk's page names the reporter: %s", all)
	}
	o.must(o.m.Start(o.ctx, o.worker.Actor, mtr.StartInput{Act: o.act(id)}))
	pending := o.photo(o.worker.Actor, id)
	if v, err = o.m.DeskView(o.ctx, o.worker.Actor, number); err != nil || len(v.ProofPending) != 1 || v.ProofPending[0].Ref != pending.Ref || len(v.Photos) != 1 {
		t.Errorf("proof being gathered: %v %+v", err, v.ProofPending)
	}
	if v, err = o.m.DeskView(o.ctx, o.validator.Actor, number); err != nil || len(v.ProofPending) != 0 {
		t.Errorf("the validator sees proof not handed in: %v %+v", err, v.ProofPending)
	}
}

// Each reading of a rahasia report leaves a trace; of others none.
func TestReadingRahasiaIsAudited(t *testing.T) {
	o := newOffice(t)
	_, plain := o.file(filed{})
	id, secret := o.file(filed{confidential: true})
	reads := func() int {
		return ask[int](o, `SELECT count(*) FROM audit_entry WHERE action = 'mtr.report.read' AND object_id = $1 AND account_id = $2`, id, o.dispatcher.AccountID)
	}
	for i, n := range []string{plain, secret, secret} {
		_, err := o.m.DeskView(o.ctx, o.dispatcher.Actor, n)
		o.must(err)
		if got := reads(); got != i {
			t.Errorf("%d entries after %d readings", got, i)
		}
	}
	_, err := o.m.DeskView(o.ctx, o.head.Actor, secret)
	o.refused(err, errs.NotFound)
	if got := ask[int](o, `SELECT count(*) FROM audit_entry WHERE action = 'mtr.report.read'`); got != 2 {
		t.Errorf("%d entries in all", got)
	}
}

// Work goes to positions of the unit whose holders can do it.
func TestAssignees(t *testing.T) {
	o := newOffice(t)
	id := o.started(filed{})
	allow := func(position, unit int64, p authz.Permission) {
		role := ask[int64](o, `INSERT INTO authz_role (code, name) VALUES ('uji-' || $1::bigint, 'Uji') RETURNING id`, position)
		o.run(`INSERT INTO authz_role_permission (role_id, permission) VALUES ($1, $2)`, role, string(p))
		o.run(`INSERT INTO authz_grant (position_id, role_id, unit_id, valid_from, created_at) VALUES ($1, $2, $3, $4, $4)`, position, role, unit, tuesday.AddDate(-1, 0, 0))
	}
	allow(o.worker.position, o.dishub, mtr.PermWork)
	allow(o.colleague.position, o.dishub, mtr.PermWork)
	allow(o.validator.position, o.dishub, mtr.PermValidate)
	allow(o.stranger.position, o.dlh, mtr.PermWork)
	allow(o.head.position, o.city, mtr.PermHandle)
	vacant := ask[int64](o, `INSERT INTO org_position (unit_id, title, kind) VALUES ($1, 'Teknisi', 'pelaksana') RETURNING id`, o.dishub)
	allow(vacant, o.dishub, mtr.PermWork)
	got, err := o.m.Assignees(o.ctx, o.head.Actor, id)
	o.must(err)
	open := map[string]int{}
	for _, a := range got {
		open[a.Name+"/"+a.Title] = a.Open
	}
	want := map[string]int{"Wati/Petugas Wati": 1, "Coki/Petugas Coki": 0, "Hasan/Petugas Hasan": 0, "/Teknisi": 0}
	if fmt.Sprint(open) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", open, want)
	}
	_, err = o.m.Assignees(o.ctx, o.validator.Actor, id)
	o.refused(err, errs.Forbidden)
	_, err = o.m.Assignees(o.ctx, o.stranger.Actor, id)
	o.refused(err, errs.NotFound)
	_, err = o.m.Assignees(o.ctx, o.head.Actor, -1)
	o.refused(err, errs.NotFound)
}

// Every unit offered takes reports.
func TestForwardUnitsTakeReports(t *testing.T) {
	o := newOffice(t)
	units, err := o.m.ForwardUnits(o.ctx, o.dispatcher.Actor)
	o.must(err)
	if len(units) < 190 {
		t.Errorf("only %d units", len(units))
	}
	id, _ := o.file(filed{})
	for _, u := range []mtr.UnitChoice{units[0], units[len(units)/2], units[len(units)-1]} {
		o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: u.ID}))
		o.run(`ALTER TABLE mtr_report DISABLE TRIGGER USER`)
		o.run(`UPDATE mtr_report SET status = 'diterima' WHERE id = $1`, id)
	}
	_, err = o.m.ForwardUnits(o.ctx, o.head.Actor)
	o.refused(err, errs.Forbidden)
}

// A moderator reads why a report is held.
func TestHeldReportsSayWhy(t *testing.T) {
	o := newOffice(t)
	id, number := o.file(filed{held: true})
	o.run(`UPDATE mtr_report SET held_for = '{tautan}' WHERE id = $1`, id)
	v, err := o.m.DeskView(o.ctx, o.moderator.Actor, number)
	o.must(err)
	if len(v.HeldFor) != 1 || v.HeldFor[0] != mtr.HoldLinks.Label() || !v.May(mtr.ActRelease) {
		t.Errorf("got %q, may %v", v.HeldFor, v.Actions)
	}
}

// Counting ends where nobody reads on.
func TestCountsStop(t *testing.T) {
	o := newOffice(t)
	id := o.forwarded(filed{})
	o.many(id, mtr.CountCap+50)
	o.clock.Advance(60 * 24 * time.Hour) // all are late
	counts, err := o.m.Queues(o.ctx, o.head.Actor)
	o.must(err)
	for _, c := range counts {
		switch {
		case c.Key == mtr.QueueIncoming && (c.Count != mtr.CountCap || c.Late != mtr.CountCap),
			c.Key == mtr.QueueAll && (c.Count != mtr.CountCap || c.Late != 0):
			t.Errorf("%s: %d, %d late", c.Key, c.Count, c.Late)
		}
	}
}
