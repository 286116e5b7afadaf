// How large the pages stand: steps, fitting, the wheel with Ctrl, two fingers; and which way up.

const NARROW = 720;

export class Zoom {
  constructor(reader, bus, viewer) {
    Object.assign(this, { viewer });
    this.select = reader.querySelector("#zoom");
    this.pages = reader.querySelector("#pages");
    this.select.addEventListener("change", () => { viewer.currentScaleValue = this.select.value; });
    bus.on("scalechanging", ({ scale, presetValue }) => this.show(scale, presetValue));
    this.pages.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.fingers = new Map();
    for (const kind of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      this.pages.addEventListener(kind, (event) => this.finger(event));
    }
    new ResizeObserver(() => this.fit()).observe(this.pages);
  }

  begin() {
    this.viewer.currentScaleValue = this.pages.clientWidth < NARROW ? "page-width" : "auto";
  }

  fit() {
    const preset = this.viewer.currentScaleValue;
    if (this.viewer.pagesCount && Number.isNaN(Number(preset))) this.viewer.currentScaleValue = preset;
  }

  step(up) {
    if (up) this.viewer.increaseScale();
    else this.viewer.decreaseScale();
  }

  rotate() {
    this.viewer.pagesRotation = (this.viewer.pagesRotation + 90) % 360;
  }

  show(scale, preset) {
    const wanted = preset || String(Math.round(scale * 100) / 100);
    const own = [...this.select.options].find((one) => one.value === wanted);
    const custom = this.select.querySelector("[value='custom']");
    custom.textContent = `${Math.round(scale * 100)} %`;
    custom.hidden = Boolean(own);
    this.select.value = own ? wanted : "custom";
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.by(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
  }

  by(scaleFactor, x, y) {
    if (this.viewer.pagesCount) this.viewer.updateScale({ drawingDelay: 400, scaleFactor, origin: [x, y] });
  }

  finger(event) {
    if (event.pointerType !== "touch") return;
    if (event.type === "pointerup" || event.type === "pointercancel") {
      this.fingers.delete(event.pointerId);
      this.apart = null;
      return;
    }
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.fingers.size !== 2) return;
    const [one, other] = [...this.fingers.values()];
    const apart = Math.hypot(one[0] - other[0], one[1] - other[1]);
    if (this.apart && Math.abs(apart - this.apart) > 2) {
      this.by(apart / this.apart, (one[0] + other[0]) / 2, (one[1] + other[1]) / 2);
      this.apart = apart;
    }
    this.apart ??= apart;
  }
}
