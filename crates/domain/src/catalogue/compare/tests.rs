//! What the comparison may say, and what it must not.

use rust_decimal::Decimal;

use super::{Agreement, AmountOutcome, CompareError, NotComparable, Presence, Verdict, compare};
use crate::catalogue::{
    ActiveIngredient, ActivePart, Basis, BasisUnit, Cancellation, CancellationState, Composition,
    Dispensing, Medicine, MedicineId, Pill, Quantity, Unit, Variant,
};

fn amount(value: i64, scale: u32, unit: Unit) -> Quantity {
    Quantity::new(Decimal::new(value, scale), unit)
}

fn row(name: &str, quantity: Quantity) -> ActiveIngredient {
    ActiveIngredient {
        name: name.to_owned(),
        code: None,
        amount_text: quantity.to_string(),
        quantity: Some(quantity),
        standard: None,
        active_as: Vec::new(),
        info: None,
        remark: None,
    }
}

fn tablet() -> Basis {
    Basis {
        text: "1정".to_owned(),
        count: Some(Decimal::ONE),
        unit: BasisUnit::Tablet,
        measure: None,
        approximate: false,
    }
}

fn milliliters(value: i64) -> Basis {
    Basis {
        text: format!("{value}mL"),
        count: None,
        unit: BasisUnit::Measure,
        measure: Some(amount(value, 0, Unit::Milliliter)),
        approximate: false,
    }
}

fn medicine(id: i64, basis: Basis, actives: Vec<ActiveIngredient>) -> Medicine {
    let pill = Pill {
        appearance: None,
        image_url: None,
        shape: None,
        form: Some("필름코팅정".to_owned()),
        color_front: None,
        color_back: None,
        imprint_front: None,
        imprint_back: None,
        line_front: None,
        line_back: None,
        length_long: None,
        length_short: None,
        thickness: None,
    };
    Medicine {
        id: MedicineId::new(id).unwrap(),
        name: "가나정".to_owned(),
        english_name: None,
        maker: "제약".to_owned(),
        maker_english: None,
        dispensing: Dispensing::Otc,
        class: None,
        permitted_on: None,
        changed_on: None,
        cancellation: Cancellation {
            state: CancellationState::Valid,
            date: None,
        },
        appearance: None,
        storage: None,
        valid_term: None,
        pack_unit: None,
        atc_code: None,
        ingredients_english: None,
        image_url: None,
        pills: vec![pill],
        composition: Composition {
            variants: vec![Variant {
                label: None,
                basis,
                actives,
            }],
            additives: Vec::new(),
            additives_listed: true,
            complete: true,
            unparsed: Vec::new(),
        },
    }
}

fn one(a: (Basis, ActiveIngredient), b: (Basis, ActiveIngredient)) -> super::IngredientRow {
    let (a, b) = (medicine(1, a.0, vec![a.1]), medicine(2, b.0, vec![b.1]));
    compare(&a, &b)
        .unwrap()
        .variants
        .remove(0)
        .ingredients
        .remove(0)
}

#[test]
fn not_with_itself() {
    let a = medicine(1, tablet(), Vec::new());
    assert_eq!(
        compare(&a, &a),
        Err(CompareError::SameMedicine(MedicineId::new(1).unwrap()))
    );
}

type Case = (
    Basis,
    Quantity,
    Basis,
    Quantity,
    Result<AmountOutcome, NotComparable>,
);

fn amount_cases() -> [Case; 9] {
    use AmountOutcome::{AMore, BMore, Equal};
    let mg = |value| amount(value, 0, Unit::Milligram);
    let percent = || amount(5, 0, Unit::Percent);
    let about = || Basis {
        approximate: true,
        ..milliliters(5)
    };
    let units = amount(5, 0, Unit::InternationalUnit);
    let unknown = Basis::unknown(String::new());
    let (ml, different) = (milliliters, Err(NotComparable::DifferentBasis));
    [
        (
            tablet(),
            mg(500),
            tablet(),
            amount(5, 1, Unit::Gram),
            Ok(Equal),
        ),
        (tablet(), mg(500), tablet(), mg(160), Ok(AMore)),
        (ml(5), mg(5), ml(100), mg(100), Ok(Equal)),
        (ml(3), mg(1), ml(100), mg(34), Ok(BMore)),
        (tablet(), mg(5), ml(5), mg(5), different),
        (
            tablet(),
            mg(5),
            tablet(),
            units,
            Err(NotComparable::DifferentUnit),
        ),
        (ml(5), percent(), ml(100), percent(), different),
        (
            unknown,
            mg(5),
            tablet(),
            mg(5),
            Err(NotComparable::UnknownBasis),
        ),
        (
            about(),
            mg(5),
            ml(5),
            mg(5),
            Err(NotComparable::ApproximateBasis),
        ),
    ]
}

#[test]
fn amounts_relate_on_one_basis_only() {
    for (basis_a, a, basis_b, b, expected) in amount_cases() {
        let (a, b) = (row("이부프로펜", a), row("이부프로펜", b));
        let found = one((basis_a, a), (basis_b, b)).amount;
        let found = match found.reason {
            Some(reason) => {
                assert_eq!(found.outcome, AmountOutcome::NotComparable);
                Err(reason)
            }
            None => Ok(found.outcome),
        };
        assert_eq!(found, expected);
    }
}

#[test]
fn per_milliliter_where_it_is_exact() {
    let mg = |value| row("이부프로펜", amount(value, 0, Unit::Milligram));
    let normalized = one((milliliters(5), mg(100)), (milliliters(100), mg(1200)))
        .amount
        .normalized;
    let normalized = normalized.unwrap();
    assert_eq!(
        (normalized.a, normalized.b),
        (Decimal::from(20), Decimal::from(12))
    );
    assert_eq!(normalized.per, "mL");
    assert_eq!(
        one((milliliters(3), mg(1)), (milliliters(5), mg(1)))
            .amount
            .normalized,
        None
    );
}

#[test]
fn salts_are_told_apart_and_parts_are_compared() {
    let mg = |value, scale| amount(value, scale, Unit::Milligram);
    let besylate = row("클로피도그렐베실산염", mg(11_186, 2));
    let sulfate = row("클로피도그렐황산염", mg(97_875, 3));
    let found = one((tablet(), besylate.clone()), (tablet(), sulfate.clone()));
    assert_eq!(found.presence, Presence::SameSubstanceOtherSalt);
    assert_eq!(found.amount.reason, Some(NotComparable::DifferentSalt));

    let with_part = |row: ActiveIngredient| ActiveIngredient {
        active_as: vec![ActivePart {
            name: "클로피도그렐".to_owned(),
            quantity: mg(75, 0),
        }],
        ..row
    };
    let found = one(
        (tablet(), with_part(besylate)),
        (tablet(), with_part(sulfate)),
    );
    assert_eq!(found.presence, Presence::SameSubstanceOtherSalt);
    assert_eq!(found.amount.outcome, AmountOutcome::Equal);
    assert_eq!(found.amount.active_part.as_deref(), Some("클로피도그렐"));

    // A granule's own weight says nothing of its strength.
    let granule = || (tablet(), row("아세트아미노펜과립", mg(177_778, 3)));
    assert_eq!(
        one(granule(), granule()).amount.reason,
        Some(NotComparable::UnknownActivePart)
    );
}

#[test]
fn a_row_that_is_missing_is_unknown_while_anything_is() {
    let mg = |name| row(name, amount(5, 0, Unit::Milligram));
    let a = medicine(1, tablet(), vec![mg("이부프로펜"), mg("카페인")]);
    let mut b = medicine(2, tablet(), vec![mg("이부프로펜"), mg("염화나트륨")]);
    let presences = |b: &Medicine| -> Vec<_> {
        let comparison = compare(&a, b).unwrap();
        comparison.variants[0]
            .ingredients
            .iter()
            .map(|row| row.presence)
            .collect()
    };
    assert_eq!(
        presences(&b),
        [Presence::Both, Presence::OnlyA, Presence::OnlyB]
    );
    assert_eq!(
        compare(&a, &b).unwrap().sameness.verdict,
        Verdict::Different
    );
    b.composition.complete = false;
    assert_eq!(
        presences(&b),
        [Presence::Both, Presence::Unknown, Presence::Unknown]
    );
    assert_eq!(compare(&a, &b).unwrap().sameness.verdict, Verdict::Unknown);
    // Nothing at all known of b: a's rows are still shown.
    b.composition.variants.clear();
    assert_eq!(presences(&b), [Presence::Unknown, Presence::Unknown]);
}

#[test]
fn repeats_are_not_added_up() {
    let mg = |value| row("이부프로펜", amount(value, 0, Unit::Milligram));
    let a = medicine(1, tablet(), vec![mg(5), mg(5)]);
    let b = medicine(2, tablet(), vec![mg(10)]);
    let row = compare(&a, &b)
        .unwrap()
        .variants
        .remove(0)
        .ingredients
        .remove(0);
    assert_eq!((row.a.len(), row.b.len()), (2, 1));
    assert_eq!(row.amount.reason, Some(NotComparable::Repeated));
}

#[test]
fn the_same_only_when_all_agrees() {
    let mg = |value| row("이부프로펜", amount(value, 0, Unit::Milligram));
    let a = medicine(1, tablet(), vec![mg(200)]);
    let verdict = |b: &Medicine| compare(&a, b).unwrap().sameness.verdict;
    let b = medicine(2, tablet(), vec![mg(200)]);
    assert_eq!(verdict(&b), Verdict::Same);
    assert_eq!(
        verdict(&medicine(2, tablet(), vec![mg(400)])),
        Verdict::Different
    );
    let form = |form: &str| {
        let mut other = b.clone();
        other.pills[0].form = Some(form.to_owned());
        other
    };
    assert_eq!(verdict(&form("서방정")), Verdict::Different);
    let mut unmarked = b.clone();
    unmarked.pills.clear();
    unmarked.name = "가나".to_owned();
    assert_eq!(verdict(&unmarked), Verdict::Unknown);
    let mut slow = b.clone();
    slow.name = "가나이알정".to_owned();
    let release = compare(&a, &slow).unwrap().sameness.checks[4].agreement;
    assert_eq!(release, Agreement::Unknown);
}

#[test]
fn variants_pair_by_label_else_each_with_each() {
    let variant = |label: Option<&str>| Variant {
        label: label.map(str::to_owned),
        basis: tablet(),
        actives: Vec::new(),
    };
    let with = |id, labels: &[Option<&str>]| {
        let mut medicine = medicine(id, tablet(), Vec::new());
        medicine.composition.variants = labels.iter().map(|label| variant(*label)).collect();
        medicine
    };
    let pairs = |a: &[Option<&str>], b: &[Option<&str>]| compare(&with(1, a), &with(2, b)).unwrap();
    let twins = pairs(
        &[Some("레몬"), Some("오렌지")],
        &[Some("오렌지"), Some("레몬")],
    );
    let labels: Vec<_> = twins
        .variants
        .iter()
        .map(|pair| (pair.label_a.as_deref(), pair.label_b.as_deref()))
        .collect();
    assert_eq!(
        labels,
        [
            (Some("레몬"), Some("레몬")),
            (Some("오렌지"), Some("오렌지"))
        ]
    );
    assert_eq!(
        pairs(&[Some("레몬"), Some("오렌지")], &[None])
            .variants
            .len(),
        2
    );
    let many = vec![None; 10];
    let crossed = pairs(&many, &many);
    assert_eq!((crossed.variants.len(), crossed.omitted_pairs), (64, 36));
}
