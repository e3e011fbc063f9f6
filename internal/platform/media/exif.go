package media

import (
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

var (
	errTruncated = errors.New("the file ends early")
	errJPEG      = errors.New("malformed JPEG")
	errPNG       = errors.New("malformed PNG")
	errWebP      = errors.New("malformed WebP")
)

// clockSlack is how far in the future a camera's clock may be before its word is
// worth nothing.
const clockSlack = 24 * time.Hour

// firstYear is the earliest year of capture that is believed; cameras whose
// clock was never set say 1970, 1980 or 2000.
const firstYear = 2001

// exif holds the few fields that we want of a photo's EXIF block.
type exif struct {
	found       bool
	orientation orientation
	gps         *Point
	takenAt     *time.Time
}

// Tags of the TIFF and EXIF standards.
const (
	tagOrientation  = 0x0112
	tagExifIFD      = 0x8769
	tagGPSIFD       = 0x8825
	tagOriginal     = 0x9003 // DateTimeOriginal
	tagDigitized    = 0x9004
	tagOffsetTaken  = 0x9011 // OffsetTimeOriginal
	tagOffsetDigi   = 0x9012
	tagLatitudeRef  = 1
	tagLatitude     = 2
	tagLongitudeRef = 3
	tagLongitude    = 4

	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5

	// maxEntries is more than any camera writes into one directory.
	maxEntries = 512
)

// parseEXIF reads a TIFF block. EXIF is optional and often broken: whatever
// makes no sense is left out, and nothing here fails. It reads three
// directories once each, so a block that points to itself does no harm.
func parseEXIF(b []byte) exif {
	e := exif{found: true}
	t, ok := newTIFF(b)
	if !ok {
		return e
	}
	main := t.directory(t.order.Uint32(b[4:]))
	if v, ok := t.number(main[tagOrientation]); ok && v >= 1 && v <= 8 {
		e.orientation = orientation(v)
	}
	if at, ok := t.number(main[tagExifIFD]); ok {
		d := t.directory(at)
		e.takenAt = moment(t.text(d[tagOriginal]), t.text(d[tagOffsetTaken]))
		if e.takenAt == nil {
			e.takenAt = moment(t.text(d[tagDigitized]), t.text(d[tagOffsetDigi]))
		}
	}
	if at, ok := t.number(main[tagGPSIFD]); ok {
		d := t.directory(at)
		lat, ok1 := t.degrees(d[tagLatitude], d[tagLatitudeRef], "N", "S", 90)
		lng, ok2 := t.degrees(d[tagLongitude], d[tagLongitudeRef], "E", "W", 180)
		// Receivers without a fix write zeros.
		if ok1 && ok2 && (lat != 0 || lng != 0) {
			e.gps = &Point{Lat: lat, Lng: lng}
		}
	}
	return e
}

type tiff struct {
	b     []byte
	order binary.ByteOrder
}

// entry is one field of a directory; value is its data, wherever that lies.
type entry struct {
	kind  uint16
	value []byte
}

func newTIFF(b []byte) (tiff, bool) {
	if len(b) < 8 {
		return tiff{}, false
	}
	t := tiff{b: b}
	switch string(b[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return tiff{}, false
	}
	return t, true
}

func (t tiff) directory(at uint32) map[uint16]entry {
	d := make(map[uint16]entry)
	if uint64(at)+2 > uint64(len(t.b)) {
		return d
	}
	n := int(t.order.Uint16(t.b[at:]))
	fields := t.b[at+2:]
	for i := 0; i < min(n, maxEntries) && len(fields) >= 12; i++ {
		tag, kind, count := t.order.Uint16(fields), t.order.Uint16(fields[2:]), t.order.Uint32(fields[4:])
		var unit uint64
		switch kind {
		case typeASCII:
			unit = 1
		case typeShort:
			unit = 2
		case typeLong:
			unit = 4
		case typeRational:
			unit = 8
		}
		size := unit * uint64(count)
		value := fields[8:12]
		if size > 4 {
			from := uint64(t.order.Uint32(value))
			if from+size > uint64(len(t.b)) {
				size = 0
			} else {
				value = t.b[from : from+size]
			}
		}
		if _, twice := d[tag]; size > 0 && !twice {
			d[tag] = entry{kind: kind, value: value[:size]}
		}
		fields = fields[12:]
	}
	return d
}

func (t tiff) number(e entry) (uint32, bool) {
	switch {
	case e.kind == typeShort && len(e.value) >= 2:
		return uint32(t.order.Uint16(e.value)), true
	case e.kind == typeLong && len(e.value) >= 4:
		return t.order.Uint32(e.value), true
	}
	return 0, false
}

func (t tiff) text(e entry) string {
	if e.kind != typeASCII || len(e.value) > 64 {
		return ""
	}
	return strings.TrimRight(string(e.value), "\x00 ")
}

// degrees reads degrees, minutes and seconds as three fractions.
func (t tiff) degrees(e, ref entry, plus, minus string, limit float64) (float64, bool) {
	if e.kind != typeRational || len(e.value) != 24 {
		return 0, false
	}
	var v [3]float64
	for i := range v {
		num, den := t.order.Uint32(e.value[8*i:]), t.order.Uint32(e.value[8*i+4:])
		if den == 0 {
			return 0, false
		}
		v[i] = float64(num) / float64(den)
	}
	if v[1] >= 60 || v[2] >= 60 {
		return 0, false
	}
	d := v[0] + v[1]/60 + v[2]/3600
	if math.IsNaN(d) || d > limit {
		return 0, false
	}
	switch t.text(ref) {
	case plus:
		return d, true
	case minus:
		return -d, true
	}
	return 0, false
}

// moment reads EXIF's local time. Without an offset it is the city's time: so
// are nearly all cameras here.
func moment(s, offset string) *time.Time {
	zone := clock.Makassar
	if o, err := time.Parse("-07:00", offset); err == nil {
		zone = o.Location()
	}
	at, err := time.ParseInLocation("2006:01:02 15:04:05", s, zone)
	if err != nil || at.Year() < firstYear {
		return nil
	}
	return &at
}
