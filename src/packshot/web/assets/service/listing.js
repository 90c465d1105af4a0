// The listing of one photo: a proposed category with alternatives, title and attributes; one confirmation fills its row.

import { askJson } from "./requests.js";

const part = (id) => document.getElementById(id);

const NO_WORDS = { title: "", alt: "" };

// The language of the marketplace's listings; English where it has none of its own.
const profileLanguage = (state) => [...part("profile").options].find((each) => each.value === state.profile)?.dataset.language ?? "en";

// The language of a state: as a person chose, or as the marketplace has it.
export const languageOf = (state) => state.language || profileLanguage(state);

// Title and alt text in that language.
export const wordsOf = (state) => state.listing.texts[languageOf(state)] ?? NO_WORDS;

export class Listing {
  // change(patch of the listing): a person corrected something; confirm(): it is right as it stands.
  constructor({ change, confirm }) {
    this.change = change;
    this.categories = new Map();
    part("confirm").addEventListener("click", confirm);
    for (const name of ["title", "alt"]) part(name).addEventListener("change", (event) => this.worded(name, event.target.value.trim()));
    part("category").addEventListener("change", (event) => this.typed(event.target));
    part("category").addEventListener("focus", () => this.load(), { once: true });
  }

  // A person wrote a title or an alt text, in the language that is shown.
  worded(name, words) {
    const { texts } = this.shown;
    this.change({ texts: { ...texts, [this.language]: { ...NO_WORDS, ...texts[this.language], [name]: words } }, confirmed: false });
  }

  async load() {
    const all = await askJson("/v1/categories?most=1000");
    this.categories = new Map(all.map((each) => [each.name, each]));
    part("categories").replaceChildren(...all.map(({ name }) => Object.assign(document.createElement("option"), { value: name })));
  }

  async typed(field) {
    const text = field.value.trim();
    if (!text) return;
    const [found] = this.categories.has(text) ? [this.categories.get(text)] : await askJson(`/v1/categories?most=1&text=${encodeURIComponent(text)}`);
    field.setCustomValidity(found ? "" : "The tree has no such category.");
    field.reportValidity();
    if (!found) return;
    field.value = "";
    this.change({ category: { ...found, score: null }, sure: true, confirmed: false });
  }

  show(photo) {
    const { listing } = photo.now;
    const language = languageOf(photo.now);
    if (this.shown === listing && this.language === language) return; // drawn anew only where it changed: the focus may stand in it
    Object.assign(this, { shown: listing, language });
    part("language").value = photo.now.language;
    part("language").options[0].textContent = `As the marketplace (${[...part("language").options].find((each) => each.value === profileLanguage(photo.now)).textContent})`;
    const focused = [...part("chips").children].indexOf(document.activeElement);
    const chips = listing.alternatives.slice(0, 4).filter((each, place) => place < 2 || each.score >= 0.01).map((each) => ({ id: each.label, name: each.name, score: each.score }));
    const { category } = listing;
    if (category && !chips.some((chip) => chip.id === category.id)) chips.unshift(category);
    part("chips").replaceChildren(...chips.map((chip) => this.chip(chip, category)));
    if (focused >= 0) part("chips").children[Math.min(focused, chips.length - 1)]?.focus();
    part("category-note").textContent = category ? category.name.split(" > ").join(" › ") : "Not recognised: choose a category";
    part("category-note").className = category && listing.sure ? "path" : "path unsure";
    const words = wordsOf(photo.now);
    for (const name of ["title", "alt"]) {
      part(name).lang = language;
      if (document.activeElement !== part(name)) part(name).value = words[name];
    }
    const fields = Object.entries(listing.attributes).flatMap(([name, value]) => {
      const label = Object.assign(document.createElement("label"), { textContent: name.charAt(0).toUpperCase() + name.slice(1), htmlFor: `attribute-${name}` });
      const input = Object.assign(document.createElement("input"), { id: `attribute-${name}`, value, autocomplete: "off" });
      input.addEventListener("change", () => {
        this.change({ attributes: { ...photo.now.listing.attributes, [name]: input.value.trim() }, confirmed: false });
      });
      return [label, input];
    });
    if (!part("attributes").contains(document.activeElement)) part("attributes").replaceChildren(...fields);
    const button = part("confirm");
    button.firstChild.textContent = listing.confirmed ? "Confirmed " : "Confirm ";
    button.classList.toggle("done", listing.confirmed);
    button.disabled = !category;
  }

  chip(chip, chosen) {
    const button = document.createElement("button");
    button.type = "button";
    const here = chosen?.id === chip.id;
    button.setAttribute("aria-pressed", String(here));
    button.textContent = chip.name.split(" > ").at(-1);
    button.title = chip.name;
    if (chip.score !== null && chip.score !== undefined) {
      button.append(Object.assign(document.createElement("small"), { textContent: percent(chip.score) }));
    }
    button.addEventListener("click", () => {
      if (!here) this.change({ category: chip, sure: true, confirmed: false });
    });
    return button;
  }
}

export const percent = (score) => (score < 0.01 ? "< 1 %" : score > 0.99 ? "> 99 %" : `${Math.round(score * 100)} %`);
