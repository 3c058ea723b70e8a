import * as router from "./router.js";
import { watchConnection } from "./connection.js";
import { showComparePanel } from "./compare-panel.js";

watchConnection(document.getElementById("offline"));
showComparePanel(document.getElementById("compare-box"));
router.start();
