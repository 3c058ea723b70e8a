//! Additives (`INGR_NAME`): `[M040702]포비돈|[M040624]자일리톨|…`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Additive, name::tidy};

use super::text::decode;

/// What an `INGR_NAME` holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Additives {
    /// Without repeats, in the order of the feed.
    pub list: Vec<Additive>,
    /// Pieces that were not understood.
    pub unparsed: Vec<String>,
}

/// Reads a list of additives. A name may hold digits, spaces and brackets; only a code of M or D
/// and digits in square brackets at its start is a code. Something else in square brackets there, or
/// a code without a name, is not understood. Never fails.
#[must_use]
pub fn parse_additives(text: &str) -> Additives {
    let mut seen = HashSet::new();
    let mut additives = Additives::default();
    for piece in decode(text)
        .split('|')
        .map(tidy)
        .filter(|piece| !piece.is_empty())
    {
        match parse_coded(&piece) {
            Some((code, name)) => {
                let additive = Additive {
                    code: code.map(str::to_owned),
                    name: name.to_owned(),
                };
                if seen.insert(additive.clone()) {
                    additives.list.push(additive);
                }
            }
            None => additives.unparsed.push(piece.into_owned()),
        }
    }
    additives
}

/// `[M040702]포비돈` → code and name; a name without brackets has no code.
pub(super) fn parse_coded(piece: &str) -> Option<(Option<&str>, &str)> {
    // A capture that was cut off may have lost any part of its last name.
    if piece.ends_with("...") || piece.ends_with('…') {
        return None;
    }
    let Some(rest) = piece.strip_prefix('[') else {
        // Without a code nothing says where a name ends: a list in one piece is not one additive.
        return (!piece.contains([',', '/', ';'])).then_some((None, piece));
    };
    let (code, name) = rest.split_once(']')?;
    let (code, name) = (code.trim(), name.trim());
    let digits = code.strip_prefix(['M', 'D', 'm', 'd'])?;
    let valid = (1..=12).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !name.is_empty();
    valid.then_some((Some(code), name))
}

#[cfg(test)]
mod tests {
    use super::parse_additives;

    #[test]
    fn drops_repeats_only() {
        let additives = parse_additives(
            "[M040309]수산화칼륨|[M040309]수산화칼륨|[M281625]오렌지향 PHL-010300| |정제수|[M1]|[X]이름|포비돈, 탈크|[M040310]수산화칼륨",
        );
        let names: Vec<_> = additives
            .list
            .iter()
            .map(|additive| (additive.code.as_deref(), additive.name.as_str()))
            .collect();
        assert_eq!(
            names,
            [
                (Some("M040309"), "수산화칼륨"),
                (Some("M281625"), "오렌지향 PHL-010300"),
                (None, "정제수"),
                (Some("M040310"), "수산화칼륨"),
            ]
        );
        assert_eq!(additives.unparsed, ["[M1]", "[X]이름", "포비돈, 탈크"]);
        assert_eq!(parse_additives(""), super::Additives::default());
    }
}
