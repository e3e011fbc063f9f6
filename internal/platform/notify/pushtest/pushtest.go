// Package pushtest stands in for the push service of a browser's maker, and for browsers that
// it reaches: it checks the portal's signature (RFC 8292) and opens what it is sent (RFC 8291).
package pushtest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/notify"
)

// News is what a service worker of the portal reads.
type News struct {
	Title string `json:"judul"`
	Text  string `json:"isi"`
	Path  string `json:"alamat"`
	Stop  string `json:"berhenti"`
}

// Browser has subscribed at the service.
type Browser struct {
	notify.Device
	private *ecdh.PrivateKey
	auth    []byte
}

// Service is a push service on loopback, over TLS.
type Service struct {
	Host   string       // for PORTAL_PUSH_HOSTS
	Client *http.Client // trusts its certificate

	t        testing.TB
	mu       sync.Mutex
	browsers map[string]*Browser // by path
	status   int
	came     []string // paths, whatever was answered
	got      map[string][]News
}

// New starts a service that ends with the test.
func New(t testing.TB) *Service {
	s := &Service{t: t, browsers: map[string]*Browser{}, status: http.StatusCreated, got: map[string][]News{}}
	server := httptest.NewTLSServer(http.HandlerFunc(s.take))
	t.Cleanup(server.Close)
	s.Host, s.Client = server.Listener.Addr().String(), server.Client()
	return s
}

// Subscribe is a new browser.
func (s *Service) Subscribe() *Browser {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	auth, path := make([]byte, 16), "/kirim/"+rand.Text()
	_, _ = rand.Read(auth)
	b := &Browser{private: key, auth: auth, Device: notify.Device{
		Endpoint: "https://" + s.Host + path, Key: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(auth),
	}}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.browsers[path] = b
	return b
}

// Answer is the status of what comes from now on.
func (s *Service) Answer(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// Came counts the requests so far.
func (s *Service) Came() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.came)
}

// Got is what a browser was told, oldest first.
func (s *Service) Got(b *Browser) []News {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]News(nil), s.got[strings.TrimPrefix(b.Endpoint, "https://"+s.Host)]...)
}

func (s *Service) take(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, r.URL.Path)
	b := s.browsers[r.URL.Path]
	if err == nil && b == nil {
		err = errors.New("nobody subscribed at " + r.URL.Path)
	}
	if err == nil {
		err = signed(r, "https://"+s.Host)
	}
	var news News
	if err == nil {
		var plain []byte
		if plain, err = Open(body, b.private, b.auth); err == nil {
			err = json.Unmarshal(plain, &news)
		}
	}
	if err == nil && (r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("TTL") == "" || len(body) > 4096) {
		err = fmt.Errorf("headers %v, %d bytes", r.Header, len(body))
	}
	if err != nil {
		s.t.Errorf("the push service got: %v", err)
	}
	if s.status < 300 {
		s.got[r.URL.Path] = append(s.got[r.URL.Path], news)
	}
	w.WriteHeader(s.status)
}

// signed checks the Authorization header: a JWT for this service, for a day at most.
func signed(r *http.Request, audience string) error {
	token, key, ok := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "vapid t="), ", k=")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		return errors.New("no signature")
	}
	var raw [4][]byte
	for i, part := range append(parts, key) {
		var err error
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return err
		}
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw[3])
	if err != nil || len(raw[2]) != 64 {
		return fmt.Errorf("key or signature: %w", err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(raw[2][:32]), new(big.Int).SetBytes(raw[2][32:])) {
		return errors.New("a wrong signature")
	}
	var claims struct {
		Audience string `json:"aud"`
		Expires  int64  `json:"exp"`
		Subject  string `json:"sub"`
	}
	if err := json.Unmarshal(raw[1], &claims); err != nil {
		return err
	}
	life := time.Until(time.Unix(claims.Expires, 0))
	if claims.Audience != audience || life <= 0 || life > 24*time.Hour || !strings.HasPrefix(claims.Subject, "mailto:") && !strings.HasPrefix(claims.Subject, "https:") {
		return fmt.Errorf("claims %+v", claims)
	}
	return nil
}

// Open is RFC 8291 from the browser's side: one record of aes128gcm (RFC 8188).
func Open(body []byte, private *ecdh.PrivateKey, auth []byte) ([]byte, error) {
	if len(body) < 21 || len(body) < 21+int(body[20]) {
		return nil, errors.New("too short")
	}
	salt, size, sender, record := body[:16], binary.BigEndian.Uint32(body[16:20]), body[21:21+int(body[20])], body[21+int(body[20]):]
	if int(size) < len(record) {
		return nil, errors.New("more than one record")
	}
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return nil, err
	}
	shared, err := private.ECDH(public)
	if err != nil {
		return nil, err
	}
	derive := func(secret, salt []byte, info string, n int) (out []byte) {
		if err == nil {
			out, err = hkdf.Key(sha256.New, secret, salt, info, n)
		}
		return out
	}
	ikm := derive(shared, auth, "WebPush: info\x00"+string(private.PublicKey().Bytes())+string(sender), 32)
	key := derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	nonce := derive(ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nonce, record, nil)
	if err != nil {
		return nil, err
	}
	plain = []byte(strings.TrimRight(string(plain), "\x00"))
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		return nil, errors.New("no end of the last record")
	}
	return plain[:len(plain)-1], nil
}
