// The search form: the same at the start and above results.

import { h } from "./dom.js";
import { navigate } from "./router.js";
import { CLASSES, FIELDS, addressOf, isSearch } from "./search-state.js";
import { suggestInto } from "./suggest.js";

/** The form of a search; `signal` ends its suggestions. */
export function searchForm(state, signal) {
  const list = h("ul", { id: "suggestions", class: "suggestions", role: "listbox", "aria-label": "검색 제안", hidden: true });
  const input = queryInput(state.query);
  const by = h(
    "select",
    { id: "search-by", name: "by", "aria-label": "검색 기준" },
    FIELDS.map(([word, label]) => h("option", { value: word, selected: word === state.by }, label)),
  );
  const hint = h("p", { id: "search-hint", class: "search-hint", role: "alert" });
  const wipe = h("button", { type: "button", class: "wipe", "aria-label": "검색어 지우기" }, "×");
  wipe.hidden = !state.query;
  const form = h(
    "form",
    { class: "search", role: "search", action: "/", method: "get", "aria-label": "의약품" },
    h(
      "div",
      { class: "search-row" },
      h("div", { class: "select search-by" }, by),
      h("div", { class: "search-field" }, input, wipe),
      h("button", { type: "submit", class: "button primary search-go" }, "검색"),
      list,
    ),
    hint,
    classChoice(state, (value) => go({ class: value }, { keepFocus: true })),
  );
  const suggestions = suggestInto(input, list, () => by.value, signal);
  const written = () => ({ ...state, query: input.value.trim(), by: by.value });

  /** Goes to what stands in the form, if that is a search. */
  function go(change, options) {
    const next = { ...written(), ...change };
    if (isSearch(state) || isSearch({ ...next, class: "" })) navigate(addressOf(next), options);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    suggestions.close();
    const chosen = form.elements.class.value;
    const next = { ...written(), class: chosen };
    if (!next.query && !isSearch(state) && !chosen) {
      hint.textContent = "찾을 의약품의 이름을 적어 주세요.";
      input.focus();
      return;
    }
    // New words are a new search: the type and the maker were of the former one.
    const narrowed = next.query === state.query && next.by === state.by;
    navigate(addressOf(narrowed ? next : { ...next, type: "", maker: "" }));
  });
  input.addEventListener("input", () => {
    wipe.hidden = !input.value;
    hint.textContent = "";
  });
  by.addEventListener("change", () => {
    if (isSearch(state) && input.value.trim()) {
      navigate(addressOf({ ...written(), type: "", maker: "" }), { keepFocus: true });
    }
  });
  wipe.addEventListener("click", () => {
    input.value = "";
    wipe.hidden = true;
    suggestions.close();
    input.focus();
  });
  return form;
}

function queryInput(value) {
  return h("input", {
    // Not `type="search"`, which may not be a combobox.
    type: "text",
    id: "search-query",
    name: "query",
    value,
    maxlength: 100,
    inputmode: "search",
    enterkeyhint: "search",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    placeholder: "이름이나 초성 (예: ㅌㅇㄹㄴ)",
    role: "combobox",
    "aria-label": "의약품 검색",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "suggestions",
    "aria-describedby": "search-hint",
  });
}

function classChoice(state, change) {
  return h(
    "fieldset",
    { class: "choice" },
    h("legend", null, "구분"),
    CLASSES.map(([word, label]) => {
      const radio = h("input", {
        type: "radio",
        name: "class",
        id: `class-${word || "all"}`,
        value: word,
        checked: word === state.class,
        onchange: () => change(word),
      });
      return h("label", null, radio, h("span", null, label));
    }),
  );
}
