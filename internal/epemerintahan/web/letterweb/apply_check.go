package letterweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// checkView is the last page: everything once more, each with a way to change it.
type checkView struct {
	applyFlow
	// Problems are what keeps the letter from being sent, each with where to mend it.
	Problems []ui.Link
}

func (h *pages) checkStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.openDraft(w, r)
	if done {
		return err
	}
	f.step = f.steps()
	return web.Render(w, r, http.StatusOK, checkPage(checkView{f, h.problems(f, h.wrong(f.d))}))
}

// problems are wrong answers and missing papers, each with the page that mends it.
func (h *pages) problems(f applyFlow, wrong []errs.Field) (out []ui.Link) {
	for _, e := range wrong {
		i := slices.IndexFunc(f.parts, func(part letter.Kind) bool { return inPart(part, e.Name) })
		href := join(citizenPath, "ajukan", f.d.Kind.Code) // about the person, not the answers
		if i >= 0 {
			href = f.partPath(i) + "?periksa=1#" + e.Name
		}
		out = append(out, ui.Link{Label: e.Message, Href: href})
	}
	for _, p := range lacking(f.d) {
		out = append(out, ui.Link{Label: "Belum ada: " + p.Name + ".", Href: f.path("berkas/" + strconv.Itoa(p.No))})
	}
	return out
}

// sendDraft makes the letter. However often it is asked, one draft makes one letter.
func (h *pages) sendDraft(w http.ResponseWriter, r *http.Request) error {
	ref := web.Path(r, "ref")
	number, err := h.Letters.Submit(r.Context(), web.ActorOf(r.Context()), ref)
	if err == nil {
		return web.Redirect(w, r, join(citizenPath, number)+"?kabar=terkirim")
	}
	if errs.KindOf(err) != errs.Unprocessable {
		return err
	}
	f, done, openErr := h.openDraft(w, r)
	if done {
		return openErr
	}
	f.step = f.steps()
	v := checkView{f, h.problems(f, h.wrong(f.d))}
	if len(v.Problems) == 0 {
		v.Problems = []ui.Link{{Label: sentenceOf(err), Href: h.next(f)}}
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, checkPage(v))
}

// rows are the answers as they were given.
func (v checkView) rows() []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Surat tentang", Value: v.d.Subject}}
	for i, part := range v.parts {
		for _, f := range part.Fields {
			answer := ownAnswer(f, v.d.Values[f.Name])
			if answer == "" {
				answer = "Tidak diisi"
			}
			rows = append(rows, ui.SummaryRow{Key: f.Label, Value: answer, ChangeHref: v.partPath(i) + "?periksa=1"})
		}
	}
	var papers []string
	for _, p := range ownPapers(v.d) {
		if len(p.Scans) > 0 {
			papers = append(papers, p.Name)
		}
	}
	if len(papers) == 0 {
		papers = []string{"Tidak ada"}
	}
	return append(rows, ui.SummaryRow{Key: "Berkas", Value: strings.Join(papers, "\n"), ChangeHref: v.path("berkas")})
}

// ownAnswer shows an answer the way people write it; numbers that identify somebody by
// their last four digits.
func ownAnswer(f letter.Field, v letter.Value) string {
	if len(v.People) == 0 {
		return answerText(f, v.Text)
	}
	people := make([]string, len(v.People))
	for i, p := range v.People {
		lines := []string{p.Name}
		for _, a := range f.Asks() {
			switch said := p.Get(a.Name); {
			case said == "" || a.Name == "nama" || p.ResidentID != 0 && a.Name != relationPart:
			case a.Name == "nik" || a.Name == "kk":
				lines = append(lines, a.Label+" "+epemerintahan.Mask(said))
			case a.Name == "tgl_lahir":
				lines = append(lines, "Lahir "+birth(letter.Person{BirthDate: said}))
			default:
				lines = append(lines, said)
			}
		}
		people[i] = strings.Join(lines, ", ")
	}
	return strings.Join(people, "\n")
}
