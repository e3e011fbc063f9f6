package eofficeweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

type letterView struct {
	Desk       *ui.Desk
	D          eoffice.Detail
	Primary    letterAct
	Others     []letterAct
	Answers    []eoffice.Reference // letters that may answer an order
	Open       string              // the act whose form was refused
	Form       *form.Form
	Changed    *eoffice.ChangedError
	Passphrase bool
	Booked     []eoffice.Booking       // numbers that a letter signed in ink may take
	KKA        []eoffice.KKA           // of a letter from outside that may get one
	Archives   []eoffice.ArchiveOffice // in which the reader may put it
	Desks      []eoffice.Place         // to which a letter from outside may go that came back
	Plans      []plan                  // diary entries that the reader keeps about an invitation
	Watched    bool                    // the reader follows it
	Now        time.Time
}

func (k *desk) letter(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	v, err := k.load(r, id)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, letterPage(v))
}

func (k *desk) load(r *http.Request, id int64) (v letterView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v.Passphrase = k.Office.NeedsPassphrase()
	if v.D, err = k.Office.Open(ctx, a, id); err != nil {
		return v, err
	}
	v.Now = k.Clock.Now() // after what opening it wrote down
	v.choose()
	if slices.ContainsFunc(v.D.Orders, func(o eoffice.OrderView) bool { return slices.Contains(o.Actions, eoffice.ActReport) }) {
		if v.Answers, err = k.Office.Answers(ctx, a, id); err != nil {
			return v, err
		}
	}
	if slices.Contains(v.D.Actions, eoffice.ActPrint) && v.D.LetterNo == 0 {
		if v.Booked, err = k.Office.Bookable(ctx, &v.D.Case); err != nil {
			return v, err
		}
	}
	if err := k.loadArrival(ctx, a, &v); err != nil {
		return v, err
	}
	if err := k.loadArchives(ctx, a, &v); err != nil {
		return v, err
	}
	if v.Plans, err = k.plans(ctx, &v.D); err != nil {
		return v, err
	}
	if v.Watched, err = k.Office.Watched(ctx, a, id); err != nil {
		return v, err
	}
	v.Desk, err = k.side(ctx, a, "")
	return v, err
}

// loadArrival adds what the acts on a letter from outside need.
func (k *desk) loadArrival(ctx context.Context, a authz.Actor, v *letterView) (err error) {
	if slices.Contains(v.D.Actions, eoffice.ActClassify) {
		if v.KKA, err = k.Office.Classification(ctx); err != nil {
			return err
		}
	}
	for _, acts := range v.D.RecipientActions {
		if v.D.Status == eoffice.Directed && slices.Contains(acts, eoffice.ActDirect) {
			f, err := k.Office.ArrivalFormOf(ctx, a, v.D.UnitID)
			if err != nil {
				return err
			}
			v.Desks = f.Desks
		}
	}
	return nil
}

// choose sorts what may be done: the first act moves the letter on.
func (v *letterView) choose() {
	for _, a := range letterActs {
		if !a.offered(v.D) {
			continue
		}
		if v.Primary.Path == "" && !a.Aside {
			v.Primary = a
		} else {
			v.Others = append(v.Others, a)
		}
	}
}

// lower offers the levels below a letter's own.
func (v letterView) lower(a letterAct) ui.Control {
	return v.control(a, ui.Control{Name: eoffice.ControlSecrecy, Label: "Sifat yang baru", Required: true, Width: "medium",
		Options: secrecyOptions(eoffice.Secrecies[:max(v.D.Secrecy.Rank(), 0)])})
}

// higher offers the levels above a letter's own that the portal still keeps.
func (v letterView) higher(a letterAct) ui.Control {
	return v.control(a, ui.Control{Name: eoffice.ControlSecrecy, Label: "Sifat yang baru", Required: true, Width: "medium",
		Options: secrecyOptions(eoffice.Secrecies[v.D.Secrecy.Rank()+1 : eoffice.HighlySecret.Rank()])})
}

// cause asks what a return is about.
func (v letterView) cause(a letterAct) ui.Control {
	c := ui.Control{Name: eoffice.ControlCause, Label: "Sebab dikembalikan", Value: string(eoffice.Faulty), Required: true,
		Hint: "Hanya sebab yang pertama dihitung dalam ukuran “Konsep lolos sekali” milik konseptor."}
	for _, cause := range eoffice.Causes {
		c.Options = append(c.Options, ui.Option{Value: string(cause), Label: cause.Label()})
	}
	return v.control(a, c)
}

func (v letterView) action(path string) string { return letterHref(v.D.ID) + "/" + path }

func paperHref(id int64, which eoffice.Paper) string {
	return letterHref(id) + "/berkas/" + string(which)
}

func paperName(which eoffice.Paper) string {
	switch which {
	case eoffice.PaperSigned:
		return "Naskah bertanda tangan"
	case eoffice.PaperScan:
		return "Pindaian naskah bertanda tangan"
	case eoffice.PaperPrint:
		return "Cetakan bernomor"
	}
	return "Lihat cetakannya"
}

func (v letterView) title() string {
	if v.D.LetterNumber != "" {
		return v.D.LetterNumber
	}
	if v.D.Incoming() {
		return v.D.SenderNumber
	}
	return v.D.Kind.Name
}

// stands says how far a letter has come at a recipient.
func (v letterView) stands(r eoffice.Recipient) string {
	if v.D.Incoming() && r.Status == eoffice.Prepared {
		return "belum diarahkan"
	}
	if r.ScreenerID != 0 {
		return r.Status.Label() + ", sedang disaring"
	}
	return r.Status.Label()
}

// facts are what the envelope says.
func (v letterView) facts() []ui.SummaryRow {
	d := v.D
	var out []ui.SummaryRow
	add := func(key, value string) {
		if value != "" {
			out = append(out, ui.SummaryRow{Key: key, Value: value})
		}
	}
	if d.Incoming() {
		s := d.Sender
		add("Dari", s.Sender)
		add("Nomor", s.SenderNumber)
		if s.LetterDate != nil {
			add("Tanggal surat", indo.Date(*s.LetterDate))
		}
		add("Diterima", arrivedOn(s))
		add("Tempat kertas", s.PaperPlace)
		add("Tercatat juga", s.Other)
		add("Agenda di", d.UnitName)
		add("Jenis", d.Kind.Name)
	} else {
		add("Nomor", d.LetterNumber)
		add("Jenis", d.Kind.Name)
		add("Dari", d.UnitName)
	}
	add("Sifat", d.Secrecy.Label())
	add("Urgensi", d.Urgency.Label())
	add("Klasifikasi", d.KKA)
	if d.SignedAt != nil {
		add("Ditandatangani", indo.LongDateTime(*d.SignedAt))
	}
	if d.SentAt != nil {
		add("Dikirim", indo.LongDateTime(*d.SentAt))
	}
	if d.DueAt != nil {
		add("Tenggat meja ini", indo.LongDateTime(*d.DueAt))
	}
	add("Alasan dicabut", d.RevokeReason)
	return out
}

// from is who wrote the letter and its number, for narrow screens: the card with them comes
// after everything else there.
func (v letterView) from() string {
	who, number := v.D.UnitName, v.D.LetterNumber
	if v.D.Incoming() {
		who, number = v.D.Sender.Sender, v.D.Sender.SenderNumber
	}
	return strings.Join(slices.DeleteFunc([]string{who, number}, func(s string) bool { return s == "" }), " · ")
}

// where says in a sentence on whose desk the letter lies.
func (v letterView) where() string {
	d := v.D
	switch {
	case d.Status == eoffice.Signed:
		return "Menunggu dikirim oleh tata usaha " + d.UnitName + ", sejak " + indo.LongDateTime(d.StatusAt) + "."
	case d.Status == eoffice.Recorded:
		return "Menunggu diarahkan oleh tata usaha " + d.UnitName + ", sejak " + indo.LongDateTime(d.StatusAt) + "."
	case d.DeskTitle == "":
		return ""
	}
	who := d.DeskTitle
	if d.DeskHolder != "" {
		who += " (" + d.DeskHolder + ")"
	}
	return "Sekarang di meja " + who + ", sejak " + indo.LongDateTime(d.StatusAt) + "."
}

// moments are the timeline, the newest first.
func (v letterView) moments() []ui.Moment {
	var out []ui.Moment
	for i := len(v.D.Events) - 1; i >= 0; i-- {
		e := v.D.Events[i]
		if e.Action == eoffice.ActConsult { // each request stands for itself
			continue
		}
		m := ui.Moment{Title: happened(e), At: e.At, Text: e.Reason}
		if e.Stance != "" {
			m.Text = strings.TrimSuffix(e.Stance.Label()+": "+m.Text, ": ")
		}
		if e.Name != "" {
			m.Who = e.Name
			if e.Title != "" {
				m.Who += ", " + seatName(e.Title, e.Seat)
			}
		}
		switch e.Action {
		case eoffice.ActReturn, eoffice.ActBackOne, eoffice.ActSignFail, eoffice.ActRework, eoffice.ActRefuse:
			m.Tone = "warning"
		case eoffice.ActSigned, eoffice.ActSend, eoffice.ActFinish, eoffice.ActAccept:
			m.Tone = "success"
		case eoffice.ActRevoke, eoffice.ActWithdraw, eoffice.ActCancel, eoffice.ActClose:
			m.Tone = "danger"
		}
		out = append(out, m)
	}
	return out
}

// chain are the places in the chain that the reader sees: who put their paraf is for who is
// behind the letter, as it is on paper.
func (v letterView) chain() (out []int) {
	for i, l := range v.D.Chain {
		if l.Duty == eoffice.Sign || v.D.Behind(v.D.Moment) {
			out = append(out, i)
		}
	}
	return out
}

// seat names a desk of the chain, with what whoever agreed there is to it.
func (v letterView) seat(l eoffice.Link) string {
	if l.Version != v.D.Version {
		return l.Title
	}
	return seatName(l.Title, l.Seat)
}

// agreed says how far a desk of the chain is.
func (v letterView) agreed(i int) (mark, color string) {
	l := v.D.Chain[i]
	switch {
	case l.Version == v.D.Version && l.Duty == eoffice.Sign:
		return "ditandatangani", "success"
	case l.Version == v.D.Version:
		return "diparaf", "success"
	case l.Version != 0:
		return "paraf untuk versi " + strconv.Itoa(l.Version) + ", perlu diulang", "warning"
	case i == v.D.Step && (v.D.Status == eoffice.Verifying || v.D.Status == eoffice.AwaitingSign):
		return "di meja ini", "info"
	}
	return "menunggu", "neutral"
}

// paper opens one of a letter's PDFs.
func (k *desk) paper(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	which := eoffice.Paper(web.Path(r, "which"))
	body, err := k.Office.OpenPaper(r.Context(), web.ActorOf(r.Context()), id, which)
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, body, "application/pdf", string(which)+"-"+strconv.FormatInt(id, 10)+".pdf")
}
