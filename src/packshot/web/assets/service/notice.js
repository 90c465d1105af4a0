// What a page says: errors in the bar under the header, with what to do about them, and news for screen readers.

const notices = document.getElementById("notices");
const said = document.getElementById("said");

// Show a problem. `remedy` says what helps; the same problem stands there once.
export function warn(message, remedy = "", { kind = "bad" } = {}) {
  const text = `${message}\n${remedy}`;
  for (const one of notices.children) if (one.dataset.text === text) return one;
  const line = document.createElement("p");
  line.className = `notice ${kind}`;
  line.dataset.text = text;
  const words = document.createElement("span");
  const strong = document.createElement("b");
  strong.textContent = message;
  words.append(strong, remedy ? ` ${remedy}` : "");
  const close = document.createElement("button");
  close.type = "button";
  close.className = "quiet";
  close.textContent = "Close";
  close.addEventListener("click", () => line.remove());
  line.append(words, close);
  notices.append(line);
  return line;
}

export function clearNotices() {
  notices.replaceChildren();
}

// Say something to a screen reader, without showing it.
export function say(text) {
  said.textContent = text;
}
