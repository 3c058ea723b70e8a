// The compare box as people see it: a strip below the header, on phones at the bottom.

import * as box from "./compare-box.js";
import { h } from "./dom.js";
import { announce, navigate } from "./router.js";

const PAIR = 2;
/** Ids chosen to compare, the longest chosen first; kept while the page is open. */
let chosen = [];

/** Shows the box in `host` and its count in the navigation, from now on. */
export function showComparePanel(host) {
  const details = h("details", { class: "box-details", id: "compare-box-details" });
  const bar = h("div", { class: "box-bar" });
  host.replaceChildren(bar);
  const show = () => {
    const items = box.list();
    settle(items);
    for (const link of document.querySelectorAll("[data-compare-count]")) {
      link.textContent = `비교함 (${items.length})`;
    }
    // The view of the comparison has the box in its middle.
    host.hidden = items.length === 0 || location.pathname.startsWith("/compare");
    document.body.classList.toggle("has-box", !host.hidden);
    bar.replaceChildren(details, compareLink(items));
    details.replaceChildren(
      h("summary", null, `비교함 ${items.length}개`, h("span", { class: "box-hint" }, hintOf(items))),
      chooser(items, show),
    );
  };
  box.subscribe(show);
  document.addEventListener("pillnuts:shown", show);
  show();
}

/** The box's medicines to choose two from, with the buttons to take them out. */
function chooser(items, changed) {
  const rows = items.map((item) => row(item, changed));
  const empty = h("button", { type: "button", class: "button box-empty", onclick: emptyBox }, "모두 비우기");
  return h("div", { class: "box-list" }, h("ul", null, rows), empty);
}

function row(item, changed) {
  const id = `box-choose-${item.id}`;
  const check = h("input", { type: "checkbox", id, checked: chosen.includes(item.id) });
  check.addEventListener("change", () => {
    choose(item, check.checked);
    changed();
    document.getElementById(id)?.focus();
  });
  const out = h(
    "button",
    { type: "button", class: "box-out", "aria-label": `${item.name} 비교함에서 빼기`, onclick: () => takeOut(item) },
    "×",
  );
  return h(
    "li",
    null,
    h(
      "label",
      { for: id },
      check,
      h("span", { class: "box-name" }, item.name),
      h("span", { class: "box-maker" }, item.maker),
    ),
    out,
  );
}

function compareLink(items) {
  const ready = chosen.length === PAIR;
  const button = h(
    "button",
    { type: "button", class: "button primary", id: "compare-go", "aria-disabled": ready ? null : "true" },
    "비교하기",
  );
  button.addEventListener("click", () => {
    if (ready) navigate(`/compare?ids=${inOrder(items).join(",")}`);
    else announce(hintOf(items));
  });
  return button;
}

/** The chosen ones in the order of the box: the same two have one address. */
function inOrder(items) {
  return items.map((one) => one.id).filter((id) => chosen.includes(id));
}

function hintOf(items) {
  if (items.length < PAIR) return "하나 더 담으면 비교할 수 있습니다";
  return chosen.length < PAIR ? "비교할 둘을 고르세요" : "둘을 골랐습니다";
}

/** Leaves out what is gone, and chooses what there is no choice about. */
function settle(items) {
  const ids = items.map((one) => one.id);
  chosen = chosen.filter((id) => ids.includes(id));
  if (ids.length <= PAIR) chosen = ids;
}

function choose(item, wanted) {
  chosen = chosen.filter((id) => id !== item.id);
  if (!wanted) return;
  chosen.push(item.id);
  if (chosen.length <= PAIR) return;
  const out = chosen.shift();
  const name = box.list().find((one) => one.id === out)?.name ?? "";
  announce(`두 개까지 고를 수 있어 ${name} 선택을 풀었습니다.`);
}

function takeOut(item) {
  box.remove(item.id);
  announce(`${item.name}: 비교함에서 뺐습니다.`);
  focusBox();
}

function emptyBox() {
  box.clear();
  announce("비교함을 비웠습니다.");
  focusBox();
}

/** The button that had the focus is gone with its medicine. */
function focusBox() {
  const summary = document.querySelector("#compare-box summary");
  if (summary && !summary.closest("[hidden]")) summary.focus();
  else document.querySelector("[data-compare-count]")?.focus();
}
