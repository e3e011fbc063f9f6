//go:build deep

package e2e_test

import (
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/Shopify/toxiproxy/v2/stream"
	"github.com/Shopify/toxiproxy/v2/toxics"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
)

// A phone at the edge of the network: 20 kbit/s each way, and of a hundred
// packets five are lost.
const (
	bytesPerSecond = 20_000 / 8
	packet         = 1400
	lost           = 0.05
	// resend is what a lost packet costs: TCP notices it after about a round
	// trip on such a link, holds back what came after it, and sends it again.
	resend = time.Second
)

// edge is a toxic, since toxiproxy has a bandwidth for each connection but none
// that all share, and acts above TCP, where a lost packet is only a wait.
type edge struct {
	Up bool `json:"up"`
}

// lines are the way up and the way down, each shared by all connections.
var lines [2]struct {
	sync.Mutex
	free  time.Time
	bytes int
	lost  int
}

// pass books a packet on a line and returns when it has arrived.
func pass(up bool, n int) time.Time {
	line := &lines[0]
	if up {
		line = &lines[1]
	}
	line.Lock()
	defer line.Unlock()
	if now := time.Now(); line.free.Before(now) {
		line.free = now
	}
	cost := time.Duration(n) * time.Second / bytesPerSecond
	line.free = line.free.Add(cost)
	line.bytes += n
	if rand.Float64() < lost {
		line.lost++
		line.free = line.free.Add(cost)
		return line.free.Add(resend)
	}
	return line.free
}

func (e *edge) GetBufferSize() int { return packet }

func (e *edge) Pipe(stub *toxics.ToxicStub) {
	for {
		select {
		case <-stub.Interrupt:
			return
		case c := <-stub.Input:
			if c == nil {
				stub.Close()
				return
			}
			for data := c.Data; len(data) > 0; {
				n := min(len(data), packet)
				select {
				case <-time.After(time.Until(pass(e.Up, n))):
				case <-stub.Interrupt:
					stub.Output <- &stream.StreamChunk{Data: data, Timestamp: c.Timestamp}
					return
				}
				stub.Output <- &stream.StreamChunk{Data: data[:n], Timestamp: c.Timestamp}
				data = data[n:]
			}
		}
	}
}

// TestReportFromTheEdgeOfTheNetwork makes a whole report with a photo of a
// modern phone over such a link.
func TestReportFromTheEdgeOfTheNetwork(t *testing.T) {
	s := apptest.New(t)
	toxics.Register("edge", new(edge))
	quiet := zerolog.New(io.Discard)
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), quiet),
		"edge", "127.0.0.1:0", strings.TrimPrefix(s.URL, "http://"))
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	for _, toxic := range []string{
		`{"name": "up", "type": "edge", "stream": "upstream", "attributes": {"up": true}}`,
		`{"name": "down", "type": "edge", "stream": "downstream", "attributes": {"up": false}}`,
	} {
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			t.Fatal(err)
		}
	}
	var category string
	if err := s.Pool.QueryRow(t.Context(), `SELECT name FROM mtr_category c WHERE active AND emergency = '' AND place = 'wajib'
		AND NOT EXISTS (SELECT FROM mtr_question q WHERE q.category_id = c.id) ORDER BY position LIMIT 1`).Scan(&category); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "lubang.jpg")
	writeFile(t, file, photo(t, 4000, 3000))

	began := time.Now()
	tab := e2e.Open(t, "http://"+proxy.Listen, e2e.Phone, e2e.Patient(8*time.Minute)).Go("/mtr/lapor")
	t.Logf("%v until the first page is there", time.Since(began).Round(time.Second))
	sent := time.Now()
	tab.Upload("input[type=file]", file).Wait(".photos li img").Click("form[data-photos] button[type=submit]").Wait("#kelurahan-kelompok")
	t.Logf("%v for the photo", time.Since(sent).Round(time.Second))
	const onward = "main form[method=post]:not(.confirm-body) button[type=submit]"
	tab.ChooseText("#kelurahan-kelompok", "Rappocini").ChooseText("#kelurahan", "Kassi-Kassi").Fill("#patokan", "Di depan pasar").Submit(onward)
	tab.Check(category).Submit(onward)
	tab.Fill("#judul", "Lubang besar di depan pasar").Fill("#uraian", "Sudah dua minggu, semalam ada yang jatuh.").Submit(onward)
	tab.Submit(onward)
	tab.Submit("#kirim button")
	if !strings.HasSuffix(tab.Path(), "/terkirim") {
		t.Fatalf("ended at %s", tab.Path())
	}
	var reports, photos int
	if err := s.Pool.QueryRow(t.Context(), `SELECT count(DISTINCT r.id), count(f.id) FROM mtr_report r LEFT JOIN mtr_photo f ON f.report_id = r.id AND f.stored`).Scan(&reports, &photos); err != nil {
		t.Fatal(err)
	}
	if reports != 1 || photos != 1 {
		t.Errorf("%d reports, %d photos", reports, photos)
	}
	up, down := &lines[1], &lines[0]
	t.Logf("%v for the whole report: %d KB up, %d KB down, %d packets lost", time.Since(began).Round(time.Second), up.bytes>>10, down.bytes>>10, up.lost+down.lost)
	if up.lost == 0 {
		t.Error("no packet was lost: the link was better than it should be")
	}
}
