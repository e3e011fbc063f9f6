package bench

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// reporter makes whole reports as a browser without scripts does: each form
// posted, each page that follows read. As a RoundTripper it makes one report of
// each request that vegeta wants sent.
type reporter struct {
	base                string // address of the portal
	category, kelurahan string // ids
	photos              [][]byte
	http                *http.Client

	count atomic.Int64
	mu    sync.Mutex
	posts []time.Duration // of the forms that carry the photo
}

func newReporter(base, category, kelurahan string, photos [][]byte) *reporter {
	return &reporter{
		base: base, category: category, kelurahan: kelurahan, photos: photos,
		http: &http.Client{
			Timeout:       time.Minute,
			Transport:     &http.Transport{MaxIdleConnsPerHost: 1000},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// smallPhotos are what phones send after shrinking: 2048×1536, about 360 KB.
func smallPhotos() (all [][]byte) {
	for seed := range uint64(6) {
		all = append(all, mediatest.JPEG(2048, 1536, mediatest.Quality(84), mediatest.Seed(seed+1)))
	}
	return all
}

// largePhotos are what phones send without scripts: 12 megapixels, about 3 MB.
func largePhotos() [][]byte {
	return [][]byte{mediatest.JPEG(4000, 3000, mediatest.Quality(93)), mediatest.JPEG(4000, 3000, mediatest.Quality(93), mediatest.Seed(2))}
}

// RoundTrip makes one report.
func (r *reporter) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := r.report(); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

func (r *reporter) report() error {
	n := r.count.Add(1)
	body, kind, err := photoForm(r.photos[int(n)%len(r.photos)])
	if err != nil {
		return err
	}
	began := time.Now()
	next, err := r.post("/mtr/lapor", kind, body)
	if err != nil {
		return err
	}
	took := time.Since(began)
	r.mu.Lock()
	r.posts = append(r.posts, took)
	r.mu.Unlock()
	draft := path.Dir(next)
	for _, step := range []struct {
		name   string
		values url.Values
	}{
		{"tempat", url.Values{mtr.ControlKelurahan: {r.kelurahan}, mtr.ControlLandmark: {"Dekat gapura lorong"}}},
		{"kategori", url.Values{mtr.ControlCategory: {r.category}}},
		{"uraian", url.Values{
			mtr.ControlTitle: {fmt.Sprintf("Lampu jalan nomor %d mati", n)},
			mtr.ControlBody:  {fmt.Sprintf("Tiang nomor %d gelap sejak dua minggu, %d.", n, time.Now().UnixNano())},
		}},
		{"pelapor", url.Values{}},
		{"kirim", url.Values{}},
	} {
		if next, err = r.post(draft+"/"+step.name, "application/x-www-form-urlencoded", strings.NewReader(step.values.Encode())); err != nil {
			return err
		}
	}
	if path.Base(next) != "terkirim" {
		return fmt.Errorf("the report ended at %s", path.Base(next))
	}
	return nil
}

// post sends a form, reads the page that it leads to, and returns its path.
func (r *reporter) post(at, kind string, body io.Reader) (next string, err error) {
	resp, err := r.http.Post(r.base+at, kind, body)
	if err != nil {
		return "", err
	}
	drain(resp)
	next = resp.Header.Get("Location")
	if resp.StatusCode != http.StatusSeeOther || next == "" {
		return "", fmt.Errorf("POST …/%s: status %d", path.Base(at), resp.StatusCode)
	}
	if resp, err = r.http.Get(r.base + next); err != nil {
		return "", err
	}
	drain(resp)
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("GET …/%s: status %d", path.Base(next), resp.StatusCode)
	}
	return next, nil
}

func drain(resp *http.Response) {
	_, _ = io.Copy(io.Discard, resp.Body) // only its end matters
	resp.Body.Close()
}

func photoForm(photo []byte) (body io.Reader, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile(mtr.ControlPhoto, "foto.jpg")
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(photo); err != nil {
		return nil, "", err
	}
	return &b, w.FormDataContentType(), w.Close()
}

// steadily makes reports at a constant rate. photo is the median of the post
// that carries the photo.
func (r *reporter) steadily(perSecond int, d time.Duration) (whole Load, photo time.Duration, err error) {
	r.posts = nil
	whole, err = attack([]string{r.base}, vegeta.Rate{Freq: perSecond, Per: time.Second}, d, r)
	return whole, middle(r.posts), err
}

// flatOut makes reports with as many citizens as there are cores, twice.
func (r *reporter) flatOut(d time.Duration) (Load, error) {
	return attack([]string{r.base}, vegeta.Rate{}, d, r, vegeta.Workers(4), vegeta.MaxWorkers(4))
}

func middle(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	return median(all)
}
