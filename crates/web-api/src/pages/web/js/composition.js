// What is in a medicine: tables, and what a chart may draw of it.

import { h } from "./dom.js";

/** `1,234.5` from exact decimal text: no number in between, which would round. */
export function decimal(text) {
  const [whole, rest] = String(text).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}

/** `500 mg` */
export function amount(quantity) {
  return `${decimal(quantity.value)} ${quantity.unit}`.trim();
}

/** `1정 기준`, `100 mL 기준`; what the ministry writes where it was not understood. */
export function basisText(basis) {
  const about = basis.approximate ? "약 " : "";
  const measure = basis.measure ? `${about}${amount(basis.measure)}` : "";
  if (basis.count && basis.unit) {
    const counted = `${decimal(basis.count)}${basis.unit}`;
    return measure ? `${counted}(${measure}) 기준` : `${counted} 기준`;
  }
  if (measure) return `${measure} 기준`;
  return basis.text ? `기준: ${basis.text}` : "기준 정보 없음";
}

/** `암로디핀으로서`, `락툴로오즈로서` */
export function asPart(name) {
  const syllable = name.charCodeAt(name.length - 1) - 0xac00;
  if (!(syllable >= 0 && syllable < 11_172)) return `${name}(으)로서`;
  const final = syllable % 28;
  // ㄹ counts as a vowel before 로.
  return final === 0 || final === 8 ? `${name}로서` : `${name}으로서`;
}

/** `1정당`, `1 mL당` */
export function perText(per) {
  return /^[A-Za-z]/.test(per) ? `1 ${per}당` : `1${per}당`;
}

/** An amount in the unit that charts draw: weights in mg. Null where it is not a number. */
export function chartAmount(ingredient) {
  if (ingredient.milligrams !== null) return number(ingredient.milligrams, "mg");
  if (ingredient.quantity === null) return null;
  return number(ingredient.quantity.value, ingredient.quantity.unit);
}

function number(text, unit) {
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 && unit ? { value, text: amount({ value: text, unit }), unit } : null;
}

/** The ingredients of one variant as a table, in the ministry's order. */
export function compositionTable(variant, caption) {
  const shares = variant.ingredients.some((one) => one.sharePercent !== null);
  const total = variant.totalMilligrams !== null && variant.ingredients.length > 1;
  return h(
    "div",
    { class: "table-scroll" },
    h(
      "table",
      { class: "composition-table" },
      h("caption", null, caption),
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          h("th", { scope: "col" }, "성분"),
          h("th", { scope: "col", class: "numeric" }, "함량"),
          shares && h("th", { scope: "col", class: "numeric" }, "유효 성분 중 비율"),
        ),
      ),
      h("tbody", null, variant.ingredients.map((one) => row(one, shares))),
      total &&
        h(
          "tfoot",
          null,
          h(
            "tr",
            null,
            h("th", { scope: "row" }, "유효 성분 합계"),
            h("td", { class: "numeric" }, `${decimal(variant.totalMilligrams)} mg`),
            shares && h("td", null),
          ),
        ),
    ),
  );
}

function row(ingredient, shares) {
  return h(
    "tr",
    null,
    h("th", { scope: "row" }, ingredientLink(ingredient), ingredientNotes(ingredient)),
    h("td", { class: "numeric" }, amountCell(ingredient)),
    shares && h("td", { class: "numeric" }, ingredient.sharePercent === null ? "–" : `${decimal(ingredient.sharePercent)}%`),
  );
}

/** The name, leading to the other products that hold it. */
export function ingredientLink({ name }) {
  const query = new URLSearchParams({ query: name, by: "ingredient" });
  return h("a", { href: `/?${query}`, title: `${name} 성분으로 검색` }, name);
}

/** What else is said of an ingredient: what it counts as, what it is, remarks. */
export function ingredientNotes(ingredient) {
  const parts = ingredient.activeAs.map((part) => `${asPart(part.name)} ${amount(part.quantity)}`);
  // Where the text was understood it would say the same once more.
  const info = parts.length === 0 ? ingredient.info : null;
  const standard = ingredient.standard && `규격 ${ingredient.standard}`;
  return [...parts, info, ingredient.description, ingredient.remark, standard]
    .filter(Boolean)
    .map((text) => h("span", { class: "ingredient-note" }, text));
}

/** The amount as a number, and as the ministry writes it where that says something else. */
function amountCell(ingredient) {
  if (ingredient.quantity === null) return ingredient.amountText || "알 수 없음";
  return amount(ingredient.quantity);
}

/** Sentences about what is not known of a composition. */
export function compositionNotices(composition) {
  const notices = [];
  if (!composition.complete) {
    notices.push(
      h(
        "div",
        { class: "notice warn", role: "note" },
        h("p", null, h("strong", null, "일부 성분은 해석되지 않음"), " – 표시된 것 말고도 성분이 더 있을 수 있습니다. 정확한 성분은 식약처 원문에서 확인해 주세요."),
        composition.unparsed.length > 0 && unparsed(composition.unparsed),
      ),
    );
  }
  if (composition.variants.length > 1) {
    notices.push(
      h("p", { class: "notice", role: "note" }, `한 허가 안에 함량이나 처방이 다른 제품이 ${composition.variants.length}가지 있습니다. 서로 다른 제품이므로 함량을 더하지 않습니다.`),
    );
  }
  return notices;
}

function unparsed(texts) {
  return h(
    "details",
    { class: "unparsed" },
    h("summary", null, "해석하지 못한 원문 보기"),
    h("ul", null, texts.map((text) => h("li", null, text))),
  );
}

/** The additives, or an honest word about why there are none. */
export function additivesList(composition) {
  if (composition.additives.length > 0) {
    return h("ul", { class: "additives" }, composition.additives.map((one) => h("li", null, one.name)));
  }
  const text = composition.additivesListed
    ? "식약처 자료에 적힌 첨가제가 없습니다."
    : "식약처 자료에 첨가제 목록이 없습니다. 첨가제가 들어 있지 않다는 뜻은 아닙니다.";
  return h("p", { class: "quiet" }, text);
}
