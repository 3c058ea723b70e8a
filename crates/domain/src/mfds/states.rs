//! How a product may be sold, and whether its permit stands.

use crate::catalogue::{Cancellation, CancellationState, Dispensing, name::tidy};

use super::parse_date;

/// Reads 전문일반구분. Only the feed's own words count: a new word is [`Dispensing::Unknown`], never
/// taken for the milder one.
#[must_use]
pub fn parse_dispensing(text: Option<&str>) -> Dispensing {
    let plain: String = text
        .map(tidy)
        .unwrap_or_default()
        .chars()
        .filter(|c| *c != ' ')
        .collect();
    match plain.as_str() {
        "일반의약품" | "일반" => Dispensing::Otc,
        "일반(안전상비)" | "일반의약품(안전상비)" | "안전상비의약품" | "일반(안전상비의약품)" => {
            Dispensing::OtcConvenience
        }
        "전문의약품" | "전문" => Dispensing::Prescription,
        "전문,희귀" | "전문(희귀)" | "희귀,전문" | "희귀의약품" | "전문의약품(희귀)" => {
            Dispensing::PrescriptionOrphan
        }
        _ => Dispensing::Unknown,
    }
}

/// Reads `CANCEL_NAME` and `CANCEL_DATE`. No word at all means 정상 only where no date stands
/// either; any word that isn't known keeps its text and is not for sale.
#[must_use]
pub fn parse_cancellation(name: Option<&str>, date: Option<&str>) -> Cancellation {
    let word = name.map(tidy).unwrap_or_default();
    let date_text = date.map(tidy).unwrap_or_default();
    let plain: String = word.chars().filter(|c| *c != ' ').collect();
    let state = match plain.as_str() {
        "정상" => CancellationState::Valid,
        "" if date_text.is_empty() => CancellationState::Valid,
        "취하" => CancellationState::Withdrawn,
        "유효기간만료" => CancellationState::Expired,
        "취소" | "허가취소" => CancellationState::Revoked,
        _ => CancellationState::Other(word.into_owned()),
    };
    Cancellation {
        state,
        date: parse_date(&date_text),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_cancellation, parse_dispensing};
    use crate::catalogue::{CancellationState, Dispensing};

    #[test]
    fn knows_the_words_and_no_others() {
        for (text, expected) in [
            ("일반의약품", Dispensing::Otc),
            ("일반(안전상비)", Dispensing::OtcConvenience),
            (" 전문의약품 ", Dispensing::Prescription),
            ("전문,희귀", Dispensing::PrescriptionOrphan),
            ("전문, 희귀", Dispensing::PrescriptionOrphan),
            ("혈압강하제", Dispensing::Unknown),
            ("", Dispensing::Unknown),
        ] {
            assert_eq!(parse_dispensing(Some(text)), expected, "{text}");
        }
        assert_eq!(parse_dispensing(None), Dispensing::Unknown);
    }

    #[test]
    fn only_a_plain_state_is_for_sale() {
        let state = |name: &str, date: &str| parse_cancellation(Some(name), Some(date)).state;
        assert_eq!(state("정상", ""), CancellationState::Valid);
        assert_eq!(state("", ""), CancellationState::Valid);
        assert_eq!(state("취하", "20200101"), CancellationState::Withdrawn);
        assert_eq!(state("유효기간만료", ""), CancellationState::Expired);
        assert_eq!(
            state("수출용 전환", ""),
            CancellationState::Other("수출용 전환".to_owned())
        );
        // A date of cancellation without a word: something happened, so not for sale.
        assert_eq!(
            state("", "20200101"),
            CancellationState::Other(String::new())
        );
        assert!(
            parse_cancellation(Some("취하"), Some("20200101"))
                .date
                .is_some()
        );
    }
}
