// Choosing two medicines of the compare box.

import * as box from "./compare-box.js";
import { h } from "./dom.js";
import { announce, navigate } from "./router.js";
import { nothing } from "./states.js";

/** The box's medicines to choose two from; `chosen` are ids that are ticked already. */
export function chooser(chosen, { signal }) {
  const place = h("section", { class: "choose", "aria-label": "비교함" });
  const ticked = new Set(chosen.filter((id) => box.has(id)).slice(0, 2));
  // Of two there is nothing to choose.
  if (box.list().length === 2) for (const { id } of box.list()) ticked.add(id);
  const show = () => {
    // The focus would be lost with the element that had it.
    const id = place.contains(document.activeElement) ? document.activeElement.id : "";
    for (const one of ticked) if (!box.has(one)) ticked.delete(one);
    place.replaceChildren(box.list().length === 0 ? empty() : form(ticked));
    // What had it may be gone with its medicine.
    if (id) (document.getElementById(id) ?? place.querySelector("button, a"))?.focus();
  };
  show();
  signal.addEventListener("abort", box.subscribe(show), { once: true });
  return place;
}

function empty() {
  return nothing("비교함이 비어 있습니다", [
    "검색 결과나 의약품 페이지에서 ‘비교함에 담기’를 누르면 여기에서 둘을 골라 비교할 수 있습니다.",
    h("p", null, h("a", { class: "button primary", href: "/" }, "의약품 검색하기")),
  ]);
}

function form(ticked) {
  const said = h("p", { class: "quiet choose-said", role: "status" });
  const submit = h("button", { type: "submit", class: "button primary" }, "비교하기");
  const update = () => {
    const missing = 2 - ticked.size;
    submit.disabled = missing > 0;
    said.textContent = missing > 0 ? `비교할 의약품을 ${missing}개 더 골라 주세요.` : "둘을 골랐습니다.";
    for (const tick of list.querySelectorAll("input")) tick.disabled = ticked.size === 2 && !tick.checked;
  };
  const list = h("ul", { class: "choose-list" }, box.list().map((medicine) => choice(medicine, ticked, update)));
  update();
  return h(
    "form",
    { class: "card", onsubmit: go },
    h("fieldset", null, h("legend", null, "비교할 의약품 둘을 고르세요"), list),
    said,
    submit,
  );

  function go(event) {
    event.preventDefault();
    // In the order of the box: the same two have one address.
    const ids = box.list().map((one) => one.id).filter((one) => ticked.has(one));
    if (ids.length === 2) navigate(`/compare?ids=${ids.join(",")}`);
  }
}

function choice({ id, name, maker }, ticked, update) {
  const key = `choose-${id}`;
  const tick = h("input", { type: "checkbox", id: key, value: id, onchange: change });
  tick.checked = ticked.has(id);
  function change() {
    if (tick.checked) ticked.add(id);
    else ticked.delete(id);
    update();
  }
  function out() {
    box.remove(id);
    announce(`${name}: 비교함에서 뺐습니다.`);
  }
  return h(
    "li",
    null,
    tick,
    h("label", { for: key }, h("span", { class: "choose-name" }, name), maker && h("span", { class: "quiet" }, ` ${maker}`)),
    h("button", { type: "button", class: "button", id: `out-${id}`, "aria-label": `${name} 비교함에서 빼기`, onclick: out }, "빼기"),
  );
}
