// The start: what this is, and ways in.

import { get } from "../api.js";
import { h, uniqueId } from "../dom.js";
import { addressOf } from "../search-state.js";
import { failure, loading } from "../states.js";
import { number } from "../text.js";

const TRIES = [
  ["타이레놀", { query: "타이레놀" }],
  ["ㅌㅇㄹㄴ", { query: "ㅌㅇㄹㄴ" }],
  ["성분: 이부프로펜", { query: "이부프로펜", by: "ingredient" }],
  ["제조사: 동아제약", { query: "동아제약", by: "maker" }],
];
const OFFERS = [
  ["서툴게 적어도", "초성, 쓰다 만 글자, 영문 자판으로 잘못 친 이름도 알아듣습니다. 비슷한 이름은 비슷하다고 알려 드립니다."],
  ["성분을 한눈에", "무엇이 얼마나 들었는지 그래프와 표로 보고, 첨가제와 공식 문서를 목차로 읽습니다."],
  ["둘을 나란히", "비교함에 담은 두 의약품의 성분과 설명을 같은 줄에 놓고, 다른 곳을 짚어 드립니다."],
];
/** Types shown at once; the rest unfolds. */
const FIRST = 12;

export async function start({ form, root, signal }) {
  const heading = h("h1", null, "어떤 약을 찾으세요?");
  const tries = TRIES.map(([label, sought]) =>
    h("li", null, h("a", { class: "chip", href: addressOf(sought) }, label)),
  );
  const types = h("div", { class: "types" });
  const typesId = uniqueId("types");
  root.replaceChildren(
    h(
      "section",
      { class: "hero" },
      heading,
      h("p", { class: "lead" }, "식품의약품안전처의 공개 자료로 의약품을 찾고, 성분을 읽고, 두 의약품을 비교합니다."),
      form,
      h("div", { class: "tries" }, h("span", null, "이렇게 찾아보세요"), h("ul", null, tries)),
    ),
    h("section", { class: "by-type", "aria-labelledby": typesId }, h("h2", { id: typesId }, "약효 분류로 보기"), types),
    h(
      "section",
      { class: "offers", "aria-label": "할 수 있는 일" },
      OFFERS.map(([title, text]) => h("div", { class: "card" }, h("h2", null, title), h("p", null, text))),
    ),
  );
  // The page is usable before the types are there, and without them.
  fill(types, signal);
  return { title: "Pillnuts – 의약품 검색과 비교", heading };
}

async function fill(host, signal) {
  host.replaceChildren(loading("약효 분류를 불러오는 중입니다"));
  try {
    const answer = await get("/medicine-types", {}, { signal });
    const items = byName(answer.items);
    const rest = items.slice(FIRST);
    host.replaceChildren(
      chips(items.slice(0, FIRST)),
      rest.length > 0
        ? h("details", { class: "more" }, h("summary", null, `분류 ${number(rest.length)}개 더 보기`), chips(rest))
        : "",
    );
  } catch (error) {
    if (!signal.aborted) host.replaceChildren(failure(error, () => fill(host, signal)));
  }
}

/** One entry a name, most medicines first: the ministry has several numbers for some names. */
function byName(types) {
  const counts = new Map();
  for (const one of types) counts.set(one.name, (counts.get(one.name) ?? 0) + one.count);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

function chips(items) {
  return h(
    "ul",
    { class: "chips" },
    items.map((one) =>
      h(
        "li",
        null,
        h(
          "a",
          { class: "chip", href: addressOf({ type: one.name }) },
          one.name,
          h("span", { class: "chip-count" }, number(one.count), h("span", { class: "visually-hidden" }, "개")),
        ),
      ),
    ),
  );
}
