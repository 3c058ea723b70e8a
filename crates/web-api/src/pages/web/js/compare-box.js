// The compare box: kept in this browser, shared by its tabs, at most ten.

const KEY = "pillnuts.compareBox";
const VERSION = 1;
/** Most medicines in the box. */
export const LIMIT = 10;
const MAX_TEXT = 300;

const listeners = new Set();
let blocked = false;
let items = [];
items = read();

window.addEventListener("storage", (event) => {
  // A key of null: everything was cleared.
  if (event.key !== KEY && event.key !== null) return;
  items = read();
  tell();
});

/** The medicines in the box, oldest first: `{id, name, maker}`. */
export function list() {
  return items.map((one) => ({ ...one }));
}

/** Whether the box holds it. */
export function has(id) {
  return items.some((one) => one.id === String(id));
}

/** Puts a medicine in: `'added'`, `'already'` or `'full'`. */
export function add(medicine) {
  items = read();
  const one = entry(medicine);
  if (!one) throw new TypeError("a medicine without an id");
  if (has(one.id)) return "already";
  if (items.length >= LIMIT) return "full";
  write([...items, one]);
  return "added";
}

/** Takes a medicine out. */
export function remove(id) {
  items = read();
  write(items.filter((one) => one.id !== String(id)));
}

/** Empties the box. */
export function clear() {
  write([]);
}

/** Calls `listener` after each change; the answer ends that. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read() {
  // A storage that is blocked or full: this tab's memory is what there is.
  if (blocked) return items;
  let text;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    blocked = true;
    return items;
  }
  try {
    const stored = JSON.parse(text);
    if (stored?.version !== VERSION || !Array.isArray(stored.items)) return [];
    const known = new Map();
    for (const one of stored.items.map(entry)) if (one && !known.has(one.id)) known.set(one.id, one);
    return [...known.values()].slice(0, LIMIT);
  } catch {
    return [];
  }
}

/** What is kept of a medicine; null for what is none. */
function entry(value) {
  const id = String(value?.id ?? "");
  if (!/^[1-9][0-9]{0,17}$/.test(id)) return null;
  const text = (one) => (typeof one === "string" ? one.slice(0, MAX_TEXT) : "");
  return { id, name: text(value.name) || id, maker: text(value.maker) };
}

function write(next) {
  items = next;
  if (!blocked) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ version: VERSION, items }));
    } catch {
      blocked = true;
    }
  }
  tell();
}

function tell() {
  for (const listener of listeners) listener(list());
}
