package eofficeweb

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	deputyPath = deskPath + "/wakil"
	helpPath   = deskPath + "/bantu"
	receive    = "terima-atas-nama"
)

func helpHref(deskID int64) string { return helpPath + "/" + strconv.FormatInt(deskID, 10) }

// deputyView is who may work at the reader's desks, and at whose they may.
type deputyView struct {
	Desk     *ui.Desk
	Seats    []eoffice.Seat
	At       int64 // desk that is to be passed on
	Choices  []eoffice.Place
	Mandates []eoffice.Mandate
	Now      time.Time
	Form     *form.Form
}

func (v deputyView) control(c ui.Control) ui.Control {
	return c.Kept(v.Form)
}

func (v deputyView) deskControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlDesk, Label: "Meja Anda", Value: strconv.FormatInt(v.At, 10)}
	for _, s := range v.Seats {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(s.PositionID, 10), Label: seatName(s.Title, s.Kind)})
	}
	return c
}

func (v deputyView) kindControl() ui.Control {
	return v.control(ui.Control{Name: eoffice.ControlWhat, Label: "Sebagai", Required: true, Options: []ui.Option{
		{Value: eoffice.Secretary, Label: "Sekretaris", Hint: "Menerima naskah, menyiapkan disposisi, dan menerima laporan atas nama Anda. Paling lama 366 hari."},
		{Value: eoffice.StandIn, Label: "Limpahan meja selama Anda tidak ada", Hint: "Menindaklanjuti semua yang sampai di meja Anda. Paling lama 30 hari; sesudah itu perlu Plh atau Plt."},
	}})
}

func (v deputyView) deputyControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlDeputy, Label: "Kepada jabatan", Required: true, Options: []ui.Option{{Label: "Pilih jabatan"}}}
	for _, p := range v.Choices {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(p.PositionID, 10), Label: p.Title + " (" + p.Holder + ")"})
	}
	return v.control(c)
}

// span says from when until when a mandate holds; what ends at midnight ends on the day before.
func span(d eoffice.Mandate) string {
	last := d.EndsAt.In(indo.WITA)
	if last.Hour() == 0 && last.Minute() == 0 {
		last = last.Add(-time.Minute)
		return indo.DateRange(d.StartsAt, last)
	}
	return indo.DateRange(d.StartsAt, last) + " pukul " + indo.Clock(last)
}

func (v deputyView) state(d eoffice.Mandate) (mark, color string) {
	switch {
	case !d.EndsAt.After(v.Now):
		return "berakhir", "neutral"
	case d.Runs(v.Now):
		return "berlaku", "success"
	}
	return "belum mulai", "info"
}

func (k *desk) showDeputies(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := deputyView{Now: k.Clock.Now(), At: f.ID(eoffice.ControlDesk, "")}
	if status != http.StatusOK {
		v.Form = f
	}
	var err error
	if v.Seats, err = k.Office.Seats(ctx, a); err != nil {
		return err
	}
	if v.At == 0 && len(v.Seats) > 0 {
		v.At = v.Seats[0].PositionID
	}
	if v.At != 0 {
		if v.Choices, err = k.Office.DeputyChoices(ctx, a, v.At); err != nil {
			return err
		}
	}
	if v.Mandates, err = k.Office.Mandates(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, deputyPath); err != nil {
		return err
	}
	return web.Render(w, r, status, deputyPage(v))
}

func (k *desk) deputies(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	return k.showDeputies(w, r, http.StatusOK, f)
}

func (k *desk) deputize(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d := eoffice.Mandate{DeskID: f.ID(eoffice.ControlDesk, ""), DeputyID: f.ID(eoffice.ControlDeputy, ""), Kind: f.Line(eoffice.ControlWhat), Reason: f.Line(eoffice.ControlReason),
		StartsAt: f.Date(eoffice.ControlFrom, "Tulis mulai tanggal berapa."), EndsAt: f.Date(eoffice.ControlUntil, "Tulis sampai tanggal berapa.")}
	if !d.EndsAt.IsZero() {
		d.EndsAt = d.EndsAt.AddDate(0, 0, 1) // the whole last day
	}
	if err := f.Err(); err != nil {
		return k.showDeputies(w, r, web.Status(err), f)
	}
	if _, err := k.Office.Deputize(r.Context(), web.ActorOf(r.Context()), d); err != nil {
		if errs.KindOf(err) == errs.Conflict {
			f.Fail("", errs.MessageOf(err))
		} else if !f.FailWith(err) {
			return err
		}
		return k.showDeputies(w, r, web.Status(err), f)
	}
	web.Flash(r, "success", "Disimpan. Yang ditunjuk melihat meja Anda mulai saat itu.")
	return web.Redirect(w, r, deputyPath)
}

func (k *desk) endMandate(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	done := "Sudah diakhiri."
	if err := k.Office.EndMandate(r.Context(), web.ActorOf(r.Context()), id); errs.KindOf(err) == errs.Conflict {
		done = errs.MessageOf(err)
	} else if err != nil {
		return err
	}
	web.Flash(r, "success", done)
	return web.Redirect(w, r, deputyPath)
}

// helpView is somebody's desk as its deputy sees it.
type helpView struct {
	Desk  *ui.Desk
	At    eoffice.Seat
	Lists []queueView
}

func (k *desk) help(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	var v helpView
	at, rows, err := k.Office.DeputyDesk(ctx, a, id)
	if err != nil {
		return err
	}
	v.At = at
	for _, q := range eoffice.DeputyQueues {
		if len(rows[q]) > 0 {
			v.Lists = append(v.Lists, queueView{Queue: q, Rows: rows[q], Now: k.Clock.Now()})
		}
	}
	if v.Desk, err = k.side(ctx, a, helpHref(id)); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, helpPage(v))
}

// unreceived are the titles of the desks in whose name a deputy may take receipt of a letter.
func (v letterView) unreceived() (titles []string) {
	add := func(id int64) {
		for _, s := range v.D.Moment.Deputed {
			if s.PositionID == id && !slices.Contains(titles, s.Title) {
				titles = append(titles, s.Title)
			}
		}
	}
	for _, r := range v.D.Recipients {
		if !r.Copy() && slices.Contains(v.D.RecipientActions[r.ID], eoffice.ActOpen) {
			add(r.PositionID)
		}
	}
	for _, o := range v.D.Orders {
		if !o.ForInfo && slices.Contains(o.Actions, eoffice.ActOpen) {
			add(o.ToID)
		}
	}
	return titles
}

func (k *desk) receive(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := k.Office.Receive(r.Context(), web.ActorOf(r.Context()), id); err != nil && errs.KindOf(err) != errs.Conflict { // they read it themselves meanwhile
		return err
	}
	web.Flash(r, "success", "Diterima atas nama pemilik meja.")
	return web.Redirect(w, r, letterHref(id))
}
