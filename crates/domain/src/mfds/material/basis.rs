//! 총량: what amounts are counted per, and the variant's mark at its end.

use rust_decimal::Decimal;

use crate::catalogue::{Basis, BasisUnit, Dimension, Quantity, Unit, name::tidy};

use super::number::take_number;

/// A basis with the label of its variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabelledBasis {
    pub(super) basis: Basis,
    pub(super) label: Option<String>,
}

/// Reads a 총량. What isn't understood as a whole gives an unknown basis with its text.
pub(super) fn parse_basis(text: &str) -> LabelledBasis {
    let text = tidy(text);
    let (body, label) = split_label(&text);
    let basis = read(body).unwrap_or_else(|| Basis::unknown(String::new()));
    LabelledBasis {
        basis: Basis {
            text: body.to_owned(),
            ..basis
        },
        label: label.map(str::to_owned),
    }
}

/// A basis without what is only manner of speaking: `이 약 1정 중` and `1정` are one variant, and its
/// rows belong together.
pub(super) fn key(text: &str) -> String {
    let dense: String = text.chars().filter(|c| *c != ' ').collect();
    let start = dense.strip_prefix("이약").unwrap_or(&dense);
    start.strip_suffix(['중', '당']).unwrap_or(start).to_owned()
}

/// `… 중-허니앤레몬` → `… 중` and `허니앤레몬`. Without 중 a hyphen sets a label apart only where what
/// stands before it is a whole basis.
fn split_label(text: &str) -> (&str, Option<&str>) {
    let split = |at: usize| {
        let (body, label) = text.split_at_checked(at)?;
        let label = label.trim_start_matches(|c| is_dash(c) || c == ' ').trim();
        (!label.is_empty()).then_some((body.trim_end(), Some(label)))
    };
    let after_of = text.match_indices("중").find_map(|(at, word)| {
        let end = at.checked_add(word.len())?;
        text.get(end..)?
            .trim_start_matches(' ')
            .starts_with(is_dash)
            .then_some(end)
    });
    let plain = || {
        let at = text.find(is_dash)?;
        read(text.split_at_checked(at)?.0).map(|_| at)
    };
    after_of
        .or_else(plain)
        .and_then(split)
        .unwrap_or((text, None))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}')
}

/// Reads `[이 약] 1정 [615.04밀리그램] [(…)] [중|당]` or `[이 약] [약] 100밀리리터 [(…)] [중|당]`.
fn read(text: &str) -> Option<Basis> {
    let mut rest = text.trim();
    for start in ["이 약", "이약", "본제", "본품", "본 품", "전체"] {
        if let Some(shorter) = rest.strip_prefix(start) {
            rest = shorter.trim_start();
            break;
        }
    }
    for end in ["중", "당"] {
        if let Some(shorter) = rest.strip_suffix(end) {
            rest = shorter.trim_end();
            break;
        }
    }
    let (rest, approximate) = about(rest);
    let (number, rest) = take_number(rest)?;
    let (word, rest) = take_word(rest.trim_start())?;
    // `1정중615.04밀리그램`: the particle is no part of the counter.
    let word = word
        .strip_suffix(['중', '당'])
        .filter(|counter| !counter.is_empty())
        .unwrap_or(word);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(['중', '당']).unwrap_or(rest);
    if let Some(measure) = measure(number, word) {
        closing(rest)?;
        return Some(Basis {
            text: String::new(),
            count: None,
            unit: BasisUnit::Measure,
            measure: Some(measure),
            approximate,
        });
    }
    // Nothing counted is no basis, and "about a tablet" makes no sense.
    if approximate || number <= Decimal::ZERO {
        return None;
    }
    let (measure, approximate) = content(rest)?;
    Some(Basis {
        text: String::new(),
        count: Some(number),
        unit: counter(word)?,
        measure,
        approximate,
    })
}

fn about(text: &str) -> (&str, bool) {
    match text.strip_prefix('약') {
        Some(rest) => (rest.trim_start(), true),
        None => (text, false),
    }
}

/// Letters up to a digit, a blank or a bracket.
fn take_word(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| c.is_numeric() || c.is_whitespace() || matches!(c, '(' | '[' | '/' | '~'))
        .unwrap_or(text.len());
    text.split_at_checked(end)
        .filter(|(word, _)| !word.is_empty())
}

/// A weight or volume that isn't nothing.
fn measure(number: Decimal, word: &str) -> Option<Quantity> {
    let unit = Unit::known(word)?;
    let measures = matches!(unit.dimension(), Dimension::Mass | Dimension::Volume);
    (measures && number > Decimal::ZERO).then(|| Quantity::new(number, unit))
}

/// What follows a counter: nothing, a measure, a measure in brackets, or words in brackets.
fn content(text: &str) -> Option<(Option<Quantity>, bool)> {
    let text = text.trim();
    if text.is_empty() {
        return Some((None, false));
    }
    if let Some(inner) = bracketed(text) {
        return Some(whole_measure(inner).map_or((None, false), |(q, about)| (Some(q), about)));
    }
    let (text, approximate) = about(text);
    let (number, rest) = take_number(text)?;
    let (word, rest) = take_word(rest.trim_start())?;
    let measure = measure(number, word)?;
    closing(rest)?;
    Some((Some(measure), approximate))
}

fn whole_measure(text: &str) -> Option<(Quantity, bool)> {
    let (text, approximate) = about(text.trim());
    let (number, word) = take_number(text)?;
    Some((measure(number, word.trim())?, approximate))
}

/// The end of a basis: nothing, or words in brackets.
fn closing(text: &str) -> Option<()> {
    let text = text.trim();
    (text.is_empty() || bracketed(text).is_some()).then_some(())
}

/// The inside of one pair of brackets that holds the whole text.
fn bracketed(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    for c in inner.chars() {
        match c {
            '(' => depth = depth.checked_add(1)?,
            ')' if depth == 0 => return None,
            ')' => depth -= 1,
            _ => {}
        }
    }
    (depth == 0).then_some(inner)
}

fn counter(word: &str) -> Option<BasisUnit> {
    Some(match word {
        "정" => BasisUnit::Tablet,
        "캡슐" | "캅셀" | "캡셀" | "연질캡슐" | "경질캡슐" => BasisUnit::Capsule,
        "포" => BasisUnit::Sachet,
        "개" => BasisUnit::Piece,
        "병" => BasisUnit::Bottle,
        "바이알" | "바이얼" => BasisUnit::Vial,
        "앰플" | "앰풀" | "암풀" | "관" => BasisUnit::Ampoule,
        "시린지" | "프리필드시린지" => BasisUnit::Syringe,
        "매" | "패취" | "패치" => BasisUnit::Patch,
        "좌제" => BasisUnit::Suppository,
        // A unit that is no weight or volume (100%, 1000단위) counts nothing.
        other if Unit::known(other).is_some() => return None,
        other if other.chars().all(char::is_alphabetic) && other.chars().count() <= 10 => {
            BasisUnit::Other(other.to_owned())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
