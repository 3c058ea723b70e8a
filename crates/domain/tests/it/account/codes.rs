//! Verification codes and the message that carries them.

use std::collections::HashSet;

use domain::account::{CodeHash, VerificationCode, VerificationPurpose, verification_sms};
use encoding_rs::EUC_KR;
use proptest::prelude::*;

use super::secret;

fn code(number: u32) -> VerificationCode {
    format!("{number:06}").parse().unwrap()
}

#[test]
fn six_ascii_digits() {
    for good in ["000000", "048213", "999999", " 048213\n"] {
        assert_eq!(
            good.parse::<VerificationCode>().unwrap().expose(),
            good.trim()
        );
    }
    for bad in [
        "",
        "12345",
        "1234567",
        "12345a",
        "+12345",
        "１２３４５６",
        "12 345",
        "12345\0",
        "가나",
    ] {
        assert!(bad.parse::<VerificationCode>().is_err(), "{bad:?}");
    }
}

#[test]
fn the_remainder_of_the_random_number_is_the_code() {
    let of = |number: u128| VerificationCode::from_random(&number.to_be_bytes());
    assert_eq!(of(0).expose(), "000000");
    assert_eq!(of(48_213).expose(), "048213");
    assert_eq!(of(7_000_048_213).expose(), "048213");
    assert_eq!(of(u128::MAX).expose(), (u128::MAX % 1_000_000).to_string());
}

/// Every digit at every place comes about as often as every other one. The bytes come from a fixed
/// hash, so this fails always or never.
#[test]
fn codes_are_uniform() {
    const CODES: u32 = 60_000;
    let mut counts = [[0_u32; 10]; 6];
    let drawn = secret(7);
    for number in 0..CODES {
        let random = code(0).hash(&drawn, &number.to_string());
        let bytes: [u8; 16] = random.as_bytes()[..16].try_into().unwrap();
        for (place, digit) in VerificationCode::from_random(&bytes)
            .expose()
            .bytes()
            .enumerate()
        {
            counts[place][usize::from(digit - b'0')] += 1;
        }
    }
    let expected = f64::from(CODES) / 10.0;
    for place in counts {
        let chi_square: f64 = place
            .iter()
            .map(|count| (f64::from(*count) - expected).powi(2) / expected)
            .sum();
        // Nine degrees of freedom: 33.7 is passed once in ten thousand times.
        assert!(chi_square < 33.7, "{place:?}: {chi_square}");
    }
}

#[test]
fn a_hash_depends_on_code_verification_and_secret() {
    let hashes: Vec<CodeHash> = [
        code(1).hash(&secret(1), "a"),
        code(2).hash(&secret(1), "a"),
        code(1).hash(&secret(1), "b"),
        code(1).hash(&secret(2), "a"),
    ]
    .to_vec();
    let unique: HashSet<_> = hashes.iter().map(CodeHash::as_bytes).collect();
    assert_eq!(unique.len(), 4);
    let stored = CodeHash::from_bytes(*hashes[0].as_bytes());
    assert!(stored == code(1).hash(&secret(1), "a"));
    assert!(stored != hashes[1]);
}

#[test]
fn a_message_fits_with_the_carriers_line() {
    for purpose in VerificationPurpose::ALL {
        let text = verification_sms(*purpose, &code(48_213));
        let (bytes, _, lossy) = EUC_KR.encode(&text);
        assert!(!lossy, "{text}");
        // `EUC_KR` of the web also has syllables that old phones don't: theirs have both bytes high.
        let mut rest = bytes.iter();
        while let Some(first) = rest.next() {
            if *first >= 0x80 {
                assert!(*first >= 0xA1 && *rest.next().unwrap() >= 0xA1, "{text}");
            }
        }
        let added = EUC_KR.encode("[Web발신]\n").0.len();
        assert!(
            bytes.len() + added <= 90,
            "{text}: {} + {added}",
            bytes.len()
        );
        assert!(
            text.contains("휴대폰 번호 확인") && text.contains("048213") && text.contains("3분")
        );
        assert!(!text.contains("본인"), "{text}");
    }
}

#[test]
fn a_message_says_what_it_is_for() {
    let texts: HashSet<_> = VerificationPurpose::ALL
        .iter()
        .map(|purpose| verification_sms(*purpose, &code(0)))
        .collect();
    assert_eq!(texts.len(), 4);
    let text = verification_sms(VerificationPurpose::ResetPassword, &code(12));
    assert!(
        text.contains("비밀번호 재설정") && text.contains("000012"),
        "{text}"
    );
}

proptest! {
    #[test]
    fn codes_are_equal_where_their_digits_are(a in 0_u32..1_000_000, b in 0_u32..1_000_000) {
        prop_assert_eq!(code(a) == code(b), a == b);
        prop_assert!(code(a) == code(a));
        let hash = |number| code(number).hash(&secret(3), "v");
        prop_assert_eq!(hash(a) == hash(b), a == b);
    }
}
