// The lit words and pins: our own layer over each page, at places in ten-thousandths of the page as it stands upright.

const FEW = 12;  // pages whose places are asked for at once
const AROUND = 2;

const box = ([left, top, width, height], turn) => {
  const [x, y, w, h] = {
    0: [left, top, width, height],
    90: [10000 - top - height, left, height, width],
    180: [10000 - left - width, 10000 - top - height, width, height],
    270: [top, 10000 - left - width, height, width],
  }[turn];
  return { x, y, w, h };
};

const placed = (element, { x, y, w, h }) => {
  element.style.left = `${x / 100}%`;
  element.style.top = `${y / 100}%`;
  element.style.width = `${w / 100}%`;
  element.style.height = `${h / 100}%`;
  return element;
};

// Words that stand side by side on one line are one box: a passage is outlined as a whole, not word by word.
const lines = (boxes) => boxes.reduce((found, one) => {
  const last = found.at(-1);
  const [left, top, width, height] = one;
  const level = last && Math.abs(top + height / 2 - (last[1] + last[3] / 2)) < Math.min(height, last[3]) / 2;
  const near = last && left >= last[0] && left - (last[0] + last[2]) < 1.5 * Math.max(height, last[3]);
  if (!level || !near) return [...found, [left, top, width, height]];
  const upper = Math.min(last[1], top), lower = Math.max(last[1] + last[3], top + height);
  last.splice(0, 4, last[0], upper, Math.max(last[0] + last[2], left + width) - last[0], lower - upper);
  return found;
}, []);

const piece = (className) => Object.assign(document.createElement("i"), { className });

export class Marks {
  constructor(viewer, { address, pages, slot, changed }) {
    Object.assign(this, { viewer, address, pages, slot, changed });
    this.known = new Map();
    this.coming = new Map();
    this.answering = null;
    this.current = null;  // { page, at }
  }

  // Where to look next: other words, another passage.
  ask(address) {
    this.address = address;
    this.known.clear();
    this.coming.clear();
    this.answering = null;
    this.current = null;
    for (const layer of this.viewer.viewer.querySelectorAll(".lights, .tags")) layer.remove();
  }

  async of(page) {
    if (this.known.has(page)) return this.known.get(page);
    if (!this.coming.has(page)) {
      const from = this.pages <= FEW ? 1 : Math.max(1, page - AROUND);
      const to = Math.min(this.pages, from + FEW - 1);
      const whole = this.load(from, to).finally(() => { for (let n = from; n <= to; n += 1) this.coming.delete(n); });
      for (let n = from; n <= to; n += 1) if (!this.known.has(n)) this.coming.set(n, whole);
    }
    await this.coming.get(page).catch(() => {});
    return this.known.get(page);
  }

  async load(from, to) {
    const address = new URL(this.address, window.location.href);
    address.searchParams.set("from", from);
    address.searchParams.set("to", to);
    if (!this.answering) address.searchParams.set("all", 1);
    const asked = this.address;
    const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok || asked !== this.address) return;
    const said = await answer.json();
    if (said.answering) this.answering = said.answering;
    for (const page of said.pages) this.known.set(page.page, page);
    for (const page of said.pages) this.draw(page.page);
    this.changed();
  }

  // After a pin was set or taken: the page is asked for anew and drawn again, nothing else moves.
  async fresh(page) {
    this.known.delete(page);
    await this.load(page, page);
  }

  draw(page) {
    const view = this.viewer.getPageView(page - 1);
    const lit = this.known.get(page);
    if (!view?.div || !lit || !view.div.querySelector(".canvasWrapper")) return;
    for (const old of view.div.querySelectorAll(":scope > .lights, :scope > .tags")) old.remove();
    const turn = this.viewer.pagesRotation;
    const lights = piece("lights"), tags = piece("tags");
    lights.ariaHidden = "true";
    const taken = [];
    for (const pin of lit.pins) this.drawPin(pin, turn, lights, tags, taken);
    lit.hits.forEach((boxes, at) => {
      for (const one of boxes) {
        const light = placed(piece("lit-box"), box(one, turn));
        light.classList.toggle("at", this.current?.page === page && this.current.at === at);
        lights.append(light);
      }
    });
    view.div.append(lights, tags);
    this.letSelect(view, lit);
  }

  drawPin(pin, turn, lights, tags, taken) {
    for (const one of lines(pin.boxes)) lights.append(placed(piece("pin-box"), box(one, turn)));
    const first = pin.boxes.length ? box(pin.boxes[0], turn) : { x: 9600, y: 100 + 260 * taken.length, w: 0, h: 0 };
    const tag = document.createElement("a");
    tag.className = "pin-tag";
    tag.href = this.slot.replace("CODE", encodeURIComponent(pin.code));
    tag.textContent = pin.code;
    tag.title = `Pinned to ${pin.code}`;
    tag.setAttribute("aria-label", `Pinned to ${pin.code}: ${pin.quote || "the page"}`);
    const beside = taken.filter((one) => Math.abs(one - first.y) < 150).length;
    taken.push(first.y);
    tag.style.top = `${first.y / 100}%`;
    tag.style.right = `${0.6 + 5.2 * beside}%`;
    tags.append(tag);
  }

  // The recognized words of a scan, invisible at their places, so that they can be selected like any text.
  letSelect(view, lit) {
    if (!lit.words.length || view.div.querySelector(".ocr-layer")) return;
    const { width, height } = view.pdfPage ? view.pdfPage.getViewport({ scale: 1 }) : view.viewport;
    const layer = Object.assign(document.createElement("div"), { className: "ocr-layer textLayer" });
    layer.dataset.mainRotation = this.viewer.pagesRotation;
    const brush = document.createElement("canvas").getContext("2d");
    for (const [text, x, y, w, h] of lit.words) {
      const word = document.createElement("span");
      const size = (h / 10000) * height;
      brush.font = `${size}px sans-serif`;
      word.textContent = `${text} `;
      word.style.left = `${x / 100}%`;
      word.style.top = `${y / 100}%`;
      word.style.fontSize = `calc(var(--total-scale-factor) * ${size.toFixed(2)}px)`;
      word.style.transform = `scaleX(${((w / 10000) * width / (brush.measureText(text).width || 1)).toFixed(4)})`;
      layer.append(word);
    }
    layer.style.width = "100%";
    layer.style.height = "100%";
    view.div.append(layer);
  }

  redraw() {
    for (const view of this.viewer.getCachedPageViews()) this.draw(view.id);
  }

  // The next hit (step 1) or the one before (-1), over all pages that answer, round and round.
  async step(step) {
    const here = this.current ?? { page: this.viewer.currentPageNumber, at: step > 0 ? -1 : Infinity };
    const lit = await this.of(here.page);
    const count = lit?.hits.length ?? 0;
    const at = here.at === Infinity ? count - 1 : here.at + step;
    if (at >= 0 && at < count) return this.go(here.page, at);
    const seen = [...this.known.values()].filter((one) => one.hits.length).map((one) => one.page);
    const all = [...new Set([...(this.answering ?? []), ...seen])].sort((one, other) => one - other);
    const pages = all.filter((page) => page !== here.page);
    const ahead = pages.filter((page) => (step > 0 ? page > here.page : page < here.page));
    for (const page of step > 0 ? [...ahead, ...pages] : [...ahead.reverse(), ...pages.reverse()]) {
      const found = (await this.of(page))?.hits.length ?? 0;
      if (found) return this.go(page, step > 0 ? 0 : found - 1);
    }
    return count ? this.go(here.page, step > 0 ? 0 : count - 1) : null;
  }

  // Light one hit as the one at hand, and bring it into the middle.
  async go(page, at) {
    const before = this.current?.page;
    this.current = { page, at };
    if (before && before !== page) this.draw(before);
    await this.of(page);
    this.draw(page);
    this.middle(page, at);
    this.changed();
  }

  middle(page, at) {
    const { container } = this.viewer;
    const view = this.viewer.getPageView(page - 1);
    const first = this.known.get(page)?.hits[at]?.[0];
    if (!view || !first) return;
    const { x, y, w, h } = box(first, this.viewer.pagesRotation);
    const frame = container.getBoundingClientRect(), sheet = view.div.getBoundingClientRect();
    const top = container.scrollTop + sheet.top - frame.top + ((y + h / 2) / 10000) * sheet.height;
    const left = container.scrollLeft + sheet.left - frame.left + ((x + w / 2) / 10000) * sheet.width;
    container.scrollTo({ top: top - container.clientHeight / 2, left: left - container.clientWidth / 2 });
  }

  count(page) {
    const lit = this.known.get(page);
    const here = lit?.hits.length ?? 0;
    if (this.pages <= FEW && this.known.size >= this.pages) {
      const numbers = [...this.known.keys()].sort((one, other) => one - other);
      const total = numbers.reduce((sum, number) => sum + this.known.get(number).hits.length, 0);
      if (!total) return "";
      if (!this.current) return `${total} ${total === 1 ? "hit" : "hits"}`;
      const earlier = numbers.filter((number) => number < this.current.page)
        .reduce((sum, number) => sum + this.known.get(number).hits.length, 0);
      return `hit ${earlier + this.current.at + 1} of ${total}`;
    }
    const pages = this.answering?.length ?? 0;
    if (this.current && this.current.page === page && here) return `hit ${this.current.at + 1} of ${here}`;
    return pages ? `on ${pages} ${pages === 1 ? "page" : "pages"}` : here ? `${here} on this page` : "";
  }
}
