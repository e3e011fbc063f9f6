package letterweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls of the answer of the head of an RT or RW.
const (
	controlKnown = "jawaban"
	controlNote  = "catatan"
	knownYes     = "benar"
	knownNo      = "tidak"
)

// askedView is what the head of an RT or RW is asked, behind their secret link.
type askedView struct {
	letter.Asked
	Said, Note string
	Errors     form.Errors
}

// ask reads the question. A link that leads nowhere any more gets a page of its own.
func (h *pages) ask(w http.ResponseWriter, r *http.Request) (v askedView, done bool, err error) {
	v.Asked, err = h.Letters.Ask(r.Context(), web.Path(r, "token"))
	switch kind := errs.KindOf(err); {
	case err == nil:
		return v, false, nil
	case kind == errs.NotFound, kind == errs.Gone:
		return v, true, web.Render(w, r, web.Status(err), lapsedPage())
	}
	return v, true, err
}

func (h *pages) neighbourPage(w http.ResponseWriter, r *http.Request) error {
	v, done, err := h.ask(w, r)
	if done {
		return err
	}
	return web.Render(w, r, http.StatusOK, askedPage(v))
}

// neighbourAnswer keeps the answer once; a second one changes nothing.
func (h *pages) neighbourAnswer(w http.ResponseWriter, r *http.Request) error {
	v, done, err := h.ask(w, r)
	if done {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	here := join(citizenPath, "rt", web.Path(r, "token"))
	if v.Answered {
		return web.Redirect(w, r, here)
	}
	v.Said = f.Choice(controlKnown, []string{knownYes, knownNo}, "Pilih salah satu: benar atau tidak?")
	v.Note = f.Text(controlNote, form.Max(letter.MaxNote))
	if v.Said == knownNo && v.Note == "" {
		f.Fail(controlNote, "Tulis apa yang tidak sesuai, beberapa kata saja.")
	}
	if f.OK() {
		err := h.Letters.Answer(r.Context(), web.Path(r, "token"), v.Said == knownYes, v.Note)
		switch {
		case err == nil, errs.KindOf(err) == errs.Conflict, errs.KindOf(err) == errs.Gone:
			return web.Redirect(w, r, here)
		case !f.FailWith(err):
			return err
		}
	}
	v.Errors = f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, askedPage(v))
}

func (v askedView) title() string {
	switch {
	case v.Answered:
		return "Jawaban tercatat"
	case len(v.Errors) > 0:
		return "Perbaiki: Permohonan surat warga"
	}
	return "Permohonan surat warga"
}

func (v askedView) rows() (rows []ui.SummaryRow) {
	for _, r := range []ui.SummaryRow{
		{Key: "Nama", Value: v.Subject}, {Key: "Alamat", Value: v.Address}, {Key: "Surat", Value: v.Asked.Title}, {Key: "Keperluan", Value: v.Purpose},
		{Key: "Nomor permohonan", Value: v.RequestNumber},
	} {
		if r.Value != "" {
			rows = append(rows, r)
		}
	}
	return rows
}
