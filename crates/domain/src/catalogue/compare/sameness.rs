//! Whether two medicines are the same thing under two names.

use serde::{Deserialize, Serialize};

use super::{AmountOutcome, Presence, Side, VariantComparison};
use crate::catalogue::{FormProfile, Release};

/// What has to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Aspect {
    /// The active ingredients.
    Substance,
    /// Their amounts on the same basis.
    Amount,
    /// The dosage form.
    Form,
    /// The way into the body.
    Route,
    /// How the substance is set free.
    Release,
}

/// Whether an aspect agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Agreement {
    /// It does.
    Agrees,
    /// It doesn't.
    Differs,
    /// The data don't say.
    Unknown,
}

/// One aspect's finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AspectCheck {
    /// The aspect.
    pub aspect: Aspect,
    /// What was found.
    pub agreement: Agreement,
}

/// The whole finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Every aspect agrees. Says nothing about whether one may be taken instead of the other.
    Same,
    /// An aspect differs.
    Different,
    /// Nothing differs as far as is known, but not everything is known.
    Unknown,
}

/// Whether two medicines are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sameness {
    /// The whole finding.
    pub verdict: Verdict,
    /// Each aspect, in the order of [`Aspect`].
    pub checks: Vec<AspectCheck>,
}

pub(super) fn judge(
    a: &Side<'_>,
    b: &Side<'_>,
    forms: (&FormProfile, &FormProfile),
    pairs: &[VariantComparison],
    omitted_pairs: usize,
) -> Sameness {
    let whole = a.composition.complete && b.composition.complete && omitted_pairs == 0 && !pairs.is_empty()
        // Two flavours against one: the flavour that has no twin proves nothing.
        && a.composition.variants.len() == b.composition.variants.len();
    let (form_a, form_b) = forms;
    let checks = vec![
        check(Aspect::Substance, substance(pairs, whole)),
        check(Aspect::Amount, amount(pairs, whole)),
        check(Aspect::Form, told(form_a.same_form(form_b))),
        check(Aspect::Route, values(form_a.route, form_b.route)),
        check(Aspect::Release, release(form_a.release, form_b.release)),
    ];
    let found = |wanted| checks.iter().any(|check| check.agreement == wanted);
    let verdict = if found(Agreement::Differs) {
        Verdict::Different
    } else if found(Agreement::Unknown) {
        Verdict::Unknown
    } else {
        Verdict::Same
    };
    Sameness { verdict, checks }
}

const fn check(aspect: Aspect, agreement: Agreement) -> AspectCheck {
    AspectCheck { aspect, agreement }
}

const fn told(same: Option<bool>) -> Agreement {
    match same {
        Some(true) => Agreement::Agrees,
        Some(false) => Agreement::Differs,
        None => Agreement::Unknown,
    }
}

fn values<T: PartialEq>(a: Option<T>, b: Option<T>) -> Agreement {
    told(a.zip(b).map(|(a, b)| a == b))
}

/// Two prolonged releases may last 8 hours or 24: their word being the same says too little.
fn release(a: Option<Release>, b: Option<Release>) -> Agreement {
    match (a, b) {
        (Some(Release::Prolonged), Some(Release::Prolonged))
        | (Some(Release::ProlongedEnteric), Some(Release::ProlongedEnteric)) => Agreement::Unknown,
        _ => values(a, b),
    }
}

/// One row that is surely absent, or of another salt, decides; a doubt leaves it open.
fn substance(pairs: &[VariantComparison], whole: bool) -> Agreement {
    let mut rows = pairs.iter().flat_map(|pair| &pair.ingredients);
    if rows.any(|row| {
        matches!(
            row.presence,
            Presence::OnlyA | Presence::OnlyB | Presence::SameSubstanceOtherSalt
        )
    }) {
        return Agreement::Differs;
    }
    // A pair without rows proves nothing.
    if whole && pairs.iter().all(|pair| !pair.ingredients.is_empty()) {
        Agreement::Agrees
    } else {
        Agreement::Unknown
    }
}

fn amount(pairs: &[VariantComparison], whole: bool) -> Agreement {
    let outcomes: Vec<_> = pairs
        .iter()
        .flat_map(|pair| &pair.ingredients)
        .map(|row| row.amount.outcome)
        .collect();
    let found = |wanted| outcomes.contains(&wanted);
    if found(AmountOutcome::AMore) || found(AmountOutcome::BMore) {
        Agreement::Differs
    } else if whole && !outcomes.is_empty() && !found(AmountOutcome::NotComparable) {
        Agreement::Agrees
    } else {
        Agreement::Unknown
    }
}
