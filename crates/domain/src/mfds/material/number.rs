//! Numbers of the feed, exactly or not at all.

use rust_decimal::Decimal;

/// Most digits before and after the point: far beyond any dose, and small enough that every
/// conversion of units stays exact.
const INTEGER_DIGITS: usize = 12;
const FRACTION_DIGITS: usize = 9;

/// Reads a number: digits with an optional point (`177.778`), whole groups of three set apart by
/// commas (`1,000`), an optional exponent (`1.0E3`); full-width digits count as digits. Everything
/// else is no number: a range, a sign, `1,5` (a decimal comma or a cut group?), `05`, `.5`, `5.`, and
/// what needs more than 12 digits before or 9 after the point. Never rounds.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    // Leading and trailing zeros may be many, but no text of the feed is this long.
    if text.len() > 128 {
        return None;
    }
    let ascii: String = text.chars().map(to_ascii).collect();
    let (plain, exponent) = match ascii.split_once(['e', 'E']) {
        Some((plain, exponent)) => (plain, parse_exponent(exponent)?),
        None => (ascii.as_str(), 0),
    };
    let (whole, fraction) = match plain.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (plain, None),
    };
    let whole = ungroup(whole)?;
    let fraction = match fraction {
        Some(fraction) if is_digits(fraction) => fraction.trim_end_matches('0'),
        Some(_) => return None,
        None => "",
    };
    let mantissa: i128 = format!("{whole}{fraction}")
        .get(..)
        .filter(|digits| digits.trim_start_matches('0').len() <= INTEGER_DIGITS + FRACTION_DIGITS)?
        .parse()
        .ok()?;
    let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    let value = if scale < 0 {
        let power = 10_i128.checked_pow(scale.unsigned_abs())?;
        Decimal::try_from_i128_with_scale(mantissa.checked_mul(power)?, 0).ok()?
    } else {
        Decimal::try_from_i128_with_scale(mantissa, scale.unsigned_abs()).ok()?
    };
    let value = value.normalize();
    let fits = usize::try_from(value.scale()).ok()? <= FRACTION_DIGITS
        && value.trunc() < Decimal::from(1_000_000_000_000_i64);
    fits.then_some(value)
}

fn to_ascii(c: char) -> char {
    match c {
        '．' => '.',
        '，' => ',',
        '０'..='９' => u32::from(c)
            .checked_sub(u32::from('０'))
            .and_then(|digit| char::from_digit(digit, 10))
            .unwrap_or(c),
        other => other,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, or digits in whole groups of three; no leading zero but `0` itself.
fn ungroup(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next().filter(|first| is_digits(first))?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || !is_digits(group) || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    (digits == "0" || !digits.starts_with('0')).then_some(digits)
}

fn parse_exponent(text: &str) -> Option<i32> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if !is_digits(digits) || digits.len() > 2 {
        return None;
    }
    let power: i32 = digits.parse().ok()?;
    Some(if negative { -power } else { power })
}

/// The number that a text begins with, and what follows it; nothing unless all that looks like a
/// number there is one.
pub(super) fn take_number(text: &str) -> Option<(Decimal, &str)> {
    let of_number = |c: char| to_ascii(c).is_ascii_digit() || matches!(to_ascii(c), '.' | ',');
    let mut end = text.find(|c| !of_number(c)).unwrap_or(text.len());
    let (_, rest) = text.split_at_checked(end)?;
    // An exponent only with digits after it: `5 EU` is five units.
    if let Some(power) = rest.strip_prefix(['e', 'E']) {
        let signed = power.strip_prefix(['+', '-']).unwrap_or(power);
        let digits = signed.len()
            - signed
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        if digits > 0 {
            end = end + 1 + (power.len() - signed.len()) + digits;
        }
    }
    let (number, rest) = text.split_at_checked(end)?;
    Some((parse_decimal(number)?, rest))
}

#[cfg(test)]
mod tests {
    use super::{parse_decimal, take_number};

    #[test]
    fn reads_numbers_exactly() {
        for (text, expected) in [
            ("177.778", "177.778"),
            ("20.00", "20"),
            ("1,000", "1000"),
            ("12,345,678.50", "12345678.5"),
            ("1.0E3", "1000"),
            ("2.5e-3", "0.0025"),
            ("１００．５", "100.5"),
            ("0", "0"),
            ("0.000000001", "0.000000001"),
            ("999999999999", "999999999999"),
        ] {
            assert_eq!(
                parse_decimal(text).map(|n| n.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn guesses_nothing() {
        for bad in [
            "",
            "1,5",
            "1,0000",
            "1000,000",
            "500~1000",
            "500-1000",
            "-5",
            "+5",
            ".5",
            "5.",
            "05",
            "0,500",
            "1.2.3",
            "9..5",
            "1,000,5",
            "적량",
            "약 5",
            "5mg",
            "1E",
            "1E+",
            "1e999",
            "1e13",
            "1/2",
            "10³",
            "1000000000000",
            "0.0000000001",
            "∞",
            "NaN",
            "0x10",
            "1_000",
            "1 000",
            "٣",
        ] {
            assert_eq!(parse_decimal(bad), None, "{bad}");
        }
        assert_eq!(parse_decimal(&"9".repeat(10_000)), None);
    }

    #[test]
    fn takes_the_whole_number_or_none() {
        let rest = |text| take_number(text).map(|(n, rest)| (n.to_string(), rest.to_owned()));
        let some = |n: &str, rest: &str| Some((n.to_owned(), rest.to_owned()));
        assert_eq!(rest("615.04밀리그램"), some("615.04", "밀리그램"));
        assert_eq!(rest("1.0E3mg"), some("1000", "mg"));
        assert_eq!(rest("5EU"), some("5", "EU"));
        assert_eq!(rest("500~1000mg"), some("500", "~1000mg"));
        assert_eq!(rest("1,5mg"), None);
        assert_eq!(rest("mg"), None);
    }
}
