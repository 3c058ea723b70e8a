// What the comparison's words mean, in Korean. None of them says that one may be taken for the other.

export const ATTRIBUTES = {
  name: "이름",
  maker: "제조·수입사",
  class: "약효 분류",
  dispensing: "구분",
  permit: "허가 상태",
  form: "제형",
  appearance: "성상",
  storage: "보관 방법",
  validTerm: "사용 기간",
  packUnit: "포장 단위",
  atcCode: "ATC 코드",
};

export const PRESENCE = {
  both: "둘 다",
  onlyA: "A에만",
  onlyB: "B에만",
  sameSubstanceOtherSalt: "같은 물질의 다른 염",
  unknown: "알 수 없음",
};

export const OUTCOME = {
  equal: "함량 같음",
  aMore: "A가 더 많음",
  bMore: "B가 더 많음",
  notComparable: "함량을 견줄 수 없음",
};

export const REASON = {
  oneSided: "한쪽에만 있는 성분입니다.",
  unknownAmount: "함량을 해석하지 못했습니다.",
  unknownBasis: "무엇을 기준으로 한 함량인지 알 수 없습니다.",
  differentBasis: "함량의 기준이 서로 다릅니다.",
  approximateBasis: "기준이 되는 양이 ‘약’으로 적혀 있습니다.",
  differentUnit: "단위의 종류가 다릅니다.",
  differentSalt: "같은 물질이라도 염이 다르면 무게로 견줄 수 없습니다.",
  unknownActivePart: "작용하는 부분의 양을 양쪽 모두 알 수 없습니다.",
  repeated: "한쪽에 같은 성분이 여러 번 적혀 있습니다.",
  outOfRange: "수가 너무 커서 정확히 견줄 수 없습니다.",
};

export const ASPECTS = {
  substance: "성분",
  amount: "함량",
  form: "제형",
  route: "투여 경로",
  release: "방출 방식",
};

export const AGREEMENT = { agrees: "같음", differs: "다름", unknown: "알 수 없음" };

export const VERDICT = {
  same: "식약처 자료로는 성분, 함량, 제형, 투여 경로, 방출 방식이 모두 같습니다",
  different: "서로 다른 의약품입니다",
  unknown: "같은지 알 수 없습니다",
};

/** `true` where two sides differ, `false` where they don't, null where it isn't known. */
export function ingredientDiffers(row) {
  if (row.presence === "unknown") return null;
  if (row.presence !== "both") return true;
  return { equal: false, aMore: true, bMore: true }[row.amount.outcome] ?? null;
}

/** The mark of a row, in words and not by colour alone. */
export function differenceWord(differs) {
  if (differs === null) return "알 수 없음";
  return differs ? "다름" : "같음";
}
