// The review queue: one photo at a time, one key a decision. The next photo appears at once; the decision is sent
// meanwhile, one after the other, and a photo whose decision was refused comes back next, with the reason.

import { count } from "./counting.js";
import { askJson, sendJson } from "./requests.js";
import { clearNotices, say, warn, withdraw } from "./notice.js";
import { Sight, dialogIsOpen } from "./page_keys.js";
import { Keys } from "./review_keys.js";
import { openBrush } from "./review_brush.js";
import { openBulk } from "./review_bulk.js";
import { FrameBox } from "./review_frame.js";
import { Labels } from "./review_labels.js";
import { openHelp } from "./review_help.js";
import { openPicker } from "./review_picker.js";
import { Pictures } from "./review_pictures.js";
import { Queue } from "./review_queue.js";
import { WhyDialog } from "./why.js";
import { clearPictures, element, fileName, percent, showKeys, showMarks, showPictures, showWords } from "./review_view.js";

const part = (id) => document.getElementById(id);
const page = document.querySelector("main").dataset;
const root = `/v1/reviews/${encodeURIComponent(page.review)}`;
const question = page.ask; // what every photo is asked; empty where results are reviewed
const queue = new Queue(root, question);
const pictures = new Pictures(root);

const AHEAD = 6; // photos whose pictures are loaded before they are asked for
const ONCE_MORE = { words: (number) => `${count(number, "photo comes", "photos come")} next, once more` }; // each not saved
const NEW = "\n"; // no attribute is called like this
const CANNOT = "It cannot be shown, and not be decided: leave it for later.";
const LATE_MS = 60; // after which the last photo no longer stands beside another one's words
const LOOK_MS = 6000; // between looks at what others decided

const sight = new Sight(part("work")); // of photo and result: nothing is decided unseen
let line = Promise.resolve(); // what keys and buttons ask for, one after the other
let sending = Promise.resolve(); // decisions, one after the other
let waiting = 0; // decisions that are not on the disk yet
let known = 0; // number of the last line of the log that this page has seen
let turn = 0; // counts what is shown
let labels = null; // of the question
let frame = null; // the box, where the question is for a frame

const value = (name) => part("filters").elements[name]?.value ?? "";
const filters = () => ({ why: value("why"), profile: value("profile"), category: value("category") });

// Do what was asked for after what was asked before. `action` gets the photo that could be seen when it was asked for.
function inTurn(action, event = { timeStamp: performance.now() }) {
  const seen = sight.at(event) ? queue.row : null;
  line = line.then(() => action(seen)).catch(reportError);
  return line;
}

// ---- showing

async function go(index) {
  queue.at = index ?? queue.rows.length;
  if (queue.short) {
    const more = ahead();
    if (index === null) {
      await more;
      queue.at = queue.next(queue.at - 1) ?? queue.rows.length;
    }
  }
  const { row } = queue;
  const here = (turn += 1);
  sight.lost();
  counts();
  part("work").hidden = !row;
  part("end").hidden = Boolean(row);
  if (!row) {
    clearPictures();
    return end();
  }
  row.known = known;
  withdraw(row.notice);
  const { before, after, places, profile } = pictures.of(row, value("profile"));
  const late = setTimeout(() => here === turn && clearPictures("Loading …"), LATE_MS);
  refreshWords();
  const [one, other] = await Promise.all([before, after]);
  clearTimeout(late);
  if (here !== turn) return;
  showPictures(row, { before: one, after: other, profile });
  row.hidden = one instanceof Error || other instanceof Error;
  if (row.hidden) {
    sight.none();
    say(`${fileName(row.source)}: ${CANNOT}`);
  } else sight.gained();
  for (const each of queue.ahead(AHEAD)) pictures.of(each, value("profile"));
  keepPlace();
  frame?.draw(row);
  if (!question) places.then((found) => here === turn && found.length && mark(row, found));
}

function mark(row, places) {
  showWords(row, { choices: choices(row), places });
  showMarks(row, places);
}

async function ahead() {
  try {
    await queue.load();
  } catch (problem) {
    warn(problem.message, problem.remedy);
  }
}

function counts() {
  const reviewer = page.reviewer ? ` · ${page.reviewer}` : "";
  part("counts").textContent = `${queue.words}${waiting > 3 ? `, ${waiting} being saved` : ""}${reviewer}`;
  document.title = `${queue.left.toLocaleString("en")} left · review · packshot`;
}

function end() {
  const skipped = queue.rows.filter((row) => row.state !== "decided").length;
  part("end-title").textContent = queue.left ? "The end of the queue" : "Everything here is decided";
  part("end-note").textContent = queue.left
    ? `${count(Math.max(queue.left, skipped), "photo")} ${queue.left === 1 ? "was" : "were"} left for later.`
    : question
      ? "The answers are in the table, which packshot train takes."
      : "Choose other photos above. Corrected pictures are made by packshot review apply.";
  part("again").hidden = !queue.left;
  part("end-title").focus();
  say(`${part("end-title").textContent}. ${part("end-note").textContent}`);
}

// Other categories that the network thinks of; each has a key. None of a product of no kind it knows.
function others(row) {
  if (row.familiar === false) return [];
  const now = row.category?.path.at(-1)?.id;
  return (row.category?.top ?? []).filter((choice) => choice.label !== now).slice(0, 4);
}

function choices(row) {
  return others(row).map((choice) => {
    const button = element("button", "", { name: "choice" });
    button.type = "button";
    button.append(element("span", choice.name.replaceAll(" > ", " › ")), element("span", choice.score === null ? "" : percent(choice.score), { name: "soft" }));
    button.addEventListener("click", (event) => inTurn((seen) => categorise(choice.label, choice.name, seen), event));
    const item = element("li");
    item.append(button);
    return item;
  });
}

// ---- deciding

const DONE = { approve: "accepted", reject: "rejected", category: "" };

// Whether the photo that is shown now could be seen when the key was pressed: nothing is decided unseen.
function inSight(seen) {
  const { row } = queue;
  if (row && seen === row && !dialogIsOpen()) return true;
  if (row) {
    row.told ||= row.hidden ? CANNOT : "A key came before this photo could be seen, and decided nothing: press it again.";
    refreshWords();
    say(row.told);
  }
  return false;
}

function decide(decision, words, seen) {
  if (!inSight(seen)) return;
  const { row } = queue;
  const stays = !question && decision.only;
  if (!stays) {
    if (row.state !== "decided") queue.decided(row);
    row.state = "decided";
  }
  const said = `${fileName(row.source)}: ${words}. ${count(queue.left, "photo")} left.`;
  send(row, decision);
  if (stays) {
    say(`${said} Look at the picture, too.`);
    return counts();
  }
  const next = queue.next(queue.at);
  go(next).then(() => queue.row && say(`${said} Next: ${spoken(queue.row)}`));
}

const answered = (decision, row) => ({ value: decision.category ?? decision.value ?? (decision.box ? "framed" : "unframed"), name: row.name, score: 1, box: decision.box ?? null });

function send(row, decision) {
  const body = { decision, seen: row.seen, known: row.known };
  waiting += 1;
  sending = sending
    .then(() => sendJson(`${root}/photos/${row.id}/decisions`, body))
    .then(
      (answer) => {
        Object.assign(row, answer.photo, { told: "", known: answer.decision.number });
        if (question) Object.assign(row, { state: "decided", answered: true, guess: answered(decision, row) });
        known = Math.max(known, answer.decision.number);
        if (row === queue.row) refreshWords();
      },
      (problem) => comeBack(row, problem),
    )
    .finally(() => {
      waiting -= 1;
      counts();
    });
}

async function comeBack(row, problem) {
  const fresh = await queue.fetch(row.id).catch(() => ({ ...row }));
  await look();
  const name = fileName(row.source);
  const why = problem.message.replaceAll(row.source, name);
  Object.assign(fresh, { state: "new", told: `${why} ${problem.remedy}`, known });
  queue.opened(fresh);
  queue.bring(fresh);
  fresh.notice = warn(`${name} comes next, once more.`, why, { gather: ONCE_MORE });
  if (!part("end").hidden) go(queue.find(fresh.id));
  else if (queue.row === fresh) go(queue.at);
}

function refreshWords() {
  showWords(queue.row, { choices: question ? [] : choices(queue.row) });
  labels?.draw(queue.row);
}

function spoken(row) {
  const why = question ? (row.guess ? `Proposed: ${row.guess.name}` : "Nothing is proposed") : row.fixes.map((fix) => fix.words).join(". ");
  return `${fileName(row.source)}. ${why}`;
}

// A mask was corrected, and is kept.
async function corrected(row) {
  if (row.state !== "decided") queue.decided(row);
  row.state = "decided";
  Object.assign(row, await askJson(`${root}/photos/${row.id}`).catch(() => ({})), { state: "decided", told: "" });
  await look();
  await go(queue.next(queue.at));
  warn("Cut-out corrected.", "Its pictures are made anew by packshot review apply and the run's folder, or by the next packshot run.", { kind: "" });
  say(`${fileName(row.source)}: cut-out corrected. ${count(queue.left, "photo")} left.${queue.row ? ` Next: ${fileName(queue.row.source)}.` : ""}`);
}

function categorise(id, name, seen) {
  const only = Boolean(question) || queue.row?.review.some((reason) => reason !== "category");
  decide({ kind: "category", category: id, only }, `category ${name}`, seen);
}

// The answer to the question: a category, or the value of an attribute.
function answer(chosen, name, seen) {
  if (!inSight(seen)) return;
  labels.add(chosen);
  queue.row.name = name;
  if (frame) {
    if (chosen === "framed" && !frame.needed(queue.row)) return warn("Where does the picture inside begin?", "Draw it, or move the sides; then choose framed again.", { kind: "" });
    clearNotices();
    return decide({ kind: "frame", box: chosen === "framed" ? frame.box(queue.row).map(Math.round) : null, only: true }, name, seen);
  }
  if (question === "category") categorise(chosen, name, seen);
  else decide({ kind: "attribute", name: question, value: chosen }, `${question} ${name}`, seen);
}

async function undo() {
  await sending;
  try {
    const { undone } = await sendJson(`${root}/undo`, { mine: true });
    const last = undone.at(-1);
    const words = undone.length > 1 ? `${count(undone.length, "decision")} taken back.` : `Taken back: ${last.words}`;
    if (undone.length > 1) await queue.begin(filters(), undone[0].photo);
    else await put(last.photo);
    clearNotices();
    go(queue.at).then(() => say(`${queue.row ? fileName(queue.row.source) : ""}: ${words}`));
  } catch (problem) {
    warn(problem.message, problem.remedy, { kind: problem.status === 400 ? "" : "bad" });
    say(problem.message);
  }
}

// Stand on a photo, wherever it was.
async function put(id) {
  const fresh = await queue.fetch(id);
  if (fresh.state !== "decided") queue.opened(fresh);
  const index = queue.find(id);
  if (index >= 0) {
    queue.rows[index] = fresh;
    queue.at = index;
  } else {
    queue.at = Math.max(0, Math.min(queue.at, queue.rows.length));
    queue.rows.splice(queue.at, 0, fresh);
  }
}

function back() {
  if (queue.at > 0) {
    go(queue.at - 1).then(() => say(`${fileName(queue.row.source)}. ${queue.row.words.at(-1) ?? "Not decided."}`));
  } else say("This is the first.");
}

function skip() {
  if (!queue.row) return;
  const next = queue.row.state === "decided" ? (queue.at + 1 < queue.rows.length ? queue.at + 1 : null) : queue.next(queue.at);
  go(next).then(() => queue.row && say(`Left for later. ${fileName(queue.row.source)}.`));
}

// ---- others, and this reviewer's place

async function look() {
  const lines = await askJson(`${root}/log?after=${known}`).catch(() => []);
  for (const line of lines) {
    known = Math.max(known, line.number, line.taken_back ?? 0);
    if (question ? !answers(line) : line.kind === "attribute") continue;
    if (!line.stands) {
      if (line.taken_back_by !== page.reviewer) await reopen(line);
      continue;
    }
    const row = queue.rows[queue.find(line.photo)];
    if (!row || line.by === page.reviewer) continue;
    if (row === queue.row) {
      row.told = `Just now: ${line.words}`;
      refreshWords();
      say(row.told);
    } else if (row.state !== "decided") {
      row.state = "decided";
      queue.decided(row);
    }
  }
  counts();
}

// Another person took a decision back: its photo waits again.
async function reopen(line) {
  const row = queue.rows[queue.find(line.photo)];
  const filtered = Object.values(filters()).some(Boolean);
  if (!row && filtered) return; // it may be none of those that are asked for
  const fresh = await queue.fetch(line.photo).catch(() => null);
  if (!fresh || fresh.state === "decided") return;
  const told = `Taken back by ${line.taken_back_by}: ${line.words}`;
  if (row?.state === "decided" || !row) queue.opened(fresh);
  if (!row) queue.bring(fresh);
  else Object.assign(row, fresh);
  if (row && row === queue.row) {
    row.told = told;
    refreshWords();
    say(told);
  }
  if (!part("end").hidden) end();
}

const answers = (line) => (["category", "frame"].includes(question) ? line.kind === question : line.attribute?.name === question);

let keeping = 0;
function keepPlace() {
  if (question) return; // what is answered leaves the queue
  clearTimeout(keeping);
  const photo = queue.row?.id ?? null;
  keeping = setTimeout(() => sendJson(`${root}/position`, { photo }, "PUT").catch(() => {}), 800);
}

// ---- beginning

function pickCategory() {
  const chosen = question ? answer : categorise;
  openPicker(root, (id, name, event) => inTurn((seen) => chosen(id, name, seen), event), question && question !== "category" ? labels.classes : null);
}

function pick(index, seen) {
  const choice = queue.row && !question ? others(queue.row)[index] : null;
  if (choice) categorise(choice.label, choice.name, seen);
}

// What is done in turn.
const picks = ["first", "second", "third", "fourth"].map((name, index) => [name, (seen) => pick(index, seen)]);
const steps = {
  accept: (seen) => (question ? queue.row?.guess && answer(queue.row.guess.value, queue.row.guess.name, seen) : decide({ kind: "approve" }, DONE.approve, seen)),
  reject: (seen) => question || decide({ kind: "reject", reason: part("reason").value }, `${DONE.reject}, ${part("reason").value}`, seen),
  fix: () => !question && queue.row?.size && !dialogIsOpen() && openBrush(root, queue.row, (row) => inTurn(() => corrected(row))),
  skip,
  back,
  undo,
  ...Object.fromEntries(picks),
};
// What is done at once: keys that follow are meant for the dialog.
const actions = {
  ...Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, (event) => inTurn(step, event)])),
  category: () => queue.row && !frame && pickCategory(),
  places: () => part("work").classList.toggle("unmarked"),
  larger: () => {
    const larger = part("work").classList.toggle("larger");
    for (const id of ["before", "after"]) larger ? part(id).setAttribute("tabindex", "0") : part(id).removeAttribute("tabindex"); // a key scrolls it
  },
  help: () => openHelp(keys),
};
const keys = new Keys(actions);
showKeys(keys);
for (const button of document.querySelectorAll("[data-action]")) button.addEventListener("click", (event) => actions[button.dataset.action](event));
part("bulk")?.addEventListener("click", () => openBulk(root, filters(), pictures, () => inTurn(() => restart())));
part("again").addEventListener("click", () => inTurn(() => restart()));
part("filters").addEventListener("submit", (event) => event.preventDefault());
part("filters").addEventListener("change", (event) => {
  const { id, value: chosen } = event.target;
  if (id === "review-choice") location.href = `/review?run=${encodeURIComponent(chosen)}`;
  else if (id === "ask-choice" && chosen === NEW) askNew(event.target);
  else if (id === "ask-choice") location.href = `/review?run=${encodeURIComponent(page.review)}${chosen ? `&ask=${encodeURIComponent(chosen)}` : ""}`;
  else {
    event.target.blur(); // at once: the next key is meant for a photo
    inTurn(() => restart());
  }
});
part("reason")?.addEventListener("change", (event) => event.target.blur());
document.addEventListener("visibilitychange", () => document.hidden || look());
addEventListener("beforeunload", (event) => waiting > 0 && event.preventDefault());
setInterval(() => document.hidden || look(), LOOK_MS);

async function restart(photo = null) {
  clearNotices();
  await sending;
  try {
    await queue.begin(filters(), photo);
    go(queue.at).then(() => queue.row && say(`${count(queue.left, "photo")} left. ${spoken(queue.row)}`));
  } catch (problem) {
    clearPictures();
    warn(problem.message, problem.remedy);
  }
}

// An attribute that no network proposes: its values are typed, and have a key from then on.
function askNew(choice) {
  const name = prompt("What shall every photo be asked? A name, such as colour:")?.trim().slice(0, 64);
  if (name) location.href = `/review?run=${encodeURIComponent(page.review)}&ask=${encodeURIComponent(name)}`;
  else choice.value = question;
}

function fill(name, options) {
  part("filters").elements[name].append(
    ...options.map(({ value: id, words, photos }) => Object.assign(element("option", `${words} (${photos.toLocaleString("en")})`), { value: id })),
  );
}

async function begin() {
  const [start, { photo }, questions] = await Promise.all([askJson(`${root}/filters`), askJson(`${root}/position`), askJson(`${root}/questions`)]);
  known = start.last;
  for (const one of questions) {
    const words = { category: "Label categories", frame: "Label frames" }[one.question] ?? `Label ${one.question}`;
    part("ask-choice").append(Object.assign(element("option", `${words} (${one.answered} of ${one.photos})`), { value: one.question, selected: one.question === question }));
  }
  if (question && !questions.some((one) => one.question === question)) part("ask-choice").append(Object.assign(element("option", `Label ${question}`), { value: question, selected: true }));
  part("ask-choice").append(Object.assign(element("option", "Label something else …"), { value: NEW }));
  if (question === "frame") frame = new FrameBox();
  if (question) labels = new Labels(questions.find((one) => one.question === question) ?? { classes: [] }, keys, (chosen, name, event) => inTurn((seen) => answer(chosen, name, seen), event));
  else for (const name of ["why", "profile", "category"]) fill(name, start[name]);
  await restart(question ? null : photo);
}

line = begin().catch((problem) => warn(problem.message, problem.remedy));

if (part("why-press")) {
  const why = new WhyDialog();
  part("why-press").addEventListener("click", async () => {
    const { row } = queue;
    if (!row) return;
    try {
      await why.show(fileName(row.source), askJson(`${root}/photos/${row.id}/why`));
    } catch (problem) {
      warn(problem.message, problem.remedy);
    }
  });
}
