// An address that is nothing's.

import { h } from "../dom.js";

export async function view({ root }) {
  const heading = h("h1", null, "찾을 수 없는 주소입니다");
  root.replaceChildren(
    h(
      "div",
      { class: "state nothing" },
      heading,
      h("p", null, "주소가 잘못되었거나, 있던 화면이 없어졌습니다."),
      h("p", null, h("a", { class: "button", href: "/" }, "의약품 검색으로 가기")),
    ),
  );
  return { title: "찾을 수 없는 주소 – Pillnuts", heading };
}
