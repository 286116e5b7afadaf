// Printing: the pages are drawn anew at the printer's size, and the browser prints them and nothing else.

const DOTS = 200;  // an inch
const MOST = 60;

export class Print {
  constructor(reader, pdf, bytes) {
    Object.assign(this, { reader, pdf, bytes });
    this.form = reader.querySelector("#print");
    this.from = reader.querySelector("#print-from");
    this.to = reader.querySelector("#print-to");
    this.said = reader.querySelector("#print-said");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.run(); });
    window.addEventListener("afterprint", () => this.clear());
  }

  get open() { return !this.form.hidden; }

  show() {
    this.form.hidden = false;
    this.from.value ||= 1;
    this.to.value ||= Math.min(this.pdf.numPages, MOST);
    this.said.textContent = this.pdf.numPages > MOST ? `At most ${MOST} pages at once; for more, download the PDF.` : "";
    this.from.focus();
    this.from.select();
  }

  close() { this.form.hidden = true; }

  clear() {
    const sheets = document.getElementById("print-sheets");
    for (const image of sheets?.querySelectorAll("img") ?? []) URL.revokeObjectURL(image.src);
    sheets?.remove();
    document.documentElement.classList.remove("printing");
  }

  async run() {
    const last = this.pdf.numPages;
    const from = Math.round(Number(this.from.value)), to = Math.round(Number(this.to.value));
    if (!(from >= 1 && to >= from && to <= last)) {
      this.said.textContent = `Enter pages from 1 to ${last}.`;
      return;
    }
    if (to - from >= MOST) {
      this.said.textContent = `At most ${MOST} pages at once. Enter fewer, or download the PDF.`;
      return;
    }
    this.clear();
    const sheets = Object.assign(document.createElement("div"), { id: "print-sheets" });
    for (let page = from; page <= to; page += 1) {
      this.said.textContent = `Drawing page ${page} of ${to}`;
      sheets.append(await this.sheet(page));
    }
    document.body.append(sheets);
    document.documentElement.classList.add("printing");
    this.said.textContent = "";
    this.close();
    await Promise.all([...sheets.querySelectorAll("img")].map((image) => image.decode().catch(() => {})));
    window.print();
  }

  async sheet(number) {
    const page = await this.pdf.getPage(number);
    const viewport = page.getViewport({ scale: DOTS / 72 });
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    await page.render({ canvas, viewport, intent: "print", annotationMode: 1 }).promise;
    const blob = await new Promise((done) => { canvas.toBlob(done); });
    canvas.width = 0;
    const image = document.createElement("img");
    image.alt = `Page ${number}`;
    image.src = URL.createObjectURL(blob);
    return image;
  }
}
