// Maps: one point to choose (loaded by pin.js on request), many points to look at.
import L from "leaflet";

const credit = '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>';

function base(el, { tiles, center, zoom }) {
  const map = L.map(el, { center, zoom, maxZoom: 19, zoomControl: false });
  L.control.zoom({ zoomInTitle: "Perbesar", zoomOutTitle: "Perkecil" }).addTo(map);
  map.attributionControl.setPrefix(false);
  if (tiles) L.tileLayer(tiles, { maxZoom: 19, attribution: credit }).addTo(map);
  return map;
}

const icon = (tone = "accent") => L.divIcon({
  className: `pin-mark tone-${tone}`,
  html: '<svg viewBox="0 0 24 32" aria-hidden="true"><path d="M12 31C5 21 1 16.500 1 11.500a11 11 0 0 1 22 0C23 16.500 19 21 12 31z"/><circle cx="12" cy="11.500" r="4.200"/></svg>',
  iconSize: [30, 40],
  iconAnchor: [15, 39],
  popupAnchor: [0, -34],
});

// pick shows a map with one pin. Tapping moves the pin there, dragging works,
// and with the pin focused the arrow keys move it (with Shift ten times as far).
export function pick(el, { tiles, center, point, fixed, moved }) {
  const map = base(el, { tiles, center: point ?? center, zoom: point ? 17 : 13 });
  let marker;
  const place = (at) => {
    if (marker) return marker.setLatLng(at);
    marker = L.marker(at, { icon: icon("bodo"), draggable: !fixed, keyboard: true, autoPan: true, alt: fixed ? "Lokasi laporan" : "Titik lokasi. Panah menggeser titik, Shift dan panah menggeser lebih jauh." }).addTo(map);
    const mark = marker.getElement();
    mark.setAttribute("role", fixed ? "img" : "button");
    mark.setAttribute("aria-label", marker.options.alt);
    if (fixed) return marker;
    marker.on("dragend", () => tell(marker.getLatLng()));
    mark.addEventListener("keydown", (e) => {
      const step = (e.shiftKey ? 60 : 6);
      const by = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] }[e.key];
      if (!by) return;
      e.preventDefault();
      e.stopPropagation();
      const to = map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(by));
      marker.setLatLng(to);
      map.panInside(to, { padding: [60, 60] });
      tell(to);
    });
    return marker;
  };
  const tell = ({ lat, lng }) => moved([lat, lng]);
  if (point) place(point);
  if (!fixed) {
    map.on("click", (e) => { place(e.latlng); tell(e.latlng); });
    // Enter on the map itself puts the pin in its middle: no mouse needed.
    el.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" || e.target !== el) return;
      e.preventDefault();
      const at = map.getCenter();
      place(at).getElement().focus();
      tell(at);
    });
    el.setAttribute("aria-label", "Peta. Panah menggeser peta, Enter menaruh titik di tengah.");
  }
  el.setAttribute("role", "application");
  return { move: (at) => { place(at); map.setView(at, 17); } };
}

// many shows the points of a piece of the map, fetched anew whenever it moves:
// data-map is an address that answers ?bbox=west,south,east,north&zoom=n with a
// GeoJSON FeatureCollection. A feature's properties are title, href, tone and
// meta, or count when it stands for several.
async function many(el) {
  const map = base(el, { tiles: el.dataset.tiles, center: el.dataset.center.split(",").map(Number), zoom: Number(el.dataset.zoom) || 12 });
  const layer = L.layerGroup().addTo(map);
  const note = document.createElement("p");
  note.className = "map-note";
  note.setAttribute("role", "status");
  el.append(note);
  let turn;
  const load = async () => {
    turn?.abort();
    turn = new AbortController();
    const b = map.getBounds().pad(0.1);
    const url = new URL(el.dataset.map, location.href);
    url.searchParams.set("bbox", [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((n) => n.toFixed(5)).join(","));
    url.searchParams.set("zoom", map.getZoom());
    try {
      const answer = await fetch(url, { signal: turn.signal, headers: { Accept: "application/geo+json, application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const { features = [], truncated } = await answer.json();
      layer.clearLayers();
      features.forEach((f) => layer.addLayer(mark(map, f)));
      note.textContent = !features.length ? "Belum ada laporan di bagian peta ini." : truncated ? "Terlalu banyak untuk ditampilkan. Perbesar peta." : "";
    } catch (problem) {
      if (problem.name !== "AbortError") note.textContent = "Data peta belum bisa dimuat. Geser peta untuk mencoba lagi.";
    }
  };
  map.on("moveend", load);
  load();
}

function mark(map, { geometry: { coordinates: [lng, lat] }, properties: p }) {
  if (!(p.count > 1)) return L.marker([lat, lng], { icon: icon(p.tone), title: p.title, alt: p.title }).bindPopup(() => popup(p));
  const size = p.count < 10 ? 38 : p.count < 100 ? 46 : 56;
  const words = `${p.count} laporan. Perbesar.`;
  return L.marker([lat, lng], { icon: L.divIcon({ className: "pin-group", html: `<b>${Number(p.count).toLocaleString("id-ID")}</b>`, iconSize: [size, size] }), title: words, alt: words })
    .on("click keypress", () => map.setView([lat, lng], Math.min(19, map.getZoom() + 2)));
}

function popup({ title, href, meta }) {
  const box = document.createElement("div"), link = document.createElement("a");
  link.href = href;
  link.textContent = title;
  box.append(link);
  if (meta) {
    const line = document.createElement("p");
    line.textContent = meta;
    box.append(line);
  }
  return box;
}

document.querySelectorAll("[data-map]").forEach(many);
