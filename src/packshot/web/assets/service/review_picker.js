// The category of a photo, found by a part of its name.

import { askJson } from "./requests.js";
import { warn } from "./notice.js";
import { element } from "./review_view.js";

const part = (id) => document.getElementById(id);
const MOST = 40;
let categories = null;
let chosen = () => {};
let active = 0;
let found = [];
let open = false; // whether another than these may be typed
let early = null; // Enter, pressed before the categories were here

// known: classes to choose from, and a new one may be typed; without them the categories of the tree.
// done(id, name, event): what was chosen, and the key or click that chose it.
export async function openPicker(root, done, known = null) {
  chosen = done;
  early = null;
  open = Boolean(known);
  if (known) categories = known.map(({ value, name }) => ({ id: value, name, words: name }));
  part("picker-text").value = "";
  part("picker").showModal(); // at once: keys that are typed meanwhile are meant for it
  part("picker-text").focus();
  search();
  if (categories) return;
  try {
    categories = await askJson(`${root}/categories`);
    search();
    if (early && found.length === 1) take(0, early); // of several, one is chosen by sight
  } catch (problem) {
    part("picker").close();
    warn(problem.message, problem.remedy);
  }
}

function search() {
  const words = part("picker-text").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one) => words.every((word) => one.words.toLowerCase().includes(word));
  const begins = (one) => Number(!words.length || !one.name.toLowerCase().startsWith(words[0]));
  found = (categories ?? []).filter(fits).sort((one, other) => begins(one) - begins(other)).slice(0, MOST);
  const typed = part("picker-text").value.trim();
  if (open && typed && !found.some((one) => one.name.toLowerCase() === typed.toLowerCase())) found.push({ id: typed, name: typed, words: `${typed} (new)` });
  active = 0;
  draw();
}

function draw() {
  part("picker-list").replaceChildren(
    ...found.map((one, index) => {
      const item = element("li", one.words);
      item.id = `pick-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(index === active));
      item.addEventListener("click", (event) => take(index, event));
      return item;
    }),
  );
  part("picker-none").textContent = found.length ? "" : categories ? "No category of the tree is called like this." : "Loading …";
  part("picker-text").setAttribute("aria-activedescendant", found.length ? `pick-${active}` : "");
  part("picker-list").children[active]?.scrollIntoView({ block: "nearest" });
}

function take(index, event) {
  const one = found[index];
  if (!one) return;
  part("picker").close();
  chosen(one.id, one.name, event);
}

part("picker-text").addEventListener("input", search);
part("picker-text").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    event.preventDefault();
    active = (active + step + found.length) % found.length;
    draw();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (categories) take(active, event);
    else early = event;
  }
});
