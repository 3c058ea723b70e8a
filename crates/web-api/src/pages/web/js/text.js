// Words and numbers as Korean readers expect them.

import { h } from "./dom.js";

const NUMBER = new Intl.NumberFormat("ko-KR");

/** `12,345` */
export function number(value) {
  return NUMBER.format(value);
}

/** How a medicine may be sold. */
export function classLabel(value) {
  return { otc: "일반의약품", prescription: "전문의약품" }[value] ?? "구분 정보 없음";
}

/** `word` in quotes with the particle that its last sound asks for, such as `['을', '를']`. */
export function quoted(word, [afterConsonant, afterVowel]) {
  const last = word.codePointAt(word.length - 1) - 0xac00;
  if (!(last >= 0 && last < 11_172)) return `‘${word}’${afterConsonant}(${afterVowel})`;
  const final = last % 28;
  // ㄹ counts as a vowel before 로.
  const vowel = final === 0 || (final === 8 && afterVowel === "로");
  return `‘${word}’${vowel ? afterVowel : afterConsonant}`;
}

/** `text` with its `spans` (UTF-16, in order) in `<mark>`; what is out of range is left out. */
export function marked(text, spans = []) {
  const parts = [];
  let at = 0;
  for (const { start, end } of spans) {
    if (start < at || end > text.length) continue;
    parts.push(text.slice(at, start), h("mark", null, text.slice(start, end)));
    at = end;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}

/** A long list on one line: the first `most`, and how many more there are. */
export function listed(words, most = 4) {
  if (words.length <= most) return words.join(", ");
  return `${words.slice(0, most).join(", ")} 외 ${number(words.length - most)}종`;
}
