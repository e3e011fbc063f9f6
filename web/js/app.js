// Small comforts on every page. Nothing here is needed to use the portal.
const each = (selector, fn, root = document) => root.querySelectorAll(selector).forEach(fn);
document.documentElement.classList.add("js");

// The error summary takes the focus, so that it is read out first.
const focusSummary = () => document.querySelector("[data-autofocus]")?.focus();
focusSummary();

// A form that is under way is not sent a second time.
document.addEventListener("submit", (e) => {
  const form = e.target;
  const question = e.submitter?.dataset.confirm || form.dataset.confirm;
  if (question && !confirm(question)) return e.preventDefault();
  if (e.defaultPrevented || form.method !== "post" || "photos" in form.dataset || "download" in form.dataset) return;
  if (form.getAttribute("action") === "/keluar") navigator.serviceWorker?.controller?.postMessage("keluar");
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = "1";
  e.submitter?.setAttribute("aria-busy", "true");
});
// Coming back with the back button makes the forms usable again.
addEventListener("pageshow", () => each("form[data-sent]", (form) => {
  delete form.dataset.sent;
  each("[aria-busy]", (b) => b.removeAttribute("aria-busy"), form);
}));

// "2 jam lalu" stays true while the page is open; the words are the server's.
const number = new Intl.NumberFormat("id-ID");
const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Makassar" });
const midnights = (a, b) => Math.round((Date.parse(day.format(b)) - Date.parse(day.format(a))) / 864e5);
const loaded = Date.now();
function ago(at, now) {
  const minutes = Math.floor((now - at) / 6e4), hours = Math.floor(minutes / 60), days = midnights(at, now);
  if (minutes < 1) return "baru saja";
  if (minutes < 60) return `${minutes} menit lalu`;
  if (hours < 12 || days === 0) return `${hours} jam lalu`;
  if (days === 1) return "kemarin";
  return `${number.format(days)} hari lalu`;
}
function tick() {
  // The reader's clock may be wrong: only the time since loading is taken from it.
  const served = Date.parse(document.querySelector("meta[name=waktu]")?.content);
  if (!served) return;
  const now = served + Date.now() - loaded;
  each("time[data-ago]", (el) => {
    const at = Date.parse(el.dateTime);
    if (at <= now && now - at < 25 * 864e5) el.textContent = ago(at, now);
  });
}
setInterval(tick, 6e4);

// Remaining characters. The server decides; this only warns in time.
function counters(root) {
  each("textarea[data-max]", (area) => {
    const max = Number(area.dataset.max);
    const out = document.createElement("p");
    out.className = "counter";
    out.setAttribute("aria-live", "polite");
    const show = () => {
      const left = max - [...area.value].length;
      out.toggleAttribute("data-over", left < 0);
      out.textContent = left < 0 ? `${number.format(-left)} huruf terlalu banyak` : left <= max / 4 ? `Sisa ${number.format(left)} huruf` : "";
    };
    area.after(out);
    area.addEventListener("input", show);
    show();
  }, root);
}
counters(document);

// Files that are too large are named before they are sent: that takes long on a phone.
addEventListener("change", ({ target: input }) => {
  const most = Number(input.dataset.most) * 2 ** 20;
  if (!most) return;
  const sizes = [...input.files].map((file) => file.size);
  const large = Math.max(0, ...sizes) > most || sizes.reduce((a, b) => a + b, 0) > 4 * most;
  input.setCustomValidity(large ? `Satu berkas paling besar ${input.dataset.most} MB, semuanya ${4 * input.dataset.most} MB. Pilih lagi.` : "");
  input.reportValidity();
});

// Menus close with Escape and with a click elsewhere.
const menus = "details.menu[open], details.phone-nav[open]";
addEventListener("keydown", (e) => e.key === "Escape" && each(menus, (m) => {
  m.open = false;
  m.querySelector("summary").focus();
}));
addEventListener("click", (e) => each(menus, (m) => { if (!m.contains(e.target)) m.open = false; }));

document.addEventListener("click", async (e) => {
  const button = e.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) return print();
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Tersalin";
  } catch {
    button.textContent = "Tidak bisa menyalin. Salin sendiri, ya.";
  }
  setTimeout(() => { button.textContent = label; }, 3000);
});

// Parts marked data-live are fetched anew when their stream says so. Only a
// page that somebody looks at keeps its stream open.
const streams = new Map();
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  each("[data-live][id]", (part) => {
    const next = fresh.getElementById(part.id);
    // Never under somebody's fingers, nor what they already typed.
    if (!next || part.contains(document.activeElement) || "touched" in part.dataset) return;
    part.replaceChildren(...next.childNodes);
    part.dispatchEvent(new Event("portal:fresh", { bubbles: true }));
  });
}
// One look at a time, and not all pages that heard of an event in the same moment.
let planned = false, looking = Promise.resolve();
async function look() {
  if (planned) return;
  planned = true;
  await new Promise((done) => setTimeout(done, 150 + Math.random() * 400));
  await looking;
  planned = false;
  looking = refresh().catch(() => {});
}
function listen() {
  each("[data-live]", ({ dataset: { live } }) => {
    if (document.hidden || !live || streams.has(live)) return;
    const stream = new EventSource(live);
    stream.addEventListener("message", look);
    streams.set(live, stream);
  });
}
// A screen that nobody touches looks by itself.
each("[data-every]", ({ dataset: { every } }) => setInterval(() => document.hidden || look(), every * 1000));
document.addEventListener("input", (e) => {
  const part = e.target.closest("[data-live]");
  if (part) part.dataset.touched = "";
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    streams.forEach((s) => s.close());
    streams.clear();
  } else listen();
});
listen();

// Other bundles replace parts of a page; they call this on what is new.
addEventListener("portal:replaced", (e) => { counters(e.target); focusSummary(); });
addEventListener("portal:fresh", (e) => counters(e.target));
