package sign

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// bsre signs with BSrE's "Esign Client Service", which the city runs itself:
//
//	POST {BSRE_URL}/api/sign/pdf, basic authentication, multipart:
//	file, nik, passphrase, tampilan=invisible, reason, location
//
// It answers with the signed PDF, or with {"error": …, "status_code": …}.
type bsre struct {
	url, user, password string
	client              *http.Client
}

// bsreTimeout is generous: the service itself asks BSrE's servers.
const bsreTimeout = 45 * time.Second

func openBSrE(raw string) (Signer, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" {
		return nil, errors.New("BSRE_URL: expected https://user:password@host")
	}
	b := &bsre{client: &http.Client{
		Timeout: bsreTimeout,
		// A redirect would carry the passphrase to somebody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	var ok bool
	b.user = u.User.Username()
	if b.password, ok = u.User.Password(); !ok || b.user == "" {
		return nil, errors.New("BSRE_URL: the address needs the account of the portal, https://user:password@host")
	}
	u.User = nil
	b.url = strings.TrimRight(u.String(), "/") + "/api/sign/pdf"
	return b, nil
}

func (*bsre) Certified() bool       { return true }
func (*bsre) NeedsPassphrase() bool { return true }
func (*bsre) Label() string {
	return "Ditandatangani secara elektronik dengan sertifikat elektronik yang diterbitkan oleh Balai Besar Sertifikasi Elektronik (BSrE), Badan Siber dan Sandi Negara"
}

var sixteenDigits = regexp.MustCompile(`^[0-9]{16}$`)

const (
	sayNoNIK         = "Data Anda di portal belum memuat NIK, sehingga BSrE tidak dapat dipakai. Minta pengelola portal melengkapinya."
	sayNoPassphrase  = "Isi passphrase TTE Anda."
	sayPassphrase    = "Passphrase TTE salah. Periksa huruf besar dan kecilnya, lalu coba lagi. Bila lupa, minta penggantian kepada verifikator BSrE di Diskominfo."
	sayNotRegistered = "NIK Anda belum terdaftar di BSrE. Hubungi verifikator BSrE di Diskominfo untuk mendaftar."
	sayExpired       = "Sertifikat elektronik Anda sudah habis masa berlakunya. Perbarui melalui verifikator BSrE di Diskominfo."
	sayRevoked       = "Sertifikat elektronik Anda sedang tidak aktif atau sudah dicabut. Hubungi verifikator BSrE di Diskominfo."
	sayAccount       = "BSrE menolak akun portal, bukan Anda. Surat belum ditandatangani. Beri tahu pengelola portal."
	sayAway          = "Layanan BSrE sedang tidak dapat dihubungi. Surat belum ditandatangani. Coba lagi beberapa menit lagi."
	sayStrange       = "Jawaban BSrE tidak memuat tanda tangan yang dapat dibaca. Surat belum ditandatangani. Beri tahu pengelola portal."
)

func (b *bsre) Sign(ctx context.Context, r Request) (_ []byte, err error) {
	defer errs.In(&err, "sign.bsre")
	switch {
	case !sixteenDigits.MatchString(r.NIK):
		return nil, errs.New(errs.Unprocessable, sayNoNIK)
	case r.Passphrase == "":
		return nil, errs.New(errs.Unprocessable, sayNoPassphrase)
	}
	form, kind, err := bsreForm(r)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url, form)
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(b.user, b.password)
	req.Header.Set("Content-Type", kind)
	res, err := b.client.Do(req)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, plain(err), sayAway)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxPDF+1))
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, plain(err), sayAway)
	}
	if res.StatusCode != http.StatusOK || !bytes.HasPrefix(body, []byte("%PDF-")) {
		return nil, refusal(res.StatusCode, body)
	}
	if err := added(r.PDF, body); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, sayStrange)
	}
	return body, nil
}

func bsreForm(r Request) (body *bytes.Buffer, contentType string, err error) {
	body = &bytes.Buffer{}
	body.Grow(len(r.PDF) + 4096)
	w := multipart.NewWriter(body)
	part, err := w.CreateFormFile("file", "surat.pdf")
	if err == nil {
		_, err = part.Write(r.PDF)
	}
	for _, f := range [][2]string{
		{"nik", r.NIK}, {"passphrase", r.Passphrase}, {"tampilan", "invisible"}, {"reason", r.Reason}, {"location", r.Place},
	} {
		if err == nil && f[1] != "" {
			err = w.WriteField(f[0], f[1])
		}
	}
	return body, w.FormDataContentType(), errors.Join(err, w.Close())
}

// plain drops the address from an error of the HTTP client.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// refusal tells why BSrE did not sign. The words of the service stay out of the
// error: they may repeat the NIK.
func refusal(status int, body []byte) error {
	var answer struct {
		Error   string `json:"error"`
		Message string `json:"message"`
		Code    int    `json:"status_code"`
	}
	_ = json.Unmarshal(body, &answer) // an answer that is none has no code
	words := strings.ToLower(answer.Error + " " + answer.Message)
	says := func(any ...string) bool {
		for _, w := range any {
			if strings.Contains(words, w) {
				return true
			}
		}
		return false
	}
	cause := fmt.Errorf("BSrE answered %d with code %d", status, answer.Code)
	switch {
	case answer.Code == 2031 || says("passphrase"):
		return errs.Wrap(errs.Unprocessable, cause, sayPassphrase)
	case says("expired", "kedaluwarsa", "kadaluarsa", "kadaluwarsa"):
		return errs.Wrap(errs.Unprocessable, cause, sayExpired)
	case says("revoke", "dicabut", "suspend", "tidak aktif"):
		return errs.Wrap(errs.Unprocessable, cause, sayRevoked)
	case answer.Code == 2011 || answer.Code == 2021 || says("tidak terdaftar", "belum terdaftar", "not registered"):
		return errs.Wrap(errs.Unprocessable, cause, sayNotRegistered)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return errs.Wrap(errs.Unavailable, cause, sayAccount)
	case status >= 500:
		return errs.Wrap(errs.Unavailable, cause, sayAway)
	case status == http.StatusOK:
		return errs.Wrap(errs.Unavailable, cause, sayStrange)
	}
	return errs.Wrap(errs.Unavailable, cause, fmt.Sprintf("BSrE menolak menandatangani (kode %d). Surat belum ditandatangani. Beri tahu pengelola portal.", answer.Code))
}

// added makes sure that signed is what was sent and one signature more: an appended
// one to its end, or, where the service wrote the file anew, one that verifies.
func added(sent, signed []byte) error {
	before, err := inspect(sent, nil)
	if err != nil {
		return err
	}
	after, err := inspect(signed, nil)
	if err != nil {
		return err
	}
	if len(after) != len(before)+1 || !after[len(after)-1].Whole {
		return fmt.Errorf("the file came back with %d signatures, sent with %d", len(after), len(before))
	}
	if bytes.HasPrefix(signed, sent) {
		return nil
	}
	for _, s := range after {
		if !s.Intact {
			return errors.New("the file came back changed")
		}
	}
	return nil
}
