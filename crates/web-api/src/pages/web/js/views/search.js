// The start, and the results of a search.

import { ApiError, get } from "../api.js";
import { h } from "../dom.js";
import { facets } from "../facets.js";
import { pageCount, paging } from "../paging.js";
import { hitList, understanding, understoodInWords } from "../results.js";
import { searchForm } from "../search-form.js";
import { SORTS, addressOf, isSearch, readState, soughtOf } from "../search-state.js";
import { navigate } from "../router.js";
import { failure, loading, nothing } from "../states.js";
import { number } from "../text.js";
import { start } from "./start.js";

export async function view({ url, signal, root }) {
  const state = readState(url);
  const form = searchForm(state, signal);
  if (!isSearch(state)) return start({ form, root, signal });
  const heading = h("h1", null, `‘${soughtOf(state)}’ 검색 결과`);
  const host = h("div", { class: "results" });
  root.replaceChildren(h("div", { class: "search-top" }, form), h("div", { class: "results-head" }, heading), host);
  const title = `${heading.textContent} – Pillnuts`;
  const announcement = await fill(host, heading, state, signal);
  return { title, heading, announcement };
}

/** Asks and draws; the answer is what screen readers hear. */
async function fill(host, heading, state, signal) {
  host.replaceChildren(loading("검색하고 있습니다"));
  let answer;
  try {
    const params = { ...state, facets: "type,maker" };
    answer = await get("/medicines", params, { signal });
    draw(host, answer, state);
  } catch (error) {
    if (signal.aborted) return "";
    // An answer that can't be drawn is a fault of ours.
    if (!(error instanceof ApiError)) console.error(error);
    host.replaceChildren(failure(error, () => fill(host, heading, state, signal)));
    return "";
  }
  const found = `${heading.textContent}: ${number(answer.total)}건`;
  // Who hears the page must not take another name for the one that was sought.
  return [found, understoodInWords(answer.items, state)].filter(Boolean).join(". ");
}

function draw(host, answer, state) {
  const count = pageCount(answer.total, answer.pageSize);
  const narrow = facets(answer, state);
  const list =
    answer.items.length > 0
      ? [
          understanding(answer.items, state),
          hitList(answer.items, (answer.page - 1) * answer.pageSize + 1),
          paging(answer.page, count, (page) => addressOf(state, { page })),
        ]
      : [noHits(answer, state)];
  host.replaceChildren(
    h(
      "div",
      { class: "results-bar" },
      h("p", { class: "count", role: "status" }, `${number(answer.total)}건`),
      filters(state),
      answer.items.length > 0 && sorting(state),
    ),
    h("div", { class: narrow ? "results-body" : "results-body alone" }, narrow ?? "", h("div", { class: "results-list" }, list)),
  );
}

function noHits(answer, state) {
  if (answer.total > 0) {
    const first = h("a", { class: "button", href: addressOf(state) }, "첫 쪽으로 가기");
    return nothing("이 쪽에는 결과가 없습니다", h("p", null, first));
  }
  const hints = [
    "철자를 확인하거나, 더 짧은 이름으로 찾아보세요.",
    "초성으로도 찾을 수 있습니다. 예: ㅌㅇㄹㄴ",
    "성분이나 제조사로 찾으려면 검색 기준을 바꿔 보세요.",
  ];
  const narrowed = state.type || state.maker || state.class;
  const wider = narrowed && state.query && addressOf(state, { type: "", maker: "", class: "" });
  return nothing("검색 결과가 없습니다", [
    h("ul", null, hints.map((one) => h("li", null, one))),
    wider ? h("p", null, h("a", { class: "button", href: wider }, "조건 없이 다시 찾기")) : [],
  ].flat());
}

/** The filters that hold, each with the way out of it. */
function filters(state) {
  const chosen = [
    ["type", state.type],
    ["maker", state.maker],
  ].filter(([name, value]) => value && (state.query || name !== "type" || state.maker));
  return chosen.map(([name, value]) =>
    h(
      "a",
      { class: "filter", href: addressOf(state, { [name]: "" }), "aria-label": `${value} 조건 빼기` },
      value,
      h("span", { "aria-hidden": "true" }, " ×"),
    ),
  );
}

function sorting(state) {
  const select = h(
    "select",
    {
      id: "search-sort",
      "aria-label": "정렬",
      onchange: () => navigate(addressOf(state, { sort: select.value }), { keepFocus: true }),
    },
    SORTS.map(([word, label]) => h("option", { value: word, selected: word === state.sort }, label)),
  );
  return h("div", { class: "select sorting" }, select);
}
