package eoffice

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Sheet is everything that a lembar disposisi says: the orders of one desk on one letter.
type Sheet struct {
	Head         naskah.Head
	Paper        naskah.Paper
	From         string // who wrote the letter
	Number       string
	Date         *time.Time // of the letter
	Received     *time.Time
	Agenda       string
	Secrecy      Secrecy
	Urgency      Urgency
	Subject      string
	Instructions []string // to tick
	Orders       []SheetOrder
	Giver        string // title of the desk
	GiverName    string
	Prepared     bool // by a deputy of that name, in the name of the desk's holder
	At           time.Time
	Foot         []string
	Watermark    string
}

// SheetOrder is one order on a [Sheet].
type SheetOrder struct {
	To           string
	Lead         bool
	ForInfo      bool
	Due          *time.Time
	Instructions []string
	Note         string
}

const (
	ticked   = "■ "
	unticked = "□ "
)

// ComposeSheet sets a lembar disposisi: a pure function of what it is given. Where desks got
// different instructions, those of each stand with its note.
func ComposeSheet(in Sheet) naskah.Document {
	note := "Diparaf di portal\n"
	if in.Prepared {
		note = "Disiapkan atas nama jabatan ini, tanpa paraf pejabatnya\n"
	}
	doc := naskah.Document{
		Paper: in.Paper, Head: in.Head, Title: "LEMBAR DISPOSISI", Unnumbered: true, Foot: in.Foot, Watermark: in.Watermark,
		Subject: "Lembar disposisi", Created: in.At,
		Place: City, Date: in.At,
		Signatures: []naskah.Signature{{Lines: []string{strings.ToUpper(in.Giver) + ","}, Name: in.GiverName, Electronic: true,
			Note: note + indo.ShortDate(in.At) + " " + indo.Clock(in.At) + " WITA"}},
	}
	doc.Blocks = append(doc.Blocks, naskah.Fields{
		{Label: "Surat dari", Value: dash(in.From)}, {Label: "Nomor surat", Value: dash(in.Number)}, {Label: "Tanggal surat", Value: day(in.Date)},
		{Label: "Diterima tanggal", Value: day(in.Received)}, {Label: "Nomor agenda", Value: dash(in.Agenda)}, {Label: "Sifat", Value: in.degree()},
		{Label: "Hal", Value: dash(in.Subject)},
	}, heading("Diteruskan kepada:"), in.table(), heading("Dengan hormat harap:"))
	alike := in.alike()
	boxes := make([]string, 0, len(in.Instructions))
	for _, label := range in.Instructions {
		mark := unticked
		if slices.ContainsFunc(in.Orders, func(o SheetOrder) bool { return slices.Contains(o.Instructions, label) }) {
			mark = ticked
		}
		boxes = append(boxes, mark+label)
	}
	doc.Blocks = append(doc.Blocks, naskah.Rich{Runs: []naskah.Run{{Text: strings.Join(boxes, "\n")}}}, heading("Catatan:"))
	noted := false
	for i, o := range in.Orders {
		lines := []string{}
		if !alike && len(o.Instructions) > 0 {
			lines = append(lines, strings.Join(o.Instructions, "; ")+".")
		}
		if o.Note != "" && (i == 0 || !in.sameNote()) {
			lines = append(lines, o.Note)
		}
		if len(lines) == 0 {
			continue
		}
		noted = true
		runs := []naskah.Run{{Text: strings.Join(lines, "\n")}}
		if !alike || !in.sameNote() {
			runs = append([]naskah.Run{{Text: o.To + ": ", Bold: true}}, runs...)
		}
		doc.Blocks = append(doc.Blocks, naskah.Rich{Runs: runs})
	}
	if !noted {
		doc.Blocks = append(doc.Blocks, naskah.Paragraph{Text: "-"})
	}
	return doc
}

func heading(text string) naskah.Block {
	return naskah.Rich{Runs: []naskah.Run{{Text: text, Bold: true}}}
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func day(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return indo.Date(*at)
}

// degree ticks how urgent and how secret the letter is.
func (in Sheet) degree() string {
	boxes := []struct {
		label string
		yes   bool
	}{
		{Flash.Label(), in.Urgency == Flash}, {VeryUrgent.Label(), in.Urgency == VeryUrgent}, {Urgent.Label(), in.Urgency == Urgent},
		{Restricted.Label(), in.Secrecy == Restricted}, {Secret.Label(), in.Secrecy.Confidential()},
	}
	out := make([]string, len(boxes))
	for i, b := range boxes {
		out[i] = unticked + b.label
		if b.yes {
			out[i] = ticked + b.label
		}
	}
	return strings.Join(out, " · ")
}

func (in Sheet) table() naskah.Block {
	t := naskah.Table{Head: []string{"Jabatan", "Sebagai", "Batas waktu"}, Widths: []float64{5, 3, 3}, Numbered: true}
	for _, o := range in.Orders {
		as, due := "pelaksana", "-"
		switch {
		case o.ForInfo:
			as = "untuk diketahui"
		case o.Lead:
			as = "penanggung jawab"
		}
		if o.Due != nil {
			due = indo.ShortDate(*o.Due) + " " + indo.Clock(*o.Due)
		}
		t.Rows = append(t.Rows, []string{o.To, as, due})
	}
	return t
}

// alike tells whether everybody who has something to do got the same instructions.
func (in Sheet) alike() bool {
	var first *SheetOrder
	for i, o := range in.Orders {
		switch {
		case o.ForInfo:
		case first == nil:
			first = &in.Orders[i]
		case !slices.Equal(first.Instructions, o.Instructions):
			return false
		}
	}
	return true
}

// sameNote tells whether everybody got the same note.
func (in Sheet) sameNote() bool {
	return !slices.ContainsFunc(in.Orders, func(o SheetOrder) bool { return o.Note != in.Orders[0].Note })
}

const sqlSheetOrders = `SELECT` + orderColumns + `
WHERE o.recipient_id = $1 AND COALESCE(o.parent_id, 0) = $2 AND o.status <> 'dibatalkan' ORDER BY o.lead DESC, o.for_info, o.id`

// The sheet carries the name of who gave the first of its orders.
const sqlSheetGiver = `
SELECT a.name, d.prepared_by IS NOT NULL AS prepared FROM eoffice_disposition d JOIN authn_account a ON a.id = d.given_by
WHERE d.recipient_id = $1 AND COALESCE(d.parent_id, 0) = $2 AND d.status <> 'dibatalkan' ORDER BY d.id LIMIT 1`

// OpenSheet is the lembar disposisi with an order and those that its giver gave beside it, as
// a PDF, for who may see all of the letter and those orders. It is audited, and names its
// reader where the letter is confidential.
func (m *Module) OpenSheet(ctx context.Context, a authz.Actor, orderID int64) (_ io.ReadCloser, err error) {
	defer errs.In(&err, "eoffice.OpenSheet(%d)", orderID)
	o, err := pg.One[Order](ctx, m.db, sqlOrder, orderID)
	if err != nil {
		return nil, absent(err)
	}
	c, mo, err := m.seen(ctx, m.db, a, o.LetterID)
	if err != nil {
		return nil, err
	}
	if c.ViewOf(mo) != Whole {
		return nil, errNoLetter
	}
	seen, err := seenOrders(ctx, m.db, &c, mo)
	if err != nil {
		return nil, err
	}
	if _, ok := seen.orders[o.ID]; !ok {
		return nil, errNoLetter
	}
	in, err := m.sheet(ctx, &c, o)
	if err != nil {
		return nil, err
	}
	if c.Secrecy.Confidential() {
		in.Watermark, in.Foot = "SALINAN RAHASIA", []string{CopyFor(mo)}
	}
	if err := m.read(ctx, m.db, a, "sheet", &c); err != nil {
		return nil, err
	}
	b, err := m.set(ComposeSheet(in))
	return io.NopCloser(bytes.NewReader(b)), err
}

// sheet reads what a lembar disposisi says.
func (m *Module) sheet(ctx context.Context, c *Case, of Order) (in Sheet, err error) {
	orders, err := pg.Many[Order](ctx, m.db, sqlSheetOrders, of.RecipientID, of.ParentID)
	if err != nil {
		return in, err
	}
	if len(orders) == 0 {
		return in, errNoLetter
	}
	r, err := pg.One[Recipient](ctx, m.db, sqlRecipient, of.RecipientID)
	if err != nil {
		return in, err
	}
	sender, err := pg.One[Sender](ctx, m.db, sqlSenderOf, c.ID)
	if err != nil {
		return in, err
	}
	content, err := m.contentOf(ctx, m.db, c.ID)
	if err != nil {
		return in, err
	}
	unit, err := pg.Scalar[int64](ctx, m.db, sqlOfficeOf, of.FromID)
	if err != nil {
		return in, err
	}
	office, err := officeOf(ctx, m.db, unit)
	if err != nil {
		return in, err
	}
	in = Sheet{
		Head: office.head(), Paper: office.paper(), From: c.UnitName, Number: c.LetterNumber, Date: c.DatedAt, Received: r.ReceivedAt, Agenda: r.Agenda(),
		Secrecy: c.Secrecy, Urgency: c.Urgency, Subject: content.Subject, Giver: of.FromTitle, At: orders[0].GivenAt,
	}
	if c.Incoming() {
		in.From, in.Number, in.Date, in.Received = sender.Sender, sender.SenderNumber, sender.LetterDate, sender.ReceivedOn
	}
	if in.Instructions, err = instructionsOf(ctx, m.db, of.FromUnit); err != nil {
		return in, err
	}
	for _, o := range orders {
		note, err := m.said(Words{o.Note, o.NoteSealed})
		if err != nil {
			return in, err
		}
		in.Orders = append(in.Orders, SheetOrder{To: o.ToTitle, Lead: o.Lead, ForInfo: o.ForInfo, Due: o.DueAt, Instructions: o.Instructions, Note: note})
		for _, label := range o.Instructions { // also what the list no longer has
			if !slices.Contains(in.Instructions, label) {
				in.Instructions = append(in.Instructions, label)
			}
		}
		if o.GivenAt.Before(in.At) {
			in.At = o.GivenAt
		}
	}
	by, err := pg.One[struct {
		Name     string
		Prepared bool
	}](ctx, m.db, sqlSheetGiver, of.RecipientID, of.ParentID)
	in.GiverName, in.Prepared = by.Name, by.Prepared
	return in, err
}
