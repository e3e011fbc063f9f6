package mtrweb

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// topicView is the step that asks what it is about.
type topicView struct {
	flow
	Search   string // searched without scripts
	Groups   []mtr.CategoryGroup
	Category string
	Class    string
}

func (h *pages) categoryOf(r *http.Request, f flow, search string) (topicView, error) {
	v := topicView{flow: f, Search: search, Category: idText(f.draft.Answers.CategoryID), Class: string(f.draft.Answers.Class)}
	all, err := h.MTR.Categories(r.Context())
	if err != nil {
		return v, err
	}
	if search != "" {
		found, err := h.MTR.SearchCategories(r.Context(), search)
		if err != nil {
			return v, err
		}
		if len(found) > 0 {
			all = found
		}
	}
	v.Groups = mtr.GroupCategories(all)
	return v, nil
}

func (h *pages) categoryStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepCategory)
	if done {
		return err
	}
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := h.categoryOf(r, f, q.Line("cari"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, topicPage(v))
}

func (h *pages) saveCategory(w http.ResponseWriter, r *http.Request) error {
	fl, done, err := h.open(w, r, mtr.StepCategory)
	if done {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token := fl.draft.Token
	in := mtr.CategoryInput{
		CategoryID: f.ID(mtr.ControlCategory, "Pilih salah satu: laporan ini tentang apa?"),
		Class:      mtr.Class(f.Line(mtr.ControlClass)),
	}
	if f.OK() {
		err := h.MTR.SaveDraftCategory(r.Context(), token, in)
		if err == nil {
			return h.alikeOrOnward(w, r, token)
		}
		if !f.FailWith(err) {
			return h.sentMeanwhile(w, r, token, err)
		}
	}
	v, err := h.categoryOf(r, fl, "")
	if err != nil {
		return err
	}
	v.Category, v.Class, v.errors = f.Value(mtr.ControlCategory), f.Value(mtr.ControlClass), f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, topicPage(v))
}

func (v topicView) control() ui.Control {
	c := ui.Control{
		Name: mtr.ControlCategory, Label: "Apa masalahnya?", Hidden: true,
		Value: v.Category, Error: v.errors.Get(mtr.ControlCategory),
	}
	for _, g := range v.Groups {
		for _, cat := range g.Categories {
			c.Options = append(c.Options, ui.Option{
				Value: idText(cat.ID), Label: cat.Name, Group: g.Name,
				Attrs: templ.Attributes{"data-words": strings.Join(cat.Synonyms, " ")},
			})
		}
	}
	return c
}

func (v topicView) class() ui.Control {
	c := ui.Control{
		Name: mtr.ControlClass, Label: "Jenis laporan", Optional: true, Value: v.Class,
		Hint: "Bila dilewati, kami pilihkan sesuai masalahnya.", Error: v.errors.Get(mtr.ControlClass),
	}
	hints := map[mtr.Class]string{
		mtr.Complaint:  "Ada yang rusak, kotor, atau tidak semestinya.",
		mtr.Aspiration: "Usul atau harapan untuk kota.",
		mtr.Question:   "Anda ingin tahu sesuatu.",
	}
	for _, class := range mtr.Classes {
		c.Options = append(c.Options, ui.Option{Value: string(class), Label: class.Label(), Hint: hints[class]})
	}
	return c
}
