"use strict";
// Filter, search and order. Without this script the page is a plain list of every photo.
(() => {
  const tools = document.getElementById("tools");
  const find = document.getElementById("find");
  const sort = document.getElementById("sort");
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
        const hit = wanted && about && words.every((word) => card.dataset.search.includes(word));
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
    choose("", "");
    find.focus();
  });
  find.addEventListener("input", filter);
  sort.addEventListener("change", order);
  tools.hidden = false;
  filter();
})();
