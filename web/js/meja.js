// Staff pages: lists that filter as one types, the counter. htmx reads only hx-
// attributes that our own templates write; it may not evaluate code nor style the page.
import htmx from "htmx.org";
import "./loket.js";
import { cover } from "./cover.js";

document.querySelectorAll("form[data-cover]").forEach(cover);

// All of a list at once, or none.
document.addEventListener("click", (e) => {
  if (!e.target.closest("[data-pilih-semua]")) return;
  const all = [...document.querySelectorAll("input[type=checkbox][form=massal]")], on = !all.every((c) => c.checked);
  for (const c of all) c.checked = on;
});

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  // A refused form comes back with what was typed: it is shown like any other page.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "4(09|22)", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});
