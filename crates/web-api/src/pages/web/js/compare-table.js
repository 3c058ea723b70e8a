// The rows of a comparison: one table, two columns, a word for every difference.

import { amount, asPart, basisText, chartAmount, ingredientLink, ingredientNotes, perText } from "./composition.js";
import { comparedPart, rowName, sharedBasis } from "./chart-data.js";
import { ATTRIBUTES, OUTCOME, PRESENCE, REASON, differenceWord, ingredientDiffers } from "./compare-words.js";
import { h } from "./dom.js";

// Roles are said although the elements have them: as a grid on phones they would lose them.
const cell = (...content) => h("td", { role: "cell" }, content);
const rowHead = (...content) => h("th", { role: "rowheader", scope: "row" }, content);

/** The table; `heads` are the two column heads. */
export function comparisonTable(comparison, heads) {
  const { a, b } = comparison;
  return h(
    "table",
    { class: "compare-table", role: "table" },
    h("caption", { class: "visually-hidden" }, `${a.name}와(과) ${b.name}의 비교`),
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        h("th", { role: "columnheader", scope: "col" }, "항목"),
        heads.map((head) => h("th", { role: "columnheader", scope: "col" }, head)),
      ),
    ),
    group("기본 정보", comparison.attributes.filter((row) => row.a !== null || row.b !== null).map(attributeRow)),
    comparison.variants.map((pair) => group(["성분", pairTitle(pair)].filter(Boolean).join(": "), [basisRow(pair), ...pair.ingredients.map(ingredientRow)])),
    group("첨가제", additiveRows(comparison.additives)),
  );
}

/** What a pair of variants is called; null where each has one only. */
export function pairTitle({ labelA, labelB }) {
  if (labelA === null && labelB === null) return null;
  if (labelA === labelB) return labelA;
  return `A ${labelA ?? "전체"} – B ${labelB ?? "전체"}`;
}

function group(title, rows) {
  if (rows.length === 0) return null;
  return h(
    "tbody",
    { role: "rowgroup" },
    h("tr", { role: "row", class: "group" }, h("th", { role: "rowheader", scope: "rowgroup", colspan: 3 }, title)),
    rows,
  );
}

/** `head` makes the row's head around the word for the difference. */
function row(differs, head, a, b) {
  const kind = differs === null ? "unknown" : differs ? "differs" : "agrees";
  const word = h("span", { class: `badge mark-${kind}` }, differenceWord(differs));
  return h("tr", { role: "row", class: kind }, rowHead(head(word)), cell(a), cell(b));
}

const named = (name) => (word) => [name, " ", word];

function attributeRow({ attribute, a, b, differs }) {
  return row(differs, named(ATTRIBUTES[attribute] ?? attribute), a ?? missing(), b ?? missing());
}

function missing(text = "정보 없음") {
  return h("span", { class: "quiet" }, text);
}

function basisRow({ basisA, basisB }) {
  const texts = [basisText(basisA), basisText(basisB)];
  // A tablet is a tablet, whatever it weighs: only what keeps amounts from being compared is marked.
  if (texts[0] === texts[1] || sharedBasis(basisA, basisB)) {
    return h("tr", { role: "row", class: "basis" }, rowHead("함량의 기준"), cell(texts[0]), cell(texts[1]));
  }
  const known = [basisA, basisB].every((one) => one.unit !== null || one.measure !== null);
  return row(known ? true : null, named("함량의 기준"), texts[0], texts[1]);
}

function ingredientRow(entry) {
  const { presence } = entry;
  const head = (word) => [
    h("span", { class: "ingredient-name" }, rowName(entry)),
    h("span", { class: "row-facts" }, h("span", { class: "badge presence" }, PRESENCE[presence] ?? presence), " ", word),
    relation(entry),
  ];
  const side = (list, other) => (list.length > 0 ? list.map(ingredientCell) : missing(absent(presence, other)));
  return row(ingredientDiffers(entry), head, side(entry.a, entry.b), side(entry.b, entry.a));
}

/** How the amounts relate, where both sides have one. */
function relation({ a, b, amount: compared }) {
  if (a.length === 0 || b.length === 0) return null;
  const part = comparedPart({ a, b, amount: compared });
  const { normalized } = compared;
  const numbers = normalized && `${perText(normalized.per)} A ${amount({ value: normalized.a, unit: normalized.unit })}, B ${amount({ value: normalized.b, unit: normalized.unit })}`;
  const reason = compared.reason && REASON[compared.reason];
  const text = [part && asPart(part), numbers, reason].filter(Boolean).join(": ");
  return h("span", { class: "relation" }, h("b", null, OUTCOME[compared.outcome] ?? ""), text && ` – ${text}`);
}

function absent(presence, other) {
  return presence === "unknown" && other.length > 0 ? "알 수 없음" : "없음";
}

function ingredientCell(ingredient) {
  const value = ingredient.quantity === null ? ingredient.amountText || "함량 알 수 없음" : amount(ingredient.quantity);
  const milligrams = ingredient.quantity?.unit !== "mg" && ingredient.milligrams !== null ? chartAmount(ingredient)?.text : null;
  return h(
    "span",
    { class: "side" },
    ingredientLink(ingredient),
    h("b", { class: "side-amount" }, value),
    milligrams && h("span", { class: "ingredient-note" }, `= ${milligrams}`),
    ingredientNotes(ingredient),
  );
}

function additiveRows(additives) {
  return additives.map(({ name, presence }) => {
    const unknown = presence === "unknown";
    const inA = presence === "both" || presence === "onlyA";
    const inB = presence === "both" || presence === "onlyB";
    // The API doesn't say which of the two lists it: "unknown" on both sides would hide that one does.
    const word = (here) => (unknown ? missing("A와 B 중 한쪽에 적혀 있음. 다른 쪽은 알 수 없음") : here ? "있음" : missing("없음"));
    return row(unknown ? null : presence !== "both", named(name), word(inA), word(inB));
  });
}
