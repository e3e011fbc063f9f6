package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// Relations by the end of their type: the two dialects differ in what stands before.
const (
	relDocument = "/officeDocument"
	relStrings  = "/sharedStrings"
)

type xlsxRelations struct {
	Relationship []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	}
}

type xlsxWorkbook struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string     `xml:"name,attr"`
		State string     `xml:"state,attr"`
		Attrs []xml.Attr `xml:",any,attr"`
	} `xml:"sheets>sheet"`
}

type archive struct{ parts map[string]*zip.File }

func broken(err error) error {
	if errors.Is(err, errTooLong) {
		return Bad("Ada sel atau bagian yang terlalu besar di berkas XLSX ini.")
	}
	return Bad("Berkas XLSX ini rusak atau tidak dapat dibaca. Simpan ulang, lalu coba lagi.")
}

var errTooLong = errors.New("sheet: a token or a part is too long")

// open opens a part of the archive, bounded.
func (a archive) open(name string) (io.ReadCloser, *guard, error) {
	f := a.parts[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if f == nil {
		return nil, nil, errors.New("sheet: no part " + name)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	return rc, &guard{in: rc, left: maxUnzipped}, nil
}

// small decodes a small part whole.
func (a archive) small(name string, into any) error {
	rc, g, err := a.open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	return xml.NewDecoder(io.LimitReader(g, 4<<20)).Decode(into)
}

// relations of a part: targets by id, and by the end of their type.
func (a archive) relations(of string) (byID map[string]string, byType map[string]string, err error) {
	var rels xlsxRelations
	dir, base := path.Split(of)
	if err := a.small(path.Join(dir, "_rels", base+".rels"), &rels); err != nil {
		return nil, nil, err
	}
	byID, byType = map[string]string{}, map[string]string{}
	for _, r := range rels.Relationship {
		target := r.Target
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		byID[r.ID] = target
		byType[r.Type[strings.LastIndex(r.Type, "/")+1:]] = target
	}
	return byID, byType, nil
}

func openXLSX(file io.ReaderAt, size int64) (_ *Reader, err error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, broken(err)
	}
	a := archive{map[string]*zip.File{}}
	for _, f := range z.File {
		a.parts[strings.ToLower(f.Name)] = f
	}
	_, root, err := a.relations("")
	if err != nil {
		return nil, broken(err)
	}
	document := root[relDocument[1:]]
	var book xlsxWorkbook
	if err := a.small(document, &book); err != nil {
		return nil, broken(err)
	}
	byID, byType, err := a.relations(strings.TrimPrefix(document, "/"))
	if err != nil {
		return nil, broken(err)
	}
	name := ""
	for _, s := range book.Sheets {
		if s.State != "" && s.State != "visible" {
			continue
		}
		for _, attr := range s.Attrs {
			if attr.Name.Local == "id" {
				name = byID[attr.Value]
			}
		}
		break
	}
	if name == "" {
		return nil, Bad("Berkas XLSX ini tidak punya lembar yang terlihat.")
	}
	var strs *spool
	if target := byType[relStrings[1:]]; target != "" {
		if strs, err = readStrings(a, target); err != nil {
			return nil, err
		}
	}
	rc, g, err := a.open(name)
	if err != nil {
		return nil, errors.Join(broken(err), strs.Close())
	}
	s := &xlsxRows{in: xml.NewDecoder(g), guard: g, strings: strs}
	d1904 := book.Properties.Date1904
	return &Reader{
		next: s.next, Date1904: d1904 == "1" || d1904 == "true",
		close: func() error { return errors.Join(rc.Close(), strs.Close()) },
	}, nil
}

// guard bounds a part as a whole and each token of it, which the decoder gathers in memory.
type guard struct {
	in    io.Reader
	left  int64
	token int
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.in.Read(p[:min(len(p), 32<<10)])
	g.left -= int64(n)
	g.token += n
	if g.left < 0 || g.token > maxToken+64<<10 {
		return 0, errTooLong
	}
	return n, err
}

// xlsxRows walks through the rows of a sheet.
type xlsxRows struct {
	in      *xml.Decoder
	guard   *guard
	strings *spool
	line    int
	cells   []Cell
	text    strings.Builder
}

func (s *xlsxRows) token() (xml.Token, error) {
	t, err := s.in.RawToken()
	s.guard.token = 0
	return t, err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (s *xlsxRows) next() (Row, error) {
	for {
		t, err := s.token()
		if errors.Is(err, io.EOF) {
			return Row{}, io.EOF
		}
		if err != nil {
			return Row{}, broken(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local != "row" {
				continue
			}
			s.line++
			if n, err := strconv.Atoi(attr(e, "r")); err == nil && n >= s.line {
				s.line = n
			}
			if err := s.row(); err != nil {
				return Row{}, err
			}
			return Row{s.line, s.cells}, nil
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				return Row{}, io.EOF
			}
		}
	}
}

// row reads the cells up to the end of the row.
func (s *xlsxRows) row() error {
	s.cells = s.cells[:0]
	for column := 0; ; {
		t, err := s.token()
		if err != nil {
			return broken(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			if at, ok := columnOf(attr(e, "r")); ok && at >= column {
				column = at
			}
			c, err := s.cell(attr(e, "t"))
			if err != nil {
				return err
			}
			if column < maxColumns {
				for len(s.cells) < column {
					s.cells = append(s.cells, Cell{})
				}
				s.cells = append(s.cells, c)
			}
			column++
		case xml.EndElement:
			if e.Name.Local == "row" {
				return nil
			}
		}
	}
}

// cell reads one cell of type kind up to its end.
func (s *xlsxRows) cell(kind string) (Cell, error) {
	formula, in := false, ""
	s.text.Reset()
	for {
		t, err := s.token()
		if err != nil {
			return Cell{}, broken(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			in = e.Name.Local
			formula = formula || in == "f"
			if in == "rPh" { // how Japanese words are read
				if err := s.skip("rPh"); err != nil {
					return Cell{}, err
				}
			}
		case xml.CharData:
			if in == "v" || in == "t" {
				if s.text.Len() > maxToken {
					return Cell{}, broken(errTooLong)
				}
				s.text.Write(e)
			}
		case xml.EndElement:
			in = ""
			if e.Name.Local == "c" {
				return s.finish(kind, formula)
			}
		}
	}
}

func (s *xlsxRows) skip(element string) error {
	for {
		t, err := s.token()
		if err != nil {
			return broken(err)
		}
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == element {
			return nil
		}
	}
}

func (s *xlsxRows) finish(kind string, formula bool) (Cell, error) {
	c := Cell{Text: strings.TrimSpace(s.text.String())}
	switch kind {
	case "s":
		i, err := strconv.Atoi(c.Text)
		if err != nil {
			return c, broken(err)
		}
		text, err := s.strings.get(i)
		if err != nil {
			return c, err
		}
		c.Text = strings.TrimSpace(text)
	case "e":
		c.Kind = Failed
	case "", "n":
		if c.Text != "" {
			c.Kind = Number
		}
	}
	if formula {
		c.Kind = Formula
	}
	return c, nil
}

// columnOf reads the letters of a reference: "C7" is 2.
func columnOf(reference string) (int, bool) {
	n := 0
	for i, r := range reference {
		if r < 'A' || r > 'Z' {
			return n - 1, i > 0
		}
		if n = n*26 + int(r-'A') + 1; n > 1<<14 {
			return 0, false
		}
	}
	return 0, false
}
