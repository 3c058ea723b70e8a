//! What was done to accounts. Lines are added here and changed nowhere.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::token::{SessionId, UserId};

use crate::db::schema::audit as table;
use crate::db::{Db, DbError, on, to_stored};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// An account was made.
    SignedUp,
    /// A session began.
    SignedIn,
    /// A session was ended by its owner.
    SignedOut,
    /// A refresh token came a second time: its session was ended.
    TokenReused,
    /// The password was changed.
    PasswordChanged,
    /// The nickname was changed.
    NicknameChanged,
    /// A consent was given or taken back.
    ConsentChanged,
    /// Another service was linked to sign in by.
    SocialLinked,
    /// That ended: by the member, or without an actor by the service.
    SocialUnlinked,
    /// The member proved himself anew.
    Reauthenticated,
}

impl Action {
    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedUp => "signedUp",
            Self::SignedIn => "signedIn",
            Self::SignedOut => "signedOut",
            Self::TokenReused => "tokenReused",
            Self::PasswordChanged => "passwordChanged",
            Self::NicknameChanged => "nicknameChanged",
            Self::ConsentChanged => "consentChanged",
            Self::SocialLinked => "socialLinked",
            Self::SocialUnlinked => "socialUnlinked",
            Self::Reauthenticated => "reauthenticated",
        }
    }
}

/// Adds a line about a member who did it himself, unless nobody knows who did it.
///
/// # Errors
/// Database errors.
pub fn note(
    db: &mut Db,
    action: Action,
    actor: Option<&UserId>,
    subject: &UserId,
    session: Option<&SessionId>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = (
        table::at.eq(to_stored(now)),
        table::action.eq(action.as_str()),
        table::actor_id.eq(actor.map(UserId::as_str)),
        table::subject_id.eq(subject.as_str()),
        table::session_id.eq(session.map(SessionId::as_str)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}
