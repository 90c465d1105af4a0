// Accept many at once, after a look at a sample: half of it the most doubtful, half drawn.

import { count } from "./counting.js";
import { askJson, sendJson } from "./requests.js";
import { say, warn } from "./notice.js";
import { element, fileName } from "./review_view.js";

const part = (id) => document.getElementById(id);
const SAMPLE = 20;
let accept = () => {};

export async function openBulk(root, filters, pictures, done) {
  const where = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
  let found;
  try {
    found = await askJson(`${root}/sample?${new URLSearchParams({ ...where, count: SAMPLE })}`);
  } catch (problem) {
    warn(problem.message, problem.remedy);
    return;
  }
  const { total, photos } = found;
  if (total === 0) {
    warn("No photo is left here.", "Choose others above.", { kind: "" });
    return;
  }
  const wrong = new Set();
  let loaded = 0;
  let hidden = 0; // photos that cannot be shown
  const button = part("accept-all");
  const update = () => {
    button.textContent = `Accept all ${total.toLocaleString("en")}`;
    button.disabled = wrong.size > 0 || loaded < photos.length;
    part("sample-note").textContent = hidden
      ? `${count(hidden, "photo")} of the sample cannot be shown, and nothing is accepted unseen: choose fewer photos above.`
      : wrong.size
      ? `${count(wrong.size, "photo")} of the ${photos.length} shown ${wrong.size === 1 ? "is" : "are"} wrong: choose fewer photos above, or decide one by one.`
      : `${photos.length === total ? "All of them are shown" : `${photos.length} of ${total.toLocaleString("en")} are shown, half the most doubtful, half drawn`}. Mark what is wrong; one undo takes everything back.`;
  };
  part("sample-list").replaceChildren(
    ...photos.map((row) => {
      const item = element("li");
      const label = element("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox" });
      box.addEventListener("change", () => {
        wrong[box.checked ? "add" : "delete"](row.id);
        update();
      });
      const pair = element("span", "", { name: "pair" });
      const { before, after } = pictures.of(row, filters.profile);
      Promise.all([before, after]).then((both) => {
        pair.append(...both.map((one) => (one instanceof Image ? small(one) : element("em", one?.message ?? "no picture"))));
        if (both.some((one) => one instanceof Error)) hidden += 1;
        else loaded += 1;
        update();
      });
      const words = element("span", fileName(row.source), { name: "words" });
      words.append(element("small", row.fixes.map((fix) => fix.words).join("; ") || "nothing doubtful"));
      const wrongly = element("span", "", { name: "wrong" });
      wrongly.append(box, " wrong");
      label.append(pair, words, wrongly);
      item.append(label);
      return item;
    }),
  );
  update();
  accept = async () => {
    button.disabled = true;
    try {
      const answer = await sendJson(`${root}/decisions`, { decision: { kind: "approve" }, where: { ...where, why: where.why ? [where.why] : [] }, expected: total });
      part("sample").close();
      await done();
      const words = `${count(answer.decided, "photo")} accepted${answer.refused.length ? `, ${answer.refused.length} could not be: they have no mask` : ""}.`;
      warn(words, "Undo takes all of it back.", { kind: "" });
      say(words);
    } catch (problem) {
      part("sample").close();
      warn(problem.message, problem.remedy);
    }
  };
  part("sample").showModal();
}

// The same picture may stand in the queue as well.
function small(image) {
  const copy = new Image();
  copy.src = image.src;
  copy.alt = "";
  return copy;
}

part("accept-all").addEventListener("click", () => accept());
