package partner

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDecompress reads what the reference implementation wrote, and survives what it did
// not.
func TestDecompress(t *testing.T) {
	t.Parallel()
	var vectors [][2]string
	if err := json.Unmarshal(sample(t, "lzstring.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		got, err := decompressURI(v[0])
		if err != nil || got != v[1] {
			t.Errorf("%.40q: %.40q, %v", v[1], got, err)
		}
		for i := range v[0] { // broken ones fail or give something, never hang or panic
			_, _ = decompressURI(v[0][:i])
			_, _ = decompressURI(v[0][:i] + "$" + v[0][i+1:])
		}
	}
}

var testKeys = bpjs.Outbound{ConsID: "12345", Secret: "rahasia", UserKey: "kunci", Enabled: true}

// standIn is BPJS as far as we call it: it checks signatures and times, and answers.
type standIn struct {
	t      testing.TB
	clock  clock.Clock
	answer func(w http.ResponseWriter, r *http.Request, body []byte)
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	stamp := r.Header.Get("x-timestamp")
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || s.clock.Now().Sub(time.Unix(at, 0)).Abs() > time.Minute || r.Header.Get("x-cons-id") != testKeys.ConsID ||
		r.Header.Get("x-signature") != signature(testKeys, stamp) || r.Header.Get("user_key") != testKeys.UserKey {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"metadata":{"code":401,"message":"Unauthorized"}}`)
		return
	}
	body, _ := io.ReadAll(r.Body)
	s.answer(w, r, body)
}

// sealedAnswer packs a text as BPJS packs it; packed is its LZ-string form.
func sealedAnswer(stamp, packed string) string {
	key := sha256.Sum256([]byte(testKeys.ConsID + testKeys.Secret + stamp))
	pad := aes.BlockSize - len(packed)%aes.BlockSize
	data := append([]byte(packed), bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, _ := aes.NewCipher(key[:])
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(data, data)
	return base64.StdEncoding.EncodeToString(data)
}

func standInClient(t testing.TB, answer func(w http.ResponseWriter, r *http.Request, body []byte)) *Client {
	t.Helper()
	k := clock.NewFake(time.Date(2026, 11, 24, 8, 0, 0, 0, clock.Makassar))
	s := httptest.NewServer(&standIn{t, k, answer})
	t.Cleanup(s.Close)
	return NewClient(s.URL+"/antreanfktp", k)
}

// TestRequestsAreThoseOfTheCatalogue compares what is sent with the catalogue's samples.
func TestRequestsAreThoseOfTheCatalogue(t *testing.T) {
	t.Parallel()
	var add bpjs.AddRequest
	var call bpjs.CallRequest
	var cancel bpjs.GiveUpRequest
	for name, into := range map[string]any{
		"out_antrean_add_request.json": &add, "out_antrean_panggil_request.json": &call, "out_antrean_batal_request.json": &cancel,
	} {
		if err := json.Unmarshal(sample(t, name), into); err != nil {
			t.Fatal(err)
		}
		var want, got any
		back, _ := json.Marshal(into)
		_ = json.Unmarshal(sample(t, name), &want)
		_ = json.Unmarshal(back, &got)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestAnswersInEverySpelling: both heads, numbers and texts, unknown fields, sealed and
// plain.
func TestAnswersInEverySpelling(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		kind   errs.Kind // Internal: it is a refusal
		ok     bool
	}{
		"lower":     {200, `{"metadata":{"code":200,"message":"Ok"},"response":null,"baru":1}`, 0, true},
		"upper":     {200, `{"metaData":{"code":"1","message":"OK","lain":{}}}`, 0, true},
		"text":      {200, `{"metadata":{"code":"200","message":"Ok"}}`, 0, true},
		"refused":   {200, `{"metadata":{"code":201,"message":"Nomor kartu tidak ditemukan"}}`, errs.Internal, false},
		"away":      {503, `{"metadata":{"code":503,"message":"x"}}`, errs.Unavailable, false},
		"too often": {429, ``, errs.Unavailable, false},
		"rubbish":   {200, `<html>`, errs.Unavailable, false},
		"headless":  {200, `{}`, errs.Unavailable, false},
		"elsewhere": {302, `{"metadata":{"code":302,"message":"x"}}`, errs.Internal, false},
	} {
		client := standInClient(t, func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			if c.status == 302 {
				w.Header().Set("Location", "http://127.0.0.1:1/")
			}
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		err := client.GiveUp(context.Background(), testKeys, bpjs.GiveUpRequest{Card: "0001234567890"})
		var refused *bpjs.Refused
		switch {
		case c.ok && err != nil, !c.ok && err == nil:
			t.Errorf("%s: %v", name, err)
		case !c.ok && c.kind == errs.Internal && !errors.As(err, &refused):
			t.Errorf("%s: %v is no refusal", name, err)
		case !c.ok && c.kind != errs.Internal && errs.KindOf(err) != c.kind:
			t.Errorf("%s: %v", name, err)
		}
	}
	wrong := testKeys
	wrong.Secret = "lain"
	client := standInClient(t, func(w http.ResponseWriter, _ *http.Request, _ []byte) {})
	if err := client.GiveUp(context.Background(), wrong, bpjs.GiveUpRequest{}); !errors.Is(err, bpjs.ErrAccount) {
		t.Errorf("a wrong signature: %v", err)
	}
}

// TestSealedLists opens what BPJS seals.
func TestSealedLists(t *testing.T) {
	t.Parallel()
	var vectors [][2]string
	if err := json.Unmarshal(sample(t, "lzstring.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	client := standInClient(t, func(w http.ResponseWriter, r *http.Request, _ []byte) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"metaData": map[string]any{"code": 1, "message": "OK"}, "response": sealedAnswer(r.Header.Get("x-timestamp"), vectors[0][0]),
		})
	})
	polis, err := client.Polis(context.Background(), testKeys, time.Date(2026, 11, 24, 0, 0, 0, 0, clock.Makassar))
	if err != nil || len(polis) != 1 || polis[0] != (bpjs.RefPoli{Name: "POLI UMUM", Code: "001"}) {
		t.Errorf("%+v, %v", polis, err)
	}
	plain := standInClient(t, func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		_, _ = w.Write(sample(t, "out_ref_dokter_response_plain.json"))
	})
	doctors, err := plain.Doctors(context.Background(), testKeys, "001", time.Now())
	if err != nil || len(doctors) != 2 || doctors[0].Code != 700 || doctors[0].Capacity != 100 {
		t.Errorf("%+v, %v", doctors, err)
	}
	broken := standInClient(t, func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		_, _ = io.WriteString(w, `{"metadata":{"code":1},"response":"bukan sandi"}`)
	})
	if _, err := broken.Polis(context.Background(), testKeys, time.Now()); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("what cannot be opened: %v", err)
	}
}
