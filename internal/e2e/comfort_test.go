package e2e_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	assets "makassartidakrantasa.com/portal/web"
)

// comfortServer serves small pages, one per script under test.
type comfortServer struct {
	sent    atomic.Int32
	queue   atomic.Int32
	changed chan struct{}
	release chan struct{}
}

func inside(outer templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

func (s *comfortServer) handler() http.Handler {
	mux := http.NewServeMux()
	page := func(w http.ResponseWriter, r *http.Request, scripts []string, parts ...templ.Component) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'")
		_ = inside(ui.Layout(ui.Page{Title: "Uji", Scripts: scripts}), parts...).Render(ui.WithContext(r.Context(), ui.Context{Nav: []ui.Link{{Label: "Peta", Href: "/peta"}}}), w)
	}
	mux.Handle("GET /static/", http.FileServerFS(assets.Static))
	mux.HandleFunc("GET /kategori", func(w http.ResponseWriter, r *http.Request) {
		page(w, r, []string{"lapor.js"}, inside(ui.Searchable("Cari jenis masalah", "Tidak ada yang cocok. Pilih Lainnya."),
			ui.Radios(ui.Control{Name: "kategori", Label: "Jenis masalah", Options: []ui.Option{
				{Value: "LAMPU", Label: "Lampu jalan mati", Group: "Jalan", Attrs: templ.Attributes{"data-words": "penerangan gelap pju"}},
				{Value: "JALAN", Label: "Jalan berlubang", Group: "Jalan", Attrs: templ.Attributes{"data-words": "aspal rusak"}},
				{Value: "SAMPAH", Label: "Sampah menumpuk", Group: "Kebersihan"},
			}})))
	})
	mux.HandleFunc("GET /kirim", func(w http.ResponseWriter, r *http.Request) {
		page(w, r, nil, templ.Raw(`<form method="post" action="/kirim">`), ui.Submit("Kirim"), templ.Raw(`</form>`))
	})
	mux.HandleFunc("POST /kirim", func(w http.ResponseWriter, r *http.Request) {
		s.sent.Add(1)
		select {
		case <-s.release:
		case <-r.Context().Done():
		}
		page(w, r, nil, ui.Heading("Terkirim", ""))
	})
	mux.HandleFunc("GET /antrean", func(w http.ResponseWriter, r *http.Request) {
		page(w, r, nil, ui.Heading("Antrean", ""), inside(ui.Live("antrean", "/siaran"), ui.Badge(int(s.queue.Load()), "accent")))
	})
	mux.HandleFunc("GET /siaran", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for {
			_ = http.NewResponseController(w).Flush()
			select {
			case <-s.changed:
				_, _ = fmt.Fprint(w, "data: antrean\n\n")
			case <-r.Context().Done():
				return
			}
		}
	})
	mux.HandleFunc("GET /salah", func(w http.ResponseWriter, r *http.Request) {
		page(w, r, nil, ui.ErrorSummary([]errs.Field{{Name: "judul", Message: "Tulis judul."}}), ui.Field(ui.Control{Name: "judul", Label: "Judul", Error: "Tulis judul."}))
	})
	return mux
}

func comfort(t *testing.T) (*comfortServer, string) {
	s := &comfortServer{changed: make(chan struct{}), release: make(chan struct{})}
	srv := httptest.NewServer(s.handler())
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	return s, srv.URL
}

func TestCategorySearchKnowsSynonyms(t *testing.T) {
	t.Parallel()
	_, url := comfort(t)
	tab := e2e.Open(t, url, e2e.Phone).Go("/kategori").Wait("#cari-kategori")
	shown := func() string {
		return e2e.Eval[string](tab, `[...document.querySelectorAll(".choice")].filter((e) => !e.hidden).map((e) => e.querySelector("input").value).join(" ")`)
	}
	for words, want := range map[string]string{"gelap": "LAMPU", "lampu ma": "LAMPU", "jalan": "LAMPU JALAN", "SAMPÁH": "SAMPAH", "zebra": ""} {
		if tab.Fill("#cari-kategori", words); shown() != want {
			t.Errorf("searching %q shows %q, want %q", words, shown(), want)
		}
	}
	tab.Fill("#cari-kategori", "zebra").WaitText(".filter-search .counter", "Tidak ada yang cocok").Sound()
	tab.Fill("#cari-kategori", "gelap").Press("\r")
	if got := e2e.Eval[string](tab, `document.querySelector("input[name=kategori]:checked")?.value ?? ""`); got != "LAMPU" {
		t.Errorf("Enter chose %q", got)
	}
	// Without scripts there is no dead search box, and the whole list.
	plain := e2e.Open(t, url, e2e.Phone, e2e.NoScript).Go("/kategori")
	if plain.Has("#cari-kategori") || e2e.Eval[int](plain, `document.querySelectorAll(".choice").length`) != 3 {
		t.Error("without scripts the list is not whole")
	}
}

func TestSecondClickSendsNothing(t *testing.T) {
	t.Parallel()
	s, url := comfort(t)
	tab := e2e.Open(t, url).Go("/kirim")
	// The first answer is held back until the second click has been made.
	e2e.Eval[bool](tab, `document.querySelector("button[type=submit]").click(), document.querySelector("button[type=submit]").click(), true`)
	close(s.release)
	tab.WaitText("h1", "Terkirim")
	if n := s.sent.Load(); n != 1 {
		t.Errorf("two clicks sent the form %d times", n)
	}
}

func TestLivePartFollows(t *testing.T) {
	t.Parallel()
	s, url := comfort(t)
	s.queue.Store(3)
	tab := e2e.Open(t, url).Go("/antrean").WaitText(".count", "3")
	s.queue.Store(4)
	select {
	case s.changed <- struct{}{}:
	case <-time.After(time.Minute):
		t.Fatal("the page does not listen")
	}
	tab.WaitText(".count", "4")
}

func TestErrorSummaryTakesTheFocus(t *testing.T) {
	t.Parallel()
	_, url := comfort(t)
	tab := e2e.Open(t, url, e2e.Phone).Go("/salah")
	if got := e2e.Eval[string](tab, "document.activeElement.id"); got != "ringkasan-galat" {
		t.Errorf("the focus is on %q", got)
	}
	if tab.Click(".ds-error-summary a"); e2e.Eval[string](tab, "document.activeElement.id") != "judul" {
		t.Error("the link does not lead into the field")
	}
}

func TestPhoneMenuWithoutScripts(t *testing.T) {
	t.Parallel()
	_, url := comfort(t)
	tab := e2e.Open(t, url, e2e.Phone, e2e.NoScript).Go("/antrean").Click(".phone-nav summary").Wait(`.phone-nav a[href="/peta"]`)
	if o := tab.Overflow(); len(o) > 0 {
		t.Errorf("the open menu is wider than the screen: %v", o)
	}
}
