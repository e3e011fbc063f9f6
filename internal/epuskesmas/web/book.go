package epuskesmasweb

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/web/words"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Names of what the steps of booking carry along.
const (
	controlKey    = "kunci"
	controlCode   = "kode"
	controlChange = "ubah"  // back to the first step
	controlOther  = "ganti" // another day for the same answers
	// keptCode is the challenge under way, in the session: who holds it may guess.
	keptCode = "puskesmas.kode"
)

// carried are the answers of the first step, which the later ones carry.
var carried = []string{
	controlKey, epuskesmas.ControlPoli, epuskesmas.ControlSession, epuskesmas.ControlName, epuskesmas.ControlBirth, epuskesmas.ControlNIK,
	epuskesmas.ControlPayer, epuskesmas.ControlBPJS, epuskesmas.ControlComplaint, epuskesmas.ControlContact,
}

// bookView is a step of booking.
type bookView struct {
	Site    epuskesmas.Site
	Poli    epuskesmas.Poli
	Session epuskesmas.Session
	Booking epuskesmas.Booking
	Form    *form.Form
	Actor   authz.Actor
	SentTo  string              // where the code went
	Expect  *epuskesmas.Promise // the time to expect; nil: the session is full
	Others  []epuskesmas.Session
	Times   map[slot]*epuskesmas.Promise // of those
	Has     bool                         // the patient or the contact has numbers already, which is why there is none
	Refusal string                       // why there is no number in the session chosen; "": nobody has asked yet
	Now     time.Time
}

// open reads which session is meant.
func (h *pages) open(r *http.Request, f *form.Form) (v bookView, err error) {
	v = bookView{Form: f, Actor: web.ActorOf(r.Context()), Now: h.now()}
	var clinics []epuskesmas.Poli
	if v.Site, clinics, err = h.Queue.SiteBySlug(r.Context(), web.Path(r, "puskesmas")); err != nil {
		return v, err
	}
	poli := f.ID(epuskesmas.ControlPoli, "")
	for _, p := range clinics {
		if p.ID == poli {
			v.Poli = p
		}
	}
	gone := errs.New(errs.Gone, "Sesi ini tidak bisa didaftar lagi: sudah lewat, atau polinya tutup.")
	at := f.DateTime(epuskesmas.ControlSession, "")
	if v.Poli.ID == 0 || at.IsZero() {
		return v, gone
	}
	list, err := h.Queue.Sessions(r.Context(), v.Poli.ID)
	if err != nil {
		return v, err
	}
	for _, s := range list {
		if s.StartsAt.Equal(at) {
			v.Session = s
			if full(s, v.Now) {
				return v, nil
			}
			p, err := h.Queue.Expect(r.Context(), s)
			v.Expect = &p
			return v, err
		}
	}
	return v, gone
}

// read reads the answers of the first step.
func (v *bookView) read() {
	f := v.Form
	v.Booking = epuskesmas.Booking{
		Key: f.Line(controlKey), PoliID: v.Poli.ID, StartsAt: v.Session.StartsAt, Name: f.Line(epuskesmas.ControlName),
		BirthDate: f.Date(epuskesmas.ControlBirth, ""), NIK: f.Line(epuskesmas.ControlNIK), BPJS: f.Line(epuskesmas.ControlBPJS),
		Payer: epuskesmas.Payer(f.Line(epuskesmas.ControlPayer)), Complaint: f.Line(epuskesmas.ControlComplaint),
		Contact: f.Line(epuskesmas.ControlContact), AccountID: v.Actor.AccountID, Origin: epuskesmas.OriginOnline,
	}
	if len(v.Booking.Key) > 40 {
		v.Booking.Key = v.Booking.Key[:40]
	}
}

func (h *pages) who(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := h.open(r, q)
	v.Form = nil
	if err != nil {
		return h.refuse(w, r, v, err)
	}
	v.Booking = epuskesmas.Booking{Key: crypt.Token(), Name: v.Actor.Name, Contact: v.Actor.Email}
	if v.Actor.IsStaff() {
		v.Booking.Name = ""
	}
	return web.Render(w, r, http.StatusOK, whoPage(v))
}

// begin reads a step's form; with anything wrong it has answered with the first step, and
// with the other sessions when the one chosen is over.
func (h *pages) begin(w http.ResponseWriter, r *http.Request) (v bookView, done bool, err error) {
	f, err := form.Read(r)
	if err != nil {
		return v, true, err
	}
	v, err = h.open(r, f)
	v.read()
	switch {
	case err != nil:
		return v, true, h.refuse(w, r, v, err)
	case f.Has(controlOther):
		return v, true, h.offer(w, r, http.StatusOK, v)
	case f.Has(controlChange):
		return v, true, web.Render(w, r, http.StatusOK, whoPage(v))
	case !f.OK():
		return v, true, web.Render(w, r, http.StatusUnprocessableEntity, whoPage(v))
	}
	if err := h.Queue.CheckPerson(&v.Booking); err != nil {
		return v, true, h.again(w, r, v, err)
	}
	return v, false, nil
}

// again shows the first step with what is wrong.
func (h *pages) again(w http.ResponseWriter, r *http.Request, v bookView, err error) error {
	if !v.Form.FailWith(err) {
		return err
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, whoPage(v))
}

// refuse says why there is no number to be had in a session, and offers others.
func (h *pages) refuse(w http.ResponseWriter, r *http.Request, v bookView, err error) error {
	switch errs.KindOf(err) {
	case errs.Conflict, errs.Gone, errs.TooMany:
		v.Refusal = errs.MessageOf(err)
	default:
		return err
	}
	v.Has = errs.KindOf(err) != errs.Gone && !epuskesmas.IsFull(err)
	if errs.KindOf(err) == errs.TooMany {
		return web.Render(w, r, web.Status(err), offerPage(v)) // another day would not help
	}
	if epuskesmas.IsFull(err) {
		v.Refusal = "Tempat di sesi ini sudah habis."
	}
	return h.offer(w, r, web.Status(err), v)
}

// offer shows the soonest sessions of the poli that have a place and for which there is time
// to come; what was typed goes along.
func (h *pages) offer(w http.ResponseWriter, r *http.Request, status int, v bookView) error {
	if v.Form != nil && v.Poli.ID != 0 {
		list, err := h.Queue.Sessions(r.Context(), v.Poli.ID)
		if err != nil {
			return err
		}
		v.Times = map[slot]*epuskesmas.Promise{}
		for _, s := range list {
			if len(v.Others) == offered {
				break
			}
			if s.StartsAt.Equal(v.Session.StartsAt) || !v.room(s) {
				continue
			}
			p, err := h.Queue.Expect(r.Context(), s)
			if err != nil {
				return err
			}
			if !p.Tight(v.Now) {
				v.Others, v.Times[slotOf(s)] = append(v.Others, s), &p
			}
		}
	}
	return web.Render(w, r, status, offerPage(v))
}

// offered is how many other sessions are offered at once.
const offered = 6

// room tells whether a session has a place for how the patient pays, as far as that is known.
func (v bookView) room(s epuskesmas.Session) bool {
	if p := v.Booking.Payer; p != "" {
		return s.Left(true, p, v.Now) > 0
	}
	return !full(s, v.Now)
}

// others are the sessions to choose from.
func (v bookView) others() ui.Control {
	c := ui.Control{Name: epuskesmas.ControlSession, Label: "Hari lain di " + v.Poli.Name, Required: true}
	for _, s := range v.Others {
		c.Options = append(c.Options, sessionOption(s, v.Times[slotOf(s)], v.Now))
	}
	return c
}

// saveWho takes the first step: it sends a code unless the contact is shown to be theirs.
func (h *pages) saveWho(w http.ResponseWriter, r *http.Request) error {
	v, done, err := h.begin(w, r)
	if done {
		return err
	}
	if h.proved(r, v.Booking.Contact) {
		return web.Render(w, r, http.StatusOK, checkPage(v))
	}
	ch, err := h.Auth.StartGuest(r.Context(), v.Booking.Contact, "mengambil nomor antrean di "+v.Site.Name, web.AddrOf(r.Context()))
	if err != nil {
		return h.again(w, r, v, err)
	}
	session.Put(r.Context(), keptCode, ch.ID)
	v.SentTo = ch.Contact.Masked()
	return web.Render(w, r, http.StatusOK, codePage(v))
}

// proved tells whether the contact was shown to belong to whoever sits here: it is the
// account's, or its code was given in this session within half an hour.
func (h *pages) proved(r *http.Request, contact string) bool {
	if a := web.ActorOf(r.Context()); a.SignedIn() && a.Email != "" && strings.EqualFold(a.Email, contact) {
		return true
	}
	id := session.GetInt64(r.Context(), keptCode)
	if id == 0 {
		return false
	}
	c, err := h.Auth.GuestContact(r.Context(), id)
	return err == nil && strings.EqualFold(c.String(), contact)
}

// code takes the code and shows everything once more.
func (h *pages) code(w http.ResponseWriter, r *http.Request) error {
	v, done, err := h.begin(w, r)
	if done {
		return err
	}
	if !h.proved(r, v.Booking.Contact) {
		id := session.GetInt64(r.Context(), keptCode)
		if id == 0 {
			return h.again(w, r, v, errs.Invalid(errs.Field{Name: epuskesmas.ControlContact, Message: "Kode sudah tidak berlaku. Kirim lagi untuk mendapat kode baru."}))
		}
		err := h.Auth.VerifyCode(r.Context(), id, v.Form.Line(controlCode), web.AddrOf(r.Context()))
		if errs.KindOf(err) == errs.Gone && err != nil {
			err = errs.Invalid(errs.Field{Name: controlCode, Message: errs.MessageOf(err)})
		}
		c, _ := authn.ParseContact(v.Booking.Contact)
		v.SentTo = c.Masked()
		if err == nil && !h.proved(r, v.Booking.Contact) { // the contact was changed meanwhile
			err = errs.Invalid(errs.Field{Name: controlCode, Message: "Kode ini bukan untuk kontak yang ditulis. Minta kode baru."})
		}
		if err != nil {
			if !v.Form.FailWith(err) {
				return err
			}
			return web.Render(w, r, http.StatusUnprocessableEntity, codePage(v))
		}
	}
	return web.Render(w, r, http.StatusOK, checkPage(v))
}

// send takes the number.
func (h *pages) send(w http.ResponseWriter, r *http.Request) error {
	v, done, err := h.begin(w, r)
	if done {
		return err
	}
	if !h.proved(r, v.Booking.Contact) {
		return h.again(w, r, v, errs.Invalid(errs.Field{Name: epuskesmas.ControlContact, Message: "Kode untuk kontak ini sudah tidak berlaku. Kirim lagi untuk mendapat kode baru."}))
	}
	out, err := h.Queue.Book(r.Context(), v.Actor, v.Booking)
	switch errs.KindOf(err) {
	case errs.Conflict, errs.TooMany:
		return h.refuse(w, r, v, err)
	}
	if err != nil {
		return h.again(w, r, v, err)
	}
	return web.Redirect(w, r, "/antrean/"+out.Token)
}

// contact is where messages go, as people write it.
func (v bookView) contact() string {
	if c := v.Booking.Contact; strings.Contains(c, "@") {
		return c
	}
	return indo.FormatPhone(v.Booking.Contact)
}

// value is what was typed, or what is known.
func (v bookView) value(name, known string) string {
	if v.Form != nil {
		return v.Form.Value(name)
	}
	return known
}

func (v bookView) control(c ui.Control, known string) ui.Control {
	c.Value, c.Error = v.value(c.Name, known), v.Form.Errors().Get(c.Name)
	return c
}

func (v bookView) base() string { return siteHref(v.Site) }

func (v bookView) poliID() string { return strconv.FormatInt(v.Poli.ID, 10) }

// payers are the ways to pay that still have a place.
func (v bookView) payers() []ui.Option {
	out := []ui.Option{}
	for _, p := range []struct {
		payer epuskesmas.Payer
		label string
	}{{epuskesmas.JKN, "BPJS Kesehatan (JKN-KIS)"}, {epuskesmas.General, "Bayar sendiri"}} {
		o := ui.Option{Value: string(p.payer), Label: p.label}
		if v.Session.Left(true, p.payer, v.Now) == 0 {
			o.Hint, o.Disabled = "Tempatnya sudah habis di sesi ini.", true
		}
		out = append(out, o)
	}
	return out
}

// rows are the answers to check.
func (v bookView) rows() []ui.SummaryRow {
	b := v.Booking
	rows := []ui.SummaryRow{
		{Key: "Poli", Value: v.Poli.Name + ", " + v.Site.Name},
		{Key: "Hari", Value: indo.LongDate(v.Session.StartsAt) + ", " + hours(v.Session)},
		{Key: "Pasien", Value: b.Name + ", lahir " + indo.Date(b.BirthDate.In(clock.Makassar))},
	}
	if v.Expect != nil {
		rows = append(rows, ui.SummaryRow{Key: "Perkiraan dilayani", Value: words.Around(*v.Expect) + ", " + words.Between(*v.Expect)},
			ui.SummaryRow{Key: "Datang paling lambat", Value: words.ComeBy(*v.Expect, v.Now)})
	}
	if b.NIK != "" {
		rows = append(rows, ui.SummaryRow{Key: "NIK", Value: "••••••••••••" + b.NIK[12:]})
	}
	pay := "Bayar sendiri"
	if b.Payer == epuskesmas.JKN {
		pay = "BPJS Kesehatan"
		if b.BPJS != "" {
			pay += ", kartu berakhiran " + b.BPJS[9:]
		}
	}
	rows = append(rows, ui.SummaryRow{Key: "Pembayaran", Value: pay})
	if b.Complaint != "" {
		rows = append(rows, ui.SummaryRow{Key: "Keluhan", Value: b.Complaint})
	}
	return append(rows, ui.SummaryRow{Key: "Kontak", Value: v.contact()})
}
