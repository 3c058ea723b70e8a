//! Forgetting whom providers know a member as.

use chrono::{DateTime, Utc};

use crate::accounts::store::social::{identities, proofs, unlinks};
use crate::db::{Db, DbError};

/// Deletes every identity of a member, in the caller's transaction, and leaves a job for each provider
/// that has to be told: sealed, without the member's name, gone as soon as the provider knows and after
/// a week at the latest. For withdrawal.
///
/// Where a provider gave nothing to end a link with (Google gives it once only), none is left: the
/// person can end it at the provider.
///
/// # Errors
/// Database errors.
pub fn forget(db: &mut Db, user: i64, now: DateTime<Utc>) -> Result<(), DbError> {
    for identity in identities::of_user(db, user)? {
        unlinks::add_for(db, &identity, now)?;
        identities::delete(db, user, identity.provider)?;
    }
    proofs::forget(db, user)
}
