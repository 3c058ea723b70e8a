// One medicine: what it is, what is in it, and what the ministry says about it.

import { get } from "../api.js";
import { compositionChart } from "../chart.js";
import { additivesList, basisText, compositionNotices, compositionTable } from "../composition.js";
import { contentsNav, easyGuide, officialDocuments } from "../documents.js";
import { h } from "../dom.js";
import { medicineHead, productFacts, pillsSection } from "../medicine-parts.js";
import { reviews } from "../reviews.js";
import { navigate } from "../router.js";
import { failure, loading, nothing } from "../states.js";

export async function view({ params, signal, root }) {
  root.classList.add("medicine-view");
  root.replaceChildren(loading("의약품 정보를 불러오는 중입니다"));
  let medicine;
  try {
    medicine = await get(`/medicines/${encodeURIComponent(params.id)}`, {}, { signal });
  } catch (error) {
    if (signal.aborted) throw error;
    return failed(root, error);
  }
  const head = medicineHead(medicine);
  root.replaceChildren(
    h(
      "article",
      { class: "medicine" },
      head.node,
      sectionLinks(medicine),
      section("facts", "기본 정보", productFacts(medicine)),
      compositionSection(medicine.composition, signal),
      section("additives", "첨가제", additivesList(medicine.composition)),
      pillsSection(medicine, section),
      easySection(medicine),
      documentsSection(medicine, signal),
      durSection(medicine.dur),
      section("reviews", "이용자 후기", reviews(medicine.id, { signal })),
    ),
  );
  const gone = medicine.status.forSale ? "" : " (판매하지 않는 의약품)";
  return { title: `${medicine.name}${gone} – Pillnuts`, heading: head.heading };
}

function failed(root, error) {
  const missing = error.status === 404 || error.status === 422 || error.status === 400;
  const heading = h("h1", null, missing ? "의약품을 찾을 수 없습니다" : "의약품 정보");
  const again = () => navigate(location.href, { replace: true });
  root.replaceChildren(
    heading,
    missing
      ? nothing("이 주소의 의약품이 없습니다", [
          "주소를 다시 확인하거나, 이름으로 검색해 주세요.",
          h("p", null, h("a", { class: "button primary", href: "/" }, "의약품 검색하기")),
        ])
      : failure(error, again),
  );
  return { title: `${heading.textContent} – Pillnuts`, heading };
}

function section(id, title, ...content) {
  return h("section", { class: `card part part-${id}`, "aria-labelledby": id }, h("h2", { id, tabindex: "-1" }, title), content);
}

/** Ways to the parts of the page: it is long. */
function sectionLinks(medicine) {
  const links = [
    ["composition", "성분"],
    medicine.documents?.easyGuide && ["easy", "쉬운 설명"],
    ["documents", "공식 문서"],
    ["dur", "함께 쓸 때"],
    ["reviews", "후기"],
  ].filter(Boolean);
  return h(
    "nav",
    { class: "jumps", "aria-label": "이 페이지에서" },
    h("ul", null, links.map(([id, title]) => h("li", null, h("a", { href: `#${id}` }, title)))),
  );
}

function compositionSection(composition, signal) {
  const several = composition.variants.length > 1;
  const variants = composition.variants
    .filter((variant) => variant.ingredients.length > 0)
    .map((variant, at) => {
      const name = variant.label ?? `제품 ${at + 1}`;
      const host = h("div", { class: "chart-host" });
      compositionChart(host, variant, { signal });
      return h(
        "div",
        { class: "variant" },
        several && h("h3", null, name),
        h("div", { class: "variant-in" }, host, compositionTable(variant, several ? `${name}, ${basisText(variant.basis)}` : basisText(variant.basis))),
      );
    });
  return section(
    "composition",
    "성분",
    compositionNotices(composition),
    variants.length > 0 ? variants : h("p", { class: "quiet" }, "표시할 수 있는 성분 정보가 없습니다."),
  );
}

function easySection({ documents }) {
  if (!documents) return null;
  const guide = documents.easyGuide ? easyGuide(documents.easyGuide) : null;
  return section(
    "easy",
    "쉬운 설명",
    guide ?? h("p", { class: "quiet" }, "식약처의 쉬운 설명(e약은요)이 없는 의약품입니다. 아래 공식 문서를 봐 주세요."),
  );
}

function documentsSection(medicine, signal) {
  const link = h(
    "p",
    null,
    h("a", { href: medicine.officialUrl, rel: "noopener noreferrer" }, "식약처 의약품안전나라에서 이 의약품 보기"),
  );
  if (!medicine.documents) {
    const again = h("button", { type: "button", class: "button", onclick: () => navigate(location.href, { replace: true }) }, "다시 시도");
    return section(
      "documents",
      "공식 문서",
      h(
        "div",
        { class: "notice warn", role: "note" },
        h("p", null, h("strong", null, "지금은 공식 문서를 불러올 수 없습니다."), " 문서가 없다는 뜻이 아닙니다. 주의사항은 식약처 원문에서도 볼 수 있습니다."),
        again,
      ),
      link,
    );
  }
  const { contents, body } = officialDocuments(medicine.documents);
  if (contents.every(({ id }) => medicine.documents[id.replace("documents-", "")] === null)) {
    return section("documents", "공식 문서", h("p", { class: "quiet" }, "식약처 자료에 이 의약품의 공식 문서가 없습니다."), link);
  }
  return section(
    "documents",
    "공식 문서",
    h("div", { class: "documents" }, contentsNav(contents, { signal }), h("div", { class: "documents-body" }, body)),
  );
}

function durSection({ status }) {
  const text =
    status === "notLoaded"
      ? "병용금기, 임부금기, 연령금기 같은 의약품안전사용서비스(DUR) 정보는 아직 이 페이지에 연결되지 않았습니다. 여기에 경고가 없다고 해서 함께 써도 된다는 뜻이 아닙니다."
      : "의약품안전사용서비스(DUR) 정보를 표시할 수 없습니다.";
  return section("dur", "함께 쓸 때의 주의 (DUR)", h("p", { class: "notice warn", role: "note" }, text));
}
