// One photo under review: its pictures, why to look, and what was decided.

import { keyName } from "./review_keys.js";

const part = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

export function element(tag, text = "", { name = "" } = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}


export const fileName = (source) => source.replaceAll("\\", "/").split("/").at(-1);

export function showWords(row, { choices, places = [] }) {
  const path = row.source.replaceAll("\\", "/").split("/");
  part("name").textContent = path.pop();
  part("folder").textContent = [path.join("/"), row.size && `${row.size[0]} × ${row.size[1]}`].filter(Boolean).join(" · ");
  part("told").textContent = row.told ?? "";
  part("told").hidden = !row.told;
  if (!part("why")) return; // a question is asked, not a result reviewed
  part("why").replaceChildren(...reasons(row, places));
  part("category").textContent = row.category?.path.length
    ? row.category.path.map((node) => node.name).join(" › ") + (row.category.score < 1 ? ` (${percent(row.category.score)})` : "")
    : row.familiar === false
      ? "Not a kind of product packshot knows."
      : "Nothing was recognised.";
  part("choices").replaceChildren(...choices);
  part("decisions").replaceChildren(...row.words.map((words) => element("li", words)));
  part("decided").hidden = row.words.length === 0;
}

function reasons(row, places) {
  const marked = new Map();
  places.forEach(({ doubt }, index) => marked.set(doubt, [...(marked.get(doubt) ?? []), index + 1]));
  const items = row.fixes.map(({ words, doubt }) => {
    const item = element("li", words);
    for (const number of marked.get(doubt) ?? []) item.append(" ", element("b", String(number), { name: "mark" }));
    return item;
  });
  return items.length ? items : [element("li", "Nothing is doubtful; have a short look.")];
}

export const percent = (share) => (share >= 0.995 && share < 1 ? "> 99 %" : share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(100 * share)} %`);

export function clearPictures(words = "") {
  part("before").replaceChildren();
  part("after").replaceChildren();
  part("waiting").textContent = words;
  part("waiting").hidden = !words;
}

export function showPictures(row, { before, after, profile }) {
  part("waiting").hidden = true;
  part("before").replaceChildren(...(before instanceof Error ? [element("p", `${before.message} Leave it for later.`)] : [named(before, `Photo ${fileName(row.source)}`)]));
  part("after").replaceChildren(after instanceof Error ? element("p", after.message) : after === null ? element("p", "No picture was made.") : named(after, `Result for ${profile ?? "the cut-out"}`));
  part("after-caption").textContent = profile ? `Result · ${profile}` : "Cut-out";
}

export function showMarks(row, places) {
  part("before").querySelector("svg")?.remove();
  if (row.size && part("before").querySelector("img")) part("before").append(marks(row, places));
}

function named(image, words) {
  image.alt = words;
  return image;
}

function marks(row, places) {
  const svg = document.createElementNS(SVG, "svg");
  const [width, height] = row.size;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("aria-hidden", "true");
  const digit = Math.max(width, height) / 34;
  places.forEach(({ box: [x0, y0, x1, y1] }, index) => {
    for (const name of ["under", "line"]) svg.append(shape("rect", { x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: name }));
    const x = Math.min(width - digit, Math.max(digit, x0));
    const y = Math.min(height - digit, Math.max(digit, y0));
    svg.append(shape("circle", { cx: x, cy: y, r: digit * 0.8 }));
    const text = shape("text", { x, y: y + digit * 0.36, "font-size": digit });
    text.textContent = index + 1;
    svg.append(text);
  });
  return svg;
}

function shape(tag, values) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  return made;
}

export function showKeys(keys) {
  for (const each of document.querySelectorAll("[data-key]")) each.textContent = keyName(keys.of(each.dataset.key));
}
