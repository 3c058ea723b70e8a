//! The operations endpoints on a port of their own: `/livez`, `/readyz` and `/metrics`.

mod health;
mod server;

pub use health::{Dependency, DependencyReport, DependencyStatus, Health, Readiness, Report};
pub use server::{OpsServer, serve};
