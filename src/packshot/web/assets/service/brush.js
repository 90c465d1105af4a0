// Strokes by mouse, pen, finger or keys. A stroke ends when it is let go, or when tool or size change under way: nothing is lost.

const STEP = 1.2; // `[` and `]` change the size by so much
const REACH_OF_HINT = 0.12; // of the photo's longer side: how far a hint is followed
let numbers = 0;

export class Brush {
  // ended(stroke): a stroke is complete; moved(): the brush or the size is another.
  constructor(stage, { ended, moved, mask }) {
    this.stage = stage;
    this.ended = ended;
    this.moved = moved;
    this.mask = mask; // () => canvas of the mask, at the size of the screen's picture
    this.tool = null; // keep, erase, hint
    this.radius = 12;
    this.snaps = true;
    this.pointers = new Map();
    this.spaced = false;
    const { canvas } = stage;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => this.release(event));
    canvas.addEventListener("pointerleave", () => this.hover(null));
  }

  take(tool) {
    this.cut(() => (this.tool = tool));
    if (!tool) this.hover(null);
  }

  resize(radius) {
    this.cut(() => (this.radius = Math.round(Math.min(this.largest, Math.max(1, radius)))));
    if (this.stage.cursor) this.stage.cursor.radius = this.radius;
    this.stage.draw();
    this.moved();
  }

  larger() {
    this.resize(Math.max(this.radius + 1, this.radius * STEP));
  }

  smaller() {
    this.resize(Math.min(this.radius - 1, this.radius / STEP));
  }

  // For a new photo: a brush that suits its size.
  suit({ width, height }) {
    const side = Math.max(width, height);
    if (this.side === side) return;
    this.side = side;
    this.largest = Math.max(4, Math.round(side / 5));
    this.radius = Math.max(2, Math.round(side * 0.02));
    this.moved();
  }

  // End the stroke in hand, change something, and go on from where it was.
  cut(change) {
    const { live } = this.stage;
    if (!live) return change();
    this.finish();
    change();
    if (this.tool) this.begin(live.points.at(-1));
  }

  begin(point) {
    this.stage.live = { tool: this.tool, kind: this.tool, points: [point], radius: this.radius };
    this.stage.draw();
  }

  extend(point) {
    const { live, scale } = this.stage;
    const [x, y] = live.points.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) * scale < 1.5 || live.points.length >= 4000) return;
    live.points.push(point);
    this.stage.draw();
  }

  finish() {
    const { live } = this.stage;
    this.stage.live = null;
    if (!live) return;
    const { scene } = this.stage;
    const points = live.points.map((point) => point.map((value) => Math.round(value * 10) / 10));
    const inside = points.some(([x, y]) => x > -live.radius && y > -live.radius && x < scene.width + live.radius && y < scene.height + live.radius);
    if (!inside) return this.stage.draw();
    numbers += 1;
    const stroke = { number: numbers, tool: live.tool, kind: live.kind, points, radius: live.radius };
    if (live.tool === "hint") {
      stroke.kind = this.covers(points) ? "erase" : "keep";
      stroke.reach = Math.round(REACH_OF_HINT * Math.max(scene.width, scene.height));
    } else if (!this.snaps) stroke.reach = 0;
    this.ended(Object.freeze(stroke));
  }

  cancel() {
    this.stage.live = null;
    this.stage.draw();
  }

  // Whether most of a hint lies on what is kept now: then it says that it should not be.
  covers(points) {
    const mask = this.mask();
    if (!mask) return false;
    const { width, height } = this.stage.scene;
    const { data } = mask.getContext("2d").getImageData(0, 0, mask.width, mask.height);
    const on = points.filter(([x, y]) => {
      const column = Math.min(mask.width - 1, Math.max(0, Math.floor((x / width) * mask.width)));
      const row = Math.min(mask.height - 1, Math.max(0, Math.floor((y / height) * mask.height)));
      return data[4 * (row * mask.width + column) + 3] > 127;
    });
    return on.length * 2 > points.length;
  }

  hover(point) {
    this.stage.cursor = point && this.tool ? { x: point[0], y: point[1], radius: this.radius } : null;
    this.stage.draw();
  }

  press(event) {
    const { stage } = this;
    if (!stage.scene || event.button > 1) return;
    stage.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.pointers.size === 2) return this.cancel(); // two fingers move the picture
    this.panning = this.spaced || event.button === 1;
    if (this.panning) return;
    if (this.tool) this.begin(stage.at(event));
    else if (stage.scene.mode === "compare") this.divide(event);
    else this.panning = true;
  }

  move(event) {
    const { stage } = this;
    const last = this.pointers.get(event.pointerId);
    if (event.pointerType !== "touch") this.hover(stage.at(event));
    if (!last) return;
    const now = [event.clientX, event.clientY];
    if (this.pointers.size === 2) this.pinch(event.pointerId, last, now);
    else if (this.panning) stage.pan(now[0] - last[0], now[1] - last[1]);
    else if (stage.live) for (const each of event.getCoalescedEvents?.() ?? [event]) this.extend(stage.at(each));
    else if (stage.scene.mode === "compare") this.divide(event);
    this.pointers.set(event.pointerId, now);
  }

  release(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.pointers.size) return;
    this.panning = false;
    this.finish();
  }

  pinch(id, last, now) {
    const other = [...this.pointers].find(([key]) => key !== id)[1];
    const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
    const box = this.stage.canvas.getBoundingClientRect();
    const middle = [(now[0] + other[0]) / 2 - box.left, (now[1] + other[1]) / 2 - box.top];
    this.stage.pan((now[0] - last[0]) / 2, (now[1] - last[1]) / 2);
    this.stage.zoom(apart(now) / Math.max(1, apart(last)), ...middle);
  }

  divide(event) {
    this.stage.divider = Math.min(1, Math.max(0, this.stage.at(event)[0] / this.stage.scene.width));
    this.stage.draw();
    this.moved();
  }

  // Keys on the stage: arrows move the brush, Enter begins and ends a stroke. Gives whether the key was meant.
  key(event) {
    const { stage } = this;
    if (!this.tool || !stage.scene) return false;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const { width, height } = stage.scene;
    const place = stage.cursor ?? { x: width / 2, y: height / 2 };
    if (steps) {
      const far = event.shiftKey ? 4 * this.radius : Math.max(1, this.radius / 2);
      const point = [Math.min(width, Math.max(0, place.x + steps[0] * far)), Math.min(height, Math.max(0, place.y + steps[1] * far))];
      this.hover(point);
      if (stage.live) this.extend(point);
      return true;
    }
    if (event.key === "Enter") {
      this.hover([place.x, place.y]);
      if (stage.live) this.finish();
      else this.begin([place.x, place.y]);
      return true;
    }
    if (event.key === "Escape" && stage.live) {
      this.cancel();
      return true;
    }
    return false;
  }
}
