// A selected passage: who fills the binder pins it to a row without leaving; everybody can copy it with its place.

const LONGEST = 1000;

export class Passage {
  constructor(reader, { pages, marks, say }) {
    Object.assign(this, { reader, pages, marks, say });
    this.box = reader.querySelector("#passage");
    this.form = reader.querySelector("#pin-it");
    this.copying = reader.querySelector("[data-do='copy-place']");
    this.told = reader.querySelector("#passage-said");
    this.found = null;
    document.addEventListener("selectionchange", () => this.soon());
    pages.addEventListener("scroll", () => this.place(), { passive: true });
    new ResizeObserver(() => this.place()).observe(pages);
    this.form?.addEventListener("submit", (event) => { event.preventDefault(); this.pin(); });
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), 150);
  }

  // The passage that is selected on the pages: its words, and the page it stands on (null where it spans two).
  read() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    if (!this.pages.contains(range.commonAncestorContainer)) return null;
    const sheets = [...this.pages.querySelectorAll(".page")].filter((page) => {
      const text = document.createRange();
      text.selectNodeContents(page);
      if (range.compareBoundaryPoints(Range.END_TO_START, text) >= 0) return false;
      if (range.compareBoundaryPoints(Range.START_TO_END, text) <= 0) return false;
      return true;
    });
    const words = selection.toString().replace(/\s+/g, " ").trim();
    if (!words || !sheets.length) return null;
    const spots = [...range.getClientRects()].filter((one) => one.width > 0);
    return { words, page: sheets.length === 1 ? Number(sheets[0].dataset.pageNumber) : null, range, spots };
  }

  look() {
    const now = this.read();
    if (!now && this.box.contains(document.activeElement)) return;
    this.found = now;
    this.box.hidden = !this.found;
    if (!this.found) return;
    const { words, page } = this.found;
    this.tell(page ? "" : "A passage stands on one page. Select within one page.");
    if (words.length > LONGEST) this.tell(`A pin quotes at most ${LONGEST} characters. Select less.`);
    if (this.form) {
      this.form.hidden = !page || words.length > LONGEST;
      this.form.elements.page.value = page ?? "";
      this.form.elements.quote.value = words;
    }
    this.copying.hidden = !page;
    const byHand = document.querySelector("#pin-by-hand textarea[name='quote']");
    if (byHand && page) {
      byHand.value = words.slice(0, LONGEST);
      byHand.form.elements.page.value = page;
    }
    this.place();
  }

  tell(words, bad = false) {
    this.told.textContent = words;
    this.told.classList.toggle("err", bad);
  }

  place() {
    if (this.box.hidden || !this.found) return;
    const spots = [...this.found.range.getClientRects()].filter((one) => one.width > 0);
    const last = spots.at(-1);
    if (!last) return;
    const well = this.box.parentElement.getBoundingClientRect();
    const { offsetWidth: wide, offsetHeight: high } = this.box;
    const below = last.bottom - well.top + 8;
    const top = below + high > well.height ? Math.max(8, spots[0].top - well.top - high - 8) : below;
    this.box.style.top = `${Math.min(Math.max(8, top), Math.max(8, well.height - high - 8))}px`;
    this.box.style.setProperty("--x", `${last.right - well.left - wide / 2}px`);
  }

  close() {
    this.box.hidden = true;
    this.found = null;
    document.getSelection()?.removeAllRanges();
  }

  async pin() {
    this.look();
    const { code, page } = this.form.elements;
    if (!code.value) {
      this.tell("Choose the standard or element that it answers.", true);
      code.focus();
      return;
    }
    try {
      const answer = await fetch(this.form.action, {
        method: "POST", body: new FormData(this.form), credentials: "same-origin", headers: { Accept: "application/json" },
      });
      const said = await answer.json();
      if (!answer.ok) { this.tell(said.refused, true); return; }
      this.say(`Pinned to ${said.code}.`);
      this.close();
      this.pages.focus({ preventScroll: true });
      await this.marks.fresh(Number(page.value));
    } catch {
      this.tell("It is not pinned: the portal does not answer. Try again.", true);
    }
  }

  async copy() {
    this.look();
    if (!this.found?.page) return;
    const { title, number } = this.reader.dataset;
    const words = `\u201c${this.found.words}\u201d (${title}, version ${number}, page ${this.found.page})`;
    try {
      await navigator.clipboard.writeText(words);
      this.tell("Copied with its place.");
      this.say("Copied with its place.");
    } catch {
      this.tell("This browser does not let pages copy. Press Ctrl C instead.", true);
    }
  }
}
