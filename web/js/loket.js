// The counter is one form that is sent piece by piece; with scripts only the form is
// replaced, and hands stay on the keyboard.
import { typeahead } from "./typeahead.js";

const fields = "input:not([type=hidden], [tabindex='-1']), select, textarea, button:not([tabindex='-1'])";
const visible = (el) => !el.disabled && el.getClientRects().length > 0;

// What comes after el on the page, for hands that press Enter.
const after = (form, el) => {
  const all = [...form.querySelectorAll(fields)].filter(visible);
  return all[all.indexOf(el) + 1];
};

document.addEventListener("keydown", (e) => {
  const form = e.target.closest?.("form[data-enter]");
  if (!form || e.key !== "Enter" || e.defaultPrevented || e.isComposing || e.ctrlKey || e.altKey || e.shiftKey) return;
  const el = e.target;
  // A search and a button do what they say; a text of several lines gets its line.
  if (el.matches("button, a, textarea, [type=search], #cari")) return;
  e.preventDefault();
  let next = el.id === "semua" && el.checked ? form.querySelector("[data-last]") : after(form, el);
  // Small buttons between the questions are not on the way.
  while (next?.matches("button:not([data-last])")) next = after(form, next);
  next?.focus();
});

// A whole NIK fetches its person at once; then the next question has the focus.
let goOn = "";
document.addEventListener("change", (e) => {
  const box = e.target.closest?.("fieldset.person");
  const pick = box?.querySelector(":scope > [data-pick]");
  if (!pick || !e.target.name.endsWith(".nik") || e.target.value.replace(/\D/g, "").length !== 16) return;
  const form = e.target.form;
  const rest = [...form.querySelectorAll(fields)].filter((el) => visible(el) && !box.contains(el) && box.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING);
  goOn = (rest.find((el) => el.id && !el.matches("button:not([data-last])")) ?? rest[0])?.id ?? "";
  form.requestSubmit(pick);
});

const ready = (root) => {
  root.querySelectorAll("select[data-typeahead]").forEach(typeahead);
  if (goOn) document.getElementById(goOn)?.focus();
  else root.querySelector("[data-focus-first]")?.querySelector(fields)?.focus();
  goOn = "";
};
ready(document);
document.body.addEventListener("htmx:afterSettle", (e) => {
  const form = document.getElementById("loket");
  if (!form) return;
  ready(form);
  form.dispatchEvent(new Event("portal:replaced", { bubbles: true }));
});
// The counter led elsewhere: to the letter, or to signing in again. Go there for good.
document.body.addEventListener("htmx:beforeSwap", (e) => {
  const { xhr, requestConfig } = e.detail;
  if (requestConfig.elt.id !== "loket" || !xhr.responseURL) return;
  const to = new URL(xhr.responseURL);
  if (to.pathname === new URL(requestConfig.path, location).pathname) return;
  e.detail.shouldSwap = false;
  location.assign(to);
});
