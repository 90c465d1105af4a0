// The queue as this browser knows it: rows in their order, loaded ahead, and what was decided here or elsewhere.

import { askJson } from "./requests.js";

const PAGE = 60;
const AHEAD = 20; // rows that are known beyond the one that is shown

export class Queue {
  // question: what every photo is asked, such as its category; none where results are reviewed.
  constructor(root, question = "") {
    this.root = root;
    this.question = question;
    this.address = question ? `${root}/questions/${encodeURIComponent(question)}/photos` : `${root}/photos`;
    this.filters = {};
    this.clear();
  }

  clear() {
    this.rows = [];
    this.at = -1;
    this.cursor = null; // id after which the next page begins
    this.more = true;
    this.left = 0;
    this.waiting = null; // of those left, how many are to be looked at; unknown under a question
    this.passed = 0; // rows before the place where we began
    this.loading = null;
  }

  get row() {
    return this.rows[this.at];
  }

  // Begin at a photo, or with the first; gives whether there is one.
  async begin(filters, photo = null) {
    this.filters = filters;
    this.clear();
    if (photo) {
      try {
        const row = await this.fetch(photo);
        if (row.state !== "decided") {
          this.rows = [row];
          this.cursor = photo;
        }
      } catch {
        // it is gone: from the first
      }
    }
    await this.load();
    if (photo && this.rows.length === 0 && !this.more) return this.begin(filters);
    this.at = this.next(-1);
    return this.at !== null;
  }

  async fetch(id) {
    return this.read(await askJson(`${this.address}/${id}`));
  }

  // Under a question, decided means answered.
  read(row) {
    return this.question ? { ...row, state: row.answered ? "decided" : "new" } : row;
  }

  load() {
    this.loading ??= this.page().finally(() => (this.loading = null));
    return this.loading;
  }

  async page() {
    const asked = this.filters;
    const query = new URLSearchParams({ limit: PAGE });
    if (this.question) query.set("limit", PAGE + this.rows.filter((row) => row.state !== "decided").length);
    else {
      for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value);
      if (this.cursor) query.set("after", this.cursor);
    }
    const found = await askJson(`${this.address}?${query}`);
    if (asked !== this.filters) return;
    const known = new Set(this.rows.map((row) => row.id));
    this.rows.push(...found.photos.filter((row) => !known.has(row.id)).map((row) => this.read(row)));
    this.left = found.total;
    this.waiting = found.waiting ?? null;
    this.cursor = found.next;
    this.more = found.next !== null;
  }

  // A row was decided, or is open again.
  decided(row) {
    this.change(row, -1);
  }

  opened(row) {
    this.change(row, 1);
  }

  change(row, by) {
    this.left += by;
    if (this.waiting !== null && row.waits) this.waiting += by;
  }

  // How many are left, in words.
  get words() {
    const left = this.left.toLocaleString("en");
    if (this.waiting === null || !this.left) return `${left} left`;
    if (this.waiting <= 0) return `${left} left, ready as ${this.left === 1 ? "it is" : "they are"}`;
    if (this.waiting >= this.left) return `${left} left to look at`;
    return `${left} left: ${this.waiting.toLocaleString("en")} to look at, ${(this.left - this.waiting).toLocaleString("en")} ready`;
  }

  // The next row that nobody decided, from what is known; null where there is none.
  next(from) {
    for (let index = from + 1; index < this.rows.length; index += 1) if (this.rows[index].state !== "decided") return index;
    return null;
  }

  // Rows that will be shown after this one.
  ahead(count) {
    const found = [];
    for (let index = this.next(this.at); index !== null && found.length < count; index = this.next(index)) found.push(this.rows[index]);
    return found;
  }

  get short() {
    return this.more && this.rows.length - this.at < AHEAD;
  }

  find(id) {
    return this.rows.findIndex((row) => row.id === id);
  }

  // Show a row right after this one: it has to be looked at again.
  bring(row) {
    const old = this.find(row.id);
    if (old === this.at && old >= 0) {
      this.rows[old] = row;
      return;
    }
    if (old >= 0) {
      this.rows.splice(old, 1);
      if (old < this.at) this.at -= 1;
    }
    this.rows.splice(this.at + 1, 0, row);
  }
}
