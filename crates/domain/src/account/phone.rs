//! Korean mobile numbers.

use std::fmt;
use std::str::FromStr;

use crate::catalogue::name::is_unseen;

/// Most characters that somebody writes around the digits.
const LONGEST_INPUT: usize = 40;
/// What makes a mobile number of the present plan.
const PREFIX: &str = "010";
/// The plan before 2004; numbers that kept it could be moved to 010 until 2021.
const OLD_PREFIXES: [&str; 5] = ["011", "016", "017", "018", "019"];

/// A Korean mobile number: 010 and 8 digits, or 011, 016–019 and 7 or 8.
///
/// It is read with spaces, hyphens, dots and brackets anywhere between the digits, as people write and
/// address books copy it, in the national form (`010-1234-5678`) or the international one
/// (`+82 10 1234 5678`, `0082…`, also the common `+82 (0)10…`).
///
/// Personal data: `Debug` hides it, there is no `Display`, and [`masked`](Self::masked) is what may be
/// shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    /// The national digits, 10 or 11.
    digits: String,
}

/// Why a text is not a number that codes are sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a phone number is a Korean mobile number, for example 010-1234-5678 or +821012345678")]
pub struct PhoneNumberError;

impl PhoneNumber {
    /// The canonical form (ITU-T E.164), which is stored and looked for: `+821012345678`.
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+82{}", self.digits.strip_prefix('0').unwrap_or_default())
    }

    /// The digits of the national form, which SMS providers in Korea take: `01012345678`.
    #[must_use]
    pub fn national(&self) -> &str {
        &self.digits
    }

    /// `010-****-5678`. The number of stars is that of the digits, which the plan tells anyway.
    #[must_use]
    pub fn masked(&self) -> String {
        let (prefix, rest) = self.digits.split_at_checked(3).unwrap_or_default();
        let hidden = rest.len().saturating_sub(4);
        let last = rest.get(hidden..).unwrap_or_default();
        format!("{prefix}-{}-{last}", "*".repeat(hidden))
    }
}

impl FromStr for PhoneNumber {
    type Err = PhoneNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.chars().count() > LONGEST_INPUT {
            return Err(PhoneNumberError);
        }
        let plain: String = text.chars().filter(|c| !is_decoration(*c)).collect();
        let digits = match plain
            .strip_prefix("+82")
            .or_else(|| plain.strip_prefix("0082"))
        {
            Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
            None => plain,
        };
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits || !fits_plan(&digits) {
            return Err(PhoneNumberError);
        }
        Ok(Self { digits })
    }
}

fn fits_plan(digits: &str) -> bool {
    digits
        .split_at_checked(3)
        .is_some_and(|(prefix, rest)| match rest.len() {
            8 => prefix == PREFIX || OLD_PREFIXES.contains(&prefix),
            7 => OLD_PREFIXES.contains(&prefix),
            _ => false,
        })
}

/// What stands around digits and means nothing: also the dashes that phones write for a hyphen, and
/// the marks that address books put around a number for the direction of writing.
fn is_decoration(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '(' | ')' | '\u{A0}' | '\u{2010}'..='\u{2015}'
    ) || is_unseen_mark(c)
}

fn is_unseen_mark(c: char) -> bool {
    !c.is_control() && is_unseen(c)
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(…)")
    }
}
