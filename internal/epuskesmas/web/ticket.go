package epuskesmasweb

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/skip2/go-qrcode"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/web/words"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// ticketView is a ticket as its owner sees it.
type ticketView struct {
	epuskesmas.MyTicket
	Base   string
	QR     string // the ticket's address as a picture
	Now    time.Time
	Notice string
	Survey string // address of the questionnaire; "" when there is none
}

// notices travel in the address: a flash would leave a cookie on a borrowed phone.
var notices = map[string]string{
	"hadir": "Terima kasih, kehadiran Anda tercatat. Tunggu nomor Anda dipanggil.",
	"batal": "Nomor Anda sudah dibatalkan. Tempatnya bisa dipakai orang lain.",
	"ganti": "Hari Anda sudah diganti. Ini nomor yang baru.",
}

func baseOf(r *http.Request) string { return "/antrean/" + web.Path(r, "token") }

func (h *pages) ticket(w http.ResponseWriter, r *http.Request) error {
	t, err := h.Queue.Mine(r.Context(), web.Path(r, "token"))
	if err != nil {
		return err
	}
	v := ticketView{MyTicket: t, Base: baseOf(r), Now: h.now(), Notice: notices[r.URL.Query().Get("kabar")]}
	if t.Status == epuskesmas.Done && t.EndedAt != nil && h.Survey != nil {
		v.Survey = h.Survey(t.Site.UnitID, t.VisitID, *t.EndedAt)
	}
	if t.Status == epuskesmas.Booked {
		if v.QR, err = h.codes.of(h.BaseURL + v.Base); err != nil {
			return err
		}
	}
	return web.Render(w, r, http.StatusOK, ticketPage(v))
}

// pictures remembers QR codes: a ticket's page is read again with every event of its
// queue, and its code, always the same, would be most of the work.
type pictures struct {
	mu   sync.Mutex
	kept map[string]string
}

// maxPictures is how many are remembered, about a kilobyte each.
const maxPictures = 8192

// of is a QR code of an address as a data URL.
func (p *pictures) of(address string) (string, error) {
	p.mu.Lock()
	kept, ok := p.kept[address]
	p.mu.Unlock()
	if ok {
		return kept, nil
	}
	drawn, err := picture(address)
	if err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil || len(p.kept) >= maxPictures {
		p.kept = map[string]string{}
	}
	p.kept[address] = drawn
	return drawn, nil
}

// encoder keeps its buffers, a megabyte each, for the next picture.
var encoder = png.Encoder{BufferPool: &encoderBuffers{}}

type encoderBuffers struct{ pool sync.Pool }

func (b *encoderBuffers) Get() *png.EncoderBuffer {
	kept, _ := b.pool.Get().(*png.EncoderBuffer)
	return kept
}

func (b *encoderBuffers) Put(used *png.EncoderBuffer) { b.pool.Put(used) }

func picture(address string) (string, error) {
	code, err := qrcode.New(address, qrcode.Medium)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := encoder.Encode(&out, code.Image(-4)); err != nil {
		return "", err
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

// changes tells an open ticket that the queue moved.
func (h *pages) changes(w http.ResponseWriter, r *http.Request) error {
	token := web.Path(r, "token")
	t, err := h.Queue.Mine(r.Context(), token)
	if err != nil {
		return err
	}
	queue := h.Hub.Follow(epuskesmas.LiveSession(watched(t)))
	defer queue.Close()
	seen := r.URL.Query().Get("versi")
	return web.Events(w, r, queue.C, func(ctx context.Context) (_ string, err error) {
		// Once more whenever the visit goes on in another queue: until now we did not listen there.
		for looked := false; !looked || queue.To(epuskesmas.LiveSession(watched(t))); looked = true {
			if t, err = h.Queue.Watch(ctx, token, t); err != nil {
				return "", err
			}
		}
		if now := version(t); now != seen {
			seen = now
			return now, nil
		}
		return "", nil
	})
}

// watched is the session whose queue matters to a ticket's owner.
func watched(t epuskesmas.MyTicket) int64 {
	if t.Next != nil {
		return t.Next.SessionID
	}
	return t.SessionID
}

// version changes with whatever a ticket shows of its queue.
func version(t epuskesmas.MyTicket) string {
	v := fmt.Sprintf("%d.%d.%d-%d-%d.%s", t.ID, t.Seq, t.Ahead.Served, t.Ahead.Here, t.Ahead.Away, t.LastCall)
	if t.Next != nil {
		v += fmt.Sprintf(".%d.%d", t.Next.ID, t.Next.Seq)
	}
	if t.Promise != nil {
		v += fmt.Sprintf(".%d", t.Promise.P50.Unix())
	}
	return v
}

func (h *pages) checkIn(w http.ResponseWriter, r *http.Request) error {
	if err := h.Queue.CheckIn(r.Context(), web.Path(r, "token")); err != nil {
		return err
	}
	return web.Redirect(w, r, baseOf(r)+"?kabar=hadir")
}

func (h *pages) cancel(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err := h.Queue.Cancel(r.Context(), web.Path(r, "token"), f.Line(epuskesmas.ControlReason)); err != nil {
		return err
	}
	return web.Redirect(w, r, baseOf(r)+"?kabar=batal")
}

// othersView is where a ticket may be moved to.
type othersView struct {
	ticketView
	Sessions []epuskesmas.Session
	Expect   map[slot]*epuskesmas.Promise // of the soonest
	Form     *form.Form
	Refusal  string
}

func (h *pages) others(w http.ResponseWriter, r *http.Request) error {
	return h.showOthers(w, r, http.StatusOK, othersView{})
}

func (h *pages) showOthers(w http.ResponseWriter, r *http.Request, status int, v othersView) error {
	t, err := h.Queue.Mine(r.Context(), web.Path(r, "token"))
	if err != nil {
		return err
	}
	if !t.CanMove {
		return errs.New(errs.Conflict, "Nomor ini tidak bisa dipindah lagi.")
	}
	v.ticketView = ticketView{MyTicket: t, Base: baseOf(r), Now: h.now()}
	if v.Sessions, err = h.Queue.Others(r.Context(), t); err != nil {
		return err
	}
	v.Expect = map[slot]*epuskesmas.Promise{}
	for _, s := range v.Sessions[:min(len(v.Sessions), soonest)] {
		p, err := h.Queue.Expect(r.Context(), s)
		if err != nil {
			return err
		}
		v.Expect[slotOf(s)] = &p
	}
	return web.Render(w, r, status, othersPage(v))
}

func (h *pages) reschedule(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	at := f.DateTime(epuskesmas.ControlSession, "Pilih hari yang baru.")
	if err = f.Err(); err == nil {
		err = h.Queue.Reschedule(r.Context(), web.Path(r, "token"), at)
	}
	switch {
	case err == nil:
		return web.Redirect(w, r, baseOf(r)+"?kabar=ganti")
	case f.FailWith(err):
		return h.showOthers(w, r, http.StatusUnprocessableEntity, othersView{Form: f})
	case errs.KindOf(err) == errs.Conflict:
		return h.showOthers(w, r, http.StatusConflict, othersView{Form: f, Refusal: errs.MessageOf(err)})
	}
	return err
}

func (v othersView) choice() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlSession, Label: "Hari yang baru", Required: true}
	if v.Form != nil {
		c.Value, c.Error = v.Form.Value(c.Name), v.Form.Errors().Get(c.Name)
	}
	for _, s := range v.Sessions {
		c.Options = append(c.Options, sessionOption(s, v.Expect[slotOf(s)], v.Now))
	}
	return c
}

// sessionOption is a session to choose, with the time to expect when it is known.
func sessionOption(s epuskesmas.Session, expect *epuskesmas.Promise, now time.Time) ui.Option {
	hint := hours(s) + " · " + left(s, now)
	if expect != nil {
		hint += ". " + words.Expected(expect) + ". " + words.Deadline(expect, now)
	}
	return ui.Option{Value: moment(s.StartsAt), Label: dayName(s.StartsAt, now), Hint: hint}
}

// calendar is the visit as a file for the phone's calendar, with a reminder.
func (h *pages) calendar(w http.ResponseWriter, r *http.Request) error {
	t, err := h.Queue.Mine(r.Context(), web.Path(r, "token"))
	if err != nil {
		return err
	}
	at := t.Session.StartsAt
	if t.Promise != nil {
		at = t.Promise.ComeBy()
	}
	const stamp = "20060102T150405Z"
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kota Makassar//Antrean puskesmas//ID", "BEGIN:VEVENT",
		fmt.Sprintf("UID:antrean-%d@%s", t.VisitID, strings.TrimPrefix(strings.TrimPrefix(h.BaseURL, "https://"), "http://")),
		fmt.Sprintf("SEQUENCE:%d", t.Seq),
		"DTSTAMP:" + h.now().UTC().Format(stamp), "DTSTART:" + at.UTC().Format(stamp), "DTEND:" + t.Session.EndsAt.UTC().Format(stamp),
		"SUMMARY:" + calendarText("Antrean "+t.Code+", "+t.PoliName), "LOCATION:" + calendarText(strings.TrimSuffix(t.Site.Name+", "+t.Site.Address, ", ")),
		"URL:" + h.BaseURL + baseOf(r),
	}
	if !t.Status.Active() {
		lines = append(lines, "STATUS:CANCELLED")
	}
	lines = append(lines, "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT2H", "DESCRIPTION:"+calendarText("Antrean "+t.Code), "END:VALARM", "END:VEVENT", "END:VCALENDAR", "")
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="antrean.ics"`)
	_, err = w.Write([]byte(strings.Join(lines, "\r\n")))
	return err
}

// calendarText escapes what has a meaning in a calendar file.
func calendarText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

// own lists the tickets that the account has booked.
func (h *pages) own(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Queue.TicketsOf(r.Context(), web.ActorOf(r.Context()).AccountID)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, ownPage(list, h.now()))
}

// state says a status in words to the owner, and how it stands.
func state(s epuskesmas.Status) (color, text string) {
	switch s {
	case epuskesmas.Booked:
		return "info", "Belum hadir"
	case epuskesmas.Waiting:
		return "info", "Menunggu dipanggil"
	case epuskesmas.Called:
		return "warning", "Dipanggil"
	case epuskesmas.Serving:
		return "success", "Sedang dilayani"
	case epuskesmas.Done, epuskesmas.Referred:
		return "success", "Selesai"
	case epuskesmas.NoShow:
		return "danger", "Tidak hadir"
	case epuskesmas.Cancelled:
		return "neutral", "Dibatalkan"
	}
	return "neutral", "Dipindah"
}

// age is "34 th", or months of a small child.
func age(born *time.Time, now time.Time) string {
	if born == nil {
		return ""
	}
	today := now.In(clock.Makassar)
	months := (today.Year()-born.Year())*12 + int(today.Month()) - int(born.Month())
	if today.Day() < born.Day() {
		months--
	}
	if months < 24 {
		return fmt.Sprintf(", %d bulan", max(months, 0))
	}
	return fmt.Sprintf(", %d th", months/12)
}

// bring is what to take along.
func (v ticketView) bring() string {
	if v.Payer == epuskesmas.JKN {
		return "KTP atau kartu keluarga, kartu BPJS (atau aplikasi Mobile JKN), dan tiket ini."
	}
	return "KTP atau kartu keluarga, dan tiket ini."
}

func (v ticketView) rows() []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Pasien", Value: v.Patient + age(v.BirthDate, v.Now)},
		{Key: "Tanggal", Value: indo.LongDate(v.Session.StartsAt)},
		{Key: "Sesi", Value: hours(v.Session)},
	}
	if v.Status == epuskesmas.Booked {
		if v.Promise != nil {
			rows = append(rows, ui.SummaryRow{Key: "Datang paling lambat", Value: words.ComeBy(*v.Promise, v.Now) + ", daftar ulang di loket"})
		}
		rows = append(rows, ui.SummaryRow{Key: "Bawa", Value: v.bring()})
	}
	if v.Reason != "" && v.Status.Active() {
		rows = append(rows, ui.SummaryRow{Key: "Didahulukan", Value: v.Reason})
	}
	return rows
}

// changed says what the puskesmas has done to the number, "" for nothing.
func (v ticketView) changed() string {
	switch c := v.Change; {
	case c == nil:
		return ""
	case c.Action == epuskesmas.ActCancel:
		return "Dibatalkan puskesmas: " + c.Reason
	default:
		return "Dipindah oleh puskesmas dari " + indo.LongDate(c.StartsAt) + ", pukul " + indo.Clock(c.StartsAt) + ": " + c.Reason
	}
}

// today tells whether the session is on this day.
func (v ticketView) today() bool {
	return v.Session.StartsAt.In(clock.Makassar).Format(time.DateOnly) == v.Now.In(clock.Makassar).Format(time.DateOnly)
}
