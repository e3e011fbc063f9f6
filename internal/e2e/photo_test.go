package e2e_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp/kb"

	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	assets "makassartidakrantasa.com/portal/web"
)

// received is one multipart form as it arrived.
type received struct {
	values map[string][]string
	photos [][]byte
}

// formServer serves one page with a photo form and a pin, and keeps what it
// is sent. The first answer may be a refusal, to see that photos survive it.
type formServer struct {
	mu     sync.Mutex
	refuse bool
	got    []received
}

func (s *formServer) all() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

func (s *formServer) page(w http.ResponseWriter, r *http.Request, status int, c templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; form-action 'self'")
	w.WriteHeader(status)
	page := ui.Layout(ui.Page{Title: "Foto", Scripts: []string{"lapor.js"}})
	_ = page.Render(templ.WithChildren(ui.WithContext(r.Context(), ui.Context{}), c), w)
}

func photoForm(problem string) templ.Component {
	children := templ.Join(
		ui.PhotoField(ui.Control{Name: "foto", Label: "Foto", Error: problem}, 5),
		ui.Field(ui.Control{Name: "judul", Label: "Judul"}),
		ui.Submit("Lanjut"),
	)
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.PhotoForm("/kirim").Render(templ.WithChildren(ctx, children), w)
	})
}

func (s *formServer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", http.FileServerFS(assets.Static))
	mux.HandleFunc("GET /foto", func(w http.ResponseWriter, r *http.Request) { s.page(w, r, 200, photoForm("")) })
	mux.HandleFunc("GET /titik", func(w http.ResponseWriter, r *http.Request) {
		s.page(w, r, 200, ui.PinPicker(ui.Pin{LatName: "lat", LngName: "lng", CenterLat: "-5.147700", CenterLng: "119.432700"}))
	})
	mux.HandleFunc("GET /sudah", func(w http.ResponseWriter, r *http.Request) { s.page(w, r, 200, ui.Heading("Terkirim", "")) })
	mux.HandleFunc("POST /kirim", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(32 << 20); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		got := received{values: r.MultipartForm.Value}
		for _, h := range r.MultipartForm.File["foto"] {
			got.photos = append(got.photos, readPart(h))
		}
		s.mu.Lock()
		s.got = append(s.got, got)
		refuse := s.refuse
		s.refuse = false
		s.mu.Unlock()
		if refuse {
			s.page(w, r, http.StatusUnprocessableEntity, photoForm("Foto kedua buram."))
			return
		}
		http.Redirect(w, r, "/sudah", http.StatusSeeOther)
	})
	return mux
}

func readPart(h *multipart.FileHeader) []byte {
	f, err := h.Open()
	if err != nil {
		return nil
	}
	defer f.Close()
	b, _ := io.ReadAll(f) // a short read shows as a broken picture in the test
	return b
}

// TestPhotosShrinkBeforeSending chooses a large photo with GPS in its EXIF
// block: what arrives is small, upright, without EXIF, and its place and time
// travel beside it.
func TestPhotosShrinkBeforeSending(t *testing.T) {
	t.Parallel()
	s := &formServer{refuse: true}
	srv := httptest.NewServer(s.handler())
	t.Cleanup(srv.Close)
	dir := t.TempDir()
	first, second := filepath.Join(dir, "satu.jpg"), filepath.Join(dir, "dua.jpg")
	// Orientation 6: the camera was turned, so the upright picture is 1500 wide.
	writeFile(t, first, withEXIF(photo(t, 2600, 1500), 6))
	writeFile(t, second, photo(t, 1200, 900))

	tab := e2e.Open(t, srv.URL, e2e.Phone).Go("/foto").
		Upload("input[data-photo]", first, second).
		Wait(".photos li:nth-child(2) img").
		Fill("#judul", "Lubang besar").
		Click("button[type=submit]").
		WaitText(".ds-validation-message", "buram")
	if n := e2e.Eval[int](tab, `document.querySelectorAll(".photos li").length`); n != 2 {
		t.Fatalf("after the refusal %d photos are left, want 2", n)
	}
	tab.Sound()
	tab.Click("button[type=submit]").WaitText("h1", "Terkirim")

	all := s.all()
	if len(all) != 2 {
		t.Fatalf("%d submissions, want 2", len(all))
	}
	for i, got := range all {
		if len(got.photos) != 2 {
			t.Fatalf("submission %d has %d photos, want 2", i, len(got.photos))
		}
		if info := got.values["foto_info"]; len(info) != 2 || info[0] != "-5.147722;119.432778;2026-11-24T08:14:05" || info[1] != ";;" {
			t.Errorf("submission %d tells of its photos %q", i, info)
		}
	}
	if title := all[0].values["judul"]; len(title) != 1 || title[0] != "Lubang besar" {
		t.Errorf("the other fields arrived as %q", title)
	}
	big := all[1].photos[0]
	if len(big) > 360<<10 {
		t.Errorf("the large photo arrived with %d KB", len(big)>>10)
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(big))
	if err != nil {
		t.Fatal(err)
	}
	if size.Height > 2048 || size.Height <= size.Width {
		t.Errorf("the turned photo arrived %d × %d, want it upright and at most 2048 high", size.Width, size.Height)
	}
	if bytes.Contains(big, []byte("Exif")) {
		t.Error("the sent photo still carries EXIF")
	}
}

// TestPhotosWithoutScripts sends the same form the browser's own way.
func TestPhotosWithoutScripts(t *testing.T) {
	t.Parallel()
	s := &formServer{}
	srv := httptest.NewServer(s.handler())
	t.Cleanup(srv.Close)
	file := filepath.Join(t.TempDir(), "satu.jpg")
	original := photo(t, 640, 480)
	writeFile(t, file, original)
	tab := e2e.Open(t, srv.URL, e2e.Phone, e2e.NoScript).Go("/foto").Upload("input[data-photo]", file).Submit("button[type=submit]")
	if got := tab.Text("h1"); got != "Terkirim" {
		t.Errorf("ends at %q", got)
	}
	if all := s.all(); len(all) != 1 || len(all[0].photos) != 1 || !bytes.Equal(all[0].photos[0], original) {
		t.Errorf("arrived: %d submissions", len(all))
	}
}

// TestPinByKeyboard opens the map and moves the pin with the arrow keys alone.
func TestPinByKeyboard(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer((&formServer{}).handler())
	t.Cleanup(srv.Close)
	tab := e2e.Open(t, srv.URL, e2e.Phone).Go("/titik")
	if tab.Has(".leaflet-container") {
		t.Fatal("the map loads before anybody asks for it")
	}
	tab.Click("[data-open-map]").Wait(".leaflet-container").Press("\r").Wait(".pin-mark")
	lat := func() float64 {
		return e2e.Eval[float64](tab, `Number(document.querySelector("input[name=lat]").value)`)
	}
	start := lat()
	if math.Abs(start - -5.1477) > 0.001 {
		t.Fatalf("Enter puts the pin at latitude %f, want the middle of the map", start)
	}
	if tab.Press(kb.ArrowUp); lat() <= start {
		t.Errorf("arrow up moved the pin from %f to %f, want further north", start, lat())
	}
	tab.Sound()
}

func writeFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// photo makes a JPEG with enough detail to be heavy, the same every time.
func photo(t *testing.T, w, h int) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := 0; y < h; y += 6 {
		for x := 0; x < w; x += 6 {
			c := color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), uint8(r.IntN(256)), 255}
			for dy := 0; dy < 6 && y+dy < h; dy++ {
				for dx := 0; dx < 6 && x+dx < w; dx++ {
					m.SetRGBA(x+dx, y+dy, c)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withEXIF puts an EXIF block into a JPEG: orientation, the time 2026-11-24
// 08:14:05, and a place near Lapangan Karebosi (5°08'51.8"S 119°25'58"E).
func withEXIF(jpg []byte, orientation uint16) []byte {
	le := binary.LittleEndian
	var b bytes.Buffer
	put := func(v any) { _ = binary.Write(&b, le, v) }
	entry := func(tag, kind uint16, count, value uint32) { put([]uint16{tag, kind}); put([]uint32{count, value}) }
	const (
		ifd0 = 8
		exif = ifd0 + 2 + 3*12 + 4
		when = exif + 2 + 12 + 4
		gps  = when + 20
		lat  = gps + 2 + 4*12 + 4
		lng  = lat + 24
	)
	b.WriteString("II")
	put(uint16(42))
	put(uint32(ifd0))
	put(uint16(3))
	entry(0x0112, 3, 1, uint32(orientation))
	entry(0x8769, 4, 1, exif)
	entry(0x8825, 4, 1, gps)
	put(uint32(0))
	put(uint16(1))
	entry(0x9003, 2, 20, when)
	put(uint32(0))
	b.WriteString("2026:11:24 08:14:05\x00")
	put(uint16(4))
	entry(1, 2, 2, 'S')
	entry(2, 5, 3, lat)
	entry(3, 2, 2, 'E')
	entry(4, 5, 3, lng)
	put(uint32(0))
	put([]uint32{5, 1, 8, 1, 518, 10})
	put([]uint32{119, 1, 25, 1, 580, 10})
	app1 := append([]byte("Exif\x00\x00"), b.Bytes()...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, byte((len(app1)+2)>>8), byte(len(app1)+2))
	out = append(out, app1...)
	return append(out, jpg[2:]...)
}
