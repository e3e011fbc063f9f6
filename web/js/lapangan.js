// A field officer's tasks on the phone, and the proofs that wait there.
import { pick } from "./photos.js";
import { draw, el } from "./luring/list.js";
import { ready } from "./luring/ready.js";
import { sendAll } from "./luring/send.js";
import { all, change, heard, newKey, put, remove, taken } from "./luring/store.js";

const section = document.querySelector("#tersimpan");
const says = document.querySelector("[data-field-says]");
const say = (text) => { says.textContent = text; says.hidden = !text; };
const list = document.querySelector("[data-field-tasks]");
const when = new Intl.DateTimeFormat("id-ID", { dateStyle: "medium", timeStyle: "short", timeZone: "Asia/Makassar" });

// proof is the form for one task: a copy of the page's, with ids of its own.
function proof(task, account, nth) {
  const part = document.querySelector("[data-field-proof]").content.cloneNode(true);
  for (const name of ["id", "for", "aria-describedby"]) {
    part.querySelectorAll(`[${name}]`).forEach((e) => e.setAttribute(name, `${e.getAttribute(name)}-${nth}`));
  }
  const form = part.querySelector("form"), problem = part.querySelector("[data-problem]"), more = part.querySelector("details");
  const fail = (text) => { problem.textContent = text; problem.hidden = !text; };
  const photos = [];
  form.dataset.ready = "";
  form.dataset.to = `/meja/mtr/${task.nomor}/bukti/luring`;
  const drawPhotos = pick(form, photos, fail);
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const answer = form.elements.jawaban.value.trim();
    if (task.foto && !photos.length) return fail("Tambahkan paling sedikit satu foto sesudah dikerjakan.");
    if (!answer) return fail("Tulis apa yang sudah dikerjakan.");
    await Promise.all(photos.map((p) => p.ready));
    try {
      await put({
        key: newKey(), state: "menunggu", proof: true, at: Date.now(), to: form.dataset.to, title: `${task.nomor}, ${task.judul}`,
        fields: [["akun", String(account)], ["jawaban", answer]], photos: photos.map(({ file, exif }) => ({ file, exif, name: file.name })),
      });
    } catch {
      return fail("Tidak bisa disimpan: ruang di HP ini habis.");
    }
    form.reset();
    photos.splice(0).forEach((p) => URL.revokeObjectURL(p.url));
    drawPhotos();
    fail("");
    more.open = false;
    say("Bukti tersimpan di HP ini. Terkirim sendiri begitu ada jaringan.");
    section.querySelector("h2").focus();
    navigator.storage?.persist?.().catch(() => {});
    go();
  });
  return part;
}

let takenAt; // when the tasks that are shown were taken along

async function tasks() {
  const age = document.querySelector("[data-field-age]");
  const now = await taken();
  takenAt = now?.at;
  age.textContent = now ? `Diambil ${when.format(now.at)}, terhapus sendiri setelah sehari.` : "Belum ada tugas yang dibawa di HP ini.";
  list.replaceChildren(...(now?.tugas ?? []).map((task, nth) => {
    const row = el("li", {}, el("b", { textContent: task.judul }), el("p", { textContent: `${task.nomor} · ${task.kategori}${task.tenggat ? ` · ${task.tenggat}` : ""}` }));
    const where = [task.tempat, task.patokan].filter(Boolean).join(" · ");
    if (where) row.append(el("p", { textContent: where }));
    row.append(el("p", { textContent: task.uraian }));
    if (task.geo) row.append(el("p", {}, el("a", { className: "ds-link", href: `geo:${task.geo}`, textContent: "Petunjuk jalan" })));
    row.append(task.bukti ? proof(task, now.akun, nth) : el("p", { className: "quiet", textContent: "Buktinya diserahkan di ruang kerja, saat ada jaringan." }));
    return row;
  }));
}

async function go() {
  if (await sendAll()) (await navigator.serviceWorker?.ready)?.sync?.register("luring").catch(() => {});
}

async function kept() {
  const items = (await all()).filter((i) => i.proof);
  for (const i of items) if (i.state === "terkirim" && Date.now() - i.sent > 864e5) remove(i.key);
  section.hidden = !items.length;
  // What was handed over since is not asked for again; a task that came back since is.
  const handed = new Set(items.filter((i) => i.state !== "ditolak" && !(i.sent < takenAt)).map((i) => i.to));
  list.querySelectorAll("form[data-to]").forEach((f) => { f.closest("details").hidden = handed.has(f.dataset.to); });
  if (items.length && items.every((i) => i.state === "terkirim")) say("");
  draw(section.querySelector("[data-field-kept]"), items, {
    edit: async ({ key }) => {
      await change(key, (i) => ({ ...i, state: "menunggu", at: Date.now() }));
      go();
    },
    remove: ({ key }) => remove(key),
  });
}

try {
  await tasks();
  await kept();
  heard(kept);
  ready();
  addEventListener("online", go);
  document.addEventListener("visibilitychange", async () => {
    // Under somebody's fingers only what ran out goes.
    if (!document.hidden && !await taken()) tasks();
  });
  setInterval(go, 6e4);
  await go();
} catch {
  say("Peramban ini tidak mengizinkan penyimpanan di HP.");
}
