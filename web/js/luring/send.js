import { all, change } from "./store.js";

// After so long a report is looked at again before it goes out.
const stale = 30 * 864e5;

// sendAll sends what waits, one after the other, and tells whether something still waits.
// Only one page or worker sends at a time; were two to do so, the portal would still make
// one report of a key.
export function sendAll() {
  if (!navigator.locks) return each();
  return navigator.locks.request("luring", { ifAvailable: true }, (lock) => lock ? each() : false);
}

async function each() {
  // Surely without network: a report that was never tried can still be changed.
  if (!navigator.onLine) return true;
  for (const { key, state, later } of await all()) {
    if (state !== "menunggu" || later > Date.now()) continue;
    if (!await send(key)) return true;
  }
  return false;
}

// send returns false when there is no point in trying the next one now.
async function send(key) {
  const item = await change(key, (i) => i.state !== "menunggu" ? undefined
    : Date.now() - i.at > stale ? { ...i, state: "ditolak", problems: [{ pesan: "Sudah lebih dari 30 hari. Periksa, lalu simpan lagi bila masih perlu." }] }
    : { ...i, tried: true, sending: Date.now() });
  if (item?.state !== "menunggu") return true;
  const wait = (later = 0, away = false) => change(key, (i) => ({ ...i, sending: 0, later, away }));
  let response, answer;
  try {
    // A report without cookies: whoever is signed in on this phone by then need not be who
    // wrote it. A proof says who wrote it, and the portal refuses it of anybody else.
    response = await fetch(item.to, {
      method: "POST", body: body(item), credentials: item.proof ? "same-origin" : "omit", redirect: "manual", cache: "no-store",
    });
    if (response.headers.get("Content-Type")?.startsWith("application/json")) answer = await response.json();
  } catch {
    await wait();
    return false;
  }
  if (response.ok && answer?.nomor) {
    await change(key, ({ title, proof }) => ({ key, title, proof, to: item.to, at: item.at, state: "terkirim", sent: Date.now(), receipt: answer }));
    return true;
  }
  if (response.status < 500 && answer?.galat) {
    // Refused for sure: it may be put right under the same key.
    await change(key, (i) => ({ ...i, sending: 0, tried: false, state: "ditolak", problems: answer.galat }));
    return true;
  }
  if (response.status === 413) {
    await change(key, (i) => ({ ...i, sending: 0, tried: false, state: "ditolak", problems: [{ isian: "foto", pesan: "Fotonya terlalu besar. Hapus satu foto." }] }));
    return true;
  }
  // The sign-in page is ahead.
  if (response.type === "opaqueredirect" && item.proof) {
    await wait(0, true);
    return true;
  }
  // Too many at once, a fault of the portal, or another network's sign-in page.
  await wait(Date.now() + Math.min(Number(response.headers.get("Retry-After")) || 60, 3600) * 1000);
  return false;
}

function body({ key, fields, photos }) {
  const form = new FormData();
  form.append("kunci", key);
  for (const [name, value] of fields) form.append(name, value);
  for (const { file, name, exif } of photos) {
    form.append("foto_info", [exif.lat?.toFixed(6) ?? "", exif.lng?.toFixed(6) ?? "", exif.time ?? ""].join(";"));
    form.append("foto", file, name);
  }
  return form;
}
