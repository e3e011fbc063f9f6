// The form of a letter saves by itself: two seconds after the last key, and when the page is
// left. One save at a time; what was typed meanwhile goes with the next. Nothing is kept in
// the browser: letters may be secret.
const form = document.querySelector("form[data-autosave]");

if (form) {
  const line = form.querySelector("[data-saved]");
  const version = form.elements.namedItem("versi");
  const say = (text, tone = "") => { line.textContent = text; line.dataset.tone = tone; };
  let dirty = false, saving = false, timer, stopped = false;

  const save = async (leaving = false) => {
    clearTimeout(timer);
    if (!dirty || saving || stopped) return;
    dirty = false;
    saving = true;
    if (!leaving) say("Menyimpan…");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: leaving, redirect: "manual" });
      if (answer.status === 204) {
        version.value = answer.headers.get("X-Versi");
        say(`Tersimpan ${new Date().toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" })}`);
      } else if (answer.status === 409) {
        stopped = true;
        say("Konsep ini diubah di tempat lain. Salin tulisan Anda, lalu muat ulang halaman.", "danger");
      } else if (answer.type === "opaqueredirect" || answer.status === 401) {
        dirty = true;
        say("Anda sudah keluar. Masuk lagi di tab lain; tulisan Anda tetap di sini.", "danger");
      } else if (answer.status === 422) {
        say("Belum tersimpan: ada isian yang perlu diperbaiki. Tekan Simpan konsep untuk melihatnya.", "danger");
      } else throw new Error(String(answer.status));
    } catch {
      dirty = true;
      say("Belum tersimpan, tanpa jaringan. Dicoba lagi sebentar lagi.", "danger");
      timer = setTimeout(save, 10_000);
    }
    saving = false;
    if (dirty && !stopped && !timer) timer = setTimeout(save, 2000);
  };

  form.addEventListener("input", (e) => {
    if (e.target.name === "cari" || e.target.type === "password") return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  });
  form.addEventListener("submit", () => { stopped = true; clearTimeout(timer); });
  addEventListener("pagehide", () => save(true));
  addEventListener("online", () => save());
}
