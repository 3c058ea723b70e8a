//! The operations endpoints on a port of their own: `/livez`, `/readyz` and `/metrics`.

mod health;
mod probe;
mod server;

pub use health::{Dependency, DependencyReport, DependencyStatus, Health, Readiness, Report};
pub use probe::{ProbeError, probe};
pub use server::{OpsServer, serve};
