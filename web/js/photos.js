import { readExif } from "./exif.js";
import { shrink } from "./shrink.js";

// What was chosen outlives a refused form: it waits here while the page is
// replaced by the server's answer.
let kept;

export function photos(form) {
  const input = form.querySelector("input[data-photo]");
  const panel = form.querySelector("[data-upload]");
  if (!input || !window.XMLHttpRequest || !window.FormData) return;
  form.dataset.ready = "";
  // A report's first photos make its draft, so its form comes back with another address.
  const mine = kept && (kept.action === form.action || document.querySelectorAll("form[data-photos]").length === 1);
  const chosen = mine ? kept.chosen : [];
  if (mine) kept = undefined;
  const say = (text) => {
    panel.hidden = !text;
    panel.querySelector("[data-upload-text]").textContent = text;
    panel.querySelector("progress").hidden = true;
  };

  pick(form, chosen, say);

  let under = false;
  form.addEventListener("submit", async (e) => {
    // Without photos, and for other buttons of the form, the browser sends.
    if (chosen.length === 0 || e.submitter?.hasAttribute("formaction")) return;
    e.preventDefault();
    if (under) return;
    under = true;
    const button = e.submitter;
    button?.setAttribute("aria-busy", "true");
    say("Menyiapkan foto…");
    await Promise.all(chosen.map((p) => p.ready));
    const body = new FormData(form);
    if (button?.name) body.append(button.name, button.value);
    body.delete(input.name);
    for (const { file, exif } of chosen) {
      body.append(`${input.name}_info`, [exif.lat?.toFixed(6) ?? "", exif.lng?.toFixed(6) ?? "", exif.time ?? ""].join(";"));
      body.append(input.name, file, file.name);
    }
    kept = { action: form.action, chosen };
    send(form, body, panel, (problem) => {
      under = false;
      button?.removeAttribute("aria-busy");
      if (problem) say(problem);
    });
  });
}

// pick fills chosen from a form's photo controls, makes each photo small and shows them with
// a way to remove one. It gives draw, for whoever changes chosen from outside.
export function pick(form, chosen, say) {
  const input = form.querySelector("input[data-photo]");
  const list = form.querySelector("[data-previews]");
  const max = Number(input.dataset.max) || 5;
  // The control that opens the camera adds to the same list.
  const more = [...form.querySelectorAll("input[data-photo-more]")];
  for (const from of [input, ...more]) from.addEventListener("change", () => {
    const room = max - chosen.length;
    const files = [...from.files];
    from.value = "";
    say(files.length > room ? `Paling banyak ${max} foto. ${files.length - room} foto tidak ikut.` : "");
    files.slice(0, Math.max(0, room)).forEach(add);
  });

  async function add(file) {
    const photo = { file, exif: {}, url: URL.createObjectURL(file), busy: true };
    chosen.push(photo);
    draw();
    photo.ready = (async () => {
      // Place and time are read from the original; the smaller copy has none.
      if (!isPDF(file)) {
        photo.exif = await readExif(file);
        photo.file = await shrink(file);
      }
      photo.busy = false;
      draw();
    })();
  }

  function draw() {
    list.hidden = chosen.length === 0;
    list.replaceChildren(...chosen.map((photo, i) => {
      const item = document.createElement("li");
      item.toggleAttribute("data-busy", photo.busy);
      const image = document.createElement(isPDF(photo.file) ? "span" : "img");
      if (isPDF(photo.file)) {
        image.className = "document";
        image.textContent = "PDF";
      } else {
        image.src = photo.url;
        image.alt = `Foto ${i + 1}`;
      }
      const size = document.createElement("span");
      size.className = "size";
      size.textContent = photo.busy ? "" : `${Math.max(1, Math.round(photo.file.size / 1024))} KB`;
      size.hidden = photo.busy;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "ds-button";
      remove.textContent = "Hapus";
      remove.setAttribute("aria-label", `Hapus foto ${i + 1}`);
      remove.addEventListener("click", () => {
        URL.revokeObjectURL(photo.url);
        chosen.splice(chosen.indexOf(photo), 1);
        draw();
        (list.querySelectorAll("button")[Math.min(i, chosen.length - 1)] ?? input).focus();
      });
      item.append(image, size, remove);
      return item;
    }));
  }
  draw();
  return draw;
}

const isPDF = (file) => file.type === "application/pdf";

// send posts with a progress bar. There is no time limit: on a slow link the
// server watches the progress, and so does the reader.
function send(form, body, panel, done) {
  const text = panel.querySelector("[data-upload-text]"), bar = panel.querySelector("progress");
  const request = new XMLHttpRequest();
  panel.hidden = bar.hidden = false;
  request.upload.addEventListener("progress", (e) => {
    if (!e.lengthComputable) return;
    bar.value = (e.loaded / e.total) * 100;
    text.textContent = e.loaded < e.total ? `Mengirim foto, ${Math.round(bar.value)}%` : "Terkirim. Menunggu jawaban…";
  });
  const again = "Foto Anda masih ada di sini. Tekan tombol kirim sekali lagi.";
  request.addEventListener("error", () => done(`Sambungan terputus. ${again}`));
  request.addEventListener("abort", () => done(`Pengiriman dihentikan. ${again}`));
  request.addEventListener("load", () => {
    if (request.status >= 200 && request.status < 300) return location.assign(request.responseURL);
    // Wrong, too late, or not one's part: the page says so and holds what was typed.
    if ([403, 409, 410, 422].includes(request.status)) return replace(request.responseText, done);
    if (request.status === 413) return done("Foto terlalu besar. Hapus satu foto, lalu kirim lagi.");
    if (request.status === 429) return done(`Terlalu sering mengirim. Tunggu sebentar. ${again}`);
    done(`Belum berhasil terkirim (kode ${request.status}). ${again}`);
  });
  request.open("POST", form.action);
  request.send(body);
}

// replace shows the refused form in place, so that the photos stay.
function replace(html, done) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("main");
  const main = document.querySelector("main");
  if (!fresh || !main) return done("Ada isian yang perlu diperbaiki.");
  main.replaceChildren(...fresh.childNodes);
  main.dispatchEvent(new Event("portal:replaced", { bubbles: true }));
  scrollTo(0, 0);
}
