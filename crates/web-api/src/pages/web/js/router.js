// Addresses and views: one view at a time, the address says which.

import { failure } from "./states.js";

const ROUTES = [
  [/^\/$/, () => import("./views/search.js")],
  [/^\/medicines\/(?<id>[^/]+)\/?$/, () => import("./views/medicine.js")],
  [/^\/compare\/?$/, () => import("./views/compare.js")],
];

/** A pause in scrolling after which its place is kept: browsers limit how often one may write. */
const SCROLL_PAUSE_MS = 200;
/** When the other views are loaded where the browser doesn't say that it has time. */
const IDLE_MS = 2_000;

let current = null;
let shown = null;
let scrolling = 0;

/** Shows the view of the present address, and follows links and the history from now on. */
export function start() {
  history.scrollRestoration = "manual";
  document.addEventListener("click", follow);
  window.addEventListener("popstate", back);
  window.addEventListener("pagehide", rememberScroll);
  window.addEventListener("scroll", scrolled, { passive: true });
  return show(new URL(location.href), { first: true });
}

/**
 * Goes to `address`; with `replace` in the place of this one in the history. With `keepFocus` the
 * focus stays on the control that was used (found again by its id), not on the new heading.
 */
export function navigate(address, { replace = false, keepFocus = false } = {}) {
  const url = new URL(address, location.href);
  rememberScroll();
  if (replace || url.href === location.href) history.replaceState({}, "", url);
  else history.pushState({}, "", url);
  return show(url, { kept: keepFocus ? document.activeElement?.id : "" });
}

/** Tells screen readers, without moving the focus. */
export function announce(text) {
  const place = document.getElementById("announcer");
  if (!place) return;
  // The same text twice is heard once; emptied first, it is heard again.
  place.textContent = "";
  requestAnimationFrame(() => {
    place.textContent = text;
  });
}

function routeOf(url) {
  for (const [pattern, load] of ROUTES) {
    const found = pattern.exec(url.pathname);
    if (found) return { load, params: found.groups ?? {} };
  }
  return null;
}

function follow(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.hasAttribute("download")) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || !routeOf(url)) return;
  // Places in this page are the browser's business.
  if (url.hash && samePage(url, new URL(location.href))) return;
  event.preventDefault();
  navigate(url);
}

function samePage(a, b) {
  return a.pathname === b.pathname && a.search === b.search;
}

function back(event) {
  const url = new URL(location.href);
  const scroll = event.state?.scroll;
  if (shown && samePage(url, shown)) {
    shown = url;
    if (scroll !== undefined) scrollTo(0, scroll);
    else placeOf(url)?.scrollIntoView();
    return;
  }
  show(url, { scroll: scroll ?? 0 });
}

function scrolled() {
  clearTimeout(scrolling);
  scrolling = setTimeout(rememberScroll, SCROLL_PAUSE_MS);
}

/** Notes in the history how far down people were, for when they come back. */
function rememberScroll() {
  clearTimeout(scrolling);
  // A view that is being drawn is shorter than it will be.
  if (document.getElementById("main").hasAttribute("aria-busy")) return;
  history.replaceState({ ...history.state, scroll: window.scrollY }, "");
}

async function show(url, { first = false, scroll, kept = "" }) {
  clearTimeout(scrolling);
  const remembered = first ? history.state?.scroll : scroll;
  current?.abort();
  const control = new AbortController();
  current = control;
  shown = url;
  const main = document.getElementById("main");
  const root = document.createElement("div");
  root.className = "view";
  main.setAttribute("aria-busy", "true");
  const running = run(url, root, main, control.signal);
  if (kept) running.then(() => refocus(kept, control.signal));
  const result = await running;
  if (control.signal.aborted) return;
  main.removeAttribute("aria-busy");
  document.title = result.title;
  markNavigation(url);
  if (first) loadTheRest();
  document.dispatchEvent(new Event("pillnuts:shown"));
  const heading = result.heading ?? root.querySelector("h1");
  const place = placeOf(url);
  if (remembered !== undefined) scrollTo(0, remembered);
  else if (place) place.scrollIntoView();
  else if (!first) scrollTo(0, 0);
  // The browser reads a page that it has just opened by itself.
  if (first) return;
  if (heading && !kept) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  announce(result.announcement || result.title);
}

async function run(url, root, main, signal) {
  const route = routeOf(url);
  try {
    // An address that no view has is the server's to answer; ours are all in the list.
    const module = await (route?.load ?? (() => import("./views/missing.js")))();
    if (signal.aborted) return null;
    main.replaceChildren(root);
    return await module.view({ url, params: route?.params ?? {}, signal, root });
  } catch (error) {
    if (signal.aborted) return null;
    console.error(error);
    main.replaceChildren(root);
    const heading = document.createElement("h1");
    heading.textContent = "화면을 표시하지 못했습니다";
    // A module that could not be loaded stays so until the page is loaded anew, which without a
    // network would leave people with nothing: it waits until there is one.
    const known = navigator.onLine ? error : { kind: "offline" };
    root.replaceChildren(heading, failure(known, () => (navigator.onLine ? location.reload() : show(url))));
    return { title: "오류 – Pillnuts", heading };
  }
}

/**
 * Loads the other views while nothing else is to do: a way through a tunnel, or to a server that is
 * being restarted, then still ends in a view that says what is wrong.
 */
function loadTheRest() {
  const load = () => Promise.allSettled(ROUTES.map(([, one]) => one()));
  if (globalThis.requestIdleCallback) requestIdleCallback(load);
  else setTimeout(load, IDLE_MS);
}

/** Gives the focus back to a control that was drawn anew, unless people went elsewhere meanwhile. */
function refocus(id, signal) {
  if (signal.aborted || document.activeElement !== document.body) return;
  document.getElementById(id)?.focus({ preventScroll: true });
}

function placeOf(url) {
  if (url.hash.length < 2) return null;
  try {
    return document.getElementById(decodeURIComponent(url.hash.slice(1)));
  } catch {
    return null;
  }
}

function markNavigation(url) {
  for (const link of document.querySelectorAll(".top-nav a")) {
    const here = link.pathname === url.pathname;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
