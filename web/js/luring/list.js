// The list of what is kept on this phone.
export const el = (tag, props, ...inner) => {
  const e = Object.assign(document.createElement(tag), props);
  e.append(...inner);
  return e;
};

// A worker that died while sending says nothing; after so long it is not waited for.
const sendingFor = 12e4;

export function draw(list, items, { edit, remove }) {
  const had = document.activeElement?.dataset?.key;
  list.replaceChildren(...items.map((item) => {
    const button = (text, act, question) => {
      const b = el("button", { type: "button", className: "ds-button", textContent: text });
      b.dataset.variant = "tertiary";
      b.dataset.key = item.key + text;
      b.setAttribute("aria-label", `${text}: ${item.title || "tanpa judul"}`);
      b.addEventListener("click", () => (!question || confirm(question)) && act(item));
      return b;
    };
    const drop = (question) => button("Hapus", remove, question);
    const row = el("li", {}, el("b", { textContent: item.title || "(belum ada judul)" }));
    const line = (...inner) => row.append(el("p", {}, ...inner));
    const gone = item.proof ? "Hapus bukti ini dari HP? Fotonya tidak bisa dikembalikan." : "Hapus laporan ini dari HP? Isi dan fotonya tidak bisa dikembalikan.";
    if (item.state === "terkirim" && item.proof) {
      line("Terkirim, menunggu pemeriksa hasil. ", drop());
    } else if (item.state === "terkirim") {
      const { nomor, kode, tautan, konfirmasi, tertahan } = item.receipt;
      line("Terkirim. Nomor ", el("b", { textContent: nomor, className: "num" }), ", kode singkat ", el("b", { textContent: kode, className: "num" }), ".");
      if (tertahan) line("Laporan diproses sesudah Anda memasukkan kode dari pesan kami. Buka laporannya, lalu masukkan kodenya.");
      else if (konfirmasi) line("Kami mengirim kode ke kontak Anda. Buka laporannya, lalu masukkan kodenya supaya kabar dikirim ke sana.");
      line(el("a", { className: "ds-link", href: tautan, textContent: "Buka laporan" }), " ", drop("Sudah mencatat nomor dan kodenya? Laporan tetap kami proses, tetapi tidak lagi terlihat di HP ini."));
    } else if (item.state === "ditolak") {
      line("Belum bisa kami terima:");
      row.append(el("ul", {}, ...item.problems.map((p) => el("li", { textContent: p.pesan }))));
      line(button(item.proof ? "Kirim lagi" : "Perbaiki", edit), drop(gone));
    } else if (item.state === "ditulis") {
      line("Belum selesai ditulis.");
      line(button("Lanjutkan", edit), drop(gone));
    } else if (Date.now() - item.sending < sendingFor) {
      line("Sedang dikirim… ", el("progress", { ariaLabel: "Sedang dikirim" }));
    } else {
      if (item.away) line("Belum terkirim: ", el("a", { className: "ds-link", href: "/masuk", textContent: "masuk" }), " dahulu dengan akun Anda.");
      else line(item.tried ? "Menunggu jaringan. Sudah pernah dicoba; sekalipun tadi sudah sampai, tetap terhitung satu." : "Menunggu jaringan.");
      line(...(item.tried || item.proof ? [] : [button("Ubah", edit)]), drop(item.tried ? `${gone} Yang tadi sudah sampai tetap kami proses.` : gone));
    }
    return row;
  }));
  if (had) list.querySelector(`[data-key="${CSS.escape(had)}"]`)?.focus();
}
