package letterweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// A letter is asked for one thing at a time: whom it is about, then a few questions on
// each page, the papers, and everything once more. What was answered is in the draft at
// once, right or wrong, so an expired login or an empty battery loses nothing.

// applyFlow is what every page of a draft shows besides its question.
type applyFlow struct {
	ref    string
	d      letter.Details
	parts  []letter.Kind // the kind with the questions of one page each
	step   int           // from 1; whom it is about is 1
	errors form.Errors
}

// most questions on one page.
const most = 5

// partsOf spreads a kind's questions over pages: those about people have one of their
// own, the others share.
func partsOf(k letter.Kind) (out []letter.Kind) {
	part := func(fields []letter.Field) {
		p := k
		p.Fields = fields
		out = append(out, p)
	}
	for i := 0; i < len(k.Fields); {
		if alonePage(k.Fields[i]) {
			part(k.Fields[i : i+1])
			i++
			continue
		}
		n := 1
		for i+n < len(k.Fields) && !alonePage(k.Fields[i+n]) {
			n++
		}
		run := k.Fields[i : i+n]
		pages := (n + most - 1) / most
		for chunk := range slices.Chunk(run, (n+pages-1)/pages) {
			part(chunk)
		}
		i += n
	}
	return out
}

func alonePage(f letter.Field) bool {
	people, _ := f.Type.OfPeople()
	return people && f.Type != letter.Residents
}

// inPart tells whether a control belongs to a page's questions.
func inPart(part letter.Kind, control string) bool {
	return slices.ContainsFunc(part.Fields, func(f letter.Field) bool {
		name := letter.FieldControl(f.Name)
		return control == name || strings.HasPrefix(control, name+".")
	})
}

// wrongIn are the wrong answers of a page.
func wrongIn(part letter.Kind, all []errs.Field) (out form.Errors) {
	for _, e := range all {
		if inPart(part, e.Name) {
			out = append(out, e)
		}
	}
	return out
}

func draftPath(ref, part string) string {
	if part == "" {
		return join(citizenPath, "draf", ref)
	}
	return join(citizenPath, "draf", ref, part)
}

func (f applyFlow) path(part string) string { return draftPath(f.ref, part) }

func (f applyFlow) partPath(i int) string { return f.path("isian/" + strconv.Itoa(i+1)) }

// Steps after whom it is about and the questions.
func (f applyFlow) papersAt() int { return len(f.parts) + 2 }
func (f applyFlow) steps() int    { return len(f.parts) + 3 }

// back is the address of the step before.
func (f applyFlow) back() string {
	switch i := f.step - 2; {
	case i <= 0:
		return join(citizenPath, "ajukan", f.d.Kind.Code)
	case i <= len(f.parts):
		return f.partPath(i - 1)
	}
	return f.path("berkas")
}

func (f applyFlow) title(s string) string {
	s += " – " + f.d.Title
	if len(f.errors) > 0 {
		s = "Perbaiki: " + s
	}
	return s
}

// openDraft reads the draft that the path names. One that was sent meanwhile leads to
// its letter.
func (h *pages) openDraft(w http.ResponseWriter, r *http.Request) (f applyFlow, done bool, err error) {
	f.ref = web.Path(r, "ref")
	f.d, err = h.Letters.Draft(r.Context(), web.ActorOf(r.Context()), f.ref)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		number, sentErr := h.Letters.SentAs(r.Context(), web.ActorOf(r.Context()), f.ref)
		if sentErr == nil {
			return f, true, web.Redirect(w, r, join(citizenPath, number))
		}
	}
	if err != nil {
		return f, true, err
	}
	f.parts = partsOf(f.d.Kind)
	return f, false, nil
}

// wrong is everything that keeps the answers from being sent.
func (h *pages) wrong(d letter.Details) []errs.Field {
	_, err := d.Kind.CheckValues(d.Values, d.SubjectIs, h.now())
	if err == nil {
		return nil
	}
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		return fields
	}
	return []errs.Field{{Message: errs.MessageOf(err)}}
}

// next is the first step that still lacks something.
func (h *pages) next(f applyFlow) string {
	wrong := h.wrong(f.d)
	for i, part := range f.parts {
		if len(wrongIn(part, wrong)) > 0 {
			return f.partPath(i)
		}
	}
	if len(lacking(f.d)) > 0 {
		return f.path("berkas")
	}
	return f.path("periksa")
}

// resumeDraft leads back to where the citizen was.
func (h *pages) resumeDraft(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.openDraft(w, r)
	if done {
		return err
	}
	return web.Redirect(w, r, h.next(f))
}

// discardDraft throws the draft away.
func (h *pages) discardDraft(w http.ResponseWriter, r *http.Request) error {
	if err := h.Letters.DiscardDraft(r.Context(), web.ActorOf(r.Context()), web.Path(r, "ref")); err != nil {
		return err
	}
	web.Flash(r, "success", "Isian surat dihapus.")
	return web.Redirect(w, r, citizenPath)
}
