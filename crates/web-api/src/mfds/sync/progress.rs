//! What a run is doing, for a person who watches.

use std::collections::BTreeMap;
use std::fmt;

use crate::mfds::Operation;

/// A part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing is read yet.
    #[default]
    Starting,
    /// Pages of an operation are read.
    Reading(Operation),
    /// What was read is checked.
    Checking,
    /// Readers are about to see the new catalogue.
    Swapping,
    /// Old generations are removed.
    Cleaning,
    /// Over.
    Ended,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starting => f.write_str("starting"),
            Self::Reading(operation) => write!(f, "reading {operation}"),
            Self::Checking => f.write_str("checking"),
            Self::Swapping => f.write_str("swapping"),
            Self::Cleaning => f.write_str("cleaning up"),
            Self::Ended => f.write_str("ended"),
        }
    }
}

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OperationProgress {
    /// Records as the feed says.
    pub total: u32,
    /// Pages that are stored, those of the run's earlier parts included.
    pub pages: u32,
    /// Records that are stored.
    pub records: u32,
    /// Records that were rejected.
    pub rejected: u32,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// What it does.
    pub phase: Phase,
    /// How far each operation is.
    pub operations: BTreeMap<Operation, OperationProgress>,
}
