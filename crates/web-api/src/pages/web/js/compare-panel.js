// The compare box as people see it.

import * as box from "./compare-box.js";

/** Shows the box in `host`, and its count in the navigation. */
export function showComparePanel(host) {
  const show = () => {
    for (const link of document.querySelectorAll("[data-compare-count]")) {
      link.textContent = `비교함 (${box.list().length})`;
    }
    host.hidden = true;
  };
  box.subscribe(show);
  show();
}
