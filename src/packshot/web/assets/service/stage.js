// The canvas: zoom and pan, before and after, the mask under the brush, the finished picture. Places are pixels of the photo.

const TINT = "rgb(36 86 166 / 62%)"; // over what is cut away, while a person draws
const PAINT = { keep: "rgb(47 160 105 / 55%)", erase: "rgb(205 70 50 / 55%)", hint: "rgb(224 168 58 / 65%)" };
const MOST = 32; // pixels of the screen for one of the photo

export class Stage {
  // drawn(context): called after each drawing, to lay something over.
  constructor(canvas, { changed }) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.changed = changed;
    this.scene = null;
    this.divider = 0.5;
    this.original = false;
    this.live = null; // the stroke in hand
    this.cursor = null; // the brush's ring: {x, y, radius}
    this.fitted = true;
    new ResizeObserver(() => this.resize()).observe(canvas);
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  // scene: {width, height, view, mask, result, background, backdrop, mode, waiting: strokes without their mask yet}
  show(scene) {
    const other = !this.scene || scene.width !== this.scene.width || scene.height !== this.scene.height || scene.of !== this.scene.of;
    this.scene = scene;
    if (other) this.fit();
    this.draw();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    this.ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(clientWidth * this.ratio));
    this.canvas.height = Math.max(1, Math.round(clientHeight * this.ratio));
    if (this.fitted) this.fit();
    this.draw();
  }

  fit() {
    if (!this.scene) return;
    const { width, height } = this.scene;
    const [across, down] = [this.canvas.clientWidth, this.canvas.clientHeight];
    this.scale = Math.max(0.001, Math.min((across - 32) / width, (down - 32) / height, 4));
    this.left = (across - width * this.scale) / 2;
    this.top = (down - height * this.scale) / 2;
    this.fitted = true;
    this.draw();
    this.changed();
  }

  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const scale = Math.min(MOST, Math.max(0.02, this.scale * factor));
    this.left = x - ((x - this.left) * scale) / this.scale;
    this.top = y - ((y - this.top) * scale) / this.scale;
    this.scale = scale;
    this.fitted = false;
    this.draw();
    this.changed();
  }

  pan(right, down) {
    this.left += right;
    this.top += down;
    this.fitted = false;
    this.draw();
  }

  wheel(event) {
    if (!this.scene) return;
    event.preventDefault();
    const box = this.canvas.getBoundingClientRect();
    this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.clientX - box.left, event.clientY - box.top);
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left - this.left) / this.scale, (event.clientY - box.top - this.top) / this.scale];
  }

  draw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.paint();
    });
  }

  paint() {
    const { context, scene, canvas } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!scene) return;
    const scale = this.scale * this.ratio;
    context.setTransform(scale, 0, 0, scale, this.left * this.ratio, this.top * this.ratio);
    context.imageSmoothingEnabled = this.scale < 3;
    context.imageSmoothingQuality = "high";
    const { width, height, view, mode } = scene;
    if (mode === "finished" && !this.original) {
      if (scene.finished) {
        this.lay("transparent", null);
        context.drawImage(scene.finished, 0, 0, width, height);
      }
    } else if (mode === "compare" && !this.original) {
      const place = width * this.divider;
      this.clipped(0, place, () => context.drawImage(view, 0, 0, width, height));
      this.clipped(place, width, () => {
        this.lay(scene.background, scene.backdrop);
        if (scene.result) context.drawImage(scene.result, 0, 0, width, height);
        else this.masked();
      });
      this.line(place);
    } else {
      context.drawImage(view, 0, 0, width, height);
      if (!this.original && scene.mask) this.tint();
    }
    if (mode === "brush" && !this.original) {
      for (const stroke of [...scene.waiting, ...(this.live ? [this.live] : [])]) this.stroke(stroke);
      this.ring();
    }
  }

  clipped(left, right, draw) {
    this.context.save();
    this.context.beginPath();
    this.context.rect(left, 0, right - left, this.scene.height);
    this.context.clip();
    draw();
    this.context.restore();
  }

  // What lies behind the product.
  lay(background, backdrop) {
    const { context, scene } = this;
    const { width, height } = scene;
    if (background === "picture" && backdrop) {
      const scale = Math.max(width / backdrop.width, height / backdrop.height);
      const [across, down] = [width / scale, height / scale];
      context.drawImage(backdrop, (backdrop.width - across) / 2, (backdrop.height - down) / 2, across, down, 0, 0, width, height);
      return;
    }
    context.fillStyle = background === "transparent" ? this.checks() : background || "#ffffff";
    context.fillRect(0, 0, width, height);
  }

  checks() {
    const tile = new OffscreenCanvas(16, 16);
    const inside = tile.getContext("2d");
    inside.fillStyle = "#ffffff";
    inside.fillRect(0, 0, 16, 16);
    inside.fillStyle = "#d5d2cb";
    inside.fillRect(0, 0, 8, 8);
    inside.fillRect(8, 8, 8, 8);
    const pattern = this.context.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().scale(1 / this.scale));
    return pattern;
  }

  // The photo where the mask is, until the service has sent the product with clean edges.
  masked() {
    const { scene } = this;
    if (!scene.mask) return;
    const whole = new OffscreenCanvas(scene.mask.width, scene.mask.height);
    const inside = whole.getContext("2d");
    inside.drawImage(scene.view, 0, 0, whole.width, whole.height);
    inside.globalCompositeOperation = "destination-in";
    inside.drawImage(scene.mask, 0, 0);
    this.context.drawImage(whole, 0, 0, scene.width, scene.height);
  }

  tint() {
    const { scene } = this;
    if (this.tinted?.mask !== scene.mask) {
      const canvas = new OffscreenCanvas(scene.mask.width, scene.mask.height);
      const inside = canvas.getContext("2d");
      inside.fillStyle = TINT;
      inside.fillRect(0, 0, canvas.width, canvas.height);
      inside.globalCompositeOperation = "destination-out";
      inside.drawImage(scene.mask, 0, 0);
      this.tinted = { mask: scene.mask, canvas };
    }
    this.context.drawImage(this.tinted.canvas, 0, 0, scene.width, scene.height);
  }

  stroke({ kind, tool, points, radius }) {
    const { context } = this;
    context.strokeStyle = context.fillStyle = PAINT[tool ?? kind];
    context.lineWidth = 2 * radius;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
    if (points.length === 1) context.lineTo(points[0][0] + 0.01, points[0][1]);
    context.stroke();
  }

  ring() {
    if (!this.cursor) return;
    const { context } = this;
    const { x, y, radius } = this.cursor;
    for (const [colour, wide] of [["rgb(0 0 0 / 70%)", 3], ["#ffffff", 1.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = wide / this.scale;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  line(place) {
    const { context, scene } = this;
    const middle = scene.height / 2;
    for (const [colour, wide, size] of [["rgb(0 0 0 / 55%)", 4, 19], ["#ffffff", 2, 17]]) {
      context.strokeStyle = context.fillStyle = colour;
      context.lineWidth = wide / this.scale;
      context.beginPath();
      context.moveTo(place, 0);
      context.lineTo(place, scene.height);
      context.stroke();
      context.beginPath();
      context.arc(place, middle, size / this.scale, 0, 2 * Math.PI);
      context.fill();
    }
    context.fillStyle = "#1f1e1b";
    for (const side of [-1, 1]) {
      context.beginPath();
      context.moveTo(place + (side * 11) / this.scale, middle);
      context.lineTo(place + (side * 4) / this.scale, middle - 6 / this.scale);
      context.lineTo(place + (side * 4) / this.scale, middle + 6 / this.scale);
      context.fill();
    }
  }
}
