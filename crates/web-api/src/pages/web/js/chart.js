// Ingredient charts. The numbers also stand in a table beside each: a canvas says nothing to those
// who can't see it but its summary.

import { pairCharts, sideVariant, variantCharts, withoutAmount } from "./chart-data.js";
import { perText } from "./composition.js";
import { h } from "./dom.js";

const LIBRARY = new URL("../vendor/chart.js/chart.umd.min.js", import.meta.url).href;
/** Heights in CSS pixels, of a bar, of the name above it, of the axis. */
const BAR = 16;
const NAME = 26;
const SPACE = 14;
const AXIS = 30;

const VALUE_FONT = "600 13px ";

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

/** Draws the charts of a pair of variants into `host`; `names` are those of the two medicines. */
export function comparisonChart(host, pair, { names, signal } = {}) {
  const { charts, left, cut } = pairCharts(pair);
  const apart = apartCharts(pair, left, signal);
  if (charts.length === 0 && !apart) {
    host.replaceChildren(quiet("함량을 알 수 있는 성분이 없어 그래프를 그리지 않습니다."));
    return;
  }
  const pictures = charts.map((chart) =>
    picture({
      title: `${perText(chart.per)} 함량 (${chart.unit})`,
      bars: chart.bars.map((bar) => ({
        name: bar.name,
        values: [
          { value: bar.a, label: `A ${bar.labelA}` },
          { value: bar.b, label: `B ${bar.labelB}` },
        ],
      })),
      signal,
    }),
  );
  host.replaceChildren(
    legend(names),
    ...pictures,
    ...texts(cut.length > 0 && `성분이 많아 표에만 있는 것: ${cut.join(", ")}`),
    ...[apart].filter(Boolean),
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

function legend(names) {
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
  const series = chart.bars[0].values.length;
  frame.style.height = `${chart.bars.length * (NAME + series * (BAR + 4) + SPACE) + AXIS}px`;
  const figure = h("figure", { class: "chart" }, h("figcaption", null, chart.title), frame);
  load().then(
    (Chart) => {
      if (!chart.signal?.aborted) draw(Chart, canvas, chart);
    },
    () => figure.replaceChildren(quiet("그래프를 불러오지 못했습니다. 같은 내용이 표에 있습니다.")),
  );
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
  const watched = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "print"].map((query) => matchMedia(query));
  for (const query of watched) query.addEventListener("change", repaint);
  chart.signal?.addEventListener(
    "abort",
    () => {
      for (const query of watched) query.removeEventListener("change", repaint);
      drawn.destroy();
    },
    { once: true },
  );
}

/** Everything that Chart.js is told. Its own animations stay off: numbers are there at once. */
function settings(chart) {
  const colors = palette();
  const series = chart.bars[0].values.length;
  return {
    type: "bar",
    data: {
      labels: chart.bars.map((bar) => bar.name),
      datasets: Array.from({ length: series }, (_, at) => ({
        data: chart.bars.map((bar) => bar.values[at].value),
        backgroundColor: series > 1 ? colors.bars[at] : chart.bars.map((_, index) => colors.bars[chart.color ?? index] ?? colors.rest),
        barThickness: BAR,
        borderRadius: 4,
        // A trace must be seen too: 0.05 mg beside 500 mg.
        minBarLength: 2,
      })),
    },
    options: {
      indexAxis: "y",
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      events: [],
      font: { family: colors.font },
      layout: { padding: { top: NAME / 2, right: besideBars(chart, colors.font) } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: {
          beginAtZero: true,
          border: { display: false },
          grid: { color: colors.grid },
          ticks: { color: colors.soft, maxTicksLimit: 6, maxRotation: 0, font: { family: colors.font, size: 12 } },
        },
        y: { grid: { display: false }, border: { color: colors.line }, ticks: { display: false } },
      },
    },
    plugins: [{ id: "names", afterDatasetsDraw: (drawn) => names(drawn, chart) }],
  };
}

/** Names above the bars, over the whole width: phones have no room beside them. */
function names(drawn, chart) {
  const { ctx, chartArea } = drawn;
  const colors = palette();
  const end = drawn.width - 2;
  ctx.save();
  chart.bars.forEach((bar, at) => {
    const rows = bar.values.map((_, index) => drawn.getDatasetMeta(index).data[at]);
    const top = Math.min(...rows.map((row) => row.y)) - BAR / 2 - 8;
    const beside = bar.values.length > 1;
    ctx.textBaseline = "alphabetic";
    const room = beside ? 0 : value(ctx, bar.values[0].label, { x: end, y: top, align: "right" }, colors) + 12;
    if (beside) {
      ctx.textBaseline = "middle";
      // A side without a bar says so where its bar would begin.
      rows.forEach((row, index) => {
        const x = bar.values[index].value === null ? chartArea.left : row.x;
        value(ctx, bar.values[index].label, { x: x + 6, y: row.y + 1, align: "left" }, colors);
      });
    }
    ctx.textBaseline = "alphabetic";
    ctx.font = `650 14px ${colors.font}`;
    ctx.textAlign = "left";
    ctx.fillStyle = colors.ink;
    ctx.fillText(shortened(ctx, bar.name, end - chartArea.left - room), chartArea.left + 1, top);
  });
  ctx.restore();
}

/** Writes a value and says how wide it is. */
function value(ctx, text, { x, y, align }, colors) {
  ctx.font = VALUE_FONT + colors.font;
  ctx.textAlign = align;
  ctx.fillStyle = colors.soft;
  ctx.fillText(text, x, y);
  return ctx.measureText(text).width;
}

/** Room right of the longest bar for the values that stand beside the bars. */
function besideBars(chart, font) {
  if (chart.bars[0].values.length < 2) return 0;
  const ctx = document.createElement("canvas").getContext("2d");
  ctx.font = VALUE_FONT + font;
  return 10 + Math.max(...chart.bars.flatMap((bar) => bar.values.map((one) => ctx.measureText(one.label).width)));
}

function shortened(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  let kept = text;
  while (kept.length > 1 && ctx.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}

/** Colours of the page as it is now; the system's own where the reader forces them. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const font = token("--font") || "sans-serif";
  if (matchMedia("(forced-colors: active)").matches) {
    return { ink: "CanvasText", soft: "CanvasText", line: "CanvasText", grid: "GrayText", bars: ["Highlight", "CanvasText"], rest: "Highlight", font };
  }
  return {
    ink: token("--ink"),
    soft: token("--ink-soft"),
    line: token("--line-strong"),
    grid: token("--chart-grid"),
    bars: [1, 2, 3, 4, 5, 6].map((at) => token(`--chart-${at}`)),
    rest: token("--chart-rest"),
    font,
  };
}
