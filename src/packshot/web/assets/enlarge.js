"use strict";
// Every picture of a page enlarges, by mouse, touch or keyboard. Without this script links lead to the pictures as ever.
(() => {
  const pictures = [...document.querySelectorAll("main img")];
  if (!pictures.length || !window.HTMLDialogElement) return;
  const linkOf = (picture) => picture.closest("a");
  const made = (name, to, values = {}) => to.appendChild(Object.assign(document.createElement(name), values));
  let view, large, words, file, shown;

  const build = () => {
    view = made("dialog", document.body, { id: "large" });
    view.setAttribute("aria-labelledby", "large-words");
    large = made("img", view, { alt: "" }); // the words below say what it shows
    const foot = made("div", view);
    words = made("p", foot, { id: "large-words" });
    words.setAttribute("aria-live", "polite");
    file = made("a", foot, { textContent: "File" });
    made("button", foot, { type: "button", textContent: "Previous" }).addEventListener("click", () => step(-1));
    made("button", foot, { type: "button", textContent: "Next" }).addEventListener("click", () => step(1));
    const close = made("button", foot, { type: "button", textContent: "Close", autofocus: true });
    close.addEventListener("click", () => view.close());
    view.addEventListener("click", (event) => {
      if (event.target === view || event.target === large) view.close();
    });
    view.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowLeft") step(-1);
      if (event.key === "ArrowRight") step(1);
    });
    view.addEventListener("close", () => (linkOf(shown) ?? shown).focus());
  };

  const step = (by) => {
    const there = pictures.filter((picture) => !picture.closest("[hidden], details:not([open])"));
    show(there[(there.indexOf(shown) + by + there.length) % there.length]);
  };

  const show = (picture) => {
    shown = picture;
    const link = linkOf(picture);
    words.textContent = picture.alt;
    file.hidden = !link;
    if (link) file.href = link.href;
    large.src = picture.src; // at once, and for good where the file is not at hand or no browser shows its format
    if (!link) return;
    const whole = new Image();
    whole.addEventListener("load", () => {
      if (shown === picture) large.src = whole.src;
    });
    whole.src = link.href;
  };

  const open = (picture) => {
    if (!view) build();
    show(picture);
    view.showModal();
  };

  for (const picture of pictures) {
    picture.classList.add("enlarges");
    if (linkOf(picture)) continue;
    picture.tabIndex = 0;
    picture.setAttribute("role", "button");
    picture.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault(); // a space would scroll
      open(picture);
    });
  }
  document.querySelector("main").addEventListener("click", (event) => {
    if (event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const picture = event.target.closest("img") ?? event.target.closest("a")?.querySelector("img");
    if (!picture) return;
    event.preventDefault();
    open(picture);
  });
})();
