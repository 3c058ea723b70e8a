//! Handlers of sign-in by other services, one file an action.

pub(crate) mod begin;
pub(crate) mod callback;
mod cookie;
pub(crate) mod exchange;
pub(crate) mod link;
pub(crate) mod notice;
pub(crate) mod reauthenticate;

use crate::accounts::AccountError;
use crate::accounts::social::{Provider, SocialError};

/// The provider of an address.
fn provider(name: &str) -> Result<Provider, AccountError> {
    name.parse().map_err(|_| SocialError::NotOffered.into())
}
