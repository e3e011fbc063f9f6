package notify_test

import (
	"bytes"
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/notify/pushtest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func TestNewsGoesToDevicesByWebPush(t *testing.T) {
	service := pushtest.New(t)
	w := newWorld(t, func(c *notify.Config) {
		var err error
		if c.Push, err = notify.OpenPush(service.Host, c.Box, "https://portal.example", service.Client); err != nil {
			t.Fatal(err)
		}
	})
	keep := func(d notify.Device) (id int64) {
		w.must(pg.InTx(t.Context(), w.Pool, func(tx pgx.Tx) (err error) {
			id, _, err = notify.KeepDevice(t.Context(), tx, w.box, d, 0, news, w.clock.Now())
			return err
		}))
		return id
	}
	phone := service.Subscribe()
	ids := make([]int64, 4)
	var at sync.WaitGroup
	for i := range ids {
		at.Go(func() { ids[i] = keep(phone.Device) })
	}
	at.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("one browser became the devices %v", ids)
		}
	}
	m := notify.Message{
		Topic: news, Channel: notify.WebPush, DeviceID: ids[0], Subject: "Laporan MTR-26-000001 selesai", Text: "Sudah é selesai.\n\nKeterangan petugas: rahasia",
		Link: notify.Link{Label: "Buka", URL: "/mtr/laporan/MTR-26-000001"}, Object: "mtr_follow", ObjectID: 7,
	}
	id := w.queue(m)
	w.must(w.Send(t.Context(), id, false))
	got := service.Got(phone)
	if len(got) != 1 || got[0].Title != m.Subject || got[0].Text != "Sudah é selesai." || got[0].Path != m.Link.URL || !strings.HasPrefix(got[0].Stop, "/berhenti/") {
		t.Fatalf("the browser is told %+v", got)
	}
	dump, err := pg.Scalar[string](t.Context(), w.Pool, `SELECT string_agg(m::text, '') || (SELECT string_agg(d::text, '') FROM notify_device d) FROM notify_message m`)
	w.must(err)
	for _, secret := range []string{phone.Endpoint, phone.Key, phone.Auth} {
		if strings.Contains(dump, secret) {
			t.Error("the database holds a device in the open")
		}
	}

	// For now and for good.
	for _, status := range []int{429, 500, 503} {
		service.Answer(status)
		id = w.queue(m)
		if err := w.Send(t.Context(), id, false); err == nil || errors.Is(err, notify.ErrRefused) || w.status(id) != "queued" {
			t.Errorf("%d: %v, %s", status, err, w.status(id))
		}
	}
	service.Answer(201)
	w.must(w.Send(t.Context(), id, false))
	if w.status(id) != "sent" {
		t.Error("tried again, it is not sent")
	}
	service.Answer(302) // nobody follows it
	id = w.queue(m)
	if err := w.Send(t.Context(), id, false); !errors.Is(err, notify.ErrRefused) || w.status(id) != "failed" {
		t.Errorf("302: %v, %s", err, w.status(id))
	}
	came := service.Came()
	secret := m
	secret.Secret = notify.SealText(w.box, "Kode Anda: 123456")
	if err := w.Send(t.Context(), w.queue(secret), false); !errors.Is(err, notify.ErrRefused) || service.Came() != came {
		t.Errorf("a secret went to a locked screen: %v", err)
	}

	// Stopped from the notification, until it is asked for again.
	s, err := notify.FindSubscription(t.Context(), w.Pool, strings.TrimPrefix(got[0].Stop, "/berhenti/"))
	w.must(err)
	w.must(notify.Stop(t.Context(), w.Pool, s, false, w.clock.Now()))
	service.Answer(201)
	id = w.queue(m)
	w.must(w.Send(t.Context(), id, false))
	if w.status(id) != "suppressed" {
		t.Errorf("after the stop a message is %s", w.status(id))
	}
	keep(phone.Device)

	// The browser moves, and is gone.
	moved := service.Subscribe()
	w.must(notify.MoveDevice(t.Context(), w.Pool, w.box, phone.Endpoint, moved.Device, w.clock.Now()))
	if err := notify.MoveDevice(t.Context(), w.Pool, w.box, phone.Endpoint, moved.Device, w.clock.Now()); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a browser that is not known moves: %v", err)
	}
	id = w.queue(m)
	w.must(w.Send(t.Context(), id, false))
	if len(service.Got(moved)) != 1 {
		t.Error("nothing came to the new address")
	}
	service.Answer(410)
	id = w.queue(m)
	err = w.Send(t.Context(), id, false)
	if !errors.Is(err, notify.ErrRefused) || strings.Contains(err.Error(), moved.Endpoint) {
		t.Errorf("gone: %v", err)
	}
	if _, err := notify.DeviceOf(t.Context(), w.Pool, w.box, moved.Endpoint); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a browser that is gone is kept: %v", err)
	}
	w.must(w.Send(t.Context(), id, false)) // its messages went with it
}

// A visitor's word leads the portal to no host that the operator has not named.
func TestPushGoesToNamedHostsOnly(t *testing.T) {
	t.Parallel()
	service := pushtest.New(t)
	good := service.Subscribe().Device
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	p, err := notify.OpenPush("fcm.googleapis.com, .push.apple.com", box, "http://127.0.0.1:8080", nil)
	if err != nil {
		t.Fatal(err)
	}
	for endpoint, want := range map[string]bool{
		"https://fcm.googleapis.com/fcm/send/abc": true, "https://FCM.googleapis.com/x": true, "https://web.push.apple.com/abc": true,
		"http://fcm.googleapis.com/x": false, "https://fcm.googleapis.com:444/x": false, "https://fcm.googleapis.com@127.0.0.1/x": false,
		"https://user@fcm.googleapis.com/x": false, "https://fcm.googleapis.com.contoh.id/x": false, "https://xfcm.googleapis.com/x": false,
		"https://push.apple.com/x": false, "https://jahatpush.apple.com/x": false, "https://127.0.0.1/x": false, "https://[::1]/x": false,
		"https://169.254.169.254/latest": false, "https://2130706433/x": false, "file:///etc/passwd": false, "": false, "https://fcm.googleapis.com./x": false,
		"https://fcm.googleapis.com/" + strings.Repeat("x", 3000): false,
	} {
		d := good
		d.Endpoint = endpoint
		if err := p.Check(d); (err == nil) != want {
			t.Errorf("%.60s: %v", endpoint, err)
		}
	}
	for _, change := range []func(*notify.Device){
		func(d *notify.Device) { d.Key = "" }, func(d *notify.Device) { d.Key = strings.Repeat("A", 87) }, func(d *notify.Device) { d.Auth = "AAAA" },
	} {
		d := good
		d.Endpoint = "https://fcm.googleapis.com/x"
		change(&d)
		if err := p.Check(d); errs.KindOf(err) != errs.Unprocessable {
			t.Errorf("a key that is none: %v", err)
		}
	}
	for _, bad := range []string{"", "a/b", "https://a", "a b", ".", "a,,b", "u@a"} {
		if _, err := notify.OpenPush(bad, box, "", nil); err == nil {
			t.Errorf("PORTAL_PUSH_HOSTS=%q was taken", bad)
		}
	}
	if off, err := notify.OpenPush("off", box, "", nil); off != nil || err != nil {
		t.Errorf("off: %v, %v", off, err)
	}
	// A new key in the secret file leaves browsers subscribed.
	rotated, err := crypt.New(bytes.Repeat([]byte{1}, 32), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := notify.OpenPush("a.example", rotated, "", nil); err != nil || again.PublicKey() != p.PublicKey() {
		t.Errorf("after a rotation the key is another one: %v", err)
	}
}

// The stand-in opens the example of RFC 8291, section 5.
func TestTheStandInReadsWhatBrowsersRead(t *testing.T) {
	t.Parallel()
	raw := func(s string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	key, err := ecdh.P256().NewPrivateKey(raw("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := pushtest.Open(raw("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"),
		key, raw("BTBZMqHH6r4Tts7J_aSIgg"))
	if err != nil || string(plain) != "When I grow up, I want to be a watermelon" {
		t.Errorf("%q, %v", plain, err)
	}
}
