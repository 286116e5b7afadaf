// Adding documents: several at a time, each in pieces, with its progress. Without this script the form sends them.
import { chosen, filesOf, named } from "./dropped.js";
import { send, Stopped } from "./sending.js";

const form = document.querySelector("form[data-drop]");
const AT_ONCE = 3;
const LOOK_EVERY = 4000; // at the list below, while files are being sent
const SAY_EVERY = 1000;

const part = (name) => document.querySelector(`[data-${name}]`);
const list = document.getElementById("sending");
const items = [];
const taken = new Map();
let stopping = new AbortController();
let paused = false;
let lastLook = 0;
let lastSaid = 0;

const size = (bytes) => (bytes > 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`);
const files = (number) => (number === 1 ? "1 file" : `${number} files`);

class Item {
  constructor({ file, name }) {
    Object.assign(this, { file, name, sent: 0, state: "waiting" });
    this.row = document.createElement("li");
    const text = document.createElement("div");
    text.className = "grow";
    const title = document.createElement("b");
    title.textContent = name;
    this.words = document.createElement("p");
    this.words.textContent = "Waiting";
    this.meter = document.createElement("progress");
    Object.assign(this.meter, { className: "meter", max: 100, value: 0 });
    this.meter.setAttribute("aria-label", name);
    text.append(title, this.words, this.meter);
    this.row.append(text);
    list.append(this.row);
  }

  tell(words, bad = false) {
    this.words.textContent = words;
    this.words.classList.toggle("err", bad);
  }

  moved(bytes) {
    this.sent = bytes;
    this.meter.value = this.file.size ? (100 * bytes) / this.file.size : 100;
    this.tell(bytes < this.file.size ? `${size(bytes)} of ${size(this.file.size)}` : "Sent. Being checked.");
    overall();
  }

  finish(state, words) {
    this.state = state;
    this.sent = this.file.size;
    this.meter.hidden = true;
    this.tell(state === "bad" ? `Not taken. ${words}` : words, state === "bad" || state === "failed");
    if (state === "bad" || state === "failed") list.prepend(this.row);
    this.row.dataset.state = state;
  }
}

const count = (...states) => items.filter((item) => states.includes(item.state)).length;

function overall({ now = false } = {}) {
  const bytes = items.reduce((sum, item) => sum + item.file.size, 0);
  part("all").value = bytes ? (100 * items.reduce((sum, item) => sum + item.sent, 0)) / bytes : 100;
  if (!now && Date.now() - lastSaid < SAY_EVERY) return;
  lastSaid = Date.now();
  const [open, bad, failed] = [count("waiting", "sending"), count("bad"), count("failed")];
  const troubles = [bad && `${bad} not taken`, failed && `${failed} did not arrive`].filter(Boolean).join(", ");
  const arrived = `${items.length - open - failed} of ${items.length} sent`;
  const whole = items.length === 1 ? "The file was sent" : `All ${items.length} files were sent`;
  part("said").textContent = `${open || failed ? arrived : whole}${troubles ? `, ${troubles}` : ""}.${paused && open ? " Paused." : ""}`;
  part("pause").hidden = !open;
  part("pause").textContent = paused ? "Go on" : "Pause";
  part("again").hidden = !failed || Boolean(open);
}

function look({ now = false } = {}) {
  if (!now && Date.now() - lastLook < LOOK_EVERY) return;
  lastLook = Date.now();
  if (!finding()) window.htmx?.ajax("GET", form.dataset.list, { target: "#documents", swap: "outerHTML" });
}

async function one(item) {
  item.state = "sending";
  try {
    const way = { uploads: form.dataset.uploads, token: form.elements.csrf_token.value, piece: Number(form.dataset.piece), signal: stopping.signal };
    const answer = await send(item, way);
    if (answer.refused && !answer.same) item.finish("bad", answer.refused);
    else item.finish("done", answer.same ? "It is in the binder already." : answer.words);
  } catch (trouble) {
    if (trouble instanceof Stopped) Object.assign(item, { state: "waiting" }).tell("Paused");
    else item.finish("failed", `It did not arrive. ${trouble.message}`);
  }
  next();
}

function next() {
  if (!paused) {
    for (const item of items.filter((each) => each.state === "waiting").slice(0, Math.max(0, AT_ONCE - count("sending")))) one(item);
  }
  const open = count("waiting", "sending");
  overall({ now: !open });
  look({ now: !open });
}

function take(found) {
  if (!found.length) return;
  part("overall").hidden = false;
  for (const each of named(found, taken)) items.push(new Item(each));
  list.classList.toggle("long", items.length > 6);
  next();
}

function pauseOrGoOn() {
  paused = !paused;
  if (paused) stopping.abort();
  stopping = new AbortController();
  overall({ now: true });
  next();
}

function again() {
  for (const item of items.filter((each) => each.state === "failed")) {
    Object.assign(item, { state: "waiting", sent: 0 }).tell("Waiting");
    item.meter.hidden = false;
  }
  next();
}

const finding = () => document.activeElement?.closest?.("#find-files");

function dress() {
  const input = form.elements.files;
  const folder = Object.assign(document.createElement("input"), { type: "file", webkitdirectory: true, multiple: true });
  part("plain").hidden = input.hidden = true;
  part("choose").hidden = part("folder").hidden = false;
  part("choose").addEventListener("click", () => input.click());
  part("folder").addEventListener("click", () => folder.click());
  part("pause").addEventListener("click", pauseOrGoOn);
  part("again").addEventListener("click", again);
  for (const field of [input, folder]) {
    field.addEventListener("change", () => {
      take(chosen(field.files));
      field.value = "";
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.remove("over"); });
  }
  form.addEventListener("drop", async (event) => take(await filesOf(event.dataTransfer)));
  window.addEventListener("beforeunload", (event) => { if (count("sending")) event.preventDefault(); });
}

if (form) dress();

// Whoever types a file's name into the list is not interrupted by its next state.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt?.id === "documents" && finding()) event.preventDefault();
});
