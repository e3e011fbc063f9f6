package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// OpenGateway reads a WHATSAPP_URL or SMS_URL, named by setting in errors:
//
//	https://user:key@gateway.example/kirim
//
// Each text is POSTed there as JSON {"id","to","text"}, with two headers: an
// Idempotency-Key, the same for each attempt, and X-Portal-Signature, "t=<unix>,v1=<hex>",
// where v1 is the HMAC-SHA256 under key of the Unix time, a dot and the body. Any 2xx
// answer means taken; 400, 404, 410 and 422 mean refused for good.
func OpenGateway(setting, raw string, c clock.Clock) (Gateway, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New(setting + ": expected https://user:key@host/path")
	}
	key, ok := u.User.Password()
	if !ok || key == "" {
		return nil, errors.New(setting + ": the address needs a signing key, https://user:key@host/path")
	}
	g := &webhook{user: u.User.Username(), key: []byte(key), clock: c, client: &http.Client{
		Timeout: 20 * time.Second,
		// A redirect would carry the signed text to somebody else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	u.User = nil
	g.url = u.String()
	return g, nil
}

type webhook struct {
	url, user string
	key       []byte
	clock     clock.Clock
	client    *http.Client
}

func (g *webhook) SendText(ctx context.Context, id int64, phone, text string) error {
	body, err := json.Marshal(map[string]string{"id": strconv.FormatInt(id, 10), "to": phone, "text": text})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Idempotency-Key", "portal-"+strconv.FormatInt(id, 10))
	r.Header.Set("X-Portal-User", g.user)
	r.Header.Set("X-Portal-Signature", sign(g.key, g.clock.Now(), body))
	res, err := g.client.Do(r)
	if err != nil {
		return errors.New("gateway unreachable") // the error would quote the number-bearing request
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return nil
	case res.StatusCode == 400, res.StatusCode == 404, res.StatusCode == 410, res.StatusCode == 422:
		return fmt.Errorf("%w: gateway answered %d", ErrRefused, res.StatusCode)
	}
	return fmt.Errorf("gateway answered %d", res.StatusCode)
}

func sign(key []byte, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
