package demo

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// Letters of a whole story.
const Letters = 500

// electronic are the kinds that both kelurahan sign electronically.
var electronic = []string{"DOM", "TM", "USH", "BMN", "PHS", "SKC", "BRM", "KHL", "BPG", "JKS"}

// often are the kinds after every one was asked for once, the usual ones more often.
var often = []string{
	"DOM", "DOM", "DOM", "DOM", "TM", "TM", "TM", "TM", "TM", "USH", "USH", "USH", "USH", "SKC", "SKC", "SKC", "NKH", "NKH", "BMN", "PHS", "PHS",
	"KTP", "KK", "LHR", "MTI", "PDH", "DTG", "BRM", "JKS", "KHL", "KHL", "KRM", "BDA", "JDA", "WAL", "AHW", "DMU", "BPG", "TNH", "JBL", "UMM",
}

// office is a kelurahan of the story with its people.
type office struct {
	m                                 *letter.Module
	id                                int64
	operator, secretary, lurah, camat authz.Actor
	homes                             []household
	kinds                             map[string]letter.Kind
	clock                             *clock.Fake
}

// errand is one letter on its way.
type errand struct {
	*office
	*rand.Rand
	code      string
	withCamat bool
	id        int64
}

// askForLetters opens the letters' offices, proves who the demo's citizens are, and
// plans n letters until the end of the story.
func askForLetters(ctx context.Context, d Deps, watch *clock.Fake, register *epemerintahan.Module, cast players, units map[string]int64,
	homes map[string][]household, cal *calendar.Calendar, end time.Time, n int) ([]happening, error) {
	signer, err := sign.Open("", sign.NewAuthority(d.DB, d.Box, watch, "Makassar Tidak Rantasa"))
	if err != nil {
		return nil, err
	}
	m := letter.New(letter.Deps{
		DB: d.DB, Clock: watch, Box: d.Box, Blobs: d.Blobs, Residents: register, Signer: signer,
		Scans: media.New(media.Options{Clock: watch}), BaseURL: d.BaseURL,
	})
	begin := watch.Now()
	day := end.In(clock.Makassar)
	r := rand.New(rand.NewPCG(uint64(day.Year()*1000+day.YearDay()), 26))
	var offices []*office
	for _, reg := range registers {
		suffix := ""
		if reg.code == buakana {
			suffix = ".buakana"
		}
		o := &office{
			m: m, id: units[reg.code], operator: cast[reg.operator], secretary: cast["sekretaris"+suffix], lurah: cast[reg.lurah], camat: cast["camat"],
			homes: homes[reg.code], clock: watch,
		}
		if err := o.open(ctx, reg.streets[0]); err != nil {
			return nil, err
		}
		offices = append(offices, o)
	}
	plans := citizensLetters(offices[0], cast, cal, begin, end)
	for i := range n {
		o := offices[min(1, r.IntN(5)/3)]
		e := &errand{office: o, Rand: rand.New(rand.NewPCG(r.Uint64(), uint64(i))), code: one(r, often)}
		if i < 2*len(o.kinds) {
			e.office, e.code = offices[i%2], codes(o)[i/2%len(o.kinds)]
		}
		// Within a working day: opening is at the first working minute.
		at := cal.AddWorkingTime(begin.AddDate(0, 0, r.IntN(storyDays)), time.Duration(1+r.IntN(400))*time.Minute)
		if i >= n-n/16 { // some are still on their way
			at = cal.AddWorkingTime(end.AddDate(0, 0, -4), time.Duration(r.IntN(700))*time.Minute)
		}
		if at.Before(end) {
			plans = append(plans, e.way(cal, at, i >= n-n/16)...)
		}
	}
	return plans, nil
}

// codes of an office's kinds in their order.
func codes(o *office) []string {
	out := make([]string, 0, len(o.kinds))
	for code := range o.kinds {
		out = append(out, code)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(o.kinds[a].No, o.kinds[b].No) })
	return out
}

// inTime orders what happens; what is at the same time keeps its order.
func inTime(all []happening) []happening {
	slices.SortStableFunc(all, func(a, b happening) int { return a.at.Compare(b.at) })
	return all
}

// open sets an office up: its address, and what it signs electronically.
func (o *office) open(ctx context.Context, street string) error {
	s, err := o.m.OfficeOf(ctx, o.id)
	if err != nil {
		return err
	}
	s.Address, s.Phone, s.Postcode = street+" No. 1, Makassar", "0411 8971 001", "90222"
	if err := o.m.SaveOffice(ctx, o.lurah, s); err != nil {
		return err
	}
	kinds, err := o.m.Kinds(ctx, o.id)
	if err != nil {
		return err
	}
	o.kinds = map[string]letter.Kind{}
	for _, k := range kinds {
		if slices.Contains(electronic, k.Code) {
			k.Mode = letter.Electronic
			err := o.m.SaveKind(ctx, o.lurah, letter.KindForm{
				UnitID: o.id, Code: k.Code, Definition: k.Definition, Reason: "Ditandatangani secara elektronik", BaseID: k.VersionID})
			if err != nil {
				return fmt.Errorf("%s: %w", k.Code, err)
			}
		}
		o.kinds[k.Code] = k
	}
	return nil
}

// way plans how a letter goes from the counter to its end, most within the standard.
// Those that stop do so somewhere on their way.
func (e *errand) way(cal *calendar.Calendar, at time.Time, stops bool) []happening {
	k := e.kinds[e.code]
	pace := 2 + e.IntN(5) // minutes between steps
	if e.IntN(14) == 0 {
		pace = k.ServiceMinutes + e.IntN(300) // late
	}
	var out []happening
	then := func(minutes int, does string, do func(ctx context.Context) error) {
		at = cal.AddWorkingTime(at, time.Duration(minutes)*time.Minute)
		out = append(out, happening{at, does + " " + e.code, do})
	}
	step := func(a authz.Actor, action letter.Action, why string) func(context.Context) error {
		return func(ctx context.Context) error {
			return e.m.Do(ctx, a, action, letter.Act{ID: e.id, Reason: why})
		}
	}
	e.withCamat = e.code == "TM" && e.IntN(6) == 0
	then(0, "enter", e.enter)
	wet := k.AlwaysWet || k.Mode != letter.Electronic
	fate := e.IntN(100)
	switch {
	case fate < 3:
		then(pace, "reject", step(e.secretary, letter.ActReject, "Berkas tidak sesuai dengan data penduduk. Pemohon diminta membetulkan KK dahulu."))
	case fate < 5:
		then(pace, "cancel", step(e.operator, letter.ActCancel, "Pemohon tidak jadi memerlukan surat ini."))
	case wet && fate < 55: // at the counter
		then(pace, "print", func(ctx context.Context) error { return e.m.Print(ctx, e.operator, letter.Act{ID: e.id}) })
		then(4+2*pace, "scan", e.scan)
	default:
		if fate < 62 {
			then(pace, "send back", step(e.secretary, letter.ActSendBack, "Keperluannya belum jelas. Tanyakan lagi kepada pemohon."))
			then(pace, "check", e.check)
		}
		then(pace, "paraf", step(e.secretary, letter.ActParaf, ""))
		if wet {
			then(pace, "print", func(ctx context.Context) error { return e.m.Print(ctx, e.lurah, letter.Act{ID: e.id}) })
			then(5+2*pace, "scan", e.scan)
		} else {
			then(pace, "sign", e.signed(e.lurah))
			if e.withCamat {
				then(2*pace, "sign", e.signed(e.camat))
			}
		}
	}
	switch {
	case stops:
		out = out[:1+e.IntN(len(out))]
	case fate >= 97:
		then(300+e.IntN(900), "void", step(e.lurah, letter.ActVoid, "Nama di surat keliru. Diterbitkan surat pengganti dengan nomor baru."))
	case fate >= 60:
		then(20+e.IntN(400), "hand over", step(e.operator, letter.ActHandOver, ""))
	}
	return out
}

// enter records the letter at the counter about the first resident who may have it.
func (e *errand) enter(ctx context.Context) (err error) {
	k := e.kinds[e.code]
	for range 200 {
		home := one(e, e.homes)
		i := e.IntN(len(home.Residents))
		values, ok := e.answers(k, home, i)
		if !ok {
			continue
		}
		e.id, err = e.m.Enter(ctx, e.operator, letter.Entry{
			KelurahanID: e.office.id, Code: e.code, Subject: letter.Person{ResidentID: home.Residents[i]}, Values: values, Checked: papersOf(k), WithCamat: e.withCamat})
		if errs.KindOf(err) != errs.Unprocessable {
			return err
		}
	}
	return fmt.Errorf("nobody may have %s: %w", e.code, err)
}

func (e *errand) check(ctx context.Context) error {
	return e.m.Check(ctx, e.operator, letter.Checking{Act: letter.Act{ID: e.id}, Checked: papersOf(e.kinds[e.code]), WithCamat: e.withCamat})
}

func papersOf(k letter.Kind) (out []string) {
	for _, r := range k.Requirements {
		out = append(out, r.Name)
	}
	return out
}

// signed reads and signs.
func (e *errand) signed(a authz.Actor) func(context.Context) error {
	return func(ctx context.Context) error {
		if _, err := e.m.View(ctx, a, e.id); err != nil {
			return err
		}
		return e.m.Sign(ctx, a, []letter.Act{{ID: e.id}}, letter.Secret{})[0].Err
	}
}

// scan brings the signed paper back.
func (e *errand) scan(ctx context.Context) error {
	paper, err := e.m.OpenFile(ctx, e.operator, e.id, letter.FilePrint)
	if err != nil {
		return err
	}
	defer paper.Close()
	b, err := io.ReadAll(paper)
	if err != nil {
		return err
	}
	return e.m.AttachScan(ctx, e.operator, letter.Act{ID: e.id}, letter.File{Name: "pindaian.pdf", ReadSeeker: bytes.NewReader(b)})
}
