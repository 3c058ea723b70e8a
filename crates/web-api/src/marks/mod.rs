//! What is the caller's own in answers about medicines: whether he wishes each, whether it is in his
//! compare box, and what it means for his allergies. An answer is made once for everybody
//! ([`Given`](crate::catalogue::Given)); for who is signed in his marks are put into a copy.

mod book;
mod error;
mod fields;
mod store;

use std::sync::Arc;

use domain::catalogue::MedicineId;

use crate::allergies::{Allergens, Matches};
use crate::catalogue::Snapshot;

pub(crate) use book::MarkBook;
pub(crate) use error::MarkError;
pub(crate) use store::Stored;

/// The marks of one member, as they stood within the last second.
#[derive(Debug, Clone)]
pub(crate) enum Marks {
    /// They are these.
    Known(Arc<Known>),
    /// The database doesn't answer: nothing is said, rather than something wrong.
    Unavailable,
}

impl Marks {
    /// What the member's allergies mean in a snapshot; nothing where they can't be had.
    fn allergies(&self, snapshot: &Arc<Snapshot>) -> Option<Arc<Matches>> {
        match self {
            Self::Known(known) => Some(known.allergens.as_ref()?.against(snapshot)),
            Self::Unavailable => None,
        }
    }
}

/// Marks that could be read.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Wished, in order.
    wished: Box<[MedicineId]>,
    /// In the compare box, in order of ids.
    boxed: Box<[MedicineId]>,
    /// Nothing where they can't be read.
    allergens: Option<Allergens>,
}

impl Known {
    /// What the database says.
    pub(crate) fn new(stored: Stored, allergens: Option<Allergens>) -> Self {
        let sorted = |mut ids: Vec<MedicineId>| {
            ids.sort_unstable();
            ids.into_boxed_slice()
        };
        Self {
            wished: sorted(stored.wished),
            boxed: sorted(stored.boxed),
            allergens,
        }
    }

    /// Whether he wishes it.
    fn wishes(&self, medicine: MedicineId) -> bool {
        self.wished.binary_search(&medicine).is_ok()
    }

    /// Whether it is in his compare box.
    fn boxes(&self, medicine: MedicineId) -> bool {
        self.boxed.binary_search(&medicine).is_ok()
    }

    /// What it takes in memory, in bytes.
    fn size(&self) -> usize {
        let allergens = self.allergens.as_ref().map_or(0, Allergens::size);
        size_of_val(&*self.wished) + size_of_val(&*self.boxed) + allergens
    }
}
