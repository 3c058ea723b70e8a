//! What was done to accounts. Lines are added here and changed nowhere: triggers of the database
//! refuse it, and refuse to delete one before its two years are over. `docs/security-events.md` lists
//! what is written down.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clock::later;
use domain::token::{SessionId, UserId};

use super::security;
use crate::db::schema::audit as table;
use crate::db::{Db, DbError, on, to_stored};
use crate::origin::Origin;

/// How long a line is kept: two years, one of them a leap year.
pub const KEPT: TimeDelta = TimeDelta::days(731);

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// An account was made.
    SignedUp,
    /// A session began.
    SignedIn,
    /// A sign-in, or proving oneself again, failed; the detail says at what.
    SignInFailed,
    /// A session was ended by its owner.
    SignedOut,
    /// A session was ended by something else; the detail says what.
    SessionEnded,
    /// A refresh token came a second time: its session was ended.
    TokenReused,
    /// The password was changed.
    PasswordChanged,
    /// A forgotten password was replaced.
    PasswordReset,
    /// The phone number was changed.
    PhoneChanged,
    /// The nickname was changed.
    NicknameChanged,
    /// A consent was given or taken back.
    ConsentChanged,
    /// Somebody was given everything that is stored of him.
    Exported,
    /// Somebody withdrew.
    Withdrew,
    /// Somebody became something else to the service; the detail says from what to what.
    RoleChanged,
    /// Somebody was shut out.
    Suspended,
    /// Somebody was let in again; nobody did it where its time was over.
    SuspensionLifted,
    /// A second factor was set up.
    FactorEnrolled,
    /// A second factor was removed.
    FactorRemoved,
    /// A recovery code stood in for a second factor.
    RecoveryCodeUsed,
    /// An admin looked a member up.
    MemberRead,
    /// The picture was changed or removed.
    ImageChanged,
    /// Another service was linked to sign in by.
    SocialLinked,
    /// That ended: by the member, or without an actor by the service.
    SocialUnlinked,
    /// The member proved himself anew.
    Reauthenticated,
    /// An admin read quotes or events, those that aren't shown included.
    ContentRead,
    /// A quote or an event was made; the detail names it.
    ContentMade,
    /// A quote, an event or what is said of an ingredient was changed; the detail names it.
    ContentChanged,
    /// A quote or an event was deleted; the detail names it.
    ContentDeleted,
    /// A synchronisation was started by hand; the detail names it.
    SyncStarted,
    /// An admin read what synchronisations did.
    SyncRead,
    /// An admin read a review that was reported, or hidden; the detail names it.
    ReviewRead,
    /// An admin decided on a review; the detail says what on which.
    ReviewDecided,
    /// An admin read the audit; the subject is whose lines he asked for, where he named somebody.
    AuditRead,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 33] = [
        Self::SignedUp,
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignedOut,
        Self::SessionEnded,
        Self::TokenReused,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::PhoneChanged,
        Self::NicknameChanged,
        Self::ConsentChanged,
        Self::Exported,
        Self::Withdrew,
        Self::RoleChanged,
        Self::Suspended,
        Self::SuspensionLifted,
        Self::FactorEnrolled,
        Self::FactorRemoved,
        Self::RecoveryCodeUsed,
        Self::MemberRead,
        Self::ImageChanged,
        Self::SocialLinked,
        Self::SocialUnlinked,
        Self::Reauthenticated,
        Self::ContentRead,
        Self::ContentMade,
        Self::ContentChanged,
        Self::ContentDeleted,
        Self::SyncStarted,
        Self::SyncRead,
        Self::ReviewRead,
        Self::ReviewDecided,
        Self::AuditRead,
    ];

    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedUp => "signedUp",
            Self::SignedIn => "signedIn",
            Self::SignInFailed => "signInFailed",
            Self::SignedOut => "signedOut",
            Self::SessionEnded => "sessionEnded",
            Self::TokenReused => "tokenReused",
            Self::PasswordChanged => "passwordChanged",
            Self::PasswordReset => "passwordReset",
            Self::PhoneChanged => "phoneChanged",
            Self::NicknameChanged => "nicknameChanged",
            Self::ConsentChanged => "consentChanged",
            Self::Exported => "exported",
            Self::Withdrew => "withdrew",
            Self::RoleChanged => "roleChanged",
            Self::Suspended => "suspended",
            Self::SuspensionLifted => "suspensionLifted",
            Self::FactorEnrolled => "factorEnrolled",
            Self::FactorRemoved => "factorRemoved",
            Self::RecoveryCodeUsed => "recoveryCodeUsed",
            Self::MemberRead => "memberRead",
            Self::ImageChanged => "imageChanged",
            Self::SocialLinked => "socialLinked",
            Self::SocialUnlinked => "socialUnlinked",
            Self::Reauthenticated => "reauthenticated",
            Self::ContentRead => "contentRead",
            Self::ContentMade => "contentMade",
            Self::ContentChanged => "contentChanged",
            Self::ContentDeleted => "contentDeleted",
            Self::SyncStarted => "syncStarted",
            Self::SyncRead => "syncRead",
            Self::ReviewRead => "reviewRead",
            Self::ReviewDecided => "reviewDecided",
            Self::AuditRead => "auditRead",
        }
    }
}

/// A line.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// What was done.
    pub action: Action,
    /// Who did it, where that is known.
    pub actor: Option<&'a UserId>,
    /// To whom, where there is somebody.
    pub subject: Option<&'a UserId>,
    /// In, or to, which session.
    pub session: Option<&'a SessionId>,
    /// A word about it: ASCII, at most 60 characters, nothing that tells who somebody is.
    pub detail: Option<&'a str>,
    /// When.
    pub at: DateTime<Utc>,
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
    let line = Line {
        action,
        actor,
        subject: Some(subject),
        session,
        detail: None,
        at: now,
    };
    add(db, &line)
}

/// Adds a line about something that is nobody's, which `detail` names.
///
/// # Errors
/// Database errors.
pub fn did(
    db: &mut Db,
    action: Action,
    actor: Option<&UserId>,
    detail: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let line = Line {
        action,
        actor,
        subject: None,
        session: None,
        detail: Some(detail),
        at: now,
    };
    add(db, &line)
}

/// Adds a line. Request and address are those of the [`Origin`]; the address is sealed with the key
/// of the actor, whose it is, or of the subject where nobody knows the actor.
///
/// # Errors
/// Database errors.
pub fn add(db: &mut Db, line: &Line<'_>) -> Result<(), DbError> {
    let origin = Origin::current();
    let address = match &origin {
        Some(origin) => sealed_address(db, origin, line.actor.or(line.subject))?,
        None => None,
    };
    let row = (
        table::at.eq(to_stored(line.at)),
        table::action.eq(line.action.as_str()),
        table::actor_id.eq(line.actor.map(UserId::as_str)),
        table::subject_id.eq(line.subject.map(UserId::as_str)),
        table::session_id.eq(line.session.map(SessionId::as_str)),
        table::request_id.eq(origin.as_ref().map(|origin| origin.request.as_str())),
        table::address_sealed.eq(address),
        table::detail.eq(line.detail),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Adds a line for each session that was ended by something else than its owner's wish.
///
/// # Errors
/// Database errors.
pub fn ended(
    db: &mut Db,
    actor: Option<&UserId>,
    subject: &UserId,
    sessions: &[SessionId],
    why: super::sessions::Ended,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    for session in sessions {
        let line = Line {
            action: Action::SessionEnded,
            actor,
            subject: Some(subject),
            session: Some(session),
            detail: Some(why.as_str()),
            at: now,
        };
        add(db, &line)?;
    }
    Ok(())
}

fn sealed_address(
    db: &mut Db,
    origin: &Origin,
    owner: Option<&UserId>,
) -> Result<Option<Vec<u8>>, DbError> {
    let Some(trail) = &origin.trail else {
        return Ok(None);
    };
    // Nobody's address isn't kept; looking for nobody takes as long as looking for somebody, so that
    // the time of a refused sign-in doesn't tell whether a name exists.
    let owner = owner.map_or("-", UserId::as_str);
    let Some(salt) = security::address_salt(db, owner)? else {
        return Ok(None);
    };
    let sealed = trail.seal(&salt, owner, origin.address);
    Ok(Some(sealed.map_err(DbError::data)?))
}

/// A line as it is read.
#[derive(Debug, Clone)]
pub struct Written {
    /// What was done ([`Action::as_str`]).
    pub action: String,
    /// Who did it.
    pub actor: Option<String>,
    /// To whom.
    pub subject: Option<String>,
    /// In which session.
    pub session: Option<String>,
    /// In which request.
    pub request: Option<String>,
    /// From where: opened by [`Trail::open`](crate::accounts::keys::Trail::open) with the salt of the
    /// actor, or of the subject where there is no actor.
    pub address: Option<Vec<u8>>,
    /// A word about it.
    pub detail: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

type Row = (
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<Vec<u8>>,
    Option<String>,
    NaiveDateTime,
);

/// What a member did, and what was done to him, newest first, at most `most` lines.
///
/// # Errors
/// Database errors.
pub fn of_member(db: &mut Db, user: &UserId, most: i64) -> Result<Vec<Written>, DbError> {
    let query = table::table
        .filter(
            table::subject_id
                .eq(user.as_str())
                .or(table::actor_id.eq(user.as_str())),
        )
        .order(table::id.desc())
        .limit(most)
        .select((
            table::action,
            table::actor_id,
            table::subject_id,
            table::session_id,
            table::request_id,
            table::address_sealed,
            table::detail,
            table::at,
        ));
    let rows = on!(db, c => query.load::<Row>(c))?;
    let written = |(action, actor, subject, session, request, address, detail, at): Row| Written {
        action,
        actor,
        subject,
        session,
        request,
        address,
        detail,
        at: at.and_utc(),
    };
    Ok(rows.into_iter().map(written).collect())
}

/// Deletes lines whose time is over.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    let old = table::table.filter(table::at.lt(to_stored(later(now, -KEPT))));
    on!(db, c => diesel::delete(old).execute(c))?;
    Ok(())
}
