package letterweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// questions are a kind's questions as citizens are asked them: people are chosen from
// the own family or written out, for nobody looks into the register from here.
type questions struct {
	fieldsView
	subject int64  // whom the letter is about
	other   string // the control in which somebody outside the family was chosen
}

// relatives offers the subject's family, without the subject.
func (q questions) relatives(c letter.Control) ui.Control {
	v := q.fieldsView
	v.Family = slices.DeleteFunc(slices.Clone(v.Family), func(p letter.Person) bool { return p.ResidentID == q.subject })
	out := v.family(c)
	for i, p := range v.Family {
		out.Options[i].Hint = kinHint(p)
	}
	return out
}

// kinHint tells members of a family apart: "Anak, lahir Makassar, 17 Agustus 2007".
func kinHint(p letter.Person) string {
	p.Relation = upperFirst(strings.ToLower(p.Relation))
	return familyHint(p)
}

// Steps of a form that change who is listed and show the page again.
const (
	controlChange = "ubah"
	changeAdd     = "tambah" // one more person to write out
	changeFamily  = "keluarga"
	changeRemove  = "hapus:" // and the number of the row
	// otherPerson is the choice of somebody outside the family.
	otherPerson = "0"
)

// questionsFor are the questions of a page with the answers so far. more asks for an
// empty row where people are listed.
func questionsFor(part letter.Kind, d letter.Details, v letter.Values, family []letter.Person, wrong form.Errors, more bool) questions {
	q := questions{fieldsView{Errors: wrong, Family: family, Known: map[int64]letter.Person{}}, d.SubjectIs.ResidentID, ""}
	for _, p := range family {
		q.Known[p.ResidentID] = p
	}
	spare := 0
	if more {
		spare = 1
	}
	for _, c := range part.Controls(v, spare) {
		if c.Type == letter.Persons && len(c.People) == 0 {
			c.People = part.Controls(v, 1)[slices.IndexFunc(part.Fields, func(f letter.Field) bool { return f.Name == c.Field.Name })].People
		}
		q.Controls = append(q.Controls, c)
	}
	return q
}

// few choices are all shown; more fold into a list.
const few = 6

// choice is a question with a few answers.
func (q questions) choice(c letter.Control) ui.Control {
	out := q.control(c)
	out.Options = out.Options[1:] // "Pilih"
	return out
}

func inFew(c letter.Control) bool { return c.Required && len(c.Options) <= few }

// person offers the family, and somebody else.
func (q questions) person(c letter.Control) ui.Control {
	p := c.People[0]
	out := ui.Control{
		Name: p.Name + ".id", ID: c.Name, Label: c.Label, Hint: c.Hint, Error: q.problem(c.Name), Optional: !c.Required,
	}
	for _, f := range q.Family {
		out.Options = append(out.Options, ui.Option{Value: strconv.FormatInt(f.ResidentID, 10), Label: f.Name, Hint: kinHint(f)})
	}
	if c.Type == letter.ResidentOrPerson {
		out.Options = append(out.Options, ui.Option{Value: otherPerson, Label: "Orang lain", Hint: "Tulis namanya di bawah.", Attrs: map[string]any{"data-other": true}})
	}
	switch {
	case p.Person.ResidentID != 0:
		out.Value = strconv.FormatInt(p.Person.ResidentID, 10)
	case q.writtenOut(p) || q.other == out.Name:
		out.Value = otherPerson
	}
	return out
}

// writtenOut tells whether anything is written about somebody, or wrong about it.
func (q questions) writtenOut(p letter.PersonControl) bool {
	return slices.ContainsFunc(p.Asks, func(a letter.AskedPart) bool {
		return a.Name != relationPart && p.Person.Get(a.Name) != "" || q.problem(p.Name+"."+a.Name) != ""
	})
}

// lastRow is the id of the last one of a list of people.
func lastRow(control string) string { return control + ".akhir" }

// relationPart is asked about members of the family too.
const relationPart = "hubungan"

func asksRelation(p letter.PersonControl) (letter.AskedPart, bool) {
	i := slices.IndexFunc(p.Asks, func(a letter.AskedPart) bool { return a.Name == relationPart })
	if i < 0 {
		return letter.AskedPart{}, false
	}
	return p.Asks[i], true
}

// others are the parts that are asked of whoever is not in the family.
func others(p letter.PersonControl) []letter.AskedPart {
	return slices.DeleteFunc(slices.Clone(p.Asks), func(a letter.AskedPart) bool { return a.Name == relationPart })
}

// unlisted offers those of the family who are not in a list yet.
func (q questions) unlisted(c letter.Control) ui.Control {
	out := ui.Control{Name: c.Name + ".id", ID: c.Name + ".keluarga", Label: "Tambah dari keluarga Anda", Options: []ui.Option{{Label: "Pilih"}}}
	for _, f := range q.Family {
		if !slices.ContainsFunc(c.People, func(p letter.PersonControl) bool { return p.Person.ResidentID == f.ResidentID }) {
			out.Options = append(out.Options, ui.Option{Value: strconv.FormatInt(f.ResidentID, 10), Label: f.Name})
		}
	}
	return out
}

// readAnswers reads a page's answers out of what was sent.
func readAnswers(part letter.Kind, sent url.Values) letter.Values {
	row, removes := strings.CutPrefix(sent.Get(controlChange), changeRemove)
	if !removes {
		return letter.ReadValues(part, sent)
	}
	kept := url.Values{}
	for name, vs := range sent {
		if !strings.HasPrefix(name, row+".") {
			kept[name] = vs
		}
	}
	return letter.ReadValues(part, kept)
}

// merge puts a page's answers over those of the whole letter.
func merge(all letter.Values, part letter.Kind, v letter.Values) letter.Values {
	out := letter.Values{}
	for name, answer := range all {
		out[name] = answer
	}
	for _, f := range part.Fields {
		delete(out, f.Name)
		if answer, ok := v[f.Name]; ok {
			out[f.Name] = answer
		}
	}
	return out
}

// questionsView is a page of questions.
type questionsView struct {
	applyFlow
	Part      int // from 0
	Questions questions
}

// heading names a page of questions.
func (v questionsView) heading() string {
	part := v.parts[v.Part]
	if len(part.Fields) == 1 && alonePage(part.Fields[0]) {
		return ""
	}
	return "Isian surat"
}

// openPart reads the draft and which of its pages the path names.
func (h *pages) openPart(w http.ResponseWriter, r *http.Request) (v questionsView, done bool, err error) {
	n, err := web.PathInt(r, "bagian")
	if err != nil {
		return v, true, err
	}
	v.applyFlow, done, err = h.openDraft(w, r)
	if done {
		return v, true, err
	}
	if n > int64(len(v.parts)) {
		return v, true, errs.New(errs.NotFound, "")
	}
	v.Part, v.step = int(n)-1, int(n)+1
	return v, false, nil
}

func (h *pages) showPart(w http.ResponseWriter, r *http.Request, status int, v questionsView, answers letter.Values, more bool) error {
	_, family, err := h.Letters.Household(r.Context(), web.ActorOf(r.Context()))
	if err != nil {
		return err
	}
	v.Questions = questionsFor(v.parts[v.Part], v.d, answers, family, v.errors, more)
	for name, sent := range r.PostForm {
		if len(sent) == 1 && sent[0] == otherPerson && strings.HasSuffix(name, ".id") {
			v.Questions.other = name
		}
	}
	return web.Render(w, r, status, questionsPage(v))
}

func (h *pages) questionsStep(w http.ResponseWriter, r *http.Request) error {
	v, done, err := h.openPart(w, r)
	if done {
		return err
	}
	return h.showPart(w, r, http.StatusOK, v, v.d.Values, r.URL.Query().Has(changeAdd))
}

// saveQuestions keeps what was answered, right or wrong, and goes on when it is right.
func (h *pages) saveQuestions(w http.ResponseWriter, r *http.Request) error {
	v, done, err := h.openPart(w, r)
	if done {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	ctx, a, part := r.Context(), web.ActorOf(r.Context()), v.parts[v.Part]
	answers := readAnswers(part, r.PostForm)
	err = h.Letters.SaveDraft(ctx, a, v.ref, merge(v.d.Values, part, answers))
	switch {
	case errs.KindOf(err) == errs.Unprocessable && err != nil:
		f.FailWith(err)
		v.errors = f.Errors()
		return h.showPart(w, r, http.StatusUnprocessableEntity, v, answers, false)
	case err != nil:
		return err
	}
	if change := f.Line(controlChange); change != "" {
		to := v.partPath(v.Part)
		if change == changeAdd {
			to += "?" + changeAdd + "=1#" + lastRow(letter.FieldControl(part.Fields[0].Name))
		}
		return web.Redirect(w, r, to)
	}
	if v.d, err = h.Letters.Draft(ctx, a, v.ref); err != nil {
		return err
	}
	if v.errors = wrongIn(part, h.wrong(v.d)); len(v.errors) > 0 {
		return h.showPart(w, r, http.StatusUnprocessableEntity, v, v.d.Values, false)
	}
	if r.URL.Query().Has("periksa") {
		return web.Redirect(w, r, v.path("periksa"))
	}
	if v.Part+1 < len(v.parts) {
		return web.Redirect(w, r, v.partPath(v.Part+1))
	}
	return web.Redirect(w, r, v.path("berkas"))
}
