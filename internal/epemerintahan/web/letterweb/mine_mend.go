package letterweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// mendView is a returned letter with all its questions and papers: its applicant
// mends what the officer named and sends it again.
type mendView struct {
	ownView
	Questions questions
	Papers    []ownPaper
}

func (h *pages) loadMend(r *http.Request, answers letter.Values, wrong form.Errors, more bool) (v mendView, err error) {
	if v.ownView, err = h.ownView(r); err != nil {
		return v, err
	}
	if !v.may(letter.ActResubmit) {
		return v, errs.New(errs.Conflict, "Permohonan ini sekarang "+ownStatus(v.Status)+", jadi tidak ada yang perlu dilengkapi. Buka lagi halaman suratnya.")
	}
	if answers == nil {
		answers = v.Values
	}
	_, family, err := h.Letters.Household(r.Context(), web.ActorOf(r.Context()))
	if err != nil {
		return v, err
	}
	v.Errors, v.Papers = wrong, ownPapers(v.Details)
	v.Questions = questionsFor(v.Kind, v.Details, answers, family, wrong, more)
	return v, nil
}

func (h *pages) mendForm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.loadMend(r, nil, nil, false)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, mendPage(v))
}

func (h *pages) mend(w http.ResponseWriter, r *http.Request) error {
	ctx, a, number := r.Context(), web.ActorOf(r.Context()), web.Path(r, "nomor")
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d, err := h.Letters.MyLetter(ctx, a, number)
	if err != nil {
		return err
	}
	answers := readAnswers(d.Kind, r.PostForm)
	status, change := http.StatusOK, f.Line(controlChange)
	if change == "" {
		err := h.Letters.Resubmit(ctx, a, number, answers)
		if err == nil {
			return web.Redirect(w, r, join(citizenPath, number)+"?kabar=lengkap")
		}
		if !f.FailWith(err) {
			return err
		}
		status = http.StatusUnprocessableEntity
	}
	v, err := h.loadMend(r, answers, f.Errors(), change == changeAdd)
	if err != nil {
		return err
	}
	return web.Render(w, r, status, mendPage(v))
}

// returnedPaperView is a paper of a returned letter.
func (h *pages) returnedPaperView(r *http.Request) (v paperView, err error) {
	d, err := h.Letters.MyLetter(r.Context(), web.ActorOf(r.Context()), web.Path(r, "nomor"))
	if err != nil {
		return v, err
	}
	if d.Status != letter.Returned {
		return v, errs.New(errs.Conflict, "Berkas surat ini tidak dapat diubah sekarang: "+ownStatus(d.Status)+".")
	}
	if v.Paper, err = paperAt(r, d); err != nil {
		return v, err
	}
	base := join(citizenPath, d.RequestNumber)
	v.Letter, v.Action, v.Back, v.Removes = d.Title+" · "+d.RequestNumber, r.URL.Path, base+"/perbaiki", base+"/pindaian"
	return v, nil
}

func (h *pages) returnedPaper(w http.ResponseWriter, r *http.Request) error {
	v, err := h.returnedPaperView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, paperPage(v))
}

func (h *pages) addReturnedScan(w http.ResponseWriter, r *http.Request) error {
	v, err := h.returnedPaperView(r)
	if err != nil {
		return err
	}
	return h.takeScan(w, r, web.Path(r, "nomor"), v)
}

func (h *pages) removeReturnedScan(w http.ResponseWriter, r *http.Request) error {
	number := web.Path(r, "nomor")
	if err := h.Letters.RemoveScan(r.Context(), web.ActorOf(r.Context()), number, web.Path(r, "pindaian")); err != nil {
		return err
	}
	return web.Redirect(w, r, join(citizenPath, number, "perbaiki"))
}

// scanned are the papers of which scans are kept.
func scanned(ps []ownPaper) (out []ownPaper) {
	for _, p := range ps {
		if p.Scan && !p.Known {
			out = append(out, p)
		}
	}
	return out
}

func (v mendView) mendTitle() string {
	s := "Lengkapi " + v.RequestNumber
	if len(v.Errors) > 0 {
		s = "Perbaiki: " + s
	}
	return s
}
