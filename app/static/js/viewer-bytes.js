// The bytes of a document, a part at a time. The end of the file comes first (its directory stands there), then only
// what the shown pages need. A part that does not arrive is asked for again; what has arrived stays.

const TAIL = 128 * 1024;
const AT_ONCE = 6;
const NEAR = 32 * 1024;  // parts so close to each other are asked for together
const MOST = 1024 * 1024;
const PATIENCE = [400, 1500];  // milliseconds before another try

export class Gone extends Error {}

const pause = (time) => new Promise((done) => { setTimeout(done, time); });

async function part(address, range, mark) {
  const headers = { Range: `bytes=${range}` };
  if (mark) headers["If-Range"] = mark;
  const answer = await fetch(address, { headers, credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (answer.status === 206) return answer;
  if (answer.status >= 500) throw new TypeError("the portal is busy");
  throw new Gone(`answered ${answer.status}`);
}

async function patient(address, range, mark) {
  for (const time of PATIENCE) {
    try {
      const answer = await part(address, range, mark);
      return { answer, data: new Uint8Array(await answer.arrayBuffer()) };
    } catch (trouble) {
      if (trouble instanceof Gone) throw trouble;
      await pause(time);
    }
  }
  const answer = await part(address, range, mark);
  return { answer, data: new Uint8Array(await answer.arrayBuffer()) };
}

// `lib` is pdf.js; `lost` hears that parts do not arrive, `found` that they do again.
export async function bytesOf(lib, address, { lost, found }) {
  const first = await patient(address, `-${TAIL}`);
  const mark = first.answer.headers.get("ETag");
  const size = Number(first.answer.headers.get("Content-Range").split("/")[1]);
  const tail = first.data, tailAt = size - tail.length;

  class Bytes extends lib.PDFDataRangeTransport {
    waiting = [];
    running = 0;
    stuck = false;
    over = false;

    requestDataRange(begin, end) {
      if (begin >= tailAt) this.give(begin, tail.slice(begin - tailAt, end - tailAt));
      else this.waiting.push({ begin, end });
      queueMicrotask(() => this.next());
    }

    give(begin, chunk) {
      setTimeout(() => { if (!this.over) this.onDataRange(begin, chunk); });
    }

    next() {
      while (!this.over && !this.stuck && this.running < AT_ONCE && this.waiting.length) this.fetchGroup(this.take());
    }

    // The first that waits, with all that stand close behind it.
    take() {
      const { waiting } = this;
      const group = [waiting.shift()];
      waiting.sort((one, other) => one.begin - other.begin);
      for (let at = 0; at < waiting.length;) {
        const last = group.at(-1);
        const one = waiting[at];
        if (one.begin >= last.end && one.begin - last.end <= NEAR && one.end - group[0].begin <= MOST) {
          group.push(...waiting.splice(at, 1));
        } else at += 1;
      }
      return group;
    }

    async fetchGroup(group) {
      this.running += 1;
      const begin = group[0].begin, end = group.at(-1).end;
      try {
        const { data } = await patient(address, `${begin}-${end - 1}`, mark);
        for (const one of group) this.give(one.begin, data.slice(one.begin - begin, one.end - begin));
        found();
      } catch (trouble) {
        this.waiting.unshift(...group);
        this.stuck = true;
        lost(trouble);
      }
      this.running -= 1;
      this.next();
    }

    again() {
      this.stuck = false;
      this.next();
    }

    abort() {
      this.over = true;
    }
  }
  return new Bytes(size, null);
}
