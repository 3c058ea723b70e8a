// How an ingredient chart looks: what Chart.js is told, and the texts that it doesn't write.

/** Heights of a bar, of the name above it, of the axis; sizes of texts. In sixteenths of the page's text. */
const BAR = 16;
const NAME = 26;
const SPACE = 14;
const AXIS = 30;
const SIZES = { name: 14, value: 13, tick: 12 };

/** How high a chart is, as a length of CSS. */
export function frameHeight({ bars }) {
  const series = bars[0].values.length;
  return `${(bars.length * (NAME + series * (BAR + 4) + SPACE) + AXIS) / 16}rem`;
}

/** Everything that Chart.js is told. Its own animations stay off: numbers are there at once. */
export function settings(chart) {
  const colors = palette();
  const { zoom } = colors;
  const tick = { family: colors.font, size: SIZES.tick * zoom };
  const series = chart.bars[0].values.length;
  return {
    type: "bar",
    data: {
      labels: chart.bars.map((bar) => bar.name),
      datasets: Array.from({ length: series }, (_, at) => ({
        data: chart.bars.map((bar) => bar.values[at].value),
        backgroundColor: series > 1 ? colors.bars[at] : chart.bars.map((_, index) => colors.bars[chart.color ?? index] ?? colors.rest),
        barThickness: BAR * zoom,
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
      layout: { padding: { top: (NAME / 2) * zoom, right: besideBars(chart, colors) } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: {
          beginAtZero: true,
          border: { display: false },
          grid: { color: colors.grid },
          ticks: { color: colors.soft, maxTicksLimit: 6, maxRotation: 0, font: tick },
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
    const top = Math.min(...rows.map((row) => row.y)) - (BAR / 2 + 8) * colors.zoom;
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
    ctx.font = `650 ${SIZES.name * colors.zoom}px ${colors.font}`;
    ctx.textAlign = "left";
    ctx.fillStyle = colors.ink;
    ctx.fillText(shortened(ctx, bar.name, end - chartArea.left - room), chartArea.left + 1, top);
  });
  ctx.restore();
}

/** Writes a value and says how wide it is. */
function value(ctx, text, { x, y, align }, colors) {
  ctx.font = valueFont(colors);
  ctx.textAlign = align;
  ctx.fillStyle = colors.soft;
  ctx.fillText(text, x, y);
  return ctx.measureText(text).width;
}

function valueFont({ font, zoom }) {
  return `600 ${SIZES.value * zoom}px ${font}`;
}

/** Room right of the longest bar for the values that stand beside the bars. */
function besideBars(chart, colors) {
  if (chart.bars[0].values.length < 2) return 0;
  const ctx = document.createElement("canvas").getContext("2d");
  ctx.font = valueFont(colors);
  return 10 + Math.max(...chart.bars.flatMap((bar) => bar.values.map((one) => ctx.measureText(one.label).width)));
}

function shortened(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  let kept = text;
  while (kept.length > 1 && ctx.measureText(`${kept}…`).width > room) kept = kept.slice(0, -1);
  return `${kept}…`;
}

/** Colours and text of the page as it is now; the system's own where the reader forces them. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const font = token("--font") || "sans-serif";
  // Readers who make text larger mean this text as well.
  const zoom = Number.parseFloat(style.fontSize) / 16 || 1;
  if (matchMedia("(forced-colors: active)").matches) {
    return { ink: "CanvasText", soft: "CanvasText", line: "CanvasText", grid: "GrayText", bars: ["Highlight", "CanvasText"], rest: "Highlight", font, zoom };
  }
  return {
    ink: token("--ink"),
    soft: token("--ink-soft"),
    line: token("--line-strong"),
    grid: token("--chart-grid"),
    bars: [1, 2, 3, 4, 5, 6].map((at) => token(`--chart-${at}`)),
    rest: token("--chart-rest"),
    font,
    zoom,
  };
}
