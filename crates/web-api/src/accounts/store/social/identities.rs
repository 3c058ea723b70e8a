//! Who members are to providers.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::exchanges::Named;
use crate::accounts::social::Provider;
use crate::accounts::store::{hash32, named};
use crate::db::schema::social_identities as table;
use crate::db::{Db, DbError, on, to_stored};

/// Who a member is to one provider.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Whose.
    pub user: i64,
    /// To whom.
    pub provider: Provider,
    /// By which he is found.
    pub subject_index: [u8; 32],
    /// Who he is there, sealed; absent where the provider said that it is over.
    pub subject: Option<Vec<u8>>,
    /// What the provider asks for when the link ends, sealed.
    pub token: Option<Vec<u8>>,
    /// Since when.
    pub linked_at: DateTime<Utc>,
    /// Whether it still holds.
    pub linked: bool,
}

type Row = (
    i64,
    String,
    Vec<u8>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    NaiveDateTime,
    Option<NaiveDateTime>,
);

macro_rules! columns {
    () => {
        (
            table::user_id,
            table::provider,
            table::subject_index,
            table::subject_sealed,
            table::token_sealed,
            table::linked_at,
            table::unlinked_at,
        )
    };
}

fn identity(row: Row) -> Result<Identity, DbError> {
    let (user, provider, index, subject, token, linked_at, unlinked_at) = row;
    Ok(Identity {
        user,
        provider: named(&provider)?,
        subject_index: hash32(&index)?,
        subject,
        token,
        linked_at: linked_at.and_utc(),
        linked: unlinked_at.is_none(),
    })
}

/// The one of a person of a provider.
///
/// # Errors
/// Database errors.
pub fn by_subject(
    db: &mut Db,
    provider: Provider,
    index: &[u8; 32],
) -> Result<Option<Identity>, DbError> {
    let query = table::table
        .filter(table::provider.eq(provider.as_str()))
        .filter(table::subject_index.eq(&index[..]))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(identity).transpose()
}

/// All of a member, also those that the provider has ended.
///
/// # Errors
/// Database errors.
pub fn of_user(db: &mut Db, user: i64) -> Result<Vec<Identity>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .order(table::provider.asc())
        .select(columns!());
    let rows = on!(db, c => query.load::<Row>(c))?;
    rows.into_iter().map(identity).collect()
}

/// Links a person with a member.
///
/// # Errors
/// [`DbError::Conflict`] where the person is linked with somebody, or the member with another person
/// of this provider.
pub fn insert(db: &mut Db, user: i64, person: &Named, now: DateTime<Utc>) -> Result<(), DbError> {
    let row = (
        table::user_id.eq(user),
        table::provider.eq(person.provider.as_str()),
        table::subject_index.eq(&person.subject_index[..]),
        table::subject_sealed.eq(&person.subject),
        table::token_sealed.eq(&person.token),
        table::linked_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Notes that the person came by this provider: what the provider ended holds again, and a newer token
/// takes the older one's place.
///
/// # Errors
/// Database errors.
pub fn came(db: &mut Db, user: i64, person: &Named) -> Result<(), DbError> {
    let row = table::table
        .filter(table::user_id.eq(user))
        .filter(table::provider.eq(person.provider.as_str()));
    let holds = (
        table::subject_sealed.eq(&person.subject),
        table::unlinked_at.eq(None::<NaiveDateTime>),
    );
    if person.token.is_some() {
        let change = (holds, table::token_sealed.eq(&person.token));
        on!(db, c => diesel::update(row).set(change).execute(c))?;
    } else {
        on!(db, c => diesel::update(row).set(holds).execute(c))?;
    }
    Ok(())
}

/// Gives a person's link this sealed token, if it has none.
///
/// # Errors
/// Database errors.
pub fn inherit(
    db: &mut Db,
    provider: Provider,
    index: &[u8; 32],
    token: &[u8],
) -> Result<(), DbError> {
    let without = table::table
        .filter(table::provider.eq(provider.as_str()))
        .filter(table::subject_index.eq(&index[..]))
        .filter(table::unlinked_at.is_null())
        .filter(table::token_sealed.is_null());
    let change = table::token_sealed.eq(token);
    on!(db, c => diesel::update(without).set(change).execute(c))?;
    Ok(())
}

/// Notes that the provider has ended it, and forgets who the person was there.
///
/// # Errors
/// Database errors.
pub fn ended(
    db: &mut Db,
    user: i64,
    provider: Provider,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = table::table
        .filter(table::user_id.eq(user))
        .filter(table::provider.eq(provider.as_str()));
    let none = None::<Vec<u8>>;
    let change = (
        table::subject_sealed.eq(&none),
        table::token_sealed.eq(&none),
        table::unlinked_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    Ok(())
}

/// Deletes a member's; says whether there was one.
///
/// # Errors
/// Database errors.
pub fn delete(db: &mut Db, user: i64, provider: Provider) -> Result<bool, DbError> {
    let row = table::table
        .filter(table::user_id.eq(user))
        .filter(table::provider.eq(provider.as_str()));
    Ok(on!(db, c => diesel::delete(row).execute(c))? == 1)
}
