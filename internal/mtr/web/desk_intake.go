package mtrweb

import (
	"net/http"
	"net/url"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	intakePath    = deskPath + "/catat-laporan"
	controlKey    = "kunci"
	controlProven = "dipastikan"
)

// intakeView is the form on which staff write down what a caller says; without a category,
// the choice of one.
type intakeView struct {
	Desk       *ui.Desk
	Categories []mtr.Category
	Category   *mtr.Category
	Kelurahan  []ui.Option
	Key        string
	Form       *form.Form
	Receipt    *mtr.Receipt // of what was just written down
}

func (k *desk) loadIntake(r *http.Request, category int64) (v intakeView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if !mtr.MayTake(a) {
		return v, errs.New(errs.Forbidden, "")
	}
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return v, err
	}
	v.Desk = k.side(ctx, a, counts, "")
	if v.Categories, err = k.MTR.Categories(ctx); err != nil {
		return v, err
	}
	for i, c := range v.Categories {
		if c.ID == category {
			v.Category = &v.Categories[i]
		}
	}
	dir, err := k.choices.get(ctx)
	if err == nil {
		v.Kelurahan = append([]ui.Option{{Label: "Pilih kelurahan"}}, dir.kelurahan...)
	}
	return v, err
}

func (k *desk) intake(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadIntake(r, q.ID(mtr.ControlCategory, ""))
	if err != nil {
		return err
	}
	v.Key = crypt.Token()
	return web.Render(w, r, http.StatusOK, intakePage(v))
}

func (k *desk) saveIntake(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadIntake(r, f.ID(mtr.ControlCategory, ""))
	if err != nil {
		return err
	}
	if v.Category == nil {
		return errs.New(errs.BadRequest, "Kategori ini sudah tidak dipakai. Pilih kategori lain.")
	}
	in := mtr.Intake{
		KeptReport: readKept(f, v.Categories), Channel: mtr.Channel(f.Line(mtr.ControlChannel)),
		Proven: f.Bool(controlProven), Neighbourhood: f.Line(mtr.ControlNeighbourhood),
	}
	in.Place.Source = mtr.SourceManual
	photos, done, err := readUploads(f).open()
	if err != nil {
		return err
	}
	defer done()
	in.Photos = photos
	if err = f.Err(); err == nil {
		var receipt mtr.Receipt
		if receipt, err = k.MTR.Take(r.Context(), web.ActorOf(r.Context()), in); err == nil {
			return web.Redirect(w, r, join(intakePath, receipt.Number))
		}
	}
	if !f.FailWith(err) {
		return err
	}
	v.Form, v.Key = f, f.Value(controlKey)
	return web.Render(w, r, http.StatusUnprocessableEntity, intakePage(v))
}

// taken is what staff read out to the caller.
func (k *desk) taken(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadIntake(r, 0)
	if err != nil {
		return err
	}
	receipt, err := k.MTR.Taken(r.Context(), web.ActorOf(r.Context()), web.Path(r, "nomor"))
	if err != nil {
		return err
	}
	v.Receipt = &receipt
	return web.Render(w, r, http.StatusOK, intakePage(v))
}

func (v intakeView) control(c ui.Control) ui.Control { return c.Typed(v.Form) }

// tick is a checkbox with what was ticked.
func (v intakeView) tick(c ui.Control, otherwise bool) ui.Control {
	on := otherwise
	if v.Form != nil {
		on = v.Form.Bool(c.Name)
	}
	c.Value, c.Values, c.Error = "1", checked(on), v.Form.Errors().Get(c.Name)
	return c
}

func (v intakeView) channels() ui.Control {
	c := ui.Control{Name: mtr.ControlChannel, Label: "Sampai lewat", Value: string(mtr.ChannelPhone)}
	for _, it := range mtr.IntakeChannels {
		c.Options = append(c.Options, ui.Option{Value: string(it), Label: it.Label()})
	}
	return v.control(c)
}

func (v intakeView) behalf() ui.Control {
	c := ui.Control{Name: mtr.ControlBehalf, Label: "Ia melapor untuk", Options: []ui.Option{{Label: mtr.BehalfSelf.Label()}}}
	for _, b := range mtr.Behalves {
		c.Options = append(c.Options, ui.Option{Value: string(b), Label: b.Label()})
	}
	return v.control(c)
}

func (v intakeView) question(q mtr.CategoryQuestion) ui.Control {
	c := extraView{}.control(q)
	return v.control(c)
}

func intakeHref(category int64) string {
	return intakePath + "?" + url.Values{mtr.ControlCategory: {idText(category)}}.Encode()
}

// supportCall counts a caller among those who have a report's problem.
func (k *desk) supportCall(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(f)
	if err != nil {
		return err
	}
	number := strings.ToUpper(web.Path(r, "nomor"))
	err = k.MTR.SupportByPhone(r.Context(), web.ActorOf(r.Context()), mtr.SupportCall{
		Act: act, Phone: f.Line(mtr.ControlPhone), Consent: f.Bool(mtr.ControlConsent),
	})
	if err == nil {
		web.Flash(r, "success", "Penelepon dihitung sebagai pendukung "+number+" dan dikabari lewat nomornya.")
		return web.Redirect(w, r, reportHref(number, mtr.QueueKey(f.Value(paramQueue))))
	}
	status := web.Status(err)
	if !f.Refuse(err) {
		return err
	}
	v, err := k.load(r, number)
	if err != nil {
		return err
	}
	v.Queue, v.Call = mtr.QueueKey(f.Value(paramQueue)), f
	return web.Render(w, r, status, reportPage(v))
}

// call describes a control of the caller's form.
func (v reportView) call(c ui.Control) ui.Control {
	c.ID = "dukungan-" + c.Name
	if v.Call != nil {
		c = c.Typed(v.Call)
		c.ID = c.Name
	}
	return c
}

func intakeItem(a authz.Actor) []ui.DeskItem {
	if !mtr.MayTake(a) {
		return nil
	}
	return []ui.DeskItem{{Label: "Catat laporan warga", Href: intakePath}}
}
