//! What an author is told before others read his review.

use std::sync::LazyLock;

use domain::account::TextVersion;
use service_kit::problem::Language;

/// The version of the texts below. Whoever changes what they say changes it: then everybody who
/// publishes is told anew.
const VERSION: &str = "2026-11-01";

/// The version that has to be acknowledged.
#[expect(clippy::expect_used, reason = "a constant, parsed by a test")]
static IN_FORCE: LazyLock<TextVersion> =
    LazyLock::new(|| VERSION.parse().expect("the version of the notice"));

/// The version of the notice that is in force.
pub(super) fn in_force() -> &'static TextVersion {
    &IN_FORCE
}

/// The notice: that sensitive data may become public, and how to keep them private (개인정보 보호법
/// 제23조 제3항).
pub(super) const fn text(language: Language) -> &'static str {
    match language {
        Language::Korean => {
            "후기를 공개하면 누구나 닉네임, 별점, 후기 내용을 볼 수 있습니다. 어떤 약을 썼는지와 후기 내용에서 건강 상태 같은 민감정보가 드러날 수 있습니다. 공개를 원하지 않으면 '나만 보기'(visibility: private)를 선택해 주세요. 공개한 뒤에도 언제든지 '나만 보기'로 바꾸거나 후기를 지울 수 있습니다."
        }
        Language::English => {
            "If you publish a review, everybody can read your nickname, rating and text. Which medicine you used and what you write may reveal sensitive data such as your state of health. If you do not want that, choose to keep it to yourself (visibility: private). You can make a published review private or delete it at any time."
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_version_is_one() {
        assert_eq!(super::in_force().as_str(), super::VERSION);
    }
}
