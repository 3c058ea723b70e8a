//! One member's allergens against one snapshot: worked out once, asked for every product.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use domain::catalogue::IngredientId;
use domain::safety::{Checked, Finding, HeldAs, Warning, conclude, relate};
use serde_json::value::RawValue;
use service_kit::problem::Language;

use crate::catalogue::{Kind, Snapshot};
use crate::search::index_of;

/// What an allergen means for one kind of ingredient, by what that is held as.
#[derive(Debug)]
struct Hit {
    /// Its place among the allergens.
    allergen: u32,
    found: [Option<Finding>; 3],
    /// Each as it is told, in Korean and in English.
    told: [[Text; 2]; 3],
}

/// A warning as answers have it; empty until it was told for the first time.
pub(super) type Text = OnceLock<Arc<RawValue>>;

/// What a member's allergens mean for everything that products hold.
#[derive(Debug)]
pub(crate) struct Matches {
    /// The allergens, as kinds of the snapshot.
    allergens: Vec<u32>,
    hits: HashMap<u32, Vec<Hit>>,
    /// By kind, whether `hits` has any: most products are done with by this.
    is_hit: Box<[bool]>,
    /// Whether the snapshot knows every allergen. One that it doesn't could be anywhere.
    knows_all: bool,
}

/// The members of an answer about one product, by their numbers in the snapshot.
pub(crate) type Found = Checked<u32>;

impl Matches {
    /// What these allergens mean in this snapshot.
    pub(crate) fn new(
        snapshot: &Snapshot,
        allergens: impl IntoIterator<Item = IngredientId>,
    ) -> Self {
        let safety = snapshot.safety();
        let mut matches = Self {
            allergens: Vec::new(),
            hits: HashMap::new(),
            is_hit: vec![false; safety.len()].into(),
            knows_all: true,
        };
        for id in allergens {
            match snapshot.ingredients().place(id) {
                Some(place) if matches.allergens.contains(&place) => {}
                Some(place) => matches.add(snapshot, place),
                None => matches.knows_all = false,
            }
        }
        matches
    }

    fn add(&mut self, snapshot: &Snapshot, place: u32) {
        let safety = snapshot.safety();
        let Some(allergen) = safety.kind(place) else {
            self.knows_all = false;
            return;
        };
        self.allergens.push(place);
        for candidate in safety.candidates(&allergen.identity) {
            let Some(held) = safety.kind(candidate) else {
                continue;
            };
            let as_what = [HeldAs::Active, HeldAs::ActivePart, HeldAs::Additive];
            let found = as_what.map(|one| relate(&allergen.identity, &held.identity, one));
            if found.iter().all(Option::is_none) {
                continue;
            }
            let hit = Hit {
                allergen: place,
                found,
                told: Default::default(),
            };
            self.hits.entry(candidate).or_default().push(hit);
            if let Some(is_hit) = self.is_hit.get_mut(index_of(candidate)) {
                *is_hit = true;
            }
        }
    }

    /// What they mean for a product.
    pub(crate) fn check(&self, snapshot: &Snapshot, position: u32) -> Found {
        let safety = snapshot.safety();
        let warnings = self.warnings(snapshot, position).collect();
        conclude(warnings, self.knows_all && safety.is_wholly_known(position))
    }

    /// Where the text of a warning is kept: most answers tell few warnings again and again.
    pub(super) fn text(&self, warning: &Warning<u32>, language: Language) -> Option<&Text> {
        let mut hits = self.hits.get(&warning.held)?.iter();
        let hit = hits.find(|hit| hit.allergen == warning.allergen)?;
        let mut texts = hit.found.iter().zip(&hit.told);
        let (_, [korean, english]) =
            texts.find(|(found, _)| found.as_ref() == Some(&warning.finding))?;
        Some(match language {
            Language::Korean => korean,
            Language::English => english,
        })
    }

    /// Whether there is any warning about a product.
    pub(crate) fn warns_of(&self, snapshot: &Snapshot, position: u32) -> bool {
        self.warnings(snapshot, position).next().is_some()
    }

    fn warnings(&self, snapshot: &Snapshot, position: u32) -> impl Iterator<Item = Warning<u32>> {
        let held = snapshot.safety().held(position);
        let hit = held.filter(|&(kind, _)| self.is_hit.get(index_of(kind)) == Some(&true));
        hit.flat_map(|(kind, held_as)| {
            let hits = self.hits.get(&kind).map(Vec::as_slice).unwrap_or_default();
            hits.iter().filter_map(move |hit| {
                let [active, part, additive] = hit.found;
                let finding = match held_as {
                    HeldAs::Active => active,
                    HeldAs::ActivePart => part,
                    HeldAs::Additive => additive,
                };
                Some(Warning {
                    allergen: hit.allergen,
                    held: kind,
                    finding: finding?,
                })
            })
        })
    }
}

/// What a number of a warning names.
pub(crate) fn named(snapshot: &Snapshot, number: u32) -> Option<&Kind> {
    snapshot.safety().kind(number)
}
