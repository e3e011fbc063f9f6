package letterweb

import (
	"net/http"
	"slices"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// controlPaper is the control of a paper's scans.
const controlPaper = "foto"

// ownPaper is a requirement as its applicant sees it.
type ownPaper struct {
	letter.Requirement
	No    int // its place, from 1, in addresses
	Scans []letter.Scan
	// Known: the register proves it.
	Known bool
}

// missing tells whether the paper still holds the letter up.
func (p ownPaper) missing() bool {
	return p.Scan && !p.Optional && !p.Known && len(p.Scans) == 0
}

func ownPapers(d letter.Details) []ownPaper {
	out := make([]ownPaper, len(d.Kind.Requirements))
	for i, r := range d.Kind.Requirements {
		out[i] = ownPaper{Requirement: r, No: i + 1, Known: r.Proved && d.SubjectIs.ResidentID != 0}
		for _, s := range d.Scans {
			if s.Requirement == r.Name {
				out[i].Scans = append(out[i].Scans, s)
			}
		}
	}
	return out
}

// lacking are the papers that hold a letter up.
func lacking(d letter.Details) (out []ownPaper) {
	for _, p := range ownPapers(d) {
		if p.missing() {
			out = append(out, p)
		}
	}
	return out
}

// papersView lists the papers of a draft.
type papersView struct {
	applyFlow
	Papers []ownPaper
}

func (h *pages) papersStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.openDraft(w, r)
	if done {
		return err
	}
	f.step = f.papersAt()
	return web.Render(w, r, http.StatusOK, papersPage(papersView{f, ownPapers(f.d)}))
}

// paperView asks for a scan of one paper.
type paperView struct {
	Paper   ownPaper
	Letter  string // what it belongs to
	Action  string
	Back    string
	Removes string // what stands before a scan's ref where it is removed
	Errors  form.Errors
}

// paperAt is the paper that the path names; only those that are scanned.
func paperAt(r *http.Request, d letter.Details) (ownPaper, error) {
	n, err := web.PathInt(r, "urut")
	if err != nil {
		return ownPaper{}, err
	}
	papers := ownPapers(d)
	if n > int64(len(papers)) || !papers[n-1].Scan || papers[n-1].Known {
		return ownPaper{}, errs.New(errs.NotFound, "")
	}
	return papers[n-1], nil
}

func draftPaperView(r *http.Request, f applyFlow) (paperView, error) {
	p, err := paperAt(r, f.d)
	return paperView{
		Paper: p, Letter: f.d.Title + " · " + f.d.Subject, Action: r.URL.Path, Back: f.path("berkas"), Removes: f.path("pindaian"),
	}, err
}

func (h *pages) draftPaper(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.openDraft(w, r)
	if done {
		return err
	}
	v, err := draftPaperView(r, f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, paperPage(v))
}

func (h *pages) addDraftScan(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.openDraft(w, r)
	if done {
		return err
	}
	v, err := draftPaperView(r, f)
	if err != nil {
		return err
	}
	return h.takeScan(w, r, f.ref, v)
}

const tooLargeScan = "Berkas ini lebih besar dari 10 MB. Potret lagi dengan mutu lebih kecil, atau pindai dengan resolusi lebih rendah."

// takeScan keeps the scans of a form and leads back to the list. What is refused is
// said beside the control, files too large as well.
func (h *pages) takeScan(w http.ResponseWriter, r *http.Request, ref string, v paperView) error {
	f, err := form.Read(r)
	if errs.KindOf(err) == errs.TooLarge && err != nil {
		v.Errors = form.Errors{{Name: controlPaper, Message: tooLargeScan}}
		return web.Render(w, r, http.StatusRequestEntityTooLarge, paperPage(v))
	}
	if err != nil {
		return err
	}
	files := f.Files(controlPaper)
	if len(files) == 0 {
		f.Fail(controlPaper, "Potret kertasnya, atau pilih fotonya dahulu.")
	}
	for _, header := range files {
		file, err := header.Open()
		if err != nil {
			return err
		}
		err = h.Letters.AddScan(r.Context(), web.ActorOf(r.Context()), ref, v.Paper.Name, letter.File{Name: header.Filename, ReadSeeker: file})
		file.Close()
		if err != nil && errs.KindOf(err) != errs.Unprocessable {
			return err
		}
		if err != nil {
			f.Fail(controlPaper, sentenceOf(err))
		}
	}
	if f.OK() {
		return web.Redirect(w, r, v.Back)
	}
	v.Errors = f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, paperPage(v))
}

// sentenceOf is what a refusal says, whichever control it names.
func sentenceOf(err error) string {
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		return fields[0].Message
	}
	return errs.MessageOf(err)
}

func (h *pages) removeDraftScan(w http.ResponseWriter, r *http.Request) error {
	ref := web.Path(r, "ref")
	if err := h.Letters.RemoveScan(r.Context(), web.ActorOf(r.Context()), ref, web.Path(r, "pindaian")); err != nil {
		return err
	}
	return web.Redirect(w, r, draftPath(ref, "berkas"))
}

// ownScan shows the applicant what they sent.
func (h *pages) ownScan(w http.ResponseWriter, r *http.Request) error {
	body, scan, err := h.Letters.OpenScan(r.Context(), web.ActorOf(r.Context()), web.Path(r, "pindaian"))
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, body, scan.ContentType, "berkas"+extension(scan.ContentType))
}

// counted says how many of the papers that are needed are there.
func (v papersView) counted() (have, need int) {
	for _, p := range v.Papers {
		if p.Scan && !p.Optional && !p.Known {
			need++
			if !p.missing() {
				have++
			}
		}
	}
	return have, need
}

// toShow are papers that are only shown at the office.
func toShow(ps []ownPaper) []ownPaper {
	return slices.DeleteFunc(slices.Clone(ps), func(p ownPaper) bool { return p.Scan || p.Known })
}

func variantOf(p ownPaper) string {
	if p.Optional {
		return "secondary"
	}
	return "primary"
}

func (v paperView) title() string {
	if len(v.Errors) > 0 {
		return "Perbaiki: " + v.Paper.Name
	}
	return v.Paper.Name
}

func (v paperView) label() string {
	if len(v.Paper.Scans) > 0 {
		return "Tambah lembar"
	}
	return "Foto kertas"
}
