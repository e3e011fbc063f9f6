package partner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// nikSystem names NIKs at SATUSEHAT.
const nikSystem = "https://fhir.kemkes.go.id/id/nik"

// Ministries calls SATUSEHAT. It is safe for concurrent use.
type Ministries struct {
	base   string // without a trailing slash
	http   *http.Client
	clock  clock.Clock
	mu     sync.Mutex
	tokens map[string]bearer // by client id
}

type bearer struct {
	token string
	until time.Time
}

// NewMinistries returns a client of SATUSEHAT at base, as BPJS_SATUSEHAT_URL names it.
func NewMinistries(base string, c clock.Clock) *Ministries {
	return &Ministries{base: strings.TrimSuffix(base, "/"), clock: c, tokens: map[string]bearer{}, http: &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// token signs in with client credentials and remembers the token while it is good.
func (c *Ministries) token(ctx context.Context, m bpjs.Ministry) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	if t, ok := c.tokens[m.ClientID]; ok && now.Before(t.until) {
		return t.token, nil
	}
	body := url.Values{"client_id": {m.ClientID}, "client_secret": {m.ClientSecret}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/oauth2/v1/accesstoken?grant_type=client_credentials", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var out struct {
		Token   string `json:"access_token"`
		Expires code   `json:"expires_in"`
	}
	var refused *bpjs.Refused
	switch err := c.do(r, &out); {
	case errors.As(err, &refused):
		return "", bpjs.ErrAccount
	case err != nil:
		return "", err
	}
	if out.Token == "" {
		return "", errs.New(errs.Unavailable, "SATUSEHAT tidak memberi token.")
	}
	c.tokens[m.ClientID] = bearer{out.Token, now.Add(time.Duration(max(int(out.Expires)-60, 60)) * time.Second)}
	return out.Token, nil
}

// do sends a request and reads the answer's JSON. What may go better later is
// errs.Unavailable, else a [bpjs.Refused].
func (c *Ministries) do(r *http.Request, into any) error {
	answer, err := c.http.Do(r)
	if err != nil {
		return errs.New(errs.Unavailable, "SATUSEHAT tidak dapat dihubungi.")
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	switch {
	case err != nil || answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests:
		return errs.New(errs.Unavailable, fmt.Sprintf("SATUSEHAT menjawab %d.", answer.StatusCode))
	case answer.StatusCode >= 300:
		return &bpjs.Refused{Code: answer.StatusCode, Message: outcome(data)}
	}
	if err := json.Unmarshal(data, into); err != nil {
		return errs.New(errs.Unavailable, "Jawaban SATUSEHAT tidak dapat dibaca.")
	}
	return nil
}

// outcome is what an OperationOutcome says.
func outcome(data []byte) string {
	var o struct {
		Issue []struct {
			Code    string `json:"code"`
			Details struct {
				Text string `json:"text"`
			} `json:"details"`
		} `json:"issue"`
	}
	if json.Unmarshal(data, &o) != nil || len(o.Issue) == 0 {
		return "ditolak"
	}
	if t := o.Issue[0].Details.Text; t != "" {
		return t
	}
	return o.Issue[0].Code
}

// call sends FHIR to or from SATUSEHAT. What has an identifier is made only where there is
// nothing with it (https://hl7.org/fhir/R4/http.html#ccreate).
func (c *Ministries) call(ctx context.Context, m bpjs.Ministry, method, path, identifier string, in, into any) error {
	token, err := c.token(ctx, m)
	if err != nil {
		return err
	}
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+"/fhir-r4/v1"+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	if identifier != "" {
		r.Header.Set("If-None-Exist", "identifier="+url.QueryEscape(identifier))
	}
	err = c.do(r, into)
	var refused *bpjs.Refused
	if errors.As(err, &refused) && refused.Code == http.StatusUnauthorized { // the token ended early
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.tokens[m.ClientID].token == token {
			delete(c.tokens, m.ClientID)
		}
		return errs.New(errs.Unavailable, "SATUSEHAT menjawab 401.")
	}
	return err
}

// PatientNumber is the IHS number of whoever has a NIK, "" where SATUSEHAT knows nobody.
func (c *Ministries) PatientNumber(ctx context.Context, m bpjs.Ministry, nik string) (string, error) {
	var out struct {
		Entry []struct {
			Resource struct {
				ID string `json:"id"`
			} `json:"resource"`
		} `json:"entry"`
	}
	err := c.call(ctx, m, http.MethodGet, "/Patient?identifier="+url.QueryEscape(nikSystem+"|"+nik), "", nil, &out)
	if err != nil || len(out.Entry) == 0 {
		return "", err
	}
	return out.Entry[0].Resource.ID, nil
}

// Create stores an Encounter, unless one with its identifier is there.
func (c *Ministries) Create(ctx context.Context, m bpjs.Ministry, e bpjs.Encounter) error {
	var out struct {
		ID string `json:"id"`
	}
	return c.call(ctx, m, http.MethodPost, "/Encounter", e.Identifier[0].System+"|"+e.Identifier[0].Value, e, &out)
}
