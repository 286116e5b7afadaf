// One file on its way: the server says how far it has come, the rest is sent piece by piece, a break is waited out.
const PATIENCE = 6; // tries that fail one after the other, before a person is asked
const FIRST_PAUSE = 1000;

export class Stopped extends Error {}

export class Trouble extends Error {
  constructor(words, { again = true } = {}) {
    super(words);
    this.again = again;
  }
}

const pause = (ms, signal) => new Promise((resolve, fail) => {
  const timer = setTimeout(resolve, ms);
  addEventListener("online", resolve, { once: true });
  signal.addEventListener("abort", () => { clearTimeout(timer); fail(new Stopped()); }, { once: true });
});

function post(address, body, { token, signal, progress }) {
  return new Promise((resolve, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token);
    if (!(body instanceof FormData)) request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => progress?.(event.loaded));
    request.addEventListener("load", () => resolve(request));
    for (const kind of ["error", "timeout"]) request.addEventListener(kind, () => fail(new Trouble("The connection was lost.")));
    request.addEventListener("abort", () => fail(new Stopped()));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    if (signal.aborted) fail(new Stopped());
    else request.send(body);
  });
}

function said(request) {
  let answer = null;
  try { answer = JSON.parse(request.responseText); } catch { /* a page, not an answer: told apart by its status below */ }
  if (request.status === 400 || request.status === 404 || (request.status === 200 && !answer)) {
    throw new Trouble("You were signed out. Sign in again, then choose the same files: only the rest is sent.", { again: false });
  }
  if (request.status === 403) throw new Trouble("You may no longer add files to this binder.", { again: false });
  if (request.status === 413) throw new Trouble(answer?.refused ?? answer?.[0]?.refused ?? "This file is too large.", { again: false });
  if (request.status === 429 || request.status >= 500 || !answer) {
    const trouble = new Trouble(answer?.refused ?? "The portal does not answer.");
    trouble.wait = 1000 * Number(request.getResponseHeader("Retry-After") ?? 0);
    throw trouble;
  }
  return answer;
}

async function patiently(doing, item, signal) {
  for (let failed = 1; ; failed += 1) {
    try {
      return await doing();
    } catch (trouble) {
      if (trouble instanceof Stopped || !trouble.again || failed >= PATIENCE) throw trouble;
      item.tell(`${trouble.message} Trying again.`);
      await pause(trouble.wait || FIRST_PAUSE * 2 ** (failed - 1), signal);
    }
  }
}

// Resolves with what the server says of the whole file; throws Stopped when it was paused.
export async function send(item, { uploads, token, piece, signal }) {
  const begun = new FormData();
  begun.append("name", item.name);
  begun.append("size", item.file.size);
  begun.append("modified", item.file.lastModified || 0);
  const options = { token, signal };
  let stands = await patiently(async () => said(await post(uploads, begun, options)), item, signal);
  while (stands.state === "receiving") {
    const at = stands.received;
    item.moved(at);
    const body = item.file.slice(at, at + piece);
    const progress = (loaded) => item.moved(Math.min(item.file.size, at + loaded));
    stands = await patiently(async () => {
      if (body.size) await readable(body);
      return said(await post(`/uploads/${stands.id}/pieces?at=${at}`, body, { ...options, progress }));
    }, item, signal);
  }
  return stands;
}

async function readable(body) {
  try {
    await body.slice(0, 1).arrayBuffer();
  } catch {
    throw new Trouble("This file was changed or moved while it was sent. Choose it again.", { again: false });
  }
}
