//! What a page says of itself in its head: title, description, the card of a shared address.

use std::borrow::Cow;

use crate::catalogue::service::Headline;

const SITE: &str = "Pillnuts";
/// Longest query that a title repeats, in characters.
const MAX_QUERY: usize = 60;
/// Stands behind the name of what may not be sold any more.
const GONE: &str = " (판매하지 않는 의약품)";
/// Most ingredients that a description names.
const MAX_INGREDIENTS: usize = 6;

/// The words of one page's head; all of it plain text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Headings {
    pub(super) title: Cow<'static, str>,
    /// The heading that stands in the page until the script draws it.
    pub(super) heading: Cow<'static, str>,
    pub(super) description: Cow<'static, str>,
    /// Photo for the card; empty where there is none.
    pub(super) image: String,
    /// Whether search engines may list the page.
    pub(super) listed: bool,
}

impl Headings {
    fn fixed(title: &'static str, heading: &'static str, description: &'static str) -> Self {
        Self {
            title: Cow::Borrowed(title),
            heading: Cow::Borrowed(heading),
            description: Cow::Borrowed(description),
            image: String::new(),
            listed: true,
        }
    }

    fn unlisted(self) -> Self {
        Self {
            listed: false,
            ..self
        }
    }

    pub(super) fn home() -> Self {
        Self::fixed(
            "Pillnuts – 의약품 검색과 비교",
            "어떤 약을 찾으세요?",
            "약 이름이나 초성으로 의약품을 찾고, 성분과 공식 문서를 읽고, 두 의약품을 나란히 비교해 \
             보세요. 식품의약품안전처의 공개 자료를 씁니다.",
        )
    }

    /// Results of a search, whose pages are endless: readers share them, search engines leave them.
    pub(super) fn results(sought: &str) -> Self {
        let sought = shortened(sought);
        let heading = format!("‘{sought}’ 검색 결과");
        Self {
            title: format!("{heading} – {SITE}").into(),
            description: format!("‘{sought}’(으)로 찾은 의약품: 성분, 제조사, 분류를 함께 봅니다.")
                .into(),
            heading: heading.into(),
            image: String::new(),
            listed: false,
        }
    }

    pub(super) fn medicine(medicine: Headline) -> Self {
        let ingredients = medicine.ingredients.iter().take(MAX_INGREDIENTS);
        let ingredients = ingredients.map(String::as_str).collect::<Vec<_>>();
        let ingredients = ingredients.join(", ");
        let contents = if ingredients.is_empty() {
            String::new()
        } else {
            format!(" 성분: {ingredients}.")
        };
        // Who gets the address sees this card, and perhaps nothing else.
        let gone = if medicine.for_sale { "" } else { GONE };
        Self {
            title: format!("{}{gone} – {SITE}", medicine.name).into(),
            description: format!(
                "{}{gone}, {}.{contents} 효능효과, 용법용량, 사용상의주의사항.",
                medicine.name, medicine.maker
            )
            .into(),
            heading: medicine.name.into(),
            image: medicine.image.unwrap_or_default(),
            listed: true,
        }
    }

    pub(super) fn compare_box() -> Self {
        Self::fixed(
            "의약품 비교 – Pillnuts",
            "의약품 비교",
            "비교함에서 두 의약품을 골라 성분과 공식 문서를 나란히 봅니다.",
        )
    }

    pub(super) fn comparison(a: &Headline, b: &Headline) -> Self {
        Self {
            title: format!("{} · {} 비교 – {SITE}", a.name, b.name).into(),
            description: format!(
                "{}({})와(과) {}({})의 성분과 공식 문서를 나란히 봅니다.",
                a.name, a.maker, b.name, b.maker
            )
            .into(),
            ..Self::compare_box().unlisted()
        }
    }

    pub(super) fn unknown_medicine() -> Self {
        Self::fixed(
            "의약품을 찾을 수 없습니다 – Pillnuts",
            "의약품을 찾을 수 없습니다",
            "이 번호의 의약품이 없습니다.",
        )
        .unlisted()
    }

    pub(super) fn unknown_address() -> Self {
        Self::fixed(
            "찾을 수 없는 주소 – Pillnuts",
            "찾을 수 없는 주소입니다",
            "이 주소에는 아무것도 없습니다.",
        )
        .unlisted()
    }

    pub(super) fn loading() -> Self {
        Self::fixed(
            "의약품 정보 준비 중 – Pillnuts",
            "의약품 정보를 준비하고 있습니다",
            "의약품 정보를 아직 불러오지 못했습니다. 잠시 후 다시 시도해 주세요.",
        )
        .unlisted()
    }
}

/// A query as a title can show it: on one line, of bounded length.
fn shortened(query: &str) -> String {
    let plain = query.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut plain = plain.collect::<String>().trim().to_owned();
    if let Some((end, _)) = plain.char_indices().nth(MAX_QUERY) {
        plain.truncate(end);
        plain.push('…');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{Headings, Headline, shortened};

    #[test]
    fn a_query_stays_on_one_line_and_short() {
        assert_eq!(shortened(" 타이\n레놀 "), "타이 레놀");
        let long = shortened(&"가".repeat(61));
        assert_eq!(long.chars().count(), 61);
        assert!(long.ends_with('…'));
        assert_eq!(shortened(&"가".repeat(60)).chars().count(), 60);
    }

    #[test]
    fn a_medicine_without_ingredients_says_nothing_of_them() {
        let medicine = |ingredients: &[&str]| {
            Headings::medicine(Headline {
                name: "가나정".to_owned(),
                maker: "다라제약".to_owned(),
                ingredients: ingredients.iter().map(ToString::to_string).collect(),
                image: None,
                for_sale: true,
            })
        };
        assert!(!medicine(&[]).description.contains("성분"));
        let many = medicine(&["a", "b", "c", "d", "e", "f", "g"]);
        assert!(many.description.contains("a, b, c, d, e, f."), "{many:?}");
    }
}
