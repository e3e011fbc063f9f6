package letter

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// The language of wordings, which docs/letters.md explains to administrators. A
// wording is blocks with empty lines between them:
//
//	# Judul                      the title of the letter, where it is not the kind's
//	## Subjudul                  bold and centred
//	Kalimat biasa.               running text; its lines are joined
//	Label : isi                  lines of an identity table, colons aligned; one
//	[identitas warga]            without content is left out. The second line stands
//	[identitas singkat saksi1]   for the usual lines about somebody, the third for
//	[pejabat]                    fewer, the fourth for those about the signer
//	1. Butir                     a numbered list
//	| Nama | NIK                 a table: its head, then
//	tiap anggota | {{.nama}} | {{.nik}}   a row for each of the people
//
// What stands in {{ }} is filled in: see [names] and [functions]. Blocks are found
// before anything is filled in, so that no answer makes or breaks one; blocks that
// come out empty are left out.

// MaxBody is the longest wording, in letters.
const MaxBody = 20_000

// body is a parsed wording.
type body struct {
	title  *leaf
	blocks []bodyBlock
}

// bodyBlock is one block; exactly one of its parts is used.
type bodyBlock struct {
	text    *leaf // a paragraph, bold and centred when heading
	heading bool
	lines   []bodyLine
	list    []leaf
	table   *bodyTable
}

// bodyLine is a line of an identity table, or a macro that stands for several.
type bodyLine struct {
	label string
	value leaf
	macro string // "identitas", "identitas singkat" or "pejabat"
	whom  string
}

type bodyTable struct {
	head  []string
	each  string
	cells []leaf
}

// leaf is a text with {{ }} in it.
type leaf struct {
	line int
	tmpl *template.Template
}

// BodyError says what is wrong with a wording, and where.
type BodyError struct {
	Line    int // 0: not in one line
	Message string
}

func (e *BodyError) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("Baris %d: %s", e.Line, e.Message)
}

func wrong(line int, format string, args ...any) error {
	return &BodyError{line, fmt.Sprintf(format, args...)}
}

var (
	lineForm  = regexp.MustCompile(`^([^:{}|]{1,60}?)\s+:(?:\s+(.*))?$`)
	macroForm = regexp.MustCompile(`^\[(pejabat|identitas(?: singkat)?)(?:\s+([a-z][a-z0-9_]*))?\]$`)
	listForm  = regexp.MustCompile(`^\d{1,2}\.\s+(.+)$`)
)

// parseBody reads the wording of a kind. Its failures are BodyErrors, in words.
func parseBody(d Definition) (b body, err error) {
	if n := utf8.RuneCountInString(d.Body); n > MaxBody {
		return b, wrong(0, "Isi surat terlalu panjang: %d huruf, paling banyak %d.", n, MaxBody)
	}
	p := bodyParser{scope: newScope(d)}
	lines := strings.Split(strings.ReplaceAll(d.Body, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); {
		if strings.TrimSpace(lines[i]) == "" {
			i++
			continue
		}
		first := i
		var chunk []string
		for ; i < len(lines) && strings.TrimSpace(lines[i]) != ""; i++ {
			chunk = append(chunk, strings.TrimSpace(lines[i]))
		}
		if err := p.chunk(&b, first+1, chunk); err != nil {
			return b, err
		}
	}
	if len(b.blocks) == 0 {
		return b, wrong(0, "Isi surat masih kosong.")
	}
	return b, nil
}

type bodyParser struct{ scope scope }

func (p bodyParser) chunk(b *body, line int, chunk []string) error {
	first := chunk[0]
	switch {
	case strings.HasPrefix(first, "#"):
		return p.title(b, line, chunk)
	case strings.HasPrefix(first, "|"):
		t, err := p.table(line, chunk)
		b.blocks = append(b.blocks, bodyBlock{table: t})
		return err
	case listForm.MatchString(first):
		block := bodyBlock{}
		for i, text := range chunk {
			m := listForm.FindStringSubmatch(text)
			if m == nil {
				return wrong(line+i, "Setiap butir daftar diawali angka dan titik, misalnya “2. ”. Pisahkan kalimat biasa dengan baris kosong.")
			}
			l, err := p.leaf(line+i, m[1], p.scope)
			if err != nil {
				return err
			}
			block.list = append(block.list, l)
		}
		b.blocks = append(b.blocks, block)
		return nil
	case isLine(first):
		block := bodyBlock{}
		for i, text := range chunk {
			l, err := p.line(line+i, text)
			if err != nil {
				return err
			}
			block.lines = append(block.lines, l)
		}
		b.blocks = append(b.blocks, block)
		return nil
	}
	for i, text := range chunk {
		if isLine(text) || text[0] == '|' || text[0] == '#' {
			return wrong(line+i, "Pisahkan baris ini dari kalimat di atasnya dengan satu baris kosong.")
		}
	}
	l, err := p.leaf(line, strings.Join(chunk, " "), p.scope)
	b.blocks = append(b.blocks, bodyBlock{text: &l})
	return err
}

func isLine(s string) bool { return lineForm.MatchString(s) || s[0] == '[' }

func (p bodyParser) title(b *body, line int, chunk []string) error {
	mark, text, _ := strings.Cut(chunk[0], " ")
	if len(chunk) > 1 || text == "" || mark != "#" && mark != "##" {
		return wrong(line, "Judul berdiri sendiri di satu baris: “# Judul” atau “## Subjudul”, lalu satu baris kosong.")
	}
	l, err := p.leaf(line, text, p.scope)
	if err != nil {
		return err
	}
	if mark == "##" {
		b.blocks = append(b.blocks, bodyBlock{text: &l, heading: true})
		return nil
	}
	if b.title != nil || len(b.blocks) > 0 {
		return wrong(line, "“# Judul” hanya boleh sekali, di baris paling atas.")
	}
	b.title = &l
	return nil
}

func (p bodyParser) line(line int, text string) (l bodyLine, err error) {
	if text[0] == '[' {
		m := macroForm.FindStringSubmatch(text)
		switch {
		case m == nil:
			return l, wrong(line, "“%s” tidak dikenal. Yang ada: [pejabat], [identitas warga], [identitas singkat saksi1].", text)
		case m[1] == "pejabat" && m[2] != "", m[1] != "pejabat" && p.scope.names[m[2]] != onePerson:
			return l, wrong(line, "“%s”: sesudah kata identitas tulis warga atau nama isian yang berisi satu orang.", text)
		}
		return bodyLine{macro: m[1], whom: m[2]}, nil
	}
	m := lineForm.FindStringSubmatch(text)
	if m == nil {
		return l, wrong(line, "Baris ini harus berbentuk “Label : isi”, dengan spasi di kiri dan kanan titik dua. Pisahkan kalimat biasa dengan baris kosong.")
	}
	l.label = m[1]
	l.value, err = p.leaf(line, m[2], p.scope)
	return l, err
}

func (p bodyParser) table(line int, chunk []string) (*bodyTable, error) {
	if len(chunk) != 2 {
		return nil, wrong(line, "Tabel terdiri dari dua baris: “| Nama | NIK” dan “tiap isian | {{.nama}} | {{.nik}}”.")
	}
	t := &bodyTable{head: cells(strings.TrimPrefix(chunk[0], "|"))}
	row := cells(chunk[1])
	each, ok := strings.CutPrefix(row[0], "tiap ")
	t.each = strings.TrimSpace(each)
	switch {
	case !ok || p.scope.names[t.each] != manyPersons:
		return nil, wrong(line+1, "Baris kedua tabel diawali “tiap ” dan nama isian yang berisi beberapa orang, misalnya “tiap ahli_waris | {{.nama}}”.")
	case len(row)-1 != len(t.head):
		return nil, wrong(line+1, "Judul tabel punya %d kolom, barisnya %d.", len(t.head), len(row)-1)
	case len(t.head) > 8:
		return nil, wrong(line, "Tabel paling banyak 8 kolom.")
	}
	for _, text := range t.head {
		if strings.Contains(text, "{{") {
			return nil, wrong(line, "Judul kolom tidak boleh memuat {{ }}.")
		}
	}
	for _, text := range row[1:] {
		l, err := p.leaf(line+1, text, rowScope)
		if err != nil {
			return nil, err
		}
		t.cells = append(t.cells, l)
	}
	return t, nil
}

func cells(s string) []string {
	parts := strings.Split(strings.TrimSuffix(s, "|"), "|")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// leaf parses a text and checks every name and function in it.
func (p bodyParser) leaf(line int, text string, s scope) (leaf, error) {
	t, err := template.New("").Funcs(functions).Option("missingkey=zero").Parse(text)
	if err != nil {
		return leaf{}, wrong(line, "%s", parseFailure(err))
	}
	if t.Tree != nil {
		if len(t.Templates()) > 1 {
			return leaf{}, wrong(line, "Di dalam {{ }} hanya nama, fungsi, dan if, else, end.")
		}
		if err := s.checkList(t.Root); err != nil {
			return leaf{}, wrong(line, "%s", err)
		}
	}
	return leaf{line, t}, nil
}

var unknownFunction = regexp.MustCompile(`function "([^"]*)" not defined`)

// parseFailure says in words why {{ }} cannot be read.
func parseFailure(err error) string {
	text := err.Error()
	if m := unknownFunction.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("“%s” tidak dikenal. Nama isian diawali titik, misalnya {{.%s}}.", m[1], m[1])
	}
	switch {
	case strings.Contains(text, "unexpected EOF"):
		return "Ada {{if}} yang belum ditutup dengan {{end}} di bagian yang sama."
	case strings.Contains(text, "unexpected {{end}}"), strings.Contains(text, "unexpected {{else}}"):
		return "Ada {{end}} atau {{else}} tanpa {{if}} di bagian yang sama."
	case strings.Contains(text, "unclosed action"):
		return "Ada {{ yang belum ditutup dengan }}."
	}
	return "Bagian {{ }} ini tidak dapat dibaca. Contoh yang benar: {{.keperluan}} atau {{kapital .warga.nama}}."
}

// shape is what a name stands for.
type shape uint8

const (
	noName shape = iota
	oneText
	onePerson
	manyPersons
)

// scope knows the names that may stand in {{ }}.
type scope struct{ names map[string]shape }

// general are the names that every wording may use besides its kind's fields.
var general = map[string]shape{
	SubjectName: onePerson, "kelurahan": oneText, "kecamatan": oneText, "kota": oneText, "nomor": oneText, "tanggal": oneText,
	"berlaku_sampai": oneText, "berlaku_hari": oneText,
}

func newScope(d Definition) scope {
	s := scope{map[string]shape{}}
	for _, f := range d.Fields {
		switch people, many := f.Type.OfPeople(); {
		case many:
			s.names[f.Name] = manyPersons
		case people:
			s.names[f.Name] = onePerson
		default:
			s.names[f.Name] = oneText
		}
	}
	for name, shape := range general {
		s.names[name] = shape
	}
	return s
}

// rowScope is that of the rows of tables: the parts of a person.
var rowScope = func() scope {
	s := scope{map[string]shape{}}
	for _, name := range personNames {
		s.names[name] = oneText
	}
	return s
}()

func (s scope) checkList(l *parse.ListNode) error {
	if l == nil {
		return nil
	}
	for _, n := range l.Nodes {
		if err := s.check(n); err != nil {
			return err
		}
	}
	return nil
}

var errNotAllowed = cannot("Di dalam {{ }} hanya nama, fungsi, dan if, else, end.")

func (s scope) check(n parse.Node) error {
	switch n := n.(type) {
	case *parse.TextNode, *parse.CommentNode:
		return nil
	case *parse.ActionNode:
		return s.pipe(n.Pipe, true)
	case *parse.IfNode:
		if err := s.pipe(n.Pipe, false); err != nil {
			return err
		}
		if err := s.checkList(n.List); err != nil {
			return err
		}
		return s.checkList(n.ElseList)
	}
	return errNotAllowed
}

func (s scope) pipe(p *parse.PipeNode, printed bool) error {
	if len(p.Decl) > 0 || len(p.Cmds) != 1 {
		return errNotAllowed
	}
	args := p.Cmds[0].Args
	if f, ok := args[0].(*parse.IdentifierNode); ok {
		if functions[f.Ident] == nil && !slices.Contains(logic, f.Ident) {
			return cannot("Fungsi “%s” tidak dikenal.", f.Ident)
		}
		for _, a := range args[1:] {
			if err := s.arg(a, false); err != nil {
				return err
			}
		}
		return nil
	}
	if len(args) > 1 {
		return errNotAllowed
	}
	return s.arg(args[0], printed)
}

func (s scope) arg(n parse.Node, printed bool) error {
	switch n := n.(type) {
	case *parse.StringNode, *parse.NumberNode, *parse.BoolNode:
		return nil
	case *parse.PipeNode:
		return s.pipe(n, false)
	case *parse.FieldNode:
		return s.name(n.Ident, printed)
	}
	return errNotAllowed
}

func (s scope) name(ident []string, printed bool) error {
	full := "." + strings.Join(ident, ".")
	switch shape := s.names[ident[0]]; {
	case shape == noName:
		return cannot("“%s” tidak dikenal. Periksa ejaannya di daftar nama.", full)
	case shape == onePerson && len(ident) == 2 && slices.Contains(personNames, ident[1]):
		return nil
	case shape == onePerson && len(ident) > 1:
		return cannot("“%s” tidak dikenal. Bagian orang: %s.", full, strings.Join(personNames, ", "))
	case len(ident) > 1 && shape == manyPersons:
		return cannot("“%s”: isian ini berisi beberapa orang. Pakai tabel “tiap %s | {{.nama}}”.", full, ident[0])
	case len(ident) > 1:
		return cannot("“%s” tidak dikenal. Tulis {{.%s}} saja.", full, ident[0])
	case shape == onePerson && printed:
		return cannot("Sebut bagian mana dari orang itu, misalnya {{%s.nama}}.", full)
	case shape == manyPersons && printed:
		return cannot("Isian ini berisi beberapa orang. Pakai {{nama_semua %s}} atau tabel.", full)
	}
	return nil
}

// fill executes the wording.
func (b body) fill(data map[string]any, signer naskah.Fields) (title string, blocks []naskah.Block, err error) {
	if b.title != nil {
		if title, err = b.title.fill(data); err != nil {
			return "", nil, err
		}
	}
	for _, block := range b.blocks {
		out, err := block.fill(data, signer)
		if err != nil {
			return "", nil, err
		}
		if out != nil {
			blocks = append(blocks, out)
		}
	}
	return title, blocks, nil
}

// fill is nil for a block that comes out empty.
func (b bodyBlock) fill(data map[string]any, signer naskah.Fields) (naskah.Block, error) {
	switch {
	case b.text != nil:
		text, err := b.text.fill(data)
		if err != nil || text == "" {
			return nil, err
		}
		return naskah.Paragraph{Text: text, Bold: b.heading, Center: b.heading}, nil
	case b.list != nil:
		var out naskah.List
		for _, l := range b.list {
			text, err := l.fill(data)
			if err != nil {
				return nil, err
			}
			if text != "" {
				out = append(out, text)
			}
		}
		if len(out) == 0 {
			return nil, nil
		}
		return out, nil
	case b.table != nil:
		return b.table.fill(data)
	}
	var out naskah.Fields
	for _, l := range b.lines {
		switch l.macro {
		case "":
			text, err := l.value.fill(data)
			if err != nil {
				return nil, err
			}
			out = append(out, naskah.Field{Label: l.label, Value: text})
		case "pejabat":
			out = append(out, signer...)
		default:
			p, _ := data[l.whom].(person)
			out = append(out, p.lines(l.macro == "identitas singkat")...)
		}
	}
	out = slices.DeleteFunc(out, func(f naskah.Field) bool { return f.Value == "" })
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

func (t *bodyTable) fill(data map[string]any) (naskah.Block, error) {
	people, _ := data[t.each].([]person)
	if len(people) == 0 {
		return nil, nil
	}
	out := naskah.Table{Head: t.head, Numbered: true}
	for _, p := range people {
		row := make([]string, len(t.cells))
		for i, c := range t.cells {
			var err error
			if row[i], err = c.fill(p); err != nil {
				return nil, err
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// MaxFilled is how long one paragraph or cell may become.
const maxFilled = 20_000

var errTooLong = cannot("Bagian ini menjadi terlalu panjang.")

// limited is a buffer that refuses to grow endlessly.
type limited struct{ strings.Builder }

func (l *limited) Write(b []byte) (int, error) {
	if l.Len()+len(b) > maxFilled {
		return 0, errTooLong
	}
	return l.Builder.Write(b)
}

func (l leaf) fill(data any) (string, error) {
	var out limited
	if err := l.tmpl.Execute(&out, data); err != nil {
		return "", wrong(l.line, "%s", fillFailure(err))
	}
	return tidy(out.String()), nil
}

// fillFailure says in words why a text cannot be filled in.
func fillFailure(err error) string {
	if errors.Is(err, errTooLong) {
		return errTooLong.Error()
	}
	var e *functionError
	if errors.As(err, &e) {
		return e.Error()
	}
	return "Fungsi di sini diberi isian yang tidak cocok, terlalu banyak, atau kurang."
}

// tidy joins spaces that parts left out have left behind; the answers' own line ends stay.
func tidy(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), " ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
