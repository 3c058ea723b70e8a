// Elements without markup in strings: whatever the feed or a visitor wrote stays text.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element. `props`: `class`, `dataset` (object), `on…` (listener), anything else is an
 * attribute; `true` is an empty attribute, `false`, `null` and `undefined` are left out. Children:
 * nodes, strings, numbers, arrays of these; `null`, `undefined` and `false` are left out.
 */
export function h(tag, props, ...children) {
  return build(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, attrs, ...children) {
  return build(document.createElementNS(SVG, tag), attrs, children);
}

function build(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child instanceof Node ? child : String(child));
  }
}

let counter = 0;

/** An id that is nobody else's in this document. */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
