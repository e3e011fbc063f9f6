package mtrweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// reporterView is the reporter's page of their own report.
type reporterView struct {
	mtr.ReporterReport
	Base   string // address of this page; the acts live below it
	Link   string // the secret link in full; "" when seen through an account
	Tiles  string
	Now    time.Time
	Notice string
	Survey string // address of the questionnaire; "" when there is none
	errors form.Errors
	typed  *form.Form // a refused form; nil otherwise
}

// value is what was typed into a refused form.
func (v reporterView) value(control string) string {
	if v.typed == nil {
		return ""
	}
	return v.typed.Value(control)
}

// refused says whether the refused form had the control, so that its part of
// the page opens.
func (v reporterView) refused(control string) bool { return v.typed != nil && v.typed.Has(control) }

// keyOf is how the reader shows to be the reporter: by token, or by account on
// the addresses without one.
func keyOf(r *http.Request) mtr.ReporterKey {
	return mtr.ReporterKey{Number: web.Path(r, "nomor"), Token: web.Path(r, "token")}
}

func baseOf(k mtr.ReporterKey) string {
	if k.Token == "" {
		return join("/mtr/laporan-saya", k.Number)
	}
	return join("/mtr/laporan", k.Number, k.Token)
}

// notices are what the page says after an act. They travel in the address
// because a flash would leave a cookie on a borrowed phone.
var notices = map[string]string{
	"informasi": "Keterangan Anda sudah kami terima.",
	"sanggahan": "Sanggahan Anda sudah kami terima. Laporan dikerjakan kembali.",
	"selesai":   "Terima kasih sudah memastikan. Laporan ini selesai.",
	"nilai":     "Terima kasih atas penilaian Anda.",
	"anonim":    "Laporan ini sekarang anonim. Foto, patokan, dan tempat persisnya tidak lagi tampil untuk umum.",
	"batal":     "Laporan Anda sudah dibatalkan.",
	"keberatan": "Keberatan Anda sudah kami terima dan dibaca petugas.",
	"kontak":    "Kontak tersimpan. Kami mengirim kode ke sana; masukkan kodenya di bawah.",
	"kode":      "Kontak Anda sudah dikonfirmasi. Kabar laporan kami kirim ke sana.",
	"kode-baru": "Kode baru sudah kami kirim.",
	"foto":      "Foto sudah dihapus.",
}

func (h *pages) reporterView(r *http.Request) (reporterView, error) {
	k := keyOf(r)
	rep, err := h.MTR.ReporterView(r.Context(), web.ActorOf(r.Context()), k)
	if err != nil {
		return reporterView{}, err
	}
	v := reporterView{
		ReporterReport: rep, Base: baseOf(k), Tiles: h.TileURL, Now: h.now(),
		Notice: notices[r.URL.Query().Get("kabar")],
	}
	if (rep.Status == mtr.Done || rep.Status == mtr.Closed) && rep.DoneAt != nil && h.Survey != nil {
		v.Survey = h.Survey(rep.UnitID, rep.ID, *rep.DoneAt)
	}
	if k.Token != "" {
		v.Link = h.BaseURL + v.Base
	}
	return v, nil
}

func (h *pages) reporter(w http.ResponseWriter, r *http.Request) error {
	v, err := h.reporterView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, reporterPage(v))
}

// acted leads back to the page with a notice.
func acted(w http.ResponseWriter, r *http.Request, notice string) error {
	return web.Redirect(w, r, baseOf(keyOf(r))+"?kabar="+notice)
}

// refuse shows the page with what is wrong in f, or passes on an error that is
// not about the form.
func (h *pages) refuse(w http.ResponseWriter, r *http.Request, f *form.Form, err error) error {
	if err != nil && !f.FailWith(err) {
		return err
	}
	v, err := h.reporterView(r)
	if err != nil {
		return err
	}
	v.typed, v.errors = f, f.Errors()
	return web.Render(w, r, http.StatusUnprocessableEntity, reporterPage(v))
}

// changes tells an open page that the report moved on since its version.
func (h *pages) changes(w http.ResponseWriter, r *http.Request) error {
	k, actor := keyOf(r), web.ActorOf(r.Context())
	rep, err := h.MTR.ReporterView(r.Context(), actor, k)
	if err != nil {
		return err
	}
	changed, cancel := h.Hub.Subscribe(mtr.LiveReport(rep.ID))
	defer cancel()
	seen, _ := strconv.Atoi(r.URL.Query().Get("versi")) // another number only means one look more
	return web.Events(w, r, changed, func(ctx context.Context) (string, error) {
		rep, err := h.MTR.ReporterView(ctx, actor, k)
		if err != nil || rep.Version == seen {
			return "", err
		}
		seen = rep.Version
		return strconv.Itoa(seen), nil
	})
}

func (h *pages) reporterPhoto(w http.ResponseWriter, r *http.Request) error {
	v := mtr.Viewer{Actor: web.ActorOf(r.Context()), ReportToken: web.Path(r, "token")}
	return h.servePhoto(w, r, v, web.Path(r, "foto"))
}

// giveInfo answers the staff's question or adds something unasked.
func (h *pages) giveInfo(w http.ResponseWriter, r *http.Request) error {
	return h.withPhotos(w, r, "informasi", func(ctx context.Context, k mtr.ReporterKey, f *form.Form) error {
		return h.MTR.GiveInfo(ctx, web.ActorOf(ctx), k, mtr.GiveInfoInput{Body: f.Text(mtr.ControlBody)})
	})
}

func (h *pages) dispute(w http.ResponseWriter, r *http.Request) error {
	return h.withPhotos(w, r, "sanggahan", func(ctx context.Context, k mtr.ReporterKey, f *form.Form) error {
		return h.MTR.Dispute(ctx, web.ActorOf(ctx), k, mtr.DisputeInput{Reason: f.Text(mtr.ControlReason)})
	})
}

// withPhotos stores the form's photos and then acts; photos that are fine wait
// on the page when the act is refused.
func (h *pages) withPhotos(w http.ResponseWriter, r *http.Request, notice string, act func(context.Context, mtr.ReporterKey, *form.Form) error) error {
	ctx, k, actor := r.Context(), keyOf(r), web.ActorOf(r.Context())
	// Whose report it is comes before what is sent.
	if _, err := h.MTR.ReporterView(ctx, actor, k); err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	u := readUploads(f)
	refs, err := u.addEach(f, func(in mtr.PhotoInput) (string, error) {
		p, err := h.MTR.AddInfoPhoto(ctx, actor, k, in)
		return p.Ref, err
	})
	if err != nil {
		return err
	}
	var actErr error
	if f.OK() {
		if actErr = act(ctx, k, f); actErr == nil {
			return acted(w, r, notice)
		}
	}
	if u.scripted {
		for _, ref := range refs {
			if err := h.MTR.RemoveInfoPhoto(ctx, actor, k, ref); err != nil {
				return err
			}
		}
	}
	return h.refuse(w, r, f, actErr)
}

func (h *pages) removeInfoPhoto(w http.ResponseWriter, r *http.Request) error {
	err := h.MTR.RemoveInfoPhoto(r.Context(), web.ActorOf(r.Context()), keyOf(r), web.Path(r, "foto"))
	if err != nil {
		return err
	}
	return acted(w, r, "foto")
}

// plain is an act without files.
func (h *pages) plain(w http.ResponseWriter, r *http.Request, notice string, act func(context.Context, mtr.ReporterKey, *form.Form) error) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err := act(r.Context(), keyOf(r), f); err != nil || !f.OK() {
		return h.refuse(w, r, f, err)
	}
	return acted(w, r, notice)
}

func (h *pages) confirm(w http.ResponseWriter, r *http.Request) error {
	return h.plain(w, r, "selesai", func(ctx context.Context, k mtr.ReporterKey, _ *form.Form) error {
		return h.MTR.Confirm(ctx, web.ActorOf(ctx), k)
	})
}

func (h *pages) rate(w http.ResponseWriter, r *http.Request) error {
	return h.plain(w, r, "nilai", func(ctx context.Context, k mtr.ReporterKey, f *form.Form) error {
		in := mtr.RateInput{Stars: f.Int(mtr.ControlStars, 1, 5, "Pilih nilai dari 1 sampai 5."), Comment: f.Text(mtr.ControlComment)}
		if !f.OK() {
			return nil
		}
		return h.MTR.Rate(ctx, web.ActorOf(ctx), k, in)
	})
}

func (h *pages) cancel(w http.ResponseWriter, r *http.Request) error {
	return h.plain(w, r, "batal", func(ctx context.Context, k mtr.ReporterKey, f *form.Form) error {
		return h.MTR.Cancel(ctx, web.ActorOf(ctx), k, mtr.CancelInput{Reason: f.Text(mtr.ControlReason)})
	})
}

func (h *pages) appeal(w http.ResponseWriter, r *http.Request) error {
	return h.plain(w, r, "keberatan", func(ctx context.Context, k mtr.ReporterKey, f *form.Form) error {
		return h.MTR.Appeal(ctx, web.ActorOf(ctx), k, f.Text(mtr.ControlBody))
	})
}

func (h *pages) anonymize(w http.ResponseWriter, r *http.Request) error {
	return h.plain(w, r, "anonim", func(ctx context.Context, k mtr.ReporterKey, _ *form.Form) error {
		return h.MTR.Anonymize(ctx, web.ActorOf(ctx), k)
	})
}

func (h *pages) setContact(w http.ResponseWriter, r *http.Request) error {
	return h.plain(w, r, "kontak", func(ctx context.Context, k mtr.ReporterKey, f *form.Form) error {
		return h.MTR.SetContact(ctx, web.ActorOf(ctx), k, mtr.ContactInput{Email: f.Line(mtr.ControlEmail), Phone: f.Line(mtr.ControlPhone)})
	})
}

func (h *pages) confirmContact(w http.ResponseWriter, r *http.Request) error {
	return h.plain(w, r, "kode", func(ctx context.Context, k mtr.ReporterKey, f *form.Form) error {
		return h.MTR.ConfirmContact(ctx, web.ActorOf(ctx), k, f.Line(mtr.ControlCode))
	})
}

func (h *pages) resendCode(w http.ResponseWriter, r *http.Request) error {
	err := h.MTR.ResendCode(r.Context(), web.ActorOf(r.Context()), keyOf(r))
	if err != nil {
		return err
	}
	return acted(w, r, "kode-baru")
}

// history is the timeline with the reporter's own words in it.
func (v reporterView) history() []ui.Moment {
	var out []ui.Moment
	if next, ok := upcoming(v.PublicReport); ok {
		out = append(out, next)
	}
	for i := len(v.Timeline) - 1; i >= 0; i-- {
		e := v.Timeline[i]
		m := moment(e)
		for _, said := range v.Messages {
			if said.Action == e.Action && said.At.Equal(e.At) {
				m.Text = said.Body
				if len(said.Photos) > 0 {
					m.Body = ui.Gallery(gallery(v.Base+"/foto", "Foto tambahan", "", said.Photos))
				}
			}
		}
		out = append(out, m)
	}
	return out
}

// photos are those of one kind, at addresses that only the reporter has.
func (v reporterView) photos(k mtr.PhotoKind, alt, caption string) []ui.Photo {
	return gallery(v.Base+"/foto", alt, caption, ofKind(v.Photos, k))
}

// myReports lists the reports of the signed-in citizen.
func (h *pages) myReports(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	p, err := readPage(q)
	if err != nil {
		return err
	}
	page, err := h.MTR.MyReports(r.Context(), web.ActorOf(r.Context()), p)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, minePage(listView{Page: page, Now: h.now(), query: q}))
}
