package walk_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	huge     = "99999999999999999999"
	biggest  = "9223372036854775807"
	nul      = "a%00b"
	notUTF8  = "a%ff%feb"
	longText = 8000
)

// TestBadInputIsNeverOurFault sends rubbish to every route, as a stranger, a
// citizen and somebody on the staff who may do everything: what the portal
// answers may be any refusal, but never that it broke.
func TestBadInputIsNeverOurFault(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	citizen := s.Citizen(t, "warga@uji.example", "Warga Uji")
	staff := s.Hire(t, apptest.Staff{
		Email: "semua@uji.example", Name: "Semua Bisa", UnitCode: "73.71", City: true, Permissions: authz.Registered(),
	})
	verifiable, atDesk := s.Letter(t, apptest.Letter{}), strconv.FormatInt(s.Village(t, "73.71.13.1002").Enter(t, "DOM", 0), 10)
	house := s.Puskesmas(t)
	house.Walk(t, "Sitti Aminah")
	for name, account := range map[string]int64{"stranger": 0, "citizen": citizen, "staff": staff.AccountID} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &hostile{t: t, s: s, account: account, desk: atDesk, letter: verifiable, house: house}
			for _, route := range s.App.Router.Routes() {
				if route.Pattern == "/uji/masuk/{id}" || route.Pattern == "/readyz" {
					continue // the test's own; and one whose 503 is its answer
				}
				h.attack(route)
			}
		})
	}
}

// hostile is one visitor with bad manners.
type hostile struct {
	t       *testing.T
	s       *apptest.Server
	account int64
	desk    string // the id of a letter at the desk
	letter  string // token of one that may be verified
	house   *apptest.Puskesmas
	real    map[string]string // path parameters that lead somewhere
	faults  int               // of the route under attack
}

// enough faults of one route tell the story.
const enough = 3

func (h *hostile) attack(route web.Route) {
	h.faults = 0
	client := h.s.Client(h.t)
	if h.account != 0 {
		client = h.s.SignedIn(h.t, h.account) // anew: one of the routes signs out
	}
	for _, bad := range []string{nul, notUTF8, "-1", "0", biggest, huge, "%2e%2e%2f%2e%2e%2fetc%2fpasswd", strings.Repeat("x", longText), "%F0%9F%92%A9"} {
		path := h.fill(route.Pattern, bad)
		if path == route.Pattern && bad != nul {
			continue // no parameters: once is enough
		}
		h.send(client, route, path, "", "")
	}
	// A draft of its own, so that the steps of a report get past their first look.
	draft, err := h.s.App.MTR.CreateDraft(context.Background(), authz.Actor{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.real = map[string]string{"draf": draft, "nomor": "MTR-26-000001", "ukuran": string(mtr.Small), "token": h.letter, "id": h.desk, "which": string(letter.FilePreview),
		"puskesmas": h.house.Slug, "ruang": fmt.Sprint(h.house.AtDesk), "unit": fmt.Sprint(h.house.Unit), "tiket": "1"}
	switch {
	case strings.HasPrefix(route.Pattern, "/layar/"):
		h.real["token"] = h.house.Board
	case strings.HasPrefix(route.Pattern, "/kios/"):
		h.real["token"] = h.house.Kiosk
	}
	path := h.fill(route.Pattern, "")
	if route.Method == http.MethodGet {
		h.queries(client, route, path)
		return
	}
	for _, body := range bodies(controls()) {
		h.send(client, route, path, body.kind, body.data)
	}
}

var parameter = regexp.MustCompile(`\{[a-z_]+\}`)

// fill puts value into each parameter of a pattern, or the real one for "".
func (h *hostile) fill(pattern, value string) string {
	return strings.ReplaceAll(parameter.ReplaceAllStringFunc(pattern, func(p string) string {
		if value != "" {
			return value
		}
		if v := h.real[strings.Trim(p, "{}")]; v != "" {
			return v
		}
		return "1"
	}), "*", "x")
}

// queries asks for a page with each of its own parameters spoiled in turn.
func (h *hostile) queries(c *apptest.Client, route web.Route, path string) {
	names := []string{"cari", "status", "sebelum", "sesudah", "kursor", "jumlah", "bbox", "zoom", "nomor", "kode", "lanjut"}
	if doc, err := goquery.NewDocumentFromReader(strings.NewReader(h.send(c, route, path, "", ""))); err == nil {
		doc.Find("form[method=get] [name]").Each(func(_ int, e *goquery.Selection) { names = append(names, e.AttrOr("name", "")) })
		doc.Find("a[href*='?']").Each(func(_ int, e *goquery.Selection) {
			if u, err := url.Parse(e.AttrOr("href", "")); err == nil {
				names = append(names, slices.Collect(maps.Keys(u.Query()))...)
			}
		})
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for i, name := range names {
		bad := []string{"-1", huge, nul, notUTF8, "%zz"}[i%5]
		h.send(c, route, path+"?"+url.QueryEscape(name)+"="+bad, "", "")
	}
	for _, bad := range []string{nul, notUTF8, "-1", biggest, huge, "NaN", "%27", strings.Repeat("x", longText), "bnVsbA", "eyJJRCI6LTF9", "W10"} {
		all := make([]string, len(names))
		for i, name := range names {
			all[i] = url.QueryEscape(name) + "=" + bad
		}
		h.send(c, route, path+"?"+strings.Join(all, "&"), "", "")
	}
}

// send asks once and returns the page, if it is one.
func (h *hostile) send(c *apptest.Client, route web.Route, path, kind, body string) string {
	h.t.Helper()
	if h.faults >= enough {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, route.Method, h.s.URL+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := c.Raw(req)
	if err != nil {
		h.fault("%s %.120s: %v", route.Method, path, err)
		return ""
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 500 {
		h.fault("%s %.160s with %s %.80q: status %d", route.Method, path, kind, body, resp.StatusCode)
	}
	if route.Stream || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return ""
	}
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		h.fault("%s %.120s: %v", route.Method, path, err)
	}
	if resp.StatusCode >= 400 && !bytes.Contains(page, []byte("<h1")) {
		h.fault("%s %.160s: status %d without a word", route.Method, path, resp.StatusCode)
	}
	return string(page)
}

func (h *hostile) fault(format string, args ...any) {
	h.t.Helper()
	h.faults++
	h.t.Errorf(format, args...)
}

// controls are names that forms of the portal use.
func controls() []string {
	return []string{
		mtr.ControlLat, mtr.ControlLng, mtr.ControlSource, mtr.ControlKelurahan, mtr.ControlLandmark, mtr.ControlCategory, mtr.ControlClass,
		mtr.ControlQuestion + "jalan", mtr.ControlTitle, mtr.ControlBody, mtr.ControlAnonymous, mtr.ControlName, mtr.ControlEmail,
		mtr.ControlPhone, mtr.ControlBehalf, mtr.ControlBehalfName, mtr.ControlConsent, mtr.ControlCode, mtr.ControlReason, mtr.ControlUnit,
		mtr.ControlParent, mtr.ControlAgency, mtr.ControlAnswer, mtr.ControlPosition, mtr.ControlDate, mtr.ControlStars,
		mtr.ControlComment, mtr.ControlSynonyms, mtr.ControlGroup, mtr.ControlPlaceNeed, mtr.ControlProof, mtr.ControlTarget,
		mtr.ControlCategoryKey, "tanpa_foto", "versi", "id", "nomor", "sandi", "lanjut", "tindakan", "orang", "peran", "mulai", "selesai", "tautan",
		"cari", "dicari", "pilih", "luar", "kelurahan", "kode", "diisi", "kunci", "tiket", "urutan", "aksi", "dokter", "sesi", "kelas", "poli", "pasien", "nama", "lahir", "nik", "bpjs", "bayar", "faskes", "langkah", "semua", "berkas", "camat", "surat", "q", "s", "bentuk", "tujuan",
		letter.FieldControl("keperluan"), letter.PartControl("saksi1", "nik"), letter.RowControl("ahli_waris", 0, "tgl_lahir"), letter.SubjectControl("nik"),
	}
}

type body struct{ kind, data string }

const urlencoded = "application/x-www-form-urlencoded"

// bodies are forms that no page of ours sends.
func bodies(names []string) (all []body) {
	for _, bad := range []string{"", nul, notUTF8, "-1", biggest, huge, "NaN", "1e400", "%3Cscript%3Ealert(1)%3C/script%3E", "2026-02-31", strings.Repeat("x", 5000)} {
		fields := make([]string, len(names))
		for i, name := range names {
			fields[i] = name + "=" + bad
		}
		all = append(all, body{urlencoded, strings.Join(fields, "&")})
	}
	var file bytes.Buffer
	w := multipart.NewWriter(&file)
	_ = w.WriteField(mtr.ControlTitle, "a\x00\xff")
	part, _ := w.CreateFormFile(mtr.ControlPhoto, "../../\x01evil\".jpg")
	_, _ = part.Write([]byte("\xff\xd8\xff not a photo"))
	part, _ = w.CreateFormFile("berkas", "../\x02.pdf")
	_, _ = part.Write([]byte("%PDF-1.7\n/ByteRange [0 9 99999999999 -1] /ByteRange [0 9 13 0]"))
	_ = w.Close()
	for _, half := range []string{ // right as far as the next check
		"versi=1&alasan=" + strings.Repeat("x", 600), "versi=1&sandi=salah&berkas=x&berkas=" + nul, "versi=1&langkah=teruskan&f.keperluan=" + notUTF8,
		"cari=daeng", "cari=7371131708850101", "orang=1&kode=DOM&diisi=DOM&langkah=cetak&semua=1&f.keperluan=x", "orang=1&kode=LHR&diisi=LHR&langkah=kosong:f.ayah.99.x",
		"luar=1&kode=DTG&diisi=DTG&langkah=teruskan&kunci=0123456789abcdef&f.anggota_datang.99.nik=1", "orang=" + biggest + "&kode=DOM", "bentuk=xlsx&tujuan=Laporan+bulanan+camat",
	} {
		all = append(all, body{urlencoded, half})
	}
	return append(all,
		body{"", "x"},
		body{"text/plain", "judul=x"},
		body{"application/json", `{"judul":"x"}`},
		body{"multipart/form-data", "x"},
		body{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"judul\"\r\n\r\nnever ends"},
		body{w.FormDataContentType(), file.String()},
		body{urlencoded, "%zz=%"},
		body{urlencoded, nul + "=1"},
		body{urlencoded, strings.Repeat("a=1&", 20000)},
	)
}

// TestBodiesHaveLimits sends ten megabytes where a title belongs.
func TestBodiesHaveLimits(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	token, err := s.App.MTR.CreateDraft(context.Background(), authz.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	title := mtr.ControlTitle + "=" + strings.Repeat("a", 10<<20)
	for _, path := range []string{"/lacak", "/mtr/lapor/" + token + "/uraian", "/mtr/lapor/" + token + "/tempat", "/mtr/lapor/" + token + "/pelapor"} {
		if status := postAll(t, s, path, urlencoded, title); status != http.StatusRequestEntityTooLarge {
			t.Errorf("10 MB to %s: status %d, want 413", path, status)
		}
	}
	// Where photos may come the body may be large, but not without end.
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, _ := w.CreateFormFile(mtr.ControlPhoto, "besar.jpg")
	_, _ = part.Write(make([]byte, 70<<20))
	_ = w.Close()
	if status := postAll(t, s, "/mtr/lapor", w.FormDataContentType(), form.String()); status != http.StatusRequestEntityTooLarge {
		t.Errorf("70 MB of photo: status %d, want 413", status)
	}
}

// postAll keeps sending a body whether or not anybody wants it, as a hostile
// client would, and returns the status of the answer.
func postAll(t *testing.T, s *apptest.Server, path, kind, body string) int {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Minute))
	go func() {
		_, _ = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: uji\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", path, kind, len(body))
		_, _ = io.Copy(conn, strings.NewReader(body)) // refused half-way
	}()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return 0
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// TestFloodsAreToldWhenToComeBack posts faster than any person.
func TestFloodsAreToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	s := apptest.New(t, apptest.WithConfig(func(c *config.Config) { c.RateLimits = "on" }))
	account := s.Citizen(t, "deras@uji.example", "Deras")
	c := s.SignedIn(t, account)
	for range 400 {
		p := c.Post("/lacak", url.Values{"nomor": {"bukan nomor"}, "kode": {"x"}})
		if p.Status != http.StatusTooManyRequests {
			continue
		}
		if p.Header.Get("Retry-After") == "" || p.Text("main") == "" {
			t.Errorf("refused without saying when to come back: %v", p.Header)
		}
		// Reading goes on.
		c.Get("/mtr/lapor").Want(http.StatusOK)
		return
	}
	t.Error("400 posts in a row were never too many")
}
