// What a search found.

import { compareButton } from "./compare-button.js";
import { h, uniqueId } from "./dom.js";
import { photoOrPill } from "./pill.js";
import { classLabel, listed, marked, number, quoted } from "./text.js";

const PICTURE = 128;
const MAX_READINGS = 3;
const FIELD_WORDS = { name: "이름은", ingredient: "성분은", type: "분류는", maker: "제조사는" };

/** The hits in order. */
export function hitList(items, first) {
  return h(
    "ol",
    { class: "hits", start: first },
    items.map((item) => h("li", null, hit(item))),
  );
}

/** How the query was understood, where it was not taken as it stands; else null. */
export function understanding(items, state) {
  const { fuzzy, sentences } = readingOf(items, state);
  if (sentences.length === 0) return null;
  const [first, ...more] = sentences;
  return h(
    "div",
    { class: fuzzy ? "notice warn" : "notice" },
    h("p", null, fuzzy ? h("strong", null, first) : first),
    more.map((one) => h("p", null, one)),
  );
}

/** The same for those who hear the page. */
export function understoodInWords(items, state) {
  return readingOf(items, state).sentences.join(" ");
}

function readingOf(items, state) {
  const best = items[0]?.match;
  const readings = [...new Set(items.filter((one) => one.match === best).map((one) => one.understoodAs))];
  const known = readings.filter(Boolean).slice(0, MAX_READINGS);
  if (best === "fuzzy") return { fuzzy: true, sentences: fuzzySentences(state, known) };
  if (best !== "layout" || known.length === 0) return { fuzzy: false, sentences: [] };
  const words = `${quoted(state.query, ["을", "를"])} ${quoted(known[0], ["으로", "로"])} 읽었습니다.`;
  return { fuzzy: false, sentences: [words] };
}

function fuzzySentences(state, readings) {
  const last = readings.length - 1;
  const names = readings.map((one, at) => (at === last ? quoted(one, ["을", "를"]) : `‘${one}’`));
  return [
    `${quoted(state.query, ["과", "와"])} 똑같은 ${FIELD_WORDS[state.by]} 없습니다.`,
    readings.length > 0 && `비슷한 이름 ${names.join(", ")} 보여 드립니다.`,
    "이름이 비슷해도 다른 약일 수 있습니다. 성분과 제조사를 꼭 확인하세요.",
  ].filter(Boolean);
}

function hit(item) {
  const id = uniqueId("hit");
  const fuzzy = item.match === "fuzzy";
  return h(
    "article",
    { class: fuzzy ? "card hit fuzzy" : "card hit", "aria-labelledby": id },
    photoOrPill({ imageUrl: item.imageUrl, pill: item.pill, name: item.name, size: PICTURE }),
    h(
      "div",
      { class: "hit-text" },
      h("p", { class: "badges" }, badges(item, fuzzy)),
      h(
        "h2",
        { class: "hit-name" },
        h("a", { id, href: `/medicines/${item.id}` }, marked(item.name, item.matched)),
      ),
      item.englishName &&
        h("p", { class: "hit-english", lang: "en" }, marked(item.englishName, item.matchedEnglish)),
    ),
    facts(item),
    h(
      "div",
      { class: "hit-side" },
      h("p", { class: "wishes" }, `찜 ${number(item.wishCount)}`),
      compareButton(item),
    ),
  );
}

function badges(item, fuzzy) {
  return [
    fuzzy && h("span", { class: "badge fuzzy" }, "비슷한 이름"),
    h("span", { class: `badge ${item.class ?? ""}` }, classLabel(item.class)),
    item.type && h("span", { class: "badge" }, item.type.name),
    !item.status.forSale && h("span", { class: "badge danger" }, item.status.label),
  ];
}

function facts(item) {
  const rows = [
    ["제조사", item.maker],
    ["성분", listed(item.ingredients) || "정보 없음"],
  ];
  return h(
    "dl",
    { class: "hit-facts" },
    rows.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))),
  );
}
