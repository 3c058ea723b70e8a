//! Sign-in by other services, as it is stored.

pub mod exchanges;
pub mod flows;
pub mod identities;
pub mod members;
pub mod proofs;
pub mod unlinks;
