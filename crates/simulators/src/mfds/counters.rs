//! What has been asked for, for tests that count requests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::operation::Operation;

/// What one operation was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationCounters {
    /// Requests, also those that a fault or a wrong key answered.
    pub requests: u64,
    /// Bytes of the bodies that were made for them, before a fault cut them.
    pub bytes: u64,
    /// Requests a page.
    pub pages: BTreeMap<u64, u64>,
}

/// What the stand-in was asked for since its start or the last reset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Each operation that was asked for at least once.
    pub operations: BTreeMap<Operation, OperationCounters>,
    /// Requests refused because of the service key.
    pub wrong_key: u64,
    /// Requests that are being answered right now.
    pub in_flight: u64,
    /// The most requests that were being answered at the same moment.
    pub peak_in_flight: u64,
}

impl Counters {
    /// Requests of all operations.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.operations
            .values()
            .map(|operation| operation.requests)
            .sum()
    }

    /// Requests of one operation.
    #[must_use]
    pub fn requests_of(&self, operation: Operation) -> u64 {
        self.operations
            .get(&operation)
            .map_or(0, |counters| counters.requests)
    }

    /// Requests of one page of an operation.
    #[must_use]
    pub fn page(&self, operation: Operation, page: u64) -> u64 {
        self.operations
            .get(&operation)
            .and_then(|counters| counters.pages.get(&page))
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn begin(&mut self, operation: Operation, page: u64) {
        let counters = self.operations.entry(operation).or_default();
        counters.requests += 1;
        *counters.pages.entry(page).or_default() += 1;
        self.in_flight += 1;
        self.peak_in_flight = self.peak_in_flight.max(self.in_flight);
    }

    pub(crate) fn end(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    pub(crate) fn made(&mut self, operation: Operation, bytes: u64) {
        self.operations.entry(operation).or_default().bytes += bytes;
    }

    /// Forgets everything but the requests in flight.
    pub(crate) fn reset(&mut self) {
        *self = Self {
            in_flight: self.in_flight,
            peak_in_flight: self.in_flight,
            ..Self::default()
        };
    }
}
