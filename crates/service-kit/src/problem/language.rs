//! Which language a client reads.

/// Longest `Accept-Language` that is looked at, in bytes; what follows is ignored.
const MAX_HEADER: usize = 512;

/// A language that every user text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Korean, the default.
    #[default]
    Korean,
    /// English.
    English,
}

impl Language {
    /// Tag for `Content-Language` (RFC 5646).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    /// The language with the highest weight in an `Accept-Language` header (RFC 9110, section
    /// 12.5.4). Korean wins ties, is what `*` means, and is the answer when nothing fits.
    #[must_use]
    pub fn from_accept_language(header: Option<&str>) -> Self {
        let Some(header) = header else {
            return Self::Korean;
        };
        let end = header.floor_char_boundary(MAX_HEADER);
        let (mut korean, mut english, mut any) = (None, None, None);
        for range in header.get(..end).unwrap_or_default().split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = weight(parts);
            let slot = match tag.split('-').next() {
                Some("ko") => &mut korean,
                Some("en") => &mut english,
                Some("*") => &mut any,
                _ => continue,
            };
            *slot = Some(slot.map_or(weight, |best: u16| best.max(weight)));
        }
        let any = any.unwrap_or(0);
        if english.unwrap_or(any) > korean.unwrap_or(any) {
            Self::English
        } else {
            Self::Korean
        }
    }
}

/// The `q` of one range in thousandths; a malformed one counts as not acceptable.
fn weight(parameters: std::str::Split<'_, char>) -> u16 {
    for parameter in parameters {
        let Some((name, value)) = parameter.split_once('=') else {
            continue;
        };
        if name.trim().eq_ignore_ascii_case("q") {
            return thousandths(value.trim()).unwrap_or(0);
        }
    }
    1_000
}

/// Reads `0`, `0.8`, `1.000` without floats.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u16 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    Some((whole * 1_000).saturating_add(fraction).min(1_000))
}

/// One text in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalText {
    /// Korean.
    pub ko: &'static str,
    /// English.
    pub en: &'static str,
}

impl LocalText {
    /// Pairs the two texts.
    #[must_use]
    pub const fn new(ko: &'static str, en: &'static str) -> Self {
        Self { ko, en }
    }

    /// The text in one language.
    #[must_use]
    pub const fn get(self, language: Language) -> &'static str {
        match language {
            Language::Korean => self.ko,
            Language::English => self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_by_weight_with_korean_as_the_default() {
        let cases = [
            (None, Language::Korean),
            (Some(""), Language::Korean),
            (Some("en"), Language::English),
            (Some("EN-us"), Language::English),
            (Some("en-US,en;q=0.9,ko;q=0.8"), Language::English),
            (Some("ko-KR, en;q=0.9"), Language::Korean),
            (Some("en;q=0.5, ko;q=0.9"), Language::Korean),
            (Some("en, ko"), Language::Korean),
            (Some("*"), Language::Korean),
            (Some("ko;q=0, *"), Language::English),
            (Some("en;q=0, *;q=0.1"), Language::Korean),
            (Some("fr, de;q=0.9"), Language::Korean),
            (Some("fr, en;q=0.1"), Language::English),
            (Some("en;q=banana"), Language::Korean),
            (Some("en;q=7"), Language::Korean),
            (Some("en;q=0.0001"), Language::Korean),
            (Some("eng"), Language::Korean),
            (Some(";;,;q=,=,"), Language::Korean),
        ];
        for (header, expected) in cases {
            assert_eq!(
                Language::from_accept_language(header),
                expected,
                "for {header:?}"
            );
        }
    }

    #[test]
    fn survives_a_huge_header_cut_inside_a_character() {
        let header = "가".repeat(100_000);
        assert_eq!(
            Language::from_accept_language(Some(&header)),
            Language::Korean
        );
    }
}
