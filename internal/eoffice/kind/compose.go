package kind

import (
	"fmt"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// Recipient is somebody whom a letter names.
type Recipient struct{ Name, Address string }

// Letter is everything that a paper says.
type Letter struct {
	Head        naskah.Head
	Paper       naskah.Paper
	Number      string // "": not numbered yet
	Place       string
	Date        time.Time // zero: a dotted line
	Secrecy     string    // its name, such as "Rahasia"
	Urgency     string    // its name, "" where it is ordinary
	Copy        string    // "Salinan 2 dari 5"; "": not a numbered copy
	Attachments int
	Subject     string
	Body        string // of the subset of package text
	From        string // the post of who signs
	To          []Recipient
	CC          []string
	Signatures  []naskah.Signature
	QR          naskah.QR
	Watermark   string
	Foot        []string
	Author      string
	Created     time.Time
}

// few is how many recipients stand in the letter itself; more are listed after it.
const few = 4

// Compose sets a letter as its kind looks: a pure function of what it is given.
func Compose(k Kind, in Letter) naskah.Document {
	doc := naskah.Document{
		Paper: in.Paper, Head: in.Head, Signatures: in.Signatures, QR: in.QR, Foot: in.Foot, Watermark: in.Watermark,
		Title: strings.ToUpper(k.Name), Number: in.Number, Subject: k.Name, Author: in.Author, Created: in.Created,
	}
	var marks []string
	if in.Secrecy != "" && in.Secrecy != "Biasa" {
		marks = append(marks, strings.ToUpper(in.Secrecy))
	}
	if in.Copy != "" {
		marks = append(marks, in.Copy)
	}
	var head []naskah.Block
	if len(marks) > 0 {
		head = append(head, naskah.Rich{Runs: []naskah.Run{{Text: strings.Join(marks, " · "), Bold: true}}})
	}
	body := Blocks(in.Body)
	switch k.Layout {
	case AsLetter:
		doc.Title, doc.Unnumbered = "", true
		doc.Blocks = append(append(head, naskah.Opening{Place: in.Place, Date: in.Date, Fields: in.fields(), To: in.addressees()}), body...)
	case AsNote:
		doc.Unnumbered = true
		rows := naskah.Fields{}
		if len(in.To) > 0 {
			rows = append(rows, naskah.Field{Label: "Yth.", Value: strings.Join(numbered(in.To), "\n")})
		}
		rows = append(rows, naskah.Field{Label: "Dari", Value: in.From}, naskah.Field{Label: "Tanggal", Value: date(in.Date)})
		doc.Blocks = append(append(head, append(rows, in.fields()...), naskah.Paragraph{}), body...)
	case AsDecree:
		doc.Number, doc.Unnumbered = "", true
		number := in.Number
		if number == "" {
			number = strings.Repeat(".", 10) + " TAHUN " + strings.Repeat(".", 6)
		}
		doc.Blocks = append(append(head, centred("NOMOR "+number), centred("TENTANG"), centred(strings.ToUpper(in.Subject))), body...)
		doc.Place, doc.Date = in.Place, in.Date
		if len(in.To) > 0 {
			doc.After = append(doc.After, list("Yth.", names(in.To))...)
		}
	default:
		doc.Blocks = append(append(head, centred(in.Subject)), body...)
		doc.Place, doc.Date = in.Place, in.Date
		if len(in.To) > 0 {
			doc.After = append(doc.After, list("Yth.", names(in.To))...)
		}
	}
	if len(in.CC) > 0 {
		doc.After = append(doc.After, list("Tembusan:", in.CC)...)
	}
	if k.Layout == AsLetter && len(in.To) > few {
		doc.After = append(doc.After, list("Daftar penerima:", names(in.To))...)
	}
	return doc
}

// fields are what a letter says of itself at its head.
func (in Letter) fields() naskah.Fields {
	number := in.Number
	if number == "" {
		number = strings.Repeat(".", 30)
	}
	kind := in.Secrecy
	if in.Urgency != "" {
		kind += " / " + in.Urgency
	}
	with := "-"
	if in.Attachments > 0 {
		with = fmt.Sprintf("%d berkas", in.Attachments)
	}
	return naskah.Fields{{Label: "Nomor", Value: number}, {Label: "Sifat", Value: kind}, {Label: "Lampiran", Value: with}, {Label: "Hal", Value: in.Subject}}
}

// addressees are the lines of "Yth.".
func (in Letter) addressees() []string {
	switch n := len(in.To); {
	case n == 0:
		return nil
	case n > few:
		return []string{"Yth. (daftar terlampir)", "di", "Tempat"}
	case n == 1:
		to := in.To[0]
		place := to.Address
		if place == "" {
			place = "Tempat"
		}
		return []string{"Yth. " + to.Name, "di", place}
	}
	return append(append([]string{"Yth."}, numbered(in.To)...), "di", "Tempat")
}

func names(all []Recipient) (out []string) {
	for _, r := range all {
		out = append(out, r.Name)
	}
	return out
}

// numbered are recipients, with numbers when there are several.
func numbered(all []Recipient) []string {
	out := names(all)
	if len(out) > 1 {
		for i := range out {
			out[i] = fmt.Sprintf("%d. %s", i+1, out[i])
		}
	}
	return out
}

func date(t time.Time) string {
	if t.IsZero() {
		return strings.Repeat(".", 30)
	}
	return indo.Date(t)
}

func centred(s string) naskah.Block {
	return naskah.Rich{Runs: []naskah.Run{{Text: s, Bold: true}}, Center: true}
}

// list is a heading with numbered lines.
func list(title string, lines []string) []naskah.Block {
	out := []naskah.Block{naskah.Rich{Runs: []naskah.Run{{Text: title}}}}
	for i, l := range lines {
		out = append(out, naskah.Rich{Runs: []naskah.Run{{Text: l}}, Marker: fmt.Sprintf("%d.", i+1)})
	}
	return out
}

// Blocks is a sanitised body as the paper shows it.
func Blocks(body string) (out []naskah.Block) {
	for _, b := range text.Read(body) {
		if b.Rows != nil {
			out = append(out, naskah.Table{Rows: b.Rows})
			continue
		}
		r := naskah.Rich{Marker: b.Marker, Level: b.Level}
		for _, run := range b.Runs {
			r.Runs = append(r.Runs, naskah.Run{Text: run.Text, Bold: run.Bold || b.Heading, Italic: run.Italic, Underline: run.Underline})
		}
		out = append(out, r)
	}
	return out
}
