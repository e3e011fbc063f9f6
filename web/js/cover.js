// Parts of a photo to black out, drawn with finger or mouse. The numbers below are what
// is sent; they may be typed as well.
export function cover(form) {
  const photo = form.querySelector("[data-cover-photo]");
  const rows = [...form.querySelectorAll("[data-cover-box]")].map((row) => [...row.querySelectorAll("input")]);
  form.querySelector("[data-cover-hint]").hidden = false;
  const shown = rows.map(() => photo.appendChild(Object.assign(document.createElement("span"), { hidden: true })));

  const show = () => rows.forEach((inputs, i) => {
    const values = inputs.map((input) => input.value.trim());
    shown[i].hidden = values.some((v) => v === "");
    ["left", "top", "width", "height"].forEach((side, j) => { shown[i].style[side] = `${Number(values[j]) || 0}%`; });
  });
  form.addEventListener("input", show);
  show();

  let from = null;
  let inputs = null;
  const at = (e) => {
    const r = photo.getBoundingClientRect();
    const percent = (n, whole) => Math.min(100, Math.max(0, (n / whole) * 100));
    return [percent(e.clientX - r.left, r.width), percent(e.clientY - r.top, r.height)];
  };
  photo.addEventListener("pointerdown", (e) => {
    inputs = rows.find((row) => row.every((input) => input.value.trim() === ""));
    if (!inputs || e.button > 0) return;
    e.preventDefault();
    photo.setPointerCapture(e.pointerId);
    from = at(e);
  });
  photo.addEventListener("pointermove", (e) => {
    if (!from) return;
    const to = at(e);
    const low = [0, 1].map((i) => Math.floor(Math.min(from[i], to[i])));
    const high = [0, 1].map((i) => Math.ceil(Math.max(from[i], to[i])));
    [...low, high[0] - low[0], high[1] - low[1]].forEach((n, i) => { inputs[i].value = n; });
    show();
  });
  const end = () => {
    if (from && inputs && (Number(inputs[2].value) < 1 || Number(inputs[3].value) < 1)) inputs.forEach((input) => { input.value = ""; });
    from = null;
    show();
  };
  photo.addEventListener("pointerup", end);
  photo.addEventListener("pointercancel", end);
}
