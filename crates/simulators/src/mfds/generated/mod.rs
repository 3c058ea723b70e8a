//! Made-up products of realistic shape, the same for the same seed on every machine.
//!
//! Nothing of a product is kept: its rows are written anew each time from the seed and its index.

mod documents;
mod pools;
mod profile;
mod random;
mod rows;
mod words;

use std::borrow::Cow;

use self::{pools::Pools, profile::Profile};
use super::{catalogue::Source, operation::Operation, wire::ObjectWriter};

/// A catalogue of made-up products.
#[derive(Debug)]
pub(crate) struct Generated {
    items: u32,
    seed: u64,
    pools: Pools,
    /// Which products have a row in the pill list.
    pills: Vec<u32>,
    /// Which products stand in e약은요.
    easy: Vec<u32>,
}

impl Generated {
    pub(crate) fn new(items: u32, seed: u64) -> Self {
        let listed = |index: &u32| profile::listed(seed, *index);
        Self {
            items,
            seed,
            pools: Pools::new(seed),
            pills: (0..items).filter(|index| listed(index).0).collect(),
            easy: (0..items).filter(|index| listed(index).1).collect(),
        }
    }

    /// The product behind a row.
    fn product(&self, operation: Operation, index: u32) -> u32 {
        let position = usize::try_from(index).unwrap_or(usize::MAX);
        let list = match operation {
            Operation::PermitDetail | Operation::PermitList => return index,
            Operation::Pill => &self.pills,
            Operation::EasyDrug => &self.easy,
        };
        list.get(position).copied().unwrap_or_default()
    }

    fn profile(&self, operation: Operation, index: u32) -> Option<Profile<'_>> {
        let product = self.product(operation, index);
        Profile::new(&self.pools, self.seed, product, self.items)
    }
}

impl Source for Generated {
    fn len(&self, operation: Operation) -> u32 {
        let rows = match operation {
            Operation::PermitDetail | Operation::PermitList => return self.items,
            Operation::Pill => self.pills.len(),
            Operation::EasyDrug => self.easy.len(),
        };
        u32::try_from(rows).unwrap_or(u32::MAX)
    }

    fn item_seq(&self, operation: Operation, index: u32) -> Cow<'_, str> {
        let product = self.product(operation, index);
        Cow::Owned(profile::item_seq(product, self.items).to_string())
    }

    fn names(&self, operation: Operation, index: u32) -> (Cow<'_, str>, Cow<'_, str>) {
        self.profile(operation, index)
            .map_or_else(Default::default, |profile| {
                (
                    Cow::Owned(profile.name),
                    Cow::Borrowed(profile.maker.name.as_str()),
                )
            })
    }

    fn write(&self, operation: Operation, index: u32, object: &mut ObjectWriter<'_>) {
        let Some(mut profile) = self.profile(operation, index) else {
            return;
        };
        match operation {
            Operation::PermitDetail => rows::permit_detail(&self.pools, &mut profile, object),
            Operation::PermitList => rows::permit_list(&profile, object),
            Operation::Pill => rows::pill(&mut profile, object),
            Operation::EasyDrug => rows::easy_drug(&self.pools, &mut profile, object),
        }
    }
}
