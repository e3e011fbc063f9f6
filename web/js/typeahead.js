// A long select becomes a box to type in: letters of the code or of any word narrow the
// list, Enter takes the first. The select stays in the form and is what is sent.
const fold = (s) => s.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();

export function typeahead(select) {
  if (select.dataset.ready) return;
  select.dataset.ready = "";
  const label = document.querySelector(`label[for="${select.id}"]`);
  const options = [...select.options].filter((o) => o.value);
  const box = document.createElement("div");
  box.className = "typeahead";
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const listID = `${select.id}-pilihan`;
  Object.assign(input, { type: "text", id: `${select.id}-ketik`, className: "ds-input", autocomplete: "off", placeholder: select.dataset.typeahead });
  for (const [k, v] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listID })) input.setAttribute(k, v);
  for (const k of ["aria-describedby", "aria-invalid", "aria-required"]) if (select.hasAttribute(k)) input.setAttribute(k, select.getAttribute(k));
  list.id = listID;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label?.textContent.trim() ?? "");
  list.hidden = true;
  box.append(input, list);
  select.after(box);
  select.hidden = true;
  if (label) label.htmlFor = input.id;
  const focus = select.hasAttribute("autofocus");
  const chosen = () => select.selectedOptions[0]?.value ? select.selectedOptions[0].textContent : "";
  input.value = chosen();

  let shown = [], at = -1;
  const mark = (i) => {
    at = i;
    [...list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === i)));
    if (i >= 0) {
      input.setAttribute("aria-activedescendant", list.children[i].id);
      list.children[i].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const open = (show) => {
    list.hidden = !show || !shown.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const draw = () => {
    const words = fold(input.value).split(" ").filter(Boolean);
    const code = words.length === 1 ? words[0] : "";
    shown = options.filter((o) => words.every((w) => ` ${fold(o.textContent)}`.includes(` ${w}`)));
    // Who types a whole code means it.
    shown.sort((a, b) => (fold(b.value) === code) - (fold(a.value) === code));
    list.replaceChildren(...shown.map((o, i) => {
      const li = document.createElement("li");
      li.id = `${listID}-${i}`;
      li.setAttribute("role", "option");
      li.textContent = o.textContent;
      li.addEventListener("mousedown", (e) => { e.preventDefault(); take(o); });
      return li;
    }));
    open(true);
    mark(shown.length ? 0 : -1);
  };
  const take = (o) => {
    input.value = o.textContent;
    open(false);
    mark(-1);
    select.value = o.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  input.addEventListener("input", draw);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", () => { open(false); input.value = chosen(); });
  input.addEventListener("keydown", (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      e.preventDefault();
      if (list.hidden) { input.value = ""; draw(); } else mark((at + step + shown.length) % shown.length);
    } else if (e.key === "Enter") {
      if (list.hidden) return;
      e.preventDefault();
      if (shown[at]) take(shown[at]);
    } else if (e.key === "Escape") { open(false); input.value = chosen(); }
  });
  if (focus) input.focus();
}
