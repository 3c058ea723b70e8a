// What a page shows when it has nothing else to show.

import { h } from "./dom.js";

/** A skeleton; `label` is what screen readers hear. */
export function loading(label = "불러오는 중입니다") {
  const bars = ["62%", "94%", "88%", "71%"].map((_, at) =>
    h("span", { class: `bar bar-${at + 1}`, "aria-hidden": "true" }),
  );
  return h(
    "div",
    { class: "state loading", role: "status" },
    h("span", { class: "visually-hidden" }, label),
    bars,
  );
}

/** Nothing to show, and what to do about it; `hint` is a text, a node, or several. */
export function nothing(title, hint) {
  return h(
    "div",
    { class: "state nothing" },
    h("h2", null, title),
    [hint].flat().map((one) => (one instanceof Node ? one : h("p", null, one))),
  );
}

const TEXTS = {
  offline: [
    "인터넷에 연결되어 있지 않습니다",
    "연결되면 자동으로 다시 불러옵니다.",
  ],
  timeout: ["응답이 너무 늦습니다", "10초 안에 답을 받지 못했습니다. 잠시 후 다시 시도해 주세요."],
  network: ["서버에 연결할 수 없습니다", "잠시 후 다시 시도해 주세요."],
  problem: ["정보를 불러오지 못했습니다", "잠시 후 다시 시도해 주세요."],
};

/** An error, with its request id and a button that calls `retry`. */
export function failure(error, retry) {
  const known = TEXTS[error?.kind] ? error : { kind: "problem" };
  const [title, text] = TEXTS[known.kind];
  // What was asked wrongly stays wrong, however often it is asked.
  const mayPass = retry && ![400, 404, 422].includes(known.status);
  const again = h("button", { type: "button", class: "button", onclick: go }, "다시 시도");
  const box = h(
    "div",
    { class: "state failure", role: "alert" },
    h("h2", null, known.title ?? title),
    reasons(known, text),
    known.requestId && h("p", { class: "request-id" }, "요청 번호 ", h("code", null, known.requestId)),
    mayPass && again,
  );
  function go() {
    window.removeEventListener("online", back);
    retry();
  }
  function back() {
    // The view may be gone by then: nobody waits for it any more.
    if (box.isConnected) go();
    else window.removeEventListener("online", back);
  }
  if (mayPass && known.kind === "offline") window.addEventListener("online", back);
  return box;
}

/** The faults of single fields say more than the sentence above them. */
function reasons({ errors = [], detail }, text) {
  const details = errors.map((one) => one.detail);
  if (details.length === 0) return h("p", null, detail ?? text);
  return details.map((one) => h("p", null, one));
}
