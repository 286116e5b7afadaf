// Boxes drawn over the picture of a page, found places switched on and off there; kept while pages are turned.
const form = document.querySelector("form[data-redact]");
const sheet = form.querySelector("[data-sheet]");
const drawn = sheet.querySelector("[data-drawn]");
const page = Number(form.dataset.page);
const KEY = `redact-${form.dataset.redact}`;
const WHOLE = 10000;
const SMALLEST = 40;

const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? { boxes: [], off: [], words: [] };

function keep() {
  const ticks = [...form.querySelectorAll("[name=finds]")];
  kept.off = ticks.filter((one) => !one.checked).map((one) => one.value);
  const here = [...form.querySelectorAll("[name=words]:checked")].map((one) => one.value);
  kept.words = [...kept.words.filter((one) => !one.startsWith(`${page}:`)), ...here];
  form.elements.boxes.value = JSON.stringify(kept.boxes);
  sessionStorage.setItem(KEY, JSON.stringify(kept));
  for (const tick of ticks) sheet.querySelector(`[data-find="${tick.value}"]`)?.classList.toggle("off", !tick.checked);
}

function rectangle([left, top, width, height], kind) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) made.setAttribute(name, value);
  if (kind) made.setAttribute("class", kind);
  return made;
}

function show() {
  drawn.replaceChildren(...kept.boxes.filter((box) => box[0] === page).map((box) => rectangle(box.slice(1))));
  const list = form.querySelector("[data-drawn-list]");
  list.replaceChildren(...kept.boxes.map((box, at) => {
    const item = document.createElement("li");
    item.className = "row-flex";
    const words = document.createElement("span");
    words.className = "grow";
    const [left, top, width, height] = box.slice(1).map((edge) => Math.round(edge / 100));
    words.textContent = `Page ${box[0]}: ${left} % from the left, ${top} % from the top, ${width} by ${height} %`;
    const off = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: "Take away" });
    off.setAttribute("aria-label", `Take away box ${at + 1}`);
    off.addEventListener("click", () => { kept.boxes.splice(at, 1); keep(); show(); });
    item.append(words, off);
    return item;
  }));
  form.querySelector("[data-drawn-part]").hidden = !kept.boxes.length;
}

function place(event) {
  const edge = sheet.querySelector("img").getBoundingClientRect();
  const within = (value) => Math.max(0, Math.min(WHOLE, Math.round(value)));
  return [within((WHOLE * (event.clientX - edge.left)) / edge.width), within((WHOLE * (event.clientY - edge.top)) / edge.height)];
}

const between = (from, to) => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])];

function pressed(at) {
  const hit = (rect) => {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    return at[0] >= x && at[0] <= x + width && at[1] >= y && at[1] <= y + height;
  };
  const found = [...sheet.querySelectorAll("[data-find]")].find((group) => [...group.children].some(hit));
  const tick = found && form.querySelector(`[name=finds][value="${found.dataset.find}"]`);
  if (tick) tick.checked = !tick.checked;
  keep();
}

let from = null;
let growing = null;
sheet.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  sheet.setPointerCapture(event.pointerId);
  from = place(event);
  growing = rectangle([...from, 0, 0], "growing");
  drawn.append(growing);
});
sheet.addEventListener("pointermove", (event) => {
  if (!from) return;
  const fresh = rectangle(between(from, place(event)), "growing");
  growing.replaceWith(fresh);
  growing = fresh;
});
for (const kind of ["pointerup", "pointercancel"]) {
  sheet.addEventListener(kind, (event) => {
    if (!from) return;
    const box = between(from, place(event));
    const start = from;
    growing.remove();
    from = growing = null;
    if (kind === "pointerup" && box[2] > SMALLEST && box[3] > SMALLEST) {
      kept.boxes.push([page, ...box]);
      keep();
      show();
    } else if (kind === "pointerup") pressed(start);
  });
}

form.querySelector("[data-add-box]").addEventListener("click", () => {
  const fields = ["box_page", "box_left", "box_top", "box_width", "box_height"].map((name) => form.elements[name]);
  const [number, ...edges] = fields.map((field) => Number(field.value));
  const wrong = fields.find((field, at) => field.value.trim() === "" || !Number.isFinite(Number(field.value)) || (at > 2 && Number(field.value) <= 0));
  if (wrong) { wrong.focus(); return; }
  kept.boxes.push([number, ...edges.map((edge) => Math.round(100 * edge))]);
  for (const field of fields.slice(1)) field.value = "";
  keep();
  show();
});

form.addEventListener("change", keep);
form.addEventListener("submit", () => {
  keep();
  for (const word of kept.words.filter((one) => !one.startsWith(`${page}:`))) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "words", value: word }));
  }
});

for (const tick of form.querySelectorAll("[name=finds]")) tick.checked &&= !kept.off.includes(tick.value);
for (const word of form.querySelectorAll("[name=words]")) word.checked ||= kept.words.includes(word.value);
form.querySelector(".draw-help").hidden = form.querySelector("[data-add-box]").hidden = false;
sheet.classList.add("draws");
keep();
show();
