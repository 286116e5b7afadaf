// The tools and the keys of the viewer. Single keys work only while the document has the focus, and can be switched off.

const KEEP = "qcp-single-keys";  // one choice for the worksheet and the viewer

const typing = (target) => target.closest("textarea, select, input:not([type='radio'], [type='checkbox'])");

export class Keys {
  constructor(reading) {
    this.reading = reading;
    const { reader } = reading;
    this.section = reader.closest("section");
    this.dialog = reader.querySelector("#keys");
    this.bar = reader.querySelector("[role='toolbar']");
    this.on = reader.querySelector("#viewer-keys-on");
    this.on.checked = localStorage.getItem(KEEP) !== "off";
    this.on.addEventListener("change", () => localStorage.setItem(KEEP, this.on.checked ? "on" : "off"));
    this.verbs = this.tools();
    reader.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.verbs[button.dataset.do]?.(button);
    });
    this.section.addEventListener("keydown", (event) => this.pressed(event));
    const now = reader.querySelector("#page-now");
    now.addEventListener("change", () => this.turnTo(now.value));
    now.addEventListener("keydown", (event) => { if (event.key === "Enter") this.turnTo(now.value); });
    now.addEventListener("focus", () => now.select());
    this.rove();
  }

  tools() {
    const { reading } = this;
    const { viewer, find, print, side, zoom, marks, passage } = reading;
    return {
      side: () => side.toggle(), first: () => this.turnTo(1), last: () => this.turnTo(viewer.pagesCount),
      previous: () => viewer.previousPage(), next: () => viewer.nextPage(),
      smaller: () => zoom.step(false), larger: () => zoom.step(true), rotate: () => zoom.rotate(),
      "hit-before": () => marks.step(-1), "hit-after": () => marks.step(1),
      find: () => (find.open ? find.close() : find.show(this.selected())), "find-close": () => this.closed(find, "find"),
      "found-before": () => find.again(true), print: () => print.show(), "print-close": () => this.closed(print, "print"),
      wide: (button) => this.widen(button), help: () => this.dialog.showModal(), "copy-place": () => passage.copy(),
    };
  }

  selected() { return (document.getSelection()?.toString() ?? "").replace(/\s+/g, " ").trim().slice(0, 100); }

  closed(what, name) {
    what.close();
    this.bar.querySelector(`[data-do='${name}']`).focus();
  }

  turnTo(number) {
    const { viewer } = this.reading;
    const page = Math.round(Number(number));
    if (page >= 1) viewer.currentPageNumber = Math.min(page, viewer.pagesCount);
    this.reading.reader.querySelector("#page-now").value = viewer.currentPageNumber;
  }

  widen(button) {
    const wide = document.querySelector(".viewer-two").classList.toggle("only-page");
    button.setAttribute("aria-pressed", String(wide));
  }

  pressed(event) {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (command && event.key.toLowerCase() === "f") {
      event.preventDefault();
      this.reading.find.show(this.selected());
      return;
    }
    if (event.key === "Escape") { this.escape(event); return; }
    if (command || event.altKey || typing(event.target) || this.dialog.open) return;
    const verb = this.verb(event);
    if (!verb) return;
    event.preventDefault();
    verb();
  }

  verb(event) {
    const always = { PageDown: "next", PageUp: "previous", Home: "first", End: "last" };
    const single = {
      j: "next", k: "previous", n: "hit-after", p: "hit-before", "+": "larger", "=": "larger", "-": "smaller", r: "rotate",
      "/": "find", "?": "help",
    };
    if (always[event.key] && !event.target.closest("[role='tablist'], [role='toolbar']")) return this.verbs[always[event.key]];
    return this.on.checked ? this.verbs[single[event.key.toLowerCase()]] : undefined;
  }

  escape(event) {
    const { find, print, side, passage } = this.reading;
    if (this.dialog.open) return;
    if (!passage.box.hidden) passage.close();
    else if (find.open) this.closed(find, "find");
    else if (print.open) this.closed(print, "print");
    else if (side.open) side.toggle(false);
    else return;
    event.preventDefault();
    if (document.activeElement === document.body) this.reading.pages.focus({ preventScroll: true });
  }

  // One stop for the Tab key; the arrow keys go from tool to tool. Fields are stops of their own.
  rove() {
    const buttons = () => [...this.bar.querySelectorAll("button")].filter((one) => one.offsetParent);
    const set = (now) => { for (const one of this.bar.querySelectorAll("button")) one.tabIndex = one === now ? 0 : -1; };
    set(this.bar.querySelector("button"));
    this.bar.addEventListener("focusin", (event) => { if (event.target.matches("button")) set(event.target); });
    this.bar.addEventListener("keydown", (event) => {
      if (!event.target.matches("button")) return;
      const all = buttons();
      const at = all.indexOf(event.target);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      all[(to + all.length) % all.length].focus();
    });
  }
}
