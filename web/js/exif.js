// Reads place and time out of a JPEG's EXIF block: just what the portal asks
// for, from the first 128 KiB. Whatever looks odd gives nothing.
export async function readExif(file) {
  try {
    return parse(new DataView(await file.slice(0, 131072).arrayBuffer()));
  } catch {
    return {};
  }
}

function parse(view) {
  if (view.getUint16(0) !== 0xffd8) return {};
  for (let at = 2; at + 4 < view.byteLength;) {
    const marker = view.getUint16(at), size = view.getUint16(at + 2);
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return tiff(new DataView(view.buffer, at + 10));
    // Picture data begins: no EXIF block comes after it.
    if (marker === 0xffda || (marker & 0xff00) !== 0xff00) return {};
    at += 2 + size;
  }
  return {};
}

function tiff(view) {
  const little = view.getUint16(0) === 0x4949;
  const u16 = (at) => view.getUint16(at, little), u32 = (at) => view.getUint32(at, little);
  const entries = (at) => {
    const found = new Map();
    for (let n = u16(at), i = 0; i < n; i++) found.set(u16(at + 2 + i * 12), at + 2 + i * 12);
    return found;
  };
  const text = (entry) => {
    if (!entry) return "";
    const n = u32(entry + 4), at = n > 4 ? u32(entry + 8) : entry + 8;
    let s = "";
    for (let i = 0; i < Math.min(n, 32); i++) s += String.fromCharCode(view.getUint8(at + i));
    return s.replace(/\0.*$/s, "").trim();
  };
  const degrees = (entry, ref) => {
    if (!entry || u16(entry + 2) !== 5 || u32(entry + 4) !== 3) return NaN;
    const at = u32(entry + 8);
    const [d, m, s] = [0, 8, 16].map((i) => u32(at + i) / (u32(at + i + 4) || NaN));
    const value = d + m / 60 + (Number.isNaN(s) ? 0 : s / 3600);
    return /[SW]/.test(ref) ? -value : value;
  };
  const main = entries(u32(4)), out = {};
  if (main.has(0x8825)) {
    const gps = entries(u32(main.get(0x8825) + 8));
    const lat = degrees(gps.get(2), text(gps.get(1))), lng = degrees(gps.get(4), text(gps.get(3)));
    // Cameras without a fix write 0,0.
    if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && (lat || lng)) Object.assign(out, { lat, lng });
  }
  if (main.has(0x8769)) {
    const photo = entries(u32(main.get(0x8769) + 8));
    const taken = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text(photo.get(0x9003)) || text(main.get(0x0132)));
    const zone = /^[+-]\d\d:\d\d$/.exec(text(photo.get(0x9011)));
    if (taken) out.time = `${taken[1]}-${taken[2]}-${taken[3]}T${taken[4]}${zone ? zone[0] : ""}`;
  }
  return out;
}
