// Splits a long list in groups into two short ones: first the group (named by
// data-cascade), then what is in it. Without scripts the list stays whole.
export function cascade(list) {
  const groups = [...list.querySelectorAll("optgroup")];
  if (groups.length < 2 || list.dataset.split) return;
  list.dataset.split = "1";
  const none = list.querySelector(":scope > option");
  const field = document.createElement("div");
  field.className = "ds-field";
  const label = document.createElement("label");
  label.className = "ds-label";
  label.htmlFor = `${list.id}-kelompok`;
  label.textContent = list.dataset.cascade;
  const first = document.createElement("select");
  first.id = label.htmlFor;
  first.className = "ds-input";
  first.append(new Option(`Pilih ${list.dataset.cascade.toLowerCase()}`, ""), ...groups.map((g, i) => new Option(g.label.replace(`${list.dataset.cascade} `, ""), i)));
  field.append(label, first);
  const own = list.closest(".ds-field");
  own.before(field);
  const show = () => {
    const group = groups[first.value];
    own.hidden = !group;
    list.replaceChildren(none, ...[...(group?.children ?? [])].map((o) => o.cloneNode(true)));
  };
  const chosen = groups.findIndex((g) => [...g.children].some((o) => o.selected && o.value));
  const value = list.value;
  if (chosen >= 0) first.value = chosen;
  show();
  list.value = value;
  first.addEventListener("change", () => { show(); list.value = ""; });
  // Scripts choose from the whole list.
  list.addEventListener("portal:choose", ({ detail }) => {
    const group = groups.findIndex((g) => [...g.children].some((o) => o.value === detail));
    first.value = group < 0 ? "" : group;
    show();
    list.value = detail;
  });
}
