package letterweb

import (
	"net/http"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// controlWho is the control of the person whom the letter is about.
const controlWho = "untuk"

// whoView asks whom the letter is about.
type whoView struct {
	Kind     letter.Kind
	Identity letter.Identity
	People   []letter.Person
	Barred   map[int64]string // why somebody cannot have the letter
	Chosen   string
	Errors   form.Errors
}

func (h *pages) loadWho(r *http.Request) (v whoView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Identity, err = h.Letters.MyIdentity(ctx, a); err != nil {
		return v, err
	}
	if v.Kind, err = h.Letters.KindFor(ctx, homeOf(v.Identity), web.Path(r, "kode")); err != nil {
		return v, err
	}
	if v.Identity.Status != letter.IdentityProved {
		return v, nil
	}
	if _, v.People, err = h.Letters.Household(ctx, a); err != nil {
		return v, err
	}
	v.Barred = map[int64]string{}
	for _, p := range v.People {
		if err := v.Kind.Eligible(p, "", h.now()); err != nil {
			v.Barred[p.ResidentID] = errs.MessageOf(err)
		}
	}
	return v, nil
}

// allBarred tells whether nobody of the family can have the letter.
func (v whoView) allBarred() bool { return len(v.People) > 0 && len(v.Barred) == len(v.People) }

func (v whoView) control() ui.Control {
	c := ui.Control{Name: controlWho, Label: "Surat ini tentang siapa?", Value: v.Chosen, Error: v.Errors.Get(controlWho)}
	for _, p := range v.People {
		o := ui.Option{Value: strconv.FormatInt(p.ResidentID, 10), Label: p.Name, Hint: kinHint(p)}
		if p.ResidentID == v.Identity.ResidentID {
			o.Label += " (Anda)"
		}
		if _, barred := v.Barred[p.ResidentID]; !barred {
			c.Options = append(c.Options, o)
		}
	}
	return c
}

func (h *pages) whoStep(w http.ResponseWriter, r *http.Request) error {
	v, err := h.loadWho(r)
	if err != nil {
		return err
	}
	for _, p := range v.People {
		// With one possible answer it is given.
		if _, barred := v.Barred[p.ResidentID]; !barred && len(v.People)-len(v.Barred) == 1 {
			v.Chosen = strconv.FormatInt(p.ResidentID, 10)
		}
	}
	return web.Render(w, r, http.StatusOK, whoPage(v))
}

func (h *pages) startDraft(w http.ResponseWriter, r *http.Request) error {
	v, err := h.loadWho(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if v.Identity.Status != letter.IdentityProved {
		return web.Redirect(w, r, join(citizenPath, "ajukan", v.Kind.Code))
	}
	id := f.ID(controlWho, "Pilih salah satu: surat ini tentang siapa?")
	if f.OK() {
		ref, err := h.Letters.StartDraft(r.Context(), web.ActorOf(r.Context()), v.Kind.Code, id)
		if err == nil {
			return web.Redirect(w, r, draftPath(ref, "isian/1"))
		}
		if errs.KindOf(err) != errs.Unprocessable {
			return err
		}
		f.Fail(controlWho, errs.MessageOf(err))
	}
	v.Chosen, v.Errors = f.Value(controlWho), f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, whoPage(v))
}

func (v whoView) title(s string) string {
	s += " – " + v.Kind.Title
	if len(v.Errors) > 0 {
		s = "Perbaiki: " + s
	}
	return s
}

// reason is why some of the family cannot have a letter.
type reason struct{ Who, Why string }

// reasons are those of everybody who cannot, the same one said once.
func (v whoView) reasons() (out []reason) {
	for _, p := range v.People {
		why, barred := v.Barred[p.ResidentID]
		if !barred {
			continue
		}
		if i := slices.IndexFunc(out, func(r reason) bool { return r.Why == why }); i >= 0 {
			out[i].Who += ", " + p.Name
			continue
		}
		out = append(out, reason{p.Name, why})
	}
	return out
}
