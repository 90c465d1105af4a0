// Ways for photos to come in: chosen, dropped (folders too), pasted.

import { warn } from "./notice.js";

const part = (id) => document.getElementById(id);
const PICTURE = /\.(jpe?g|png|webp|avif|heic|heif|tiff?|bmp|gif|jp2|jxl|dng)$/i;

export function incoming(add) {
  for (const id of ["files", "folder", "camera"]) {
    part(id).addEventListener("change", (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      if (id === "folder") addPictures(files.filter(isPicture), files[0]?.webkitRelativePath.split("/")[0], add);
      else add(files);
    });
  }
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) event.preventDefault();
    add(files);
  });
  let depth = 0;
  const mark = (change) => {
    depth = Math.max(0, change(depth));
    document.body.classList.toggle("dropping", depth > 0);
  };
  document.addEventListener("dragenter", () => mark((now) => now + 1));
  document.addEventListener("dragleave", () => mark((now) => now - 1));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    mark(() => 0);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return add([...event.dataTransfer.files]);
    const found = await Promise.all(entries.map((entry) => filesOf(entry)));
    addPictures(found.flat(), entries.map(({ name }) => name).join(", "), add);
  });
}

// Add what was found in folders, or say that it was nothing.
function addPictures(files, name, add) {
  if (files.length) add(files);
  else warn(`There is no picture in ${name ?? "this folder"}.`, "Take a folder with photos in it: JPEG, PNG, WebP, AVIF, HEIC, TIFF and others.");
}

const isPicture = (file) => file.type.startsWith("image/") || PICTURE.test(file.name);

// A dropped file, or all pictures of a dropped folder, in the order of their names.
async function filesOf(entry, inside = false) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return inside && !isPicture(file) ? [] : [file];
  }
  const reader = entry.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    all.push(...some);
  }
  all.sort((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
  return (await Promise.all(all.map((each) => filesOf(each, true)))).flat();
}
