// The button that puts a medicine into the compare box, wherever one is shown.

import * as box from "./compare-box.js";
import { h } from "./dom.js";
import { alertPeople } from "./alerts.js";
import { announce } from "./router.js";

/** A button for `{id, name, maker}`: pressed while the box holds it. */
export function compareButton(medicine) {
  const button = h(
    "button",
    { type: "button", class: "button compare-button", "aria-label": `${medicine.name} 비교함에 담기` },
    h("span", { class: "tick", "aria-hidden": "true" }),
    h("span", null, "비교함에 담기"),
  );
  const show = () => button.setAttribute("aria-pressed", String(box.has(medicine.id)));
  button.addEventListener("click", () => {
    if (box.has(medicine.id)) {
      box.remove(medicine.id);
      announce(`${medicine.name}: 비교함에서 뺐습니다.`);
    } else if (box.add(medicine) === "full") {
      alertPeople(`비교함에는 ${box.LIMIT}개까지 담을 수 있습니다`);
    } else {
      announce(`${medicine.name}: 비교함에 담았습니다. ${box.LIMIT}개 중 ${box.list().length}개`);
    }
  });
  const end = box.subscribe(() => {
    // The view that the button was in is gone: so is the need to follow the box.
    if (button.isConnected) show();
    else end();
  });
  show();
  return button;
}
