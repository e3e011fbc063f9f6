package eofficeweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const bookingPath = bookPath + "/pesan"

// Which of the two forms of the page was sent.
const (
	bookNext    = "berikutnya"
	bookBetween = "sisip"
	bookEnd     = "lepas:" // and the booking
)

// bookingView are the numbers that an office keeps.
type bookingView struct {
	Desk          *ui.Desk
	Offices       []eoffice.BookOffice
	UnitID        int64
	Office        string
	Next, Between bool // what the reader may do
	List          []eoffice.Booking
	Sent          string // the form that was refused
	Form          *form.Form
	Now           time.Time
}

func (k *desk) loadBookings(r *http.Request, unit int64) (v bookingView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Now = k.Clock.Now()
	if v.Offices, err = k.Office.BookingOffices(ctx, a); err != nil {
		return v, err
	}
	if len(v.Offices) == 0 {
		return v, errs.New(errs.NotFound, "Nomor dipesan oleh tata usaha.")
	}
	if v.UnitID = unit; v.UnitID == 0 {
		v.UnitID = v.Offices[0].ID
	}
	for _, o := range v.Offices {
		if o.ID == v.UnitID {
			v.Office = o.Name
		}
	}
	if v.Next, v.Between, err = k.Office.MayBook(ctx, a, v.UnitID); err != nil {
		return v, err
	}
	if v.List, err = k.Office.Bookings(ctx, a, v.UnitID); err != nil {
		return v, err
	}
	v.Desk, err = k.side(ctx, a, bookPath)
	return v, err
}

func (k *desk) bookings(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadBookings(r, f.ID(paramUnit, ""))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, bookingPage(v))
}

// bookNumbers keeps numbers, or gives one up.
func (k *desk) bookNumbers(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	unit, do, done := f.ID(paramUnit, "Pilih kantor."), f.Value(controlDo), ""
	if end, ok := strings.CutPrefix(do, bookEnd); ok {
		id, _ := strconv.ParseInt(end, 10, 64)
		err, done = k.Office.EndBooking(ctx, a, id, f.Text(eoffice.ControlWhy)), "Pesanan nomor dilepas. Alasannya tertulis di buku nomor."
	} else {
		n := k.newBooking(f, unit, do)
		if err = f.Err(); err == nil {
			var got []eoffice.Booking
			if got, err = k.Office.BookNumbers(ctx, a, n); err == nil {
				done = "Nomor " + got[0].Label() + " dipesan."
				if len(got) > 1 {
					done = "Nomor " + got[0].Label() + " sampai " + got[len(got)-1].Label() + " dipesan."
				}
			}
		}
	}
	if err == nil {
		web.Flash(r, "success", done)
		return web.Redirect(w, r, bookingPath+"?"+url.Values{paramUnit: {strconv.FormatInt(unit, 10)}}.Encode())
	}
	if !f.FailWith(err) {
		if errs.KindOf(err) != errs.Conflict {
			return err
		}
		f.Fail("", errs.MessageOf(err))
	}
	v, again := k.loadBookings(r, unit)
	if again != nil {
		return again
	}
	v.Form, v.Sent = f, do
	return web.Render(w, r, web.Status(err), bookingPage(v))
}

func (k *desk) newBooking(f *form.Form, unit int64, do string) eoffice.NewBooking {
	n := eoffice.NewBooking{UnitID: unit, Holder: f.Line(eoffice.ControlHolder), Reason: f.Text(eoffice.ControlWhy)}
	n.Series, n.Confidential = strings.CutSuffix(f.Line(eoffice.ControlSeries), bookSecret)
	if day := f.Date(eoffice.ControlExpires, "Pilih sampai kapan nomornya disimpan."); !day.IsZero() {
		n.Expires = endOf(day)
	}
	if do == bookBetween {
		n.After = int64(f.Int(eoffice.ControlAfter, 1, 10_000_000, "Tulis nomor yang sudah diberikan."))
		n.Day = f.Date(eoffice.ControlPaperDay, "Pilih tanggal naskahnya.")
		return n
	}
	n.Count = f.Int(eoffice.ControlCount, 1, eoffice.MaxBooked, "Pesan 1 sampai "+strconv.Itoa(eoffice.MaxBooked)+" nomor.")
	return n
}

// control is a control of one of the forms: with what was typed where that one was refused.
func (v bookingView) control(which string, c ui.Control) ui.Control {
	if v.Sent == which && v.Form != nil {
		return c.Typed(v.Form)
	}
	c.ID = c.Name + "-" + strings.TrimSuffix(strings.ReplaceAll(which, ":", "-"), "-")
	return c
}

func (v bookingView) series(which string) ui.Control {
	c := ui.Control{Name: eoffice.ControlSeries, Label: "Buku nomor", Required: true}
	for _, secret := range []bool{false, true} {
		for _, s := range eoffice.BookSeries() {
			o := ui.Option{Value: s, Label: sentence(eoffice.SeriesLabel(s, secret)), Group: "Keluar"}
			if secret {
				o.Value, o.Group = s+bookSecret, "Keluar, rahasia"
			}
			c.Options = append(c.Options, o)
		}
	}
	return v.control(which, c)
}

func (v bookingView) common(which string) (holder, why, expires ui.Control) {
	return v.control(which, ui.Control{Name: eoffice.ControlHolder, Label: "Pemegang", Hint: "Siapa yang menulis naskahnya.", Required: true, MaxLength: 120}),
		v.control(which, ui.Control{Name: eoffice.ControlWhy, Label: "Alasan", Required: true, Rows: 2, MaxLength: 300}),
		v.control(which, ui.Control{Name: eoffice.ControlExpires, Label: "Disimpan sampai", Hint: "Yang tidak dipakai sampai hari itu berakhir dengan alasan ini di buku nomor.", Required: true, Min: v.today()})
}

func (v bookingView) today() string { return v.Now.In(indo.WITA).Format(time.DateOnly) }

func (v bookingView) officeControl() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Kantor", Value: strconv.FormatInt(v.UnitID, 10)}
	for _, o := range v.Offices {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(o.ID, 10), Label: o.Name})
	}
	return c
}

// bookingState says where a kept number stands.
func (v bookingView) state(b eoffice.Booking) (mark, color string) {
	switch {
	case b.EndedAt != nil:
		return "tidak dipakai", "neutral"
	case b.LetterID != 0:
		return "dipakai", "success"
	case !b.Open(v.Now):
		return "habis masanya", "warning"
	}
	return "menunggu naskahnya", "info"
}

// bookable offers the numbers that were kept for a letter that is signed in ink.
func (v letterView) bookable(a letterAct) ui.Control {
	c := ui.Control{Name: eoffice.ControlBooking, Label: "Nomor", Options: []ui.Option{{Label: "Nomor berikutnya"}}}
	for _, b := range v.Booked {
		label := "Nomor " + b.Label() + " tahun " + strconv.Itoa(b.Year) + ", " + b.Holder
		if b.Suffix != "" {
			label += ", tanggal " + indo.Date(b.Day)
		}
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(b.ID, 10), Label: label, Group: "Dipesan"})
	}
	return v.control(a, c)
}
