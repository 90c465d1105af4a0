// Runs with their progress, and how ready each is for every channel and day. Read again while something goes on.

import { count } from "./counting.js";
import { warn } from "./notice.js";
import { Problem, askJson } from "./requests.js";

const part = (id) => document.getElementById(id);
const PAUSE = 3000; // milliseconds between looks while a run goes on
const titles = Object.fromEntries([...part("titles").children].map((each) => [each.dataset.name, each.textContent]));
const STATES = [["ok", "ready"], ["review", "to look at"], ["failed", "failed"], ["rejected", "rejected"]];
let shown = "";

async function look() {
  const [runs, jobs] = await Promise.all([askJson("/v1/runs"), askJson("/v1/jobs").catch(() => [])]);
  const now = JSON.stringify([runs.map((run) => ({ ...run, changed_s: 0 })), jobs]);
  if (now !== shown) {
    shown = now;
    part("runs").replaceChildren(...(runs.length ? runs.map(card) : [make("p", { className: "note", textContent: "No run is shown: start with `packshot serve --run OUT`." })]));
    part("jobs").hidden = !jobs.length;
    part("job-rows").replaceChildren(...jobs.map(job));
  }
  const active = runs.some((run) => run.error || run.watch?.alive || run.done < run.photos) || jobs.some((each) => ["queued", "running"].includes(each.state));
  if (active) setTimeout(guarded, PAUSE, look);
}

function card(run) {
  const box = make("article", { className: "run" });
  const head = make("header", {});
  head.append(make("h2", { textContent: run.name }));
  box.append(head);
  if (run.error) {
    if (run.watch) box.append(watched(run.watch));
    else box.append(make("p", { className: "note", textContent: `There is no result yet: ${run.error.remedy}.` }));
    return box;
  }
  const counts = STATES.map(([state, words]) => [state, words, run.statuses[state] ?? 0]).filter(([, , count]) => count);
  const open = run.photos - run.done;
  const words = [open ? `${run.done.toLocaleString("en")} of ${count(run.photos, "photo")}` : count(run.photos, "photo"), ...counts.map(([, each, number]) => `${number} ${each}`)];
  if (open) words.push(`last result ${ago(run.changed_s)}`);
  head.append(make("p", { className: "note", textContent: words.join(" · ") }));
  if (run.waiting) head.append(make("a", { className: "button", href: `/review?run=${encodeURIComponent(run.name)}`, textContent: `Review ${run.waiting}` }));
  if (run.watch) box.append(watched(run.watch));
  box.append(bar([...counts.map(([state, each, count]) => [state, each, count]), ["open", "to do", open]], run.photos, open ? "Progress" : "Results"));
  if (run.last.length && (open || run.watch)) box.append(last(run));
  if (run.channels.length) box.append(readiness(run));
  return box;
}

// A folder that is watched: whether it still is, what is on its way, what is no photo.
function watched(watch) {
  const box = make("div", { className: "watch" });
  const doing = !watch.alive ? (watch.ended ? "stopped" : "no longer running") : watch.working ? `working on ${photos(watch.working)}` : "waiting for photos";
  box.append(make("p", { className: watch.alive ? "alive" : "gone", textContent: `Watched folder ${watch.folders.join(", ")}: ${doing}` }));
  if (watch.trouble) box.append(make("p", { className: "bad", textContent: `The last photos could not be done (${watch.trouble}); packshot watch says why, and tries again.` }));
  if (watch.coming_count) box.append(names(`${photos(watch.coming_count)} not whole yet`, watch.coming, watch.coming_count));
  if (watch.left_out_count) box.append(names(`${count(watch.left_out_count, "file is", "files are")} no photo`, watch.left_out.map(({ name, reason }) => `${name} (${reason})`), watch.left_out_count));
  return box;
}

function names(words, listed, count) {
  const box = make("details", {});
  const list = make("ul", {});
  list.append(...listed.map((each) => make("li", { textContent: each })));
  if (count > listed.length) list.append(make("li", { textContent: `and ${(count - listed.length).toLocaleString("en")} more` }));
  box.append(make("summary", { textContent: words }), list);
  return box;
}

// The photos that were finished last, the newest first.
function last(run) {
  const list = make("ol", { className: "last", tabIndex: 0 });
  list.setAttribute("aria-label", "Finished last");
  const words = { ok: "ready", review: "to look at", failed: "failed", rejected: "rejected" };
  for (const photo of run.last) {
    const item = make("li", { className: photo.status });
    const picture = make("img", { src: `/v1/reviews/${encodeURIComponent(run.name)}/photos/${photo.id}/photo?side=160`, alt: "", loading: "lazy" });
    picture.addEventListener("error", () => picture.replaceWith(make("span", { className: "none" })));
    item.append(picture, make("b", { textContent: photo.name }), make("small", { textContent: photo.error ? `${words[photo.status]}: ${photo.error}` : words[photo.status] }));
    list.append(item);
  }
  return list;
}

const photos = (number) => count(number, "photo");

// A bar whose parts add up; its words stand beside it, and are its name for a screen reader.
function bar(parts, total, name) {
  const box = make("div", { className: "stack" });
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", `${name}: ${parts.filter(([, , count]) => count).map(([, words, count]) => `${count} ${words}`).join(", ")}`);
  for (const [state, , count] of parts) {
    if (!count) continue;
    const piece = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    piece.setAttribute("class", state);
    piece.style.flexGrow = count / total; // set by script: a style in the page is not allowed
    box.append(piece);
  }
  return box;
}

function readiness(run) {
  const days = [...new Set(run.channels.flatMap((channel) => channel.later.map((each) => each.since)))].sort();
  const table = make("table", {});
  const caption = make("caption", { textContent: "Ready to publish" });
  const head = make("tr", {});
  for (const title of ["Channel", "Today", "Share", "To look at", "Refused", "No picture", ...days.map((day) => `From ${day}`)]) head.append(cell("th", title, { scope: "col" }));
  const body = make("tbody", {});
  for (const channel of run.channels) {
    const row = make("tr", {});
    const share = channel.photos ? channel.ready / channel.photos : 0;
    row.append(
      cell("th", titles[channel.profile] ?? channel.profile, { scope: "row" }),
      cell("td", percent(share), { className: "number" }),
      cell("td", bar([["ok", "ready", channel.ready], ["review", "to look at", channel.look], ["failed", "refused", channel.refused], ["missing", "without a picture", channel.missing]], channel.photos, channel.profile)),
      cell("td", channel.look.toLocaleString("en"), { className: "number" }),
      refused(channel.refused, channel.rules),
      cell("td", channel.missing.toLocaleString("en"), { className: "number" }),
      ...days.map((day) => later(channel, day)),
    );
    body.append(row);
  }
  const top = make("thead", {});
  top.append(head);
  table.append(caption, top, body);
  const scroll = make("div", { className: "scroll", tabIndex: 0 });
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", `Readiness of ${run.name}`);
  scroll.append(table);
  return scroll;
}

function refused(count, rules) {
  const box = cell("td", count.toLocaleString("en"), { className: count ? "number bad" : "number" });
  const named = Object.entries(rules).slice(0, 2).map(([rule, photos]) => `${inWords(rule)} ${photos.toLocaleString("en")}`);
  if (named.length) box.append(make("small", { textContent: named.join(", ") }));
  return box;
}

function later(channel, day) {
  const known = channel.later.filter((each) => each.since <= day).at(-1);
  if (!known) return cell("td", "as today", { className: "number soft" });
  const here = channel.later.find((each) => each.since === day);
  const box = cell("td", `${known.refused.toLocaleString("en")} refused`, { className: "number unsure" });
  if (here) box.append(make("small", { textContent: Object.keys(here.rules).slice(0, 2).map(inWords).join(", ") }));
  return box;
}

function job(each) {
  const box = make("article", { className: "run" });
  const head = make("header", {});
  head.append(make("h3", { textContent: `${each.profiles.join(", ")} · ${each.state}` }), make("p", { className: "note", textContent: `${each.done.toLocaleString("en")} of ${count(each.photos, "photo")}` }));
  const parts = STATES.map(([state, words]) => [state, words, each.counts[state] ?? 0]);
  box.append(head, bar([...parts, ["open", "to do", Math.max(0, each.photos - each.done)]], Math.max(1, each.photos), "Progress"));
  return box;
}

const inWords = (rule) => rule.replaceAll(/[-_]/g, " "); // of a rule's id
const make = (tag, values) => Object.assign(document.createElement(tag), values);
const percent = (share) => (share > 0.995 && share < 1 ? "> 99 %" : `${Math.round(share * 100)} %`);
const ago = (seconds) => (seconds < 90 ? `${seconds} s ago` : seconds < 5400 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`);

function cell(tag, content, values = {}) {
  const box = make(tag, values);
  box.append(content);
  return box;
}

async function guarded(action) {
  try {
    await action();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    warn(problem.message, problem.remedy);
    setTimeout(guarded, 4 * PAUSE, action);
  }
}

guarded(look);
