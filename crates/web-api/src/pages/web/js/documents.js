// The ministry's texts as headings, paragraphs and tables, with their table of contents.

import { h } from "./dom.js";

/** The texts in the order that people ask for them. */
export const OFFICIAL = [
  ["efficacy", "효능·효과"],
  ["dosage", "용법·용량"],
  ["precautions", "사용상의 주의사항"],
];
const EASY = [
  ["warning", "먼저 꼭 알아 두세요"],
  ["efficacy", "어떤 약인가요"],
  ["usage", "어떻게 사용하나요"],
  ["cautions", "이런 점을 주의하세요"],
  ["interactions", "함께 쓸 때 조심할 약과 음식"],
  ["sideEffects", "나타날 수 있는 부작용"],
  ["storage", "어떻게 보관하나요"],
];
/** A title without text below it that is longer than this is the text itself. */
const LONGEST_HEADING = 60;
/** Deepest indentation that is shown. */
const MAX_INDENT = 5;
/** Bounds of a cell's spans: a slip in the feed must not make a table of a million columns. */
const MAX_COLUMNS = 40;
const MAX_ROWS = 400;

/**
 * The official texts with their contents: `{contents, body}`. `contents` is a list of `{id, title,
 * children}`; `body` the nodes. Ids open with `prefix`.
 */
export function officialDocuments(documents, { prefix = "documents", level = 3 } = {}) {
  const contents = [];
  const body = [];
  for (const [key, title] of OFFICIAL) {
    const id = `${prefix}-${key}`;
    const document = documents[key];
    const entry = { id, title, children: [] };
    contents.push(entry);
    body.push(
      h(
        "section",
        { class: "document", "aria-labelledby": id },
        h(`h${level}`, { id, tabindex: "-1" }, title),
        document ? documentBody(document, { id, level: level + 1, entry }) : noDocument(title),
      ),
    );
  }
  return { contents, body };
}

function noDocument(title) {
  return h("p", { class: "quiet" }, `식약처 자료에 ${title} 문서가 없습니다.`);
}

/** One text without its own title; `entry.children` gets the headings that have anchors. */
export function documentBody(document, { id, level, entry = { children: [] } }) {
  let count = 0;
  const heading = (depth, title, parent) => {
    count += 1;
    const line = { id: `${id}-${count}`, title, children: [] };
    parent.children.push(line);
    return [h(`h${Math.min(depth, 6)}`, { id: line.id, tabindex: "-1" }, title), line];
  };
  const nodes = document.sections.map((section) => {
    const [title, line] = section.title ? heading(level, section.title, entry) : [null, entry];
    const below = title ? level + 1 : level;
    return [title, section.articles.map((article) => articleNodes(article, (text) => heading(below, text, line)[0]))];
  });
  const empty = document.sections.every((section) => !section.title && section.articles.length === 0);
  return [
    nodes,
    empty && h("p", { class: "quiet" }, "내용이 비어 있습니다."),
    !document.complete &&
      h("p", { class: "quiet" }, "원문의 구조가 온전하지 않아 단락 나눔이 원문과 다를 수 있습니다. 글은 빠짐없이 표시했습니다."),
  ];
}

function articleNodes(article, heading) {
  const title = article.title?.trim();
  // Where the whole text stands in the title, it is text, and no line of the contents.
  const isText = title && article.blocks.length === 0 && (title.length > LONGEST_HEADING || !/^[0-9가-힣]{1,2}[.)]/.test(title));
  return [
    title && (isText ? paragraph({ text: title, indent: 0 }) : splitHeading(title, heading)),
    article.blocks.map((block) => (block.type === "table" ? table(block) : paragraph(block))),
  ];
}

/** `5. Heading. And a sentence that belongs below it.` as a heading and a paragraph. */
function splitHeading(title, heading) {
  if (title.length <= LONGEST_HEADING) return heading(title);
  const cut = title.slice(0, LONGEST_HEADING).lastIndexOf(". ");
  // The number's own dot is no end of a sentence.
  if (cut < 6) return heading(title);
  return [heading(title.slice(0, cut + 1)), paragraph({ text: title.slice(cut + 2), indent: 0 })];
}

function paragraph({ text, indent }) {
  const depth = Math.min(indent, MAX_INDENT);
  return h("p", { class: depth > 0 ? `text indent-${depth}` : "text" }, text);
}

function table({ rows }) {
  const span = (value, most) => (value > 1 ? Math.min(value, most) : null);
  const cells = (row) =>
    row.cells.map((cell) =>
      h(
        cell.header ? "th" : "td",
        { colspan: span(cell.columnSpan, MAX_COLUMNS), rowspan: span(cell.rowSpan, MAX_ROWS) },
        cell.text,
      ),
    );
  return h(
    "div",
    // Wide tables scroll on their own, with the keyboard as well.
    { class: "table-scroll", role: "group", "aria-label": "문서의 표", tabindex: "0" },
    h("table", { class: "document-table" }, h("tbody", null, rows.map((row) => h("tr", null, cells(row))))),
  );
}

/** The navigation of the texts: open beside them on wide screens, to be opened on phones. */
export function contentsNav(contents, { signal } = {}) {
  const details = h(
    "details",
    { class: "contents" },
    h("summary", null, "문서 목차"),
    h("ol", null, contents.map(contentsEntry)),
  );
  const wide = matchMedia("(min-width: 60rem)");
  const follow = () => {
    details.open = wide.matches;
  };
  follow();
  wide.addEventListener("change", follow, { signal });
  // On phones the list covers what was asked for.
  details.addEventListener("click", (event) => {
    if (!wide.matches && event.target.closest("a")) details.open = false;
  });
  return h("nav", { class: "contents-nav", "aria-label": "문서 목차" }, details);
}

function contentsEntry({ id, title, children }) {
  return h(
    "li",
    null,
    h("a", { href: `#${id}` }, title),
    children.length > 0 && h("ol", null, children.map(contentsEntry)),
  );
}

/** e약은요 as questions and answers; null where there is nothing in it. */
export function easyGuide(guide, { level = 3 } = {}) {
  const parts = EASY.filter(([key]) => guide[key]);
  if (parts.length === 0) return null;
  return h(
    "div",
    { class: "easy" },
    parts.map(([key, title]) =>
      h("div", { class: key === "warning" ? "easy-part warning" : "easy-part" }, h(`h${level}`, null, title), easyText(guide[key])),
    ),
    guide.updatedOn && h("p", { class: "quiet" }, `e약은요 · ${guide.updatedOn} 수정`),
  );
}

/** Lines are separated by one line break, paragraphs by two. */
function easyText(text) {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => h("p", { class: "text" }, part));
}
