//! Attributes and additives side by side.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Presence, Side};
use crate::catalogue::{
    Additive, CancellationState, CompositionRef, Dispensing, FormProfile,
    canonical_ingredient_name, name::tidy,
};

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Attribute {
    /// Korean name.
    Name,
    /// Maker or importer.
    Maker,
    /// Therapeutic type.
    Class,
    /// 일반 or 전문.
    Dispensing,
    /// State of the permit.
    Permit,
    /// Dosage form.
    Form,
    /// Appearance.
    Appearance,
    /// Storage.
    Storage,
    /// Shelf life.
    ValidTerm,
    /// Pack sizes.
    PackUnit,
    /// ATC code.
    AtcCode,
}

/// One attribute of both medicines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeRow {
    /// What it is.
    pub attribute: Attribute,
    /// The first's value, for Korean readers.
    pub a: Option<String>,
    /// The second's value.
    pub b: Option<String>,
    /// Whether the two differ; nothing where one is unknown.
    pub differs: Option<bool>,
}

/// One additive of both medicines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AdditiveRow {
    /// The additive.
    pub additive: Additive,
    /// Where it stands; never [`Presence::SameSubstanceOtherSalt`].
    pub presence: Presence,
}

pub(super) fn attributes(
    a: &Side<'_>,
    b: &Side<'_>,
    (form_a, form_b): (FormProfile, FormProfile),
) -> Vec<AttributeRow> {
    let same_form = form_a.same_form(&form_b);
    let both = |attribute, value: for<'s> fn(&Side<'s>) -> Option<&'s str>| {
        let owned = |side| value(side).map(str::to_owned);
        (attribute, owned(a), owned(b))
    };
    let rows = [
        both(Attribute::Name, |side| Some(side.name)),
        both(Attribute::Maker, |side| Some(side.maker)),
        both(Attribute::Class, |side| side.class),
        both(Attribute::Dispensing, |side| dispensing(side.dispensing)),
        both(Attribute::Permit, |side| Some(permit(side.state))),
        (Attribute::Form, form_a.form, form_b.form),
        both(Attribute::Appearance, |side| side.appearance),
        both(Attribute::Storage, |side| side.storage),
        both(Attribute::ValidTerm, |side| side.valid_term),
        both(Attribute::PackUnit, |side| side.pack_unit),
        both(Attribute::AtcCode, |side| side.atc_code),
    ];
    rows.into_iter()
        .map(|(attribute, a, b)| AttributeRow {
            attribute,
            differs: if attribute == Attribute::Form {
                same_form.map(|same| !same)
            } else {
                a.as_ref().zip(b.as_ref()).map(|(a, b)| tidy(a) != tidy(b))
            },
            a,
            b,
        })
        .collect()
}

fn dispensing(of: Dispensing) -> Option<&'static str> {
    let text = match of {
        Dispensing::Otc => "일반의약품",
        Dispensing::OtcConvenience => "일반의약품(안전상비의약품)",
        Dispensing::Prescription => "전문의약품",
        Dispensing::PrescriptionOrphan => "전문의약품(희귀의약품)",
        Dispensing::Unknown => return None,
    };
    Some(text)
}

fn permit(state: &CancellationState) -> &str {
    match state {
        CancellationState::Valid => "정상",
        CancellationState::Withdrawn => "취하",
        CancellationState::Expired => "유효기간만료",
        CancellationState::Revoked => "취소",
        CancellationState::Delisted => "목록에서 사라짐",
        CancellationState::Other(text) => text,
    }
}

/// Additives by name: those of the first in its order, then what only the second has. An additive
/// is missing for sure only from a list that the feed gives and that was wholly understood.
pub(super) fn additives(a: &CompositionRef<'_>, b: &CompositionRef<'_>) -> Vec<AdditiveRow> {
    let certain = a.complete && b.complete && a.additives_listed && b.additives_listed;
    let (in_a, in_b) = (additive_keys(a), additive_keys(b));
    let alone = |presence| {
        if certain { presence } else { Presence::Unknown }
    };
    let of_a = a.additives.iter().map(|&additive| {
        let both = in_b.contains(&canonical_ingredient_name(&additive.name));
        (
            additive,
            if both {
                Presence::Both
            } else {
                alone(Presence::OnlyA)
            },
        )
    });
    let of_b = b
        .additives
        .iter()
        .filter(|additive| !in_a.contains(&canonical_ingredient_name(&additive.name)))
        .map(|&additive| (additive, alone(Presence::OnlyB)));
    of_a.chain(of_b)
        .map(|(additive, presence)| AdditiveRow {
            additive: additive.clone(),
            presence,
        })
        .collect()
}

fn additive_keys<'a>(of: &CompositionRef<'a>) -> HashSet<Cow<'a, str>> {
    of.additives
        .iter()
        .map(|&additive| canonical_ingredient_name(&additive.name))
        .collect()
}
