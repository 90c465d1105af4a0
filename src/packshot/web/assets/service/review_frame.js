// Where the picture inside a frame begins: drawn with a pointer on the photo, or typed as the frame's widths.

import { element } from "./review_view.js";

const part = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const SIDES = ["left", "top", "right", "bottom"];
const GRAB = 14; // pixels of the screen from a side in which it is taken
const INSET = 0.05; // where nothing is proposed

export class FrameBox {
  constructor() {
    this.row = null;
    this.taken = null; // side in hand, or the corner a new box began with
    const sheet = part("before");
    sheet.addEventListener("pointerdown", (event) => this.press(event));
    sheet.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) sheet.addEventListener(name, () => (this.taken = null));
    part("sides").replaceChildren(
      element("legend", "The frame's width, in pixels"),
      ...SIDES.map((side, index) => {
        const label = element("label", side);
        const input = Object.assign(document.createElement("input"), { type: "number", min: 0, inputMode: "numeric", id: `side-${side}` });
        input.addEventListener("input", () => this.typed(index, Number(input.value)));
        input.addEventListener("keydown", (event) => ["Enter", "Escape"].includes(event.key) && input.blur());
        label.append(input);
        return label;
      }),
    );
    part("sides").hidden = false;
  }

  // The box of a row: drawn by a person, decided or proposed; null where there is none.
  box(row) {
    return row.drawn ?? row.guess?.box ?? null;
  }

  // The same, or a guess where there is none: then a person has to look first.
  needed(row) {
    if (this.box(row)) return true;
    const [width, height] = row.size;
    const [across, down] = [Math.round(width * INSET), Math.round(height * INSET)];
    row.drawn = [across, down, width - across, height - down];
    this.draw(row);
    return false;
  }

  draw(row) {
    this.row = row;
    part("before").querySelector("svg")?.remove();
    const box = this.box(row);
    const [width, height] = row.size;
    const [x0, y0, x1, y1] = box ?? [0, 0, width, height];
    [x0, y0, width - x1, height - y1].forEach((wide, index) => {
      const input = part(`side-${SIDES[index]}`);
      if (document.activeElement !== input) input.value = Math.round(wide);
    });
    if (!box || !part("before").querySelector("img")) return;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("aria-hidden", "true");
    const shade = document.createElementNS(SVG, "path");
    shade.setAttribute("class", "shade");
    shade.setAttribute("fill-rule", "evenodd");
    shade.setAttribute("d", `M0 0H${width}V${height}H0ZM${x0} ${y0}H${x1}V${y1}H${x0}Z`);
    svg.append(shade);
    for (const name of ["under", "line"]) {
      const line = document.createElementNS(SVG, "rect");
      for (const [key, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: name })) line.setAttribute(key, value);
      svg.append(line);
    }
    part("before").append(svg);
  }

  typed(index, wide) {
    const { row } = this;
    if (!row || !Number.isFinite(wide)) return;
    const [width, height] = row.size;
    const box = [...(this.box(row) ?? [0, 0, width, height])];
    box[index] = index < 2 ? wide : [width, height][index - 2] - wide;
    this.set(box);
  }

  set([x0, y0, x1, y1]) {
    const [width, height] = this.row.size;
    const within = (value, most) => Math.round(Math.min(most, Math.max(0, value)));
    const [left, right] = [within(Math.min(x0, x1), width - 1), within(Math.max(x0, x1), width)];
    const [top, bottom] = [within(Math.min(y0, y1), height - 1), within(Math.max(y0, y1), height)];
    this.row.drawn = [left, top, Math.max(left + 1, right), Math.max(top + 1, bottom)];
    this.draw(this.row);
  }

  // A place on the screen in pixels of the photo, and how many of the screen one of them is.
  at(event) {
    const sheet = part("before").getBoundingClientRect();
    const [width, height] = this.row.size;
    const scale = Math.min(sheet.width / width, sheet.height / height);
    return { x: (event.clientX - sheet.left - (sheet.width - width * scale) / 2) / scale, y: (event.clientY - sheet.top - (sheet.height - height * scale) / 2) / scale, scale };
  }

  press(event) {
    if (!this.row || event.button) return;
    event.preventDefault();
    part("before").setPointerCapture(event.pointerId);
    const { x, y, scale } = this.at(event);
    const box = this.box(this.row);
    const away = box ? [Math.abs(x - box[0]), Math.abs(y - box[1]), Math.abs(x - box[2]), Math.abs(y - box[3])].map((far) => far * scale) : [Infinity];
    const nearest = away.indexOf(Math.min(...away));
    this.taken = away[nearest] <= GRAB ? { side: nearest } : { corner: [x, y] };
  }

  move(event) {
    if (!this.taken) return;
    const { x, y } = this.at(event);
    if (this.taken.corner) return this.set([...this.taken.corner, x, y]);
    const box = [...this.box(this.row)];
    box[this.taken.side] = this.taken.side % 2 ? y : x;
    this.set(box);
  }
}
