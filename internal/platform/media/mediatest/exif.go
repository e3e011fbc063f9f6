package mediatest

import (
	"encoding/binary"
	"math"
)

// field is one entry of a TIFF directory.
type field struct {
	tag, kind uint16
	count     uint32
	data      []byte // 4 bytes or more; longer data goes after the directory
}

var be = binary.BigEndian

// tiff returns the EXIF block that the options ask for, nil for none.
func (o options) tiff() []byte {
	if o.extra != nil {
		return o.extra
	}
	if o.orientation == 0 && !o.gps && o.takenAt.IsZero() {
		return nil
	}
	main := []field{ascii(0x010f, "Kamera"), ascii(0x0110, "Rahasia 12")}
	if o.orientation != 0 {
		main = append(main, field{0x0112, 3, 1, be.AppendUint16(nil, uint16(o.orientation))})
	}
	var capture, place []field
	if !o.takenAt.IsZero() {
		capture = append(capture, ascii(0x9003, o.takenAt.Format("2006:01:02 15:04:05")))
		if o.offset {
			capture = append(capture, ascii(0x9011, o.takenAt.Format("-07:00")))
		}
	}
	if o.gps {
		latRef, lngRef := "N", "E"
		if o.lat < 0 {
			latRef = "S"
		}
		if o.lng < 0 {
			lngRef = "W"
		}
		place = []field{
			ascii(1, latRef), degrees(2, o.lat),
			ascii(3, lngRef), degrees(4, o.lng),
		}
	}

	const header = 8
	pointers := 0
	for _, d := range [][]field{capture, place} {
		if d != nil {
			pointers++
		}
	}
	// The sub-directories follow the main one and its data.
	next := uint32(header + directorySize(main) + 12*pointers)
	if capture != nil {
		main = append(main, field{0x8769, 4, 1, be.AppendUint32(nil, next)})
		next += uint32(directorySize(capture))
	}
	if place != nil {
		main = append(main, field{0x8825, 4, 1, be.AppendUint32(nil, next)})
	}
	b := append([]byte("MM\x00\x2a"), be.AppendUint32(nil, header)...)
	for _, d := range [][]field{main, capture, place} {
		if d != nil {
			b = appendDirectory(b, d)
		}
	}
	return b
}

func ascii(tag uint16, s string) field {
	data := append([]byte(s), 0)
	return field{tag, 2, uint32(len(data)), data}
}

func degrees(tag uint16, v float64) field {
	v = math.Abs(v)
	d := math.Floor(v)
	m := math.Floor((v - d) * 60)
	s := (v - d - m/60) * 3600
	var data []byte
	for _, r := range [][2]uint32{{uint32(d), 1}, {uint32(m), 1}, {uint32(math.Round(s * 10000)), 10000}} {
		data = be.AppendUint32(be.AppendUint32(data, r[0]), r[1])
	}
	return field{tag, 5, 3, data}
}

// padded is the room that long data takes: TIFF wants even offsets.
func padded(f field) int {
	if len(f.data) <= 4 {
		return 0
	}
	return (len(f.data) + 1) &^ 1
}

func directorySize(d []field) int {
	n := 2 + 12*len(d) + 4
	for _, f := range d {
		n += padded(f)
	}
	return n
}

func appendDirectory(b []byte, d []field) []byte {
	data := len(b) + 2 + 12*len(d) + 4
	b = be.AppendUint16(b, uint16(len(d)))
	for _, f := range d {
		b = be.AppendUint16(be.AppendUint16(b, f.tag), f.kind)
		b = be.AppendUint32(b, f.count)
		if len(f.data) <= 4 {
			b = append(append(b, f.data...), make([]byte, 4-len(f.data))...)
			continue
		}
		b = be.AppendUint32(b, uint32(data))
		data += padded(f)
	}
	b = be.AppendUint32(b, 0) // no next directory
	for _, f := range d {
		if n := padded(f); n > 0 {
			b = append(append(b, f.data...), make([]byte, n-len(f.data))...)
		}
	}
	return b
}
