// The page to try photos on: what comes in, which photo is shown, and what a change sets going.

import { count } from "./counting.js";
import { Brush } from "./brush.js";
import { Classifier } from "./classifier.js";
import { KeptPhoto } from "./kept_photo.js";
import { Listing } from "./listing.js";
import { ListingTable } from "./listing_table.js";
import { say, warn, withdraw } from "./notice.js";
import { Sight } from "./page_keys.js";
import { Problem } from "./requests.js";
import { Result, fileName, finishedFiles } from "./result.js";
import { ARCHIVE, CUTOUT, PICTURE } from "./saved.js";
import { Stage } from "./stage.js";
import { drawStrip } from "./strip.js";
import { incoming } from "./incoming.js";
import { listenToKeys } from "./try_keys.js";
import { WhyDialog } from "./why.js";
import { download, zip } from "./zip.js";

const part = (id) => document.getElementById(id);
const AT_ONCE = 2; // photos on their way
const CHOICES = ["profile", "background", "enlarge", "language"]; // what can be the same for all photos
const REFUSED = { words: (number) => `${count(number, "file")} cannot be used` };
const FAILED = { words: (number) => `${count(number, "photo")} failed`, actions: [["Try again", () => failed().forEach(again)], ["Leave out", leaveOut]] };
const BEHIND = { words: (number) => `${count(number, "photo")} could not be made anew`, actions: [["Try again", () => current && show(current)]] };
const photos = [];
let current = null;
const sight = new Sight(part("work")); // of what is proposed for the current photo: nothing is confirmed unseen
let mode = "compare"; // compare, brush, finished
let sending = 0;
let choices = { profile: "plain", background: "", enlarge: false, language: "" }; // language: empty is the marketplace's

const stage = new Stage(part("stage"), { changed: () => (part("zoom-shown").textContent = `${Math.round(stage.scale * 100)} %`) });
const brush = new Brush(stage, {
  ended: (stroke) => change({ strokes: [...current.now.strokes, stroke] }),
  moved: showBrush,
  mask: () => current?.known(current.now)?.canvas ?? current?.shownMask,
});
const result = new Result({ change, brush: (tool) => take(tool) });
const listing = new Listing({ change: (patch) => change({ listing: Object.freeze({ ...current.now.listing, ...patch }) }), confirm: confirmHere });
const classifier = part("classifier") ? new Classifier() : null;
const why = new WhyDialog();
const table = new ListingTable({ photos: () => photos, confirm: confirmRows, open: (photo) => (showTable(false), show(photo)) });

// --- photos come in ---

function add(files) {
  const most = Number(part("content").dataset.mostMegabytes);
  for (const file of files) {
    if (!file.size) warn(`${file.name} is empty.`, "Save or copy it again; nothing of it arrived.", { gather: REFUSED });
    else if (file.size > most * 1e6) warn(`${file.name} has ${(file.size / 1e6).toFixed(1)} MB; this service takes ${most} MB.`, "Export it smaller, or start the service with a larger --max-mb.", { gather: REFUSED });
    else photos.push(new KeptPhoto(file, { waits }));
  }
  if (!photos.length) return;
  part("start").hidden = true;
  part("tools").hidden = false;
  if (part("table").hidden) part("work").hidden = false;
  if (!current) show(photos[0]);
  showStrip();
  sendNext();
}

async function sendNext() {
  const photo = photos.find((each) => each.status === "waiting");
  if (!photo || sending >= AT_ONCE) return;
  sending += 1;
  const settled = photo.open(() => choices).then(
    () => say(`${photo.name} is ready.`),
    (problem) => fail(photo, problem),
  );
  showStrip();
  if (photo === current) showProgress(photo);
  sendNext();
  await settled;
  sending -= 1;
  showStrip();
  if (photo === current || (photo.status === "ready" && current?.status === "failed")) show(photo);
  if (!part("table").hidden) table.show();
  sendNext();
}

function fail(photo, problem) {
  if (!photos.includes(photo)) return; // it was taken out meanwhile
  if (!(problem instanceof Problem)) throw problem;
  photo.status = "failed";
  photo.problem = problem;
  photo.notice = warn(`${photo.name}: ${problem.message}`, problem.remedy, { gather: FAILED });
}

const failed = () => photos.filter((photo) => photo.status === "failed");

// --- a change, and what follows from it ---

function change(patch) {
  if (current?.status !== "ready") return;
  current.history.commit(patch);
  const { profile, background, enlarge, language } = current.now;
  choices = { profile, background: background === "picture" ? "" : background, enlarge, language };
  settle(current);
}

// Marketplace, background and language of the photo that is shown, as the other photos do not have them.
function others() {
  const differs = ({ now }) => CHOICES.some((name) => now[name] !== current.now[name]);
  return photos.filter((photo) => photo !== current && photo.status === "ready" && differs(photo));
}

function forAll() {
  const { profile, background, enlarge, language } = current.now;
  const changed = others();
  for (const photo of changed) photo.history.commit({ profile, background, enlarge, language });
  draw(current);
  say(`${count(changed.length, "more photo is", "more photos are")} made like this one. Undo is kept for each.`);
}

function step(photo, direction) {
  if (photo?.status !== "ready" || !photo.history[direction]()) return;
  say(direction === "undo" ? "Undone." : "Done again.");
  settle(photo);
}

// Show a state at once, then bring what it needs, the mask first; a state that is overtaken is left.
async function settle(photo) {
  const state = photo.now;
  draw(photo);
  const here = () => photo === current && photo.now === state;
  const known = photo.known(state);
  try {
    busy(photo.found.has(state.subject) ? "" : "Cutting out …");
    if (!photo.view) {
      await photo.wake();
      if (!here()) return;
      draw(photo);
    }
    const asked = performance.now();
    if (!known) await (photo.queue = (photo.queue ?? Promise.resolve()).catch(() => {}).then(() => (here() ? photo.mask(state) : null)));
    if (!here()) return;
    if (!known) performance.measure("packshot-mask", { start: asked });
    busy("");
    draw(photo);
    await new Promise((resolve) => setTimeout(resolve, mode === "brush" ? 350 : 0));
    if (!here()) return;
    const cutout = await photo.cutout(state);
    if (!here()) return;
    photo.result = { key: photo.known(state)?.key, bitmap: cutout };
    draw(photo);
    const made = await photo.packshot(state, result.backdrop);
    if (!here()) return;
    photo.made = { state, made, bitmap: await createImageBitmap(made.blob) };
    if (!here()) return;
    result.showRules(made);
    say(part("rules").firstChild.textContent);
    draw(photo);
    withdraw(photo.behind);
  } catch (problem) {
    busy("");
    if (!(problem instanceof Problem)) throw problem;
    photo.behind = warn(`${photo.name}: ${problem.message}`, problem.remedy, { gather: BEHIND });
  }
}

// --- what is shown ---

function show(photo) {
  if (current !== photo && current?.status === "ready") current.rest();
  current = photo;
  sight.lost();
  showStrip();
  part("name").textContent = photo.name.split("/").at(-1);
  const ready = photo.status === "ready";
  for (const each of document.querySelectorAll(".panel section, .panel .doubts")) each.hidden = !ready;
  part("about").textContent = ready ? `${photo.width} × ${photo.height} pixels` : { failed: `${photo.problem?.message} ${photo.problem?.remedy}` }[photo.status] ?? "";
  showProgress(photo);
  if (!ready) {
    stage.scene = null;
    stage.draw();
    return;
  }
  brush.suit(photo);
  settle(photo);
  if (classifier) guarded(() => classifier.show(photo));
}

const showProgress = ({ status }) => busy({ waiting: "Waits for its turn …", sending: "Cutting out …" }[status] ?? "");

function draw(photo) {
  if (photo !== current || photo.status !== "ready") return;
  const state = photo.now;
  result.show(photo);
  listing.show(photo);
  if (!photo.view) {
    stage.scene = null;
    return stage.draw();
  }
  const known = photo.known(state);
  if (known) Object.assign(photo, { shownMask: known.canvas, shownStrokes: state.strokes });
  const made = photo.made?.state === state ? photo.made.made : null;
  const finished = mode === "finished" ? made : null;
  const size = finished ?? photo;
  stage.show({
    of: finished ?? photo.file,
    width: size.width,
    height: size.height,
    view: photo.view,
    mask: known?.canvas ?? photo.shownMask,
    result: photo.result && photo.result.key === known?.key ? photo.result.bitmap : null,
    finished: finished && photo.made.bitmap,
    background: state.background,
    backdrop: result.backdrop?.bitmap,
    mode: mode === "finished" && !finished ? "compare" : mode,
    waiting: known ? [] : state.strokes.filter((stroke) => !photo.shownStrokes?.includes(stroke)),
  });
  if (!sight.is) sight.gained();
  part("undo").disabled = !photo.history.past.length;
  part("redo").disabled = !photo.history.future.length;
  if (!made) part("rules").classList.add("old");
  else part("rules").classList.remove("old");
  part("stage").setAttribute("aria-label", `${photo.name}, ${brush.tool ? `${brush.tool} brush of ${count(brush.radius, "pixel")}` : mode}, ${count(state.strokes.length, "stroke")}`);
  part("download-all").hidden = photos.length < 2;
  const unlike = others().length;
  part("for-all").hidden = !unlike;
  part("for-all").textContent = `Make the other ${unlike === 1 ? "photo" : `${unlike} photos`} like this`;
}

function waits(photo, seconds) {
  if (photo !== current) return;
  if (!seconds) return showProgress(photo);
  busy(`The service is busy. Asked again in ${seconds} s …`);
  say(part("busy").textContent);
}

function showStrip() {
  const ready = photos.filter(({ status }) => status === "ready").length;
  const coming = photos.filter(({ isComing }) => isComing).length;
  part("count").textContent = coming ? `(${ready} of ${ready + coming})` : `(${ready})`;
  drawStrip(photos, current, { open: (photo) => (photo.status === "failed" ? again(photo) : show(photo)) });
}

function again(photo) {
  photo.status = "waiting";
  withdraw(photo.notice);
  show(photo);
  sendNext();
}

function leaveOut() {
  for (const photo of failed()) drop(photo);
}

function busy(words) {
  part("busy").hidden = !words;
  part("busy").textContent = words;
}

function showBrush() {
  const place = Math.log(brush.radius) / Math.log(brush.largest ?? 100);
  part("size").value = Math.round(place * 100);
  part("size-shown").textContent = `${brush.radius} px`;
  part("divider").value = Math.round(stage.divider * 100);
}

function view(next) {
  mode = next;
  if (next !== "brush") brush.take(null);
  for (const each of document.querySelectorAll("button[data-mode]")) each.setAttribute("aria-pressed", String(each.dataset.mode === mode));
  for (const each of document.querySelectorAll("[data-tool]")) each.setAttribute("aria-pressed", String(each.dataset.tool === brush.tool));
  part("brush-options").hidden = mode !== "brush";
  part("stage-box").dataset.mode = mode;
  if (current) draw(current);
}

// Take a brush; the one in hand is put away.
function take(tool) {
  const other = brush.tool === tool ? null : tool;
  brush.take(other);
  view(other ? "brush" : "compare");
  if (other) say(`${other} brush`);
}

// The back button leads from the table to the photo.
function showTable(on) {
  if (on && !history.state?.table) history.pushState({ table: true }, "");
  if (!on && history.state?.table) history.back();
  part("table").hidden = !on;
  part("work").hidden = on;
  part("show-table").setAttribute("aria-pressed", String(on));
  part("show-photo").setAttribute("aria-pressed", String(!on));
  if (on) {
    table.show();
    part("table-title").focus();
  } else stage.resize();
}

// --- confirming, removing, downloading ---

function confirmHere(event) {
  if (current?.status !== "ready" || !current.now.listing.category) return;
  if (!sight.at(event)) return say("Not confirmed: this photo's row was not in sight yet.");
  confirmRows([current]);
  draw(current);
  const next = photos.find((photo) => photo.status === "ready" && !photo.now.listing.confirmed);
  say(next ? "Confirmed. Next photo." : "Confirmed. That was the last.");
  if (next) show(next);
}

function confirmRows(rows) {
  for (const photo of rows) photo.history.commit({ listing: Object.freeze({ ...photo.now.listing, confirmed: true }) });
  showStrip();
}

function remove() {
  if (current.unsaved && !confirm(`What you changed about ${current.name} was not downloaded. Remove it?`)) return;
  drop(current);
}

// Take a photo out; the next one is shown in its place.
function drop(photo) {
  const place = photos.indexOf(photo);
  photos.splice(place, 1);
  for (const notice of [photo.notice, photo.behind]) withdraw(notice);
  photo.remove();
  if (photo !== current) return showStrip();
  current = stage.scene = null;
  stage.draw();
  const next = photos[Math.min(place, photos.length - 1)];
  if (next) return show(next);
  showTable(false);
  part("work").hidden = part("tools").hidden = true;
  part("start").hidden = false;
}

function neighbour(step_) {
  const place = photos.indexOf(current) + step_;
  if (photos[place]) show(photos[place]);
}

async function downloadAll(button) {
  button.disabled = true;
  try {
    const ready = photos.filter((photo) => photo.status === "ready");
    const files = await finishedFiles(ready, result.backdrop, (place) => busy(`${place} of ${ready.length} …`));
    files.push({ name: "listing.csv", blob: new Blob([table.csv()], { type: "text/csv" }) });
    const states = ready.map((photo) => photo.now);
    download(await zip(files), "packshots.zip");
    ready.forEach((photo, place) => photo.saved.add(states[place], ARCHIVE));
  } finally {
    busy("");
    button.disabled = false;
  }
}

async function askWhy(photo) {
  return (await photo.fetch(`/why?mask=${await photo.maskKey(photo.now)}`)).json();
}

let refused = null; // what stands there of the press before

async function guarded(action) {
  withdraw(refused);
  try {
    await action();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    refused = warn(problem.message, problem.remedy);
  }
}

incoming(add);
for (const each of document.querySelectorAll("button[data-mode]")) each.addEventListener("click", () => view(each.dataset.mode));
for (const each of document.querySelectorAll("[data-tool]")) each.addEventListener("click", () => take(each.dataset.tool));
part("size").addEventListener("input", (event) => brush.resize(brush.largest ** (event.target.value / 100)));
part("snaps").addEventListener("change", (event) => (brush.snaps = event.target.checked));
part("divider").addEventListener("input", (event) => {
  stage.divider = event.target.value / 100;
  stage.draw();
});
part("language").addEventListener("change", (event) => change({ language: event.target.value }));
part("for-all").addEventListener("click", forAll);
part("undo").addEventListener("click", () => step(current, "undo"));
part("redo").addEventListener("click", () => step(current, "redo"));
part("fit").addEventListener("click", () => stage.fit());
part("larger").addEventListener("click", () => stage.zoom(1.25));
part("smaller").addEventListener("click", () => stage.zoom(0.8));
part("show-photo").addEventListener("click", () => showTable(false));
part("show-table").addEventListener("click", () => showTable(true));
part("keys-button").addEventListener("click", () => part("keys").showModal());
part("remove").addEventListener("click", remove);
part("why-press").addEventListener("click", () => guarded(() => why.show(current.name, askWhy(current))));
part("download").addEventListener("click", () =>
  guarded(async () => {
    const [photo, state] = [current, current.now];
    result.save(photo, await photo.packshot(state, result.backdrop));
    photo.saved.add(state, PICTURE);
  }),
);
part("download-cutout").addEventListener("click", () =>
  guarded(async () => {
    const [photo, state] = [current, current.now];
    const response = await photo.fetch(`/cutout?mask=${await photo.maskKey(state)}`);
    download(await response.blob(), fileName(photo, { media_type: "image/png", profile: "cutout" }));
    photo.saved.add(state, CUTOUT);
  }),
);
for (const id of ["download-all", "zip"]) part(id).addEventListener("click", ({ currentTarget }) => guarded(() => downloadAll(currentTarget)));
listenToKeys({ stage, brush, take, view, neighbour, confirm: confirmHere, undo: () => step(current, "undo"), redo: () => step(current, "redo") });
history.replaceState(null, ""); // of before it was loaded anew
addEventListener("popstate", () => photos.length && showTable(Boolean(history.state?.table)));
addEventListener("beforeunload", (event) => photos.some((photo) => photo.unsaved || photo.isComing) && event.preventDefault());
view("compare");
