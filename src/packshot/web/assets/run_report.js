"use strict";
// Filter, search and order. Without this script the page is a plain list of every photo.
(() => {
  const tools = document.getElementById("tools");
  const find = document.getElementById("find");
  const sort = document.getElementById("sort");
  const category = document.getElementById("category"); // not there if nothing was described
  const statuses = [...tools.querySelectorAll("[data-status]")];
  const groups = [...document.querySelectorAll(".group")].map((section) => ({
    section,
    status: section.dataset.group,
    list: section.querySelector(".cards"),
    suggested: [...section.querySelectorAll(".card")],
  }));
  const total = groups.reduce((sum, group) => sum + group.suggested.length, 0);
  const number = new Intl.NumberFormat("en");
  const topics = [...document.querySelectorAll("[data-topic]")];
  let status = "";
  let topic = "";

  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of groups) {
      let here = 0;
      const wanted = !status || status === group.status;
      for (const card of group.suggested) {
        const about = !topic || card.dataset.topics.split(" ").includes(topic);
        const kind = !category?.value || card.dataset.categories.split(" ").includes(category.value);
        const hit = wanted && about && kind && words.every((word) => card.dataset.search.includes(word));
        card.hidden = !hit;
        here += hit;
      }
      group.section.hidden = !here;
      shown += here;
    }
    document.getElementById("nothing").hidden = shown > 0;
    document.getElementById("shown").textContent =
      shown === total ? `${number.format(total)} shown` : `${number.format(shown)} of ${number.format(total)} shown`;
  };

  const order = () => {
    const value = (card) => Number(card.dataset[sort.value === "order" ? "order" : "uncertainty"]);
    const sign = sort.value === "order" ? 1 : -1;
    for (const group of groups) {
      const cards = [...group.suggested];
      if (sort.value !== "suggested") cards.sort((one, other) => sign * (value(one) - value(other)));
      group.list.append(...cards);
    }
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
  filter();
})();
