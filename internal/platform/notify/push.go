package notify

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// pushLife is how long a push service keeps news for a device that is switched off.
const pushLife = 24 * time.Hour

// Limits of what a device may say of itself, and of what fits into a notification.
const (
	maxEndpoint = 2000
	maxNews     = 300
)

// errGone says that the device will never be reached again.
var errGone = errors.New("the device has unsubscribed")

// Push sends by web push (RFC 8030, encrypted as RFC 8291 says, signed as RFC 8292 says).
// The portal speaks to no other host than the push services of the browsers' makers, which
// the operator names: an address comes from whoever visits.
type Push struct {
	hosts   []string
	private string // both keys in base64url
	public  string
	contact string
	client  *http.Client
}

// OpenPush reads PORTAL_PUSH_HOSTS, host names separated by commas; one that begins with a dot
// stands for all below it. "off" gives nil. The signing key is derived from the secret file's
// last key: the same in every process, and after a restore. contact is the portal's own
// address, for the push services; client is nil outside tests.
func OpenPush(hosts string, box *crypt.Box, contact string, client *http.Client) (*Push, error) {
	if hosts == "off" {
		return nil, nil
	}
	p := &Push{contact: contact, client: client}
	for h := range strings.SplitSeq(hosts, ",") {
		h = strings.ToLower(strings.TrimSpace(h))
		if u, err := url.Parse("https://" + h); err != nil || u.Host != h || strings.Trim(h, ".") == "" {
			return nil, errors.New("PORTAL_PUSH_HOSTS must be host names separated by commas, or off")
		}
		p.hosts = append(p.hosts, h)
	}
	key, err := signingKey(box)
	if err != nil {
		return nil, err
	}
	p.private = base64.RawURLEncoding.EncodeToString(key.Bytes())
	p.public = base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())
	if !strings.HasPrefix(contact, "https:") { // the services know mail and https addresses
		p.contact = "portal@localhost.localdomain"
	}
	if p.client == nil {
		p.client = &http.Client{
			Timeout:       20 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return p, nil
}

// signingKey takes the first of the numbers derived from the secret that is a key; but for
// one in four thousand millions that is the first.
func signingKey(box *crypt.Box) (key *ecdh.PrivateKey, err error) {
	for i := range byte(8) {
		if key, err = ecdh.P256().NewPrivateKey(box.MAC("notify.push", []byte{i})); err == nil {
			return key, nil
		}
	}
	return nil, err
}

// PublicKey is what a browser subscribes with (applicationServerKey), in base64url.
func (p *Push) PublicKey() string { return p.public }

// Check refuses with errs.Invalid a device that cannot be sent to or must not be.
func (p *Push) Check(d Device) error {
	refuse := func(message string) error { return errs.Invalid(errs.Field{Message: message}) }
	u, err := url.Parse(d.Endpoint)
	if err != nil || len(d.Endpoint) > maxEndpoint || u.Scheme != "https" || u.User != nil || u.Fragment != "" || !p.knows(u.Host) {
		return refuse("Ponsel ini memakai layanan pemberitahuan yang belum kami kenal. Ikuti lewat email saja.")
	}
	key, keyErr := base64.RawURLEncoding.DecodeString(d.Key)
	if keyErr == nil {
		_, keyErr = ecdh.P256().NewPublicKey(key)
	}
	auth, authErr := base64.RawURLEncoding.DecodeString(d.Auth)
	if keyErr != nil || authErr != nil || len(auth) != 16 {
		return refuse("Ponsel ini belum bisa dikabari. Ikuti lewat email saja.")
	}
	return nil
}

func (p *Push) knows(host string) bool {
	host = strings.ToLower(host)
	for _, h := range p.hosts {
		if host == h || strings.HasPrefix(h, ".") && strings.HasSuffix(host, h) && len(host) > len(h) {
			return true
		}
	}
	return false
}

// pushed is what the service worker gets.
type pushed struct {
	Title string `json:"judul"`
	Text  string `json:"isi"`
	Path  string `json:"alamat"`
	Stop  string `json:"berhenti"`
}

// send hands the news to the device's push service. Errors never name the endpoint. errGone
// says that the subscription ended, ErrRefused that trying again is useless.
func (p *Push) send(ctx context.Context, d Device, news pushed) error {
	if err := p.Check(d); err != nil { // the operator's list may be shorter than it was
		return fmt.Errorf("%w: the push service is not among those named", ErrRefused)
	}
	body, err := json.Marshal(news)
	if err != nil {
		return err
	}
	res, err := webpush.SendNotificationWithContext(ctx, body, &webpush.Subscription{
		Endpoint: d.Endpoint, Keys: webpush.Keys{P256dh: d.Key, Auth: d.Auth},
	}, &webpush.Options{
		HTTPClient: p.client, Subscriber: p.contact, TTL: int(pushLife.Seconds()), Urgency: webpush.UrgencyNormal,
		VAPIDPublicKey: p.public, VAPIDPrivateKey: p.private,
	})
	if err != nil {
		return errors.New("push service unreachable") // the error would quote the endpoint
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return nil
	case res.StatusCode == http.StatusNotFound, res.StatusCode == http.StatusGone:
		return errGone
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return fmt.Errorf("push service answered %d", res.StatusCode)
	}
	return fmt.Errorf("%w: push service answered %d", ErrRefused, res.StatusCode)
}

// brief is the first paragraph of a text, cut to what a notification shows.
func brief(text string) string {
	ps := paragraphs(text)
	if len(ps) == 0 {
		return ""
	}
	r := []rune(ps[0])
	if len(r) > maxNews {
		return string(r[:maxNews-1]) + "…"
	}
	return ps[0]
}
