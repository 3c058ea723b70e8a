import { h } from "../dom.js";

export async function view({ root }) {
  const heading = h("h1", null, "의약품 검색과 비교");
  root.replaceChildren(heading);
  return { title: "의약품 검색과 비교 – Pillnuts", heading };
}
