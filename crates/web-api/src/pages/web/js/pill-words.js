// The ministry's words for a pill, as what a drawing needs. Pure: no document is touched.

const COLORS = {
  하양: "#fbfaf6",
  노랑: "#f4d35e",
  주황: "#ee964b",
  분홍: "#f2b3c0",
  빨강: "#cf3f3f",
  갈색: "#9a6540",
  연두: "#b9d77a",
  초록: "#4f9d69",
  청록: "#3a9ea0",
  파랑: "#5a93d1",
  남색: "#2f4a8a",
  자주: "#8d3a5e",
  보라: "#a488cc",
  회색: "#b4b6ba",
  검정: "#3b3a3d",
};
const CLEAR = "투명";
const LIGHT = "옅은";
const DARK = "진한";
/** Longest imprint that is drawn; the longest that the ministry has is 44 characters. */
const MAX_IMPRINT = 60;
/** Where a pill is said to carry a company's mark. */
const MARK = "◎";

/** `{colors: ["#…"], clear}` of `노랑, 투명` or `하양|파랑`; no colours where none is known. */
export function readColors(text) {
  const colors = [];
  let clear = false;
  for (const word of String(text ?? "").split(/[\s,|/]+/)) {
    if (word === CLEAR) clear = true;
    else if (COLORS[word]) colors.push(COLORS[word]);
    else if (word === LIGHT && colors.length > 0) colors.push(mix(colors.pop(), "#ffffff", 0.45));
    else if (word === DARK && colors.length > 0) colors.push(mix(colors.pop(), "#000000", 0.25));
  }
  return { colors: colors.slice(0, 2), clear };
}

/**
 * `{parts, line}`: the texts between score lines, and the line itself (`"-"`, `"+"` or null), which
 * stands in the imprint (`A분할선B`) or in a field of its own.
 */
export function readImprint(text, lineField) {
  let line = lineField === "+" || lineField === "-" ? lineField : null;
  const raw = String(text ?? "").slice(0, MAX_IMPRINT);
  if (raw.includes("십자분할선")) line = "+";
  else if (raw.includes("분할선")) line ??= "-";
  const parts = raw
    .split(/(?:십자)?분할선/)
    .map((part) => part.replaceAll("마크", MARK).replace(/\s+/g, " ").trim());
  if (parts.length === 1) {
    const words = parts[0] === "" ? [] : parts[0].split(" ");
    // A line of its own field stands between two words.
    return { parts: line && words.length === 2 ? words : parts.slice(0, words.length), line };
  }
  // Both halves keep their place, also where one is empty.
  return { parts: parts.some((part) => part !== "") ? parts : [], line };
}

/** Which outline to draw: one of `round`, `oval`, `oblong`, `half`, `diamond`, or a number of corners. */
export function readShape(shape) {
  const known = {
    원형: "round",
    타원형: "oval",
    장방형: "oblong",
    반원형: "half",
    삼각형: 3,
    사각형: 4,
    마름모형: "diamond",
    오각형: 5,
    육각형: 6,
    팔각형: 8,
  };
  return known[shape] ?? null;
}

/** Height for a width of one: from the measures where they are known, else what is usual. */
export function readRatio(pill, outline) {
  const usual = { oval: 0.58, oblong: 0.42, half: 0.55, diamond: 0.7 }[outline] ?? 1;
  if (outline === "round" || typeof outline === "number") return 1;
  const long = Number.parseFloat(pill.lengthLong);
  const short = Number.parseFloat(pill.lengthShort);
  const measured = short / long;
  return measured >= 0.25 && measured <= 1 ? measured : usual;
}

/** Whether the two colours are the two halves of a hard capsule. */
export function isCapsule(pill, outline) {
  const form = String(pill.form ?? "");
  return outline === "oblong" && form.includes("캡슐") && !form.includes("연질");
}

/** `#rrggbb` between two colours; `share` of the second. */
export function mix(one, other, share) {
  const channels = [1, 3, 5].map((at) => {
    const from = Number.parseInt(one.slice(at, at + 2), 16);
    const to = Number.parseInt(other.slice(at, at + 2), 16);
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}

/** Ink that can be read on `color`: at least 4.5:1 on every colour above, lightened or darkened. */
export function inkOn(color) {
  const light = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  return luminance > 0.18 ? "#0f0c08" : "#ffffff";
}

/** What a side looks like, in words. */
export function describeSide({ color, shape, imprint, line }) {
  const { parts } = readImprint(imprint, line);
  const text = parts
    .filter((part) => part !== "")
    .map((part) => part.replaceAll(MARK, "로고"))
    .join(" ");
  const lines = { "-": "분할선 있음", "+": "십자 분할선 있음" };
  const known = [
    [color, shape].filter(Boolean).join(" "),
    text && `새김 ${text}`,
    lines[readImprint(imprint, line).line],
  ];
  return known.filter(Boolean).join(", ");
}
