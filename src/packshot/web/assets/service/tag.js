// A picture of a page with a tag. The bookmark hands over addresses behind the `#`, which no server sees; the service
// fetches the one that is kept.

import { askJson, sendJson } from "./requests.js";
import { warn } from "./notice.js";

const part = (id) => document.getElementById(id);
const KEYS = "123456789";
let given = null;

// What the bookmark does on the other page: the largest pictures' addresses are handed to ours. Its text is the bookmark.
function collect(address) {
  const seen = new Set();
  const found = [...document.images]
    .filter((image) => image.naturalWidth >= 200 && image.naturalHeight >= 200 && /^https?:/.test(image.currentSrc) && !seen.has(image.currentSrc) && seen.add(image.currentSrc))
    .sort((one, other) => other.naturalWidth * other.naturalHeight - one.naturalWidth * one.naturalHeight)
    .slice(0, 9)
    .map((image) => ({ url: image.currentSrc, alt: (image.alt || "").slice(0, 100), width: image.naturalWidth, height: image.naturalHeight }));
  const handed = JSON.stringify({ page: location.href, title: document.title.slice(0, 100), found });
  window.open(`${address}#${encodeURIComponent(handed)}`, "packshot-tag", "width=560,height=680");
}

function handed() {
  try {
    const said = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    const found = said.found.filter((one) => /^https?:\/\//.test(one.url)).slice(0, KEYS.length);
    return { page: String(said.page), title: String(said.title), found };
  } catch {
    return null;
  }
}

function begin() {
  given = handed();
  if (!given || !part("work")) return;
  part("start").hidden = true;
  part("work").hidden = false;
  part("from").textContent = given.found.length ? `From ${given.title || given.page}` : `No picture of 200 pixels and more on ${given.title || given.page}.`;
  part("pictures").append(
    ...given.found.map((one, index) => {
      const label = document.createElement("label");
      const choice = Object.assign(document.createElement("input"), { type: "radio", name: "picture", value: one.url, checked: index === 0 });
      const size = document.createElement("small");
      size.textContent = `${one.width} × ${one.height}`;
      label.append(choice, one.alt || one.url.split("/").at(-1).split("?")[0] || one.url, size);
      return label;
    }),
  );
  refresh();
  part("tag").focus();
}

// Tags that were given before: a key each, while no text is typed.
async function refresh() {
  try {
    const tags = await askJson("/v1/tagged");
    part("tags").replaceChildren(...tags.map(({ tag }) => Object.assign(document.createElement("option"), { value: tag })));
    part("classes").replaceChildren(
      ...tags.slice(0, KEYS.length).map(({ tag, photos }, index) => {
        const item = document.createElement("li");
        const button = Object.assign(document.createElement("button"), { type: "button" });
        const key = document.createElement("kbd");
        key.textContent = KEYS[index];
        button.append(key, `${tag} (${photos})`);
        button.addEventListener("click", () => keep(tag));
        item.append(button);
        return item;
      }),
    );
  } catch (problem) {
    warn(problem.message, problem.remedy);
  }
}

async function keep(tag) {
  const url = new FormData(part("work")).get("picture");
  if (!url || !tag) return;
  part("done").textContent = "The service fetches it …";
  try {
    const line = await sendJson("/v1/tagged", { url, tag, page: given.page });
    part("done").textContent = `Kept as ${line.tag}.`;
    part("tag").value = "";
    refresh();
  } catch (problem) {
    part("done").textContent = "";
    warn(problem.message, problem.remedy);
  }
}

async function undo() {
  try {
    const line = await sendJson("/v1/tagged/undo", {});
    part("done").textContent = `Taken back: ${line.tag}.`;
    refresh();
  } catch (problem) {
    warn(problem.message, problem.remedy, { kind: problem.status === 400 ? "" : "bad" });
  }
}

part("work")?.addEventListener("submit", (event) => {
  event.preventDefault();
  keep(part("tag").value.trim());
});
part("undo")?.addEventListener("click", undo);
if (part("bookmark")) {
  part("bookmark").href = `javascript:(${encodeURIComponent(collect.toString())})(${encodeURIComponent(JSON.stringify(`${location.origin}/tag`))});void 0`;
  part("bookmark").addEventListener("click", (event) => event.preventDefault()); // it is for the bookmarks
}
addEventListener("hashchange", () => location.reload()); // the bookmark was clicked on another page
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || part("work")?.hidden !== false) return;
  if (event.target === part("tag") && part("tag").value) return;
  const button = part("classes").querySelectorAll("button")[KEYS.indexOf(event.key)];
  if (!button || !KEYS.includes(event.key)) return;
  event.preventDefault();
  button.click();
});
begin();
