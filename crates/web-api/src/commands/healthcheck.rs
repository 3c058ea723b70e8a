//! `web-api healthcheck`: whether the server of the same settings lives.

use service_kit::ops::{self, ProbeError};
use service_kit::settings::OpsSettings;

/// Asks the operations endpoints for a sign of life; blocks for a few seconds at most.
///
/// # Errors
/// When there is none.
pub fn run(ops: &OpsSettings) -> Result<(), ProbeError> {
    ops::probe(ops.address)
}
