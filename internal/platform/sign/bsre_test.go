package sign_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

const (
	nik        = "7371010101700001"
	passphrase = "Rahasia&Sekali=1"
)

// clientService stands in for BSrE's Esign Client Service as its guide describes it:
// POST /api/sign/pdf with basic authentication and a multipart form; the signed PDF
// comes back, or JSON with error and status_code.
func clientService(t *testing.T, a *sign.Authority) http.Handler {
	t.Helper()
	stamp := open(t, a)
	fail := func(w http.ResponseWriter, status, code int, message string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": message, "status_code": code, "nik": nik})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/sign/pdf", func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "portal" || password != "kunci" {
			fail(w, http.StatusUnauthorized, 0, "Unauthorized")
			return
		}
		file, header, err := r.FormFile("file")
		if err != nil || header.Filename != "surat.pdf" || r.FormValue("tampilan") != "invisible" {
			fail(w, http.StatusBadRequest, 1001, "Parameter tidak lengkap")
			return
		}
		switch {
		case r.FormValue("nik") != nik:
			fail(w, http.StatusBadRequest, 2011, "User tidak terdaftar")
			return
		case r.FormValue("passphrase") != passphrase:
			fail(w, http.StatusBadRequest, 2031, "Passphrase anda salah")
			return
		}
		pdf, _ := io.ReadAll(file)
		signed, err := stamp.Sign(r.Context(), sign.Request{PDF: pdf, Name: "Sitti Rahmawati", At: at, Reason: r.FormValue("reason")})
		if err != nil {
			fail(w, http.StatusInternalServerError, 5000, err.Error())
			return
		}
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Id_dokumen", "4f1c")
		_, _ = w.Write(signed)
	})
	return mux
}

func bsre(t *testing.T, h http.Handler, account string) sign.Signer {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	s, err := sign.Open(strings.Replace(server.URL, "://", "://"+account+"@", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func forBSrE(pdf []byte) sign.Request {
	r := lurah(pdf)
	r.NIK, r.Passphrase = nik, passphrase
	return r
}

func TestBSrESigns(t *testing.T) {
	t.Parallel()
	a := authority(t)
	s := bsre(t, clientService(t, a), "portal:kunci")
	if !s.Certified() || !s.NeedsPassphrase() || !strings.Contains(s.Label(), "BSrE") {
		t.Error("BSrE's signatures are certified and need a passphrase")
	}
	plain := letter(t, 1)
	once := must(t, s, forBSrE(plain))
	twice := must(t, s, forBSrE(once))
	if !bytes.HasPrefix(twice, once) || !bytes.HasPrefix(once, plain) || valid(t, twice) != 2 {
		t.Error("not signed twice over")
	}
}

func TestBSrERefusesInWords(t *testing.T) {
	t.Parallel()
	a := authority(t)
	service := clientService(t, a)
	answer := func(status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
	}
	other := must(t, open(t, a), lurah(official(t)))
	changed := must(t, open(t, a), lurah(letter(t, 1)))
	changed[20] ^= 1
	for name, c := range map[string]struct {
		service http.Handler
		account string
		change  func(*sign.Request)
		kind    errs.Kind
		words   string
	}{
		"wrong passphrase":    {service, "portal:kunci", func(r *sign.Request) { r.Passphrase = "rahasia-salah" }, errs.Unprocessable, "Passphrase TTE salah"},
		"no passphrase":       {service, "portal:kunci", func(r *sign.Request) { r.Passphrase = "" }, errs.Unprocessable, "Isi passphrase"},
		"unknown user":        {service, "portal:kunci", func(r *sign.Request) { r.NIK = "7371010101709999" }, errs.Unprocessable, "belum terdaftar"},
		"no NIK":              {service, "portal:kunci", func(r *sign.Request) { r.NIK = "" }, errs.Unprocessable, "belum memuat NIK"},
		"portal not let in":   {service, "portal:salah", nil, errs.Unavailable, "menolak akun portal"},
		"passphrase at 500":   {answer(500, `{"error":"Passphrase anda salah","status_code":2031}`), "p:k", nil, errs.Unprocessable, "Passphrase TTE salah"},
		"expired":             {answer(400, `{"error":"Certificate expired","status_code":2044}`), "p:k", nil, errs.Unprocessable, "habis masa berlakunya"},
		"revoked":             {answer(400, `{"message":"Sertifikat telah dicabut","status_code":2050}`), "p:k", nil, errs.Unprocessable, "dicabut"},
		"unknown code":        {answer(400, `{"error":"NIK `+nik+` aneh","status_code":4711}`), "p:k", nil, errs.Unavailable, "kode 4711"},
		"down":                {answer(503, "<html>nginx</html>"), "p:k", nil, errs.Unavailable, "tidak dapat dihubungi"},
		"answers a page":      {answer(200, "<html>masuk</html>"), "p:k", nil, errs.Unavailable, "tidak memuat tanda tangan"},
		"sends elsewhere":     {http.RedirectHandler("http://127.0.0.1:1/", http.StatusTemporaryRedirect), "p:k", nil, errs.Unavailable, "menolak menandatangani"},
		"returns it unsigned": {answer(200, string(letter(t, 1))), "p:k", nil, errs.Unavailable, "tidak memuat tanda tangan"},
		"returns it changed":  {answer(200, string(changed)), "p:k", nil, errs.Unavailable, "tidak memuat tanda tangan"},
		"adds to another one": {answer(200, string(must(t, open(t, a), camat(other)))), "p:k", nil, errs.Unavailable, "tidak memuat tanda tangan"},
	} {
		r := forBSrE(letter(t, 1))
		if c.change != nil {
			c.change(&r)
		}
		_, err := bsre(t, c.service, c.account).Sign(t.Context(), r)
		if errs.KindOf(err) != c.kind || !strings.Contains(errs.MessageOf(err), c.words) {
			t.Errorf("%s: %v %q", name, err, errs.MessageOf(err))
			continue
		}
		for _, secret := range []string{r.NIK, nik, r.Passphrase, url.QueryEscape(passphrase), "kunci", "salah@", "127.0.0.1"} {
			if said := fmt.Sprintf("%v %+v %s", err, err, errs.MessageOf(err)); secret != "" && strings.Contains(said, secret) {
				t.Errorf("%s: the error tells %q: %s", name, secret, said)
			}
		}
	}
}

func TestBSrEOutOfReach(t *testing.T) {
	t.Parallel()
	s := bsre(t, http.NotFoundHandler(), "portal:kunci")
	waits := make(chan struct{})
	slow := bsre(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-waits }), "portal:kunci")
	defer close(waits)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := slow.Sign(ctx, forBSrE(letter(t, 1))); errs.KindOf(err) != errs.Unavailable || strings.Contains(err.Error(), "127.0.0.1:") && strings.Contains(err.Error(), "kunci") {
		t.Errorf("slow: %v", err)
	}
	gone, err := sign.Open("http://portal:kunci@127.0.0.1:1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gone.Sign(t.Context(), forBSrE(letter(t, 1))); errs.KindOf(err) != errs.Unavailable || !strings.Contains(errs.MessageOf(err), "tidak dapat dihubungi") || strings.Contains(err.Error(), "kunci") {
		t.Errorf("gone: %v", err)
	}
	if _, err := s.Sign(t.Context(), forBSrE(letter(t, 1))); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("wrong address: %v", err)
	}
}

func TestWrongAddressesOfBSrEAreNotQuoted(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"https://rahasia.example", "https://u@rahasia.example", "ftp://u:rahasia@h", "http://[rahasia", "https://:rahasia@h", "https://u:rahasia@h?x=1"} {
		if _, err := sign.Open(raw, nil); err == nil || strings.Contains(err.Error(), "rahasia") || !strings.Contains(err.Error(), "BSRE_URL") {
			t.Errorf("%s: %v", raw, err)
		}
	}
}
