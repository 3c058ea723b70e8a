// Which amounts may stand on one axis. Pure: no document is touched.

import { amount, asPart, basisText, chartAmount, decimal } from "./composition.js";

/** Most bars of one chart; the table has all. */
const MAX_BARS = 12;

/**
 * Charts of one variant, one for each unit: `{unit, basis, bars: [{name, value, label}], left}`,
 * where `left` counts the ingredients that no chart shows.
 */
export function variantCharts(variant) {
  const units = new Map();
  for (const one of variant.ingredients) {
    const known = chartAmount(one);
    if (!known) continue;
    const share = one.sharePercent === null ? "" : ` · ${decimal(one.sharePercent)}%`;
    const bars = units.get(known.unit) ?? [];
    bars.push({ name: one.name, value: known.value, label: `${known.text}${share}` });
    units.set(known.unit, bars);
  }
  return [...units].map(([unit, bars]) => ({
    unit,
    basis: basisText(variant.basis),
    bars: bars.toSorted((one, other) => other.value - one.value).slice(0, MAX_BARS),
    left: Math.max(0, bars.length - MAX_BARS),
  }));
}

/** How many of a variant's ingredients have no amount that could be drawn. */
export function withoutAmount(variant) {
  return variant.ingredients.filter((one) => chartAmount(one) === null).length;
}

/**
 * Charts of two variants: `{charts: [{unit, per, bars: [{name, a, b, labelA, labelB}]}], left, cut}`. Both
 * amounts of a bar come from the API on one basis; an ingredient of one side only joins where both
 * compositions are counted per the very same thing; `left` are the
 * rows that can't, for charts of their own.
 */
export function pairCharts(pair) {
  const charts = new Map();
  const left = [];
  const shared = sharedBasis(pair.basisA, pair.basisB);
  for (const row of pair.ingredients) {
    const bar = bothSides(row) ?? oneSide(row, shared);
    if (!bar) {
      left.push(row);
      continue;
    }
    const key = `${bar.unit}/${bar.per}`;
    const chart = charts.get(key) ?? { unit: bar.unit, per: bar.per, bars: [] };
    chart.bars.push(bar);
    charts.set(key, chart);
  }
  const cut = [...charts.values()].flatMap((chart) => chart.bars.slice(MAX_BARS).map((bar) => bar.name));
  for (const chart of charts.values()) chart.bars = chart.bars.slice(0, MAX_BARS);
  return { charts: [...charts.values()], left, cut };
}

/** One side's part of `rows`, as a variant that can be drawn for itself. */
export function sideVariant(rows, side, basis) {
  // Shares of a part of the ingredients would be shares of nothing.
  const ingredients = rows.flatMap((row) => row[side]).map((one) => ({ ...one, sharePercent: null }));
  return { basis, ingredients };
}

/** What a row is called: the names of both salts where they differ. */
export function rowName(row) {
  return [...new Set([...row.a, ...row.b].map((one) => one.name))].join(" / ");
}

/** The active part that was compared instead of the rows' own weights, where it was. */
export function comparedPart(row) {
  const parts = [row.a, row.b].map((side) => (side.length === 1 && side[0].activeAs.length === 1 ? side[0].activeAs[0].name : null));
  return row.amount.outcome !== "notComparable" && parts[0] !== null && parts[1] !== null ? parts[0] : null;
}

function bothSides(row) {
  const { normalized } = row.amount;
  if (!normalized) return null;
  const { unit, per } = normalized;
  const part = comparedPart(row);
  return {
    // First what was compared: phones cut the rest off.
    name: part ? `${asPart(part)}: ${rowName(row)}` : rowName(row),
    unit,
    per,
    a: Number(normalized.a),
    b: Number(normalized.b),
    labelA: `${decimal(normalized.a)} ${unit}`,
    labelB: `${decimal(normalized.b)} ${unit}`,
  };
}

function oneSide(row, shared) {
  if (!shared || row.a.length + row.b.length !== 1) return null;
  // "Unknown" may be in the other product too: a lone bar would say that it is not.
  if (row.presence !== "onlyA" && row.presence !== "onlyB") return null;
  const onA = row.presence === "onlyA";
  const known = chartAmount(row.a[0] ?? row.b[0]);
  const value = known && divided(known.value, onA ? shared.divisorA : shared.divisorB);
  if (value === null) return null;
  const label = amount({ value: String(value), unit: known.unit });
  return {
    name: rowName(row),
    unit: known.unit,
    per: shared.per,
    a: onA ? value : null,
    b: onA ? null : value,
    labelA: onA ? label : "없음",
    labelB: onA ? "없음" : label,
  };
}

/** An exact quotient as a number; null where there is none, for its label would be wrong. */
function divided(value, divisor) {
  if (divisor === 1) return value;
  const quotient = Number((value / divisor).toPrecision(10));
  const exact = Math.abs(quotient * divisor - value) <= Math.abs(value) * Number.EPSILON * 4;
  return exact && !String(quotient).includes("e") ? quotient : null;
}

/**
 * What both are counted per, and by what to divide each; null where it is not one and the same. The
 * API compares by the same rules, and says nothing about what only one side has.
 */
export function sharedBasis(a, b) {
  const volume = ({ measure }) => (/^m?L$/.test(measure?.unit ?? "") ? amount(measure) : null);
  if (a.unit !== null || b.unit !== null) {
    const alike = a.unit === b.unit && a.count !== null && a.count === b.count;
    const volumes = [volume(a), volume(b)];
    if (!alike || (volumes[0] !== null && volumes[1] !== null && volumes[0] !== volumes[1])) return null;
    return { per: a.unit, divisorA: Number(a.count), divisorB: Number(b.count) };
  }
  if (!a.measure || !b.measure || a.approximate || b.approximate || a.measure.unit !== b.measure.unit) return null;
  return { per: a.measure.unit, divisorA: Number(a.measure.value), divisorB: Number(b.measure.value) };
}
