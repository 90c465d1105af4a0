// The catalogue: the product in a photo is searched for, and duplicates are shown side by side.

import { count } from "./counting.js";
import { clearNotices, say, warn } from "./notice.js";
import { Problem, askJson } from "./requests.js";

const part = (id) => document.getElementById(id);
const SHOWN = 12; // hits
let asked = 0;

const catalogue = () => encodeURIComponent(part("catalogue").value);
const picture = (id, side) => `/v1/catalogues/${catalogue()}/items/${encodeURIComponent(id)}/picture?side=${side}`;

async function about() {
  const said = await askJson(`/v1/catalogues/${catalogue()}`);
  part("about").textContent = count(said.items, "item");
}

// --- search ---

async function search(file) {
  if (!file) return;
  clearNotices();
  if (!file.size) return warn(`${file.name} is empty.`, "Save or copy it again; nothing of it arrived.");
  asked += 1;
  const turn = asked;
  part("query").hidden = false;
  part("query-picture").src = URL.createObjectURL(file);
  part("query-words").textContent = file.name || "pasted";
  part("hits").replaceChildren();
  verdict("Searching …", "");
  const body = () => {
    const form = new FormData();
    form.append("file", file);
    return { method: "POST", body: form };
  };
  const described = askJson("/v1/classify?own=false", body()).catch(() => null); // without it there is nothing to compare but looks
  const address = `/v1/search?top=${SHOWN}&catalogue=${catalogue()}`;
  let whole = false;
  const found = await askJson(address, body()).catch((problem) => {
    if (problem.code !== "NothingToCutOut") throw problem;
    whole = true;
    return askJson(`${address}&ground=photo`, body());
  });
  const [said, items] = await Promise.all([
    described,
    Promise.all(found.hits.map((hit) => askJson(`/v1/catalogues/${catalogue()}/items/${encodeURIComponent(hit.id)}`))),
  ]);
  if (turn !== asked) return;
  const first = found.hits[0];
  if (!first) verdict("There is nothing to compare with.", "unsure");
  else if (found.match === null) verdict(`These are the nearest. No threshold is known from which on one is a match: ${whole ? "it is not for whole photos." : "packshot catalogue calibrate fits one."}`, "unsure");
  else verdict(found.match ? `It is there: ${first.sku ?? name(first.source)}.` : "It is not there. These come nearest.", found.match ? "good" : "unsure");
  if (whole) part("verdict").append(" No product stands out, so the whole photo was compared.");
  if (!found.familiar) part("verdict").append(" The network was not taught this kind of product.");
  part("hits").replaceChildren(...found.hits.map((hit, place) => card(hit, items[place], said, place === 0 && found.match === true)));
  say(part("verdict").textContent);
}

function verdict(words, kind) {
  part("verdict").hidden = false;
  part("verdict").className = `verdict ${kind}`;
  part("verdict").textContent = words;
}

function card(hit, item, said, match) {
  const differences = differ(said, item);
  const button = make("button", { type: "button", className: match ? "hit match" : "hit" });
  button.append(
    image(picture(hit.id, 400), ""),
    make("b", { textContent: hit.sku ?? name(hit.source) }),
    make("span", { className: "score", textContent: `${Math.round(Math.max(0, hit.score) * 100)} % alike` }),
    ...(differences.length ? differences.map((words) => make("small", { textContent: words, className: "differs" })) : [make("small", { textContent: said ? "No difference in kind or attributes" : "" })]),
  );
  if (hit.views.length > 1) button.append(make("small", { textContent: count(hit.views.length, "view") }));
  button.addEventListener("click", () => {
    compare(
      { src: part("query-picture").src, words: "Your photo" },
      { src: picture(hit.id, 1200), words: hit.sku ? `${hit.sku} · ${name(hit.source)}` : name(hit.source) },
      differences,
    );
  });
  const row = make("li", {});
  row.append(button);
  return row;
}

// What the network says differently of the photo and of an item.
function differ(said, item) {
  if (!said) return [];
  const found = [];
  const own = said.path.at(-1);
  const other = item.category?.at(-1);
  if (own && !other) found.push("Kind not recognised");
  if (own && other && own.id !== other && !item.category.includes(own.id)) found.push(`Kind: ${other}, not ${own.name}`);
  for (const [attribute, value] of Object.entries(item.attributes ?? {})) {
    const mine = said.attributes[attribute];
    if (mine && !Array.isArray(mine) && mine.sure && mine.value !== value) found.push(`${attribute}: ${value}, not ${mine.value}`);
  }
  return found;
}

// --- duplicates ---

async function scan() {
  part("scan").disabled = true;
  try {
    let found = await askJson(`/v1/catalogues/${catalogue()}/duplicates`, { method: "POST" });
    const began = Date.now();
    while (found.state === "running") {
      part("scan-words").textContent = `Looking through all photos, ${Math.round((Date.now() - began) / 1000)} s …`;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      found = await askJson(`/v1/catalogues/${catalogue()}/duplicates`);
    }
    showGroups(found);
  } finally {
    part("scan").disabled = false;
  }
}

function showGroups(found) {
  if (found.state === "failed") {
    part("scan-words").textContent = "It could not be finished: see `packshot duplicates -c CATALOGUE`.";
    return;
  }
  const failed = found.failed ? ` ${count(found.failed, "photo")} could not be read.` : "";
  const copies = found.groups.reduce((sum, group) => sum + group.members.length - 1, 0);
  part("scan-words").textContent = found.groups.length ? `${count(copies, "of the photos repeats", "of the photos repeat")} another one.${failed}` : `No duplicates.${failed}`;
  part("groups").replaceChildren(...found.groups.map(group));
}

function group({ members }, place) {
  const best = members.find((member) => member.best);
  const list = make("ul", { className: "group" });
  list.setAttribute("aria-label", `Group ${place + 1}`);
  for (const member of members) {
    const words = member.best ? "Keep this one" : member.kind;
    const button = make("button", { type: "button", className: member.best ? "hit match" : "hit" });
    button.append(image(member.id ? picture(member.id, 400) : "", ""), make("b", { textContent: name(member.source) }), make("small", { textContent: member.best ? words : `${words}, ${Math.round(member.score * 100)} % sure` }));
    const other = member.best ? members.find((each) => !each.best) : member;
    button.addEventListener("click", () => {
      compare(
        { src: picture(best.id, 1200), words: `${name(best.source)} · keep this one` },
        { src: picture(other.id, 1200), words: name(other.source) },
        [`The second one is ${other.kind}.`],
      );
    });
    const row = make("li", {});
    row.append(button);
    list.append(row);
  }
  return list;
}

function compare(left, right, differences) {
  for (const [id, side] of [["left", left], ["right", right]]) {
    part(id).src = side.src;
    part(id).alt = side.words;
    part(`${id}-words`).textContent = side.words;
  }
  part("differences").replaceChildren(...differences.map((words) => make("li", { textContent: words })));
  part("compare").showModal();
}

const name = (source) => source.split(/[\\/]/).at(-1);
const make = (tag, values) => Object.assign(document.createElement(tag), values);

function image(src, alt) {
  const shown = make("img", { src, alt, loading: "lazy" });
  shown.addEventListener("error", () => shown.replaceWith(make("span", { className: "none", textContent: "no picture here" })), { once: true });
  return shown;
}

function tab(search_) {
  part("search").hidden = !search_;
  part("duplicates").hidden = search_;
  part("tab-search").setAttribute("aria-pressed", String(search_));
  part("tab-duplicates").setAttribute("aria-pressed", String(!search_));
}

async function guarded(action) {
  try {
    await action();
  } catch (problem) {
    part("verdict").hidden = true;
    if (!(problem instanceof Problem)) throw problem;
    warn(problem.message, problem.remedy);
  }
}

for (const id of ["file", "camera"]) {
  part(id).addEventListener("change", (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    guarded(() => search(file));
  });
}
document.addEventListener("paste", (event) => guarded(() => search(event.clipboardData.files[0])));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  guarded(() => search(event.dataTransfer.files[0]));
});
part("tab-search").addEventListener("click", () => tab(true));
part("tab-duplicates").addEventListener("click", () => tab(false));
part("scan").addEventListener("click", () => guarded(scan));
part("catalogue").addEventListener("change", () => {
  part("hits").replaceChildren();
  part("groups").replaceChildren();
  part("query").hidden = part("verdict").hidden = true;
  guarded(about);
});
guarded(about);
