//! The forms of the feed, and what must not be read out of them.

use super::{parse_composition, parse_material};

fn row(amount: &str, unit: &str) -> String {
    format!(
        "총량 : 1정|성분명 : 가나다|분량 : {amount}|단위 : {unit}|규격 : KP|성분정보 : |비고 : "
    )
}

fn read(amount: &str, unit: &str) -> Option<String> {
    let material = parse_material(&row(amount, unit));
    let active = &material.variants[0].actives[0];
    assert_eq!(material.complete, active.quantity.is_some());
    assert_eq!(
        active.amount_text,
        format!("{}{}", amount.trim(), unit.trim())
    );
    active.quantity.as_ref().map(ToString::to_string)
}

#[test]
fn amounts_are_exact_or_left_alone() {
    for (amount, unit, expected) in [
        ("177.778", "밀리그램", "177.778 mg"),
        (" 20.00 ", " 밀리그람 ", "20 mg"),
        ("1,000", "국제단위", "1000 IU"),
        ("1.0E3", "마이크로그램", "1000 µg"),
        ("500mg", "", "500 mg"),
        ("500mg", "밀리그램", "500 mg"),
        ("5", "퍼센트", "5 %"),
        ("10", "mEq", "10 mEq"),
        ("250", "밀리그램(역가)", "250 mg(역가)"),
    ] {
        assert_eq!(
            read(amount, unit).as_deref(),
            Some(expected),
            "{amount} {unit}"
        );
    }
    for (amount, unit) in [
        ("500~1000", "밀리그램"),
        ("적량", ""),
        ("5", ""),
        ("500mg", "그램"),
        ("1,5", "밀리그램"),
        ("5", "밀리그램/mL"),
        ("1", "10^8 CFU"),
        ("50...", "그램"),
        ("5", "그..."),
        ("", "밀리그램"),
        ("9999999999999", "그램"),
    ] {
        assert_eq!(read(amount, unit), None, "{amount} {unit}");
    }
}

#[test]
fn a_semicolon_in_the_info_starts_no_row() {
    let material = parse_material(
        "총량 : 1정|성분명 : 벨라돈나건조엑스|분량 : 10|단위 : 밀리그램|규격 : KP|성분정보 : 히오스시아민으로서 0.126밀리그램; 스코폴라민으로서 0.01밀리그램|비고 : 메모|더;총량 : 1정|성분명 : 제산|분량 : 1|단위 : 그램|규격 : |성분정보 : |비고 : ;",
    );
    assert!(material.complete, "{material:?}");
    assert_eq!(material.variants.len(), 1);
    let [first, second] = material.variants[0].actives.as_slice() else {
        panic!("two rows");
    };
    assert_eq!(first.active_as.len(), 2);
    assert_eq!(first.remark.as_deref(), Some("메모|더"));
    assert_eq!(second.name, "제산");
    assert_eq!(second.standard, None);
}

#[test]
fn one_ingredient_twice_stays_twice() {
    let once = row("5", "밀리그램");
    let material = parse_material(&format!("{once};{once}"));
    assert_eq!(material.variants.len(), 1);
    assert_eq!(material.variants[0].actives.len(), 2);
}

#[test]
fn manner_of_speaking_makes_no_variant() {
    let once = row("5", "밀리그램");
    let material = parse_material(&format!("{once};{}", once.replace("1정", "이 약 1정 중")));
    assert_eq!(material.variants.len(), 1);
    let other = parse_material(&format!("{once};{}", once.replace("1정", "1정(백색)")));
    assert_eq!(other.variants.len(), 2);
}

#[test]
fn what_is_none_of_the_forms_stays_text() {
    for text in [
        "포도당 50그램",
        "총량 : 1정|분량 : 5|단위 : 밀리그램",
        "총량 : 1정|성분명 : 가|성분명 : 나|분량 : 5|단위 : 밀리그램",
        "총량 : 1정|성분명 : 아세트아...",
        "1000밀리리터|포도당|USP|5",
        "1,2-디올,,40,밀리그램,KP",
    ] {
        let material = parse_material(text);
        assert!(material.variants.is_empty(), "{text}");
        assert!(!material.complete);
        assert_eq!(material.unparsed, [text]);
    }
    for empty in ["", " ", ";", "|"] {
        let material = parse_material(empty);
        assert!(!material.complete && material.unparsed.is_empty() && material.variants.is_empty());
    }
}

#[test]
fn codes_only_where_they_are_sure() {
    let composition = |main: &str| parse_composition(Some(&row("5", "밀리그램")), None, Some(main));
    let code = |main: &str| composition(main).variants[0].actives[0].code.clone();
    assert_eq!(code("[M1]가나다|[M1]가나다").as_deref(), Some("M1"));
    assert_eq!(code("[M1]가나다|[M2]가나다"), None);
    assert_eq!(code("가나다"), None);
    assert!(composition("[M1]가나다").complete);
    assert!(!composition("[M1]가나다").additives_listed);
    // The feed's own list names something that the rows don't.
    let disagreeing = composition("[M1]가나다|[M2]라마바");
    assert!(!disagreeing.complete);
    assert_eq!(disagreeing.unparsed, ["[M2]라마바"]);
    let nothing = parse_composition(None, Some("[M1]정제수"), None);
    assert!(!nothing.complete && nothing.additives_listed);
}
