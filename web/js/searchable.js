const fold = (s) => s.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9 ]+/g, " ");

// Puts a search box over a long list of choices. Every word typed must begin
// some word of the label or of data-words, so "lampu ma" finds "lampu mati".
export function searchable(box) {
  if (box.querySelector(".filter-search")) return;
  const items = [...box.querySelectorAll(".choice")].map((el) => {
    const input = el.querySelector("input");
    return { el, input, words: ` ${fold(`${el.textContent} ${input.dataset.words ?? ""}`)}` };
  });
  const wrap = document.createElement("div");
  wrap.className = "ds-field filter-search";
  const id = `cari-${items[0]?.input.name ?? "pilihan"}`;
  const label = document.createElement("label");
  label.className = "ds-label";
  label.htmlFor = id;
  label.textContent = box.dataset.searchable;
  const search = document.createElement("input");
  Object.assign(search, { id, type: "search", className: "ds-input", autocomplete: "off" });
  const found = document.createElement("p");
  found.className = "counter";
  found.setAttribute("role", "status");
  wrap.append(label, search, found);
  box.prepend(wrap);
  search.addEventListener("input", () => {
    const words = fold(search.value).split(" ").filter(Boolean);
    let n = 0;
    for (const { el, input, words: all } of items) {
      const match = words.every((w) => all.includes(` ${w}`));
      el.hidden = !match && !input.checked;
      if (match) n++;
    }
    // A heading without choices below it disappears with them.
    box.querySelectorAll(".choices-group").forEach((h) => {
      let next = h.nextElementSibling, any = false;
      for (; next && !next.matches(".choices-group"); next = next.nextElementSibling) any ||= !next.hidden;
      h.hidden = !any;
    });
    found.textContent = !words.length ? "" : n ? `${n} pilihan` : box.dataset.none;
  });
  // Enter chooses the only match instead of sending the form.
  search.addEventListener("keydown", (e) => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    const visible = items.filter(({ el }) => !el.hidden);
    if (visible.length === 1) visible[0].input.checked = true;
    visible[0]?.input.focus();
  });
}
