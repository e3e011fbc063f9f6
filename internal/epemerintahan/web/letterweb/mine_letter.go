package letterweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// ownView is the applicant's page of their letter.
type ownView struct {
	letter.Details
	Office letter.OfficeSettings
	Now    time.Time
	Notice string
	Errors form.Errors
	Typed  string // a refused reason
	Survey string // address of the questionnaire; "" when there is none
}

// notices are what the page says after an act.
var ownNotices = map[string]string{
	"terkirim": "Permohonan Anda sudah kami terima. Simpan nomornya.",
	"lengkap":  "Terima kasih, permohonan sudah dikirim lagi.",
	"batal":    "Permohonan Anda sudah dibatalkan.",
}

func (h *pages) ownView(r *http.Request) (v ownView, err error) {
	ctx := r.Context()
	if v.Details, err = h.Letters.MyLetter(ctx, web.ActorOf(ctx), web.Path(r, "nomor")); err != nil {
		return v, err
	}
	v.Now, v.Notice = h.now(), ownNotices[r.URL.Query().Get("kabar")]
	if v.Status == letter.Issued && v.Times.IssuedAt != nil && h.Survey != nil {
		v.Survey = h.Survey(v.KelurahanID, v.ID, *v.Times.IssuedAt)
	}
	v.Office, err = h.Letters.OfficeOf(ctx, v.KelurahanID)
	return v, err
}

func (h *pages) myLetter(w http.ResponseWriter, r *http.Request) error {
	v, err := h.ownView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, ownPage(v))
}

// letterChanges tells an open page that the letter moved on since its version.
func (h *pages) letterChanges(w http.ResponseWriter, r *http.Request) error {
	number, a := web.Path(r, "nomor"), web.ActorOf(r.Context())
	d, err := h.Letters.MyLetter(r.Context(), a, number)
	if err != nil {
		return err
	}
	changed, cancel := h.Hub.Subscribe(letter.LiveLetter(d.ID))
	defer cancel()
	seen, _ := strconv.Atoi(r.URL.Query().Get("versi")) // another number only means one look more
	return web.Events(w, r, changed, func(ctx context.Context) (string, error) {
		d, err := h.Letters.MyLetter(ctx, a, number)
		if err != nil || d.Version == seen {
			return "", err
		}
		seen = d.Version
		return strconv.Itoa(seen), nil
	})
}

// downloadMine reads the letter. Its name says nothing about anybody.
func (h *pages) downloadMine(w http.ResponseWriter, r *http.Request) error {
	number := web.Path(r, "nomor")
	body, err := h.Letters.OpenMine(r.Context(), web.ActorOf(r.Context()), number)
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, body, pdfType, "surat-"+number+".pdf")
}

func (h *pages) cancelMine(w http.ResponseWriter, r *http.Request) error {
	number := web.Path(r, "nomor")
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = h.Letters.CancelMine(r.Context(), web.ActorOf(r.Context()), number, f.Text(controlReason))
	if err == nil {
		return web.Redirect(w, r, join(citizenPath, number)+"?kabar=batal")
	}
	if errs.KindOf(err) != errs.Unprocessable && errs.KindOf(err) != errs.Conflict {
		return err
	}
	f.Fail(controlReason, sentenceOf(err))
	v, viewErr := h.ownView(r)
	if viewErr != nil {
		return viewErr
	}
	v.Errors, v.Typed, v.Notice = f.Errors(), f.Value(controlReason), ""
	return web.Render(w, r, web.Status(err), ownPage(v))
}

func (v ownView) path(part string) string { return join(citizenPath, v.RequestNumber, part) }

func (v ownView) may(a letter.Action) bool { return slices.Contains(v.Actions, a) }

// where says in a sentence where the letter is and who has it.
func (v ownView) where() string {
	switch v.Status {
	case letter.AwaitingRT:
		return "Ketua RT/RW sedang diminta membenarkan data Anda. Setelah itu petugas kelurahan memeriksanya."
	case letter.Submitted:
		return "Petugas Kelurahan " + v.KelurahanName + " sedang memeriksa isian dan berkas Anda."
	case letter.Returned:
		return "Petugas mengembalikan permohonan ini. Ada yang perlu Anda lengkapi; waktu layanan berhenti sampai Anda mengirimnya lagi."
	case letter.AwaitingParaf:
		return "Berkas Anda lengkap. Sekretaris Kelurahan " + v.KelurahanName + " sedang membaca suratnya."
	case letter.AwaitingSign, letter.Signing:
		return "Surat Anda menunggu tanda tangan Lurah " + v.KelurahanName + "."
	case letter.AwaitingCamat:
		return "Lurah sudah menandatangani. Surat Anda sekarang menunggu tanda tangan camat."
	case letter.Printed:
		return "Surat Anda sudah bernomor dan dicetak. Sekarang ditandatangani dengan tinta dan distempel."
	case letter.Issued:
		return "Surat Anda sudah jadi."
	case letter.Rejected:
		return "Kelurahan tidak dapat menerbitkan surat ini."
	case letter.Cancelled:
		return "Permohonan ini dibatalkan. Tidak ada yang perlu Anda lakukan."
	case letter.Voided:
		return "Surat ini dicabut dan tidak berlaku lagi. Jangan dipakai."
	}
	return ""
}

// lastWord is the reason of the step that ended the letter, or sent it back.
func (v ownView) lastWord() string {
	switch {
	case v.ReturnReason != "":
		return v.ReturnReason
	case v.VoidReason != "":
		return v.VoidReason
	case v.Status == letter.Rejected:
		for _, h := range v.History {
			if h.To == letter.Rejected {
				return h.Reason
			}
		}
	}
	return ""
}

// facts are the letter's numbers and times.
func (v ownView) facts() (rows []ui.SummaryRow) {
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Key: key, Value: value})
		}
	}
	add("Surat tentang", v.Subject)
	add("Kelurahan", v.KelurahanName)
	add("Nomor surat", v.Number)
	if v.Times.SubmittedAt != nil {
		add("Diajukan", indo.LongDateTime(*v.Times.SubmittedAt))
	}
	switch {
	case v.Times.IssuedAt != nil:
		add("Terbit", indo.LongDateTime(*v.Times.IssuedAt))
	case v.Times.DueAt != nil:
		add("Janji selesai", promise(*v.Times.DueAt))
	}
	if v.Times.Promised > 0 && v.Status != letter.AwaitingRT {
		add("Waktu layanan", minutes(v.Times.Used)+" terpakai dari "+minutes(v.Times.Promised)+" jam kerja yang dijanjikan")
	}
	if v.Status == letter.Issued {
		if v.ValidUntil != nil {
			add("Berlaku sampai", indo.Date(*v.ValidUntil))
		} else {
			add("Berlaku sampai", "Tidak ada batas waktu")
		}
	}
	return rows
}

// late tells whether the promise is broken.
func (v ownView) late() bool { return v.Times.DueAt != nil && v.Now.After(*v.Times.DueAt) }

// expired tells whether the letter's time has passed.
func (v ownView) expired() bool {
	return v.Status == letter.Issued && v.ValidUntil != nil && !v.Now.Before(v.ValidUntil.AddDate(0, 0, 1))
}

// history is what happened, newest first.
func (v ownView) history() (out []ui.Moment) {
	for _, e := range slices.Backward(v.History) {
		if e.Action == letter.ActSign || e.Action == letter.ActSignFail || e.Action == letter.ActOffer {
			continue // the portal's own business
		}
		m := ui.Moment{Title: ownAct(e.Action), Who: e.By, At: e.At, Text: e.Reason}
		switch e.To {
		case letter.Returned:
			m.Tone, m.Icon = "warning", "edit"
		case letter.Rejected, letter.Voided:
			m.Tone, m.Icon = "danger", "close"
		case letter.Issued:
			m.Tone, m.Icon = "success", "check"
		}
		out = append(out, m)
	}
	return out
}

// ownAct says an act to the applicant.
func ownAct(a letter.Action) string {
	switch a {
	case letter.ActSubmit, letter.ActAskRT:
		return "Permohonan dikirim"
	case letter.ActEnter:
		return "Permohonan dicatat di loket"
	case letter.ActResubmit:
		return "Dikirim lagi setelah dilengkapi"
	case letter.ActParaf:
		return "Diteruskan kepada lurah"
	case letter.ActCheck:
		return "Berkas diperiksa, sudah lengkap"
	case letter.ActSendBack:
		return "Diperiksa ulang oleh petugas"
	case letter.ActScan:
		return "Ditandatangani dan distempel"
	case letter.ActSign:
		return "Mulai ditandatangani"
	}
	return ActName(a)
}

// answers are what was filled in.
func (v ownView) answers() (rows []ui.SummaryRow) {
	for _, f := range v.Kind.Fields {
		if said := ownAnswer(f, v.Values[f.Name]); said != "" {
			rows = append(rows, ui.SummaryRow{Key: f.Label, Value: said})
		}
	}
	return rows
}

// officeAt is where an office is, as a sentence goes on.
func officeAt(o letter.OfficeSettings) string {
	if o.Address == "" {
		return ""
	}
	return ", " + o.Address
}
