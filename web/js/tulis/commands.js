// What the tools and keys of the editor do.
import { chainCommands, exitCode, setBlockType, toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { TextSelection } from "prosemirror-state";
import {
  addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, selectedRect, toggleHeaderRow,
} from "prosemirror-tables";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const maxDepth = 2; // of lists in lists; the paper shows no more

const above = (state, type) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if (type($from.node(depth).type)) return $from.node(depth);
  return null;
};
const isList = (type) => type === nodes.bullet_list || type === nodes.ordered_list;

const listDepth = ({ selection: { $from } }) => {
  let n = 0;
  for (let depth = $from.depth; depth > 0; depth--) if (isList($from.node(depth).type)) n++;
  return n;
};

export const hasMark = (name) => (state) => {
  const { from, to, empty, $from } = state.selection;
  if (empty) return Boolean(marks[name].isInSet(state.storedMarks || $from.marks()));
  return state.doc.rangeHasMark(from, to, marks[name]);
};
export const isBlock = (name, attrs = {}) => ({ selection: { $from } }) =>
  $from.parent.type === nodes[name] && Object.entries(attrs).every(([key, value]) => $from.parent.attrs[key] === value) && !(name === "paragraph" && $from.depth > 1);
export const inList = (name) => (state) => above(state, isList)?.type === nodes[name];
export const inTable = isInTable;

export const bold = toggleMark(marks.strong);
export const italic = toggleMark(marks.em);
export const underline = toggleMark(marks.u);
export const paragraph = setBlockType(nodes.paragraph);
export const heading = (level) => setBlockType(nodes.heading, { level });
export { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, redo, toggleHeaderRow, undo };

// list makes a list, changes its kind, or ends it.
export const list = (name) => (state, dispatch) => {
  const around = above(state, isList);
  if (!around) return wrapInList(nodes[name])(state, dispatch);
  if (around.type === nodes[name]) return liftListItem(nodes.list_item)(state, dispatch);
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth) === around) {
      dispatch?.(state.tr.setNodeMarkup($from.before(depth), nodes[name]));
      return true;
    }
  }
  return false;
};

export const indent = (state, dispatch) => listDepth(state) < maxDepth && sinkListItem(nodes.list_item)(state, dispatch);
export const outdent = liftListItem(nodes.list_item);

export const insertTable = (state, dispatch) => {
  if (isInTable(state) || listDepth(state) > 0) return false;
  const row = (cell) => nodes.table_row.create(null, Array.from({ length: 3 }, () => cell.createAndFill()));
  const table = nodes.table.create(null, [row(nodes.table_header), row(nodes.table_cell), row(nodes.table_cell)]);
  if (dispatch) {
    const { $from } = state.selection;
    const empty = $from.parent.content.size === 0;
    const at = empty ? $from.before() : $from.after();
    const tr = empty ? state.tr.replaceWith(at, $from.after(), table) : state.tr.insert(at, table);
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1))).scrollIntoView());
  }
  return true;
};

const lineBreak = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});

// Tab goes to the next cell, past the last one into a new row unless that one is still
// empty; it moves an item in a list deeper where the item begins. Else it leaves the editor.
const lastRowIsEmpty = (state) => {
  const { table } = selectedRect(state);
  return table.lastChild.textContent === "";
};
const nextRow = (state, dispatch, view) => {
  if (!isInTable(state) || lastRowIsEmpty(state)) return false;
  if (dispatch) {
    addRowAfter(state, dispatch);
    goToNextCell(1)(view.state, view.dispatch);
  }
  return true;
};
const atStart = (command) => (state, dispatch) => state.selection.empty && state.selection.$from.parentOffset === 0 && command(state, dispatch);

// beforeTable makes room above a table that begins the letter.
const beforeTable = (state, dispatch) => {
  if (!isInTable(state) || state.doc.firstChild.type !== nodes.table || state.selection.$from.index(0) !== 0 || selectedRect(state).top !== 0) return false;
  if (dispatch) {
    const tr = state.tr.insert(0, nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.create(tr.doc, 1)).scrollIntoView());
  }
  return true;
};

export const keys = {
  "Mod-b": bold, "Mod-i": italic, "Mod-u": underline,
  "Mod-z": undo, "Mod-y": redo, "Mod-Shift-z": redo,
  "Mod-Alt-0": paragraph, "Mod-Alt-1": heading(2), "Mod-Alt-2": heading(3),
  "Mod-Shift-8": list("bullet_list"), "Mod-Shift-7": list("ordered_list"),
  "Enter": splitListItem(nodes.list_item), "Shift-Enter": lineBreak,
  "Mod-]": indent, "Mod-[": outdent,
  "Tab": chainCommands(goToNextCell(1), nextRow, atStart(indent)),
  "Shift-Tab": chainCommands(goToNextCell(-1), atStart(outdent)),
  "ArrowUp": beforeTable,
};
