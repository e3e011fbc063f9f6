// Package partner speaks HTTP to BPJS and SATUSEHAT for package bpjs.
package partner

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// maxAnswer is how much of an answer is read.
const maxAnswer = 4 << 20

// Client calls BPJS' Antrean FKTP. It is safe for concurrent use.
type Client struct {
	base string // without a trailing slash
	http *http.Client
	now  clock.Clock
}

// NewClient returns a client of the service at base, as BPJS_ANTREAN_URL names it.
func NewClient(base string, c clock.Clock) *Client {
	return &Client{base: strings.TrimSuffix(base, "/"), now: c, http: &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // signatures go nowhere else
	}}
}

// Add tells BPJS of a number.
func (c *Client) Add(ctx context.Context, o bpjs.Outbound, in bpjs.AddRequest) error {
	_, err := c.call(ctx, o, http.MethodPost, "/antrean/add", in, false)
	return err
}

// Call tells BPJS whether a patient came.
func (c *Client) Call(ctx context.Context, o bpjs.Outbound, in bpjs.CallRequest) error {
	_, err := c.call(ctx, o, http.MethodPost, "/antrean/panggil", in, false)
	return err
}

// GiveUp tells BPJS that a number was given up.
func (c *Client) GiveUp(ctx context.Context, o bpjs.Outbound, in bpjs.GiveUpRequest) error {
	_, err := c.call(ctx, o, http.MethodPost, "/antrean/batal", in, false)
	return err
}

// Polis lists the polis that BPJS knows of the puskesmas on a day.
func (c *Client) Polis(ctx context.Context, o bpjs.Outbound, day time.Time) ([]bpjs.RefPoli, error) {
	return list[bpjs.RefPoli](ctx, c, o, "/ref/poli/tanggal/"+day.In(clock.Makassar).Format(time.DateOnly))
}

// Doctors lists the doctors that BPJS knows in a poli on a day.
func (c *Client) Doctors(ctx context.Context, o bpjs.Outbound, poli string, day time.Time) ([]bpjs.RefDoctor, error) {
	return list[bpjs.RefDoctor](ctx, c, o, "/ref/dokter/kodepoli/"+url.PathEscape(poli)+"/tanggal/"+day.In(clock.Makassar).Format(time.DateOnly))
}

func list[T any](ctx context.Context, c *Client, o bpjs.Outbound, path string) ([]T, error) {
	raw, err := c.call(ctx, o, http.MethodGet, path, nil, true)
	if err != nil {
		return nil, err
	}
	var out struct {
		List []T `json:"list"`
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "Jawaban BPJS tidak dapat dibaca.")
	}
	return out.List, nil
}

// envelope is an answer, whichever way its head is spelt.
type envelope struct {
	Lower *head           `json:"metadata"`
	Upper *head           `json:"metaData"`
	Body  json.RawMessage `json:"response"`
}

type head struct {
	Code    code   `json:"code"`
	Message string `json:"message"`
}

// code is a number, written as one or as a text.
type code int

// UnmarshalJSON reads 200, "200" and "1".
func (c *code) UnmarshalJSON(b []byte) error {
	n, err := strconv.Atoi(strings.Trim(string(b), `" `))
	*c = code(n)
	return err
}

// call sends one signed request and returns the answer's response, opened if it is sealed.
// What may go better later is errs.Unavailable; a refusal is [bpjs.Refused].
func (c *Client) call(ctx context.Context, o bpjs.Outbound, method, path string, in any, sealed bool) (_ json.RawMessage, err error) {
	defer errs.In(&err, "bpjs %s", strings.SplitN(path, "/", 4)[1])
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(c.now.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("x-cons-id", o.ConsID)
	r.Header.Set("x-timestamp", stamp)
	r.Header.Set("x-signature", signature(o, stamp))
	r.Header.Set("user_key", o.UserKey)
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "BPJS tidak dapat dihubungi.") // the error would quote the address
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	switch {
	case err != nil || answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests:
		return nil, errs.New(errs.Unavailable, fmt.Sprintf("BPJS menjawab %d.", answer.StatusCode))
	case strange(answer.StatusCode):
		return nil, bpjs.ErrAccount
	}
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil || e.Lower == nil && e.Upper == nil {
		return nil, errs.New(errs.Unavailable, "Jawaban BPJS tidak dapat dibaca.")
	}
	h := e.Lower
	if h == nil {
		h = e.Upper
	}
	if strange(int(h.Code)) {
		return nil, bpjs.ErrAccount
	}
	if h.Code != 1 && h.Code != 200 {
		return nil, &bpjs.Refused{Code: int(h.Code), Message: h.Message}
	}
	if !sealed {
		return e.Body, nil
	}
	var text string
	if json.Unmarshal(e.Body, &text) != nil {
		return e.Body, nil // some of its servers answer in plain
	}
	return unseal(o, stamp, text)
}

// strange reports whether a code says that we are not who we should be.
func strange(code int) bool { return code == http.StatusUnauthorized || code == http.StatusForbidden }

// signature of a request: base64 of HMAC-SHA256 under the secret of consid & time.
func signature(o bpjs.Outbound, stamp string) string {
	h := hmac.New(sha256.New, []byte(o.Secret))
	h.Write([]byte(o.ConsID + "&" + stamp))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// unseal opens a response: AES-256-CBC under SHA-256 of consid, secret and the request's
// time, whose first half is the IV, then LZ-string.
func unseal(o bpjs.Outbound, stamp, text string) ([]byte, error) {
	key := sha256.Sum256([]byte(o.ConsID + o.Secret + stamp))
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, errs.New(errs.Unavailable, "Jawaban BPJS tidak dapat dibuka.")
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	cipher.NewCBCDecrypter(block, key[:aes.BlockSize]).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad == 0 || pad > aes.BlockSize || pad > len(data) {
		return nil, errs.New(errs.Unavailable, "Jawaban BPJS tidak dapat dibuka.")
	}
	plain, err := decompressURI(string(data[:len(data)-pad]))
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "Jawaban BPJS tidak dapat dibuka.")
	}
	return []byte(plain), nil
}
