package kucinikiweb

import (
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const logPath = deskPath + "/log"

// logView is the manual log, and what one is asked to witness.
type logView struct {
	Desk  *ui.Desk
	Mine  []kuciniki.Entry
	Asked []kuciniki.Entry
	Mates []kuciniki.Leader
	Today time.Time
	Key   string
	Form  *form.Form
}

func (v logView) day() ui.Control {
	return ui.Control{Name: kuciniki.ControlDay, Label: "Tanggal", Type: "date", Value: v.Today.In(indo.WITA).Format(time.DateOnly), Width: "medium"}.Kept(v.Form)
}

func (v logView) minutes() ui.Control {
	return ui.Control{Name: kuciniki.ControlMinutes, Label: "Lama", Suffix: "menit", InputMode: "numeric", Width: "short"}.Kept(v.Form)
}

func (v logView) text() ui.Control {
	return ui.Control{Name: kuciniki.ControlNote, Label: "Pekerjaan dan hasilnya", Rows: 3, MaxLength: 1000, Hint: "Hanya pekerjaan yang tidak tercatat di bagian lain portal ini."}.Kept(v.Form)
}

func (v logView) witness() ui.Control {
	c := ui.Control{Name: kuciniki.ControlWitness, Label: "Siapa yang tahu pekerjaan ini", Hint: "Satu dari sepuluh catatan, dipilih acak, ditanyakan kepadanya.", Options: []ui.Option{{Value: "", Label: "Pilih saksi"}}}
	for _, m := range v.Mates {
		c.Options = append(c.Options, ui.Option{Value: idText(m.ID), Label: m.Label})
	}
	return c.Kept(v.Form)
}

// entryText says where an entry stands.
func entryText(s kuciniki.Status) string {
	return map[kuciniki.Status]string{kuciniki.Logged: "dicatat", kuciniki.Sampled: "menunggu saksi", kuciniki.Confirmed: "dibenarkan saksi", kuciniki.Denied: "dibantah saksi"}[s]
}

func entryTone(s kuciniki.Status) string {
	return map[kuciniki.Status]string{kuciniki.Sampled: "info", kuciniki.Confirmed: "success", kuciniki.Denied: "warning"}[s]
}

func (k *desk) log(w http.ResponseWriter, r *http.Request) error {
	return k.showLog(w, r, http.StatusOK, nil)
}

func (k *desk) showLog(w http.ResponseWriter, r *http.Request, status int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := logView{Form: f, Key: crypt.Token(), Today: k.Clock.Now()}
	if f != nil && f.Value(controlKey) != "" {
		v.Key = f.Value(controlKey)
	}
	if v.Mine, v.Asked, err = k.Kuciniki.Logs(ctx, a); err != nil {
		return err
	}
	if v.Mates, err = k.Kuciniki.Mates(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, logPath); err != nil {
		return err
	}
	return web.Render(w, r, status, logPage(v))
}

func (k *desk) writeLog(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	day := f.Date(kuciniki.ControlDay, "Pilih tanggalnya.")
	minutes := f.Int(kuciniki.ControlMinutes, 5, 600, "Isi 5 sampai 600 menit.")
	witness := f.ID(kuciniki.ControlWitness, "Pilih atasan, rekan, atau bawahan yang tahu pekerjaan ini.")
	key := f.Line(controlKey, form.Required("Muat ulang halaman lalu kirim lagi."), form.Max(60))
	if err = f.Err(); err == nil {
		err = k.Kuciniki.Log(r.Context(), web.ActorOf(r.Context()), day, minutes, f.Text(kuciniki.ControlNote), witness, key)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showLog(w, r, web.Status(err), f)
	}
	web.Flash(r, "success", "Pekerjaan dicatat.")
	return web.Redirect(w, r, logPath)
}

func (k *desk) witness(is bool) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathInt(r, "id")
		if err != nil {
			return err
		}
		if err := k.Kuciniki.Witness(r.Context(), web.ActorOf(r.Context()), id, is); err != nil {
			return err
		}
		web.Flash(r, "success", "Terima kasih, jawaban Anda dicatat.")
		return web.Redirect(w, r, logPath)
	}
}

func entryLine(e kuciniki.Entry) string {
	return indo.ShortDate(e.Day) + " · " + strconv.Itoa(e.Minutes) + " menit"
}
