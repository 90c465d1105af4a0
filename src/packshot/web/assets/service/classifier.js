// What a classifier of one's own says of the photo: labels with probabilities, and where the chosen one comes from.

import { percent } from "./listing.js";

const part = (id) => document.getElementById(id);
const MOST = 5; // labels

export class Classifier {
  constructor() {
    this.said = new WeakMap(); // photo -> answer
  }

  async show(photo) {
    this.photo = photo;
    part("answers").replaceChildren();
    part("heatmap").hidden = true;
    part("heatmap-words").textContent = "Asking …";
    if (!this.said.has(photo)) this.said.set(photo, await (await photo.fetch("/answer")).json());
    if (this.photo !== photo) return;
    const { answers } = this.said.get(photo);
    part("answers").replaceChildren(...answers.slice(0, MOST).map((answer) => this.line(photo, answer)));
    await this.where(photo, answers[0].label);
  }

  line(photo, { label, probability }) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.label = label;
    const meter = Object.assign(document.createElement("meter"), { min: 0, max: 1, value: probability });
    meter.setAttribute("aria-hidden", "true");
    button.append(label, meter, Object.assign(document.createElement("small"), { textContent: percent(probability) }));
    button.addEventListener("click", () => this.where(photo, label));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  async where(photo, label) {
    for (const each of part("answers").querySelectorAll("button")) each.setAttribute("aria-pressed", String(each.dataset.label === label));
    part("heatmap-words").textContent = `Looking where ${label} comes from …`;
    const picture = await photo.once(`/heatmap?label=${encodeURIComponent(label)}`, async (address) => (await photo.fetch(address)).blob());
    if (this.photo !== photo) return;
    const shown = part("heatmap");
    URL.revokeObjectURL(shown.src);
    shown.src = URL.createObjectURL(picture);
    shown.alt = `Heatmap of ${label}`;
    shown.hidden = false;
    part("heatmap-words").textContent = `Hot: hiding it takes most from “${label}”.`;
  }
}
