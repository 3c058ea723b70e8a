// Pages of a long list.

import { h } from "./dom.js";
import { number } from "./text.js";

/** Deepest page that the API gives. */
const MAX_PAGE = 10_000;

/** How many pages there are. */
export function pageCount(total, pageSize) {
  return Math.min(Math.max(Math.ceil(total / pageSize), 1), MAX_PAGE);
}

/** The page numbers to show around `page`, `null` for a gap. */
export function pageNumbers(page, count) {
  const near = new Set([1, count, page - 1, page, page + 1]);
  // No gap for a single number: it takes as much room as the number does.
  if (page === 4) near.add(2);
  if (page === count - 3) near.add(count - 1);
  const numbers = [...near].filter((one) => one >= 1 && one <= count).sort((a, b) => a - b);
  return numbers.flatMap((one, at) => (at > 0 && one - numbers[at - 1] > 1 ? [null, one] : [one]));
}

/** Links to the pages; null where there is only one. `address` makes a page's address. */
export function paging(page, count, address) {
  if (count <= 1) return null;
  const step = (label, to) =>
    to >= 1 && to <= count
      ? h("a", { class: "page-step", href: address(to), rel: to < page ? "prev" : "next" }, label)
      : h("span", { class: "page-step off", "aria-hidden": "true" }, label);
  const numbers = pageNumbers(Math.min(page, count), count).map((one) => {
    if (one === null) return h("li", { class: "page-gap", "aria-hidden": "true" }, "…");
    const current = one === page ? "page" : null;
    return h(
      "li",
      null,
      h("a", { href: address(one), "aria-current": current }, number(one)),
    );
  });
  return h(
    "nav",
    { class: "paging", "aria-label": "페이지" },
    step("이전", page - 1),
    h("ol", null, numbers),
    step("다음", page + 1),
  );
}
