package mediatest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image/gif"
)

// PNGBomb returns a valid PNG file of w×h black pixels, three bytes each, about
// a thousandth of its decoded size. One row is compressed and then repeated: zeros
// after zeros always compress to the same bytes.
func PNGBomb(w, h int) []byte {
	var first, idat bytes.Buffer
	z, err := zlib.NewWriterLevel(&first, zlib.BestCompression)
	must(err)
	row := make([]byte, 1+3*w)
	addRow := func() []byte {
		before := first.Len()
		_, err := z.Write(row)
		must(err)
		must(z.Flush())
		return first.Bytes()[before:]
	}
	idat.Write(addRow())
	idat.Write(bytes.Repeat(addRow(), h-1))
	idat.Write([]byte{1, 0, 0, 0xff, 0xff}) // an empty last block
	// Adler-32 of n zeros: the sum of bytes stays 1, the sum of sums is n (RFC 1950).
	idat.Write(binary.BigEndian.AppendUint32(nil, uint32(h*len(row)%65521)<<16|1))
	return pngFile(w, h, idat.Bytes())
}

// PNGHeader returns a PNG file that announces w×h pixels and holds none.
func PNGHeader(w, h int) []byte { return pngFile(w, h, nil) }

func pngFile(w, h int, idat []byte) []byte {
	ihdr := binary.BigEndian.AppendUint32(nil, uint32(w))
	ihdr = binary.BigEndian.AppendUint32(ihdr, uint32(h))
	ihdr = append(ihdr, 8, 2, 0, 0, 0) // 8 bits, RGB
	return bytes.Join([][]byte{
		[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", ihdr), chunk("IDAT", idat), chunk("IEND", nil),
	}, nil)
}

// JPEGBomb returns a small JPEG file whose header announces w×h pixels.
func JPEGBomb(w, h int) []byte {
	file := JPEG(16, 16)
	i := bytes.Index(file, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(file[i+5:], uint16(h))
	binary.BigEndian.PutUint16(file[i+7:], uint16(w))
	return file
}

// JPEGManyScans returns a small JPEG file with n scans.
func JPEGManyScans(n int) []byte {
	file := JPEG(16, 16)
	i := bytes.Index(file, []byte{0xff, 0xda})
	scan, end := file[i:len(file)-2], file[len(file)-2:]
	return bytes.Join([][]byte{file[:i], bytes.Repeat(scan, n), end}, nil)
}

// GIF returns a small GIF file.
func GIF() []byte {
	var b bytes.Buffer
	must(gif.Encode(&b, Quarters(32, 32), nil))
	return b.Bytes()
}

// SVG returns an SVG file with a script in it.
func SVG() []byte {
	return []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><script>alert(1)</script><rect width="64" height="64"/></svg>`)
}

// HEIC returns the beginning of an iPhone's HEIC file.
func HEIC() []byte {
	return append([]byte("\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 256)...)
}

// Polyglot returns a photo that some other program would take for HTML: the
// page stands in the EXIF block and again behind the image.
func Polyglot() []byte {
	page := []byte("<html><body><script>alert(1)</script></body></html>")
	return JPEG(64, 48, RawEXIF(page), Trailer(page))
}
