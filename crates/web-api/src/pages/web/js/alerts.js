// Short messages above everything, heard at once.

import { h } from "./dom.js";

const SHOWN_MS = 8_000;
let timer = 0;

/** Shows `text` for a while, or until it is closed. */
export function alertPeople(text) {
  const place = document.getElementById("alerts");
  const close = () => place.replaceChildren();
  clearTimeout(timer);
  const button = h("button", { type: "button", class: "alert-close", "aria-label": "알림 닫기", onclick: close }, "×");
  place.replaceChildren(h("div", { class: "alert", role: "alert" }, h("p", null, text), button));
  timer = setTimeout(close, SHOWN_MS);
}
