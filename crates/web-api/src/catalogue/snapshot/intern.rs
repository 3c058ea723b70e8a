//! Equal values once in memory: forty thousand products repeat a few thousand texts.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use domain::catalogue::{ActiveIngredient, Additive, Basis};
use xxhash_rust::xxh3::xxh3_128;

/// A text that may be shared, or none.
pub(super) type Text = Option<Arc<str>>;

/// Values seen while a snapshot is built; what is kept of it are the shared values.
///
/// What is kept is copied: a value lies among what the thread that unpacked it has thrown away, and a single
/// one would hold a whole page of that.
#[derive(Debug, Default)]
pub(super) struct Interner {
    texts: HashSet<Arc<str>>,
    bases: HashSet<Arc<Basis>>,
    additives: HashSet<Arc<Additive>>,
    /// By the hash of their JSON: domain gives these no `Hash`. 128 bits don't collide by chance.
    actives: HashMap<u128, Arc<ActiveIngredient>>,
}

impl Interner {
    pub(super) fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&new));
        new
    }

    pub(super) fn optional(&mut self, text: Option<&str>) -> Text {
        text.map(|text| self.text(text))
    }

    pub(super) fn basis(&mut self, basis: &Basis) -> Arc<Basis> {
        share(&mut self.bases, basis)
    }

    pub(super) fn additive(&mut self, additive: &Additive) -> Arc<Additive> {
        share(&mut self.additives, additive)
    }

    pub(super) fn active(&mut self, active: &ActiveIngredient) -> Arc<ActiveIngredient> {
        // Where there is no JSON form there is no sharing, which costs memory and nothing else.
        let Ok(json) = serde_json::to_vec(active) else {
            return Arc::new(active.clone());
        };
        let entry = self.actives.entry(xxh3_128(&json));
        Arc::clone(entry.or_insert_with(|| Arc::new(active.clone())))
    }
}

fn share<T: Hash + Eq + Clone>(known: &mut HashSet<Arc<T>>, value: &T) -> Arc<T> {
    if let Some(known) = known.get(value) {
        return Arc::clone(known);
    }
    let new = Arc::new(value.clone());
    known.insert(Arc::clone(&new));
    new
}
