package epuskesmasweb

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	bpjsPath = "/bpjs/antrean-fktp"
	// bpjsBody is far above the largest request of the catalogue.
	bpjsBody = 16 << 10
	// bpjsSignIns is how often one network may sign in a minute: Mobile JKN does for each
	// request, for all puskesmas from few addresses.
	bpjsSignIns = 1200
)

// BPJSRoutes are what Mobile JKN asks, at the bare address and at one for each version of
// the catalogue. They know no sessions: a token says who asks.
func BPJSRoutes(d Deps) []web.Route {
	var all []web.Route
	for version, base := range []string{bpjsPath, bpjsPath + "/v1", bpjsPath + "/v2"} {
		k := &mobileJKN{d.BPJS, version}
		add := func(method, path string, h web.Handler) {
			all = append(all, web.Route{Method: method, Pattern: base + path, Access: web.Public, Handle: h, Machine: true, MaxBody: bpjsBody, OnError: bpjsBroke})
		}
		add(http.MethodGet, "/auth", k.auth)
		all[len(all)-1].PerMinute = bpjsSignIns
		add(http.MethodGet, "/antrean/status/{poli}/{tanggal}", k.asked(k.status))
		add(http.MethodGet, "/antrean/sisapeserta/{kartu}/{poli}/{tanggal}", k.asked(k.remaining))
		add(http.MethodPost, "/antrean", k.asked(k.take))
		add(http.MethodPut, "/antrean/batal", k.asked(k.cancel))
		add(http.MethodPost, "/peserta", k.asked(k.enter))
	}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		all = append(all, web.Route{Method: method, Pattern: bpjsPath + "/*", Access: web.Public, Handle: bpjsNowhere, Machine: true, MaxBody: bpjsBody, OnError: bpjsBroke})
	}
	return all
}

// mobileJKN answers those routes of one version; 0 is the bare address.
type mobileJKN struct {
	bpjs    *bpjs.Service
	version int
}

func (k *mobileJKN) auth(w http.ResponseWriter, r *http.Request) error {
	caller, token, err := k.bpjs.SignIn(r.Context(), r.Header.Get("x-username"), r.Header.Get("x-password"), web.AddrOf(r.Context()))
	return bpjsAnswer(w, caller, token, err)
}

// asked admits by the token before h answers.
func (k *mobileJKN) asked(h func(r *http.Request, c bpjs.Caller) (any, error)) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		caller, err := k.bpjs.Admit(r.Context(), r.Header.Get("x-username"), r.Header.Get("x-token"))
		if err != nil {
			return bpjsAnswer(w, caller, nil, err)
		}
		response, err := h(r, caller)
		return bpjsAnswer(w, caller, response, err)
	}
}

func (k *mobileJKN) status(r *http.Request, c bpjs.Caller) (any, error) {
	return k.bpjs.Status(r.Context(), c, k.version, bpjsPart(r, "poli"), bpjsPart(r, "tanggal"))
}

func (k *mobileJKN) remaining(r *http.Request, c bpjs.Caller) (any, error) {
	return k.bpjs.Remaining(r.Context(), c, bpjsPart(r, "kartu"), bpjsPart(r, "poli"), bpjsPart(r, "tanggal"))
}

func (k *mobileJKN) take(r *http.Request, c bpjs.Caller) (any, error) {
	var in bpjs.TakeRequest
	if err := bpjsRead(r, &in); err != nil {
		return nil, err
	}
	return k.bpjs.Take(r.Context(), c, k.version, in)
}

func (k *mobileJKN) cancel(r *http.Request, c bpjs.Caller) (any, error) {
	var in bpjs.CancelRequest
	if err := bpjsRead(r, &in); err != nil {
		return nil, err
	}
	return nil, k.bpjs.Cancel(r.Context(), c, k.version, in)
}

func (k *mobileJKN) enter(r *http.Request, c bpjs.Caller) (any, error) {
	var in bpjs.PatientRequest
	if err := bpjsRead(r, &in); err != nil {
		return nil, err
	}
	return nil, k.bpjs.Enter(r.Context(), c, in)
}

// bpjsPart is a part of the path as it was meant.
func bpjsPart(r *http.Request, name string) bpjs.Word {
	v := web.Path(r, name)
	if r.URL.RawPath != "" {
		if plain, err := url.PathUnescape(v); err == nil {
			v = plain
		}
	}
	return bpjs.Clean(v)
}

// bpjsRead reads the body as JSON whatever it is called; what we do not know in it is
// left alone.
func bpjsRead(r *http.Request, into any) error {
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return errs.New(errs.TooLarge, "Kiriman Terlalu Besar")
	case err != nil:
		return errs.Wrap(errs.BadRequest, err, "Kiriman Terputus")
	}
	if body = bytes.TrimSpace(body); len(body) == 0 || body[0] != '{' || json.Unmarshal(body, into) != nil {
		return errs.New(errs.BadRequest, "Format JSON Tidak Sesuai")
	}
	return nil
}

// bpjsAnswer writes an answer or a refusal; what is our own fault is returned.
func bpjsAnswer(w http.ResponseWriter, c bpjs.Caller, response any, err error) error {
	var refused *bpjs.Refusal
	switch kind := errs.KindOf(err); {
	case err == nil:
		return bpjsWrite(w, http.StatusOK, bpjs.Answer{Response: response, Metadata: bpjs.Metadata{Message: "Ok", Code: bpjs.CodeOK}})
	case errors.As(err, &refused):
		return bpjsWrite(w, c.Status(refused.Code), bpjs.Answer{Metadata: bpjs.Metadata{Message: refused.Message, Code: refused.Code}})
	case kind != errs.Internal && kind != errs.Unavailable:
		web.SetRetryAfter(w, err)
		return bpjsWrite(w, c.Status(bpjs.CodeRefused), bpjs.Answer{Metadata: bpjs.Metadata{Message: errs.MessageOf(err), Code: bpjs.CodeRefused}})
	}
	return err
}

func bpjsWrite(w http.ResponseWriter, status int, a bpjs.Answer) error {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // who asked may be gone
	return nil
}

// bpjsBroke says what the router refused, and what is our own fault; that alone has an
// HTTP status of its own.
func bpjsBroke(w http.ResponseWriter, _ *http.Request, err error) {
	status := http.StatusOK
	if kind := errs.KindOf(err); kind == errs.Internal || kind == errs.Unavailable {
		status = web.Status(err)
	}
	web.SetRetryAfter(w, err)
	_ = bpjsWrite(w, status, bpjs.Answer{Metadata: bpjs.Metadata{Message: errs.MessageOf(err), Code: bpjs.CodeRefused}})
}

func bpjsNowhere(w http.ResponseWriter, _ *http.Request) error {
	return bpjsWrite(w, http.StatusNotFound, bpjs.Answer{Metadata: bpjs.Metadata{Message: "Alamat Tidak Ditemukan", Code: bpjs.CodeRefused}})
}
