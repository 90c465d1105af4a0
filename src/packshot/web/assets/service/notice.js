// What a page says: problems in the bar under the header, with what to do about them, and news for screen readers.
// Problems of several files are one line that opens, so that they never cover the page.

const notices = document.getElementById("notices");
const alerted = document.getElementById("alerted");
const said = document.getElementById("said");

// Show a problem; gives its element, for `withdraw`. `remedy` says what helps; the same problem stands there once.
// gather: {words(count), actions}: problems that share it are one line that opens; its words say how many there are, and
// actions, [words, act()] each, settle all of them.
export function warn(message, remedy = "", { kind = "bad", gather = null } = {}) {
  const text = `${message}\n${remedy}`;
  const same = [...notices.querySelectorAll("[data-text]")].find((each) => each.dataset.text === text);
  if (same) return same;
  alerted.textContent = `${message} ${remedy}`;
  const problem = document.createElement(gather ? "li" : "p");
  problem.dataset.text = text;
  problem.append(Object.assign(document.createElement("b"), { textContent: message }), remedy ? ` ${remedy}` : "");
  if (gather) {
    const notice = [...notices.children].find((each) => each.gather === gather) ?? gathered(gather, kind);
    notice.list.append(problem);
    notice.tell();
  } else notices.append(framed(problem, kind));
  return problem;
}

// Take a problem away that `warn` gave; its line goes with the last of several.
export function withdraw(problem) {
  const notice = problem?.closest(".notice");
  problem?.remove();
  if (!notice?.querySelector("[data-text]")) notice?.remove();
  else notice.tell?.();
}

export function clearNotices() {
  notices.replaceChildren();
}

// Say something to a screen reader, without showing it.
export function say(text) {
  said.textContent = text;
}

function framed(content, kind) {
  const notice = document.createElement("div");
  notice.className = `notice ${kind}`;
  notice.append(content, button("Close", () => close(notice)));
  return notice;
}

// The focus goes on to the next notice: the button that had it is gone.
function close(notice) {
  const next = notice.nextElementSibling ?? notice.previousElementSibling;
  notice.remove();
  (next?.querySelector("summary, button") ?? document.getElementById("content")).focus();
}

function gathered(gather, kind) {
  const [details, summary, list, actions] = ["details", "summary", "ul", "p"].map((name) => document.createElement(name));
  details.append(summary, list, actions);
  const notice = framed(details, kind);
  const tell = () => {
    const one = list.children.length === 1; // stands there open, as a line of its own
    if (one !== notice.classList.contains("one")) details.open = one;
    notice.classList.toggle("one", one);
    list.tabIndex = one ? -1 : 0; // a long list is scrolled by keys
    list.ariaLabel = summary.textContent = gather.words(list.children.length);
  };
  for (const [words, act] of gather.actions ?? []) {
    actions.append(button(words, () => {
      close(notice);
      act();
    }));
  }
  notices.append(notice);
  return Object.assign(notice, { gather, list, tell });
}

function button(words, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: words });
  made.addEventListener("click", act);
  return made;
}
