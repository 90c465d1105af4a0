// Keys of the page. None needs a modifier; Ctrl+Z works too, for hands that know it.

import { dialogIsOpen, isForPage } from "./page_keys.js";

const part = (id) => document.getElementById(id);

export function listenToKeys({ stage, brush, take, view, neighbour, confirm, undo, redo }) {
  const { canvas } = stage;
  let clicked = false; // a pointer brought the focus here: Tab shows the photo as it was

  canvas.addEventListener("pointerdown", () => (clicked = true));
  canvas.addEventListener("blur", () => (clicked = false));

  const original = (on) => {
    stage.original = on;
    stage.draw();
  };

  const actions = {
    c: () => view("compare"),
    f: () => view("finished"),
    k: () => take("keep"),
    e: () => take("erase"),
    h: () => take("hint"),
    "[": () => brush.smaller(),
    "]": () => brush.larger(),
    s: () => part("snaps").click(),
    "+": () => stage.zoom(1.25),
    "=": () => stage.zoom(1.25),
    "-": () => stage.zoom(0.8),
    0: () => stage.fit(),
    o: () => original(true),
    a: confirm,
    n: () => neighbour(1),
    b: () => neighbour(-1),
    "?": () => part("keys").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (dialogIsOpen() || part("work").hidden) return;
    const typing = !isForPage(event);
    if ((event.ctrlKey || event.metaKey) && !typing) {
      if (key.toLowerCase() === "z") (event.shiftKey ? redo : undo)();
      else if (key.toLowerCase() === "y") redo();
      else return;
      return event.preventDefault();
    }
    if (typing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (target === canvas) {
      if (key === "Tab" && clicked && !event.shiftKey) original(true);
      else if (key === "Escape" && !stage.live) clicked = false;
      else if (key === " ") brush.spaced = true;
      else if (brush.key(event)) clicked = false;
      else if (!brush.tool && ["ArrowLeft", "ArrowRight"].includes(key)) {
        part("divider").value = Number(part("divider").value) + (key === "ArrowLeft" ? -5 : 5);
        part("divider").dispatchEvent(new Event("input"));
      } else return plain(event);
      return event.preventDefault();
    }
    plain(event);
  });

  function plain(event) {
    const key = event.key.toLowerCase();
    if (key === "z") (event.shiftKey ? redo : undo)();
    else if (Object.hasOwn(actions, key)) actions[key](event);
    else return;
    event.preventDefault();
  }

  document.addEventListener("keyup", ({ key }) => {
    if (key === "Tab" || key.toLowerCase() === "o") original(false);
    if (key === " ") brush.spaced = false;
  });
  window.addEventListener("blur", () => {
    brush.spaced = false;
    original(false);
  });
}
