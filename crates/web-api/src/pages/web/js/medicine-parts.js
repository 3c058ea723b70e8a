// The head of a medicine's page and its facts.

import { compareButton } from "./compare-button.js";
import { h } from "./dom.js";
import { inWords, photoOrPill, pill } from "./pill.js";
import { classLabel, number } from "./text.js";

const DISPENSING = {
  otc: "일반의약품",
  otcConvenience: "일반의약품 (안전상비의약품)",
  prescription: "전문의약품",
  prescriptionOrphan: "전문의약품 (희귀의약품)",
};

/** Picture, names, badges and what can be done: `{node, heading}`. */
export function medicineHead(medicine) {
  const heading = h("h1", null, medicine.name);
  const node = h(
    "header",
    { class: "medicine-head" },
    photoOrPill({
      imageUrl: medicine.imageUrl,
      pill: medicine.pills[0] ?? medicine.pill ?? null,
      name: medicine.name,
      size: 320,
    }),
    h(
      "div",
      { class: "medicine-names" },
      badges(medicine),
      heading,
      medicine.englishName && h("p", { class: "english", lang: "en" }, medicine.englishName),
      h("p", { class: "maker" }, makerLink(medicine.maker)),
      statusNotice(medicine.status),
      medicine.ingredients.length > 0 && h("p", { class: "head-ingredients" }, h("b", null, "유효 성분 "), medicine.ingredients.join(", ")),
      h(
        "div",
        { class: "actions" },
        compareButton(medicine),
        h("a", { class: "button", href: medicine.officialUrl, rel: "noopener noreferrer" }, "식약처 원문 보기"),
        medicine.wishCount > 0 && h("span", { class: "quiet wishes" }, `${number(medicine.wishCount)}명이 찜한 의약품`),
      ),
    ),
  );
  return { node, heading };
}

function badges({ class: sale, dispensing, type, status }) {
  return h(
    "p",
    { class: "badges" },
    !status.forSale && h("span", { class: "badge danger" }, status.label),
    h("span", { class: `badge ${sale ?? ""}` }, classLabel(sale)),
    dispensing === "otcConvenience" && h("span", { class: "badge otc" }, "안전상비의약품"),
    dispensing === "prescriptionOrphan" && h("span", { class: "badge prescription" }, "희귀의약품"),
    type && h("a", { class: "badge type", href: `/?${new URLSearchParams({ query: type.name, by: "type" })}` }, type.name),
  );
}

function makerLink(maker) {
  return h("a", { href: `/?${new URLSearchParams({ query: maker, by: "maker" })}` }, maker);
}

/** What may not be sold any more says so before anything else. */
function statusNotice(status) {
  if (status.forSale) return null;
  return h(
    "div",
    { class: "notice danger", role: "note" },
    h("p", null, h("strong", null, `허가 상태: ${status.label}`), status.since && ` (${status.since}부터)`),
    h("p", null, status.notice ?? "지금은 판매할 수 없는 의약품입니다."),
  );
}

/** What the permit says, as terms and their values; what isn't known is left out. */
export function productFacts(medicine) {
  const { status } = medicine;
  const facts = [
    ["제조·수입사", [medicine.maker, medicine.makerEnglish].filter(Boolean).join(" · ")],
    ["구분", DISPENSING[medicine.dispensing] ?? "구분 정보 없음"],
    ["약효 분류", medicine.type && [medicine.type.name, medicine.type.code && `(${medicine.type.code})`].filter(Boolean).join(" ")],
    ["허가 상태", status.since ? `${status.label} (${status.since}부터)` : status.label],
    ["허가일", medicine.permittedOn],
    ["허가 변경일", medicine.changedOn],
    ["성상", medicine.appearance],
    ["보관 방법", medicine.storage],
    ["사용 기간", medicine.validTerm],
    ["포장 단위", medicine.packUnit],
    ["영문 성분명", medicine.ingredientsEnglish],
    ["ATC 코드", medicine.atcCode],
    ["품목기준코드", medicine.id],
  ];
  return h(
    "dl",
    { class: "product-facts" },
    facts.filter(([, value]) => value).map(([term, value]) => h("div", null, h("dt", null, term), h("dd", null, value))),
  );
}

/** How each strength looks, in a drawing and in words. */
export function pillsSection({ pills, name }, section) {
  if (pills.length === 0) return null;
  return section(
    "pills",
    "낱알 모양",
    h("ul", { class: "pills" }, pills.map((one) => h("li", null, pill(one, { label: name, size: 200 }), pillFacts(one)))),
    h("p", { class: "quiet" }, "그림은 식약처 낱알식별 정보의 모양, 색, 새김으로 그린 것으로 실물과 다를 수 있습니다."),
  );
}

function pillFacts(one) {
  const size = [
    one.lengthLong && `긴 쪽 ${one.lengthLong}`,
    one.lengthShort && `짧은 쪽 ${one.lengthShort}`,
    one.thickness && `두께 ${one.thickness}`,
  ].filter(Boolean);
  const facts = [
    ["모양", inWords(one)],
    ["제형", one.form],
    ["크기", size.length > 0 && `${size.join(", ")} mm`],
    ["성상", one.appearance],
  ];
  return h(
    "dl",
    { class: "product-facts" },
    facts.filter(([, value]) => value).map(([term, value]) => h("div", null, h("dt", null, term), h("dd", null, value))),
  );
}
