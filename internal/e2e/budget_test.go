package e2e_test

import (
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// What a first visit to a citizen's page may take on the wire, photos and maps
// apart.
const (
	pageBudget   = 60_000
	scriptBudget = 15_000
	// againBudget is for a public page that the browser has already.
	againBudget = 900
)

// visit is a first visit: it counts what comes in on its connections, headers
// included.
type visit struct {
	client *http.Client
	read   atomic.Int64
	kept   map[string]string // the tags of pages, by address
}

type countedConn struct {
	net.Conn
	read *atomic.Int64
}

func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}

func newVisit() *visit {
	v := &visit{kept: map[string]string{}}
	v.client = &http.Client{Transport: &http.Transport{
		DisableCompression: true, // the header is set by hand, so that the wire is measured
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, address)
			return countedConn{c, &v.read}, err
		},
	}}
	return v
}

// signIn lets the visitor be somebody; what that takes is not counted.
func (v *visit) signIn(t *testing.T, c *city, account int64) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar = jar
	v.fetch(t, c.URL+"/uji/masuk/"+idText(account))
}

// fetch returns how many bytes came in for an address, and what they said.
func (v *visit) fetch(t *testing.T, address string) (took int64, doc *goquery.Document) {
	t.Helper()
	before := v.read.Load()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip, br")
	tag := v.kept[address]
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	resp, err := v.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && (tag == "" || resp.StatusCode != http.StatusNotModified) {
		t.Fatalf("%s answers %d", address, resp.StatusCode)
	}
	body := io.Reader(resp.Body)
	if resp.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			t.Fatal(err)
		}
	}
	if resp.Header.Get("Content-Type") == "text/html; charset=utf-8" {
		v.kept[address] = resp.Header.Get("ETag")
		if doc, err = goquery.NewDocumentFromReader(body); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return v.read.Load() - before, doc
}

func TestBudget(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	reports := c.stages()
	draft := "/mtr/lapor/" + c.draft(authz.Actor{}, 1, "Lampu jalan mati di depan pasar")
	paths := []string{"/", "/lacak", "/tentang", "/privasi", "/mtr", "/mtr?jumlah=100", "/masuk", "/daftar", "/mtr/lapor", "/mtr/lapor/luring", "/luring", "/surat", "/surat/jenis/TM"}
	for _, step := range []string{"foto", "tempat", "kategori", "pertanyaan", "uraian", "pelapor", "periksa"} {
		paths = append(paths, draft+"/"+step)
	}
	paths = append(paths, reports.citizenPaths()...)
	applicant := c.Village(t, "73.71.13.1005")
	account := c.Citizen(t, "hemat@portal.example", "Sitti Rahmawati")
	applicant.Prove(t, account, 0)
	asks := &applicants{Village: applicant, t: t, a: applicant.Actor(t, account)}
	full, heirs := "/surat/draf/"+asks.draft("TM", 0), "/surat/draf/"+asks.draft("AHW", 0)
	number, _ := asks.send("USH", 0)
	own := []string{
		"/surat/saya", "/surat/ajukan/BMN", "/surat/identitas", "/surat/data-saya", full + "/isian/1", full + "/isian/2", heirs + "/isian/3", full + "/berkas",
		full + "/berkas/1", full + "/periksa", "/surat/" + number,
	}
	for _, path := range append(paths, own...) {
		v := newVisit()
		if slices.Contains(own, path) {
			v.signIn(t, c, account)
		}
		page, doc := v.fetch(t, c.URL+path)
		total, again, scripts := page, page, int64(0)
		if v.kept[c.URL+path] != "" {
			if again, _ = v.fetch(t, c.URL+path); again > againBudget {
				t.Errorf("%s takes %d bytes of who has it already (at most %d)", patternOf(c, path), again, againBudget)
			}
		}
		doc.Find("script[src], link[rel=stylesheet], link[rel=icon], link[rel=manifest]").Each(func(_ int, s *goquery.Selection) {
			took, _ := v.fetch(t, c.URL+s.AttrOr("src", s.AttrOr("href", "")))
			total += took
			if goquery.NodeName(s) == "script" {
				scripts += took
			}
		})
		t.Logf("%-12s %6d bytes, %5d of scripts; %6d of the page, %6d of it again", patternOf(c, path), total, scripts, page, again)
		if total > pageBudget || scripts > scriptBudget {
			t.Errorf("%s takes %d bytes on a first visit (at most %d), %d of them scripts (at most %d)",
				patternOf(c, path), total, pageBudget, scripts, scriptBudget)
		}
		if n := doc.Find("script:not([src])").Length(); n > 0 {
			t.Errorf("%s has %d scripts within the page, which no cache keeps", patternOf(c, path), n)
		}
	}
}
