// One question to every photo: its classes, a key for each, and what the network proposes.

import { ACTIONS, keyName } from "./review_keys.js";
import { element, percent } from "./review_view.js";

const part = (id) => document.getElementById(id);
const KEYS = [..."1234567890qwertyuiopdfghjklxvnmaszcb"];
const NEEDED = ["accept", "category", "skip", "back", "undo", "places", "larger", "help"];

export class Labels {
  // question: as the service tells it; answer(value, name, event): a class was chosen.
  constructor(question, keys, answer) {
    this.classes = question.classes;
    this.keys = keys;
    this.answer = answer;
    keys.first = (key, event) => this.pressed(key, event);
  }

  // Keys that no action needs, in the order of the classes: the same all the time.
  get free() {
    const taken = new Set(NEEDED.map((action) => this.keys.of(action)));
    return KEYS.filter((key) => !taken.has(key));
  }

  pressed(key, event) {
    const place = this.free.indexOf(key);
    const chosen = place < 0 ? null : this.classes[place];
    if (chosen) this.answer(chosen.value, chosen.name, event);
    return Boolean(chosen) || unneeded(this.keys).includes(key);
  }

  add(value) {
    if (!this.classes.some((one) => one.value === value)) this.classes.push({ value, name: value, photos: 0 });
  }

  draw(row) {
    const { guess } = row;
    part("proposal").textContent = guess ? `${row.answered ? "Answered" : "Proposed"}: ${guess.name}${guess.score < 1 ? ` (${percent(guess.score)})` : ""}` : "Nothing is proposed.";
    const { free } = this;
    part("classes").replaceChildren(
      ...this.classes.map((one, index) => {
        const button = element("button", "", { name: "choice" });
        button.type = "button";
        if (free[index]) button.append(element("kbd", keyName(free[index])));
        button.append(element("span", one.name));
        button.setAttribute("aria-pressed", String(one.value === guess?.value));
        button.addEventListener("click", (event) => this.answer(one.value, one.name, event));
        const item = element("li");
        item.append(button);
        return item;
      }),
    );
  }
}

// Keys of actions that a question does not have: they do nothing.
function unneeded(keys) {
  return Object.keys(ACTIONS).filter((action) => !NEEDED.includes(action)).map((action) => keys.of(action));
}
