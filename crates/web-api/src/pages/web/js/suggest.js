// Suggestions while typing: a combobox with a list box, by keyboard, mouse and touch.

import { get } from "./api.js";
import { h, uniqueId } from "./dom.js";
import { pill } from "./pill.js";
import { announce, navigate } from "./router.js";
import { addressOf } from "./search-state.js";
import { classLabel, listed, marked, number } from "./text.js";

const PAUSE_MS = 80;
const MAX_QUERY = 100;

/** Where suggestions come from, and where choosing one leads, by the field that is searched. */
const SOURCES = {
  name: {
    path: "/medicines/suggest",
    draw: medicineOption,
    address: (item) => `/medicines/${item.id}`,
  },
  ingredient: {
    path: "/ingredients/suggest",
    draw: ingredientOption,
    address: (item) => addressOf({ query: item.name, by: "ingredient" }),
  },
};

/**
 * Makes `input` suggest into `list`; `field()` says what is searched, and `signal` ends it with the
 * view.
 */
export function suggestInto(input, list, field, signal) {
  const state = { items: [], active: -1, asked: null, timer: 0, told: 0 };
  const close = () => {
    clearTimeout(state.timer);
    state.asked?.abort();
    state.items = [];
    mark(-1);
    list.replaceChildren();
    list.hidden = true;
    state.told = 0;
    input.setAttribute("aria-expanded", "false");
  };
  const mark = (at) => {
    state.active = at;
    const options = [...list.children];
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    if (options[at]) {
      input.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    const address = SOURCES[field()]?.address(state.items[at]);
    close();
    if (address) navigate(address);
  };
  const show = (items, source) => {
    state.items = items;
    if (items.length === 0) return close();
    const options = items.map((item) =>
      h("li", { role: "option", id: uniqueId("option"), "aria-selected": "false" }, source.draw(item)),
    );
    list.replaceChildren(...options);
    list.hidden = false;
    list.scrollTop = 0;
    mark(-1);
    input.setAttribute("aria-expanded", "true");
    // Not at every letter: only what is news.
    const count = `검색 제안 ${items.length}개`;
    if (state.told === 0) announce(`${count}. 위아래 화살표로 고를 수 있습니다.`);
    else if (state.told !== items.length) announce(count);
    state.told = items.length;
    return undefined;
  };
  const ask = async () => {
    const query = input.value.trim();
    const source = SOURCES[field()];
    state.asked?.abort();
    if (!query || query.length > MAX_QUERY || !source) return close();
    const asked = new AbortController();
    state.asked = asked;
    try {
      const answer = await get(source.path, { query }, { signal: asked.signal });
      // A later question, a choice or a search has made this answer stale.
      if (!asked.signal.aborted && document.activeElement === input) show(answer.items, source);
    } catch {
      // Suggestions are a help; the search itself tells what is wrong.
      if (!asked.signal.aborted) close();
    }
    return undefined;
  };

  input.addEventListener("input", () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => onKey(event, { state, list, mark, choose, close, ask }));
  input.addEventListener("blur", close);
  // The focus stays in the input, or the list would be gone before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const at = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (at >= 0) choose(at);
  });
  signal.addEventListener("abort", close, { once: true });
  return { close };
}

function onKey(event, { state, list, mark, choose, close, ask }) {
  // Keys that the input method takes are not ours: they come again when it has finished.
  if (event.isComposing || event.keyCode === 229) {
    if (event.key === "Enter") event.preventDefault();
    // It ends the composition as well as the suggestions for it.
    if (event.key === "Escape") close();
    return;
  }
  const count = state.items.length;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) {
      if (event.key === "ArrowDown") ask();
      return;
    }
    // One place more than there are options: the text itself.
    const step = event.key === "ArrowDown" ? 1 : -1;
    mark(((state.active + 1 + step + count + 1) % (count + 1)) - 1);
  } else if (event.key === "Enter" && state.active >= 0) {
    event.preventDefault();
    choose(state.active);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    close();
  }
}

function medicineOption(item) {
  const picture = pill(item.pill, { label: null, size: 56 });
  const english = item.matchedEnglish.length > 0 && item.englishName;
  return [
    h("span", { class: "option-picture", "aria-hidden": "true" }, picture),
    h(
      "span",
      { class: "option-text" },
      h("span", { class: "option-name" }, marked(item.name, item.matched)),
      english && h("span", { class: "option-more", lang: "en" }, marked(english, item.matchedEnglish)),
      h(
        "span",
        { class: "option-more" },
        item.match === "fuzzy" && h("span", { class: "badge fuzzy" }, "비슷한 이름"),
        [item.maker, listed(item.ingredients, 3)].filter(Boolean).join(" · "),
      ),
    ),
    item.class && h("span", { class: `badge ${item.class}` }, classLabel(item.class)),
  ];
}

function ingredientOption(item) {
  const english = item.englishName;
  return [
    h(
      "span",
      { class: "option-text" },
      h("span", { class: "option-name" }, marked(item.name, item.matched)),
      h(
        "span",
        { class: "option-more" },
        item.match === "fuzzy" && h("span", { class: "badge fuzzy" }, "비슷한 이름"),
        english && h("span", { lang: "en" }, marked(english, item.matchedEnglish)),
      ),
    ),
    h("span", { class: "badge" }, `의약품 ${number(item.medicineCount)}개`),
  ];
}
