// The worksheet's keys, its saving as one types, and quoting a page. All of it works without this file, by its buttons.

const entry = document.getElementById("entry");
const saved = document.getElementById("saved");
const keysOn = document.getElementById("keys-on");
const KEEP = "qcp-single-keys";

// Single keys can be switched off, and rest while a field has the focus.
if (keysOn) {
  keysOn.checked = localStorage.getItem(KEEP) !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem(KEEP, keysOn.checked ? "on" : "off"));
}

// A key that turns the page waits until what was just rated is saved.
let unsaved = false, waiting = "";
const follow = (selector) => {
  if (unsaved) waiting = selector;
  else document.querySelector(selector)?.click();
};

// The row at hand is in sight of the list, which scrolls alone.
const list = document.querySelector(".rows-scroll");
const current = list?.querySelector("[aria-current]");
if (current) list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 3;

const changeSite = () => {
  const sites = [...document.querySelectorAll("[data-site]")];
  const here = sites.findIndex((link) => link.hasAttribute("aria-current"));
  if (sites.length > 1) sites[(here + 1) % sites.length].click();
};

const verbs = {
  j: () => follow("[data-step='after']"),
  k: () => follow("[data-step='before']"),
  n: () => follow("[data-step='next-open']"),
  a: () => follow("[data-step='alike']"),
  s: changeSite,
  o: () => follow("[data-open-page]"),
  q: () => follow("[data-quote-it]"),
  "/": () => document.getElementById("words")?.focus(),
};

const rateBy = (key) => {
  const radio = document.querySelector(`.rating input[data-key="${key}"]`);
  if (!radio || radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
};

const typing = (target) => target.closest("textarea, select, input:not([type='radio'], [type='checkbox'])");

document.addEventListener("keydown", (event) => {
  const inForm = event.target.closest?.("#observe");
  if (inForm && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    inForm.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (keysOn && !keysOn.checked) return;
  const key = event.key.toLowerCase();
  if (/^[0-4]$/.test(key)) rateBy(key);
  else if (verbs[key]) verbs[key]();
  else return;
  event.preventDefault();
});

// "Quote it" fills the observation in, so that nothing typed so far is lost.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-quote-it]");
  const form = document.getElementById("observe");
  if (!link || !form) return;
  event.preventDefault();
  form.elements.source_kind.value = "document";
  form.elements.source.value = link.dataset.source;
  form.elements.version_id.value = link.dataset.version;
  form.elements.page.value = link.dataset.page;
  form.elements.quote.value = link.dataset.text;
  const policy = form.querySelector("input[name='method'][value='policy']");
  if (policy) policy.checked = true;
  const said = form.querySelector("[data-quoting]");
  said.hidden = !link.dataset.text;
  form.querySelector("[data-quote]").textContent = link.dataset.text;
  form.elements.text.focus();
});

// A source typed by hand is no longer the page that was quoted.
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("#observe");
  if (!form || event.target.name !== "source_kind" || event.target.value === "document") return;
  for (const name of ["version_id", "page", "quote"]) form.elements[name].value = "";
  form.querySelector("[data-quoting]").hidden = true;
});

if (entry) {
  const save = document.querySelector("[data-save]");
  const say = (words) => { saved.textContent = words; };

  for (const part of [entry, document.getElementById("more")]) {
    part.addEventListener("input", () => { unsaved = true; say("Typing..."); });
    part.addEventListener("change", () => { unsaved = true; });
  }

  // Another window saved this row: saving by itself stops until the person has chosen.
  const stale = () => entry.querySelector("[data-stale]");
  entry.addEventListener("htmx:confirm", (event) => {
    if (event.target === entry && stale() && event.detail.triggeringEvent?.type !== "submit") event.preventDefault();
  });
  save.addEventListener("click", () => {
    if (stale()) document.getElementById("version").value = stale().dataset.version;
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt === entry && event.detail.xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;  // it is an answer, with a notice of its own
      save.textContent = "Save mine instead";
      waiting = "";
      say("Not saved.");
    }
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== entry || event.detail.xhr.status !== 200) return;
    unsaved = false;
    save.textContent = "Save";
    const next = waiting;
    waiting = "";
    if (next) queueMicrotask(() => follow(next));
  });
  for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.body.addEventListener(trouble, (event) => {
      waiting = "";
      if (event.detail.requestConfig.elt === entry && event.detail.xhr.status !== 409) say("Not saved yet: the portal does not answer. What you typed is still here; press Save to try again.");
    });
  }
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}
