"use strict";
// Finds photos by words. The tables lie beside the page as scripts, for a page on a disk may load nothing else.
(() => {
  const find = document.getElementById("find");
  const list = document.getElementById("found");
  const said = document.getElementById("said");
  const number = new Intl.NumberFormat("en");
  const BLOCKS = 4; // that are loaded for one search
  const SHOWN = 100;
  const waiting = new Map();
  const loaded = new Map();

  // Each file calls this with its content.
  window.packshotSearch = (name, content) => waiting.get(name)?.(content);

  const load = (name) => {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        waiting.set(name, done);
        script.addEventListener("error", () => { loaded.delete(name); failed(new Error(name)); });
        script.src = `report/search/${name}.js`;
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  };

  const wordsOf = (text) => text.normalize("NFC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

  // Hits, and how many photos there are at most; null if more blocks have the word than are loaded.
  const look = async (words) => {
    const { first, many } = await load("directory");
    // Asked for is the word of which the fewest photos are expected; the others only narrow them down.
    const [word] = [...words].sort((one, other) => (many[one] ?? 0) - (many[other] ?? 0) || other.length - one.length);
    const from = Math.max(0, first.findLastIndex((each) => each < word));
    const blocks = first.map((_, place) => place).filter((place) => place >= from && first[place] <= `${word}\uffff`);
    const rows = (await Promise.all(blocks.slice(0, BLOCKS).map((place) => load(String(place))))).flat();
    const hits = new Map();
    for (const [found, name, state, address, about] of rows) {
      if (!found.startsWith(word)) continue;
      const all = wordsOf(`${name} ${about}`);
      if (words.every((each) => all.some((one) => one.startsWith(each)))) hits.set(address, [name, state]);
    }
    const whole = blocks.length <= BLOCKS && many[word] === undefined;
    const total = whole ? hits.size : words.length === 1 && many[word] ? many[word] : null;
    return { hits: [...hits].slice(0, SHOWN), total };
  };

  const show = ({ hits, total }) => {
    list.replaceChildren(...hits.map(([address, [name, state]]) => {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = address;
      link.textContent = name;
      row.append(link, ` ${state}`);
      return row;
    }));
    const first = total === null || total > hits.length ? `, the first ${number.format(hits.length)} here` : "";
    const photos = total === null ? "Many photos" : total === 1 ? "1 photo" : `${number.format(total)} photos`;
    said.textContent = hits.length ? photos + first : total === null ? "None among the first; type more of it" : "No photo";
  };

  let latest = 0;
  find.addEventListener("input", async () => {
    const mine = ++latest;
    const words = wordsOf(find.value);
    let answer = { hits: [], total: 0 };
    try {
      if (words.length) answer = await look(words);
    } catch (error) {
      if (mine === latest) said.textContent = "The tables of the search are not beside this page (report/search)";
      return;
    }
    if (mine !== latest) return;
    show(answer);
    if (!words.length) said.textContent = "";
  });
  document.getElementById("search").hidden = false;
})();
