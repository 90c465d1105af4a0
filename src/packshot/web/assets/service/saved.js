// What of a photo's state lies in files that a person has downloaded. Each file holds some parts of it.

// What was drawn, as a name: the same strokes on the same subject have the same.
export const drawing = (state) => `${state.subject} ${state.strokes.map((stroke) => stroke.number).join(" ")}`;

const PARTS = {
  drawing,
  picture: ({ profile, background, enlarge }) => JSON.stringify([profile, background, enlarge]),
  listing: ({ language, listing }) => JSON.stringify([language, listing]),
};

export const CUTOUT = ["drawing"]; // parts in a downloaded cut-out,
export const PICTURE = ["drawing", "picture"]; // a finished picture,
export const TABLE = ["listing"]; // a table of listings
export const ARCHIVE = Object.keys(PARTS); // and a ZIP of both

export class Saved {
  // state: the first one; nothing of it needs to be kept.
  constructor(state) {
    this.values = {};
    this.add(state, ARCHIVE);
  }

  // A file with these parts of a state was downloaded.
  add(state, parts) {
    for (const part of parts) this.values[part] = PARTS[part](state);
  }

  // Whether a state has something that no file has.
  isBehind(state) {
    return ARCHIVE.some((part) => this.values[part] !== PARTS[part](state));
  }
}
