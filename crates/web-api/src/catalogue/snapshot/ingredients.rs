//! Ingredients and the products that hold them.

use std::collections::{HashMap, HashSet};

use domain::catalogue::{IngredientId, canonical_ingredient_name};

use super::Record;
use crate::catalogue::store::IngredientRow;
use crate::search::{FieldIndex, FieldIndexBuilder, index_of};

/// How long a chain of merges may be: far longer than people make, and an end for a circle.
const MAX_REDIRECTS: usize = 16;

/// In which part of a product an ingredient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// It acts.
    Active,
    /// It doesn't: colour, binder, coating.
    Additive,
}

/// One ingredient with the products for sale that hold it.
#[derive(Debug)]
pub(crate) struct Ingredient {
    pub(crate) id: IngredientId,
    pub(crate) name: Box<str>,
    pub(crate) english_name: Option<Box<str>>,
    pub(crate) mfds_code: Option<Box<str>>,
    pub(crate) description: Option<Box<str>>,
    redirect_to: Option<IngredientId>,
    /// In the order of names.
    medicines: Vec<(u32, Role)>,
}

impl Ingredient {
    /// The products for sale that hold it, in the order of names, each once.
    pub(crate) fn medicines(&self) -> &[(u32, Role)] {
        &self.medicines
    }
}

/// Where an id leads.
#[derive(Debug)]
pub(crate) enum Resolved<'s> {
    /// To the ingredient itself.
    Here(&'s Ingredient),
    /// To the one that it was merged into.
    MergedInto(&'s Ingredient),
}

/// All ingredients that were ever seen.
#[derive(Debug)]
pub(crate) struct Ingredients {
    /// By id.
    all: Box<[Ingredient]>,
    /// Places in `all` by canonical name.
    by_name: HashMap<Box<str>, u32>,
    names: FieldIndex,
    /// By place in `all`: its turn where most products come first, then by name, then by id.
    turns: Box<[u32]>,
}

impl Ingredients {
    #[expect(single_use_lifetimes, reason = "the short form of it is not stable")]
    pub(super) fn build<'r>(
        rows: Vec<IngredientRow>,
        listed: impl Iterator<Item = (u32, &'r Record)>,
    ) -> Self {
        let mut by_name = HashMap::with_capacity(rows.len());
        let mut all = Vec::with_capacity(rows.len());
        for (place, row) in (0..).zip(rows) {
            by_name.insert(row.canonical_name.into(), place);
            all.push(Ingredient {
                id: row.id,
                name: row.name.into(),
                english_name: row.english_name.map(Into::into),
                mfds_code: row.mfds_code.map(Into::into),
                description: row.description.map(Into::into),
                redirect_to: row.redirect_to,
                medicines: Vec::new(),
            });
        }
        for (position, record) in listed {
            for (name, role) in names_of(record) {
                let place = by_name.get(&*canonical_ingredient_name(name));
                let place = place.and_then(|&place| target(&all, place));
                if let Some(one) = place.and_then(|place| all.get_mut(index_of(place))) {
                    add(&mut one.medicines, position, role);
                }
            }
        }
        let (names, turns) = index(&all);
        for one in &mut all {
            one.medicines.shrink_to_fit();
        }
        Self {
            all: all.into(),
            by_name,
            names,
            turns,
        }
    }

    /// The ingredient that an id leads to.
    pub(crate) fn resolve(&self, id: IngredientId) -> Option<Resolved<'_>> {
        let place = place_of(&self.all, id)?;
        let found = self.at(target(&self.all, place)?)?;
        Some(if found.id == id {
            Resolved::Here(found)
        } else {
            Resolved::MergedInto(found)
        })
    }

    /// Every id that leads to the ingredient of this one.
    pub(crate) fn merged_into(&self, id: IngredientId) -> HashSet<IngredientId> {
        let wanted = place_of(&self.all, id);
        let places = (0..).zip(&self.all);
        let leads = places.filter(|&(place, one)| {
            one.redirect_to.is_some() && target(&self.all, place) == wanted
        });
        leads.map(|(_, one)| one.id).collect()
    }

    /// The ingredient of a name as the feed writes it, merges followed.
    pub(crate) fn named(&self, name: &str) -> Option<&Ingredient> {
        let place = *self.by_name.get(&*canonical_ingredient_name(name))?;
        self.at(target(&self.all, place)?)
    }

    /// The place of the ingredient that a canonical name means, merges followed.
    pub(super) fn place_named(&self, canonical_name: &str) -> Option<u32> {
        target(&self.all, *self.by_name.get(canonical_name)?)
    }

    /// The place of the ingredient that an id leads to.
    pub(crate) fn place(&self, id: IngredientId) -> Option<u32> {
        target(&self.all, place_of(&self.all, id)?)
    }

    /// Every canonical name with the place that it leads to.
    pub(super) fn canonical_names(&self) -> impl Iterator<Item = (&str, u32)> {
        let names = self.by_name.iter();
        names.filter_map(|(name, &place)| Some((&**name, target(&self.all, place)?)))
    }

    /// All ingredients in the order of their places.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Ingredient> {
        self.all.iter()
    }

    /// The ingredient at a place.
    pub(crate) fn at(&self, place: u32) -> Option<&Ingredient> {
        self.all.get(index_of(place))
    }

    /// How many there are, the merged ones included.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Names that people may look for; owners are places.
    pub(crate) fn names(&self) -> &FieldIndex {
        &self.names
    }

    /// The turn of a place where those with most products come first: each another one.
    pub(crate) fn turn(&self, place: u32) -> u32 {
        self.turns.get(index_of(place)).copied().unwrap_or(u32::MAX)
    }
}

fn names_of(record: &Record) -> impl Iterator<Item = (&str, Role)> {
    let variants = record.composition.variants.iter();
    let actives = variants.flat_map(|variant| &variant.actives);
    let additives = record.composition.additives.iter();
    actives
        .map(|active| (active.name.as_str(), Role::Active))
        .chain(additives.map(|additive| (additive.name.as_str(), Role::Additive)))
}

/// A product stands once, as what acts where it is both.
fn add(medicines: &mut Vec<(u32, Role)>, position: u32, role: Role) {
    match medicines.last_mut() {
        Some((last, known)) if *last == position => *known = (*known).min(role),
        _ => medicines.push((position, role)),
    }
}

fn place_of(all: &[Ingredient], id: IngredientId) -> Option<u32> {
    let place = all.binary_search_by_key(&id, |one| one.id).ok()?;
    u32::try_from(place).ok()
}

/// Follows merges from a place to where they end.
fn target(all: &[Ingredient], place: u32) -> Option<u32> {
    let mut place = place;
    for _ in 0..MAX_REDIRECTS {
        match all.get(index_of(place))?.redirect_to {
            None => return Some(place),
            Some(next) => place = place_of(all, next)?,
        }
    }
    None
}

/// The search index and the order of suggestions. A merged ingredient's name finds where it went.
fn index(all: &[Ingredient]) -> (FieldIndex, Box<[u32]>) {
    let mut names = FieldIndexBuilder::default();
    let mut order = Vec::with_capacity(all.len());
    for (place, one) in (0..).zip(all) {
        let Some(target) = target(all, place) else {
            continue;
        };
        names.add(&one.name, target);
        if let Some(english) = &one.english_name {
            names.add(english, target);
        }
        if target == place {
            let products = std::cmp::Reverse(one.medicines.len());
            order.push((products, &one.name, one.id, place));
        }
    }
    order.sort_unstable();
    let mut turns = vec![u32::MAX; all.len()];
    for (turn, (.., place)) in (0..).zip(order) {
        if let Some(slot) = turns.get_mut(index_of(place)) {
            *slot = turn;
        }
    }
    (names.build(), turns.into())
}
