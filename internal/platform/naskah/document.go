package naskah

import "time"

// Paper is the size of a sheet. The zero Paper is A4.
type Paper uint8

const (
	A4 Paper = iota // 210 × 297 mm
	F4              // 215 × 330 mm, the folio of Indonesian offices
)

// Document is one official letter, ready to be set. Its texts are printed as
// they are; a line feed in one begins a new line.
type Document struct {
	Paper      Paper
	Head       Head
	Title      string // "SURAT KETERANGAN DOMISILI": centred, bold, underlined
	Number     string // "400.12.2.1/12/KSK/XI/2026", printed after "Nomor:"; "" leaves a dotted line for it
	Unnumbered bool   // has no line for a number at all
	Blocks     []Block
	Parties    []Party     // people who sign on paper before the officials
	Place      string      // "Makassar"
	Date       time.Time   // zero: no line with the date
	Signatures []Signature // the officials: the last is the main one (right), the one before it stands to its left
	After      []Block     // below the signatures: whom copies go to
	QR         QR          // zero: none
	Foot       []string    // small lines at the foot of each page
	Watermark  string      // "SALINAN", "KONSEP", "DICABUT"; "": none

	// What the file says about itself; Title is shown too. Nothing here is
	// printed, and nothing personal belongs here.
	Subject, Author string
	Created         time.Time
}

// Head is the kop. The last line is the largest: the office itself.
type Head struct {
	Lines     []string // "PEMERINTAH KOTA MAKASSAR", "KECAMATAN RAPPOCINI", "KELURAHAN KASSI-KASSI"
	Address   string
	Emblem    bool   // draws EmblemPNG at the left, when there is one
	EmblemPNG []byte // the city's coat of arms, as the city supplies it
}

// Block is a part of the text: [Paragraph], [Rich], [Fields], [Table],
// [RichTable], [List] or [Opening].
type Block interface{ block() }

// Paragraph is running text, justified unless it is centred.
type Paragraph struct {
	Text         string
	Indent       bool // first line
	Bold, Center bool
}

// Fields is a table of labels and values with aligned colons.
type Fields []Field

// Field is one line of [Fields]; long values wrap.
type Field struct{ Label, Value string }

// Table has ruled cells and repeats its head on a new page.
type Table struct {
	Head     []string
	Rows     [][]string
	Widths   []float64 // relative, one for each column of Rows; else by content
	Numbered bool      // begins with a column "No."
}

// List is numbered 1., 2., 3.
type List []string

func (Paragraph) block() {}
func (Fields) block()    {}
func (Table) block()     {}
func (List) block()      {}

// Signature is the block of one official.
type Signature struct {
	Caption         string   // "Mengetahui:"
	Lines           []string // "a.n. LURAH KASSI-KASSI", "SEKRETARIS,"
	Name, Rank, NIP string
	Electronic      bool   // Note framed where otherwise there is room for hand and stamp
	Note            string // "Ditandatangani secara elektronik · tidak tersertifikasi BSrE"
}

// Party is somebody who signs on paper: an heir, a seller, a witness.
type Party struct {
	Role, Name, Note string
	Stamp            bool // leaves a frame for the meterai
}

// QR is a code with a line or two that say where it leads.
type QR struct{ Text, Caption string }
