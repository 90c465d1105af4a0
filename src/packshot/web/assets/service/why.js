// Why: what spoke for what a photo is called, and what speaks against its cut-out, in a dialog of its own.

import { percent } from "./listing.js";

function made(tag, text = "", more = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...more });
}

function figure(picture, words, note = "") {
  const found = made("figure");
  const caption = made("figcaption", words);
  if (note) caption.append(" ", made("b", note));
  found.append(made("img", "", { src: picture, alt: words }), caption);
  return found;
}

function figures({ said, nearest, pictures }) {
  const found = [];
  if (said && pictures.said) found.push(figure(pictures.said, `What spoke for “${said.name}”, ${percent(said.score)}. Yellow is hottest.`, said.warning));
  if (pictures.review) {
    const words = nearest === null ? "What speaks against the cut-out. Warm is where the network expects to be wrong." : `No product was found. Warm is where it came nearest: ${percent(nearest)}, and 50 % is asked for.`;
    found.push(figure(pictures.review, words));
  }
  return found;
}

function reason({ words, boxes }) {
  const item = made("li", words);
  if (!boxes.length) item.append(" ", made("small", "no single place"));
  return item;
}

// The dialog of a page; made once, shown for each press.
export class WhyDialog {
  constructor() {
    this.dialog = made("dialog", "", { className: "why-dialog" });
    this.dialog.setAttribute("aria-labelledby", "why-title");
    this.title = made("h2", "", { id: "why-title" });
    this.sides = made("div", "", { className: "why-sides" });
    this.note = made("p", "", { className: "note" });
    this.note.setAttribute("role", "status");
    this.reasons = made("ol");
    const form = made("form", "", { method: "dialog", className: "dialog-buttons" });
    form.append(made("button", "Close", { className: "main" }));
    this.dialog.append(this.title, this.note, this.sides, this.reasons, form);
    this.dialog.addEventListener("keydown", (event) => event.stopPropagation()); // the page's own keys rest
    document.body.append(this.dialog);
  }

  // `answer` is a promise of what the service says; a problem closes the dialog and is the caller's.
  async show(name, answer) {
    this.title.textContent = `Why: ${name}`;
    this.note.textContent = "Looking …";
    this.sides.replaceChildren();
    this.reasons.replaceChildren();
    this.dialog.showModal();
    const here = (this.turn = {});
    try {
      const why = await answer;
      if (this.turn !== here) return;
      this.sides.replaceChildren(...figures(why));
      this.reasons.replaceChildren(...why.reasons.map(reason));
      this.note.textContent = why.reasons.length ? "Evidence against the cut-out, by number; below zero it takes from the chance to be published." : why.nearest === null ? "Nothing speaks against the cut-out." : "";
    } catch (problem) {
      this.dialog.close();
      throw problem;
    }
  }
}
