// Pills drawn from the ministry's description, for where there is no photo.

import { h, s } from "./dom.js";
import {
  describeSide,
  inkOn,
  isCapsule,
  mix,
  readColors,
  readImprint,
  readRatio,
  readShape,
} from "./pill-words.js";

/** The drawing's own units: as wide and high as the ministry's photos are to each other. */
const BOARD = { width: 160, height: 90 };
const MARGIN = 8;
const GAP = 8;
const NEUTRAL = "#d9d0c3";
const PHOTO_HOST = "https://nedrug.mfds.go.kr/";

/**
 * `<svg role="img">` of a pill; `size` is its width in CSS pixels. `label` (the medicine's name)
 * opens the description that screen readers hear; null leaves the drawing to the text around it.
 */
export function pill(description, { label = "", size = 160 } = {}) {
  const known = description ?? {};
  const outline = readShape(known.shape);
  const words = inWords(known);
  const drawing = s("svg", {
    class: "pill-drawing",
    viewBox: `0 0 ${BOARD.width} ${BOARD.height}`,
    width: size,
    height: Math.round((size * BOARD.height) / BOARD.width),
    focusable: "false",
    ...(label === null
      ? { "aria-hidden": "true" }
      : { role: "img", "aria-label": [label, words].filter(Boolean).join(": ") }),
  });
  if (!outline && readColors(known.colorFront).colors.length === 0 && !known.imprintFront) {
    drawing.classList.add("unknown");
    drawing.append(...unknownPill(words));
    return drawing;
  }
  const sides = sidesOf(known, outline);
  const ratio = readRatio(known, outline);
  places(sides.length, ratio).forEach((place, at) => drawing.append(side(sides[at], outline, place)));
  return drawing;
}

/**
 * A figure with the photo over the drawn pill, which shows until the photo is here and stays where it
 * never comes.
 */
export function photoOrPill({ imageUrl, pill: description, name, size = 160 }) {
  const drawn = () => pill(description, { label: name, size });
  const figure = h("figure", { class: "pill-figure" });
  if (typeof imageUrl !== "string" || !imageUrl.startsWith(PHOTO_HOST)) {
    figure.append(drawn());
    return figure;
  }
  const photo = h("img", {
    alt: `${name} 사진`,
    loading: "lazy",
    decoding: "async",
    referrerpolicy: "no-referrer",
    width: size,
    height: Math.round((size * BOARD.height) / BOARD.width),
    // The drawing has a name of its own only when there is no photo to have it.
    onerror: () => figure.replaceChildren(drawn()),
    onload: () => {
      figure.classList.add("loaded");
      figure.replaceChildren(photo);
    },
  });
  figure.append(pill(description, { label: null, size }), photo);
  // After the listeners: a photo in the cache may be there, or fail, at once.
  photo.src = imageUrl;
  return figure;
}

/** What the drawing shows, in words. */
export function inWords(known) {
  const front = describeSide({
    color: known.colorFront,
    shape: known.shape,
    imprint: known.imprintFront,
    line: known.lineFront,
  });
  const back = describeSide({
    color: known.colorBack,
    imprint: known.imprintBack,
    line: known.lineBack,
  });
  if (!front && !back) return "모양 정보 없음";
  return back ? `앞면 ${front}; 뒷면 ${back}` : front;
}

function sidesOf(known, outline) {
  const front = readColors(known.colorFront);
  const back = readColors(known.colorBack);
  const clear = front.clear || back.clear;
  const imprint = readImprint(known.imprintFront, known.lineFront);
  const reverse = readImprint(known.imprintBack, known.lineBack);
  if (isCapsule(known, outline)) {
    const colors = [front.colors[0], back.colors[0] ?? front.colors[1] ?? front.colors[0]];
    const text = imprint.parts.join(" ");
    // Two words, or two texts with a row of dashes between them, are one on each half.
    const words = text.split(/\s*-{3,}\s*|\s+/).filter(Boolean);
    const parts = reverse.parts.length > 0 ? [text, reverse.parts.join(" ")] : words.length === 2 ? words : imprint.parts;
    return [{ colors, clear, parts, line: null, seam: true }];
  }
  const sides = [{ colors: front.colors, clear: front.clear, ...imprint }];
  if (reverse.parts.length > 0 || reverse.line || back.colors.length > 0) {
    const colors = back.colors.length > 0 ? back.colors : front.colors;
    sides.push({ colors, clear, ...reverse });
  }
  return sides;
}

/** Where one or two sides stand, as large as they fit. */
function places(count, ratio) {
  const width = BOARD.width - 2 * MARGIN;
  const height = BOARD.height - 2 * MARGIN;
  const fit = (columns, rows) =>
    Math.min((width - GAP * (columns - 1)) / columns, (height - GAP * (rows - 1)) / rows / ratio);
  const beside = fit(count, 1);
  const below = fit(1, count);
  const across = beside >= below;
  const w = Math.max(beside, below);
  return Array.from({ length: count }, (_, at) => {
    const off = at - (count - 1) / 2;
    return {
      x: BOARD.width / 2 + (across ? off * (w + GAP) : 0),
      y: BOARD.height / 2 + (across ? 0 : off * (w * ratio + GAP)),
      w,
      h: w * ratio,
    };
  });
}

function side({ colors, clear, parts, line, seam }, outline, place) {
  // Translucent is drawn as a paler colour, not as a see-through one: the imprint stays readable on
  // any background.
  const pale = (color) => (clear ? mix(color, "#ffffff", 0.32) : color);
  const base = pale(colors[0] ?? NEUTRAL);
  const second = pale(colors[1] ?? colors[0] ?? NEUTRAL);
  const edge = mix(base, "#000000", 0.38);
  const path = outlinePath(outline, place);
  const group = s("g", { "stroke-linejoin": "round" });
  group.append(s("path", { d: path, fill: base }));
  if (second !== base || seam) group.append(...half(path, outline, place, second, { edge, seam }));
  group.append(s("path", { d: shine(place, outline), fill: "#ffffff", "fill-opacity": clear ? 0.5 : 0.28 }));
  group.append(s("path", { d: path, fill: "none", stroke: edge, "stroke-width": 1.4 }));
  group.append(...score(line, place, outline, edge));
  group.append(...imprint(parts, line, place, outline, [inkOn(base), inkOn(second)], second !== base || seam));
  return group;
}

/** The right half in its own colour: capsules, and tablets of two layers. */
function half(path, outline, { x, y, w, h: height }, color, { edge, seam }) {
  const right = x + w / 2;
  const top = y - height / 2;
  const bottom = y + height / 2;
  const r = height / 2;
  // A capsule's half is its own outline; that of any other shape is cut by nesting it in a smaller svg.
  const made =
    outline === "oblong"
      ? s("path", { d: `M${x} ${top}H${right - r}A${r} ${r} 0 0 1 ${right - r} ${bottom}H${x}Z`, fill: color })
      : s(
          "svg",
          { x, y: top, width: w / 2, height, viewBox: `${x} ${top} ${w / 2} ${height}`, overflow: "hidden" },
          s("path", { d: path, fill: color }),
        );
  const line = seam ? s("path", { d: `M${x} ${top}V${bottom}`, stroke: edge, "stroke-width": 1 }) : null;
  return [made, line].filter(Boolean);
}

function outlinePath(outline, { x, y, w, h: height }) {
  const rx = w / 2;
  const ry = height / 2;
  if (outline === "oblong") {
    const r = Math.min(rx, ry);
    return `M${x - rx + r} ${y - ry}H${x + rx - r}A${r} ${r} 0 0 1 ${x + rx - r} ${y + ry}H${x - rx + r}A${r} ${r} 0 0 1 ${x - rx + r} ${y - ry}Z`;
  }
  if (outline === "half") {
    return `M${x - rx} ${y + ry}A${rx} ${2 * ry} 0 0 1 ${x + rx} ${y + ry}Z`;
  }
  if (outline === "diamond") return rounded([[x, y - ry], [x + rx, y], [x, y + ry], [x - rx, y]], 0.16);
  if (typeof outline === "number") return rounded(corners(outline, x, y, rx, ry), outline > 4 ? 0.2 : 0.16);
  return `M${x - rx} ${y}A${rx} ${ry} 0 1 1 ${x + rx} ${y}A${rx} ${ry} 0 1 1 ${x - rx} ${y}Z`;
}

/** Corners of a regular polygon that stands on its side, stretched to its place. */
function corners(count, x, y, rx, ry) {
  const turn = count % 2 === 0 ? Math.PI / count : 0;
  const points = Array.from({ length: count }, (_, at) => {
    const angle = turn + (2 * Math.PI * at) / count - Math.PI / 2;
    return [Math.cos(angle), Math.sin(angle)];
  });
  const span = (axis) => [Math.min(...points.map((p) => p[axis])), Math.max(...points.map((p) => p[axis]))];
  const [left, right] = span(0);
  const [top, bottom] = span(1);
  return points.map(([px, py]) => [
    x + ((px - left) / (right - left) - 0.5) * 2 * rx,
    y + ((py - top) / (bottom - top) - 0.5) * 2 * ry,
  ]);
}

/** A closed path with rounded corners; `share` of each side is the curve's. */
function rounded(points, share) {
  const at = (one, other) => [one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share];
  const text = (point) => `${point[0].toFixed(2)} ${point[1].toFixed(2)}`;
  const steps = points.map((point, index) => {
    const before = points[(index + points.length - 1) % points.length];
    const after = points[(index + 1) % points.length];
    return `${index === 0 ? "M" : "L"}${text(at(point, before))}Q${text(point)} ${text(at(point, after))}`;
  });
  return `${steps.join("")}Z`;
}

function shine({ x, y, w, h: height }, outline) {
  const flat = outline === 3 || outline === "half" || outline === "diamond";
  const rx = w * (flat ? 0.14 : 0.3);
  const ry = height * 0.09;
  const cy = y - height * (flat ? 0.12 : 0.3);
  return `M${x - rx} ${cy}A${rx} ${ry} 0 1 1 ${x + rx} ${cy}A${rx} ${ry} 0 1 1 ${x - rx} ${cy}Z`;
}

function score(line, { x, y, w, h: height }, outline, edge) {
  if (!line) return [];
  const up = outline === 3 || outline === "half" ? height * 0.1 : height * 0.34;
  const stroke = { stroke: edge, "stroke-width": 1.6, "stroke-linecap": "round", fill: "none" };
  const lines = [s("path", { d: `M${x} ${y - up}V${y + height * 0.34}`, ...stroke })];
  if (line === "+") lines.push(s("path", { d: `M${x - w * 0.34} ${y}H${x + w * 0.34}`, ...stroke }));
  return lines;
}

/** The texts, each in its half where a line or a seam parts them. */
function imprint(parts, line, { x, y, w, h: height }, outline, inks, halves) {
  if (parts.length === 0) return [];
  const pointed = outline === 3 || outline === "diamond" ? 0.5 : 0.78;
  const width = w * (outline === "oblong" ? 0.84 : pointed);
  const low = outline === 3 ? y + height * 0.14 : outline === "half" ? y + height * 0.12 : y;
  const parted = parts.length > 1 || line;
  const texts = parted && parts.length === 1 ? [parts[0], ""] : parts;
  const room = parted ? width / texts.length - 7 : width;
  const base = s("g", {
    "font-family": "system-ui, sans-serif",
    "font-weight": 650,
    "text-anchor": "middle",
    "dominant-baseline": "central",
  });
  texts.forEach((text, at) => {
    if (text === "") return;
    const cx = parted ? x - width / 2 + (width / texts.length) * (at + 0.5) : x;
    const ink = halves && cx > x + 1 ? inks[1] : inks[0];
    base.append(...written(text, { cx, cy: low, room, height: height * 0.62, ink }));
  });
  return [base];
}

/** One text, on two lines where it is long and has a space; as large as fits. */
function written(text, { cx, cy, room, height, ink }) {
  const words = text.split(" ");
  const cut = Math.ceil(words.length / 2);
  const two = text.length > 8 && words.length > 1;
  const lines = two ? [words.slice(0, cut).join(" "), words.slice(cut).join(" ")] : [text];
  const widest = Math.max(...lines.map(widthOf));
  const size = Math.min(height / lines.length, room / widest, 22);
  return lines.map((one, at) =>
    s("text", { x: cx, y: cy + (at - (lines.length - 1) / 2) * size * 1.05, "font-size": size.toFixed(2), fill: ink }, one),
  );
}

/** About how wide a text is, in its own size: narrow letters, capitals, Hangul. */
function widthOf(text) {
  let width = 0;
  for (const letter of text) {
    if (letter.codePointAt(0) > 0x2000) width += 1.02;
    else if (/[MWmw@®]/.test(letter)) width += 1;
    else if (/[A-Z0-9]/.test(letter)) width += 0.74;
    else width += 0.63;
  }
  return Math.max(width, 0.6);
}

/** A blister's place with nothing in it: honest about what isn't known. */
function unknownPill(words) {
  const place = { x: BOARD.width / 2, y: BOARD.height / 2 - 8, w: 84, h: 36 };
  const path = outlinePath("oblong", place);
  const line = { fill: "none", stroke: "currentColor", "stroke-width": 1.6, "stroke-dasharray": "5 4", opacity: 0.75 };
  return [
    s("path", { d: path, ...line }),
    s("path", { d: `M${place.x} ${place.y - 18}V${place.y + 18}`, ...line }),
    s("text", { x: place.x, y: 76, "font-size": 10.5, "text-anchor": "middle", fill: "currentColor", "aria-hidden": "true" }, words),
  ];
}
