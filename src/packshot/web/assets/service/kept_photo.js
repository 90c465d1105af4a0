// One photo: its file here, and what the service keeps of it. What was kept too long is sent again, unnoticed.

import { History } from "./history.js";
import { Problem, ask, askJson } from "./requests.js";
import { Saved, drawing } from "./saved.js";

const SCREEN = 4000; // pixels of the longer side that a screen gets; files keep all
const THUMB = 160; // pixels of a thumbnail
const MOST_PIXELS = 60e6; // of masks that are remembered here, while the photo is shown
const MOST_PICTURES = 8;
const GONE = ["photo_gone", "mask_gone"];
const TRIES = 2; // of a request whose photo is sent again

export class KeptPhoto {
  // waits(photo, seconds): the service is busy, and asked again after these.
  constructor(file, { waits }) {
    this.file = file;
    this.waits = (seconds) => waits(this, seconds);
    this.name = file.webkitRelativePath || file.name || "pasted.png";
    this.status = "waiting"; // sending, ready, failed
    this.problem = null;
    this.upload = new AbortController();
    this.thumb = "";
    this.found = new Map(); // subject -> what the service said
    this.masks = new Map(); // what was drawn -> {key, canvas}
    this.pictures = new Map(); // address of a picture -> promise of it
  }

  get now() {
    return this.history.now;
  }

  // Whether something that a person changed would go with the page.
  get unsaved() {
    return Boolean(this.history) && this.saved.isBehind(this.now);
  }

  // Whether it is on its way to the service, or waits for that.
  get isComing() {
    return ["waiting", "sending"].includes(this.status);
  }

  // Send the photo. `defaults` gives the choices that hold for every new photo when it is here.
  async open(defaults) {
    this.status = "sending";
    const said = await this.send("auto");
    this.history = new History(Object.freeze({ ...defaults(), subject: "auto", strokes: [], listing: proposal(said) }));
    this.saved = new Saved(this.now);
    this.thumb = URL.createObjectURL(await (await this.fetch(`/view?side=${THUMB}`)).blob());
    this.status = "ready";
  }

  // Bring what the screen needs; `rest` lets go of it, for a hundred photos are more than a browser holds.
  async wake() {
    if (this.view) return this.view;
    this.waking ??= this.fetch(`/view?side=${SCREEN}`).then(bitmap);
    try {
      this.view = await this.waking;
    } finally {
      this.waking = null;
    }
    return this.view;
  }

  rest() {
    this.view?.close();
    this.view = this.result = this.made = this.shownMask = null;
    this.masks.clear();
    this.pictures.clear();
  }

  async send(subject) {
    const body = new FormData();
    body.append("file", this.file);
    const said = await askJson(`/v1/photos?subject=${subject}`, { method: "POST", body, signal: this.upload.signal, waits: this.waits });
    Object.assign(this, { id: said.id, width: said.width, height: said.height });
    this.found.set(subject, said);
    return said;
  }

  // A request about this photo; where it is not kept any more it is sent again first.
  async fetch(rest, options = {}) {
    for (let turn = 0; ; turn += 1) {
      const { id } = this;
      try {
        return await ask(`/v1/photos/${id}${rest}`, { ...options, waits: this.waits });
      } catch (problem) {
        if (!(problem instanceof Problem) || !GONE.includes(problem.code) || turn === TRIES) throw problem;
        await this.sendAgain(id);
      }
    }
  }

  // Send the photo and draw its strokes once more: once, however many requests missed it.
  sendAgain(missed) {
    if (missed === this.id) this.again ??= this.restore().finally(() => (this.again = null));
    return this.again;
  }

  async restore() {
    const state = this.history?.now;
    this.found.clear();
    this.pictures.clear();
    await this.send(state?.subject ?? "auto");
    if (state?.strokes.length) await this.drawn(state);
  }

  async choose(subject) {
    if (this.found.has(subject)) return this.found.get(subject);
    const response = await this.fetch(`/subject?subject=${subject}`, { method: "POST" });
    const said = await response.json();
    this.found.set(subject, said);
    return said;
  }

  // The mask of a state, as a canvas whose alpha it is; null while it is not there.
  known(state) {
    return this.masks.get(drawing(state)) ?? null;
  }

  async mask(state) {
    const name = drawing(state);
    if (!this.masks.has(name)) {
      await this.choose(state.subject);
      const { width, height } = await this.wake();
      const response = await this.fetch("/strokes", { method: "POST", body: strokesBody(state) });
      const canvas = await alphaCanvas(await response.blob(), width, height);
      this.masks.set(name, { key: response.headers.get("X-Mask"), canvas });
      this.forget(name, width * height);
    }
    return this.masks.get(name);
  }

  drawn(state) {
    return ask(`/v1/photos/${this.id}/strokes`, { method: "POST", body: strokesBody(state) });
  }

  forget(kept, pixels) {
    const most = Math.max(4, MOST_PIXELS / pixels);
    for (const name of this.masks.keys()) {
      if (this.masks.size <= most) break;
      if (name !== kept) this.masks.delete(name);
    }
  }

  // Its name at the service, which downloads need and no canvas.
  async maskKey(state) {
    const known = this.known(state);
    if (known) return known.key;
    const said = await this.choose(state.subject);
    if (!state.strokes.length) return said.mask;
    return (await this.fetch("/strokes", { method: "POST", body: strokesBody(state) })).headers.get("X-Mask");
  }

  // The product with its own colours along the edge, for the screen.
  async cutout(state) {
    const key = await this.maskKey(state);
    return this.once(`/cutout?mask=${key}&side=${SCREEN}`, async (address) => bitmap(await this.fetch(address)));
  }

  // The picture for the marketplace that the state names, with its rules.
  async packshot(state, backdrop) {
    const key = await this.maskKey(state);
    const query = new URLSearchParams({ mask: key, profile: state.profile, enlarge: state.enlarge });
    if (state.background) query.set("background", state.background);
    const options = { method: "POST" };
    if (state.background === "picture") {
      options.body = new FormData();
      options.body.append("backdrop", backdrop.file);
    }
    return this.once(`/packshot?${query}#${state.background === "picture" ? backdrop.number : ""}`, async (address) => {
      const made = await (await this.fetch(address.split("#")[0], options)).json();
      const bytes = Uint8Array.from(atob(made.picture_b64), (letter) => letter.charCodeAt(0));
      const blob = new Blob([bytes], { type: made.media_type });
      return { ...made, picture_b64: null, blob };
    });
  }

  once(address, make) {
    if (!this.pictures.has(address)) {
      if (this.pictures.size >= MOST_PICTURES) this.pictures.delete(this.pictures.keys().next().value);
      const promise = make(address);
      this.pictures.set(address, promise);
      promise.catch(() => this.pictures.delete(address));
    }
    return this.pictures.get(address);
  }

  remove() {
    this.upload.abort();
    URL.revokeObjectURL(this.thumb);
    this.rest();
    if (this.id) fetch(`/v1/photos/${this.id}`, { method: "DELETE", keepalive: true }).catch(() => {});
  }
}

// A row of the listing as the network proposes it.
export function proposal(said) {
  const { path, alternatives, attributes, colours, texts, sure } = said.listing;
  const last = path.at(-1);
  const values = Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value]));
  return Object.freeze({
    category: last ? { id: last.id, name: path.map((node) => node.name).join(" > "), score: last.score } : null,
    alternatives,
    attributes: values,
    colours,
    texts,
    sure,
    confirmed: false,
  });
}

function strokesBody({ subject, strokes }) {
  const bare = strokes.map(({ kind, points, radius, reach }) => (reach === undefined ? { kind, points, radius } : { kind, points, radius, reach }));
  const body = new FormData();
  body.append("strokes", new Blob([JSON.stringify({ subject, strokes: bare })], { type: "application/json" }), "strokes.json");
  return body;
}

async function bitmap(response) {
  return createImageBitmap(await response.blob());
}

// A grey picture as a canvas of some size that is opaque where it is white.
export async function alphaCanvas(blob, width, height) {
  const grey = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(grey, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  const { data } = pixels;
  for (let index = 0; index < data.length; index += 4) data[index + 3] = data[index];
  context.putImageData(pixels, 0, 0);
  return canvas;
}
