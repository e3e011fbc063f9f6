package demo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
)

// own is a letter that one of the demo's citizens asks for from home.
type own struct {
	errand
	a       authz.Actor
	subject int64
	home    household
	number  string
}

// ownPlan is how far a letter of a citizen comes, counted in days before the end.
type ownPlan struct {
	who, home, member int
	code, until       string
	daysAgo           int
}

var ownPlans = []ownPlan{
	{0, 0, 1, "DOM", "terbit", 48}, {0, 0, 1, "USH", "dilengkapi", 33}, {0, 0, 2, "SKC", "terbit", 21}, {0, 0, 1, "KHL", "ditolak", 16},
	{0, 0, 1, "PHS", "batal", 12}, {0, 0, 1, "TM", "dikembalikan", 3}, {0, 0, 1, "BRM", "paraf", 1}, {0, 0, 1, "BPG", "draf", 1},
	{1, 1, 1, "BMN", "terbit", 40}, {1, 1, 1, "DOM", "dicabut", 25}, {1, 1, 1, "NKH", "diajukan", 2}, {1, 1, 0, "JDA", "terbit", 9},
}

// citizensLetters proves who the accounts warga and warga2 are and plans their letters.
func citizensLetters(o *office, cast players, cal *calendar.Calendar, begin, end time.Time) (out []happening) {
	accounts := []authz.Actor{cast["warga"], cast["warga2"]}
	for i, nik := range []string{NIKOfWarga, NIKOfWarga2} {
		at := cal.AddWorkingTime(begin.AddDate(0, 0, 2+i), time.Hour)
		out = append(out, happening{at, "prove " + nik, func(ctx context.Context) error {
			if err := o.m.ClaimIdentity(ctx, accounts[i], nik, o.id, &letter.File{ReadSeeker: bytes.NewReader(sheet("KTP-el"))}); err != nil {
				return err
			}
			claims, err := o.m.Claims(ctx, o.operator, 0)
			if err != nil {
				return err
			}
			return o.m.ConfirmIdentity(ctx, o.operator, claims[0].ID)
		}})
	}
	for i, p := range ownPlans {
		if p.home >= len(o.homes) || p.member >= len(o.homes[p.home].Residents) {
			continue
		}
		w := &own{a: accounts[p.who], home: o.homes[p.home], subject: o.homes[p.home].Residents[p.member]}
		w.errand = errand{office: o, Rand: rand.New(rand.NewPCG(17, uint64(i))), code: p.code}
		at := cal.AddWorkingTime(end.AddDate(0, 0, -p.daysAgo), time.Duration(20+10*i)*time.Minute)
		out = append(out, w.way(cal, at, p)...)
	}
	return out
}

// way plans what becomes of it.
func (w *own) way(cal *calendar.Calendar, at time.Time, p ownPlan) (out []happening) {
	then := func(minutes int, does string, do func(ctx context.Context) error) {
		at = cal.AddWorkingTime(at, time.Duration(minutes)*time.Minute)
		out = append(out, happening{at, "own " + does + " " + w.code, do})
	}
	step := func(a authz.Actor, action letter.Action, why string) func(context.Context) error {
		return func(ctx context.Context) error { return w.m.Do(ctx, a, action, letter.Act{ID: w.id, Reason: why}) }
	}
	then(0, "draft", func(ctx context.Context) error { return w.ask(ctx, p.member, p.until != "draf") })
	switch p.until {
	case "draf", "diajukan":
		return out
	case "batal":
		then(3, "cancel", func(ctx context.Context) error { return w.m.CancelMine(ctx, w.a, w.number, "Sudah tidak diperlukan.") })
		return out
	case "ditolak":
		then(9, "reject", step(w.operator, letter.ActReject, "Kehilangan seperti ini cukup dilaporkan langsung ke Polsek, tanpa surat kelurahan."))
		return out
	case "dikembalikan", "dilengkapi":
		then(6, "return", step(w.operator, letter.ActReturn, "Fotonya kabur dan tidak terbaca. Potret lagi di tempat terang, lalu kirim ulang."))
		if p.until == "dikembalikan" {
			return out
		}
		then(90, "resubmit", func(ctx context.Context) error {
			d, err := w.m.MyLetter(ctx, w.a, w.number)
			if err != nil {
				return err
			}
			return w.m.Resubmit(ctx, w.a, w.number, d.Values)
		})
	}
	then(7, "check", w.check)
	if p.until == "paraf" {
		return out
	}
	then(5, "paraf", step(w.secretary, letter.ActParaf, ""))
	if w.kinds[w.code].AlwaysWet || w.kinds[w.code].Mode != letter.Electronic {
		then(4, "print", func(ctx context.Context) error { return w.m.Print(ctx, w.lurah, letter.Act{ID: w.id}) })
		then(11, "scan", w.scan)
	} else {
		then(8, "sign", w.signed(w.lurah))
	}
	if p.until == "dicabut" {
		then(600, "void", step(w.lurah, letter.ActVoid, "Alamat di surat keliru. Ajukan lagi dengan alamat yang benar."))
	}
	return out
}

// ask fills the letter in, with its papers, and sends it.
func (w *own) ask(ctx context.Context, member int, send bool) error {
	ref, err := w.m.StartDraft(ctx, w.a, w.code, w.subject)
	if err != nil {
		return err
	}
	k := w.kinds[w.code]
	values, ok := w.answers(k, w.home, member)
	if !ok {
		return fmt.Errorf("no answers for %s", w.code)
	}
	for name, v := range values { // from home only the family is chosen from
		for i, p := range v.People {
			if p.ResidentID != 0 && !w.ofFamily(p.ResidentID) {
				values[name].People[i] = w.outsider(one(w, menNames[6:])+" "+one(w, menSecond), w.home)
			}
		}
	}
	if err := w.m.SaveDraft(ctx, w.a, ref, values); err != nil || !send {
		return err
	}
	for _, r := range k.Requirements {
		if r.Scan && !r.Optional && !r.Proved {
			if err := w.m.AddScan(ctx, w.a, ref, r.Name, letter.File{Name: "foto.pdf", ReadSeeker: bytes.NewReader(sheet(r.Name))}); err != nil {
				return err
			}
		}
	}
	if w.number, err = w.m.Submit(ctx, w.a, ref); err != nil {
		return err
	}
	d, err := w.m.MyLetter(ctx, w.a, w.number)
	w.id = d.ID
	return err
}

func (w *own) ofFamily(id int64) bool {
	for _, r := range w.home.Residents {
		if r == id {
			return true
		}
	}
	return false
}
