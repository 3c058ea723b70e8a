//! Traps where a plausible reading would mislead a patient: each goes the whole way from the feed's
//! text to the comparison.

use std::time::{Duration, Instant};

use domain::catalogue::{
    Agreement, AmountOutcome, Aspect, Comparison, FormProfile, Medicine, NotComparable, Presence,
    Release, Route, Substance, Verdict, compare,
};
use domain::mfds::{RawPermitDetail, RawPill, parse_permit_detail, parse_pill};

/// A row of `MATERIAL_NAME`.
pub(crate) fn row(basis: &str, name: &str, amount: &str, unit: &str, info: &str) -> String {
    format!(
        "총량 : {basis}|성분명 : {name}|분량 : {amount}|단위 : {unit}|규격 : |성분정보 : {info}|비고 : "
    )
}

/// A product with this name, this form of the pill list, and this `MATERIAL_NAME`.
fn product(id: u32, name: &str, form: Option<&str>, material: &str) -> Medicine {
    let text = |text: &str| Some(text.to_owned());
    let detail = parse_permit_detail(&RawPermitDetail {
        item_seq: Some(id.to_string()),
        item_name: text(name),
        entp_name: text("예시제약"),
        material_name: text(material),
        ..RawPermitDetail::default()
    })
    .unwrap();
    let pills: Vec<_> = form
        .map(|form| {
            let raw = RawPill {
                item_seq: Some(id.to_string()),
                form_code_name: text(form),
                ..RawPill::default()
            };
            parse_pill(&raw).unwrap().pill
        })
        .into_iter()
        .collect();
    Medicine::assemble(detail, None, &pills, None)
}

fn compared(a: &str, b: &str) -> Comparison {
    compare(
        &product(200000001, "가나정", Some("필름코팅정"), a),
        &product(200000002, "다라정", Some("필름코팅정"), b),
    )
    .unwrap()
}

fn tablet(name: &str) -> String {
    row("1정", name, "5", "밀리그램", "")
}

fn agreement(comparison: &Comparison, aspect: Aspect) -> Agreement {
    comparison
        .sameness
        .checks
        .iter()
        .find(|check| check.aspect == aspect)
        .unwrap()
        .agreement
}

#[test]
fn strangers_are_never_salts_of_one_substance() {
    for (a, b) in [
        ("덱시부프로펜", "이부프로펜"),
        ("에스오메프라졸마그네슘삼수화물", "오메프라졸마그네슘"),
        ("레보세티리진염산염", "세티리진염산염"),
        ("에스시탈로프람옥살산염", "시탈로프람브롬화수소산염"),
        ("덱스클로르페니라민말레산염", "클로르페니라민말레산염"),
        ("부틸스코폴라민브롬화물", "스코폴라민브롬화수소산염"),
        ("에스암로디핀베실산염", "암로디핀베실산염"),
        // Esters are other substances, whichever way round the name is written.
        ("히드로코르티손", "히드로코르티손아세테이트"),
        ("히드로코르티손", "초산히드로코르티손"),
        ("덱사메타손", "덱사메타손인산염"),
        ("덱사메타손", "덱사메타손인산이나트륨"),
        ("테스토스테론", "테스토스테론프로피온산염"),
        ("클로베타솔", "프로피온산클로베타솔"),
        ("메드록시프로게스테론", "초산메드록시프로게스테론"),
        ("에스트론", "에스트론황산염"),
        ("토코페롤", "초산토코페롤"),
        ("클린다마이신염산염", "클린다마이신인산염"),
        ("에리트로마이신", "에리트로마이신에틸숙신산염"),
        // What is left of an ester is a radical and joins strangers.
        ("살리실산메틸", "디메틸푸마르산염"),
        ("이소소르비드이질산염", "이소소르비드일질산염"),
        ("이소소르비드", "묽은이소소르비드일질산염"),
        ("미데카마이신", "초산미데카마이신"),
        ("침강탄산칼슘", "침강탄산마그네슘"),
        ("구연산비스마스칼륨", "살리실산비스마스칼륨"),
        ("살리실산에틸", "초산에틸"),
        ("살리실산메틸", "황산메틸"),
        ("살리실산디에틸아민", "디에틸아민염산염"),
        // Exchanging these two ions has killed.
        ("에데트산나트륨", "에데트산칼슘나트륨"),
        ("폴리스티렌설폰산칼슘", "폴리스티렌설폰산나트륨"),
        ("라넬산스트론튬", "라넬산칼슘"),
        ("글리시리신", "글리시"),
    ] {
        let (first, second) = (Substance::of(a), Substance::of(b));
        assert_ne!(first.base, second.base, "{a} {b}");
        let rows = compared(&tablet(a), &tablet(b))
            .variants
            .remove(0)
            .ingredients;
        assert_eq!(rows.len(), 2, "{a} {b}");
    }
}

#[test]
fn known_salts_of_one_substance_are_found() {
    for (a, b) in [
        ("암로디핀베실산염", "암로디핀말레산염"),
        ("암로디핀베실산염", "암로디핀캄실산염"),
        ("암로디핀베실산염", "암로디핀아디프산염"),
        ("암로디핀베실산염", "암로디핀오로트산염"),
        ("암로디핀베실산염", "암로디핀니코틴산염"),
        ("클로피도그렐황산염", "클로피도그렐황산수소염"),
        ("클로피도그렐황산수소염", "클로피도그렐나파디실산염"),
        (
            "덱스트로메토르판브롬화수소산염수화물",
            "브롬화수소산덱스트로메토르판",
        ),
        ("트리메타지딘염산염", "트리메타지딘이염산염"),
        (
            "테네리글립틴브롬화수소산염수화물",
            "테네리글립틴이토실산염이수화물",
        ),
        ("톨터로딘타르타르산염", "톨터로딘-L-타르타르산염"),
        (
            "테노포비르디소프록실푸마르산염",
            "테노포비르디소프록실헤미에디실산염",
        ),
        (
            "판토프라졸나트륨세스키히드레이트",
            "판토프라졸헤미마그네슘수화물",
        ),
        ("에티드론산나트륨", "에티드론산디나트륨"),
        ("다파글리플로진", "다파글리플로진프로판디올수화물"),
        ("페메트렉시드나트륨", "페메트렉시드이나트륨칠수화물"),
        (
            "에스오메프라졸마그네슘삼수화물",
            "에스오메프라졸스트론튬사수화물",
        ),
        (
            "테노포비르디소프록실푸마르산염",
            "테노포비르디소프록실아스파르트산염",
        ),
        ("메토프롤롤타르타르산염", "메토프롤롤숙신산염"),
        ("레보플록사신반수화물", "레보플록사신수화물"),
    ] {
        let rows = compared(&tablet(a), &tablet(b))
            .variants
            .remove(0)
            .ingredients;
        assert_eq!(
            rows.len(),
            1,
            "{a} {b}: {:?} {:?}",
            Substance::of(a),
            Substance::of(b)
        );
        assert_eq!(rows[0].presence, Presence::SameSubstanceOtherSalt);
        assert_eq!(rows[0].amount.reason, Some(NotComparable::DifferentSalt));
    }
}

#[test]
fn a_name_or_form_that_hints_at_slow_release_is_never_plain() {
    let material = tablet("아스피린");
    for (name, form) in [
        ("가나장용정100밀리그램", "필름코팅정"),
        ("가나장용연질캡슐", "연질캡슐제, 액상"),
        ("가나지속정", "필름코팅정"),
        ("가나8시간이알서방정", "필름코팅정"),
        ("가나오로스정", "필름코팅정"),
        ("가나리타드정", "나정"),
        // These say nothing of how they set free what they hold.
        ("가나정", "정제"),
        ("가나캡슐", "캡슐"),
        ("가나패취", "지지체가있는첩부제"),
        ("가나정", "부착정"),
    ] {
        let profile = FormProfile::of(&product(200000001, name, Some(form), &material));
        assert_eq!(profile.release, None, "{name} {form}");
    }
    let of = |form| FormProfile::of_form(form);
    assert_eq!(of("질좌제, 일반").route, Some(Route::Vaginal));
    assert_eq!(of("부착정").route, Some(Route::Oromucosal));
    assert_eq!(of("나정").release, Some(Release::Immediate));
    // A row shifted by a stray tab; a word for all tablets.
    assert_eq!(of("20190925").same_form(&of("20190925")), None);
    assert_eq!(of("정제").same_form(&of("나정")), None);
}

#[test]
fn two_slow_releases_are_not_known_to_be_one() {
    let form = Some("서방성필름코팅정");
    let material = tablet("메틸페니데이트염산염");
    let a = product(200000001, "가나서방정", form, &material);
    let b = product(200000002, "다라오로스서방정", form, &material);
    let comparison = compare(&a, &b).unwrap();
    assert_eq!(agreement(&comparison, Aspect::Release), Agreement::Unknown);
    assert_eq!(comparison.sameness.verdict, Verdict::Unknown);
    let plain = product(200000003, "마바정", Some("필름코팅정"), &material);
    let comparison = compare(&a, &plain).unwrap();
    assert_eq!(agreement(&comparison, Aspect::Release), Agreement::Differs);
}

#[test]
fn a_concentration_is_not_divided_by_its_basis() {
    for unit in ["퍼센트", "ppm", "피피엠", "M"] {
        let of = |basis| row(basis, "가나", "5", unit, "");
        let comparison = compared(&of("100밀리리터"), &of("1000밀리리터"));
        let amount = &comparison.variants[0].ingredients[0].amount;
        assert_eq!(amount.reason, Some(NotComparable::DifferentBasis), "{unit}");
        let comparison = compared(&of("100밀리리터"), &of("100밀리리터"));
        let amount = &comparison.variants[0].ingredients[0].amount;
        assert_eq!(amount.outcome, AmountOutcome::Equal, "{unit}");
    }
    for unit in ["밀리그램", "밀리그램(역가)", "mEq", "국제단위"] {
        let of = |basis, amount| row(basis, "가나", amount, unit, "");
        let comparison = compared(&of("5밀리리터", "1"), &of("100mL", "20"));
        let amount = &comparison.variants[0].ingredients[0].amount;
        assert_eq!(amount.outcome, AmountOutcome::Equal, "{unit}");
    }
}

#[test]
fn different_bases_are_not_ranked() {
    for (a, b) in [
        ("1정", "1캡슐"),
        ("2정", "1정"),
        ("1정", "1mL"),
        ("100mL", "100g"),
        // The same counter around another volume is another basis.
        ("1병(500밀리리터)", "1병(1000밀리리터)"),
        ("1포10밀리리터", "1포(20mL)"),
    ] {
        let of = |basis| row(basis, "가나", "5", "밀리그램", "");
        let amount = &compared(&of(a), &of(b)).variants[0].ingredients[0].amount;
        assert_eq!(
            amount.reason,
            Some(NotComparable::DifferentBasis),
            "{a} {b}"
        );
    }
    let of = |basis| row(basis, "가나", "5", "밀리그램", "");
    for (a, b) in [
        ("1정600밀리그램", "1정(615mg)"),
        ("1포(10mL)", "1포 10밀리리터"),
    ] {
        let amount = &compared(&of(a), &of(b)).variants[0].ingredients[0].amount;
        assert_eq!(amount.outcome, AmountOutcome::Equal, "{a} {b}");
    }
}

#[test]
fn thousands_of_variants_make_no_million_pairs() {
    let many: Vec<_> = (0..20_000)
        .map(|n| row(&format!("1정 중-{n}"), "가", "1", "mg", ""))
        .collect();
    let a = product(200000001, "가나정", None, &many.join(";"));
    let b = product(200000002, "다라정", None, &many[..19_999].join(";"));
    let began = Instant::now();
    let comparison = compare(&a, &b).unwrap();
    assert_eq!(comparison.variants.len(), 64);
    assert_eq!(comparison.omitted_pairs, 20_000 * 19_999 - 64);
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "{:?}",
        began.elapsed()
    );
}
