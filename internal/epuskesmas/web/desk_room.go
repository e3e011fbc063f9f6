package epuskesmasweb

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls of the rooms.
const (
	controlTicket  = "tiket"
	controlSeq     = "urutan"
	controlAction  = "aksi"
	controlDoctor  = "dokter"
	controlSession = "sesi"
	paramSearch    = "cari"
	paramPatient   = "pasien"
	paramNew       = "baru"
	paramPrint     = "cetak"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// roomView is a counter as its page shows it.
type roomView struct {
	epuskesmas.Station
	Desk      *ui.Desk
	House     houseView
	Session   epuskesmas.Session
	Queue     []epuskesmas.Ticket // in the order of calling, then who is not here
	Now       *epuskesmas.Ticket
	Ended     []epuskesmas.Ticket // may be undone
	Missed    []epuskesmas.Ticket
	Unsettled []epuskesmas.Ticket // at the desk: who is to be asked whether they are known
	Duties    []epuskesmas.Duty
	Mine      *epuskesmas.Duty // the doctor at this counter
	Call      bool             // what the actor may do
	AtDesk    bool
	Manage    bool
	At        time.Time
	Form      *form.Form // refused, with what was typed
	Refused   string     // the action that was refused
	Reg       regView
	Print     int64 // a ticket just given, to print
}

func (v roomView) path(act string) string { return roomPath(v.Counter.ID) + "/" + act }

func (v roomView) waiting() (n int) {
	for _, t := range v.Queue {
		if t.Status == epuskesmas.Waiting {
			n++
		}
	}
	return n
}

// paused says that the doctor of this counter pauses.
func (v roomView) paused() bool { return v.Mine != nil && v.Mine.Status == "jeda" }

func (v roomView) closed() bool { return v.Session.Status == epuskesmas.Over }

// free are the doctors who are in no room yet.
func (v roomView) free() (out []epuskesmas.Duty) {
	for _, d := range v.Duties {
		if d.Status == "terjadwal" || d.Status == "absen" {
			out = append(out, d)
		}
	}
	return out
}

// onward is where a patient may go from here.
func (v roomView) onward() (out []epuskesmas.Poli) {
	for _, p := range v.House.Polis {
		if p.ID != v.Poli.ID {
			out = append(out, p)
		}
	}
	return out
}

// fault is what was wrong with a control of a refused act.
func (v roomView) fault(action, control string) string {
	if v.Form == nil || v.Refused != action {
		return ""
	}
	return v.Form.Errors().Get(control)
}

func (v roomView) typed(action, control string) string {
	if v.Form == nil || v.Refused != action {
		return ""
	}
	return v.Form.Value(control)
}

func (k *desk) room(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadRoom(r)
	if err != nil {
		return err
	}
	if err := k.loadSearch(r, &v); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, roomPage(v))
}

func (k *desk) loadRoom(r *http.Request) (v roomView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "ruang")
	if err != nil {
		return v, err
	}
	if v.Station, err = k.Queue.Station(ctx, a, id); err != nil {
		return v, err
	}
	_, polis, err := k.Queue.StaffSite(ctx, a, v.Site.Slug, queueWork...)
	if err != nil {
		return v, err
	}
	if v.House, err = k.load(ctx, a, v.Site, polis); err != nil {
		return v, err
	}
	if v.Session, v.Queue, err = k.Queue.Queue(ctx, a, v.Poli.ID); err != nil {
		return v, err
	}
	if v.Now, v.Ended, err = k.Queue.AtCounter(ctx, a, id); err != nil {
		return v, err
	}
	if v.Missed, err = k.Queue.Missed(ctx, a, v.Poli.ID); err != nil {
		return v, err
	}
	if v.Duties, err = k.Queue.Duties(ctx, a, v.Session.ID); err != nil {
		return v, err
	}
	if i := slices.IndexFunc(v.Duties, func(d epuskesmas.Duty) bool { return d.CounterID == id && d.Status != "absen" }); i >= 0 {
		v.Mine = &v.Duties[i]
	}
	v.Call, v.Manage = k.holds(r, v.Site, epuskesmas.PermCall), k.holds(r, v.Site, epuskesmas.PermManage)
	v.AtDesk = v.Poli.Kind == epuskesmas.KindDesk && k.holds(r, v.Site, epuskesmas.PermDesk)
	if v.AtDesk {
		v.Unsettled, err = k.Queue.Unsettled(ctx, a, v.Site.UnitID)
	}
	v.At, v.Desk = k.Clock.Now(), side(a, v.House, id)
	return v, err
}

// holds says whether the actor has a permission in a puskesmas.
func (k *desk) holds(r *http.Request, s epuskesmas.Site, p authz.Permission) bool {
	_, _, err := k.Queue.StaffSite(r.Context(), web.ActorOf(r.Context()), s.Slug, p)
	return err == nil
}

// posted reads a form and the counter that it came from.
func (k *desk) posted(r *http.Request) (id int64, f *form.Form, err error) {
	if id, err = web.PathInt(r, "ruang"); err != nil {
		return 0, nil, err
	}
	if _, err = k.Queue.Station(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return 0, nil, err
	}
	f, err = form.Read(r)
	return id, f, err
}

// after goes back to the counter: with what happened, or with why it did not.
func (k *desk) after(w http.ResponseWriter, r *http.Request, id int64, f *form.Form, action, done string, err error) error {
	switch kind := errs.KindOf(err); {
	case err == nil:
		if done != "" {
			web.Flash(r, "success", done)
		}
	case kind == errs.Unprocessable:
		f.FailWith(err)
		v, loadErr := k.loadRoom(r)
		if loadErr != nil {
			return loadErr
		}
		v.Form, v.Refused = f, action
		return web.Render(w, r, http.StatusUnprocessableEntity, roomPage(v))
	case kind == errs.Conflict, kind == errs.NotFound && errs.MessageOf(err) != "", kind == errs.Forbidden && errs.MessageOf(err) != "":
		web.Flash(r, "warning", errs.MessageOf(err))
	default:
		return err
	}
	return web.Redirect(w, r, roomPath(id))
}

// controlHere names the ticket that the room showed when the next one was called, 0 for none.
const controlHere = "sekarang"

// here is that ticket.
func (v roomView) here() int64 {
	if v.Now == nil {
		return 0
	}
	return v.Now.ID
}

func (k *desk) next(w http.ResponseWriter, r *http.Request) error {
	id, f, err := k.posted(r)
	if err != nil {
		return err
	}
	seen, parse := strconv.ParseInt(f.Value(controlHere), 10, 64)
	if parse != nil {
		seen = epuskesmas.Whoever
	}
	_, err = k.Queue.NextAfter(r.Context(), web.ActorOf(r.Context()), id, f.ID(controlDoctor, ""), seen)
	return k.after(w, r, id, f, "panggil", "", err)
}

// seen reads which ticket an act is about and the state in which it was seen.
func seen(f *form.Form) (ticket int64, seq int, err error) {
	ticket, err = strconv.ParseInt(f.Value(controlTicket), 10, 64)
	if err == nil {
		seq, err = strconv.Atoi(f.Value(controlSeq))
	}
	if err != nil || ticket <= 0 || seq <= 0 || seq > 1<<30 {
		return 0, 0, errs.New(errs.BadRequest, "")
	}
	return ticket, seq, nil
}

// roomActs are the steps that a room's page offers.
var roomActs = []epuskesmas.Action{epuskesmas.ActServe, epuskesmas.ActFinish, epuskesmas.ActRecall, epuskesmas.ActSkip, epuskesmas.ActNoShow,
	epuskesmas.ActRefer, epuskesmas.ActUndo, epuskesmas.ActCheckIn, epuskesmas.ActReinstate, actSettle}

// actSettle is the check-in of somebody who is here already but came past the desk.
const actSettle epuskesmas.Action = "cocokkan"

func (k *desk) act(w http.ResponseWriter, r *http.Request) error {
	id, f, err := k.posted(r)
	if err != nil {
		return err
	}
	ticket, seq, err := seen(f)
	if err != nil {
		return err
	}
	action := epuskesmas.Action(f.Value(controlAction))
	if !slices.Contains(roomActs, action) {
		return errs.New(errs.BadRequest, "")
	}
	switch in := (epuskesmas.Arrival{TicketID: ticket, Seq: seq}); action {
	case epuskesmas.ActCheckIn:
		return k.arrive(w, r, id, f, in, "Kehadiran tercatat.")
	case actSettle:
		return k.arrive(w, r, id, f, in, "Data pasien sudah dicocokkan.")
	}
	err = k.Queue.Act(r.Context(), web.ActorOf(r.Context()), ticket, seq, action, f.Line(epuskesmas.ControlReason))
	return k.after(w, r, id, f, string(action), "", err)
}

// arrive checks in who booked from afar; who may be somebody known is asked first.
func (k *desk) arrive(w http.ResponseWriter, r *http.Request, id int64, f *form.Form, in epuskesmas.Arrival, done string) error {
	in.Same, in.Seen = f.ID(paramPatient, ""), seenAlike(f)
	err := f.Err()
	if err == nil {
		err = k.Queue.Arrive(r.Context(), web.ActorOf(r.Context()), in)
	}
	var alike *epuskesmas.Alike
	if !errors.As(err, &alike) {
		return k.after(w, r, id, f, string(epuskesmas.ActCheckIn), done, err)
	}
	v, err := k.loadRoom(r)
	if err != nil {
		return err
	}
	v.Reg.Alike, v.Form, v.Refused = alike, f, string(epuskesmas.ActCheckIn)
	return web.Render(w, r, http.StatusConflict, roomPage(v))
}

func (k *desk) forward(w http.ResponseWriter, r *http.Request) error {
	id, f, err := k.posted(r)
	if err != nil {
		return err
	}
	ticket, seq, err := seen(f)
	if err != nil {
		return err
	}
	t, err := k.Queue.Forward(r.Context(), web.ActorOf(r.Context()), ticket, seq, f.ID(epuskesmas.ControlPoli, "Pilih tujuan."))
	return k.after(w, r, id, f, "lanjut", "Nomor berikutnya "+t.Code+" di "+t.PoliName+".", err)
}

func (k *desk) duty(w http.ResponseWriter, r *http.Request) error {
	id, f, err := k.posted(r)
	if err != nil {
		return err
	}
	session, doctor := f.ID(controlSession, "Sesi ini tidak dikenal."), f.ID(controlDoctor, "Pilih dokter.")
	if err = f.Err(); err == nil {
		err = k.Queue.Report(r.Context(), web.ActorOf(r.Context()), session, doctor, id,
			epuskesmas.DutyAction(f.Value(controlAction)), f.Line(epuskesmas.ControlReason))
	}
	return k.after(w, r, id, f, "dokter", "", err)
}

func (k *desk) session(w http.ResponseWriter, r *http.Request) error {
	id, f, err := k.posted(r)
	if err != nil {
		return err
	}
	session, a := f.ID(controlSession, "Sesi ini tidak dikenal."), web.ActorOf(r.Context())
	done := ""
	if err = f.Err(); err == nil {
		switch f.Value(controlAction) {
		case "tutup":
			err, done = k.Queue.Close(r.Context(), a, session), "Sesi ditutup. Yang tidak datang dicatat tidak hadir."
		case "buka":
			err, done = k.Queue.Reopen(r.Context(), a, session), "Sesi dibuka lagi."
		default:
			err = errs.New(errs.BadRequest, "")
		}
	}
	return k.after(w, r, id, f, "sesi", done, err)
}

// ---- Words ----

// classTag says why somebody goes first; "" for everybody else.
func classTag(t epuskesmas.Ticket) (color, text string) {
	switch t.Class {
	case estimate.Emergency:
		return "danger", "Gawat darurat"
	case estimate.Priority:
		return "warning", cmp.Or(t.Reason, "Prioritas")
	}
	return "", ""
}

// facts are what whoever calls needs to know of the patient.
func facts(t epuskesmas.Ticket, now time.Time) string {
	var parts []string
	if t.BirthDate != nil {
		parts = append(parts, ageOf(*t.BirthDate, now))
	}
	if t.RecordNo != 0 {
		parts = append(parts, "RM "+recordNo(t.RecordNo))
	}
	if t.Patient != "" {
		parts = append(parts, payerName(t.Payer))
		if t.AskedFor != "" {
			parts = append(parts, "meminta "+t.AskedFor)
		}
	}
	if t.Online {
		parts = append(parts, "daftar daring")
	}
	return strings.Join(parts, " · ")
}

func recordNo(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 6-len(s))) + s
}

func payerName(p epuskesmas.Payer) string {
	if p == epuskesmas.JKN {
		return "JKN"
	}
	return "Umum"
}

func ageOf(born, now time.Time) string {
	now = now.In(indo.WITA)
	months := (now.Year()-born.Year())*12 + int(now.Month()) - int(born.Month())
	if now.Day() < born.Day() {
		months--
	}
	if months < 24 {
		return strconv.Itoa(max(0, months)) + " bulan"
	}
	return strconv.Itoa(months/12) + " tahun"
}

// since says how long somebody has waited.
func since(t, now time.Time) string {
	return strconv.Itoa(max(0, int(now.Sub(t).Minutes()))) + " menit"
}

func ticketName(t epuskesmas.Ticket) string { return cmp.Or(t.Patient, "Belum didaftarkan") }
