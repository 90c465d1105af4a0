// The photo and the box drawn on it. A box is [x0, y0, x1, y1] in pixels of the photo, end-exclusive.

const NEAR = 14; // pixels of the screen: how near to a side the pointer takes it
const ROOM = 24; // pixels of the screen around the photo, so that a side at its edge can be taken
export const SIDES = ["left", "top", "right", "bottom"]; // box[i] is the side's place

const stage = document.getElementById("stage");
const sheet = document.getElementById("sheet");
const part = (id) => document.getElementById(id);

export class Stage {
  // changed(box): a person drags; taken(side, at): a side is in hand, `at` is the pointer along it; or null.
  constructor({ changed, taken }) {
    this.changed = changed;
    this.taken = taken;
    this.size = null;
    this.box = null;
    this.image = null;
    sheet.addEventListener("pointerdown", (event) => this.press(event));
    stage.addEventListener("pointermove", (event) => this.hover(event));
    new ResizeObserver(() => this.lay()).observe(stage);
  }

  show(image, size) {
    this.image?.remove();
    this.image = image;
    this.size = size;
    sheet.prepend(image);
    sheet.hidden = false;
    this.lay();
  }

  clear() {
    this.image?.remove();
    this.image = null;
    sheet.hidden = true;
  }

  lay() {
    if (!this.image) return;
    const [width, height] = this.size;
    const scale = Math.min((stage.clientWidth - 2 * ROOM) / width, (stage.clientHeight - 2 * ROOM) / height, 8);
    this.scale = Math.max(scale, 0.001);
    sheet.style.width = `${width * this.scale}px`;
    sheet.style.height = `${height * this.scale}px`;
    sheet.style.left = `${(stage.clientWidth - width * this.scale) / 2}px`;
    sheet.style.top = `${(stage.clientHeight - height * this.scale) / 2}px`;
    sheet.classList.toggle("large", this.scale >= 2);
    part("overlay").setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  // active: the side in hand, or null; none: the box stands for no frame.
  draw(box, { active = null } = {}) {
    this.box = box;
    const [width, height] = this.size;
    const [x0, y0, x1, y1] = box;
    sheet.classList.toggle("none", x0 === 0 && y0 === 0 && x1 === width && y1 === height);
    part("shade").setAttribute("d", `M0 0H${width}V${height}H0ZM${x0} ${y0}H${x1}V${y1}H${x0}Z`);
    for (const id of ["under", "line"]) {
      const rect = part(id);
      rect.setAttribute("x", x0);
      rect.setAttribute("y", y0);
      rect.setAttribute("width", x1 - x0);
      rect.setAttribute("height", y1 - y0);
    }
    const line = part("active");
    line.style.display = active === null ? "none" : "";
    if (active !== null) {
      const upright = active % 2 === 0;
      const ends = upright ? [box[active], y0, box[active], y1] : [x0, box[active], x1, box[active]];
      ["x1", "y1", "x2", "y2"].forEach((name, index) => line.setAttribute(name, ends[index]));
    }
  }

  hide(hidden) {
    sheet.classList.toggle("away-with-it", hidden);
  }

  at(event) {
    const frame = sheet.getBoundingClientRect();
    return [(event.clientX - frame.left) / this.scale, (event.clientY - frame.top) / this.scale];
  }

  // The sides within reach of a point: none, one, or two at a corner.
  near([x, y]) {
    const reach = NEAR / this.scale;
    const [x0, y0, x1, y1] = this.box;
    const along = (value, low, high) => value > low - reach && value < high + reach;
    const best = (value, low, high, crossing) => {
      if (!crossing) return [];
      const [first, second] = [Math.abs(value - this.box[low]), Math.abs(value - this.box[high])];
      return Math.min(first, second) > reach ? [] : [first <= second ? low : high];
    };
    return [...best(x, 0, 2, along(y, y0, y1)), ...best(y, 1, 3, along(x, x0, x1))];
  }

  hover(event) {
    if (!this.image || this.dragging) return;
    const sides = this.near(this.at(event));
    const corner = sides.length === 2 && (sides[0] === 0) === (sides[1] === 1) ? "nwse-resize" : "nesw-resize";
    sheet.style.cursor = sides.length === 2 ? corner : sides.length ? (sides[0] % 2 ? "ns-resize" : "ew-resize") : "crosshair";
  }

  press(event) {
    if (event.button !== 0 || !this.box) return;
    event.preventDefault();
    const start = this.at(event);
    const sides = this.near(start);
    const offset = sides.map((side) => this.box[side] - start[side % 2]);
    const image = this.image;
    this.dragging = true;
    sheet.setPointerCapture(event.pointerId);
    const move = (moved) => {
      if (this.image !== image) return;
      const now = this.at(moved);
      if (sides.length) {
        let box = this.box;
        sides.forEach((side, index) => (box = placed(box, side, now[side % 2] + offset[index], this.size)));
        this.changed(box);
        this.taken(sides[0], now[1 - (sides[0] % 2)]);
      } else if (Math.hypot(now[0] - start[0], now[1] - start[1]) * this.scale > 4) {
        this.changed(spanned(start, now, this.size));
      }
    };
    const end = () => {
      this.dragging = false;
      sheet.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) sheet.removeEventListener(name, end);
      this.taken(null, 0);
    };
    if (sides.length) this.taken(sides[0], start[1 - (sides[0] % 2)]);
    sheet.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) sheet.addEventListener(name, end);
  }
}

// The box with one side moved, kept inside the photo and at least a pixel wide.
export function placed(box, side, place, size) {
  const moved = [...box];
  const low = side < 2 ? 0 : box[side - 2] + 1;
  const high = side < 2 ? box[side + 2] - 1 : size[side % 2];
  moved[side] = Math.min(high, Math.max(low, Math.round(place)));
  return moved;
}

function spanned(one, other, size) {
  const ends = [0, 1].map((axis) => {
    const [low, high] = [one[axis], other[axis]].map((v) => Math.min(size[axis], Math.max(0, Math.round(v)))).sort((a, b) => a - b);
    return high > low ? [low, high] : [Math.min(low, size[axis] - 1), Math.min(low, size[axis] - 1) + 1];
  });
  return [ends[0][0], ends[1][0], ends[0][1], ends[1][1]];
}
