package mtrweb

import (
	"net/http"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	bulkPath      = deskPath + "/massal"
	controlChosen = "pilih"
	controlBulk   = "tindakan"
	bulkForward   = "teruskan"
	bulkRespond   = "tanggapi"
	bulkNote      = "catat"
	bulkRelease   = "lepas"
	bulkReject    = "tolak"
)

// bulkActs are what one may do to several reports of a queue at once.
func bulkActs(key mtr.QueueKey) []ui.Option {
	var out []ui.Option
	if key == mtr.QueueVerify {
		out = append(out, ui.Option{Value: bulkForward, Label: "Teruskan ke unit menurut rutenya", Hint: "Kata dan fotonya lalu tampil untuk umum."})
	}
	if key == mtr.QueueHeld {
		out = append(out, ui.Option{Value: bulkRelease, Label: "Lepaskan", Hint: "Masuk antrean pemeriksaan. Hanya petugas yang membaca catatannya."})
	}
	switch key {
	case mtr.QueueHeld, mtr.QueueVerify:
		out = append(out, ui.Option{Value: bulkReject, Label: "Tolak", Hint: "Pelapor membaca alasannya."})
	}
	switch key {
	case mtr.QueueVerify, mtr.QueueIncoming, mtr.QueueWork, mtr.QueueScheduled, mtr.QueueMine, mtr.QueueNoResponse, mtr.QueueLate:
		out = append(out, ui.Option{Value: bulkRespond, Label: "Tanggapi pelapor", Hint: "Tulis tanggapan yang sama untuk semua di bawah."})
	}
	return append(out, ui.Option{Value: bulkNote, Label: "Catatan untuk petugas", Hint: "Hanya petugas yang membacanya."})
}

// bulk does one act to each chosen report by itself: what is not possible for one keeps
// no other back, and its number and reason are said.
func (k *desk) bulk(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	numbers, act, reason := f.Multi(controlChosen), f.Line(controlBulk), f.Text(mtr.ControlReason)
	template, err := k.bulkTemplate(r, f)
	if err != nil {
		return err
	}
	if template != "" && act == bulkRespond {
		reason = strings.TrimSpace(reason + "\n\n" + template)
	}
	back := queueHref(mtr.QueueKey(f.Line(paramQueue)))
	wrong := map[string]string{}
	switch {
	case len(numbers) == 0:
		wrong[controlBulk] = "Belum ada laporan yang dipilih. Centang laporannya di daftar."
	case len(numbers) > mtr.MaxBulk:
		wrong[controlBulk] = "Paling banyak 100 laporan sekaligus."
	case act != bulkForward && reason == "":
		wrong[mtr.ControlReason] = "Tulis tanggapan, alasan, atau catatannya."
	}
	if len(wrong) > 0 {
		v, err := k.queueView(r, f)
		if err != nil {
			return err
		}
		for control, message := range wrong {
			f.Fail(control, message)
		}
		v.Bulk, v.Prev, v.Next = f, "", ""
		return web.Render(w, r, http.StatusUnprocessableEntity, queuePage(v))
	}
	var failed []string
	done := 0
	for _, number := range numbers {
		view, err := k.MTR.DeskView(ctx, a, number)
		if err == nil {
			in := mtr.Act{ReportID: view.ID}
			switch act {
			case bulkForward:
				err = k.MTR.ForwardAsRouted(ctx, a, in)
			case bulkRespond:
				err = k.MTR.Respond(ctx, a, mtr.ReasonInput{Act: in, Reason: reason})
			case bulkRelease:
				err = k.MTR.Release(ctx, a, mtr.ReasonInput{Act: in, Reason: reason})
			case bulkReject:
				err = k.MTR.Reject(ctx, a, mtr.RejectInput{Act: in, Reason: reason})
			case bulkNote:
				err = k.MTR.Note(ctx, a, mtr.ReasonInput{Act: in, Reason: reason})
			default:
				return errs.New(errs.BadRequest, "Tindakan ini tidak dikenal. Mulai lagi dari antrean.")
			}
		}
		switch kind := errs.KindOf(err); {
		case err == nil:
			done++
		case kind == errs.Internal || kind == errs.Unavailable:
			return err
		default:
			message := errs.MessageOf(err)
			if fields := errs.FieldsOf(err); len(fields) > 0 {
				message = fields[0].Message
			}
			failed = append(failed, strings.ToUpper(number)+": "+message)
		}
	}
	if done > 0 {
		web.Flash(r, "success", indo.Int(done)+" laporan "+bulkDone[act]+".")
	}
	if len(failed) > 0 {
		web.Flash(r, "warning", indo.Int(len(failed))+" laporan tidak. "+strings.Join(failed[:min(len(failed), 5)], " "))
	}
	return web.Redirect(w, r, back)
}

// bulkTemplate is the body of the template chosen for all; its variables are filled for each.
func (k *desk) bulkTemplate(r *http.Request, f *form.Form) (string, error) {
	id := f.ID(controlTemplate, "")
	if id == 0 {
		return "", nil
	}
	all, err := k.MTR.Templates(r.Context(), web.ActorOf(r.Context()))
	for _, t := range all {
		if t.ID == id {
			return t.Body, err
		}
	}
	return "", err
}

var bulkDone = map[string]string{bulkForward: "diteruskan menurut rutenya", bulkRespond: "ditanggapi", bulkNote: "diberi catatan",
	bulkRelease: "dilepaskan", bulkReject: "ditolak"}

// chosen tells whether a report was chosen in a form that was refused.
func (v queueView) chosen(number string) bool {
	return v.Bulk != nil && slices.Contains(v.Bulk.Multi(controlChosen), number)
}

func (v queueView) bulkControl(c ui.Control) ui.Control {
	if v.Bulk != nil {
		c.Value, c.Error = v.Bulk.Value(c.Name), v.Bulk.Errors().Get(c.Name)
	}
	return c
}

func (v queueView) problems() form.Errors {
	if v.Bulk == nil {
		return nil
	}
	return v.Bulk.Errors()
}
