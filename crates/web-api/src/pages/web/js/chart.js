// Ingredient charts. The numbers also stand in a table beside each: a canvas says nothing to those
// who can't see it but its summary.

import { pairCharts, sideVariant, variantCharts, withoutAmount } from "./chart-data.js";
import { frameHeight, settings } from "./chart-paint.js";
import { perText } from "./composition.js";
import { h } from "./dom.js";

const LIBRARY = new URL("../vendor/chart.js/chart.umd.min.js", import.meta.url).href;

let library = null;

/** Chart.js, loaded when the first chart is drawn. */
function load() {
  // Not kept when it fails: the next chart tries again.
  library ??= import(LIBRARY)
    .then(() => {
      document.documentElement.dataset.chartVersion = globalThis.Chart.version;
      return globalThis.Chart;
    })
    .catch((error) => {
      library = null;
      throw error;
    });
  return library;
}

/** Draws the charts of one variant of a composition into `host`. */
export function compositionChart(host, variant, { signal } = {}) {
  const charts = variantCharts(variant);
  if (charts.length === 0) {
    host.replaceChildren(quiet("함량을 알 수 있는 성분이 없어 그래프를 그리지 않습니다."));
    return;
  }
  host.replaceChildren(
    ...variantPictures(charts, { signal }),
    ...texts(
      charts.length > 1 && "단위가 다른 성분은 서로 견줄 수 없어 따로 그렸습니다.",
      withoutAmount(variant) > 0 && "함량을 해석하지 못한 성분은 그래프에 없습니다.",
    ),
  );
}

function variantPictures(charts, { signal, color, letter }) {
  return charts.flatMap((chart) => [
    picture({
      title: `${letter ? `${letter}: ` : ""}${chart.basis} 함량 (${chart.unit})`,
      bars: chart.bars.map((bar) => ({ name: bar.name, values: [{ value: bar.value, label: bar.label }] })),
      color,
      signal,
    }),
    ...texts(chart.left > 0 && `함량이 많은 ${chart.bars.length}가지만 그렸습니다. 나머지 ${chart.left}가지는 표에 있습니다.`),
  ]);
}

/** Draws the charts of a pair of variants into `host`. */
export function comparisonChart(host, pair, { signal } = {}) {
  const { charts, left, cut } = pairCharts(pair);
  const apart = apartCharts(pair, left, signal);
  if (charts.length === 0 && !apart) {
    host.replaceChildren(quiet("함량을 알 수 있는 성분이 없어 그래프를 그리지 않습니다."));
    return;
  }
  const pictures = charts.flatMap((chart) => {
    const title = `${perText(chart.per)} 함량 (${chart.unit})`;
    const bars = chart.bars.map((bar) => ({
      name: bar.name,
      values: [
        { value: bar.a, label: `A ${bar.labelA}` },
        { value: bar.b, label: `B ${bar.labelB}` },
      ],
    }));
    return [picture({ title, bars, signal }), numbersOf(title, chart.bars)];
  });
  host.replaceChildren(
    ...pictures,
    ...texts(cut.length > 0 && `성분이 많아 표에만 있는 것: ${cut.join(", ")}`),
    ...[apart].filter(Boolean),
  );
}

/** The bars of a comparison as a table: beside each other they are on a basis that no text has. */
function numbersOf(title, bars) {
  const head = (text) => h("th", { scope: "col" }, text);
  return h(
    "details",
    { class: "chart-numbers" },
    h("summary", null, "그래프의 숫자를 표로 보기"),
    h(
      "table",
      null,
      h("caption", null, title),
      h("thead", null, h("tr", null, head("성분"), head("A"), head("B"))),
      h(
        "tbody",
        null,
        bars.map((bar) => h("tr", null, h("th", { scope: "row" }, bar.name), h("td", null, bar.labelA), h("td", null, bar.labelB))),
      ),
    ),
  );
}

/** What can't share an axis, each side for itself; null where there is nothing of it. */
function apartCharts(pair, rows, signal) {
  const sides = [
    { letter: "A", charts: variantCharts(sideVariant(rows, "a", pair.basisA)), color: 0 },
    { letter: "B", charts: variantCharts(sideVariant(rows, "b", pair.basisB)), color: 1 },
  ].filter(({ charts }) => charts.length > 0);
  if (sides.length === 0) return null;
  const why =
    sides.length > 1
      ? "아래 성분은 같은 기준으로 견줄 수 없어 A와 B를 따로 그렸습니다. 축이 다르므로 막대 길이를 서로 견주지 마세요."
      : `아래 성분은 견줄 수 있는 함량이 없어 ${sides[0].letter}만 그렸습니다.`;
  return h(
    "div",
    { class: "apart" },
    h("p", { class: "notice", role: "note" }, why),
    h("div", { class: "apart-sides" }, sides.map(({ letter, charts, color }) => h("div", null, variantPictures(charts, { signal, color, letter })))),
  );
}

function texts(...sentences) {
  return sentences.filter(Boolean).map(quiet);
}

function quiet(text) {
  return h("p", { class: "quiet" }, text);
}

/** Which colour is whose, for all charts of a comparison; `names` are those of the two medicines. */
export function chartLegend(names) {
  const entry = (letter, name) =>
    h("li", { class: `legend-${letter.toLowerCase()}` }, h("span", { class: "swatch", "aria-hidden": "true" }), h("b", null, letter), ` ${name}`);
  return h("ul", { class: "chart-legend" }, entry("A", names[0]), entry("B", names[1]));
}

/** A titled canvas that is drawn when the library is here; without it the table has to do. */
function picture(chart) {
  const summary = `${chart.title}. ${chart.bars
    .map((bar) => `${bar.name}: ${bar.values.map((one) => one.label).join(", ")}`)
    .join("; ")}`;
  const canvas = h("canvas", { role: "img", "aria-label": `막대그래프. ${summary}` });
  const frame = h("div", { class: "chart-frame" }, canvas);
  frame.style.height = frameHeight(chart);
  const figure = h("figure", { class: "chart" }, h("figcaption", null, chart.title), frame);
  load()
    .then((Chart) => {
      if (!chart.signal?.aborted) draw(Chart, canvas, chart);
    })
    .catch((error) => {
      console.error(error);
      figure.replaceChildren(quiet("그래프를 그리지 못했습니다. 같은 내용이 표에 있습니다."));
    });
  return figure;
}

function draw(Chart, canvas, chart) {
  const drawn = new Chart(canvas, settings(chart));
  const repaint = () => {
    const { data, options } = settings(chart);
    drawn.data = data;
    drawn.options = options;
    drawn.update("none");
  };
  // A larger text makes the frame higher: that is how it is noticed.
  const textSize = () => getComputedStyle(document.documentElement).fontSize;
  let size = textSize();
  const grown = new ResizeObserver(() => {
    if (size === textSize()) return;
    size = textSize();
    repaint();
  });
  grown.observe(canvas.parentElement);
  const watched = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "print"].map((query) => matchMedia(query));
  for (const query of watched) query.addEventListener("change", repaint);
  chart.signal?.addEventListener(
    "abort",
    () => {
      for (const query of watched) query.removeEventListener("change", repaint);
      grown.disconnect();
      drawn.destroy();
    },
    { once: true },
  );
}
