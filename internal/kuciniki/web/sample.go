package kucinikiweb

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	samplePath = deskPath + "/sampel"

	openSamples = "belum" // of paramWhich; else all
	allSamples  = "semua"
)

func sampleHref(id int64) string { return samplePath + "/" + idText(id) }

// sampleListView is what was drawn of a month.
type sampleListView struct {
	Desk     *ui.Desk
	Form     *form.Form
	Draws    []work.SampleDraw
	Draw     work.SampleDraw // which is shown
	Which    string
	All      work.Looked
	List     []work.Sample
	Links    links
	Next     string
	Inspects bool
}

func (v sampleListView) monthControl() ui.Control {
	c := ui.Control{Name: paramMonth, Label: "Bulan", Value: v.Draw.Month.Format("2006-01")}
	for _, d := range v.Draws {
		c.Options = append(c.Options, ui.Option{Value: d.Month.Format("2006-01"), Label: indo.MonthYear(d.Month)})
	}
	return c
}

func (v sampleListView) whichControl() ui.Control {
	return ui.Control{Name: paramWhich, Label: "Yang mana", Value: v.Which, Options: []ui.Option{{Value: openSamples, Label: "Belum diperiksa"}, {Value: allSamples, Label: "Semua"}}}
}

func (v sampleListView) seed() string { return hex.EncodeToString(v.Draw.Seed) }

func (k *desk) samples(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := sampleListView{Form: f, Which: openSamples, Inspects: a.Has(kuciniki.PermInspect)}
	if f.Value(paramWhich) == allSamples {
		v.Which = allSamples
	}
	if v.Draws, err = k.Evidence.SampleDraws(ctx, a); err != nil {
		return err
	}
	if len(v.Draws) > 0 {
		v.Draw = v.Draws[0]
		if typed := f.Value(paramMonth); typed != "" {
			i := slices.IndexFunc(v.Draws, func(d work.SampleDraw) bool { return d.Month.Format("2006-01") == typed })
			if i < 0 {
				return errs.New(errs.NotFound, "Pada bulan itu tidak ada undian.")
			}
			v.Draw = v.Draws[i]
		}
		after, err := cursorOf[int64](f)
		if err != nil {
			return err
		}
		if after == nil {
			after = new(int64)
		}
		var next int64
		if v.List, v.All, next, err = k.Evidence.Samples(ctx, a, work.Month{Time: v.Draw.Month}, v.Which == openSamples, *after); err != nil {
			return err
		}
		if next != 0 {
			v.Next = nextPage(r, &next)
		}
		if v.Links, err = k.links(ctx, a, refs(v.List, refOfSample)); err != nil {
			return err
		}
	}
	if v.Desk, err = k.side(ctx, a, samplePath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), sampleListPage(v))
}

func refOfSample(s work.Sample) caseRef { return caseRef{s.Object, s.ObjectID, s.ThreadID} }

// sampleView is a sample at which somebody looks.
type sampleView struct {
	Desk  *ui.Desk
	Form  *form.Form
	Now   time.Time
	Links links
	work.SampleFile
	Number string // of the case, so that its unit can be asked for it; "": none
}

func (v sampleView) title() string {
	if v.Number == "" {
		return v.Links.text(refOfSample(v.Sample))
	}
	return work.CaseName(v.Object) + " " + v.Number
}

// ask is what who looks does with a case that they cannot open.
func (v sampleView) ask() string {
	if v.Number == "" {
		return "Isi pekerjaan ini tidak terbuka bagi Anda. Minta unitnya memperlihatkan berkas dan hasilnya."
	}
	return "Isi pekerjaan ini tidak terbuka bagi Anda. Minta unitnya memperlihatkan berkas nomor " + v.Number + " dan hasilnya."
}

func (v sampleView) back() string {
	return samplePath + "?" + url.Values{paramMonth: {v.Month.Format("2006-01")}}.Encode()
}

func (v sampleView) shown() ui.Control {
	return ui.Control{Name: work.ControlLooked, Label: v.Question, Required: true, Options: []ui.Option{
		{Value: work.LookedOk, Label: "Ya, sesuai"},
		{Value: string(work.Coached), Label: "Tidak: perlu pembinaan oleh atasan"},
		{Value: string(work.Examined), Label: "Tidak: perlu diperiksa Inspektorat"},
	}}.Kept(v.Form)
}

func (v sampleView) text() ui.Control {
	return ui.Control{Name: work.ControlFlagText, Label: "Apa yang tidak sesuai, dan dari mana terlihat", Hint: "Hanya bila tidak sesuai. Dibaca yang mengerjakannya, yang dapat menyanggah.", Rows: 5, MaxLength: 4000}.Kept(v.Form)
}

// open tells whether the viewer may open the case itself.
func (v sampleView) open() bool { return v.Links[refOfSample(v.Sample)].Href != "" }

func (k *desk) sample(w http.ResponseWriter, r *http.Request) error {
	return k.showSample(w, r, http.StatusOK, nil)
}

func (k *desk) showSample(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v := sampleView{Form: f, Now: k.Clock.Now()}
	if v.SampleFile, err = k.Evidence.Sample(ctx, a, id); err != nil {
		return err
	}
	of := refOfSample(v.Sample)
	if v.Links, err = k.links(ctx, a, []caseRef{of}); err != nil {
		return err
	}
	if find := k.Numbers[v.Object]; find != nil {
		numbers, err := find(ctx, []int64{of.page()})
		if err != nil {
			return err
		}
		v.Number = numbers[of.page()]
	}
	if v.Desk, err = k.side(ctx, a, samplePath); err != nil {
		return err
	}
	return web.Render(w, r, status, samplePage(v))
}

func (k *desk) answerSample(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	shown, text := f.Line(work.ControlLooked), f.Text(work.ControlFlagText)
	if err = f.Err(); err == nil {
		err = k.Evidence.AnswerSample(r.Context(), web.ActorOf(r.Context()), id, shown, text)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showSample(w, r, web.Status(err), f)
	}
	web.Flash(r, "success", "Hasilnya tersimpan.")
	return web.Redirect(w, r, samplePath)
}

// lookedText is how many of those looked at were in order.
func lookedText(l work.Looked) string {
	return strconv.Itoa(l.Ok) + " dari " + strconv.Itoa(l.Done)
}
