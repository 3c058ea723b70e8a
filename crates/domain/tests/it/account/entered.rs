//! What people enter: login ids, passwords, e-mail addresses, phone numbers.

use domain::account::{
    EmailAddress, LoginId, Password, PasswordAttempt, PasswordError, PhoneNumber,
};
use unicode_normalization::UnicodeNormalization;

#[test]
fn login_ids_are_lower_case_letters_and_digits() {
    for good in ["abcd", "haneul7", "0000", "a1b2c3d4e5f6g7h8i9j0"] {
        assert_eq!(good.parse::<LoginId>().unwrap().as_str(), good);
    }
    for bad in [
        "",
        "abc",
        "a1b2c3d4e5f6g7h8i9j0k",
        "Abcd",
        "abc d",
        " abcd",
        "abcd\n",
        "ab_cd",
        "ab@cd",
        "하늘하늘",
        "ａｂｃｄ",
        "abcé",
        "abc\0",
        "abcd\u{200B}",
    ] {
        assert!(bad.parse::<LoginId>().is_err(), "{bad:?}");
    }
}

#[test]
fn passwords_keep_to_characters_and_to_bytes() {
    let hangul = "가".repeat(23);
    for good in [
        "abcdefg1".to_owned(),
        "비밀번호는일곱1".to_owned(),
        format!("{}1", "a".repeat(63)),
        // 23 syllables of 3 bytes and 2 digits: 71 bytes.
        format!("{hangul}12"),
        "  a  1  ".to_owned(),
        "😀😀😀😀😀😀a1".to_owned(),
    ] {
        assert_eq!(Password::new(&good).unwrap().expose(), good);
    }
    for (bad, why) in [
        (String::new(), PasswordError::TooShort),
        ("abcdef1".to_owned(), PasswordError::TooShort),
        (format!("{}1", "a".repeat(64)), PasswordError::TooLong),
        (format!("{hangul}123"), PasswordError::TooLong),
        ("x".repeat(10_000_000), PasswordError::TooLong),
        ("12345678".to_owned(), PasswordError::NoLetter),
        ("!!!!!!!1".to_owned(), PasswordError::NoLetter),
        ("abcdefgh".to_owned(), PasswordError::NoDigit),
        ("abcdefg٣".to_owned(), PasswordError::NoDigit),
        ("abcdefg1\0".to_owned(), PasswordError::Nul),
        ("\0".repeat(100), PasswordError::Nul),
    ] {
        assert_eq!(Password::new(&bad).unwrap_err(), why, "{}", bad.len());
    }
}

#[test]
fn a_password_is_the_same_from_every_keyboard() {
    let composed = format!("{}12", "갈".repeat(23));
    let decomposed: String = composed.nfd().collect();
    assert!(decomposed.len() > 200);
    assert_eq!(Password::new(&decomposed).unwrap().expose(), composed);
    let tried = PasswordAttempt::new(&decomposed).unwrap();
    assert_eq!(tried.expose(), composed);
}

#[test]
fn what_is_tried_may_break_the_rules_for_what_is_chosen() {
    for tried in ["a", "12345678", "password"] {
        assert_eq!(PasswordAttempt::new(tried).unwrap().expose(), tried);
    }
    for impossible in [
        String::new(),
        "a\0b".to_owned(),
        "a".repeat(72),
        "가".repeat(24),
    ] {
        assert!(PasswordAttempt::new(&impossible).is_none());
    }
}

#[test]
fn emails_have_a_normal_form_and_a_key() {
    let address: EmailAddress = "Kim.Haneul+x@Mail.Example.COM".parse().unwrap();
    assert_eq!(address.as_str(), "Kim.Haneul+x@mail.example.com");
    assert_eq!(address.key(), "kim.haneul+x@mail.example.com");
    assert_eq!(address.masked(), "K***@mail.example.com");
    let local = "a".repeat(64);
    let domain = format!("{0}.{0}.{1}.kr", "b".repeat(63), "c".repeat(58));
    for good in [
        "a@b.kr".to_owned(),
        "!#$%&'*+-/=?^_`{|}~@example.com".to_owned(),
        "a@xn--bj0bj06e.kr".to_owned(),
        format!("{local}@example.com"),
        format!("a@{domain}"),
    ] {
        assert!(good.parse::<EmailAddress>().is_ok(), "{good}");
    }
}

#[test]
fn odd_emails_are_refused() {
    let too_long = format!(
        "{}@{}.kr",
        "a".repeat(64),
        vec!["b".repeat(62); 3].join(".")
    );
    assert_eq!(too_long.len(), 64 + 1 + 188 + 3);
    for bad in [
        "",
        "@",
        "a",
        "a@",
        "@b.kr",
        "a@b",
        "a@localhost",
        "a b@c.kr",
        " a@b.kr",
        "a@b.kr ",
        "a@b.kr\r\nBcc: c@d.kr",
        ".a@b.kr",
        "a.@b.kr",
        "a..b@c.kr",
        "\"a\"@b.kr",
        "a@b@c.kr",
        "a@-b.kr",
        "a@b-.kr",
        "a@b..kr",
        "a@.kr",
        "a@b.kr.",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@b.1",
        "a@b.k",
        "a@한글.kr",
        "한글@b.kr",
        "a(x)@b.kr",
        "<a@b.kr>",
        "a@b_c.kr",
        "a\0@b.kr",
        &format!("{}@b.kr", "a".repeat(65)),
        &format!("a@{}.kr", "b".repeat(64)),
        &too_long,
    ] {
        assert!(bad.parse::<EmailAddress>().is_err(), "{bad:?}");
    }
}

#[test]
fn phone_numbers_are_read_as_people_write_them() {
    for text in [
        "01012345678",
        "010-1234-5678",
        "010 1234 5678",
        "010.1234.5678",
        "(010) 1234-5678",
        "+821012345678",
        "+82 10-1234-5678",
        "+82-010-1234-5678",
        "+82 (0)10 1234 5678",
        "0082 10 1234 5678",
        " 010-1234-5678 ",
        "010–1234–5678",
        "010\u{A0}1234\u{A0}5678",
        "\u{202D}010-1234-5678\u{202C}",
    ] {
        let number: PhoneNumber = text.parse().unwrap();
        assert_eq!(number.e164(), "+821012345678", "{text:?}");
        assert_eq!(number.national(), "01012345678");
        assert_eq!(number.masked(), "010-****-5678");
    }
    let old: PhoneNumber = "011-234-5678".parse().unwrap();
    assert_eq!(old.e164(), "+82112345678");
    assert_eq!(old.masked(), "011-***-5678");
    for prefix in ["011", "016", "017", "018", "019"] {
        for rest in ["2345678", "92345678"] {
            assert!(format!("{prefix}{rest}").parse::<PhoneNumber>().is_ok());
        }
    }
}

#[test]
fn other_numbers_are_refused() {
    for bad in [
        "",
        "010",
        "0101234567",
        "010123456789",
        "01212345678",
        "01312345678",
        "01512345678",
        "021234567",
        "070-1234-5678",
        "0502-1234-5678",
        "+81 90-1234-5678",
        "+8210123456",
        "821012345678",
        "010-1234-567a",
        "０１０１２３４５６７８",
        "010\n1234\n5678",
        "010-1234-5678;ext=1",
        "+82+1012345678",
        "+82001012345678",
        "++821012345678",
        "tel:01012345678",
        "011-123456",
        &("0101234".to_owned() + &" ".repeat(40) + "5678"),
    ] {
        assert!(bad.parse::<PhoneNumber>().is_err(), "{bad:?}");
    }
}
