// What people say of a medicine: those who read, read along; writing comes with accounts.

import { get } from "./api.js";
import { h, uniqueId } from "./dom.js";
import { number } from "./text.js";

const PAGE_SIZE = 5;
const SORTS = [
  ["newest", "최신순"],
  ["helpful", "도움순"],
];
const DAY = new Intl.DateTimeFormat("ko-KR", { dateStyle: "medium", timeZone: "Asia/Seoul" });

/** The reviews of a medicine, which come by themselves into the node that this gives. */
export function reviews(id, { signal }) {
  const list = h("ol", { class: "reviews" });
  const summary = h("div", { class: "reviews-summary" });
  const status = h("p", { class: "quiet", role: "status" }, "후기를 불러오는 중입니다");
  const more = h("button", { type: "button", class: "button", hidden: true, onclick: () => load() }, "후기 더 보기");
  let sort = SORTS[0][0];
  let cursor = null;
  // Which answer is waited for: an older one, of another order, comes too late.
  let turn = 0;

  async function load({ anew = false } = {}) {
    turn += 1;
    const mine = turn;
    more.disabled = true;
    if (anew) cursor = null;
    let page;
    try {
      page = await get(`/medicines/${encodeURIComponent(id)}/reviews`, { sort, cursor, pageSize: PAGE_SIZE }, { signal });
    } catch {
      if (signal.aborted || mine !== turn) return;
      more.disabled = false;
      more.hidden = false;
      more.textContent = "다시 시도";
      status.textContent = "지금은 후기를 불러올 수 없습니다.";
      return;
    }
    if (mine !== turn) return;
    show(page, anew);
  }

  function show(page, anew) {
    const first = anew || list.children.length === 0;
    const items = page.items.map(review);
    if (first) {
      list.replaceChildren(...items);
      // Once: who sorts by keyboard keeps his place in it.
      if (summary.children.length === 0) summary.append(...totals(page, choose));
    } else {
      list.append(...items);
      // The button may be gone with the last page: who pressed it goes on with what came.
      items[0]?.focus();
    }
    cursor = page.nextCursor;
    more.disabled = false;
    more.hidden = cursor === null;
    more.textContent = "후기 더 보기";
    status.textContent = page.total === 0 ? "아직 후기가 없습니다." : "";
  }

  function choose(chosen) {
    sort = chosen;
    load({ anew: true });
  }

  load();
  return [
    h(
      "p",
      { class: "notice", role: "note" },
      "후기는 이용자 개인의 경험으로, 의학적 조언이 아닙니다. 같은 약이라도 사람마다 효과와 부작용이 다를 수 있으니, 복용은 의사나 약사와 상의해 주세요.",
    ),
    summary,
    list,
    status,
    more,
  ];
}

/** How many there are, what they say together, and in which order they stand. */
function totals({ total, averageRating, ratings }, choose) {
  if (total === 0) return [];
  const name = uniqueId("reviews-sort");
  const counts = [5, 4, 3, 2, 1].map((rating) => `${rating}점 ${number(ratings[rating - 1])}개`).join(", ");
  return [
    h("p", { class: "reviews-average" }, h("strong", null, `평균 ${averageRating.toFixed(1)}점`), ` (5점 만점, 후기 ${number(total)}개)`),
    h("p", { class: "quiet" }, counts),
    h(
      "fieldset",
      { class: "reviews-sort" },
      h("legend", { class: "visually-hidden" }, "후기 정렬"),
      SORTS.map(([value, label], at) =>
        h(
          "label",
          null,
          h("input", { type: "radio", name, value, checked: at === 0, onchange: () => choose(value) }),
          label,
        ),
      ),
    ),
  ];
}

function review(one) {
  const stars = "★".repeat(one.rating) + "☆".repeat(5 - one.rating);
  return h(
    "li",
    { class: "review", tabindex: "-1" },
    h(
      "p",
      { class: "review-head" },
      h("span", { class: "stars", role: "img", "aria-label": `5점 만점에 ${one.rating}점` }, stars),
      h("b", null, one.author ?? "이름 없음"),
      h("span", { class: "quiet" }, DAY.format(new Date(one.createdAt)), one.editedAt && " (고침)"),
    ),
    h("p", { class: "text" }, one.text),
    one.helpfulCount > 0 && h("p", { class: "quiet" }, `${number(one.helpfulCount)}명에게 도움이 되었습니다`),
  );
}
