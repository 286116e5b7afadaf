// Sending files to the binder one by one, with their progress. Without this script the form sends them all at once.
const form = document.querySelector("form[data-drop]");
const list = document.getElementById("sending");
const AT_ONCE = 2;
const waiting = [];
let running = 0;

function line(file) {
  const item = document.createElement("li");
  const text = document.createElement("div");
  text.className = "grow";
  const name = document.createElement("b");
  name.textContent = file.name;
  const said = document.createElement("p");
  said.textContent = "Waiting";
  const meter = document.createElement("progress");
  meter.className = "meter";
  meter.max = 100;
  meter.value = 0;
  meter.setAttribute("aria-label", file.name);
  text.append(name, said, meter);
  item.append(text);
  list.append(item);
  return { item, said, meter };
}

function size(bytes) {
  return bytes > 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

function finish(row, words, bad) {
  row.meter.remove();
  row.said.textContent = bad ? `Not taken. ${words}` : words;
  row.said.classList.toggle("err", bad);
  running -= 1;
  next();
}

function answered(row, request) {
  let answer = null;
  try { answer = JSON.parse(request.responseText)[0]; } catch { /* said below */ }
  if (request.status === 200 && answer) finish(row, answer.refused ?? "Received. It is being read now.", Boolean(answer.refused));
  else if (request.status === 413) finish(row, "This file is larger than 50 MB. Split it, or save it with smaller pictures.", true);
  else finish(row, "It did not arrive. Check the connection and add it again.", true);
}

function send({ file, row }) {
  running += 1;
  const data = new FormData();
  data.append("csrf_token", form.elements.csrf_token.value);
  data.append("files", file, file.name);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    row.meter.value = event.total ? (100 * event.loaded) / event.total : 0;
    row.said.textContent = event.loaded < event.total ? `${size(event.loaded)} of ${size(event.total)}` : "Sent. Being checked.";
  });
  request.addEventListener("load", () => answered(row, request));
  request.addEventListener("error", () => finish(row, "It did not arrive. Check the connection and add it again.", true));
  request.send(data);
}

function next() {
  while (running < AT_ONCE && waiting.length) send(waiting.shift());
  if (!running) window.htmx?.ajax("GET", form.dataset.list, { target: "#documents", swap: "outerHTML" });
}

function take(files) {
  for (const file of files) waiting.push({ file, row: line(file) });
  next();
}

if (form) {
  form.addEventListener("submit", (event) => {
    if (!form.elements.files.files.length) return;
    event.preventDefault();
    take([...form.elements.files.files]);
    form.elements.files.value = "";
  });
  form.elements.files.addEventListener("change", () => form.requestSubmit());
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.remove("over"); });
  }
  form.addEventListener("drop", (event) => take([...event.dataTransfer.files]));
  window.addEventListener("beforeunload", (event) => { if (running) event.preventDefault(); });
}
