const chosen = "Titik sudah ditunjuk. Geser di peta bila kurang tepat.";

// The stub of a map: finds the device's place, and loads the map itself only
// when somebody asks for it.
export function pin(box) {
  const status = box.querySelector("[data-pin-status]");
  const area = box.querySelector("[data-pin-map]");
  const opener = box.querySelector("[data-open-map]");
  const field = (name) => name && box.querySelector(`input[name="${name}"]`);
  const lat = field(box.dataset.lat), lng = field(box.dataset.lng);
  const say = (text) => { if (status) status.textContent = text; };
  let map;

  const point = () => (lat?.value && lng?.value ? [Number(lat.value), Number(lng.value)] : null);
  const source = box.querySelector("[data-pin-source]");
  const set = ([y, x], words, how = "pin") => {
    if (!lat) return;
    if (source) source.value = how;
    lat.value = y.toFixed(6);
    lng.value = x.toFixed(6);
    say(words ?? chosen);
    box.dispatchEvent(new CustomEvent("portal:pin", { bubbles: true, detail: { lat: y, lng: x } }));
  };
  if (point()) say(chosen);

  opener?.addEventListener("click", async () => {
    opener.setAttribute("aria-busy", "true");
    try {
      if (!document.querySelector(`link[href="${box.dataset.style}"]`)) {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = box.dataset.style;
        document.head.append(link);
        await new Promise((done) => { link.onload = link.onerror = done; });
      }
      const { pick } = await import(box.dataset.script);
      area.hidden = false;
      opener.hidden = true;
      map = pick(area, {
        tiles: box.dataset.tiles,
        center: box.dataset.center.split(",").map(Number),
        point: "readonly" in box.dataset ? box.dataset.center.split(",").map(Number) : point(),
        fixed: "readonly" in box.dataset,
        moved: set,
      });
      area.focus();
    } catch {
      say("Peta belum bisa dimuat. Coba lagi, atau pilih kelurahan dan tulis patokannya.");
    } finally {
      opener.removeAttribute("aria-busy");
    }
  });

  const locate = box.querySelector("[data-locate]");
  locate?.addEventListener("click", () => {
    if (!navigator.geolocation) return say("Perangkat ini tidak memberi tahu lokasi. Tunjuk di peta saja.");
    locate.setAttribute("aria-busy", "true");
    say("Mencari lokasi Anda…");
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      locate.removeAttribute("aria-busy");
      const here = [coords.latitude, coords.longitude];
      set(here, `Lokasi Anda terbaca, ketepatan sekitar ${Math.round(coords.accuracy)} meter. Periksa di peta bila perlu.`, "device");
      map?.move(here);
    }, (problem) => {
      locate.removeAttribute("aria-busy");
      say(problem.code === 1
        ? "Izin lokasi ditolak. Tunjuk di peta, atau pilih kelurahan dan tulis patokannya."
        : "Lokasi tidak ditemukan. Tunjuk di peta, atau pilih kelurahan dan tulis patokannya.");
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
}
