package mtrweb

import (
	"net/http"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// checkView is the last step: everything once more, each with a way to change it.
type checkView struct {
	flow
	// Problems are what keeps the report from being sent, each with the step
	// that mends it.
	Problems []ui.Link
}

func (h *pages) checkStep(w http.ResponseWriter, r *http.Request) error {
	f, done, err := h.open(w, r, mtr.StepCheck)
	if done {
		return err
	}
	if f.draft.Next() != mtr.StepCheck {
		return h.onward(w, r, f.draft.Token)
	}
	return web.Render(w, r, http.StatusOK, checkPage(checkView{flow: f}))
}

// send makes the report. However often it is asked, one draft makes one report.
func (h *pages) send(w http.ResponseWriter, r *http.Request) error {
	token := web.Path(r, "draf")
	_, err := h.MTR.SubmitFrom(r.Context(), web.ActorOf(r.Context()), deviceOf(r), token)
	if err == nil {
		return web.Redirect(w, r, draftPath(token, "terkirim"))
	}
	if errs.KindOf(err) != errs.Unprocessable {
		return h.sentMeanwhile(w, r, token, err)
	}
	f, done, openErr := h.open(w, r, mtr.StepCheck)
	if done {
		return openErr
	}
	v := checkView{flow: f}
	for _, field := range errs.FieldsOf(err) {
		v.Problems = append(v.Problems, ui.Link{Label: field.Message, Href: f.path(string(stepOf(field.Name)))})
	}
	if len(v.Problems) == 0 {
		v.Problems = []ui.Link{{Label: errs.MessageOf(err), Href: f.path(string(f.draft.Next()))}}
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, checkPage(v))
}

// deviceOf tells one network and browser from others without leaving anything on the phone.
func deviceOf(r *http.Request) string {
	addr := web.AddrOf(r.Context())
	if addr.Is6() { // a household has the first half
		if p, err := addr.Prefix(64); err == nil {
			addr = p.Addr()
		}
	}
	return addr.String() + "\n" + r.UserAgent()
}

// stepOf is the step that asks for a control.
func stepOf(control string) mtr.DraftStep {
	if strings.HasPrefix(control, mtr.ControlQuestion) {
		return mtr.StepExtra
	}
	switch control {
	case mtr.ControlPhoto:
		return mtr.StepPhotos
	case mtr.ControlLat, mtr.ControlLng, mtr.ControlKelurahan, mtr.ControlLandmark, mtr.ControlSource:
		return mtr.StepPlace
	case mtr.ControlCategory, mtr.ControlClass:
		return mtr.StepCategory
	case mtr.ControlTitle, mtr.ControlBody:
		return mtr.StepWords
	}
	return mtr.StepWho
}

// rows are the answers as the citizen gave them.
func (v checkView) rows() []ui.SummaryRow {
	a, d := v.draft.Answers, v.draft
	// Whoever sends an unfinished draft, or one whose category is gone by now.
	category := mtr.Category{Name: "Belum dipilih"}
	if d.Category != nil {
		category = *d.Category
	}
	rows := []ui.SummaryRow{
		{Key: "Foto", Body: checkPhotos(v), ChangeHref: v.path("foto")},
		{Key: "Tempat", Body: checkPlace(v), ChangeHref: v.path("tempat") + "?ubah=1"},
		{Key: "Masalah", Value: strings.TrimSpace(category.Name + "\n" + a.Class.Label()), ChangeHref: v.path("kategori")},
	}
	for _, q := range category.Questions {
		if answer := a.Extra[q.Code]; answer != "" {
			rows = append(rows, ui.SummaryRow{Key: q.Text, Value: answered(q, answer), ChangeHref: v.path("pertanyaan")})
		}
	}
	return append(rows,
		ui.SummaryRow{Key: "Judul", Value: a.Title, ChangeHref: v.path("uraian")},
		ui.SummaryRow{Key: "Uraian", Value: a.Body, ChangeHref: v.path("uraian")},
		ui.SummaryRow{Key: "Terlihat oleh", Value: seenBy(a), ChangeHref: v.path("pelapor")},
		ui.SummaryRow{Key: "Pelapor", Value: reporterOf(a), ChangeHref: v.path("pelapor")},
	)
}

func answered(q mtr.CategoryQuestion, value string) string {
	for _, o := range q.Options {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

func seenBy(a mtr.Answers) string {
	var lines []string
	if a.Confidential {
		lines = append(lines, "Hanya Anda dan petugas yang menangani (rahasia)")
	} else {
		lines = append(lines, "Umum, setelah diperiksa petugas")
	}
	if a.Anonymous {
		lines = append(lines, "Nama Anda disembunyikan (anonim)")
	}
	return strings.Join(lines, "\n")
}

func reporterOf(a mtr.Answers) string {
	var lines []string
	for _, s := range []string{a.Name, a.Email} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	if a.Phone != "" {
		if normal, ok := indo.Phone(a.Phone); ok {
			lines = append(lines, indo.FormatPhone(normal))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, "Tanpa nama dan kontak")
	}
	if a.Behalf != mtr.BehalfSelf {
		line := "Untuk: " + a.Behalf.Label()
		if a.BehalfName != "" {
			line += ", " + a.BehalfName
		}
		lines = append(lines, line+" (sudah setuju)")
	}
	return strings.Join(lines, "\n")
}

// sentView is the result page.
type sentView struct {
	Draft   string
	Receipt mtr.Receipt
	Link    string // the secret link, in full
	Path    string // the same, within the portal
}

// sent shows the receipt of a sent draft.
func (h *pages) sent(w http.ResponseWriter, r *http.Request) error {
	d, err := h.MTR.Draft(r.Context(), web.Path(r, "draf"))
	if err != nil {
		return err
	}
	if d.Receipt == nil {
		return web.Redirect(w, r, draftPath(d.Token, string(d.Next())))
	}
	path := join("/mtr/laporan", d.Receipt.Number, d.Receipt.Token)
	return web.Render(w, r, http.StatusOK, sentPage(sentView{
		Draft: d.Token, Receipt: *d.Receipt, Link: h.BaseURL + path, Path: path,
	}))
}

// next is what happens from here on, and by when.
func (v sentView) next() []ui.Moment {
	verify := ui.Moment{
		Title: "Petugas memeriksa laporan Anda", Who: "Verifikator laporan", Open: true,
		Text: "Bila sudah jelas, laporan langsung diteruskan ke dinas yang berwenang.",
	}
	if v.Receipt.VerifyDueAt != nil {
		verify.Due = "paling lambat " + indo.LongDate(*v.Receipt.VerifyDueAt)
	}
	moments := []ui.Moment{
		verify,
		{Title: "Dinas menindaklanjuti", Open: true, Due: "paling lambat " + strconv.Itoa(mtr.FollowUpDays) + " hari kerja sesudah diteruskan"},
		{Title: "Anda memastikan hasilnya", Open: true, Text: "Anda melihat foto sesudah dikerjakan. Bila belum beres, Anda bisa menyanggah dalam " + strconv.Itoa(mtr.CloseDays) + " hari kerja."},
	}
	switch {
	case v.Receipt.Moderated:
		moments[0].Text = "Laporan ini sedang ditahan. Sesudah petugas melepaskannya, laporan diproses seperti biasa."
	case v.Receipt.Held:
		moments = append([]ui.Moment{{
			Title: "Konfirmasi dari Anda", Tone: "warning", Icon: "clock", Open: true,
			Due: "dalam 3 hari", Text: "Tanpa konfirmasi laporan ini tidak diproses.",
		}}, moments...)
	}
	return moments
}
