//! Which products people wish for. It changes by the second, the rest of a snapshot by the week.

use domain::catalogue::MedicineId;

use super::Snapshot;
use crate::search::index_of;

/// Wishes a product, and the order that follows.
#[derive(Debug)]
pub(crate) struct Popularity {
    /// By position.
    counts: Box<[u32]>,
    /// By position: its place where the most wished come first, then by name, then by id.
    places: Box<[u32]>,
}

impl Popularity {
    /// Popularity of the products of `snapshot`; a count of an unknown product is left out.
    pub(crate) fn new(snapshot: &Snapshot, wishes: &[(MedicineId, u32)]) -> Self {
        let mut counts = vec![0; snapshot.len()];
        let mut wished = Vec::with_capacity(wishes.len());
        for &(id, count) in wishes {
            let Some(position) = snapshot.position(id) else {
                continue;
            };
            if let Some(slot) = counts.get_mut(index_of(position)) {
                *slot = count;
            }
            wished.push((std::cmp::Reverse(count), position));
        }
        wished.sort_unstable();
        // Positions are in the order of names already: only what is wished has to be sorted.
        let unwished = snapshot.iter().map(|(position, _)| position);
        let unwished = unwished.filter(|&at| counts.get(index_of(at)) == Some(&0));
        let order = wished
            .iter()
            .filter(|(count, _)| count.0 > 0)
            .map(|&(_, position)| position)
            .chain(unwished);
        let mut places = vec![0; snapshot.len()];
        for (place, position) in (0..).zip(order) {
            if let Some(slot) = places.get_mut(index_of(position)) {
                *slot = place;
            }
        }
        Self {
            counts: counts.into(),
            places: places.into(),
        }
    }

    /// How many people wish the product at a position.
    pub(crate) fn wishes(&self, position: u32) -> u32 {
        self.counts.get(index_of(position)).copied().unwrap_or(0)
    }

    /// The place of a position where the most wished come first: each another one.
    pub(crate) fn place(&self, position: u32) -> u32 {
        let place = self.places.get(index_of(position));
        place.copied().unwrap_or(u32::MAX)
    }
}
