//! What holds for anything that is entered.

use domain::account::{
    EmailAddress, HmacSecret, LoginId, Nickname, Password, PasswordAttempt, PhoneNumber,
    VerificationCode,
};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// Texts that come near to every type, and texts that don't.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z0-9]{3,21}",
        "[a-zA-Z0-9가-힣!😀]{6,66}",
        "[a-zA-Z0-9._+-]{1,66}@[a-zA-Z0-9.-]{1,70}\\.[a-z]{1,4}",
        "(\\+82|0082|0)?[ -]?(0?1[0-9])[ -]?[0-9]{3,4}[ -]?[0-9]{4}",
        "[0-9]{5,7}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_taken_is_in_its_one_form(text in anything()) {
        if let Ok(id) = text.parse::<LoginId>() {
            prop_assert_eq!(id.as_str(), &text);
        }
        if let Ok(number) = text.parse::<PhoneNumber>() {
            prop_assert_eq!(&number.e164().parse::<PhoneNumber>().unwrap(), &number);
            prop_assert_eq!(&number.national().parse::<PhoneNumber>().unwrap(), &number);
            prop_assert!((12..=13).contains(&number.e164().len()));
            // Nothing of the middle is left when masked.
            prop_assert_eq!(number.masked().bytes().filter(u8::is_ascii_digit).count(), 7);
        }
        if let Ok(address) = text.parse::<EmailAddress>() {
            prop_assert_eq!(&address.as_str().parse::<EmailAddress>().unwrap(), &address);
            prop_assert_eq!(address.key(), text.to_ascii_lowercase());
            prop_assert!(address.as_str().is_ascii() && address.as_str().len() <= 254);
            prop_assert!(!address.as_str().contains(|c: char| c.is_whitespace() || c.is_control()));
        }
    }

    #[test]
    fn a_password_is_what_bcrypt_can_take(text in anything()) {
        if let Ok(password) = Password::new(&text) {
            let chosen = password.expose();
            prop_assert!(chosen.len() <= 71 && !chosen.contains('\0'));
            prop_assert!((8..=64).contains(&chosen.chars().count()));
            prop_assert_eq!(chosen.nfc().collect::<String>(), chosen);
            // Whoever chose it can sign in with it, from any keyboard.
            let elsewhere: String = text.nfd().collect();
            for tried in [text.as_str(), chosen, &elsewhere] {
                let tried = PasswordAttempt::new(tried).unwrap();
                prop_assert_eq!(tried.expose(), chosen);
            }
        }
    }

    #[test]
    fn nothing_entered_is_printed(text in anything()) {
        let mut printed = Vec::new();
        let mut print = |value: &dyn std::fmt::Debug| printed.push(format!("{value:?} {value:#?}"));
        let (id, name, address) = (text.parse::<LoginId>(), text.parse::<Nickname>(), text.parse::<EmailAddress>());
        print(&id);
        print(&name);
        print(&address);
        print(&text.parse::<PhoneNumber>());
        print(&Password::new(&text));
        print(&PasswordAttempt::new(&text));
        print(&text.parse::<VerificationCode>());
        print(&HmacSecret::new(text.as_bytes()));
        let fixed = [
            "Ok(LoginId(…))", "Ok(Nickname(…))", "Ok(EmailAddress(…))", "Ok(PhoneNumber(…))",
            "Ok(Password(…))", "Some(PasswordAttempt(…))", "Ok(VerificationCode(…))", "Ok(HmacSecret(…))",
        ];
        for line in printed {
            let known = fixed.iter().any(|text| line.starts_with(text));
            prop_assert!(known || line.starts_with("Err(") || line.starts_with("None"), "{line}");
        }
    }
}
