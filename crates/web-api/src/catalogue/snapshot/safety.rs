//! What products hold, as allergies see it: worked out once a snapshot, so that checking a product is a
//! look at a few numbers.

use std::collections::HashMap;

use domain::catalogue::{IngredientId, canonical_ingredient_name};
use domain::safety::{HeldAs, Identity, held_in, is_wholly_known};

use super::{Ingredients, Record};
use crate::search::index_of;

/// Something that a product may hold: an ingredient, or a name that has no ingredient of its own.
#[derive(Debug)]
pub(crate) struct Kind {
    /// As it is shown.
    pub(crate) name: Box<str>,
    /// Absent of active parts (`…로서`) that stand in no list.
    pub(crate) id: Option<IngredientId>,
    pub(crate) identity: Identity,
}

/// Every kind, and who holds which. The first kinds are the ingredients, by their places.
#[derive(Debug)]
pub(crate) struct SafetyIndex {
    kinds: Box<[Kind]>,
    /// Kinds by the substances that they mean.
    by_substance: HashMap<Box<str>, Vec<u32>>,
    /// Kinds that belong to a class.
    classed: Box<[u32]>,
    /// Of all products one after another: the kind, and as what it is held in the lowest two bits.
    held: Box<[u32]>,
    /// By position: where a product ends in `held`, and whether all that it holds is known.
    products: Box<[(u32, bool)]>,
}

impl SafetyIndex {
    pub(super) fn build(ingredients: &Ingredients, records: &[Record]) -> Self {
        let mut kinds = Kinds::of(ingredients);
        let mut held = Vec::new();
        let mut products = Vec::with_capacity(records.len());
        let mut of_one = Vec::new();
        for record in records {
            let parts = record.composition.parts();
            of_one.clear();
            of_one.extend(held_in(&parts).map(|(name, held_as)| {
                let kind = kinds.named(ingredients, name);
                (kind << 2) | bits(held_as)
            }));
            // Variants repeat what they have in common.
            of_one.sort_unstable();
            of_one.dedup();
            held.extend_from_slice(&of_one);
            let end = u32::try_from(held.len()).unwrap_or(u32::MAX);
            products.push((end, is_wholly_known(&parts)));
        }
        held.shrink_to_fit();
        let kinds: Box<[Kind]> = kinds.all.into();
        let mut by_substance: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut classed = Vec::new();
        for (kind, one) in (0..).zip(&kinds) {
            for substance in one.identity.substances() {
                by_substance.entry(substance.into()).or_default().push(kind);
            }
            if one.identity.memberships().next().is_some() {
                classed.push(kind);
            }
        }
        Self {
            kinds,
            by_substance,
            classed: classed.into(),
            held: held.into(),
            products: products.into(),
        }
    }

    /// How many kinds there are.
    pub(crate) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// One kind.
    pub(crate) fn kind(&self, kind: u32) -> Option<&Kind> {
        self.kinds.get(index_of(kind))
    }

    /// Kinds that an allergen may bear on, each once: of the same substance (whatever shares a name
    /// shares that), and, where it belongs to a class, all that do.
    pub(crate) fn candidates(&self, allergen: &Identity) -> Vec<u32> {
        let substances = allergen.substances();
        let same = substances.filter_map(|one| self.by_substance.get(one));
        let mut found: Vec<u32> = same.flatten().copied().collect();
        if allergen.memberships().next().is_some() {
            found.extend_from_slice(&self.classed);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What a product holds, and as what.
    pub(crate) fn held(&self, position: u32) -> impl Iterator<Item = (u32, HeldAs)> {
        let at = index_of(position);
        let end = self.products.get(at).map_or(0, |&(end, _)| index_of(end));
        let before = at.checked_sub(1).and_then(|at| self.products.get(at));
        let start = before.map_or(0, |&(end, _)| index_of(end));
        let held = self.held.get(start..end).unwrap_or_default();
        held.iter().map(|&one| (one >> 2, held_as(one)))
    }

    /// Whether all that a product holds is known.
    pub(crate) fn is_wholly_known(&self, position: u32) -> bool {
        let product = self.products.get(index_of(position));
        product.is_some_and(|&(_, known)| known)
    }
}

/// The kinds so far.
struct Kinds {
    all: Vec<Kind>,
    /// Of names without an ingredient.
    others: HashMap<Box<str>, u32>,
}

impl Kinds {
    fn of(ingredients: &Ingredients) -> Self {
        let mut names: Vec<Vec<&str>> = vec![Vec::new(); ingredients.len()];
        for (name, place) in ingredients.canonical_names() {
            if let Some(names) = names.get_mut(index_of(place)) {
                names.push(name);
            }
        }
        let all = ingredients.iter().zip(names);
        let all = all.map(|(one, names)| Kind {
            name: one.name.clone(),
            id: Some(one.id),
            identity: Identity::of_all(names),
        });
        Self {
            all: all.collect(),
            others: HashMap::new(),
        }
    }

    fn named(&mut self, ingredients: &Ingredients, name: &str) -> u32 {
        let name = canonical_ingredient_name(name);
        if let Some(place) = ingredients.place_named(&name) {
            return place;
        }
        if let Some(&known) = self.others.get(&*name) {
            return known;
        }
        let kind = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(Kind {
            name: (*name).into(),
            id: None,
            identity: Identity::of(&name),
        });
        self.others.insert((*name).into(), kind);
        kind
    }
}

const fn bits(held_as: HeldAs) -> u32 {
    match held_as {
        HeldAs::Active => 0,
        HeldAs::ActivePart => 1,
        HeldAs::Additive => 2,
    }
}

const fn held_as(bits: u32) -> HeldAs {
    match bits & 3 {
        0 => HeldAs::Active,
        1 => HeldAs::ActivePart,
        _ => HeldAs::Additive,
    }
}
