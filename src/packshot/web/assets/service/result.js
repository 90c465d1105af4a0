// The result's panel: what is cut out, the marketplace and its rules, the background, files to keep.

import { count } from "./counting.js";
import { warn } from "./notice.js";
import { download } from "./zip.js";

const part = (id) => document.getElementById(id);
const FIXES = {
  enlarge: ["Enlarge it", { enlarge: true }],
  white: ["Put it on white", { background: "#ffffff" }],
  brush: ["Correct with the brush", null],
};
let backdrops = 0;

export class Result {
  // change(patch, words): a person chose something; brush(): a person wants to draw.
  constructor({ change, brush }) {
    this.change = change;
    this.brush = brush;
    this.backdrop = null;
    part("subject").addEventListener("change", (event) => change({ subject: event.target.value, strokes: [] }, "Cutting out"));
    part("profile").addEventListener("change", (event) => change({ profile: event.target.value, enlarge: false }));
    for (const button of document.querySelectorAll("[data-background]")) {
      button.addEventListener("click", () => change({ background: button.dataset.background }));
    }
    part("colour").addEventListener("change", (event) => change({ background: event.target.value }));
    part("backdrop").addEventListener("change", async (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (!file) return;
      try {
        backdrops += 1;
        this.backdrop = { file, number: backdrops, bitmap: await createImageBitmap(file) };
        change({ background: "picture" });
      } catch {
        warn(`${file.name} is no picture this browser can show.`, "Choose a JPEG, PNG or WebP for the background.");
      }
    });
  }

  show(photo) {
    const { now } = photo;
    part("subject").value = now.subject;
    part("profile").value = now.profile;
    const backgrounds = [...document.querySelectorAll("[data-background]")];
    for (const each of backgrounds) each.setAttribute("aria-pressed", String(each.dataset.background === now.background));
    const coloured = now.background.startsWith("#") && now.background !== "#ffffff";
    part("colour").parentElement.classList.toggle("chosen", coloured);
    if (coloured) part("colour").value = now.background;
    part("backdrop").parentElement.classList.toggle("chosen", now.background === "picture");
    this.showDoubts(photo);
  }

  showDoubts(photo) {
    const said = photo.found.get(photo.now.subject);
    const lines = [];
    if (said?.problem) lines.push([sentence(said.problem.message.replace(/^the photo: /, "")), "Draw it with Keep", "keep"]);
    else if (said?.doubts.length && !photo.now.strokes.length) {
      lines.push([said.doubt_words.map((words) => `${words}.`).join(" "), "Correct with the brush", "keep"]);
    }
    if (said?.frame_removed) lines.push(["A frame around the photo was cut off.", null]);
    for (const text of [...(said?.notes ?? []), ...(said?.advice ?? [])]) lines.push([sentence(text), null]);
    const box = part("doubts");
    box.hidden = !lines.length;
    const key = JSON.stringify(lines);
    if (this.doubted === key) return; // as in the listing
    this.doubted = key;
    box.replaceChildren(...lines.map(([text, action, tool]) => {
      const line = document.createElement("p");
      line.append(text);
      if (action) line.append(" ", this.button(action, () => this.brush(tool)));
      return line;
    }));
  }

  // The rules of a finished picture; those that are broken first, each with the button that helps.
  showRules(made) {
    const box = part("rules");
    if (!made) return box.replaceChildren();
    const broken = made.rules.filter((rule) => !rule.ok);
    const head = document.createElement("p");
    const must = broken.filter((rule) => rule.severity === "must").length;
    head.className = must ? "bad" : broken.length ? "unsure" : "good";
    const kept = made.rules.length - broken.length;
    head.textContent = must ? `${count(must, "rule")} broken` : broken.length ? `Accepted; ${count(broken.length, "recommendation")} not kept` : kept === 1 ? "The rule is kept" : `All ${kept} rules kept`;
    const size = document.createElement("span");
    size.className = "note";
    size.textContent = ` ${made.width} × ${made.height}, ${kilobytes(made.blob.size)}`;
    head.append(size);
    const list = document.createElement("ul");
    for (const rule of [...broken, ...made.rules.filter((each) => each.ok)]) list.append(this.line(rule));
    const details = document.createElement("details");
    details.open = broken.length > 0;
    const summary = document.createElement("summary");
    summary.textContent = "Rules";
    details.append(summary, list);
    const later = made.upcoming.filter((rule) => !rule.ok);
    const advice = [...made.advice, ...later.map((rule) => `From ${rule.since}: ${rule.wording}`)].map((text) => {
      const line = document.createElement("p");
      line.className = "note";
      line.textContent = sentence(text);
      return line;
    });
    const focused = box.contains(document.activeElement);
    box.replaceChildren(head, ...advice, details);
    if (focused) summary.focus(); // the button that had it may be gone
  }

  line(rule) {
    const item = document.createElement("li");
    item.className = rule.ok ? "kept" : rule.severity === "must" ? "broken" : "weak";
    const mark = document.createElement("span");
    mark.className = "mark";
    mark.textContent = rule.ok ? "✓" : rule.severity === "must" ? "✕" : "!";
    const state = document.createElement("span");
    state.className = "away";
    state.textContent = rule.ok ? "Kept: " : rule.severity === "must" ? "Broken: " : "Not kept: ";
    const text = document.createElement("span");
    text.textContent = sentence(rule.wording);
    const measured = document.createElement("small");
    measured.textContent = rule.ok ? "" : ` It is ${shown(rule.measured)}.`;
    text.append(measured);
    item.append(mark, state, text);
    const [words, patch] = FIXES[rule.fix] ?? [];
    if (words) item.append(this.button(words, () => (patch ? this.change(patch, words) : this.brush("keep"))));
    else if (!rule.ok) {
      const helps = document.createElement("small");
      helps.textContent = " A better photo helps.";
      text.append(helps);
    }
    return item;
  }

  button(words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fix";
    button.textContent = words;
    button.addEventListener("click", act);
    return button;
  }

  save(photo, made) {
    download(made.blob, fileName(photo, made));
  }
}

export function fileName(photo, made) {
  const stem = photo.name.split("/").at(-1).replace(/\.[^.]*$/, "") || "photo";
  const suffix = made.media_type.split("/")[1].replace("jpeg", "jpg");
  return `${stem}${made.profile === "plain" ? "" : `-${made.profile}`}.${suffix}`;
}

// The finished picture of each photo, under names that are unique. `progress(place)` is called before each.
export async function finishedFiles(photos, backdrop, progress) {
  const files = [];
  const names = new Set();
  for (const [place, photo] of photos.entries()) {
    progress(place + 1);
    const made = await photo.packshot(photo.now, backdrop);
    let name = fileName(photo, made);
    for (let number = 2; names.has(name); number += 1) name = fileName(photo, made).replace(/(\.[^.]*)$/, `-${number}$1`);
    names.add(name);
    files.push({ name, blob: made.blob });
  }
  return files;
}

const kilobytes = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
const shown = (value) => (typeof value === "number" && !Number.isInteger(value) ? String(Math.round(value * 1000) / 1000) : String(value));

function sentence(text) {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
