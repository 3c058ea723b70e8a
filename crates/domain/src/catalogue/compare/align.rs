//! Which variant and which row stands against which.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::{AmountComparison, IngredientRow, NotComparable, Presence, VariantComparison, amounts};
use crate::catalogue::{
    ActiveIngredient, Basis, IngredientView, VariantRef, canonical_ingredient_name,
    substance::base_of,
};

/// Pairs by label where both sides carry the same, different labels; else each with each. So many at
/// most, for they are a product of two lengths, and how many were left out.
pub(super) fn variant_pairs<'s, 'a>(
    a: &'s [VariantRef<'a>],
    b: &'s [VariantRef<'a>],
    most: usize,
) -> (Vec<(&'s VariantRef<'a>, &'s VariantRef<'a>)>, usize) {
    let labels = |variants: &'s [VariantRef<'a>]| {
        variants
            .iter()
            .map(|variant| Some((variant.label?, variant)))
            .collect::<Option<HashMap<_, _>>>()
            .filter(|labels| labels.len() == variants.len())
    };
    if let (Some(_), Some(of_b)) = (labels(a), labels(b)) {
        let twins: Option<Vec<_>> = a
            .iter()
            .map(|variant| Some((variant, *of_b.get(variant.label?)?)))
            .collect();
        if let Some(mut twins) = twins.filter(|twins| twins.len() == b.len()) {
            let omitted = twins.len().saturating_sub(most);
            twins.truncate(most);
            return (twins, omitted);
        }
    }
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
    let omitted = a.len().saturating_mul(b.len()).saturating_sub(most);
    (pairs.take(most).collect(), omitted)
}

/// Rows of one variant that share a key, in the order of the feed.
struct Group<'a> {
    key: Cow<'a, str>,
    rows: Vec<&'a ActiveIngredient>,
}

fn groups<'a>(
    rows: impl Iterator<Item = &'a ActiveIngredient>,
    key: impl Fn(&'a str) -> Cow<'a, str>,
) -> Vec<Group<'a>> {
    let mut places: HashMap<Cow<'a, str>, usize> = HashMap::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for row in rows {
        let key = key(&row.name);
        let place = *places.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                key,
                rows: vec![row],
            }),
        }
    }
    groups
}

/// The substance of a name as the feed writes it.
fn base(name: &str) -> Cow<'_, str> {
    match canonical_ingredient_name(name) {
        Cow::Borrowed(name) => Cow::Borrowed(base_of(name)),
        Cow::Owned(name) => Cow::Owned(base_of(&name).to_owned()),
    }
}

/// Aligns two variants; `complete` says that both compositions were wholly understood.
pub(super) fn variants(
    a: &VariantRef<'_>,
    b: &VariantRef<'_>,
    complete: bool,
) -> VariantComparison {
    let by_name_b: HashMap<_, _> = groups(b.actives.iter().copied(), canonical_ingredient_name)
        .into_iter()
        .map(|group| (group.key, group.rows))
        .collect();
    let names_a: HashSet<_> = a
        .actives
        .iter()
        .map(|row| canonical_ingredient_name(&row.name))
        .collect();
    // Only what has no namesake on the other side may be another salt of something.
    let left_b = b
        .actives
        .iter()
        .copied()
        .filter(|row| !names_a.contains(&canonical_ingredient_name(&row.name)));
    let mut salts_b: Vec<Option<Group<'_>>> = groups(left_b, base).into_iter().map(Some).collect();
    let places: HashMap<_, _> = salts_b
        .iter()
        .enumerate()
        .filter_map(|(place, group)| Some((group.as_ref()?.key.clone(), place)))
        .collect();

    let mut ingredients = Vec::new();
    let mut lone_a = Vec::new();
    for group in groups(a.actives.iter().copied(), canonical_ingredient_name) {
        match by_name_b.get(&group.key) {
            Some(rows_b) => ingredients.push(row(
                Presence::Both,
                (&group.rows, a.basis),
                (rows_b, b.basis),
            )),
            None => lone_a.extend(group.rows),
        }
    }
    for group in groups(lone_a.into_iter(), base) {
        let twin = places
            .get(&group.key)
            .and_then(|place| salts_b.get_mut(*place))
            .and_then(Option::take);
        let (presence, rows_b) = match twin {
            Some(twin) => (Presence::SameSubstanceOtherSalt, twin.rows),
            None if complete => (Presence::OnlyA, Vec::new()),
            None => (Presence::Unknown, Vec::new()),
        };
        ingredients.push(row(presence, (&group.rows, a.basis), (&rows_b, b.basis)));
    }
    let only_b = if complete {
        Presence::OnlyB
    } else {
        Presence::Unknown
    };
    for group in salts_b.into_iter().flatten() {
        ingredients.push(row(only_b, (&[], a.basis), (&group.rows, b.basis)));
    }
    VariantComparison {
        label_a: a.label.map(str::to_owned),
        label_b: b.label.map(str::to_owned),
        basis_a: a.basis.clone(),
        basis_b: b.basis.clone(),
        ingredients,
    }
}

fn row(
    presence: Presence,
    (rows_a, basis_a): (&[&ActiveIngredient], &Basis),
    (rows_b, basis_b): (&[&ActiveIngredient], &Basis),
) -> IngredientRow {
    let view = |rows: &[&ActiveIngredient]| {
        rows.iter()
            .map(|row| IngredientView::of(row))
            .collect::<Vec<_>>()
    };
    let (a, b) = (view(rows_a), view(rows_b));
    let amount = match (presence, a.as_slice(), b.as_slice()) {
        (Presence::OnlyA | Presence::OnlyB | Presence::Unknown, ..) | (_, [], _) | (_, _, []) => {
            AmountComparison::refused(NotComparable::OneSided)
        }
        (_, [a], [b]) => amounts::compare((a, basis_a), (b, basis_b)),
        _ => AmountComparison::refused(NotComparable::Repeated),
    };
    IngredientRow {
        presence,
        a,
        b,
        amount,
    }
}
