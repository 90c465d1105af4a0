// One photo at a time: what is proposed, what is decided, and the way to the next one.
import { Stage, SIDES, placed } from "./stage.js";
import { enlarge } from "./loupe.js";
import { Sight, isForPage, pressesButton } from "./page_keys.js";

const part = (id) => document.getElementById(id);
const inputs = SIDES.map(part);
const stage = new Stage({ changed: (box) => draft(box), taken: (side, at) => take(side, at) });
const pictures = new Map(); // index -> promise of a decoded image
const drafts = new Map(); // index -> box a person drew and did not decide yet

let photos = [];
let snaps = false;
let here = 0;
let shown = false; // whether the photo itself is drawn
const sight = new Sight(part("stage")); // of it: nothing is decided unseen
let line = Promise.resolve(); // requests, one after the other
let deciding = false; // while a decision is on its way
let active = null; // the side in hand
let along = null; // the pointer along it

const whole = (photo) => [0, 0, ...photo.size];
const isWhole = (photo, box) => box.every((value, index) => value === whole(photo)[index]);
const count = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

function boxOf(index) {
  const photo = photos[index];
  const { decision } = photo;
  return drafts.get(index) ?? (decision ? decision.box ?? whole(photo) : photo.framed ? photo.box : whole(photo));
}

// ---- talking to packshot

async function ask(name, body) {
  const response = await fetch(name, body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const content = await response.json();
  if (!response.ok) throw new Error(content.error);
  return content;
}

// One request after the other, in the order of the keys.
function change(name, body, then) {
  line = line.then(async () => {
    try {
      const content = await ask(name, body);
      complain("");
      then(content);
    } catch (error) {
      complain(error instanceof TypeError ? "packshot does not answer: start the command again; all that was decided is kept" : error.message);
    }
  });
  return line;
}

function complain(text) {
  part("alert").textContent = text;
  part("alert").hidden = !text;
}

const say = (text) => (part("said").textContent = text);

// ---- pictures

function picture(index) {
  if (!pictures.has(index)) {
    const image = new Image();
    image.alt = `Photo ${photos[index].name}`;
    image.draggable = false;
    image.src = `photo/${index}`;
    pictures.set(index, image.decode().then(() => image));
  }
  return pictures.get(index);
}

function preload() {
  const wanted = new Set([here, waitingAfter(here), here + 1, here - 1].filter((index) => index !== null && photos[index]));
  for (const index of pictures.keys()) if (!wanted.has(index)) pictures.delete(index);
  for (const index of wanted) picture(index).catch(() => {});
}

function waitingAfter(index) {
  for (let step = 1; step <= photos.length; step += 1) {
    const next = (index + step) % photos.length;
    if (!photos[next].decision) return next;
  }
  return null;
}

// ---- showing

async function go(index) {
  if (!photos[index]) return;
  here = index;
  shown = false;
  sight.lost();
  release();
  stage.clear();
  part("waiting").textContent = "Loading …";
  part("waiting").hidden = false;
  refresh();
  try {
    const image = await picture(index);
    if (here !== index) return;
    stage.show(image, photos[index].size);
    shown = true;
    part("waiting").hidden = true;
    refresh();
    preload();
    await sight.gained();
    if (here === index) refresh();
  } catch {
    pictures.delete(index);
    if (here !== index) return;
    const told = await fetch(`photo/${index}`).then((response) => (response.ok ? null : response.json()), () => null);
    if (here === index) part("waiting").textContent = told?.error ?? "This photo cannot be shown.";
  }
}

function refresh() {
  const photo = photos[here];
  const box = boxOf(here);
  const { decision } = photo;
  part("name").textContent = photo.name;
  part("about").textContent = [photo.folder, `${photo.size[0]} × ${photo.size[1]}`, `photo ${here + 1} of ${photos.length}`].filter(Boolean).join(" · ");
  const framed = decision ? decision.framed : photo.framed;
  const verdict = part("verdict");
  verdict.className = `verdict ${framed ? "framed" : "unframed"}`;
  verdict.replaceChildren(
    strong(`${decision ? "Decided" : "Proposed"}: ${framed ? "framed" : "not framed"}`),
    small(`${photo.model}: ${Math.round(100 * photo.score)} % likely to be framed${drafts.has(here) ? ", box changed by you" : ""}`),
  );
  part("framed").setAttribute("aria-pressed", String(decision?.framed === true));
  part("unframed").setAttribute("aria-pressed", String(decision?.framed === false));
  const accepts = drafts.has(here) ? !isWhole(photo, box) : framed;
  part("accept").firstChild.data = `Accept: ${accepts ? "framed" : "not framed"} `;
  for (const id of ["accept", "framed", "unframed"]) part(id).disabled = !sight.is;
  const widths = [box[0], box[1], photo.size[0] - box[2], photo.size[1] - box[3]];
  inputs.forEach((input, side) => {
    if (Number(input.value) !== widths[side] || input.value === "") input.value = widths[side];
    input.disabled = !shown;
    input.nextElementSibling.textContent = `${((100 * widths[side]) / photo.size[side % 2]).toFixed(1)} %`;
  });
  part("snap").hidden = !snaps;
  part("snap").disabled = !shown;
  part("reset").disabled = !shown || !drafts.has(here);
  part("previous").disabled = here === 0;
  part("next").disabled = here === photos.length - 1;
  if (shown) {
    stage.draw(box, { active });
    enlarge(stage.image, photo.size, box, active, along);
  }
  const decided = photos.filter((one) => one.decision);
  const withFrame = decided.filter((one) => one.decision.framed).length;
  part("counts").textContent =
    decided.length === photos.length ? `All ${count(photos.length, "photo")} decided` : `${decided.length} of ${count(photos.length, "photo")} decided`;
  part("done").hidden = decided.length < photos.length;
  const shares = [withFrame, decided.length - withFrame, photos.length - decided.length];
  [...part("bar").children].forEach((piece, index) => {
    piece.style.flexGrow = shares[index];
    piece.hidden = shares[index] === 0;
  });
  document.title = `${decided.length} of ${photos.length} · packshot frames`;
}

const strong = (text) => Object.assign(document.createElement("b"), { textContent: text });
const small = (text) => Object.assign(document.createElement("small"), { textContent: text });

// ---- the box

function draft(box) {
  if (!shown) return;
  drafts.set(here, box);
  refresh();
}

function take(side, at) {
  active = side ?? inputs.indexOf(document.activeElement);
  if (active < 0) active = null;
  along = side === null ? null : at;
  refresh();
}

function release() {
  if (inputs.includes(document.activeElement)) document.activeElement.blur();
  active = along = null;
}

function widthTyped(side) {
  const width = Number(inputs[side].value);
  if (inputs[side].value === "" || !Number.isFinite(width)) return;
  const { size } = photos[here];
  draft(placed(boxOf(here), side, side < 2 ? width : size[side % 2] - width, size));
}

function snap() {
  if (!snaps || !shown) return;
  const index = here;
  change("snap", { photo: index, box: boxOf(index) }, ({ box }) => {
    drafts.set(index, box);
    say("Snapped.");
    refresh();
  });
}

// ---- deciding

function decide(framed, event) {
  if (!sight.at(event) || deciding) return say("Not decided: the photo was not in sight yet.");
  const photo = photos[here];
  const box = boxOf(here);
  if (framed && isWhole(photo, box)) {
    const guess = isWhole(photo, photo.box) ? inset(photo.size) : photo.box;
    draft(guess);
    complain("Where does the picture inside begin? Move the sides to where the frame ends, then press F again.");
    return;
  }
  deciding = true;
  const decided = change("decide", { photo: here, framed, box: framed ? box : undefined }, ({ photo: index, decision }) => {
    photos[index].decision = decision;
    drafts.delete(index);
    const next = waitingAfter(index);
    const left = photos.filter((one) => !one.decision).length;
    say(`${photos[index].name}: ${framed ? "framed" : "not framed"}. ${left ? `${count(left, "photo")} left.` : "All photos are decided."}`);
    if (next === null) refresh();
    else go(next);
  });
  decided.then(() => (deciding = false));
}

const inset = ([width, height]) => {
  const [across, down] = [Math.max(1, Math.round(width * 0.05)), Math.max(1, Math.round(height * 0.05))];
  return width > 2 * across && height > 2 * down ? [across, down, width - across, height - down] : [0, 0, width, height];
};

function accept(event) {
  const photo = photos[here];
  decide(drafts.has(here) ? !isWhole(photo, boxOf(here)) : photo.decision ? photo.decision.framed : photo.framed, event);
}

function undo(index) {
  change("undo", { photo: index }, (content) => {
    if (content.photo === undefined) {
      say("Nothing to take back.");
      return;
    }
    photos[content.photo].decision = content.decision;
    drafts.delete(content.photo);
    say(`${photos[content.photo].name}: taken back.`);
    go(content.photo);
  });
}

function finish() {
  change("finish", {}, () => {
    stage.clear();
    shown = false;
    sight.lost();
    document.querySelector("aside").hidden = true;
    part("finish").disabled = true;
    part("waiting").hidden = false;
    part("waiting").textContent = "Finished. This page can be closed.";
    photos = [];
  });
}

// ---- keys

const KEYS = {
  enter: accept,
  f: (event) => decide(true, event),
  y: (event) => decide(true, event),
  n: (event) => decide(false, event),
  u: (event) => decide(false, event),
  arrowleft: () => go(here - 1),
  arrowright: () => go(here + 1),
  g: () => waitingAfter(here) !== null && go(waitingAfter(here)),
  a: () => inputs[0].focus(),
  w: () => inputs[1].focus(),
  d: () => inputs[2].focus(),
  s: () => inputs[3].focus(),
  r: snap,
  p: () => (drafts.delete(here), refresh()),
  z: () => undo(null),
  backspace: () => undo(here),
  "?": () => part("help").showModal(),
};
const REPEATS = new Set(["arrowleft", "arrowright"]);

function moveSide(side, key, step) {
  const sign = { arrowleft: -1, arrowup: -1, arrowright: 1, arrowdown: 1 }[key];
  const across = key === "arrowleft" || key === "arrowright";
  if (across === (side % 2 === 0)) draft(placed(boxOf(here), side, boxOf(here)[side] + sign * step, photos[here].size));
}

document.addEventListener("keydown", (event) => {
  const side = inputs.indexOf(event.target);
  if (!(side >= 0 || isForPage(event)) || !photos.length || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (side >= 0 && key.startsWith("arrow")) moveSide(side, key, event.shiftKey ? 10 : 1);
  else if (side >= 0 && key === "escape") release(), refresh();
  else if (side >= 0 && key === "backspace") return;
  else if (key === " " && !event.target.closest("button, summary, input")) stage.hide(true);
  else if (side < 0 && key === "enter" && !event.repeat && pressesButton(event)) return;
  else if (KEYS[key] && (!event.repeat || REPEATS.has(key))) KEYS[key](event);
  else if (!KEYS[key]) return;
  event.preventDefault();
});
document.addEventListener("keyup", (event) => event.key === " " && stage.hide(false));
window.addEventListener("blur", () => stage.hide(false));

inputs.forEach((input, side) => {
  input.addEventListener("input", () => widthTyped(side));
  input.addEventListener("focus", () => (input.select(), take(side, null)));
  input.addEventListener("blur", () => ((active = along = null), photos.length && refresh()));
});
for (const [id, act] of Object.entries({
  accept, framed: KEYS.f, unframed: KEYS.n, snap, finish, undo: () => undo(null),
  reset: KEYS.p, previous: () => go(here - 1), next: () => go(here + 1), "help-button": KEYS["?"],
})) {
  part(id).addEventListener("click", (event) => {
    if (event.detail) part(id).blur(); // a mouse was used: Enter shall accept the next photo, and not click again
    act(event);
  });
}

// ---- the beginning

async function begin() {
  try {
    const state = await ask("state");
    ({ photos, snaps } = state);
    part("skipped").hidden = !state.skipped.length;
    part("skipped").querySelector("summary").textContent = `${count(state.skipped.length, "photo")} could not be read`;
    part("skipped").querySelector("ul").replaceChildren(
      ...state.skipped.map((one) => Object.assign(document.createElement("li"), { textContent: `${one.message}: ${one.remedy}` })),
    );
    const first = photos.findIndex((photo) => !photo.decision);
    await go(Math.max(0, first));
  } catch (error) {
    complain(`The page could not begin: ${error.message}`);
  }
}

begin();
