package demo

import (
	"context"
	"math/rand/v2"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// affair is something that several letters and desks are about, planned step by step: each
// step some working time after the one before.
type affair struct {
	*rand.Rand
	m       *eoffice.Module
	cal     *calendar.Calendar
	key     string
	at      time.Time
	orders  map[string]int64 // by the name under which they were given
	letters int
	out     []happening
}

// wish is what an order of an affair asks of somebody.
type wish struct {
	name string // of the order, for later steps
	to   authz.Actor
	note string
	lead bool
	info bool // for information only
}

// workingDaysBefore is the moment that lies so many days of work before another: a story
// that is told in them has come to its end by then, whatever holidays there were.
func workingDaysBefore(cal *calendar.Calendar, end time.Time, days int) time.Time {
	at := end
	for cal.WorkingMinutes(at, end) < days*450 {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

func (f *affair) then(minutes int, does string, do func(ctx context.Context) error) {
	f.at = f.cal.AddWorkingTime(f.at, time.Duration(minutes)*time.Minute)
	f.out = append(f.out, happening{f.at, does, do})
}

// drafts plans a letter until it is submitted.
func (f *affair) drafts(x *mail) *mail {
	f.letters++
	x.Rand, x.m = f.Rand, f.m
	if x.sec == "" {
		x.sec = eoffice.Open
	}
	if x.urg == "" {
		x.urg = eoffice.Ordinary
	}
	x.key = f.key + "-" + string(rune('a'+f.letters))
	f.then(20, "write "+x.what.kind, x.write)
	f.then(15+f.IntN(40), "submit "+x.what.kind, x.submit)
	return x
}

// writes plans a letter from its draft until it is sent; of the most secret ones the paper
// is signed in ink.
func (f *affair) writes(x *mail) *mail {
	f.drafts(x)
	for _, v := range x.from.verifiers {
		f.then(20+f.IntN(60), "paraf "+x.what.kind, x.read(v, x.paraf(v)))
	}
	if x.sec != eoffice.HighlySecret {
		minutes := 20 + f.IntN(60)
		signer := x.from.signer(f.cal.AddWorkingTime(f.at, time.Duration(minutes)*time.Minute))
		f.then(minutes, "sign "+x.what.kind, x.read(signer, x.sign(signer)))
	} else {
		f.then(20+f.IntN(60), "number the paper", func(ctx context.Context) error {
			_, err := f.m.Print(ctx, x.from.clerk, eoffice.Act{ID: x.id})
			return err
		})
	}
	return x
}

// inked plans that the paper of a most secret letter is signed.
func (f *affair) inked(x *mail) {
	f.then(30, "sign in ink", func(ctx context.Context) error {
		_, err := f.m.Scan(ctx, x.from.clerk, eoffice.Act{ID: x.id}, nil)
		return err
	})
}

func (f *affair) takeIn(x *mail, b *bureau) {
	f.then(20+f.IntN(60), "take in at "+b.code, x.takeIn(b))
}

// waits lets a step of the head of an office that a letter went to wait until they are there.
func (f *affair) waits(x *mail, a authz.Actor, minutes int) int {
	at := f.cal.AddWorkingTime(f.at, time.Duration(minutes)*time.Minute)
	for _, b := range x.to {
		if there := b.present(f.cal, at); a.AccountID == b.head.AccountID && there.After(at) {
			f.at = there
			return 0
		}
	}
	return minutes
}

func (f *affair) finish(x *mail, b *bureau, words string) {
	f.then(f.waits(x, b.head, 30+f.IntN(90)), "finish at "+b.code, func(ctx context.Context) error {
		r, err := x.at(ctx, b.head, b)
		if err != nil {
			return err
		}
		return f.m.Finish(ctx, b.head, r.ID, words)
	})
}

// gives plans orders: of the head of an office on what arrived there, or, below an order, of
// who got it.
func (f *affair) gives(x *mail, b *bureau, by authz.Actor, under string, wishes ...wish) {
	f.then(f.waits(x, by, 30+f.IntN(90)), "give orders", func(ctx context.Context) error {
		if _, err := f.m.Open(ctx, by, x.id); err != nil {
			return err
		}
		g := eoffice.Giving{ParentID: f.orders[under], Admit: under == "" && x.sec == eoffice.Secret}
		if under == "" {
			r, err := x.at(ctx, by, b)
			if err != nil {
				return err
			}
			g.RecipientID = r.ID
		}
		list, err := f.m.Instructions(ctx, b.head.MainPosition().UnitID)
		if err != nil {
			return err
		}
		for _, a := range wishes {
			o := eoffice.NewOrder{To: a.to.MainPosition().ID, Lead: a.lead, ForInfo: a.info, Note: a.note}
			if !a.info {
				o.Instructions = list[:1]
			}
			g.Orders = append(g.Orders, o)
		}
		ids, err := f.m.Give(ctx, by, g)
		if err != nil {
			return err
		}
		for i, a := range wishes {
			f.orders[a.name] = ids[i]
		}
		return nil
	})
}

func (f *affair) opens(x *mail, a authz.Actor) {
	f.then(20+f.IntN(60), "open", x.read(a, func(context.Context) error { return nil }))
}

// acts plans a step on an order; words where it needs a reason.
func (f *affair) acts(x *mail, name string, a authz.Actor, action eoffice.Action, words string) {
	f.then(f.waits(x, a, 20+f.IntN(90)), "order: "+string(action), x.read(a, func(ctx context.Context) error {
		err := f.m.OnOrder(ctx, a, action, eoffice.Act{ID: f.orders[name], Reason: words})
		if action == eoffice.ActAccept && errs.KindOf(err) == errs.Conflict { // its silence was an answer
			return nil
		}
		return err
	}))
}

// reports plans what came of an order, with the letter that answers where there is one.
func (f *affair) reports(x *mail, name string, a authz.Actor, words string, reply *mail) {
	f.then(60+f.IntN(120), "order: report", x.read(a, func(ctx context.Context) error {
		r := eoffice.Report{Text: words}
		if reply != nil {
			r.ReplyID = reply.id
		}
		return f.m.ReportOrder(ctx, a, eoffice.Act{ID: f.orders[name]}, r)
	}))
}
