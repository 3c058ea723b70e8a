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
  // Told by the one follower below: a follower a button would keep every view that was ever shown.
  button.dataset.medicine = medicine.id;
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
  show(button);
  return button;
}

function show(button) {
  button.setAttribute("aria-pressed", String(box.has(button.dataset.medicine)));
}

box.subscribe(() => document.querySelectorAll(".compare-button").forEach(show));
