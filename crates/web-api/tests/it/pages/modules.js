// Runs in the page: the modules that decide what is drawn, asked directly. Answers what was wrong.
const scripts = new URL(".", document.querySelector("script[src$='/js/app.js']").src).href;
const load = (name) => import(`${scripts}${name}`);
const [data, composition, words, pills, documents, compared] = await Promise.all(
  ["chart-data.js", "composition.js", "pill-words.js", "pill.js", "documents.js", "compare-words.js"].map(load),
);
const wrong = [];
const same = (what, found, expected) => {
  const [one, other] = [JSON.stringify(found), JSON.stringify(expected)];
  if (one !== other) wrong.push(`${what}: ${one}, expected ${other}`);
};

const basis = (unit, count, value, measureUnit, approximate = false) => ({
  text: "",
  unit,
  count,
  measure: value === null ? null : { value, unit: measureUnit },
  approximate,
});
const tablet = basis("정", "1", null);
const sachet = (milliliters) => basis("포", "1", milliliters, "mL");
const liquid = (milliliters, approximate) => basis(null, null, milliliters, "mL", approximate);
same("one tablet", data.sharedBasis(tablet, tablet)?.per, "정");
same("a tablet whose weight is known", data.sharedBasis(tablet, basis("정", "1", "615.04", "mg"))?.per, "정");
same("a tablet and a volume", data.sharedBasis(tablet, liquid("100")), null);
same("sachets of one size", data.sharedBasis(sachet("10"), sachet("10"))?.per, "포");
same("sachets of two sizes", data.sharedBasis(sachet("10"), sachet("20")), null);
same("one and two tablets", data.sharedBasis(tablet, basis("정", "2", null)), null);
same("volumes", data.sharedBasis(liquid("5"), liquid("100")), { per: "mL", divisorA: 5, divisorB: 100 });
same("about a volume", data.sharedBasis(liquid("5", true), liquid("100")), null);
same("no basis", data.sharedBasis(basis(null, null, null), tablet), null);

const ingredient = (name, value, unit) => ({
  name,
  quantity: value === null ? null : { value, unit },
  milligrams: unit === "mg" ? value : unit === "g" ? String(Number(value) * 1000) : null,
  sharePercent: null,
  activeAs: [],
  amountText: "",
});
const row = (presence, a, b, amount) => ({ presence, a, b, amount });
const oneSided = { outcome: "notComparable", reason: "oneSided", normalized: null };
const both = { outcome: "aMore", reason: null, normalized: { a: "500", b: "300", unit: "mg", per: "정" } };
const pair = (basisA, basisB, ingredients) => data.pairCharts({ basisA, basisB, ingredients });
const bars = ({ charts }) => charts.map((chart) => [chart.unit, chart.per, chart.bars.map((bar) => [bar.name, bar.a, bar.b])]);

const tablets = pair(tablet, tablet, [
  row("both", [ingredient("가", "500", "mg")], [ingredient("가", "300", "mg")], both),
  row("onlyB", [], [ingredient("나", "150", "mg")], oneSided),
  row("onlyA", [ingredient("다", "5600", "IU")], [], oneSided),
  row("unknown", [ingredient("라", "1", "mg")], [], oneSided),
]);
same("units apart, the unknown left out", bars(tablets), [
  ["mg", "정", [["가", 500, 300], ["나", null, 150]]],
  ["IU", "정", [["다", 5600, null]]],
]);
same("what is left", tablets.left.map(data.rowName), ["라"]);
const bases = pair(tablet, liquid("100"), [
  row("both", [ingredient("가", "500", "mg")], [ingredient("가", "3.2", "g")], { ...oneSided, reason: "differentBasis" }),
  row("onlyA", [ingredient("나", "1", "mg")], [], oneSided),
]);
same("other bases share nothing", [bases.charts.length, bases.left.length], [0, 2]);
const liquids = pair(liquid("100"), liquid("5"), [row("onlyA", [ingredient("가", "1.2", "g")], [], oneSided)]);
same("per volume", bars(liquids), [["mg", "mL", [["가", 12, null]]]]);
const thirds = pair(liquid("3"), liquid("5"), [row("onlyA", [ingredient("가", "1", "mg")], [], oneSided)]);
same("no rounded quotient", [thirds.charts.length, thirds.left.length], [0, 1]);

const many = Array.from({ length: 15 }, (_, at) => ingredient(`성분${at}`, String(at + 1), "mg"));
const [chart] = data.variantCharts({ basis: tablet, ingredients: [...many, ingredient("적량", null)] });
same("the largest first, the rest counted", [chart.bars.length, chart.bars[0].name, chart.left], [12, "성분14", 3]);
same("without an amount", data.withoutAmount({ ingredients: [ingredient("적량", null), ...many] }), 1);

same("exact text", ["1234567.891", "0.05", "1000"].map(composition.decimal), ["1,234,567.891", "0.05", "1,000"]);
same("particles", ["암로디핀", "락툴로오즈", "에탄올"].map(composition.asPart), ["암로디핀으로서", "락툴로오즈로서", "에탄올로서"]);
same("per", ["정", "mL"].map(composition.perText), ["1정당", "1 mL당"]);
same("about", composition.basisText(basis("개", "1", "2.6", "g", true)), "1개(약 2.6 g) 기준");

same("a line in the imprint", words.readImprint("마크분할선C8", null), { parts: ["◎", "C8"], line: "-" });
same("a cross", words.readImprint("십자분할선", null), { parts: [], line: "+" });
same("two colours", words.readColors("노랑, 투명"), { colors: ["#f4d35e"], clear: true });
same("no colours", words.readColors(null), { colors: [], clear: false });
same("in words", pills.inWords({ shape: "원형", colorFront: "하양", imprintFront: "마크A", lineBack: "-" }), "앞면 하양 원형, 새김 로고A; 뒷면 분할선 있음");
same("nothing known", pills.pill(null, { label: "가" }).getAttribute("aria-label"), "가: 모양 정보 없음");
const strange = pills.pill({ shape: "별모양", colorFront: "무지개", imprintFront: "<b>&", lineFront: "?" }, { label: "가" });
same("a strange pill is drawn as text", strange.querySelectorAll("b").length + Number(/NaN|undefined/.test(strange.outerHTML)), 0);
same("elsewhere's photos", pills.photoOrPill({ imageUrl: "https://example.com/a.png", pill: null, name: "가" }).querySelector("img"), null);

same("another salt differs", compared.ingredientDiffers({ presence: "sameSubstanceOtherSalt", amount: both }), true);
same("not comparable is unknown", compared.ingredientDiffers({ presence: "both", amount: oneSided }), null);

const cell = { text: "<i>x</i>", header: false, columnSpan: 1_000_000, rowSpan: 1 };
const text = { title: "t", complete: true, sections: [{ title: null, articles: [
  { title: "1. 경고", blocks: [{ type: "table", rows: [{ cells: [cell] }] }] },
  { title: "글이 제목에만 있는 문단이다.", blocks: [] },
] }] };
const { contents, body } = documents.officialDocuments({ efficacy: null, dosage: null, precautions: text });
const host = document.createElement("div");
host.append(...body);
same("contents", contents.map((one) => one.children.map((child) => child.title)), [[], [], ["1. 경고"]]);
same("anchors are there", contents.flatMap((one) => one.children).every((one) => host.querySelector(`#${one.id}`)), true);
same("a wide cell is bounded, and text", [host.querySelector("td").colSpan, host.querySelector("i")], [40, null]);
same("a title that is text", host.querySelector("p.text").textContent, "글이 제목에만 있는 문단이다.");
return wrong;
