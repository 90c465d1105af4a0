// Photos, results and places of doubts, loaded and decoded before they are looked at.

import { askJson, sentence } from "./requests.js";

const SIDE = 1600; // pixels of a photo's longer side: two of them fill a large screen
const KEPT = 20;
const TRIES = 5;

export class Pictures {
  constructor(root) {
    this.root = root;
    this.kept = new Map(); // address -> promise
  }

  // Both pictures of a row and its places; a picture is null where there is none, and an Error where it cannot be had.
  of(row, profile) {
    const version = `v=${row.seen}`;
    const photo = `${this.root}/photos/${row.id}`;
    const made = row.packshots.includes(profile) ? profile : row.packshots[0];
    const after = made !== undefined ? `${photo}/packshot?profile=${encodeURIComponent(made)}&${version}` : row.has_cutout ? `${photo}/cutout?${version}` : null;
    return {
      before: this.once(`${photo}/photo?side=${SIDE}&${version}`, image),
      after: after === null ? Promise.resolve(null) : this.once(after, image),
      places: row.has_mask ? this.once(`${photo}/places?${version}`, places) : Promise.resolve([]),
      profile: made,
    };
  }

  once(address, load) {
    let found = this.kept.get(address);
    this.kept.delete(address); // the last used stands last
    if (!found) {
      found = load(address);
      found.then((value) => value instanceof Error && this.kept.delete(address));
    }
    this.kept.set(address, found);
    while (this.kept.size > 3 * KEPT) this.kept.delete(this.kept.keys().next().value);
    return found;
  }
}

async function image(address) {
  for (let turn = 0; ; turn += 1) {
    const picture = new Image();
    picture.draggable = false;
    picture.src = address;
    try {
      await picture.decode();
      return picture;
    } catch {
      const why = await fetch(address).then(problem, () => new Error("The service does not answer."));
      if (turn >= TRIES || why.final) return why;
      await new Promise((resolve) => setTimeout(resolve, 300 * 2 ** turn));
    }
  }
}

async function problem(response) {
  const told = await response.json().catch(() => ({}));
  const error = new Error(sentence(told.error?.message ?? "This picture cannot be shown."));
  error.final = ![429, 503, 200].includes(response.status);
  return error;
}

async function places(address) {
  try {
    return (await askJson(address)).places;
  } catch {
    return [];
  }
}
