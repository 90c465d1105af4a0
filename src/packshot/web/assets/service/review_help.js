// The list of keys, and how each is changed.

import { ACTIONS, keyName } from "./review_keys.js";
import { element, showKeys } from "./review_view.js";

const part = (id) => document.getElementById(id);
let open = null;

export function openHelp(keys) {
  open = keys;
  draw();
  part("key-note").textContent = "Each key can be changed; the choice stays in this browser.";
  part("help").showModal();
}

function draw() {
  part("key-rows").replaceChildren(
    ...Object.entries(ACTIONS).map(([action, [, words]]) => {
      const row = element("tr");
      const key = element("th");
      key.scope = "row";
      key.append(element("kbd", keyName(open.of(action))));
      const button = element("button", "Change");
      button.type = "button";
      button.setAttribute("aria-label", `Change the key: ${words}`);
      button.addEventListener("click", () => ask(action, words, button));
      const last = element("td");
      last.append(button);
      row.append(key, element("td", words), last);
      return row;
    }),
  );
  showKeys(open);
}

function ask(action, words, button) {
  button.textContent = "Press a key …";
  open.waiting = (key) => {
    open.waiting = null;
    const other = open.change(action, key);
    part("key-note").textContent = `${keyName(key)}: ${words}${other ? `. ${keyName(open.of(other))}: ${ACTIONS[other][1]}` : ""}`;
    draw();
    document.querySelector(`[aria-label="Change the key: ${words}"]`).focus();
  };
}

part("key-reset").addEventListener("click", () => {
  open.reset();
  draw();
  part("key-note").textContent = "All keys are as they were.";
});
part("help").addEventListener("close", () => open && (open.waiting = null));
