// The viewer: pdf.js draws the reading copy; here its parts are tied to the tools, the keys and the lit words.

import * as lib from "../vendor/pdfjs/pdf.min.mjs";
import { bytesOf, Gone } from "./viewer-bytes.js";
import { Find } from "./viewer-find.js";
import { Keys } from "./viewer-keys.js";
import { Marks } from "./viewer-marks.js";
import { Passage } from "./viewer-passage.js";
import { Print } from "./viewer-print.js";
import { Side } from "./viewer-side.js";
import { Zoom } from "./viewer-zoom.js";

const PART = 8 * 1024;  // small, so that the directory of a large file costs little
const SURE = 75;  // percent; recognized words below it are marked as doubtful

globalThis.pdfjsLib = lib;
const ui = await import("../vendor/pdfjs/pdf_viewer.mjs");

// Links lead about in the document and nowhere else.
class Links extends ui.PDFLinkService {
  addLinkAttributes(link, url) {
    link.removeAttribute("href");
    link.title = `A link to ${url}. It is not followed here.`;
    link.onclick = () => false;
  }

  executeNamedAction(action) {
    if (/^(Next|Prev|First|Last)Page$/.test(action)) super.executeNamedAction(action);
  }

  executeSetOCGState() {}
}

const options = (range, vendor) => ({
  range, rangeChunkSize: PART, disableAutoFetch: true, disableStream: true,
  enableXfa: false, isEvalSupported: false, useWasm: false, disableWorkerRendering: true,
  maxImageSize: 64 * 1024 * 1024, canvasMaxAreaInBytes: 256 * 1024 * 1024,
  cMapUrl: `${vendor}cmaps/`, cMapPacked: true, standardFontDataUrl: `${vendor}standard_fonts/`, wasmUrl: `${vendor}wasm/`,
  verbosity: lib.VerbosityLevel.ERRORS,
});

class Reading {
  constructor(reader) {
    this.reader = reader;
    this.pages = reader.querySelector("#pages");
    this.spoken = reader.querySelector("#said");
    this.first = Number(reader.dataset.page);
    this.build();
  }

  build() {
    const { dataset } = this.reader;
    const bus = this.bus = new ui.EventBus();
    const links = this.links = new Links({ eventBus: bus });
    const controller = new ui.PDFFindController({ eventBus: bus, linkService: links });
    const viewer = this.viewer = new ui.PDFViewer({
      container: this.pages, eventBus: bus, linkService: links, findController: controller,
      annotationMode: lib.AnnotationMode.ENABLE, annotationEditorMode: lib.AnnotationEditorType.DISABLE,
      textLayerMode: 1, enableAutoLinking: false, imageResourcesPath: `${dataset.vendor}images/`,
      enableSelectionRendering: false,
    });
    links.setViewer(viewer);
    this.marks = new Marks(viewer, {
      address: dataset.marks, pages: Number(dataset.pages), slot: dataset.slot, changed: () => this.told(),
    });
    this.find = new Find(this.reader, bus, controller);
    this.zoom = new Zoom(this.reader, bus, viewer);
    this.passage = new Passage(this.reader, { pages: this.pages, marks: this.marks, say: (words) => this.say(words) });
    bus.on("pagesinit", () => this.begin());
    bus.on("pagechanging", ({ pageNumber }) => this.turned(pageNumber));
    bus.on("pagerendered", ({ pageNumber, error }) => this.drawn(pageNumber, error));
    bus.on("rotationchanging", () => this.marks.redraw());
  }

  async open() {
    const { dataset } = this.reader;
    lib.GlobalWorkerOptions.workerSrc = `${dataset.vendor}pdf.worker.min.mjs`;
    this.bytes = await bytesOf(lib, dataset.copy, { lost: (trouble) => this.lost(trouble), found: () => this.lost(null) });
    const task = lib.getDocument(options(this.bytes, dataset.vendor));
    task.onPassword = () => { task.destroy(); };
    this.pdf = await task.promise;
    this.viewer.setDocument(this.pdf);
    this.viewer.pagesPromise.catch(() => this.fail());
    this.links.setDocument(this.pdf, null);
    this.side = new Side(this.reader, this.pdf, this.viewer, this.links);
    this.print = new Print(this.reader, this.pdf);
    this.keys = new Keys(this);
  }

  begin() {
    this.zoom.begin();
    this.viewer.currentPageNumber = Math.min(this.first, this.viewer.pagesCount);
    this.seeking = this.marks.of(this.first).then((lit) => lit?.hits.length && !this.moved);
    this.turned(this.viewer.currentPageNumber);
  }

  // The first hit is brought into the middle once, when its page has its true size.
  async drawn(page, error) {
    this.reader.querySelector("#blank").hidden = true;
    this.reader.dataset.drawn = page;
    if (error && !this.bytes.stuck) this.say(`Page ${page} could not be drawn. Read it as text.`);
    this.marks.of(page).then(() => this.marks.draw(page));
    if (page === this.first && this.seeking) {
      const wanted = await this.seeking;
      this.seeking = null;
      if (wanted) await this.marks.go(page, 0);
    }
  }

  turned(page) {
    this.reader.querySelector("#page-now").value = page;
    const at = Math.min(this.viewer.pagesCount, Number(this.reader.dataset.pages));
    this.say(`Page ${page} of ${at}`);
    this.side?.mark(page);
    this.keep(page);
    this.marks.of(page).then(() => this.told());
    this.told();
  }

  // The address and the other ways of reading follow the page.
  keep(page) {
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => {
      const here = new URL(window.location.href);
      if (here.pathname === this.reader.dataset.view) {
        here.searchParams.set("page", page);
        window.history.replaceState(window.history.state, "", here);
      }
    }, 300);
    for (const link of document.querySelectorAll("[data-at-page]")) {
      const to = new URL(link.href);
      to.searchParams.set("page", page);
      link.href = to;
    }
    const byHand = document.querySelector("#pin-by-hand");
    if (byHand && !this.passage.found) byHand.elements.page.value = page;
  }

  // What is known of the page at hand: hits, pins, how its words came about.
  told() {
    const page = this.viewer.currentPageNumber;
    const lit = this.marks.known.get(page);
    const count = this.marks.count(page);
    this.reader.querySelector("#hit-tools").hidden = !count;
    this.reader.querySelector("#hit-count").textContent = count;
    const note = this.reader.querySelector("#page-note");
    const words = {
      ocr: `This page is a scan. Its words were recognized, ${lit?.confidence} % sure.${lit?.confidence < SURE ? " Compare them with the picture." : ""}`,
      none: "No words were found on this page, so it cannot be searched.",
    }[lit?.source] ?? "";
    note.textContent = words;
    note.hidden = !words;
    note.classList.toggle("weak", lit?.source === "none" || lit?.confidence < SURE);
    this.listPins(lit);
  }

  listPins(lit) {
    const box = document.getElementById("pins-here");
    if (!lit || !box) return;
    box.hidden = !lit.pins.length;
    box.querySelector("[data-pins]").replaceChildren(...lit.pins.map((pin) => {
      const line = Object.assign(document.createElement("p"), { className: "small mt-s2" });
      const link = Object.assign(document.createElement("a"), {
        className: "pin", textContent: pin.code, href: this.reader.dataset.slot.replace("CODE", encodeURIComponent(pin.code)),
      });
      line.append(link, ` ${pin.quote || "the page"}`);
      return line;
    }));
  }

  say(words) { this.spoken.textContent = words; }

  lost(trouble) {
    const box = this.reader.querySelector("#lost");
    box.hidden = !trouble;
    if (trouble instanceof Gone) this.fail();
  }

  again() {
    this.reader.querySelector("#lost").hidden = true;
    if (this.bytes) this.bytes.again();
    else this.start();
  }

  fail() {
    this.reader.querySelector("#blank").hidden = true;
    this.reader.querySelector("#cannot").hidden = false;
    this.pages.hidden = true;
  }

  async start() {
    try {
      await this.open();
    } catch (trouble) {
      if (trouble instanceof TypeError && !this.bytes) this.lost(trouble);
      else this.fail();
    }
  }

  // Another hit of the same document: the page turns, nothing is loaded again.
  moveTo(address) {
    const to = new URL(address);
    const marks = new URL(this.reader.dataset.marks, window.location.href);
    for (const name of ["q", "standard", "quote"]) {
      if (to.searchParams.has(name)) marks.searchParams.set(name, to.searchParams.get(name));
      else marks.searchParams.delete(name);
    }
    const page = Number(to.searchParams.get("page")) || 1;
    if (marks.href !== new URL(this.marks.address, window.location.href).href) this.marks.ask(marks.href);
    window.history.replaceState(null, "", address);
    this.viewer.currentPageNumber = page;
    this.marks.of(page).then((lit) => { if (lit?.hits.length) this.marks.go(page, 0); });
    this.pages.focus({ preventScroll: true });
  }
}

export function start(reader) {
  const reading = new Reading(reader);
  const results = document.querySelector("#results");
  results?.addEventListener("click", (event) => {
    const link = event.target.closest("a.hit");
    if (!link || !reading.pdf || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (new URL(link.href).pathname !== reader.dataset.view) return;
    event.preventDefault();
    for (const one of results.querySelectorAll("[aria-current]")) one.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    reading.moveTo(link.href);
  });
  window.addEventListener("online", () => { if (!reader.querySelector("#lost").hidden) reading.again(); });
  reader.querySelector("[data-do='again']").addEventListener("click", () => reading.again());
  return reading.start();
}
