// Two medicines side by side.

import { get } from "../api.js";
import { chartLegend, comparisonChart } from "../chart.js";
import { chooser } from "../compare-choose.js";
import { comparisonTable, pairTitle } from "../compare-table.js";
import { AGREEMENT, ASPECTS, VERDICT } from "../compare-words.js";
import { OFFICIAL, documentBody, easyGuide } from "../documents.js";
import { h } from "../dom.js";
import { photoOrPill } from "../pill.js";
import { announce, navigate } from "../router.js";
import { failure, loading, nothing } from "../states.js";

const PAIR = 2;
const TITLE = "의약품 비교 – Pillnuts";

export async function view({ url, signal, root }) {
  root.classList.add("compare-view");
  const heading = h("h1", null, "의약품 비교");
  const ids = readIds(url.searchParams.get("ids"));
  if (ids.length !== PAIR) {
    const why = whyNot(ids.length, url.searchParams.get("ids"));
    root.replaceChildren(heading, ...why, chooser(ids, { signal }));
    return { title: TITLE, heading };
  }
  root.replaceChildren(heading, loading("두 의약품을 견주는 중입니다"));
  try {
    const comparison = await get("/medicines/compare", { ids: ids.join(",") }, { signal });
    root.replaceChildren(...content(comparison, heading, signal));
    return { title: `${comparison.a.name}, ${comparison.b.name} 비교 – Pillnuts`, heading };
  } catch (error) {
    if (signal.aborted) throw error;
    root.replaceChildren(heading, failed(error));
    return { title: TITLE, heading };
  }
}

/** The different ids of `a,b`. */
function readIds(text) {
  const ids = (text ?? "").split(",").map((id) => id.trim()).filter((id) => /^[1-9][0-9]{0,17}$/.test(id));
  return [...new Set(ids)];
}

/** Why an address that names medicines shows no comparison: none of them is left out in silence. */
function whyNot(count, written) {
  if (!written?.trim()) return [];
  const text =
    count === 0
      ? "주소에 있는 의약품을 찾을 수 없습니다."
      : count === 1
      ? "주소에 의약품이 하나뿐입니다. 비교하려면 서로 다른 의약품 둘이 있어야 합니다."
      : `주소에 의약품이 ${count}개 있습니다. 한 번에 둘만 비교할 수 있습니다.`;
  return [h("p", { class: "notice warn", role: "note" }, text)];
}

function failed(error) {
  if (error.status !== 404 && error.status !== 422) {
    return failure(error, () => navigate(location.href, { replace: true }));
  }
  return nothing("비교할 의약품을 찾을 수 없습니다", [
    "주소에 있는 의약품이 없습니다. 비교함에서 다시 골라 주세요.",
    h("p", null, h("a", { class: "button primary", href: "/compare" }, "비교할 의약품 고르기")),
  ]);
}

function content(comparison, heading, signal) {
  const { a, b } = comparison;
  const heads = [columnHead("A", a), columnHead("B", b)];
  return [
    h("div", { class: "compare-top" }, heading, copyAddress()),
    notices(comparison),
    verdict(comparison.sameness),
    chartsSection(comparison, signal),
    h("section", { class: "card part", "aria-labelledby": "rows" }, h("h2", { id: "rows", tabindex: "-1" }, "나란히 보기"), omitted(comparison), comparisonTable(comparison, heads)),
    documentsSection(comparison),
    h("p", { class: "another" }, h("a", { class: "button", href: "/compare" }, "비교함에서 다시 고르기")),
  ]
    .flat()
    .filter(Boolean);
}

function columnHead(letter, medicine) {
  return h(
    "span",
    { class: `column-head column-${letter.toLowerCase()}` },
    photoOrPill({ imageUrl: medicine.imageUrl, pill: medicine.pill, name: medicine.name, size: 160 }),
    h("span", { class: "column-name" }, h("b", { class: "letter" }, letter), " ", h("a", { href: `/medicines/${medicine.id}` }, medicine.name)),
  );
}

/** The API's sentences; one about a product that isn't sold any more stands out. */
function notices({ a, b, notices: sentences }) {
  const gone = [a, b].filter(({ status }) => !status.forSale).map(({ name }) => name);
  const kind = (text) => (gone.some((name) => text.startsWith(name)) ? "danger" : "warn");
  return sentences.map((text) => h("p", { class: `notice ${kind(text)}`, role: "note" }, text));
}

function verdict({ verdict: finding, checks }) {
  return h(
    "section",
    { class: `card part verdict verdict-${finding}`, "aria-labelledby": "verdict" },
    h("h2", { id: "verdict", tabindex: "-1" }, VERDICT[finding] ?? VERDICT.unknown),
    h(
      "ul",
      { class: "checks" },
      checks.map(({ aspect, agreement }) =>
        h("li", { class: `check-${agreement}` }, h("span", null, ASPECTS[aspect] ?? aspect), " ", h("b", null, AGREEMENT[agreement] ?? agreement)),
      ),
    ),
    h("p", { class: "quiet" }, "자료를 견준 결과일 뿐 복용에 대한 조언이 아닙니다. 드시는 약에 대해서는 의사나 약사와 상의하세요."),
  );
}

function chartsSection(comparison, signal) {
  const { a, b, variants } = comparison;
  if (variants.length === 0) return null;
  return h(
    "section",
    { class: "card part", "aria-labelledby": "charts" },
    h("h2", { id: "charts", tabindex: "-1" }, "성분 함량"),
    !(comparison.completeA && comparison.completeB) && h("p", { class: "notice warn", role: "note" }, h("strong", null, "일부 성분은 해석되지 않음")),
    chartLegend([a.name, b.name]),
    h(
      "div",
      { class: variants.length > 1 ? "pairs" : "" },
      variants.map((pair) => {
        const host = h("div", { class: "chart-host" });
        comparisonChart(host, pair, { signal });
        return h("div", { class: "variant" }, variants.length > 1 && h("h3", null, pairTitle(pair) ?? "성분"), host);
      }),
    ),
  );
}

function omitted({ omittedPairs }) {
  if (omittedPairs === 0) return null;
  return h("p", { class: "notice", role: "note" }, `함량이나 처방이 다른 제품의 짝이 많아 ${omittedPairs}쌍은 표시하지 않았습니다.`);
}

function documentsSection(comparison) {
  const { a, b, documents, documentsUnavailable } = comparison;
  const title = h("h2", { id: "documents", tabindex: "-1" }, "설명과 공식 문서");
  const card = (...inside) => h("section", { class: "card part", "aria-labelledby": "documents" }, title, inside);
  if (!documents || documentsUnavailable) {
    const again = h("button", { type: "button", class: "button", onclick: () => navigate(location.href, { replace: true }) }, "다시 시도");
    return card(h("div", { class: "notice warn", role: "note" }, h("p", null, "지금은 문서를 불러올 수 없습니다. 문서가 없다는 뜻이 아닙니다."), again));
  }
  const none = () => h("p", { class: "quiet" }, "식약처 자료에 이 문서가 없습니다.");
  const pair = (key, label, body, open) =>
    h(
      "details",
      { class: "document-pair", open },
      h("summary", null, h("h3", null, label)),
      h(
        "div",
        { class: "pair" },
        [["A", a, documents[key].a], ["B", b, documents[key].b]].map(([letter, medicine, document]) =>
          h(
            "div",
            { class: `pair-side pair-${letter.toLowerCase()}` },
            h("h4", null, `${letter} ${medicine.name}`),
            (document && body(document, `${key}-${letter.toLowerCase()}`)) ?? none(),
          ),
        ),
      ),
    );
  return card(
    pair("easyGuide", "쉬운 설명 (e약은요)", (guide) => easyGuide(guide, { level: 5 }), true),
    OFFICIAL.map(([key, label]) => pair(key, label, (document, id) => documentBody(document, { id: `documents-${id}`, level: 5 }), key === "efficacy")),
  );
}

/** Puts the address into the clipboard; where that isn't allowed, shows it to be copied by hand. */
function copyAddress() {
  const said = h("span", { class: "copied", role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "복사했습니다";
    } catch {
      const field = h("input", { type: "text", readonly: true, class: "address", "aria-label": "이 비교의 주소", value: location.href });
      said.replaceChildren(field);
      field.select();
      announce("주소를 직접 복사해 주세요");
    }
  };
  return h("div", { class: "copy" }, h("button", { type: "button", class: "button", onclick: copy }, "주소 복사"), said);
}
