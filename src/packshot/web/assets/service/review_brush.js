// Correct the cut-out of the photo under review by strokes; the mask they make is seen before it is kept.

import { Brush } from "./brush.js";
import { alphaCanvas } from "./kept_photo.js";
import { say } from "./notice.js";
import { ask } from "./requests.js";
import { Stage } from "./stage.js";

const part = (id) => document.getElementById(id);
const SCREEN = 2400; // pixels of the longer side of the photo that is drawn on
const BORDER = 0.02; // without a mask, strokes start from what stands out within this border

let stage = null;
let brush = null;
let now = null; // {root, row, strokes, undone, mask, first, view, turn, early, done}; early: keys, before there is a photo; behind: the mask of the last stroke is not seen yet

export async function openBrush(root, row, done) {
  make();
  now = { root, row, strokes: [], undone: [], mask: null, first: null, turn: 0, early: [], behind: false, done };
  part("fix-name").textContent = row.source.split("/").at(-1);
  part("fix").showModal();
  tell("Loading …");
  const photo = `${root}/photos/${row.id}`;
  const here = now;
  try {
    const [view, mask] = await Promise.all([
      ask(`${photo}/photo?side=${SCREEN}&v=${row.seen}`).then(bitmap),
      row.has_mask ? ask(`${photo}/mask?under=true&v=${row.seen}-${row.known}`).then((answer) => answer.blob()) : null,
    ]);
    if (here !== now) return;
    const first = mask ? await alphaCanvas(mask, view.width, view.height) : null;
    if (here !== now) return;
    Object.assign(now, { view, first, mask: first });
  } catch (problem) {
    tell(`${problem.message} ${problem.remedy ?? ""}`);
    return;
  }
  const [width, height] = row.size;
  brush.suit({ width, height });
  take("keep");
  tell(now.first ? "" : "Nothing was found here: paint what belongs to the product.");
  draw();
  stage.fit();
  stage.canvas.focus();
  for (const key of here.early) KEYS[key]();
}

function make() {
  if (stage) return;
  stage = new Stage(part("fix-stage"), { changed: () => {} });
  brush = new Brush(stage, { ended, moved: tools, mask: () => now?.mask });
  for (const button of document.querySelectorAll("#fix [data-tool]")) button.addEventListener("click", () => take(button.dataset.tool));
  const clicks = { "fix-undo": undo, "fix-redo": redo, "fix-smaller": () => brush.smaller(), "fix-larger": () => brush.larger(), "fix-keep": keep, "fix-cancel": close };
  for (const [id, action] of Object.entries(clicks)) part(id).addEventListener("click", action);
  part("fix").addEventListener("keydown", pressed);
  part("fix").addEventListener("keyup", released);
  part("fix").addEventListener("close", () => part("fix").open || (now = null)); // it comes late: the next may be open
}

const bitmap = async (response) => createImageBitmap(await response.blob());
const tell = (text) => (part("fix-note").textContent = text);
const close = () => part("fix").close();

function take(tool) {
  brush.take(tool);
  tools();
}

function tools() {
  for (const button of document.querySelectorAll("#fix [data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === brush.tool));
  part("fix-size").textContent = `${brush.radius} px`;
  part("fix-undo").disabled = !now?.strokes.length;
  part("fix-redo").disabled = !now?.undone.length;
  part("fix-keep").disabled = !now?.strokes.length;
}

function draw(waiting = []) {
  const [width, height] = now.row.size;
  stage.show({ of: now.row.id, width, height, view: now.view, mask: now.mask, mode: "brush", waiting });
  tools();
}

function ended(stroke) {
  now.strokes.push(stroke);
  now.undone = [];
  refresh();
}

function undo() {
  if (!now?.strokes.length) return;
  now.undone.push(now.strokes.pop());
  refresh();
}

function redo() {
  if (!now?.undone.length) return;
  now.strokes.push(now.undone.pop());
  refresh();
}

function body() {
  const [width, height] = now.row.size;
  const strokes = now.strokes.map(({ kind, points, radius, reach }) => ({ kind, points, radius, ...(reach === undefined ? {} : { reach }) }));
  const [across, down] = [Math.round(width * BORDER), Math.round(height * BORDER)];
  return { version: 1, photo: { width, height }, strokes, ...(now.first ? {} : { box: [across, down, width - across, height - down] }) };
}

function send(query) {
  const address = `${now.root}/photos/${now.row.id}/strokes${query}`;
  return ask(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body()) });
}

async function refresh() {
  const here = now;
  const turn = (now.turn += 1);
  draw(now.strokes);
  now.behind = now.strokes.length > 0;
  if (!now.strokes.length) {
    now.mask = now.first;
    return draw();
  }
  try {
    const mask = await alphaCanvas(await (await send("")).blob(), now.view.width, now.view.height);
    if (here !== now || turn !== now.turn) return;
    Object.assign(now, { mask, behind: false });
    tell("");
    draw();
    say("The cut-out follows.");
  } catch (problem) {
    if (here !== now || turn !== now.turn) return;
    now.behind = "failed";
    tell(`${problem.message} ${problem.remedy}`);
  }
}

async function keep() {
  if (!now?.strokes.length) return;
  if (now.behind) {
    if (now.behind === "failed") refresh();
    return tell("The cut-out does not follow the last stroke yet: look at it first.");
  }
  const { done, row } = now;
  part("fix-keep").disabled = true;
  try {
    await send(`?decide=true&seen=${row.seen}&known=${row.known}`);
    close();
    done(row);
  } catch (problem) {
    tell(`${problem.message} ${problem.remedy}`);
    tools();
  }
}

const KEYS = {
  k: () => take("keep"),
  e: () => take("erase"),
  h: () => take("hint"),
  "[": () => brush.smaller(),
  "]": () => brush.larger(),
  "+": () => stage.zoom(1.25),
  "-": () => stage.zoom(0.8),
  0: () => stage.fit(),
  u: undo,
  a: keep,
};

function pressed(event) {
  event.stopPropagation();
  if (!now) return;
  const key = event.key.toLowerCase();
  if (!now.view) {
    if (KEYS[key] && key !== "a") now.early.push(key);
    return;
  }
  if ((event.ctrlKey || event.metaKey) && key === "z") (event.shiftKey ? redo : undo)();
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.target === stage.canvas && event.key === " ") brush.spaced = true;
  else if (event.target === stage.canvas && brush.key(event)) return event.preventDefault();
  else if (key === "o") original(true);
  else if (KEYS[key]) KEYS[key]();
  else return;
  event.preventDefault();
}

function released(event) {
  if (event.key === " ") brush.spaced = false;
  if (event.key.toLowerCase() === "o") original(false);
}

function original(on) {
  stage.original = on;
  stage.draw();
}
