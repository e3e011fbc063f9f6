// Reports without network: what is written stays on the phone (luring/store.js) and goes
// out from here or from the service worker (luring/send.js).
import { pick } from "./photos.js";
import { pin } from "./pin.js";
import { searchable } from "./searchable.js";
import { cascade } from "./cascade.js";
import { draw } from "./luring/list.js";
import { ready } from "./luring/ready.js";
import { sendAll } from "./luring/send.js";
import { all, change, heard, newKey, put, remove } from "./luring/store.js";

const form = document.querySelector("form[data-luring]");
const section = document.querySelector("#tersimpan");
const field = (name) => form.elements[name];
const show = (el, text) => { el.textContent = text; el.hidden = !text; };
const say = (text) => show(document.querySelector("[data-luring-kabar]"), text);

const photos = [];
const drawPhotos = pick(form, photos, (text) => show(form.querySelector("[data-luring-foto]"), text));
form.querySelectorAll("[data-pin]").forEach(pin);
form.querySelectorAll("[data-searchable]").forEach(searchable);
form.querySelectorAll("select[data-cascade]").forEach(cascade);

let key = newKey();

// The questions of the chosen category, and of no other.
function ask() {
  const chosen = form.querySelector("[name=kategori]:checked");
  form.querySelectorAll("[data-category]").forEach((part) => {
    part.hidden = part.disabled = part.dataset.category !== chosen?.value;
  });
  return chosen;
}
form.addEventListener("change", (e) => {
  if (e.target.name !== "kategori") return;
  if (ask()?.hasAttribute("data-sensitive")) field("rahasia").checked = true;
});

const written = () => [...new FormData(form)].filter(([, value]) => typeof value === "string" && value.trim());
async function item(state) {
  await Promise.all(photos.map((p) => p.ready));
  return {
    key, state, at: Date.now(), to: new URL(form.action).pathname, title: field("judul").value.trim(), fields: written(),
    photos: photos.map(({ file, exif }) => ({ file, exif, name: file.name })),
  };
}

const full = "Tidak bisa disimpan: ruang di HP ini habis. Hapus laporan lama atau kurangi foto, lalu coba lagi.";

// Unfinished reports are kept as well: the phone may take the page away at any time.
let planned;
function keepLater() {
  clearTimeout(planned);
  planned = setTimeout(keep, 800);
}
async function keep() {
  clearTimeout(planned);
  if (!written().some(([name]) => !["atas_nama", "sumber"].includes(name)) && !photos.length) return;
  const mine = key, draft = await item("ditulis");
  if (key === mine) await put(draft).catch(() => say(full));
}
form.addEventListener("input", keepLater);
form.addEventListener("change", keepLater);
form.addEventListener("portal:pin", keepLater);
document.addEventListener("visibilitychange", () => document.hidden ? planned && keep() : go());

function clear() {
  clearTimeout(planned);
  planned = undefined;
  key = newKey();
  form.reset();
  for (const name of ["lat", "lng", "sumber"]) field(name).value = "";
  form.querySelector("[data-pin-status]").textContent = "";
  field("kelurahan").dispatchEvent(new CustomEvent("portal:choose", { detail: "" }));
  photos.splice(0).forEach((p) => URL.revokeObjectURL(p.url));
  drawPhotos();
  problems([]);
  ask();
}

// edit puts an item back into the form. One that may have arrived already stays as it is.
async function edit(old) {
  const now = await change(old.key, (i) => i.tried || i.state === "terkirim" ? undefined : { ...i, state: "ditulis" });
  if (!now) return;
  clear();
  key = now.key;
  for (const [name, value] of now.fields) {
    if (name === "kategori") form.querySelector(`[name=kategori][value="${CSS.escape(value)}"]`)?.click();
  }
  ask();
  for (const [name, value] of now.fields) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]:not(fieldset:disabled *)`)) {
      if (control.type === "radio" || control.type === "checkbox") control.checked = control.value === value;
      else if (control.matches("[data-cascade]")) control.dispatchEvent(new CustomEvent("portal:choose", { detail: value }));
      else control.value = value;
    }
  }
  if (field("lat").value) form.querySelector("[data-pin-status]").textContent = "Titik sudah ditunjuk.";
  for (const { file, exif, name } of now.photos) {
    const named = new File([file], name, { type: file.type });
    photos.push({ file: named, exif, url: URL.createObjectURL(named), busy: false });
  }
  drawPhotos();
  problems(old.problems ?? []);
  field("judul").focus();
}

// problems says what is wrong, each with the way there.
function problems(list) {
  const box = form.querySelector("[data-luring-galat]");
  box.hidden = !list.length;
  box.querySelector("ul").replaceChildren(...list.map(({ isian, pesan }) => {
    const line = document.createElement("li");
    const at = isian && form.querySelector(`[name="${CSS.escape(isian)}"]:not([type=hidden]):not(fieldset:disabled *)`);
    if (!at) {
      line.textContent = pesan;
      return line;
    }
    const link = Object.assign(document.createElement("a"), { className: "ds-link", href: `#${at.id}`, textContent: pesan });
    link.addEventListener("click", (e) => {
      e.preventDefault();
      const more = at.closest("details");
      if (more) more.open = true;
      at.focus();
    });
    line.append(link);
    return line;
  }));
  if (list.length) box.focus();
}

// lacking is what can be seen to be wrong without the portal, which has the last word.
function lacking() {
  const list = [], need = (ok, isian, pesan) => ok || list.push({ isian, pesan });
  const value = (name) => field(name).value.trim();
  const category = ask();
  need(category, "kategori", "Pilih satu: apa masalahnya?");
  form.querySelectorAll("fieldset[data-category]:enabled [required], fieldset[data-category]:enabled [aria-required=true]").forEach((q) => {
    const answered = q.type === "radio" ? form.querySelector(`[name="${CSS.escape(q.name)}"]:checked:not(fieldset:disabled *)`) : q.value.trim();
    if (!list.some((p) => p.isian === q.name)) need(answered, q.name, "Jawab pertanyaan tentang masalahnya.");
  });
  need(value("judul").length >= 5, "judul", "Tulis judul, misalnya: Lampu jalan mati di depan pasar.");
  need(value("uraian").length >= 10, "uraian", "Ceritakan masalahnya dalam satu dua kalimat.");
  const pinned = field("lat").value, area = value("kelurahan");
  need(category?.dataset.place !== "wajib" || pinned || area, "kelurahan", "Pakai lokasi HP, atau pilih kelurahan.");
  need(pinned || !area || value("patokan").length >= 3, "patokan", "Tulis patokan, misalnya nama jalan atau bangunan terdekat.");
  need(field("email").validity.valid, "email", "Periksa alamat email, contoh: nama@contoh.id.");
  need(!form.querySelector("[name=atas_nama]:checked")?.value || field("persetujuan").checked, "persetujuan", "Centang bahwa orang yang Anda wakili sudah setuju.");
  return list;
}

form.addEventListener("submit", async (e) => {
  e.preventDefault();
  clearTimeout(planned);
  await Promise.all(photos.map((p) => p.ready));
  // A photo that knows its place answers for who chose none.
  const here = photos.find((p) => p.exif.lat)?.exif;
  if (here && !field("lat").value && !field("kelurahan").value) {
    field("lat").value = here.lat.toFixed(6);
    field("lng").value = here.lng.toFixed(6);
    field("sumber").value = "exif";
  }
  const wrong = lacking();
  problems(wrong);
  if (wrong.length) return;
  try {
    await put(await item("menunggu"));
  } catch {
    return say(full);
  }
  clear();
  say("Tersimpan di HP ini. Laporan terkirim sendiri begitu ada jaringan, juga bila halaman ini ditutup lalu dibuka lagi nanti.");
  section.querySelector("h2").focus();
  navigator.storage?.persist?.().catch(() => {});
  go();
});
form.querySelector("[data-luring-kosongkan]").addEventListener("click", async () => {
  if (written().length + photos.length && !confirm("Kosongkan isian ini? Fotonya juga.")) return;
  await remove(key);
  clear();
});

async function go() {
  try {
    if (await sendAll()) (await navigator.serviceWorker?.ready)?.sync?.register("luring").catch(() => {});
  } catch {
    // Without a store nothing waits.
  }
}

const receiptLife = 7 * 864e5;
async function list() {
  const items = (await all()).filter((i) => !i.proof && (i.key !== key || i.state !== "ditulis"));
  for (const i of items) if (i.state === "terkirim" && Date.now() - i.sent > receiptLife) remove(i.key);
  section.hidden = !items.length;
  section.querySelector("[data-luring-kirim]").hidden = !items.some((i) => i.state === "menunggu");
  draw(section.querySelector("[data-luring-daftar]"), items, { edit, remove: ({ key }) => remove(key) });
}
section.querySelector("[data-luring-kirim]").addEventListener("click", async () => {
  for (const i of await all()) if (i.later && !i.proof) await change(i.key, (now) => ({ ...now, later: 0 }));
  say("Mencoba mengirim…");
  await go();
  const left = (await all()).filter((i) => !i.proof && i.state === "menunggu").length;
  say(left ? "Belum ada jaringan. Laporan aman di HP ini dan terkirim sendiri nanti." : "");
});

try {
  await list();
  heard(list);
  form.dataset.ready = "";
  form.hidden = false;
  ask();
  ready();
  addEventListener("online", go);
  setInterval(go, 6e4);
  go();
} catch {
  say("Peramban ini tidak mengizinkan penyimpanan di HP, misalnya karena mode penyamaran. Pakai formulir biasa saat ada jaringan.");
}
