// The side: small pages, drawn only when they come into sight, and the document's own contents where it has any.

const WIDE = 108;

export class Side {
  constructor(reader, pdf, viewer, links) {
    Object.assign(this, { pdf, viewer, links });
    this.side = reader.querySelector("#side");
    this.list = reader.querySelector(".small-pages");
    this.contents = reader.querySelector("#contents");
    this.tabs = [...reader.querySelectorAll("#side [role='tab']")];
    this.button = reader.querySelector("[data-do='side']");
    this.tabs.forEach((tab, at) => {
      tab.addEventListener("click", () => this.show(tab));
      tab.addEventListener("keydown", (event) => {
        if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
        const other = this.tabs[1 - at];
        if (!other.hidden) { this.show(other); other.focus(); }
      });
    });
  }

  get open() { return !this.side.hidden; }

  toggle(open = this.side.hidden) {
    this.side.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open && !this.list.childElementCount) this.fill();
    if (open) this.mark(this.viewer.currentPageNumber);
  }

  // On a narrow screen the side lies over the page that was just chosen.
  chosen() {
    if (!window.matchMedia("(max-width: 767.98px)").matches) return;
    this.toggle(false);
    this.button.focus();
  }

  show(tab) {
    for (const one of this.tabs) {
      const on = one === tab;
      one.setAttribute("aria-selected", String(on));
      one.tabIndex = on ? 0 : -1;
      document.getElementById(one.getAttribute("aria-controls")).hidden = !on;
    }
  }

  async fill() {
    const eye = new IntersectionObserver((seen) => {
      for (const one of seen) if (one.isIntersecting) { eye.unobserve(one.target); this.draw(one.target); }
    }, { root: this.side, rootMargin: "120px" });
    for (let page = 1; page <= this.pdf.numPages; page += 1) {
      const item = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.dataset.page = page;
      button.setAttribute("aria-label", `Page ${page}`);
      const sheet = document.createElement("span"), number = document.createElement("span");
      sheet.className = "small-sheet";
      number.textContent = page;
      button.append(sheet, number);
      button.addEventListener("click", () => { this.viewer.currentPageNumber = page; this.chosen(); });
      item.append(button);
      this.list.append(item);
      eye.observe(button);
    }
    this.mark(this.viewer.currentPageNumber);
    const outline = await this.pdf.getOutline().catch(() => null);
    if (outline?.length) {
      this.contents.append(this.branch(outline, 0));
      this.tabs[1].hidden = false;
    }
  }

  async draw(button) {
    const page = await this.pdf.getPage(Number(button.dataset.page)).catch(() => null);
    if (!page) return;
    const plain = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: (WIDE / plain.width) * Math.min(2, window.devicePixelRatio || 1) });
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(viewport.width);
    canvas.height = Math.ceil(viewport.height);
    await page.render({ canvas, viewport, annotationMode: 0 }).promise.catch(() => {});
    button.querySelector(".small-sheet").replaceChildren(canvas);
  }

  branch(items, depth) {
    const list = document.createElement("ul");
    for (const one of items.slice(0, 2000)) {
      const item = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.textContent = one.title.replace(/\s+/g, " ").trim() || "Without a name";
      if (one.dest) button.addEventListener("click", () => this.links.goToDestination(one.dest));
      else button.setAttribute("aria-disabled", "true");
      item.append(button);
      if (one.items?.length && depth < 6) item.append(this.branch(one.items, depth + 1));
      list.append(item);
    }
    return list;
  }

  mark(page) {
    if (!this.open) return;
    for (const old of this.list.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
    const now = this.list.querySelector(`[data-page="${page}"]`);
    now?.setAttribute("aria-current", "page");
    now?.scrollIntoView({ block: "nearest" });
  }
}
