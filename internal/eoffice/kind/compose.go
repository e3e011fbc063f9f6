package kind

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// Recipient is somebody whom a letter names.
type Recipient struct {
	Name, Address string
	Group         string // with which it came, "" for none
}

// Letter is everything that a paper says.
type Letter struct {
	Head        naskah.Head
	Paper       naskah.Paper
	Number      string // "": not numbered yet
	Place       string
	Date        time.Time // zero: a dotted line
	Secrecy     string    // its name, such as "Rahasia"
	Urgency     string    // its name, "" where it is ordinary
	Copy        string    // "Salinan 2 dari 5"; "": it has no numbered copies
	Copies      []string  // for whom each of them is, in the order of their numbers
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
			lines, listed := in.yth()
			if listed {
				lines = append(lines, attached)
			}
			rows = append(rows, naskah.Field{Label: "Yth.", Value: strings.Join(lines, "\n")})
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
	if _, listed := in.yth(); len(in.Copies) > 0 {
		doc.After = append(doc.After, Distribution(in.Copies)...)
	} else if listed && (k.Layout == AsLetter || k.Layout == AsNote) {
		doc.After = append(doc.After, list("Daftar penerima:", names(in.To))...)
	}
	return doc
}

// Distribution is the list of for whom the numbered copies of a letter are.
func Distribution(copies []string) []naskah.Block { return list("Daftar distribusi salinan:", copies) }

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

// attached says that whom a letter is for stands in a list after it.
const attached = "(daftar terlampir)"

// yth is for whom a letter is, a line each: everybody by name, and of many those who came with
// a group by the group's. What the lines leave open is listed.
func (in Letter) yth() (lines []string, listed bool) {
	if len(in.To) <= few {
		return numbered(names(in.To)), false
	}
	for _, r := range in.To {
		if name := cmp.Or(r.Group, r.Name); !slices.Contains(lines, name) {
			lines = append(lines, name)
		}
	}
	if len(lines) > few {
		return nil, true
	}
	return numbered(lines), true
}

// addressees are the lines of "Yth.".
func (in Letter) addressees() []string {
	lines, listed := in.yth()
	if len(in.To) == 1 {
		return []string{"Yth. " + in.To[0].Name, "di", cmp.Or(in.To[0].Address, "Tempat")}
	}
	switch len(lines) {
	case 0:
		if !listed {
			return nil
		}
		lines = []string{"Yth. " + attached}
	case 1:
		lines = []string{"Yth. " + lines[0], attached}
	default:
		lines = append([]string{"Yth."}, lines...)
		if listed {
			lines = append(lines, attached)
		}
	}
	return append(lines, "di", "Tempat")
}

func names(all []Recipient) (out []string) {
	for _, r := range all {
		out = append(out, r.Name)
	}
	return out
}

// numbered are lines, with numbers when there are several.
func numbered(all []string) []string {
	if len(all) < 2 {
		return all
	}
	out := make([]string, len(all))
	for i, name := range all {
		out[i] = fmt.Sprintf("%d. %s", i+1, name)
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
			out = append(out, table(b.Rows))
			continue
		}
		out = append(out, naskah.Rich{Marker: b.Marker, Level: b.Level, Runs: set(b.Runs, b.Heading)})
	}
	return out
}

func set(runs []text.Run, bold bool) (out []naskah.Run) {
	for _, r := range runs {
		out = append(out, naskah.Run{Text: r.Text, Bold: r.Bold || bold, Italic: r.Italic, Underline: r.Underline})
	}
	return out
}

// table is a table with its head, if the cells of its first row are all one's.
func table(rows [][]text.Cell) (t naskah.RichTable) {
	for _, row := range rows {
		var cells [][]naskah.Run
		for _, c := range row {
			cells = append(cells, set(c.Runs, c.Head))
		}
		t.Rows = append(t.Rows, cells)
	}
	t.Headed = !slices.ContainsFunc(rows[0], func(c text.Cell) bool { return !c.Head })
	return t
}
