import { ready } from "./luring/ready.js";
import { take } from "./luring/store.js";

// A field officer's round, beginning where the officer is. The place stays in the browser.
const list = document.querySelector("[data-round]");
const button = document.querySelector("[data-round-here]");
const says = document.querySelector("[data-round-says]");

const metres = (p, q) => 111195 * Math.hypot(q.lat - p.lat, (q.lng - p.lng) * Math.cos(p.lat * Math.PI / 180));
const number = new Intl.NumberFormat("id-ID");
const words = (m) => m < 1000 ? `${number.format(Math.round(m))} m` : `${number.format(Math.round(m / 1000))} km`;

function order(here) {
  const left = [...list.querySelectorAll("li[data-lat]")].map((el) => ({ el, lat: Number(el.dataset.lat), lng: Number(el.dataset.lng) }));
  const nowhere = list.querySelectorAll("li:not([data-lat])");
  for (let from = here; left.length;) {
    const next = left.reduce((a, b) => metres(from, b) < metres(from, a) ? b : a);
    next.el.querySelector("[data-away]").textContent = `${words(metres(from, next))} dari ${from === here ? "Anda" : "sebelumnya"}`;
    list.append(next.el);
    left.splice(left.indexOf(next), 1);
    from = next;
  }
  list.append(...nowhere);
}

if (list && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      button.removeAttribute("aria-busy");
      order({ lat: coords.latitude, lng: coords.longitude });
      says.textContent = "Terurut dari tempat Anda sekarang.";
    }, () => {
      button.removeAttribute("aria-busy");
      says.textContent = "Lokasi tidak didapat. Urutannya tetap dari tugas yang paling mendesak.";
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
}

// The tasks go along for a day.
const taking = document.querySelector("[data-round-take]");
if (taking && window.indexedDB) {
  ready();
  taking.hidden = false;
  taking.addEventListener("click", async () => {
    taking.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch("/meja/mtr/rute.json", { redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const tasks = await answer.json();
      await take(tasks);
      says.textContent = `${tasks.tugas.length} tugas tersimpan di HP ini.`;
    } catch {
      says.textContent = "Belum bisa dibawa. Coba lagi saat ada jaringan.";
    }
    taking.removeAttribute("aria-busy");
  });
}
