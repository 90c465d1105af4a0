// The listing of all photos as a table: any number is confirmed at once, and comes out as CSV.

import { count } from "./counting.js";
import { languageOf, wordsOf } from "./listing.js";
import { say } from "./notice.js";
import { TABLE } from "./saved.js";
import { download } from "./zip.js";

const part = (id) => document.getElementById(id);
const COLUMNS = ["photo", "category_id", "category", "language", "title", "alt", "colours", "attributes", "confirmed"];

export class ListingTable {
  // confirm(photos): their rows are right; open(photo): a person wants to see it.
  constructor({ photos, confirm, open }) {
    this.photos = photos;
    this.open = open;
    this.chosen = new Set();
    this.confirm = (rows) => {
      confirm(rows);
      this.chosen.clear();
      this.show();
      say(`${rows.length} confirmed.`);
    };
    part("choose-all").addEventListener("change", (event) => {
      this.chosen = new Set(event.target.checked ? this.rows() : []);
      this.show();
    });
    part("confirm-sure").addEventListener("click", () => this.confirm(this.sure()));
    part("confirm-chosen").addEventListener("click", () => this.confirm([...this.chosen].filter((photo) => photo.now.listing.category)));
    part("csv").addEventListener("click", () => {
      download(new Blob([this.csv()], { type: "text/csv" }), "listing.csv");
      for (const photo of this.rows()) photo.saved.add(photo.now, TABLE);
    });
  }

  rows() {
    return this.photos().filter((photo) => photo.status === "ready");
  }

  sure() {
    return this.rows().filter(({ now: { listing } }) => listing.sure && listing.category && !listing.confirmed);
  }

  show() {
    const rows = this.rows();
    const confirmed = rows.filter((photo) => photo.now.listing.confirmed).length;
    const sure = this.sure().length;
    part("table-note").textContent = `${count(rows.length, "photo")}, ${confirmed} confirmed. Those the network is not sure of stand first.`;
    part("confirm-sure").textContent = sure ? `Confirm all ${sure} that are sure` : "Nothing more that is sure";
    part("confirm-sure").disabled = !sure;
    part("confirm-chosen").disabled = !this.chosen.size;
    part("choose-all").checked = rows.length > 0 && this.chosen.size === rows.length;
    const order = (photo) => (photo.now.listing.confirmed ? 2 : photo.now.listing.sure ? 1 : 0);
    part("rows").replaceChildren(...[...rows].sort((one, other) => order(one) - order(other)).map((photo) => this.row(photo)));
  }

  row(photo) {
    const { listing } = photo.now;
    const row = document.createElement("tr");
    const choose = Object.assign(document.createElement("input"), { type: "checkbox", checked: this.chosen.has(photo) });
    choose.setAttribute("aria-label", `Choose ${photo.name}`);
    choose.addEventListener("change", () => {
      if (choose.checked) this.chosen.add(photo);
      else this.chosen.delete(photo);
      part("confirm-chosen").disabled = !this.chosen.size;
    });
    const open = document.createElement("button");
    open.type = "button";
    open.className = "quiet photo";
    open.append(Object.assign(document.createElement("img"), { src: photo.thumb, alt: "", width: 48, height: 48 }), Object.assign(document.createElement("span"), { textContent: photo.name.split("/").at(-1) }));
    open.setAttribute("aria-label", `Show ${photo.name}`);
    open.addEventListener("click", () => this.open(photo));
    const state = listing.confirmed ? ["Confirmed", "good"] : listing.sure ? ["Proposed", ""] : ["Not sure", "unsure"];
    const words = Object.entries(listing.attributes).map(([name, value]) => `${name}: ${value}`).join(", ");
    const cells = [choose, open, wordsOf(photo.now).title || "–", listing.category?.name.split(" > ").join(" › ") ?? "–", words || "–", state[0]];
    row.append(...cells.map((content, place) => {
      const cell = document.createElement("td");
      cell.append(content);
      if (place === 5) cell.className = state[1];
      return cell;
    }));
    return row;
  }

  csv() {
    const rows = this.rows().map(({ name, now, now: { listing } }) => [
      name,
      listing.category?.id ?? "",
      listing.category?.name ?? "",
      languageOf(now),
      wordsOf(now).title,
      wordsOf(now).alt,
      listing.colours.join(", "),
      Object.entries(listing.attributes).map(([key, value]) => `${key}=${value}`).join("; "),
      listing.confirmed ? "yes" : "no",
    ]);
    return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
  }
}

// RFC 4180; a text that a spreadsheet would take for a formula begins with an apostrophe.
function cell(value) {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
