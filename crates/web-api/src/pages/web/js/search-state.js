// What a search address says, and back.

export const FIELDS = [
  ["name", "이름"],
  ["ingredient", "성분"],
  ["type", "약효 분류"],
  ["maker", "제조사"],
];
export const CLASSES = [
  ["", "전체"],
  ["otc", "일반의약품"],
  ["prescription", "전문의약품"],
];
export const SORTS = [
  ["popular", "많이 찜한 순"],
  ["name", "이름순"],
];

const MAX_PAGE = 10_000;

/** The search that `url` asks for. Words that are unknown fall back to what is usual. */
export function readState(url) {
  const text = (name) => (url.searchParams.get(name) ?? "").trim();
  const choice = (name, words) => {
    const value = text(name);
    return words.some(([word]) => word === value) ? value : words[0][0];
  };
  const page = Number.parseInt(text("page"), 10);
  return {
    query: text("query"),
    by: choice("by", FIELDS),
    class: choice("class", CLASSES),
    type: text("type"),
    maker: text("maker"),
    sort: choice("sort", SORTS),
    page: page >= 1 && page <= MAX_PAGE ? page : 1,
  };
}

/** Whether anything is looked for: else it is the start. */
export function isSearch(state) {
  return Boolean(state.query || state.type || state.maker || state.class);
}

/** The address of a search; what is usual is left out. A change begins at the first page again. */
export function addressOf(state, change = {}) {
  const next = { ...state, page: 1, ...change };
  const query = new URLSearchParams();
  const usual = { by: "name", sort: "popular", page: 1 };
  for (const name of ["query", "by", "class", "type", "maker", "sort", "page"]) {
    const value = next[name];
    if (value && value !== usual[name]) query.set(name, String(value));
  }
  // Where no words are sought, it doesn't matter where.
  if (!next.query) query.delete("by");
  const text = query.toString();
  return text ? `/?${text}` : "/";
}

/** What is looked for, in one word: for headings. */
export function soughtOf(state) {
  const label = CLASSES.find(([word]) => word === state.class)?.[1];
  return state.query || state.type || state.maker || label;
}
