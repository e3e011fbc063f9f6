// The pages on which a report is made: photos made small before sending,
// a point on the map, a search over the categories. All of it works without.
import { photos } from "./photos.js";
import { pin } from "./pin.js";
import { searchable } from "./searchable.js";
import { cascade } from "./cascade.js";

function start(root) {
  root.querySelectorAll("form[data-photos]").forEach(photos);
  root.querySelectorAll("[data-pin]").forEach(pin);
  root.querySelectorAll("[data-searchable]").forEach(searchable);
  root.querySelectorAll("select[data-cascade]").forEach(cascade);
}
start(document);
for (const event of ["portal:replaced", "portal:fresh"]) addEventListener(event, (e) => start(e.target));
