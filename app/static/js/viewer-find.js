// Finding words in the open document: how many places, on how many pages, one after the other.

const PENDING = 3, NOT_FOUND = 1;

export class Find {
  constructor(reader, bus, controller) {
    Object.assign(this, { bus, controller });
    this.form = reader.querySelector("#find");
    this.words = reader.querySelector("#find-words");
    this.whole = reader.querySelector("#find-whole");
    this.exact = reader.querySelector("#find-case");
    this.said = reader.querySelector("#found");
    this.button = reader.querySelector("[data-do='find']");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.again(false); });
    this.words.addEventListener("input", () => this.ask(""));
    this.whole.addEventListener("change", () => this.ask("entirewordchange"));
    this.exact.addEventListener("change", () => this.ask("casesensitivitychange"));
    this.words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.shiftKey) { event.preventDefault(); this.again(true); }
    });
    bus.on("updatefindmatchescount", ({ matchesCount }) => this.tell(matchesCount));
    bus.on("updatefindcontrolstate", ({ state, matchesCount }) => this.tell(matchesCount, state));
  }

  get open() { return !this.form.hidden; }

  show(words) {
    this.form.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    if (words) this.words.value = words;
    this.words.focus();
    this.words.select();
    if (this.words.value) this.ask("");
  }

  close() {
    this.form.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.bus.dispatch("findbarclose", { source: this });
  }

  again(back) { this.ask("again", back); }

  ask(type, findPrevious = false) {
    this.bus.dispatch("find", {
      source: this, type, query: this.words.value, caseSensitive: this.exact.checked, entireWord: this.whole.checked,
      highlightAll: true, findPrevious, matchDiacritics: false,
    });
  }

  tell({ current = 0, total = 0 } = {}, state = null) {
    if (!this.words.value) this.said.textContent = "";
    else if (state === PENDING) this.said.textContent = "Looking";
    else if (!total) this.said.textContent = state === NOT_FOUND ? "Not in this document" : this.said.textContent;
    else {
      const pages = (this.controller.pageMatches ?? []).filter((found) => found?.length).length;
      this.said.textContent = `${current || 1} of ${total}, on ${pages} ${pages === 1 ? "page" : "pages"}`;
    }
  }
}
