//! What an ingredient is, as far as allergies are concerned.

use std::collections::BTreeSet;

use super::groups::Membership;
use super::{substances_of, table};
use crate::catalogue::canonical_ingredient_name;

/// An ingredient under all of its names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    names: BTreeSet<Box<str>>,
    substances: BTreeSet<Box<str>>,
    memberships: BTreeSet<Membership>,
}

impl Identity {
    /// Of an ingredient with one name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::of_all([name])
    }

    /// Of an ingredient with several: those that were merged into it are it, too.
    pub fn of_all<I: IntoIterator<Item: AsRef<str>>>(names: I) -> Self {
        let mut identity = Self::default();
        for name in names {
            identity.add(name.as_ref());
        }
        identity
    }

    fn add(&mut self, name: &str) {
        let name = canonical_ingredient_name(name);
        if name.is_empty() {
            return;
        }
        for substance in substances_of(&name) {
            self.memberships.extend(table::memberships(&substance));
            self.substances.insert(substance.into());
        }
        self.names.insert(name.into_owned().into());
    }

    /// Its canonical names, each once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// What is left of them without salt, water and preparation, each once.
    pub fn substances(&self) -> impl Iterator<Item = &str> {
        self.substances.iter().map(AsRef::as_ref)
    }

    /// The classes that it belongs to.
    pub fn memberships(&self) -> impl Iterator<Item = Membership> {
        self.memberships.iter().copied()
    }

    pub(super) fn shares_name(&self, other: &Self) -> bool {
        !self.names.is_disjoint(&other.names)
    }

    pub(super) fn shares_substance(&self, other: &Self) -> bool {
        !self.substances.is_disjoint(&other.substances)
    }
}
