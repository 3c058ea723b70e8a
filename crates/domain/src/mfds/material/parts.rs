//! 성분정보: `히오스시아민으로서 0.126밀리그램, 스코폴라민으로서 …`.

use crate::catalogue::{ActivePart, Dimension, Quantity, Unit, name::tidy};

use super::number::take_number;

/// What a 성분정보 holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) list: Vec<ActivePart>,
    /// Pieces that speak of an amount and were not understood.
    pub(super) unparsed: Vec<String>,
}

/// Reads the "…로서" amounts. Words without a digit are a remark and need no understanding; they stay
/// in the text that is kept beside.
pub(super) fn parse_parts(text: &str) -> Parts {
    let mut parts = Parts::default();
    for piece in split(text) {
        let piece = tidy(piece);
        match parse_part(&piece) {
            Some(part) => parts.list.push(part),
            None if piece.chars().any(char::is_numeric)
                || is_cut(&piece)
                || piece.contains("로서") =>
            {
                parts.unparsed.push(piece.into_owned());
            }
            None => {}
        }
    }
    parts
}

pub(super) fn is_cut(text: &str) -> bool {
    text.ends_with("...") || text.ends_with('…')
}

/// At `;`, and at `,` outside brackets unless digits stand on both sides of it.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        let cut = match c {
            '(' | '[' => {
                depth = depth.saturating_add(1);
                false
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                false
            }
            ';' => true,
            ',' | '、' => depth == 0 && !(before.is_ascii_digit() && next_is_digit),
            _ => false,
        };
        if cut {
            pieces.extend(text.get(start..at));
            start = at.saturating_add(c.len_utf8());
        }
        before = c;
    }
    pieces.extend(text.get(start..));
    pieces
}

fn parse_part(piece: &str) -> Option<ActivePart> {
    let piece = piece
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .filter(|inner| !inner.contains(['(', ')']))
        .unwrap_or(piece)
        .trim();
    let at = piece.rfind("로서").or_else(|| piece.rfind("로써"))?;
    let (name, amount) = piece.split_at_checked(at)?;
    let name = name.trim_end();
    let name = ["(으)", "으"]
        .iter()
        .find_map(|particle| name.strip_suffix(particle))
        .unwrap_or(name)
        .trim();
    let amount = amount
        .trim_start_matches("로서")
        .trim_start_matches("로써")
        .trim();
    let (number, unit) = take_number(amount).filter(|(number, _)| !number.is_zero())?;
    // A name that holds another "as … so much" is two parts without a mark between them.
    if name.is_empty() || name.contains("로서") {
        return None;
    }
    Some(ActivePart {
        name: name.to_owned(),
        quantity: Quantity::new(number, parse_unit(unit)?),
    })
}

/// A unit that is known, or a known one of potency: `밀리그램(역가)` is no weight, so that it stays a
/// unit of its own and is compared with itself only.
pub(super) fn parse_unit(text: &str) -> Option<Unit> {
    let text = tidy(text);
    if let Some(unit) = Unit::known(&text) {
        return Some(unit);
    }
    let plain = text.strip_suffix("(역가)")?.trim_end();
    let unit = Unit::known(plain)?;
    (unit.dimension() == Dimension::Mass).then(|| Unit::Other(format!("{}(역가)", unit.symbol())))
}

#[cfg(test)]
mod tests {
    use super::parse_parts;

    #[test]
    fn reads_every_part() {
        for (text, expected) in [
            ("락툴로오즈로서 66.7그램", &["락툴로오즈 66.7 g"][..]),
            (
                "히오스시아민으로서 0.126밀리그램; 스코폴라민으로서 0.0072밀리그람",
                &["히오스시아민 0.126 mg", "스코폴라민 0.0072 mg"],
            ),
            (
                "칼슘으로서 1,000mg,비타민D로서 400 I.U.",
                &["칼슘 1000 mg", "비타민D 400 IU"],
            ),
            ("(이부프로펜으로서 200밀리그램)", &["이부프로펜 200 mg"]),
            ("세파클러로서 250밀리그램(역가)", &["세파클러 250 mg(역가)"]),
            ("미분화", &[]),
            ("", &[]),
        ] {
            let parts = parse_parts(text);
            let shown: Vec<_> = parts
                .list
                .iter()
                .map(|part| format!("{} {}", part.name, part.quantity))
                .collect();
            assert_eq!(shown, expected, "{text}");
            assert!(parts.unparsed.is_empty(), "{text}");
        }
    }

    #[test]
    fn half_understood_is_not_understood() {
        for text in [
            "히오스시아민으로서 0.1~0.2밀리그램",
            "칼슘으로서 1,5mg",
            "칼슘으로서 500",
            "으로서 500mg",
            "칼슘으로서 약 500mg",
            "칼슘으로서",
            "A로서 5mg B로서 6mg",
            "역가 1000",
            "락툴로오즈로서 66...",
        ] {
            let parts = parse_parts(text);
            assert!(parts.list.is_empty(), "{text}");
            assert_eq!(parts.unparsed, [text]);
        }
    }
}
