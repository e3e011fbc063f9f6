// The editor of what a letter says, in the place of the plain field; without this script the
// plain field does. What comes from the clipboard is cleaned by the server, and so is all
// that is kept.
import { baseKeymap } from "prosemirror-commands";
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { DOMParser, DOMSerializer, Slice } from "prosemirror-model";
import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import { keys } from "./tulis/commands.js";
import { schema } from "./tulis/schema.js";
import { toolbar } from "./tulis/toolbar.js";

const reader = DOMParser.fromSchema(schema);
const writer = DOMSerializer.fromSchema(schema);
const elementOf = (html) => new window.DOMParser().parseFromString(html, "text/html").body;

// The text always ends with a paragraph, so that one can go on below a list or a table.
const ending = new Plugin({
  appendTransaction: (_, __, { doc, tr }) => (doc.lastChild.type === schema.nodes.paragraph ? null : tr.insert(doc.content.size, schema.nodes.paragraph.create())),
});

// "[…]" is still to be filled in.
const gaps = new Plugin({
  props: {
    decorations({ doc }) {
      const found = [];
      doc.descendants((node, pos) => {
        if (node.isText) for (const m of node.text.matchAll(/\[…\]/g)) found.push(Decoration.inline(pos + m.index, pos + m.index + m[0].length, { class: "gap" }));
      });
      return DecorationSet.create(doc, found);
    },
  },
});

// Who typed before this script came goes on in the plain field.
for (const plain of document.querySelectorAll("textarea[data-editor]")) if (plain.value === plain.defaultValue) mount(plain);

function mount(plain) {
  const { form, id, name } = plain;
  const source = form.elements.namedItem(plain.dataset.editor);
  const label = form.querySelector(`label[for="${id}"]`);
  label.id = `${id}-label`;
  plain.hidden = true;
  plain.removeAttribute("name"); // what it holds is not sent
  const hint = document.getElementById(`${id}-hint`);
  if (hint) hint.textContent = "Bagian […] perlu diisi. Alt+F10 membuka alat tulis, Shift+Enter memulai baris baru.";
  plain.id = `${id}-polos`;

  const place = document.createElement("div");
  place.className = "editor";
  const said = document.createElement("p");
  said.className = "ds-sr-only";
  said.setAttribute("role", "status");
  plain.after(place, said);

  const waiting = new Set(); // where what is pasted goes when it is clean
  const tools = toolbar("Alat tulis (panah untuk berpindah, Esc untuk kembali ke teks)", id, () => view);
  const view = new EditorView({ mount: place.appendChild(document.createElement("div")) }, {
    state: EditorState.create({
      doc: reader.parse(elementOf(source.value)),
      plugins: [
        keymap({ ...keys, "Alt-F10": () => { tools.focus(); return true; } }),
        keymap(baseKeymap), history(), tableEditing(), ending, gaps,
      ],
    }),
    attributes: {
      id, class: "ds-input naskah", role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id, "aria-required": "true",
      ...(plain.hasAttribute("aria-describedby") && { "aria-describedby": plain.getAttribute("aria-describedby") }),
      ...(plain.hasAttribute("aria-invalid") && { "aria-invalid": "true" }),
    },
    // Before the editor itself looks at it: it would parse what is not clean yet.
    handleDOMEvents: {
      paste(_, event) {
        const html = event.clipboardData?.getData("text/html");
        if (!html || html.includes("data-pm-slice")) return false; // plain, or from here
        event.preventDefault();
        paste(html, event.clipboardData.getData("text/plain"));
        return true;
      },
    },
    dispatchTransaction(tr) {
      for (const range of waiting) Object.assign(range, { from: tr.mapping.map(range.from), to: tr.mapping.map(range.to) });
      view.updateState(view.state.apply(tr));
      tools.show(view.state);
      if (tr.docChanged) form.dispatchEvent(new Event("input"));
    },
  });
  place.prepend(tools.bar);
  view.dispatch(view.state.tr); // the ending; the tools
  label.addEventListener("click", () => view.focus());
  form.addEventListener("formdata", ({ formData }) => {
    const box = document.createElement("div");
    box.append(writer.serializeFragment(view.state.doc.content));
    formData.delete(source.name);
    formData.set(`${name}_html`, box.innerHTML);
  });

  // paste has HTML cleaned and puts it where the selection was, wherever that is meanwhile.
  async function paste(html, text) {
    const { from, to } = view.state.selection;
    const range = { from, to };
    waiting.add(range);
    said.textContent = "Merapikan tempelan…";
    const clean = await cleaned(html);
    waiting.delete(range);
    view.dispatch(view.state.tr.setSelection(TextSelection.between(view.state.doc.resolve(range.from), view.state.doc.resolve(range.to))));
    if (clean === null) view.pasteText(text);
    else insert(clean);
    said.textContent = clean === null ? "Ditempel sebagai teks biasa." : "Ditempel dan dirapikan.";
  }

  // insert keeps a list or table that is pasted first apart from the paragraph where it is
  // pasted; all else joins it.
  function insert(clean) {
    const { selection: { $from }, tr } = view.state;
    const { content } = reader.parse(elementOf(clean));
    if ($from.depth > 1 || content.firstChild.type === schema.nodes.paragraph) return view.pasteHTML(clean);
    view.dispatch(tr.replaceSelection(new Slice(content, 0, 0)).scrollIntoView());
  }

  // cleaned is null without a network, and for what is too long to be a letter.
  async function cleaned(html) {
    try {
      const answer = await fetch(plain.dataset.clean, { method: "POST", body: new URLSearchParams({ html }), redirect: "manual" });
      return answer.ok ? await answer.text() : null;
    } catch {
      return null;
    }
  }
}
