package media_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

var now = time.Date(2026, 11, 24, 10, 0, 0, 0, clock.Makassar)

func process(t *testing.T, file []byte) media.Photo {
	t.Helper()
	p, err := media.New(media.Options{Clock: clock.NewFake(now)}).Process(t.Context(), bytes.NewReader(file))
	if err != nil {
		t.Fatalf("Process: %v", err)
	}
	checkPhoto(t, p)
	return p
}

// checkPhoto holds what is true of every photo.
func checkPhoto(t *testing.T, p media.Photo) {
	t.Helper()
	for _, c := range []struct {
		name       string
		file       []byte
		w, h, side int
	}{
		{"large", p.Large, p.W, p.H, media.LargeSide},
		{"small", p.Small, p.SmallW, p.SmallH, media.SmallSide},
	} {
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(c.file))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if cfg.Width != c.w || cfg.Height != c.h || max(c.w, c.h) > c.side {
			t.Errorf("%s: %d×%d in the file, said %d×%d", c.name, cfg.Width, cfg.Height, c.w, c.h)
		}
		if m := metadata(c.file); len(m) > 0 {
			t.Errorf("%s carries segments %x", c.name, m)
		}
	}
}

// metadata lists the markers of a JPEG file that are neither needed to decode
// it nor its end, and 0x00 when something follows the end.
func metadata(file []byte) []byte {
	var found []byte
	i := 2
	for i+4 <= len(file) {
		marker := file[i+1]
		if file[i] != 0xff {
			return append(found, file[i])
		}
		switch marker {
		case 0xc0, 0xc4, 0xdb, 0xdd:
		case 0xda:
			end := bytes.Index(file[i:], []byte{0xff, 0xd9})
			if end < 0 || i+end+2 != len(file) {
				return append(found, 0)
			}
			return found
		default:
			found = append(found, marker)
		}
		i += 2 + int(file[i+2])<<8 + int(file[i+3])
	}
	return append(found, 0)
}

// quarters are the mean colours of the four quarters' middles.
func quarters(t *testing.T, file []byte) [4]color.RGBA {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var out [4]color.RGBA
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	for i := range out {
		out[i] = color.RGBAModel.Convert(m.At((1+2*(i%2))*w/4, (1+2*(i/2))*h/4)).(color.RGBA)
	}
	return out
}

var (
	red   = color.RGBA{R: 200, A: 255}
	green = color.RGBA{G: 160, A: 255}
	blue  = color.RGBA{B: 220, A: 255}
	white = color.RGBA{R: 255, G: 255, B: 255, A: 255}
)

func wantQuarters(t *testing.T, file []byte, want [4]color.RGBA, tolerance int) {
	t.Helper()
	got := quarters(t, file)
	for i := range want {
		if off(got[i].R, want[i].R) > tolerance || off(got[i].G, want[i].G) > tolerance || off(got[i].B, want[i].B) > tolerance {
			t.Errorf("quarters %v, want %v", got, want)
			return
		}
	}
}

func off(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

func TestEveryKindOfFile(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) < 14 {
		t.Fatalf("testdata: %d files, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			file, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(path, "animated") {
				wantRefused(t, file, errs.Unprocessable, "bergerak")
				return
			}
			p := process(t, file)
			if p.W != 121 || p.H != 75 {
				t.Errorf("%d×%d", p.W, p.H)
			}
			tolerance := 12
			if strings.Contains(path, "cmyk") {
				tolerance = 30 // without its colour profile CMYK is only near
			}
			want := [4]color.RGBA{red, green, blue, white}
			wantQuarters(t, p.Large, want, tolerance)
			wantQuarters(t, p.Small, want, tolerance)
		})
	}
}

func TestGrayAndGenerated(t *testing.T) {
	t.Parallel()
	gray := image.NewGray(image.Rect(0, 0, 1700, 40))
	for i := range gray.Pix {
		gray.Pix[i] = 90
	}
	half := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for i := range half.Pix {
		half.Pix[i] = [4]byte{0, 0, 0, 128}[i%4]
	}
	wantGray := color.RGBA{R: 90, G: 90, B: 90, A: 255}
	wantHalf := color.RGBA{R: 127, G: 127, B: 127, A: 255}
	for name, c := range map[string]struct {
		file []byte
		want color.RGBA
	}{
		"gray JPEG":           {mediatest.EncodeJPEG(gray), wantGray},
		"gray PNG":            {mediatest.EncodePNG(gray), wantGray},
		"half transparent":    {mediatest.EncodePNG(half), wantHalf},
		"half black, as WebP": {mediatest.EncodeWebP(half), wantHalf},
		"nothing but alpha":   {mediatest.EncodePNG(image.NewNRGBA(image.Rect(0, 0, 20, 20))), white},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := process(t, c.file)
			wantQuarters(t, p.Large, [4]color.RGBA{c.want, c.want, c.want, c.want}, 3)
		})
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, h, lw, lh, sw, sh int }{
		{2048, 1536, 1600, 1200, 400, 300},
		{1536, 2048, 1200, 1600, 300, 400},
		{1600, 1200, 1600, 1200, 400, 300},
		{1601, 900, 1600, 899, 400, 225},
		{300, 200, 300, 200, 300, 200},
		{401, 401, 401, 401, 400, 400},
		{4000, 8, 1600, 3, 400, 1},
		{8, 8, 8, 8, 8, 8},
	} {
		t.Run(fmt.Sprintf("%d×%d", c.w, c.h), func(t *testing.T) {
			t.Parallel()
			p := process(t, mediatest.JPEG(c.w, c.h))
			if p.W != c.lw || p.H != c.lh || p.SmallW != c.sw || p.SmallH != c.sh {
				t.Errorf("%d×%d and %d×%d, want %d×%d and %d×%d", p.W, p.H, p.SmallW, p.SmallH, c.lw, c.lh, c.sw, c.sh)
			}
		})
	}
}

func TestOrientation(t *testing.T) {
	t.Parallel()
	// Where the quarters of the stored picture stand once it is upright, for
	// orientations 1 to 8, from the standard's table.
	turns := [9][4]int{
		1: {0, 1, 2, 3}, 2: {1, 0, 3, 2}, 3: {3, 2, 1, 0}, 4: {2, 3, 0, 1},
		5: {0, 2, 1, 3}, 6: {2, 0, 3, 1}, 7: {3, 1, 2, 0}, 8: {1, 3, 0, 2},
	}
	colours := [4]color.RGBA{red, green, blue, white}
	encoders := map[string]func(image.Image, ...mediatest.Option) []byte{
		"JPEG": mediatest.EncodeJPEG, "PNG": mediatest.EncodePNG, "WebP": mediatest.EncodeWebP,
	}
	rapid.Check(t, func(rt *rapid.T) {
		// Large enough that a quarter's middle shares no JPEG block with its neighbour.
		w, h := rapid.IntRange(120, 600).Draw(rt, "w"), rapid.IntRange(120, 600).Draw(rt, "h")
		o := rapid.IntRange(1, 8).Draw(rt, "orientation")
		kind := rapid.SampledFrom([]string{"JPEG", "PNG", "WebP"}).Draw(rt, "format")
		p := process(t, encoders[kind](mediatest.Quarters(w, h), mediatest.Orientation(o)))
		if o >= 5 {
			w, h = h, w
		}
		if p.W != w || p.H != h {
			rt.Fatalf("%d×%d, want %d×%d", p.W, p.H, w, h)
		}
		var want [4]color.RGBA
		for i, from := range turns[o] {
			want[i] = colours[from]
		}
		wantQuarters(t, p.Large, want, 20)
		wantQuarters(t, p.Small, want, 20)
		if t.Failed() {
			rt.Fatalf("orientation %d of a %s", o, kind)
		}
	})
}

func TestEXIF(t *testing.T) {
	t.Parallel()
	taken := time.Date(2026, 11, 23, 17, 45, 12, 0, clock.Makassar)
	tokyo := time.FixedZone("", 9*3600)
	for name, c := range map[string]struct {
		opts []mediatest.Option
		gps  *media.Point
		at   time.Time
	}{
		"nothing":                 {},
		"place":                   {opts: []mediatest.Option{mediatest.GPS(-5.147665, 119.432731)}, gps: &media.Point{Lat: -5.147665, Lng: 119.432731}},
		"north-west":              {opts: []mediatest.Option{mediatest.GPS(40.5, -74.25)}, gps: &media.Point{Lat: 40.5, Lng: -74.25}},
		"null island":             {opts: []mediatest.Option{mediatest.GPS(0, 0)}},
		"beyond the pole":         {opts: []mediatest.Option{mediatest.GPS(91, 10)}},
		"beyond the date line":    {opts: []mediatest.Option{mediatest.GPS(10, 181)}},
		"time":                    {opts: []mediatest.Option{mediatest.TakenAt(taken)}, at: taken},
		"time with an offset":     {opts: []mediatest.Option{mediatest.TakenAt(taken.In(tokyo)), mediatest.WithOffset()}, at: taken},
		"all":                     {opts: []mediatest.Option{mediatest.TakenAt(taken), mediatest.GPS(-5, 119), mediatest.Orientation(1)}, gps: &media.Point{Lat: -5, Lng: 119}, at: taken},
		"a little fast":           {opts: []mediatest.Option{mediatest.TakenAt(now.Add(time.Hour))}, at: now.Add(time.Hour)},
		"in the future":           {opts: []mediatest.Option{mediatest.TakenAt(now.Add(25 * time.Hour))}},
		"a clock that was unset":  {opts: []mediatest.Option{mediatest.TakenAt(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC))}},
		"rubbish":                 {opts: []mediatest.Option{mediatest.RawEXIF([]byte("MM\x00\x2a\xff\xff\xff\xff"))}},
		"a directory to itself":   {opts: []mediatest.Option{mediatest.RawEXIF([]byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x00"))}},
		"an orientation of 65535": {opts: []mediatest.Option{mediatest.Orientation(65535)}},
	} {
		for kind, encode := range map[string]func(int, int, ...mediatest.Option) []byte{
			"JPEG": mediatest.JPEG, "PNG": mediatest.PNG, "WebP": mediatest.WebP,
		} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				p := process(t, encode(40, 30, c.opts...))
				switch {
				case (p.GPS == nil) != (c.gps == nil):
					t.Errorf("GPS %v, want %v", p.GPS, c.gps)
				case c.gps != nil && (abs(p.GPS.Lat-c.gps.Lat) > 1e-6 || abs(p.GPS.Lng-c.gps.Lng) > 1e-6):
					t.Errorf("GPS %v, want %v", *p.GPS, *c.gps)
				}
				switch {
				case (p.TakenAt == nil) != c.at.IsZero():
					t.Errorf("taken at %v, want %v", p.TakenAt, c.at)
				case p.TakenAt != nil && !p.TakenAt.Equal(c.at):
					t.Errorf("taken at %v, want %v", p.TakenAt, c.at)
				}
				if p.W != 40 || p.H != 30 {
					t.Errorf("%d×%d", p.W, p.H)
				}
			})
		}
	}
}

func abs(v float64) float64 { return max(v, -v) }

func wantRefused(t *testing.T, file []byte, kind errs.Kind, words string) {
	t.Helper()
	_, err := media.New(media.Options{}).Process(t.Context(), bytes.NewReader(file))
	if errs.KindOf(err) != kind {
		t.Fatalf("Process = %v, want %v", err, kind)
	}
	if m := errs.MessageOf(err); !strings.Contains(m, words) || !strings.HasSuffix(m, ".") {
		t.Errorf("sentence %q, want %q in it", m, words)
	}
}

// hostile are files that must be refused before they cost anything. The cap on
// allocation is beside the copy of the file itself.
func hostile() map[string]struct {
	file  []byte
	words string
} {
	jpg := mediatest.JPEG(640, 480)
	type c = struct {
		file  []byte
		words string
	}
	return map[string]c{
		"empty":                      {nil, "kosong"},
		"one byte":                   {[]byte{0xff}, "bukan foto"},
		"text":                       {[]byte("halo"), "bukan foto"},
		"SVG":                        {mediatest.SVG(), "bukan foto"},
		"GIF":                        {mediatest.GIF(), "bukan foto"},
		"HEIC":                       {mediatest.HEIC(), "HEIC"},
		"JPEG behind HTML":           {append([]byte("<html>"), jpg...), "bukan foto"},
		"50,000 pixels wide JPEG":    {mediatest.JPEGBomb(50000, 50000), "megapiksel"},
		"50,000 pixels wide PNG":     {mediatest.PNGHeader(50000, 50000), "megapiksel"},
		"a PNG line of 50,000":       {mediatest.PNGHeader(50000, 10), "megapiksel"},
		"a PNG of 2^31 by 2^31":      {mediatest.PNGHeader(1<<31-1, 1<<31-1), "megapiksel"},
		"a PNG of 2^32 by 2^32":      {mediatest.PNGHeader(1<<32-1, 1<<32-1), "rusak"},
		"JPEG bomb of 51 megapixels": {mediatest.JPEGBomb(8192, 6200), "rusak"},
		"JPEG bomb of 3 megapixels":  {mediatest.JPEGBomb(2000, 1500)[:200], "rusak"},
		"PNG bomb of 25 megapixels":  {mediatest.PNGBomb(5000, 5000), "rusak"},
		"WebP bomb":                  {mediatest.WebPBomb(5000, 5000), "rusak"},
		"WebP bomb of 2^28":          {mediatest.WebPBomb(16384, 16384), "megapiksel"},
		"PNG without an image":       {mediatest.PNGHeader(0, 0), "kecil"},
		"a PNG of one pixel":         {mediatest.PNGHeader(1, 1), "kecil"},
		"only the magic of a JPEG":   {jpg[:3], "rusak"},
		"only a JPEG's header":       {jpg[:200], "rusak"},
		"a JPEG of many scans":       {mediatest.JPEGManyScans(5000), "rusak"},
		"RIFF that is not WebP":      {[]byte("RIFF\x10\x00\x00\x00WAVEfmt 0000000000000000"), "bukan foto"},
		"WebP without a frame":       {[]byte("RIFF\x10\x00\x00\x00WEBPEXIF\x00\x00\x00\x00"), "rusak"},
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefused(t, c.file, errs.Unprocessable, c.words)
		})
	}
	t.Run("too many bytes", func(t *testing.T) {
		t.Parallel()
		wantRefused(t, make([]byte, media.MaxBytes+1), errs.TooLarge, "12 MB")
	})
}

// These two run alone, before the parallel tests: they measure what the whole
// process allocates.
func TestHostileFilesCostNoMemory(t *testing.T) {
	p := media.New(media.Options{})
	for name, c := range hostile() {
		got := allocated(func() { _, _ = p.Process(context.Background(), bytes.NewReader(c.file)) })
		if limit := uint64(len(c.file)) + 2<<20; got > limit {
			t.Errorf("%s: %d KB allocated, limit %d KB", name, got>>10, limit>>10)
		}
	}
}

func TestMemoryOfA12MegapixelPhoto(t *testing.T) {
	p := media.New(media.Options{})
	file := mediatest.JPEG(4000, 3000)
	got := allocated(func() {
		if _, err := p.Process(context.Background(), bytes.NewReader(file)); err != nil {
			t.Error(err)
		}
	})
	// The decoded picture takes 18 MB, all the rest less than 12.
	if limit := uint64(len(file)) + 30<<20; got > limit {
		t.Errorf("%d KB allocated, limit %d KB", got>>10, limit>>10)
	}
}

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestTruncatedFilesAreRefused(t *testing.T) {
	t.Parallel()
	for kind, file := range map[string][]byte{
		"JPEG": mediatest.JPEG(200, 150, mediatest.GPS(-5, 119)),
		"PNG":  mediatest.PNG(100, 75, mediatest.GPS(-5, 119)),
		"WebP": mediatest.WebP(60, 40, mediatest.GPS(-5, 119)),
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(rt *rapid.T) {
				n := rapid.IntRange(1, len(file)-1).Draw(rt, "length")
				if end := bytes.LastIndex(file, []byte("EXIF")); kind == "WebP" && rapid.Bool().Draw(rt, "between chunks") {
					n = end // the picture is whole, the chunk after it is missing
				}
				_, err := media.New(media.Options{}).Process(t.Context(), bytes.NewReader(file[:n]))
				if errs.KindOf(err) != errs.Unprocessable {
					rt.Fatalf("the first %d of %d bytes: %v", n, len(file), err)
				}
			})
		})
	}
}

func TestPolyglotComesOutClean(t *testing.T) {
	t.Parallel()
	p := process(t, mediatest.Polyglot())
	for _, file := range [][]byte{p.Large, p.Small} {
		if bytes.Contains(file, []byte("script")) {
			t.Error("the page survived")
		}
	}
}

func TestDHash(t *testing.T) {
	t.Parallel()
	a := process(t, mediatest.JPEG(1200, 900, mediatest.Seed(7))).DHash
	same := process(t, mediatest.JPEG(700, 525, mediatest.Seed(7), mediatest.Quality(50))).DHash
	other := process(t, mediatest.JPEG(1200, 900, mediatest.Seed(8))).DHash
	if d := media.Distance(a, same); d > 6 {
		t.Errorf("the same scene differs in %d bits", d)
	}
	if d := media.Distance(a, other); d <= 6 {
		t.Errorf("another scene differs in %d bits only", d)
	}
}

// gate is an upload that reports when it is being read and waits for leave.
type gate struct {
	*bytes.Reader
	entered chan<- struct{}
	leave   <-chan struct{}
	once    sync.Once
}

func (g *gate) Read(p []byte) (int, error) {
	g.once.Do(func() {
		g.entered <- struct{}{}
		<-g.leave
	})
	return g.Reader.Read(p)
}

func TestConcurrencyIsBounded(t *testing.T) {
	t.Parallel()
	const workers, uploads = 2, 12
	p := media.New(media.Options{Workers: workers})
	file := mediatest.JPEG(64, 48)
	entered, leave := make(chan struct{}), make(chan struct{})
	var done atomic.Int64
	var wg sync.WaitGroup
	for range uploads {
		wg.Go(func() {
			g := &gate{Reader: bytes.NewReader(file), entered: entered, leave: leave}
			if _, err := p.Process(t.Context(), g); err != nil {
				t.Error(err)
			}
			done.Add(1)
		})
	}
	<-entered
	<-entered
	// Both slots are taken: whoever comes now waits, and gives up with its request.
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := p.Process(ctx, bytes.NewReader(file)); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("the waiting upload got %v", err)
	}
	if done.Load() != 0 {
		t.Errorf("%d uploads done behind closed gates", done.Load())
	}
	for range uploads - workers {
		leave <- struct{}{}
		<-entered // a third one enters only after one has left
	}
	for range workers {
		leave <- struct{}{}
	}
	wg.Wait()
	if done.Load() != uploads {
		t.Errorf("%d done", done.Load())
	}
}

func TestMemoryIsSharedOut(t *testing.T) {
	t.Parallel()
	// A budget that holds one such picture: all still get through, one by one.
	p := media.New(media.Options{Workers: 4, Memory: 20 << 20})
	file := mediatest.JPEG(1000, 750)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := p.Process(t.Context(), bytes.NewReader(file)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := p.Process(t.Context(), bytes.NewReader(mediatest.JPEG(2400, 1800))); errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("a picture beyond the budget: %v", err)
	}
}

func TestACancelledRequestStopsDecoding(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := media.New(media.Options{}).Process(ctx, bytes.NewReader(mediatest.JPEG(64, 48)))
	if errs.KindOf(err) != errs.Unavailable {
		t.Errorf("Process = %v", err)
	}
}

func TestProcessStartsAtTheBeginning(t *testing.T) {
	t.Parallel()
	r := bytes.NewReader(mediatest.JPEG(64, 48))
	if _, err := io.CopyN(io.Discard, r, 100); err != nil { // as somebody sniffing would
		t.Fatal(err)
	}
	if _, err := media.New(media.Options{}).Process(t.Context(), r); err != nil {
		t.Error(err)
	}
}

func FuzzProcess(f *testing.F) {
	for _, c := range hostile() {
		if len(c.file) < 4096 {
			f.Add(c.file)
		}
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	all := []mediatest.Option{mediatest.GPS(-5.1, 119.4), mediatest.TakenAt(now), mediatest.Orientation(6)}
	f.Add(mediatest.JPEG(32, 24, all...))
	f.Add(mediatest.PNG(16, 12, all...))
	f.Add(mediatest.WebP(16, 12, all...))
	p := media.New(media.Options{Memory: 64 << 20})
	f.Fuzz(func(t *testing.T, file []byte) {
		start := time.Now()
		defer func() {
			if d := time.Since(start); d > 30*time.Second {
				t.Errorf("%d bytes took %v", len(file), d)
			}
		}()
		photo, err := p.Process(t.Context(), bytes.NewReader(file))
		if err != nil {
			if k := errs.KindOf(err); k != errs.Unprocessable {
				t.Fatalf("%v: %v", k, err)
			}
			if strings.Contains(err.Error(), "panic") && !strings.Contains(err.Error(), "unreachable") {
				t.Logf("recovered: %v", err)
			}
			return
		}
		checkPhoto(t, photo)
	})
}
