//! Everything that is stored of one member: reading it for him, and deleting it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::token::UserId;

use super::sms_counts;
use super::social::{exchanges, identities};
use crate::accounts::social::forget;
use crate::db::schema::{
    attendance, audit, compare_box, phone_verifications, sessions, sign_in_failures, sms_outbox,
    statements, users, wishes,
};
use crate::db::{Db, DbError, on};

/// By what a member is found in the tables.
#[derive(Debug, Clone)]
pub struct Traces {
    /// Inside of the database.
    pub key: i64,
    /// Outside of it.
    pub id: UserId,
    /// The keyed hash of his number.
    pub phone: Option<[u8; 32]>,
    /// The keyed hashes of everything that his password may be tried with.
    pub accounts: Vec<[u8; 32]>,
    /// When he goes.
    pub at: DateTime<Utc>,
}

/// Deletes the member, and with him what belongs to him.
pub(crate) fn delete_user(db: &mut Db, who: &Traces) -> Result<(), DbError> {
    let row = users::table.find(who.key);
    on!(db, c => diesel::delete(row).execute(c))?;
    Ok(())
}

/// Deletes the verifications of his number, and their messages with them.
pub(crate) fn delete_verifications(db: &mut Db, who: &Traces) -> Result<(), DbError> {
    let Some(phone) = &who.phone else {
        return Ok(());
    };
    // Found first and deleted by key: a deletion that searches would lock the numbers of others.
    let of_number = phone_verifications::table
        .filter(phone_verifications::phone_index.eq(&phone[..]))
        .select(phone_verifications::id);
    let ids: Vec<String> = on!(db, c => of_number.load(c))?;
    for id in ids {
        let row = phone_verifications::table.find(id);
        on!(db, c => diesel::delete(row).execute(c))?;
    }
    Ok(())
}

/// Deletes what was counted of his number.
pub(crate) fn delete_counts(db: &mut Db, who: &Traces) -> Result<(), DbError> {
    match &who.phone {
        Some(phone) => sms_counts::forget(db, phone),
        None => Ok(()),
    }
}

/// Deletes wrong passwords that were tried on him.
pub(crate) fn delete_failures(db: &mut Db, who: &Traces) -> Result<(), DbError> {
    for account in &who.accounts {
        let rows = sign_in_failures::table.filter(sign_in_failures::account_index.eq(&account[..]));
        on!(db, c => diesel::delete(rows).execute(c))?;
    }
    Ok(())
}

/// Deletes ways from other services to him that are under way.
pub(crate) fn delete_exchanges(db: &mut Db, who: &Traces) -> Result<(), DbError> {
    for identity in identities::of_user(db, who.key)? {
        exchanges::forget(db, identity.provider, &identity.subject_index)?;
    }
    Ok(())
}

/// Deletes who he is at other services, and leaves the jobs that tell them.
pub(crate) fn delete_identities(db: &mut Db, who: &Traces) -> Result<(), DbError> {
    forget(db, who.key, who.at)
}

/// Deletes what chat-server would have been told of him: that he is gone says more.
pub(crate) fn delete_statements(db: &mut Db, who: &Traces) -> Result<(), DbError> {
    let ids = statements::table
        .filter(statements::subject_id.eq(who.id.as_str()))
        .select(statements::id);
    let ids: Vec<String> = on!(db, c => ids.load(c))?;
    for id in ids {
        on!(db, c => diesel::delete(statements::table.find(id)).execute(c))?;
    }
    Ok(())
}

/// The days on which a member was here, oldest first.
///
/// # Errors
/// Database errors.
pub fn days(db: &mut Db, key: i64, most: i64) -> Result<Vec<NaiveDate>, DbError> {
    let query = attendance::table
        .filter(attendance::user_id.eq(key))
        .order(attendance::day.asc())
        .limit(most)
        .select(attendance::day);
    Ok(on!(db, c => query.load(c))?)
}

/// A session, with how it ended.
#[derive(Debug, Clone)]
pub struct KnownSession {
    /// Its id.
    pub id: String,
    /// What the device called itself.
    pub device: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it was used last.
    pub used_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it ended, and why.
    pub ended: Option<(DateTime<Utc>, Option<String>)>,
}

type SessionRow = (
    String,
    String,
    NaiveDateTime,
    NaiveDateTime,
    NaiveDateTime,
    Option<NaiveDateTime>,
    Option<String>,
);

/// Every session of a member that is known, oldest first.
///
/// # Errors
/// Database errors.
pub fn sessions(db: &mut Db, key: i64, most: i64) -> Result<Vec<KnownSession>, DbError> {
    let query = sessions::table
        .filter(sessions::user_id.eq(key))
        .order(sessions::created_at.asc())
        .limit(most)
        .select((
            sessions::id,
            sessions::device,
            sessions::created_at,
            sessions::rotated_at,
            sessions::expires_at,
            sessions::ended_at,
            sessions::ended_why,
        ));
    let rows = on!(db, c => query.load::<SessionRow>(c))?;
    let known = |(id, device, began_at, used_at, expires_at, ended_at, why): SessionRow| {
        let ended = ended_at.map(|at| (at.and_utc(), why));
        KnownSession {
            id,
            device,
            began_at: began_at.and_utc(),
            used_at: used_at.and_utc(),
            expires_at: expires_at.and_utc(),
            ended,
        }
    };
    Ok(rows.into_iter().map(known).collect())
}

/// What a member wishes, oldest first: the medicine and when.
///
/// # Errors
/// Database errors.
pub fn wishes(db: &mut Db, key: i64, most: i64) -> Result<Vec<(i64, DateTime<Utc>)>, DbError> {
    let query = wishes::table
        .filter(wishes::user_id.eq(key))
        .order(wishes::created_at.asc())
        .limit(most)
        .select((wishes::medicine_id, wishes::created_at));
    let rows = on!(db, c => query.load::<(i64, NaiveDateTime)>(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, at)| (id, at.and_utc()))
        .collect())
}

/// What a member has put aside to compare, in the order of the box: the medicine and when. There are
/// ten at most.
///
/// # Errors
/// Database errors.
pub fn compare_box(db: &mut Db, key: i64) -> Result<Vec<(i64, DateTime<Utc>)>, DbError> {
    let query = compare_box::table
        .filter(compare_box::user_id.eq(key))
        .order(compare_box::turn.asc())
        .select((compare_box::medicine_id, compare_box::added_at));
    let rows = on!(db, c => query.load::<(i64, NaiveDateTime)>(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, at)| (id, at.and_utc()))
        .collect())
}

/// A verification of a number, with what became of its message.
#[derive(Debug, Clone)]
pub struct KnownVerification {
    /// What it was for.
    pub purpose: String,
    /// When it was asked for.
    pub issued_at: DateTime<Utc>,
    /// When the code was entered.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Where the message is.
    pub message: Option<String>,
}

type VerificationRow = (String, NaiveDateTime, Option<NaiveDateTime>, Option<String>);

/// The verifications of a number that are known, oldest first.
///
/// # Errors
/// Database errors.
pub fn verifications(
    db: &mut Db,
    phone: &[u8; 32],
    most: i64,
) -> Result<Vec<KnownVerification>, DbError> {
    let query = phone_verifications::table
        .left_join(sms_outbox::table.on(sms_outbox::verification_id.eq(phone_verifications::id)))
        .filter(phone_verifications::phone_index.eq(&phone[..]))
        .order(phone_verifications::issued_at.asc())
        .limit(most)
        .select((
            phone_verifications::purpose,
            phone_verifications::issued_at,
            phone_verifications::confirmed_at,
            sms_outbox::state.nullable(),
        ));
    let rows = on!(db, c => query.load::<VerificationRow>(c))?;
    let known = |(purpose, issued_at, confirmed_at, message): VerificationRow| KnownVerification {
        purpose,
        issued_at: issued_at.and_utc(),
        confirmed_at: confirmed_at.map(|at| at.and_utc()),
        message,
    };
    Ok(rows.into_iter().map(known).collect())
}

/// A line of the audit that is about a member, or of what he did.
#[derive(Debug, Clone)]
pub struct KnownAction {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: String,
    /// Whether he did it himself.
    pub by_himself: bool,
    /// In which session.
    pub session: Option<String>,
    /// From where, sealed; of what somebody else did it isn't his.
    pub address: Option<Vec<u8>>,
    /// A word about it; of what was done to somebody else it isn't his.
    pub detail: Option<String>,
}

type ActionRow = (
    Option<String>,
    NaiveDateTime,
    String,
    Option<String>,
    Option<String>,
    Option<Vec<u8>>,
    Option<String>,
);

/// The lines of the audit that are about a member, and of what he did, oldest first. To whom he did it stands
/// in none of them.
///
/// # Errors
/// Database errors.
pub fn actions(db: &mut Db, id: &UserId, most: i64) -> Result<Vec<KnownAction>, DbError> {
    let query = audit::table
        .filter(
            audit::subject_id
                .eq(id.as_str())
                .or(audit::actor_id.eq(id.as_str())),
        )
        .order((audit::at.asc(), audit::id.asc()))
        .limit(most)
        .select((
            audit::subject_id,
            audit::at,
            audit::action,
            audit::actor_id,
            audit::session_id,
            audit::address_sealed,
            audit::detail,
        ));
    let rows = on!(db, c => query.load::<ActionRow>(c))?;
    let known = |(subject, at, action, actor, session, address, detail): ActionRow| {
        let is_of_others = subject.is_some_and(|subject| subject != id.as_str());
        let by_himself = actor.as_deref() == Some(id.as_str());
        KnownAction {
            at: at.and_utc(),
            action,
            by_himself,
            session,
            address: address.filter(|_| by_himself || actor.is_none()),
            detail: detail.filter(|_| !is_of_others),
        }
    };
    Ok(rows.into_iter().map(known).collect())
}
