// The tools above the text: one stop of the Tab key, arrows go from tool to tool.
import * as c from "./commands.js";

const tools = [
  [
    { text: "Paragraf", title: "Paragraf biasa", key: "Ctrl+Alt+0", run: c.paragraph, on: c.isBlock("paragraph") },
    { text: "Judul", title: "Judul bagian", key: "Ctrl+Alt+1", run: c.heading(2), on: c.isBlock("heading", { level: 2 }) },
    { text: "Subjudul", title: "Subjudul", key: "Ctrl+Alt+2", run: c.heading(3), on: c.isBlock("heading", { level: 3 }) },
  ],
  [
    { text: "B", look: "strong", title: "B, tebal", key: "Ctrl+B", run: c.bold, on: c.hasMark("strong") },
    { text: "I", look: "em", title: "I, miring", key: "Ctrl+I", run: c.italic, on: c.hasMark("em") },
    { text: "U", look: "u", title: "U, garis bawah", key: "Ctrl+U", run: c.underline, on: c.hasMark("u") },
  ],
  [
    { text: "• Daftar", title: "• Daftar bertanda", key: "Ctrl+Shift+8", run: c.list("bullet_list"), on: c.inList("bullet_list") },
    { text: "1. Daftar", title: "1. Daftar bernomor", key: "Ctrl+Shift+7", run: c.list("ordered_list"), on: c.inList("ordered_list") },
    { text: "⇤", title: "Keluarkan butir", key: "Ctrl+[", run: c.outdent },
    { text: "⇥", title: "Masukkan butir", key: "Ctrl+]", run: c.indent },
  ],
  [{ text: "Tabel", title: "Sisipkan tabel", run: c.insertTable }],
  [
    { text: "↶", title: "Urungkan", key: "Ctrl+Z", run: c.undo },
    { text: "↷", title: "Ulangi", key: "Ctrl+Y", run: c.redo },
  ],
];
const tableTools = [
  { text: "+ Baris", title: "+ Baris di bawah", run: c.addRowAfter },
  { text: "+ Kolom", title: "+ Kolom di kanan", run: c.addColumnAfter },
  { text: "− Baris", title: "− Baris: hapus baris ini", run: c.deleteRow },
  { text: "− Kolom", title: "− Kolom: hapus kolom ini", run: c.deleteColumn },
  { text: "Baris kepala", title: "Baris kepala tabel", run: c.toggleHeaderRow },
  { text: "Hapus tabel", title: "Hapus tabel", run: c.deleteTable },
];

// toolbar returns the element and what shows the state of the editor on it.
export function toolbar(label, controls, view) {
  const bar = document.createElement("div");
  bar.className = "tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", label);
  bar.setAttribute("aria-controls", controls);
  const all = [];
  const group = (list, name) => {
    const box = document.createElement("div");
    box.setAttribute("role", "group");
    if (name) box.setAttribute("aria-label", name);
    for (const tool of list) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = tool.key ? `${tool.title} (${tool.key})` : tool.title;
      button.setAttribute("aria-label", tool.title);
      button.tabIndex = -1;
      const text = tool.look ? document.createElement(tool.look) : button;
      text.textContent = tool.text;
      if (text !== button) button.append(text);
      button.addEventListener("mousedown", (e) => e.preventDefault()); // the selection stays
      button.addEventListener("click", () => {
        if (button.getAttribute("aria-disabled") === "true") return;
        tool.run(view().state, view().dispatch, view());
        view().focus();
      });
      all.push({ tool, button, box });
      box.append(button);
    }
    bar.append(box);
    return box;
  };
  for (const list of tools) group(list);
  const inTable = group(tableTools, "Tabel");

  const reachable = () => all.filter(({ box }) => !box.hidden).map(({ button }) => button);
  const stop = (button) => {
    for (const { button: b } of all) b.tabIndex = b === button ? 0 : -1;
  };
  bar.addEventListener("keydown", (e) => {
    const list = reachable();
    const at = list.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[e.key];
    if (e.key === "Escape") return view().focus();
    if (to === undefined || at < 0) return;
    e.preventDefault();
    const next = list[(to + list.length) % list.length];
    stop(next);
    next.focus();
  });

  const show = (state) => {
    inTable.hidden = !c.inTable(state);
    for (const { tool, button } of all) {
      if (tool.on) button.setAttribute("aria-pressed", String(tool.on(state)));
      button.setAttribute("aria-disabled", String(!tool.run(state)));
    }
    if (!reachable().some((b) => b.tabIndex === 0)) stop(all[0].button);
  };
  return { bar, show, focus: () => reachable().find((b) => b.tabIndex === 0)?.focus() };
}
