// One key an action, without a modifier; each can be changed, and the choice stays in this browser.

import { isForPage, pressesButton } from "./page_keys.js";

const STORE = "packshot-review-keys";

export const ACTIONS = {
  accept: ["a", "accept what is shown, and go on"],
  reject: ["r", "reject, for the reason that is chosen"],
  fix: ["f", "correct the cut-out with a brush"],
  category: ["c", "choose another category"],
  skip: ["s", "leave it for later"],
  back: ["b", "the photo before"],
  undo: ["u", "take back what you decided last, also many at once"],
  first: ["1", "the first of the other categories"],
  second: ["2", "the second"],
  third: ["3", "the third"],
  fourth: ["4", "the fourth"],
  places: ["p", "hide the marks in the photo, or show them"],
  larger: ["z", "photo and result at their own size, or fitted"],
  help: ["?", "this list"],
};
const ALIASES = { ArrowRight: "skip", ArrowLeft: "back" };

export class Keys {
  constructor(actions) {
    this.actions = actions;
    this.map = { ...defaults(), ...stored() };
    this.waiting = null; // an action whose new key is asked for
    this.first = () => false; // what looks at a key before actions do; gives whether it was meant
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  of(action) {
    return this.map[action];
  }

  // Give an action another key; the action that had it gets the old one.
  change(action, key) {
    const other = Object.keys(this.map).find((each) => this.map[each] === key && each !== action);
    if (other) this.map[other] = this.map[action];
    this.map[action] = key;
    this.keep();
    return other;
  }

  reset() {
    this.map = defaults();
    this.keep();
  }

  keep() {
    try {
      localStorage.setItem(STORE, JSON.stringify(this.map));
    } catch {
      // a browser that keeps nothing: the keys hold for this page
    }
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (this.waiting) {
      if (event.key === "Escape" || event.key === "Tab" || event.key === "Shift") return;
      event.preventDefault();
      event.stopPropagation();
      this.waiting(event.key.length === 1 ? event.key.toLowerCase() : event.key);
      return;
    }
    if (!isForPage(event) || pressesButton(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!event.repeat && this.first(key, event)) return event.preventDefault();
    const action = Object.keys(this.map).find((each) => this.map[each] === key) ?? ALIASES[key];
    if (!action || (event.repeat && !["skip", "back"].includes(action))) return;
    event.preventDefault();
    this.actions[action]?.(event);
  }
}

export const keyName = (key) => ({ " ": "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" })[key] ?? (key.length === 1 ? key.toUpperCase() : key);

const defaults = () => Object.fromEntries(Object.entries(ACTIONS).map(([action, [key]]) => [action, key]));

function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    return Object.fromEntries(Object.entries(found).filter(([action, key]) => action in ACTIONS && typeof key === "string"));
  } catch {
    return {};
  }
}
