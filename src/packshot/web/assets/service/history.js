// Undo and redo over everything a person changes about a photo: states are values, never changed in place.

export class History {
  constructor(state) {
    this.past = [];
    this.now = state;
    this.future = [];
  }

  commit(patch) {
    this.past.push(this.now);
    this.now = Object.freeze({ ...this.now, ...patch });
    this.future = [];
  }

  // Change what is there without a step of its own: what the service found out meanwhile.
  amend(patch) {
    this.now = Object.freeze({ ...this.now, ...patch });
  }

  undo() {
    if (!this.past.length) return false;
    this.future.push(this.now);
    this.now = this.past.pop();
    return true;
  }

  redo() {
    if (!this.future.length) return false;
    this.past.push(this.now);
    this.now = this.future.pop();
    return true;
  }
}
