//! Faults on demand.

mod effect;
mod parse;
mod plan;

use std::{ops::RangeInclusive, time::Duration};

use serde::{Deserialize, Serialize};

use super::operation::Operation;

pub use effect::{Effect, TruncatedLength};
pub use parse::FaultSyntaxError;
pub(crate) use plan::RowFaults;

/// Which requests a fault hits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scope {
    /// Only this operation.
    pub operation: Option<Operation>,
    /// Only from this page on.
    pub first_page: Option<u64>,
    /// Only up to this page.
    pub last_page: Option<u64>,
    /// Leaves this many requests alone first.
    pub skip: u32,
    /// Hits this many requests, then no more.
    pub times: Option<u32>,
}

/// A fault: what goes wrong, and for which requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub effect: Effect,
    /// For which requests.
    #[serde(default)]
    pub scope: Scope,
}

impl Fault {
    /// A fault that hits every request.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            scope: Scope::default(),
        }
    }

    /// An answer that comes late.
    #[must_use]
    pub fn delay(by: Duration) -> Self {
        Self::new(Effect::Delay {
            millis: u64::try_from(by.as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// Only requests of this operation.
    #[must_use]
    pub const fn on(mut self, operation: Operation) -> Self {
        self.scope.operation = Some(operation);
        self
    }

    /// Only these pages.
    #[must_use]
    pub fn pages(mut self, pages: RangeInclusive<u64>) -> Self {
        self.scope.first_page = Some(*pages.start());
        self.scope.last_page = Some(*pages.end());
        self
    }

    /// Only from this page on.
    #[must_use]
    pub const fn from_page(mut self, page: u64) -> Self {
        self.scope.first_page = Some(page);
        self
    }

    /// Leaves this many requests alone first.
    #[must_use]
    pub const fn skip(mut self, requests: u32) -> Self {
        self.scope.skip = requests;
        self
    }

    /// Hits this many requests, then no more.
    #[must_use]
    pub const fn times(mut self, requests: u32) -> Self {
        self.scope.times = Some(requests);
        self
    }
}

/// Names a fault of a running stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultId(pub u64);

#[derive(Debug, Clone)]
struct Entry {
    id: FaultId,
    fault: Fault,
    matched: u32,
}

/// The faults that are set.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    entries: Vec<Entry>,
    next: u64,
}

impl Faults {
    /// Everything works.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With one more fault.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        self.add(fault);
        self
    }

    pub(crate) fn add(&mut self, fault: Fault) -> FaultId {
        let id = FaultId(self.next);
        self.next += 1;
        self.entries.push(Entry {
            id,
            fault,
            matched: 0,
        });
        id
    }

    pub(crate) fn remove(&mut self, id: FaultId) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != id);
        self.entries.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn reset_quota(&mut self) {
        for entry in &mut self.entries {
            if matches!(entry.fault.effect, Effect::Quota { .. }) {
                entry.matched = 0;
            }
        }
    }

    pub(crate) fn list(&self) -> Vec<(FaultId, Fault)> {
        self.entries
            .iter()
            .map(|entry| (entry.id, entry.fault.clone()))
            .collect()
    }

    /// The effects that hit a request; counts it against every fault whose scope it is in.
    pub(crate) fn decide(&mut self, operation: Operation, page: u64) -> Vec<Effect> {
        let hit = self
            .entries
            .iter_mut()
            .filter_map(|entry| entry.hit(operation, page));
        hit.collect()
    }
}

impl Entry {
    fn hit(&mut self, operation: Operation, page: u64) -> Option<Effect> {
        let scope = &self.fault.scope;
        let inside = scope.operation.is_none_or(|only| only == operation)
            && scope.first_page.is_none_or(|first| page >= first)
            && scope.last_page.is_none_or(|last| page <= last);
        if !inside {
            return None;
        }
        self.matched = self.matched.saturating_add(1);
        let after = match self.fault.effect {
            Effect::Quota { after } => after,
            _ => 0,
        };
        let number = self.matched.checked_sub(scope.skip.saturating_add(after))?;
        let hits = number > 0 && scope.times.is_none_or(|times| number <= times);
        hits.then(|| self.fault.effect.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(faults: &mut Faults, pages: RangeInclusive<u64>) -> Vec<u64> {
        let hit = |page: &u64| !faults.decide(Operation::PermitList, *page).is_empty();
        pages.filter(hit).collect()
    }

    #[test]
    fn scope_limits_operation_pages_and_count() {
        let on_list = Fault::new(Effect::Html).on(Operation::PermitList);
        let mut faults = Faults::none().with(on_list.clone().pages(3..=8).skip(1).times(2));
        assert!(faults.decide(Operation::Pill, 4).is_empty());
        assert_eq!(hits(&mut faults, 1..=10), [4, 5]);
        let mut faults = Faults::none().with(on_list.from_page(9));
        assert_eq!(hits(&mut faults, 1..=10), [9, 10]);
    }

    #[test]
    fn a_quota_lets_requests_through_until_it_is_used_up_and_again_after_a_reset() {
        let mut faults = Faults::none().with(Fault::new(Effect::Quota { after: 2 }));
        assert_eq!(hits(&mut faults, 1..=4), [3, 4]);
        faults.reset_quota();
        assert_eq!(hits(&mut faults, 1..=3), [3]);
    }
}
