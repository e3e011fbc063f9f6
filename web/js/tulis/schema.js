// What a letter may say: the subset of internal/eoffice/text, which cleans it again.
import { Schema } from "prosemirror-model";
import { tableNodes } from "prosemirror-tables";

const list = (tag) => ({ content: "list_item+", group: "block list", parseDOM: [{ tag }], toDOM: () => [tag, 0] });
const mark = (tag, ...also) => ({ parseDOM: [tag, ...also].map((t) => ({ tag: t })), toDOM: () => [tag, 0] });

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      attrs: { level: { default: 2 } },
      content: "inline*",
      group: "block",
      defining: true,
      parseDOM: [2, 3].map((level) => ({ tag: `h${level}`, attrs: { level } })),
      toDOM: (node) => [`h${node.attrs.level}`, 0],
    },
    bullet_list: list("ul"),
    ordered_list: list("ol"),
    list_item: { content: "paragraph list?", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
    ...tableNodes({ tableGroup: "block", cellContent: "paragraph+", cellAttributes: {} }),
    text: { group: "inline" },
    hard_break: { inline: true, group: "inline", selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: { strong: mark("strong", "b"), em: mark("em", "i"), u: mark("u") },
});
