//! Dates in the feed's spellings.

use chrono::NaiveDate;

/// Reads `20200803`, `2025-03-24`, `2021-01-29 00:00:00`, `2021.1.29`, `1971May6th`. A text that
/// holds anything more, or a day that no calendar has, is no date.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    // Longer than any spelling of a date.
    if text.len() > 40 {
        return None;
    }
    compact(text)
        .or_else(|| separated(text))
        .or_else(|| worded(text))
        .filter(|date| (1800..=2999).contains(&chrono::Datelike::year(date)))
}

fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn day(year: &str, month: u32, day: &str) -> Option<NaiveDate> {
    let year = i32::try_from(digits(year, 4..=4)?).ok()?;
    NaiveDate::from_ymd_opt(year, month, digits(day, 1..=2)?)
}

fn compact(text: &str) -> Option<NaiveDate> {
    if text.len() != 8 {
        return None;
    }
    let (year, rest) = text.split_at_checked(4)?;
    let (month, rest) = rest.split_at_checked(2)?;
    day(year, digits(month, 2..=2)?, rest)
}

fn separated(text: &str) -> Option<NaiveDate> {
    // A time of day may follow; whether it is one is checked, what it says is not needed.
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    if let Some(time) = time
        && !(time.starts_with(|c: char| c.is_ascii_digit())
            && time
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | '+' | '-')))
    {
        return None;
    }
    let mut parts = date.trim_end_matches('.').splitn(3, ['-', '.', '/']);
    let (year, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    day(year, digits(month, 1..=2)?, last)
}

fn worded(text: &str) -> Option<NaiveDate> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '.'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let (year, rest) = plain.split_at_checked(4)?;
    let word_end = rest.find(|c: char| c.is_ascii_digit())?;
    let (word, last) = rest.split_at_checked(word_end)?;
    let month = MONTHS
        .iter()
        .zip(FULL)
        .position(|(short, full)| word == *short || word == full)?;
    let last = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| last.strip_suffix(ending))
        .unwrap_or(last);
    day(year, u32::try_from(month).ok()?.checked_add(1)?, last)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::parse_date;

    #[test]
    fn reads_every_spelling() {
        for (text, expected) in [
            ("20200803", (2020, 8, 3)),
            ("2025-03-24", (2025, 3, 24)),
            ("2021-01-29 00:00:00", (2021, 1, 29)),
            ("2021-01-29T00:00:00+09:00", (2021, 1, 29)),
            ("1971May6th", (1971, 5, 6)),
            ("1971 June 21st", (1971, 6, 21)),
            (" 2021.1.29. ", (2021, 1, 29)),
        ] {
            let (year, month, day) = expected;
            assert_eq!(
                parse_date(text),
                NaiveDate::from_ymd_opt(year, month, day),
                "{text}"
            );
        }
        for bad in [
            "",
            "0",
            "20201301",
            "20210229",
            "2021-02-30",
            "정상",
            "2020080",
            "202008031",
            "00000000",
            "99991231",
            "2021-01-29 취하",
            "1971Ma6th",
            "２０２００８０３",
            "1971May",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }
}
