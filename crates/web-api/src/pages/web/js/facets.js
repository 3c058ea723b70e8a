// What results can be narrowed to, with counts.

import { h, uniqueId } from "./dom.js";
import { addressOf } from "./search-state.js";
import { number } from "./text.js";

/** How many of a facet are shown at once; the rest unfolds. */
const FIRST = 8;
const WIDE = "(min-width: 60rem)";

/** Types and makers of an answer as links; null where there is nothing to choose. */
export function facets(answer, state) {
  const groups = [
    group("약효 분류", "type", answer.facets?.type ?? [], state),
    group("제조사", "maker", answer.facets?.maker ?? [], state),
  ].filter(Boolean);
  if (groups.length === 0) return null;
  const chosen = [state.type, state.maker].filter(Boolean).length;
  const box = h(
    "details",
    { class: "facets", open: matchMedia(WIDE).matches },
    h("summary", null, "결과 좁히기", chosen > 0 && h("span", { class: "badge" }, `${chosen}개 적용`)),
    groups,
  );
  return box;
}

function group(label, name, counts, state) {
  const entries = [...counts];
  // What is chosen can be taken back even where nothing has it.
  if (state[name] && !entries.some((one) => one.value === state[name])) {
    entries.unshift({ value: state[name], count: 0 });
  }
  if (entries.length === 0) return null;
  entries.sort((a, b) => Number(b.value === state[name]) - Number(a.value === state[name]));
  const id = uniqueId("facet");
  const links = entries.map((one) => link(one, name, state));
  return h(
    "nav",
    { class: "facet", "aria-labelledby": id },
    h("h2", { id }, label),
    h("ul", null, links.slice(0, FIRST)),
    links.length > FIRST &&
      h("details", { class: "more" }, h("summary", null, "더 보기"), h("ul", null, links.slice(FIRST))),
  );
}

function link({ value, count }, name, state) {
  const chosen = state[name] === value;
  return h(
    "li",
    null,
    h(
      "a",
      { href: addressOf(state, { [name]: chosen ? "" : value }), "aria-current": chosen ? "true" : null },
      h("span", { class: "facet-value" }, value),
      h("span", { class: "facet-count" }, number(count), h("span", { class: "visually-hidden" }, "건")),
      chosen && h("span", { class: "visually-hidden" }, " (선택됨, 누르면 해제)"),
    ),
  );
}
