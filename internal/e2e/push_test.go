package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/notify/pushtest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// TestAPhoneIsToldByWebPush follows with one button, is told, and stops. The browser's maker
// cannot be reached from a test, and a browser without windows shows no notification and
// allows none: what pages ask of the push service a stand-in answers, what the portal sends
// there goes to the service worker through DevTools, and what the worker shows, and opens
// when it is pressed, it tells the page.
func TestAPhoneIsToldByWebPush(t *testing.T) {
	t.Parallel()
	service := pushtest.New(t)
	c := newCity(t, apptest.WithPush(service))
	phone := service.Subscribe()
	made, err := json.Marshal(map[string]any{"endpoint": phone.Endpoint, "keys": map[string]string{"p256dh": phone.Key, "auth": phone.Auth}})
	c.must(err)
	tab, _ := e2e.Reopen(t, c.URL, t.TempDir(), e2e.Phone)
	code := c.Client(t).Get("/sw.js").Want(http.StatusOK).Body
	c.App.Router.Mount([]web.Route{{Method: http.MethodGet, Pattern: "/uji-pekerja.js", Access: web.Public, Machine: true, Handle: func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, err := io.WriteString(w, `const say = async (what) => { for (const c of await clients.matchAll({ includeUncontrolled: true })) c.postMessage(what); };
			registration.showNotification = async (title, { body, lang, data }) => {
				await say([title, body, lang, data.alamat, data.berhenti].join(" | "));
				for (const action of ["", "berhenti"]) {
					dispatchEvent(Object.assign(new ExtendableEvent("notificationclick"), { action, notification: { data, close() {} } }));
				}
			};
			clients.openWindow = (to) => say(new URL(to).pathname);
		`+code)
		return err
	}}})
	tab.Before(fmt.Sprintf(`(() => {
		const { register } = ServiceWorkerContainer.prototype;
		navigator.serviceWorker.register = () => register.call(navigator.serviceWorker, "/uji-pekerja.js");
		self.told = [];
		navigator.serviceWorker.addEventListener("message", ({ data }) => told.push(data));
		navigator.serviceWorker.startMessages();
		Object.defineProperty(Notification, "permission", { get: () => localStorage.boleh ?? "denied" });
		const subscription = { toJSON: () => (%s), unsubscribe: async () => { delete localStorage.langganan; return true; } };
		PushManager.prototype.getSubscription = async () => localStorage.langganan ? subscription : null;
		PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
			if (!userVisibleOnly || applicationServerKey[0] !== 4 || applicationServerKey.length !== 65) throw new Error("not a key");
			localStorage.langganan = "ya";
			return subscription;
		};
	})()`, made))
	area, other := c.areas[0], c.areas[1]
	follow := func(id int64) string { return "/mtr/ikuti?hal=kelurahan&dari=" + idText(id) }
	tab.Go(follow(area.ID)).WaitText("[data-kabar]", "diblokir di ponsel Anda")
	e2e.Eval[string](tab, `localStorage.boleh = "default"`)
	tab.Go(follow(area.ID)).WaitText("[data-kabar]", "Beri tahu lewat ponsel ini").Sound()
	snap(tab, "ponsel-belum", "360-light")
	tab.Click("[data-aksi=ikuti]").WaitText("[data-kabar]", "Ponsel ini dikabari").Sound()
	tab.Go(follow(other.ID)).WaitText("[data-kabar]", "1 hal lain").Click("[data-aksi=ikuti]").WaitText("[data-kabar]", "setiap ada kabar").Click("[data-seberapa=harian]").WaitText("[data-kabar]", "dikabari sekali sehari").Click("[data-kabar] summary").Sound()
	snap(tab, "ponsel-dikabari", "360-light")

	c.must(pg.InTx(t.Context(), c.Pool, func(tx pgx.Tx) error {
		id, err := notify.DeviceOf(t.Context(), tx, c.App.Box, phone.Endpoint)
		if err != nil {
			return err
		}
		return notify.Queue(t.Context(), tx, notify.Message{
			Topic: mtr.TopicFollow, Channel: notify.WebPush, DeviceID: id, Subject: "Laporan MTR-26-000001 selesai", Text: "Laporan MTR-26-000001 (Lampu mati) selesai.",
			Link: notify.Link{Label: "Buka laporan", URL: "/mtr/laporan/MTR-26-000001"},
		})
	}))
	c.Deliver(t)
	got := service.Got(phone)
	if len(got) != 1 {
		t.Fatalf("the push service was sent %+v", got)
	}
	sent, err := json.Marshal(got[0])
	c.must(err)
	e2e.Eval[bool](tab.Push(string(sent)), `new Promise((done) => { const look = () => told.length < 3 ? setTimeout(look, 50) : done(true); look(); })`)
	shown := e2e.Eval[[]string](tab, `told`)
	slices.Sort(shown[1:])
	if want := []string{strings.Join([]string{got[0].Title, got[0].Text, "id", got[0].Path, got[0].Stop}, " | "), got[0].Stop, got[0].Path}; !slices.Equal(shown, want) {
		t.Errorf("the phone shows and opens %q, want %q", shown, want)
	}

	tab.Click("[data-kabar] .actions [data-aksi=berhenti]").WaitText("[data-kabar]", "Beri tahu lewat ponsel ini").WaitText("[data-kabar]", "1 hal lain")
	tab.Click("[data-kabar] summary").Click("[data-kabar] details > [data-aksi=berhenti]")
	e2e.Eval[bool](tab, `new Promise((done) => { const look = () => localStorage.langganan ? setTimeout(look, 50) : done(true); look(); })`)
	if n := c.count("notify_device"); n != 0 {
		t.Errorf("%d phones are still known", n)
	}
	tab.Sound()
}
