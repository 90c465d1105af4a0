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

export async function openPicker(root, done) {
  chosen = done;
  try {
    categories ??= await askJson(`${root}/categories`);
  } catch (problem) {
    warn(problem.message, problem.remedy);
    return;
  }
  part("picker-text").value = "";
  search();
  part("picker").showModal();
  part("picker-text").focus();
}

function search() {
  const words = part("picker-text").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one) => words.every((word) => one.words.toLowerCase().includes(word));
  const begins = (one) => Number(!words.length || !one.name.toLowerCase().startsWith(words[0]));
  found = categories.filter(fits).sort((one, other) => begins(one) - begins(other)).slice(0, MOST);
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
      item.addEventListener("click", () => take(index));
      return item;
    }),
  );
  part("picker-text").setAttribute("aria-activedescendant", found.length ? `pick-${active}` : "");
  part("picker-list").children[active]?.scrollIntoView({ block: "nearest" });
}

function take(index) {
  const one = found[index];
  if (!one) return;
  part("picker").close();
  chosen(one.id, one.name);
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
    take(active);
  }
});
