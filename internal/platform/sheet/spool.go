package sheet

import (
	"bufio"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
)

// cached is how many shared strings a spool remembers.
const cached = 4096

// spool keeps the shared strings of a sheet on disk: their bytes in one file, where
// each ends in another. Its nil holds none.
type spool struct {
	text, ends *os.File
	n          int
	recent     map[int]string
}

// readStrings spools the shared strings of an XLSX.
func readStrings(a archive, name string) (_ *spool, err error) {
	rc, g, err := a.open(name)
	if err != nil {
		return nil, broken(err)
	}
	defer rc.Close()
	s := &spool{recent: map[int]string{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.text, err = Hidden(); err != nil {
		return nil, err
	}
	if s.ends, err = Hidden(); err != nil {
		return nil, err
	}
	text, ends := bufio.NewWriterSize(s.text, 64<<10), bufio.NewWriterSize(s.ends, 64<<10)
	var end uint64
	in, inText := xml.NewDecoder(g), false
	for phonetic := 0; ; {
		t, err := in.RawToken()
		g.token = 0
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, broken(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "t"
			if e.Name.Local == "rPh" {
				phonetic++
			}
		case xml.CharData:
			if inText && phonetic == 0 {
				n, err := text.Write(e)
				if err != nil {
					return nil, err
				}
				end += uint64(n)
			}
		case xml.EndElement:
			inText = false
			switch e.Name.Local {
			case "rPh":
				phonetic--
			case "si":
				if err := binary.Write(ends, binary.LittleEndian, end); err != nil {
					return nil, err
				}
				s.n++
			}
		}
	}
	return s, errors.Join(text.Flush(), ends.Flush())
}

// Hidden makes a temporary file that is gone as soon as nobody holds it, where the
// system allows. The caller ends it with Discard.
func Hidden() (*os.File, error) {
	f, err := os.CreateTemp("", "portal-lembar-")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // elsewhere Discard does
	return f, nil
}

// Discard ends a file of Hidden.
func Discard(f *os.File) error {
	err := f.Close()
	_ = os.Remove(f.Name()) // already gone on most systems
	return err
}

func (s *spool) get(i int) (string, error) {
	if s == nil || i < 0 || i >= s.n {
		return "", broken(errors.New("sheet: no such string"))
	}
	if text, ok := s.recent[i]; ok {
		return text, nil
	}
	var ends [16]byte
	from := max(0, 8*(int64(i)-1))
	n := min(16, 8*(int64(i)+1))
	if _, err := s.ends.ReadAt(ends[16-n:], from); err != nil {
		return "", err
	}
	begin, end := binary.LittleEndian.Uint64(ends[:8]), binary.LittleEndian.Uint64(ends[8:])
	if end-begin > maxToken {
		return "", broken(errTooLong)
	}
	text := make([]byte, end-begin)
	if _, err := s.text.ReadAt(text, int64(begin)); err != nil {
		return "", err
	}
	if len(s.recent) >= cached {
		clear(s.recent)
	}
	s.recent[i] = strings.Clone(string(text))
	return s.recent[i], nil
}

// Close removes the files.
func (s *spool) Close() (err error) {
	if s == nil {
		return nil
	}
	for _, f := range []*os.File{s.text, s.ends} {
		if f != nil {
			err = errors.Join(err, Discard(f))
		}
	}
	return err
}
