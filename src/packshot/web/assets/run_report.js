"use strict";
// Filter, search and order. Without this script the page is a plain list of every photo. With it a group shows its first
// ones, and further ones when they are asked for: a browser takes seconds to lay out thousands.
(() => {
  const AT_ONCE = 120; // photos of a group
  const tools = document.getElementById("tools");
  const find = document.getElementById("find");
  const sort = document.getElementById("sort");
  const category = document.getElementById("category"); // not there if nothing was described
  const statuses = [...tools.querySelectorAll("[data-status]")];
  const groups = [...document.querySelectorAll(".group")].map((section) => ({
    section,
    status: section.dataset.group,
    list: section.querySelector(".cards"),
    more: section.querySelector(".more"),
    suggested: [...section.querySelectorAll(".card")],
    hits: [],
    room: AT_ONCE,
  }));
  const total = groups.reduce((sum, group) => sum + group.suggested.length, 0);
  const number = new Intl.NumberFormat("en");
  const topics = [...document.querySelectorAll("[data-topic]")];
  let status = "";
  let topic = "";

  // Put the first hits into the page, and nothing else.
  const place = ({ list, hits, more, room }) => {
    list.replaceChildren(...hits.slice(0, room));
    more.hidden = hits.length <= room;
    more.textContent = `Show ${number.format(Math.min(AT_ONCE, hits.length - room))} more of ${number.format(hits.length)}`;
  };

  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of groups) {
      const wanted = !status || status === group.status;
      group.hits = group.ordered.filter((card) => {
        const about = !topic || card.dataset.topics.split(" ").includes(topic);
        const kind = !category?.value || card.dataset.categories.split(" ").includes(category.value);
        return wanted && about && kind && words.every((word) => card.dataset.search.includes(word));
      });
      group.room = AT_ONCE;
      place(group);
      group.section.hidden = !group.hits.length;
      shown += group.hits.length;
    }
    document.getElementById("nothing").hidden = shown > 0;
    document.getElementById("shown").textContent =
      shown === total ? `${number.format(total)} shown` : `${number.format(shown)} of ${number.format(total)} shown`;
  };

  const order = () => {
    const value = (card) => Number(card.dataset[sort.value === "order" ? "order" : "uncertainty"]);
    const sign = sort.value === "order" ? 1 : -1;
    for (const group of groups) {
      group.ordered = [...group.suggested];
      if (sort.value !== "suggested") group.ordered.sort((one, other) => sign * (value(one) - value(other)));
    }
    filter();
  };

  const choose = (chosenStatus, chosenTopic) => {
    status = chosenStatus;
    topic = chosenTopic;
    for (const button of statuses) button.setAttribute("aria-pressed", String(button.dataset.status === status));
    for (const button of topics) button.setAttribute("aria-pressed", String(button.dataset.topic === topic));
    filter();
  };

  for (const button of statuses) button.addEventListener("click", () => choose(button.dataset.status, topic));
  for (const button of topics) {
    button.disabled = false;
    button.addEventListener("click", () => choose("", button.dataset.topic === topic ? "" : button.dataset.topic));
  }
  document.getElementById("clear").addEventListener("click", () => {
    find.value = "";
    if (category) category.value = "";
    choose("", "");
    find.focus();
  });
  find.addEventListener("input", filter);
  category?.addEventListener("change", filter);
  sort.addEventListener("change", order);
  for (const group of groups) {
    group.more.addEventListener("click", () => {
      const next = group.hits[group.room];
      group.room += AT_ONCE;
      place(group);
      next.tabIndex = -1;
      next.focus(); // the first of those that were not there
    });
  }
  addEventListener("beforeprint", () => groups.forEach((group) => place({ ...group, room: Infinity })));
  addEventListener("afterprint", () => groups.forEach(place));
  // A press on what was seen draws its boxes on the photo; another one takes them away.
  for (const button of document.querySelectorAll(".places button")) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const row = button.parentElement;
      const boxes = row.closest(".card").querySelector(".boxes").children[[...row.closest(".card").querySelectorAll(".places li")].indexOf(row)];
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      boxes.classList.toggle("on", on);
    });
  }
  tools.hidden = false;
  order();
})();
