// Whom a key press is for: the page, or what has the focus. A dialog that has just closed keeps the focus until the
// next frame, so the target of a key does not say it alone.

const FIELDS = "input:not([type=range], [type=checkbox], [type=radio], [type=file]), select, textarea";
const PRESSED = "button, a, summary, input";

// Whether a key press is for the page: no dialog is open, and nothing is typed into.
export function isForPage(event) {
  if (dialogIsOpen()) return false;
  const { target } = event;
  if (!target.closest("dialog")) return !target.closest(FIELDS);
  if (isPress(event)) event.preventDefault(); // nobody presses a button that is gone
  return true;
}

// Whether it presses the button or link that has the focus.
export function pressesButton(event) {
  return isPress(event) && !event.target.closest("dialog") && Boolean(event.target.closest(PRESSED));
}

export const dialogIsOpen = () => document.querySelector("dialog[open]") !== null;

const isPress = ({ key }) => key === "Enter" || key === " ";

// Since when something can be seen. What was pressed before decides nothing about it, however late it is handled.
export class Sight {
  // place: the element where it is seen; busy until then, also for a screen reader.
  constructor(place) {
    this.place = place;
    this.lost();
  }

  lost() {
    this.turn = (this.turn ?? 0) + 1;
    this.since = Infinity;
    this.place.ariaBusy = "true";
  }

  get is() {
    return this.since < Infinity;
  }

  // It has been drawn: it is seen with the next frame.
  gained() {
    this.turn += 1;
    const { turn } = this;
    return new Promise((resolve) =>
      requestAnimationFrame(() => {
        if (turn === this.turn) this.here();
        resolve();
      }),
    );
  }

  // There is nothing to see, nor to decide.
  none() {
    this.lost();
    this.place.ariaBusy = "false";
  }

  here() {
    this.since = performance.now();
    this.place.ariaBusy = "false";
  }

  // Whether an event of a key or a pointer came when it could be seen.
  at({ timeStamp }) {
    return timeStamp >= this.since;
  }
}
