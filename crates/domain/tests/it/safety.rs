//! Allergies against compositions: depths, levels, what always holds, and the real captures.

use std::collections::BTreeSet;

use domain::catalogue::{Composition, CompositionRef};
use domain::mfds::{RawPermitDetail, parse_permit_detail};
use domain::safety::{
    AllergyCheck, Checked, Depth, Finding, Group, HeldAs, Identity, Level, SharedChain, Warning,
    conclude, held_in, is_wholly_known, relate,
};
use proptest::prelude::*;

use crate::files;

/// What a caller does with the parts.
fn check(allergens: &[&str], composition: &Composition) -> Checked<(usize, usize)> {
    let composition = CompositionRef::of(composition);
    let held: Vec<_> = held_in(&composition).collect();
    let mut warnings = Vec::new();
    for (allergen, name) in allergens.iter().enumerate() {
        let allergen_identity = Identity::of(name);
        for (place, (name, held_as)) in held.iter().enumerate() {
            if let Some(finding) = relate(&allergen_identity, &Identity::of(name), *held_as) {
                warnings.push(Warning {
                    allergen: (0, allergen),
                    held: (1, place),
                    finding,
                });
            }
        }
    }
    conclude(warnings, is_wholly_known(&composition))
}

fn found(allergen: &str, held: &str, held_as: HeldAs) -> Option<(Depth, Level)> {
    let finding = relate(&Identity::of(allergen), &Identity::of(held), held_as)?;
    Some((finding.depth, finding.level))
}

/// Allergen, what is held, and how near and how grave that is.
type Relation = (&'static str, &'static str, Option<(Depth, Level)>);

const RELATIONS: &[Relation] = {
    use Depth::{CrossReaction, SameIngredient, SameSubstance};
    use Level::{Caution, Danger};
    &[
        (
            "아세트아미노펜",
            "아세트아미노펜",
            Some((SameIngredient, Danger)),
        ),
        (
            "아세트아미노펜",
            "아세트아미노펜과립",
            Some((SameSubstance, Danger)),
        ),
        // An ACE inhibitor whose name begins as cephalosporins' do; it becomes another.
        ("아목시실린", "알라세프릴", None),
        ("알라세프릴", "세팔렉신", None),
        ("캡토프릴", "알라세프릴", Some((SameSubstance, Danger))),
        ("아스피린", "인도부펜", Some((CrossReaction, Danger))),
        ("트리플루살", "이부프로펜", Some((CrossReaction, Danger))),
        ("아스피린", "트리플루살", Some((CrossReaction, Danger))),
        ("아스피린", "디플루니살", Some((CrossReaction, Danger))),
        (
            "페닐레프린염산염",
            "페닐레프린",
            Some((SameSubstance, Danger)),
        ),
        (
            "암로디핀베실산염",
            "에스암로디핀베실산염2.5수화물",
            Some((SameSubstance, Danger)),
        ),
        (
            "아목시실린수화물",
            "암피실린수화물",
            Some((CrossReaction, Danger)),
        ),
        (
            "아목시실린",
            "세파드록실수화물",
            Some((CrossReaction, Caution)),
        ),
        (
            "아목시실린",
            "세파클러수화물",
            Some((CrossReaction, Caution)),
        ),
        (
            "아목시실린",
            "세파졸린나트륨",
            Some((CrossReaction, Caution)),
        ),
        (
            "세팔렉신수화물",
            "세파클러수화물",
            Some((CrossReaction, Danger)),
        ),
        (
            "세파졸린나트륨",
            "세파클러수화물",
            Some((CrossReaction, Caution)),
        ),
        (
            "아즈트레오남",
            "세프타지딤수화물",
            Some((CrossReaction, Caution)),
        ),
        ("아즈트레오남", "세프트리악손나트륨수화물", None),
        ("아즈트레오남", "아목시실린", None),
        (
            "아목시실린",
            "메로페넴수화물",
            Some((CrossReaction, Caution)),
        ),
        ("아목시실린", "클라불란산칼륨", None),
        ("아스피린", "이부프로펜리신", Some((CrossReaction, Danger))),
        ("아스피린", "덱시부프로펜", Some((CrossReaction, Danger))),
        ("이부프로펜", "세레콕시브", Some((CrossReaction, Caution))),
        ("이부프로펜", "멜록시캄", Some((CrossReaction, Caution))),
        (
            "이부프로펜",
            "아세트아미노펜",
            Some((CrossReaction, Caution)),
        ),
        ("아스피린", "살리실산메틸", Some((CrossReaction, Caution))),
        (
            "아스피린",
            "차살리실산비스마스",
            Some((CrossReaction, Caution)),
        ),
        ("아스피린", "살리실산나트륨", Some((CrossReaction, Caution))),
        ("아스피린", "펠비낙", Some((CrossReaction, Danger))),
        (
            "아스피린",
            "디클로페낙디에틸아민",
            Some((CrossReaction, Danger)),
        ),
        ("세레콕시브", "아세트아미노펜", None),
        ("설파메톡사졸", "설파디아진", Some((CrossReaction, Danger))),
        ("설파메톡사졸", "설파살라진", Some((CrossReaction, Danger))),
        // Sulfonamides that are no antibiotics, and names that only begin alike.
        ("설파메톡사졸", "푸로세미드", None),
        ("설파메톡사졸", "히드로클로로티아지드", None),
        ("설파메톡사졸", "세레콕시브", None),
        ("설파메톡사졸", "글리메피리드", None),
        ("설파메톡사졸", "아미설프리드", None),
        ("설파메톡사졸", "결정황산글루코사민", None),
        ("에탄올", "메탄올", None),
        ("나트륨", "디클로페낙나트륨", None),
    ]
};

#[test]
fn each_depth_by_name() {
    use Depth::{Additive, SameSubstance};
    use Level::Danger;
    for &(allergen, held, expected) in RELATIONS {
        assert_eq!(
            found(allergen, held, HeldAs::Active),
            expected,
            "{allergen} {held}"
        );
    }
    let lactose = found("유당", "유당수화물", HeldAs::Additive);
    assert_eq!(lactose, Some((Additive, Danger)));
    let exact = found("탤크", "탤크", HeldAs::Additive);
    assert_eq!(exact, Some((Additive, Danger)));
    let part = found("아목시실린", "아목시실린", HeldAs::ActivePart);
    assert_eq!(part, Some((SameSubstance, Danger)));
}

#[test]
fn side_chains_are_named() {
    let cross = |allergen: &str, held: &str| {
        let finding = relate(&Identity::of(allergen), &Identity::of(held), HeldAs::Active);
        let cross = finding.and_then(|one| one.cross).unwrap();
        (cross.allergen.group, cross.held.group, cross.chain)
    };
    let (penicillin, cephalosporin) = (Group::Penicillin, Group::Cephalosporin);
    for (allergen, held, chain) in [
        ("아목시실린", "세파드록실", Some(SharedChain::Identical)),
        ("아목시실린", "세파클러", Some(SharedChain::Similar)),
        ("암피실린", "세팔렉신", Some(SharedChain::Identical)),
        ("암피실린", "세프라딘", Some(SharedChain::Similar)),
        ("아목시실린", "세픽심", None),
        ("아목시실린", "세파졸린", None),
    ] {
        assert_eq!(
            cross(allergen, held),
            (penicillin, cephalosporin, chain),
            "{allergen} {held}"
        );
        assert_eq!(
            cross(held, allergen),
            (cephalosporin, penicillin, chain),
            "{held} {allergen}"
        );
    }
}

/// Several names of one ingredient: what was merged into it is found as well.
#[test]
fn a_merged_name_is_a_name() {
    let merged = Identity::of_all(["가나다라", "마바사아"]);
    for name in ["가나다라", "마바사아"] {
        let finding = relate(&merged, &Identity::of(name), HeldAs::Active);
        assert_eq!(finding.map(|one| one.depth), Some(Depth::SameIngredient));
    }
    assert_eq!(
        relate(&Identity::default(), &Identity::default(), HeldAs::Active),
        None
    );
}

fn composition(actives: &[&str], additives: &[&str], complete: bool) -> Composition {
    let rows: Vec<_> = actives
        .iter()
        .map(|name| {
            format!(
                "총량 : 1정|성분명 : {name}|분량 : 10|단위 : 밀리그램|규격 : KP|성분정보 : |비고 : "
            )
        })
        .collect();
    let listed: Vec<_> = additives
        .iter()
        .map(|name| format!("[M000001]{name}"))
        .collect();
    let raw = serde_json::json!({
        "ITEM_SEQ": "195500005", "ITEM_NAME": "시험정", "ENTP_NAME": "시험제약",
        "MATERIAL_NAME": rows.join(";"), "INGR_NAME": listed.join("|"), "CANCEL_NAME": "정상",
    });
    let raw: RawPermitDetail = serde_json::from_value(raw).unwrap();
    let mut composition = parse_permit_detail(&raw).unwrap().composition;
    composition.complete &= complete;
    composition
}

#[test]
fn what_is_not_known_is_told() {
    let all = |complete| composition(&["아세트아미노펜"], &["탤크"], complete);
    let known = check(&["이소니아지드"], &all(true));
    assert_eq!(known.check, AllergyCheck::NoKnownMatch);
    assert!(known.complete && known.warnings.is_empty());
    assert_eq!(
        check(&["이소니아지드"], &all(false)).check,
        AllergyCheck::Unknown
    );
    assert_eq!(check(&[], &all(false)).check, AllergyCheck::Unknown);
    let found = check(&["아세트아미노펜"], &all(false));
    assert_eq!((found.check, found.complete), (AllergyCheck::Danger, false));
    // No list of additives: nobody knows what else is in it.
    let unlisted = composition(&["아세트아미노펜"], &[], true);
    assert_eq!(check(&["탤크"], &unlisted).check, AllergyCheck::Unknown);
    // Nothing at all.
    assert_eq!(
        check(&["탤크"], &Composition::default()).check,
        AllergyCheck::Unknown
    );
    let reasons = check(&["탤크", "이부프로펜", "아세트아미노펜과립"], &all(true));
    let depths: Vec<_> = reasons
        .warnings
        .iter()
        .map(|one| one.finding.depth)
        .collect();
    assert_eq!(
        depths,
        [Depth::SameSubstance, Depth::Additive, Depth::CrossReaction]
    );
}

#[test]
fn one_reason_for_one_pair() {
    let finding = |depth, level| Finding {
        depth,
        level,
        cross: None,
    };
    let warning = |held, finding| Warning {
        allergen: 1,
        held,
        finding,
    };
    let far = finding(Depth::CrossReaction, Level::Caution);
    let near = finding(Depth::SameIngredient, Level::Danger);
    let all = vec![
        warning(2, far),
        warning(2, near),
        warning(2, near),
        warning(1, far),
    ];
    let checked = conclude(all, true);
    assert_eq!(checked.warnings, [warning(2, near), warning(1, far)]);
}

const NAMES: &[&str] = &[
    "아세트아미노펜",
    "아세트아미노펜과립",
    "이부프로펜",
    "덱시부프로펜",
    "아스피린",
    "세레콕시브",
    "멜록시캄",
    "아목시실린수화물",
    "암피실린나트륨",
    "세파클러수화물",
    "세파졸린나트륨",
    "세프타지딤수화물",
    "아즈트레오남",
    "메로페넴수화물",
    "설파메톡사졸",
    "설파살라진",
    "살리실산메틸",
    "메살라진",
    "유당수화물",
    "무수유당",
    "마크로골400",
    "마크로골6000",
    "황색5호",
    "에탄올",
    "메탄올",
    "클라불란산칼륨",
    "디클로페낙나트륨",
    "염화나트륨",
    "탤크",
    "아목시실린·클라불란산칼륨",
];

fn names(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(proptest::sample::select(NAMES), 0..=most)
}

fn rank(check: AllergyCheck) -> u8 {
    match check {
        AllergyCheck::Danger => 2,
        AllergyCheck::Caution => 1,
        AllergyCheck::NoKnownMatch | AllergyCheck::Unknown => 0,
        // Never: the allergens are there.
        AllergyCheck::Unavailable => u8::MAX,
    }
}

proptest! {
    /// Adding an allergy takes no warning back and makes none milder, and what isn't known stays so.
    #[test]
    fn more_allergens_never_warn_less(
        actives in names(4), additives in names(4), allergens in names(5), new in proptest::sample::select(NAMES),
        complete: bool,
    ) {
        let product = composition(&actives, &additives, complete);
        let before = check(&allergens, &product);
        let mut more = allergens.clone();
        more.push(new);
        let after = check(&more, &product);
        prop_assert!(rank(after.check) >= rank(before.check));
        prop_assert_eq!(after.complete, before.complete);
        for warning in &before.warnings {
            prop_assert!(after.warnings.contains(warning));
        }
        if before.check == AllergyCheck::NoKnownMatch {
            prop_assert!(before.complete && before.warnings.is_empty());
        }
        if before.check == AllergyCheck::Unknown {
            prop_assert!(!before.complete && before.warnings.is_empty());
        }
    }

    /// Who reacts to one and meets the other is told the same the other way round.
    #[test]
    fn relations_go_both_ways(one in proptest::sample::select(NAMES), other in proptest::sample::select(NAMES)) {
        let level = |a, b| found(a, b, HeldAs::Active);
        prop_assert_eq!(level(one, other), level(other, one));
        prop_assert_eq!(level(one, one), Some((Depth::SameIngredient, Level::Danger)));
    }
}

#[test]
fn every_ingredient_of_a_real_product_is_found_in_it() {
    let Some(mut details) = files::lines::<RawPermitDetail>("items/permit_detail.jsonl") else {
        return;
    };
    details.extend(files::items("responses/permission_detail.json").unwrap());
    details.extend(files::items("other/single-medi-product-details.json").unwrap());
    let (mut products, mut checks) = (0, 0);
    for raw in &details {
        let detail = parse_permit_detail(raw).unwrap();
        let parts = CompositionRef::of(&detail.composition);
        let names: BTreeSet<&str> = held_in(&parts).map(|(name, _)| name).collect();
        assert!(!names.is_empty());
        products += 1;
        for name in names {
            let found = check(&[name], &detail.composition);
            assert_eq!(
                found.check,
                AllergyCheck::Danger,
                "{name} in {}",
                detail.name
            );
            assert!(found.warnings[0].finding.depth < Depth::CrossReaction);
            checks += 1;
        }
        let none = check(&["이소니아지드"], &detail.composition);
        let expected = if is_wholly_known(&parts) {
            AllergyCheck::NoKnownMatch
        } else {
            AllergyCheck::Unknown
        };
        assert_eq!(none.check, expected);
    }
    eprintln!("{products} captured products, {checks} ingredients: each is danger to who names it");
}

/// Names of substances that real products carry in brackets, with the class that the ministry gives
/// the product.
fn bracketed() -> Option<BTreeSet<(String, String)>> {
    let list = files::read("pill_identification.tsv")?;
    let mut names = BTreeSet::new();
    for line in list.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let class = fields[17];
        let inside = fields[1]
            .split('(')
            .skip(1)
            .filter_map(|part| part.split(')').next());
        // Names for export and of makers stand in brackets as well.
        let is_substance = |name: &&str| {
            let hangul = name.chars().filter(|c| ('가'..='힣').contains(c)).count();
            !name.contains("수출") && hangul > 3
        };
        let inside = inside.filter(is_substance);
        names.extend(inside.map(|name| (class.to_owned(), name.to_owned())));
    }
    Some(names)
}

/// The table against every beta-lactam and every painkiller that is sold as a pill: who isn't in a
/// class stands in these lists, which somebody has read.
#[test]
fn the_table_knows_what_is_sold() {
    let is_member = |name: &str| Identity::of(name).memberships().next().is_some();
    let Some(sold) = bracketed() else {
        return;
    };
    let mut figures = Vec::new();
    for (class, others) in [
        ("06180", OTHER_ANTIBACTERIALS),
        ("01140", OTHER_PAINKILLERS),
    ] {
        let names = sold.iter().filter(|one| one.0 == class);
        let names: Vec<&String> = names.map(|one| &one.1).collect();
        let strangers: Vec<_> = names.iter().filter(|name| !is_member(name)).collect();
        let unread: Vec<_> = strangers
            .iter()
            .filter(|name| !others.iter().any(|other| name.starts_with(other)))
            .collect();
        assert!(
            unread.is_empty(),
            "in {class}: neither in a class nor known not to be: {unread:?}"
        );
        figures.push(format!(
            "{class}: {} names, {} in a class",
            names.len(),
            names.len() - strangers.len()
        ));
    }
    eprintln!("{}", figures.join("; "));
}

/// Classes of pills that beta-lactams, sulfonamides, painkillers and salicylates are sold as: painkillers,
/// antibacterials, against thrombosis and colitis, antacids, for the mouth, with codeine. Some products have none.
const CLASSES_OF_MEMBERS: &[&str] = &[
    "", "01140", "02180", "02190", "02310", "02370", "02390", "03390", "06120", "06180", "06210",
    "08110",
];

/// A name that is like those of a class and isn't one of them is sold for something else.
#[test]
fn nobody_in_the_table_is_sold_for_something_else() {
    let Some(sold) = bracketed() else {
        return;
    };
    let is_odd = |(class, name): &&(String, String)| {
        !CLASSES_OF_MEMBERS.contains(&class.as_str())
            && Identity::of(name).memberships().next().is_some()
    };
    let odd: Vec<_> = sold.iter().filter(is_odd).collect();
    assert!(odd.is_empty(), "{odd:?}");
}

const OTHER_ANTIBACTERIALS: &[&str] = &["리팍시민"];
/// Triptans, opioids, herbs, and what doesn't act by COX.
const OTHER_PAINKILLERS: &[&str] = &[
    "결정글루코사민",
    "결정황산글루코사민",
    "나라트립탄",
    "네포팜",
    "단미엑스혼합제",
    "라스미디탄",
    "방기황기탕",
    "벤지다민",
    "부시라민",
    "소경활혈탕",
    "수마트립탄",
    "알모트립탄",
    "에몰파존",
    "위령선",
    "은교산",
    "작약감초탕",
    "졸미트립탄",
    "트라마돌",
    "펜타조신",
    "프로바트립탄",
    "하르파고",
];
