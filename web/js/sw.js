// The service worker: when there is no network it shows the shell of the portal, and it
// sends what waits on the phone. It keeps the files and pages that the portal lists in
// SHELL and nothing else, never anybody's page: they are fetched without cookies.
import { sendAll } from "./luring/send.js";
import { leave, taken } from "./luring/store.js";

const { name, files, pages } = self.SHELL;
const [offline, form, field] = pages;
const plain = (path) => new Request(path, { credentials: "omit", cache: "no-cache" });

addEventListener("install", (e) => e.waitUntil((async () => {
  const cache = await caches.open(name);
  await cache.addAll([...files, ...pages].map(plain));
  await skipWaiting();
})()));

addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const old of await caches.keys()) if (old.startsWith("kerangka-") && old !== name) await caches.delete(old);
  await registration.navigationPreload?.enable();
  await clients.claim();
})()));

addEventListener("fetch", (e) => {
  const { pathname, origin } = new URL(e.request.url);
  if (e.request.method !== "GET" || origin !== location.origin) return;
  if (e.request.mode === "navigate") e.respondWith(page(e, pathname));
  else if (files.includes(pathname)) e.respondWith(kept(pathname).then((hit) => hit ?? fetch(e.request)));
});

const kept = async (path) => (await caches.open(name)).match(path);

async function page(e, pathname) {
  const fresh = (async () => await e.preloadResponse ?? fetch(e.request))();
  const shown = fresh.catch(async () => {
    if (pathname === "/mtr/lapor") return Response.redirect(form);
    if (pathname === "/meja" || pathname.startsWith("/meja/mtr")) return Response.redirect(field);
    return await kept(pages.includes(pathname) ? pathname : offline) ?? Response.error();
  });
  e.waitUntil(fresh.then(() => Promise.all([renew(), sendAll(), taken()])).catch(() => {}));
  if (!pages.includes(pathname)) return shown;
  // Where the network only seems to be there, they do not wait for it.
  const soon = new Promise((done) => setTimeout(async () => done(await kept(pathname) ?? shown), 4000));
  return Promise.race([shown, soon]);
}

// renew fetches the pages anew once a day: categories and kelurahan change.
async function renew() {
  const cache = await caches.open(name);
  for (const path of pages) {
    const at = Date.parse((await cache.match(path))?.headers.get("Date"));
    if (Date.now() - at < 864e5) continue;
    const fresh = await fetch(plain(path));
    if (fresh.ok) await cache.put(path, fresh);
  }
}

addEventListener("sync", (e) => {
  if (e.tag !== "luring") return;
  // A failed one is tried again by the browser, later and later.
  e.waitUntil(sendAll().then((waiting) => { if (waiting) throw new Error("waits"); }));
});

// Who signs out leaves no tasks behind.
addEventListener("message", (e) => {
  if (e.data === "keluar") e.waitUntil(leave());
});

// News of what this browser follows (kabar.js). A push always shows something: browsers end
// the subscription of a page that stays silent.
addEventListener("push", (e) => {
  const { judul, isi, alamat, berhenti } = e.data.json();
  e.waitUntil(registration.showNotification(judul, {
    body: isi, lang: "id", icon: "/static/icons/icon-192.png", data: { alamat, berhenti },
    actions: [{ action: "berhenti", title: "Berhenti dikabari" }],
  }));
});

addEventListener("notificationclick", (e) => {
  const { alamat, berhenti } = e.notification.data;
  e.notification.close();
  e.waitUntil((async () => {
    const to = new URL(e.action === "berhenti" ? berhenti : alamat, location.origin).href;
    const open = (await clients.matchAll({ type: "window" })).find(({ url }) => url === to);
    return open ? open.focus() : clients.openWindow(to);
  })());
});

addEventListener("pushsubscriptionchange", (e) => e.waitUntil((async () => {
  const old = e.oldSubscription;
  if (!old) return;
  const { endpoint, keys } = (e.newSubscription ?? await registration.pushManager.subscribe(old.options)).toJSON();
  await fetch("/mtr/ikuti/ponsel/pindah", { method: "POST", body: new URLSearchParams({ lama: old.endpoint, endpoint, ...keys }) });
})()));
