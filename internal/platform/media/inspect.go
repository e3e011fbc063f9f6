package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

const (
	// maxPixels admits the 50-megapixel cameras of today's phones (8192×6144).
	maxPixels = 51_000_000
	maxSide   = 12_000
	minSide   = 8
	// maxMemory is what one decode may need; a progressive JPEG needs five times
	// what a plain one does.
	maxMemory = 200 << 20
	// bombPixels and pixelsPerByte tell pictures from bombs: above 4 megapixels
	// even a black night leaves more than a byte per 128 pixels, a bomb does not.
	bombPixels    = 4_000_000
	pixelsPerByte = 128
	// maxScans bounds the time that a progressive JPEG may take; encoders write
	// about ten scans.
	maxScans = 64
	// working is what shrinking and encoding take besides the decoded picture.
	working = 16 << 20
)

type format uint8

const (
	formatJPEG format = iota + 1
	formatPNG
	formatWebP
)

// input is what is known of an upload before anything is decoded.
type input struct {
	format format
	w, h   int
	memory int64 // bytes that processing takes, about
	exif   exif
}

// inspect reads the headers of data, reckons what decoding will cost and
// refuses what is not a photo or costs too much.
func inspect(data []byte) (input, error) {
	var in input
	var err error
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}):
		in, err = inspectJPEG(data)
	case bytes.HasPrefix(data, []byte(pngMagic)):
		in, err = inspectPNG(data)
	case len(data) >= 16 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		in, err = inspectWebP(data)
	case isHEIF(data):
		return input{}, refuse(errFormat, "Foto HEIC belum dapat kami baca. Ubah setelan kamera ke JPEG (“Paling Kompatibel”), lalu ambil ulang.")
	default:
		return input{}, refuse(errFormat, "Berkas ini bukan foto JPEG, PNG, atau WebP. Pilih foto lain.")
	}
	if err != nil {
		return input{}, err
	}
	pixels := in.w * in.h // both are at most 2^31-1, so int does not overflow
	switch {
	case in.w > maxSide || in.h > maxSide || pixels > maxPixels:
		return input{}, refuse(fmt.Errorf("%w: %d×%d", errTooManyPixels, in.w, in.h), sentenceTooManyPixels)
	case in.w < minSide || in.h < minSide:
		return input{}, refuse(fmt.Errorf("%w: %d×%d", errTooSmall, in.w, in.h), "Gambar ini terlalu kecil untuk dilihat. Pilih foto lain.")
	case pixels > bombPixels && pixels/pixelsPerByte > len(data):
		return input{}, unreadable(errBomb)
	}
	in.memory += int64(len(data)) + working
	if in.memory > maxMemory {
		return input{}, refuse(fmt.Errorf("%w: %d MiB", errTooMuchMemory, in.memory>>20), sentenceTooManyPixels)
	}
	return in, nil
}

// isHEIF recognises what iPhones save by default.
func isHEIF(data []byte) bool {
	if len(data) < 12 || string(data[4:8]) != "ftyp" {
		return false
	}
	switch string(data[8:12]) {
	case "heic", "heix", "hevc", "mif1", "msf1", "heim", "avif":
		return true
	}
	return false
}

// inspectJPEG walks the segments up to the end of the image.
func inspectJPEG(data []byte) (input, error) {
	in := input{format: formatJPEG}
	scans := 0
	for i := 2; ; {
		// The next marker; in a scan, stuffed zeros and restarts are not markers.
		j := bytes.IndexByte(data[i:], 0xff)
		if j < 0 || i+j+1 >= len(data) {
			return input{}, unreadable(errTruncated)
		}
		i += j
		marker := data[i+1]
		switch {
		case marker == 0xff: // fill
			i++
			continue
		case marker == 0, marker == 0x01, marker >= 0xd0 && marker <= 0xd7:
			i += 2
			continue
		case marker == 0xd9: // end of image
			if scans == 0 {
				return input{}, unreadable(errTruncated)
			}
			return in, nil
		case marker == 0xd8:
			return input{}, unreadable(errJPEG)
		}
		if i+4 > len(data) {
			return input{}, unreadable(errTruncated)
		}
		length := int(binary.BigEndian.Uint16(data[i+2:]))
		if length < 2 || i+2+length > len(data) {
			return input{}, unreadable(errTruncated)
		}
		body := data[i+4 : i+2+length]
		switch marker {
		case 0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf:
			if in.w != 0 || !in.frame(marker, body) {
				return input{}, unreadable(errJPEG)
			}
		case 0xda:
			if scans++; scans > maxScans {
				return input{}, unreadable(errTooManyScans)
			}
		case 0xe1:
			if !in.exif.found && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
				in.exif = parseEXIF(body[6:])
			}
		}
		i += 2 + length
	}
}

// frame reads a start-of-frame segment and reckons the decoder's memory: one
// byte per sample, four more per sample where coefficients are kept between
// scans, and four per pixel for CMYK.
func (in *input) frame(marker byte, body []byte) bool {
	if len(body) < 6 {
		return false
	}
	in.h, in.w = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
	components := int(body[5])
	if in.w == 0 || in.h == 0 || components == 0 || len(body) < 6+3*components {
		return false
	}
	var hmax, vmax, blocks int64 = 1, 1, 0
	for c := range components {
		f := body[6+3*c+1]
		h, v := int64(f>>4), int64(f&15)
		if h < 1 || h > 4 || v < 1 || v > 4 {
			return false
		}
		hmax, vmax = max(hmax, h), max(vmax, v)
		blocks += h * v
	}
	mcus := ((int64(in.w) + 8*hmax - 1) / (8 * hmax)) * ((int64(in.h) + 8*vmax - 1) / (8 * vmax))
	samples := mcus * blocks * 64
	in.memory = samples
	if marker == 0xc2 {
		in.memory += 4 * samples
	}
	if components == 4 {
		in.memory += 4 * int64(in.w) * int64(in.h)
	}
	return true
}

const pngMagic = "\x89PNG\r\n\x1a\n"

// inspectPNG reads the header chunk, and the eXIf chunk if there is one.
func inspectPNG(data []byte) (input, error) {
	in := input{format: formatPNG}
	const ihdrEnd = 8 + 8 + 13
	if len(data) < ihdrEnd || string(data[12:16]) != "IHDR" || binary.BigEndian.Uint32(data[8:]) != 13 {
		return input{}, unreadable(errTruncated)
	}
	w, h := binary.BigEndian.Uint32(data[16:]), binary.BigEndian.Uint32(data[20:])
	if w > 1<<31-1 || h > 1<<31-1 {
		return input{}, unreadable(errPNG)
	}
	in.w, in.h = int(w), int(h)
	depth, colour, interlaced := data[24], data[25], data[28] != 0
	perPixel := int64(4)
	if colour == 3 {
		perPixel = 1
	}
	if depth == 16 {
		perPixel *= 2
	}
	if interlaced {
		perPixel *= 2 // passes are decoded apart and merged
	}
	in.memory = min(int64(in.w), maxSide+1) * min(int64(in.h), maxSide+1) * perPixel
	for rest := data[8:]; len(rest) >= 12; {
		length := int64(binary.BigEndian.Uint32(rest))
		if length+12 > int64(len(rest)) {
			break // the decoder will refuse it
		}
		switch string(rest[4:8]) {
		case "eXIf":
			in.exif = parseEXIF(rest[8 : 8+length])
		case "IEND":
			return in, nil
		}
		rest = rest[length+12:]
	}
	return in, nil
}

// inspectWebP reads the chunks of the RIFF container.
func inspectWebP(data []byte) (input, error) {
	if int64(binary.LittleEndian.Uint32(data[4:]))+8 > int64(len(data)) { // cut between two chunks too
		return input{}, unreadable(errTruncated)
	}
	in := input{format: formatWebP}
	alpha := false
	for rest := data[12:]; len(rest) >= 8; {
		id := string(rest[:4])
		length := int64(binary.LittleEndian.Uint32(rest[4:]))
		if length+8 > int64(len(rest)) {
			return input{}, unreadable(errTruncated)
		}
		body := rest[8 : 8+length]
		perPixel := int64(0)
		w, h := 0, 0
		switch id {
		case "VP8X":
			if len(body) < 10 {
				return input{}, unreadable(errWebP)
			}
			if body[0]&2 != 0 {
				return input{}, refuse(errFormat, "Gambar bergerak tidak dapat kami terima. Pilih foto lain.")
			}
			alpha = body[0]&0x10 != 0
			w = 1 + int(body[4]) + int(body[5])<<8 + int(body[6])<<16
			h = 1 + int(body[7]) + int(body[8])<<8 + int(body[9])<<16
		case "VP8 ":
			if len(body) < 10 {
				return input{}, unreadable(errTruncated)
			}
			w, h = int(binary.LittleEndian.Uint16(body[6:]))&0x3fff, int(binary.LittleEndian.Uint16(body[8:]))&0x3fff
			perPixel = 2
			if alpha {
				perPixel = 7 // the alpha plane is decoded as a picture of its own
			}
		case "VP8L":
			if len(body) < 5 {
				return input{}, unreadable(errTruncated)
			}
			bits := binary.LittleEndian.Uint32(body[1:])
			w, h = 1+int(bits&0x3fff), 1+int(bits>>14&0x3fff)
			perPixel = 8 // the pixels, and once more while transforms are undone
		case "EXIF":
			// Some writers keep JPEG's prefix.
			in.exif = parseEXIF(bytes.TrimPrefix(body, []byte("Exif\x00\x00")))
		}
		if w != 0 || h != 0 {
			// The frame must not be larger than the canvas announced before.
			if in.w != 0 && (in.w != w || in.h != h) {
				return input{}, unreadable(errWebP)
			}
			in.w, in.h = w, h
			in.memory = max(in.memory, int64(w)*int64(h)*perPixel)
		}
		rest = rest[min(int64(len(rest)), 8+length+length&1):]
	}
	if in.memory == 0 {
		return input{}, unreadable(errWebP)
	}
	return in, nil
}
