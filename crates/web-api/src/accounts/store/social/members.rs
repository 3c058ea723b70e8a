//! Members who sign in by another service only.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::account::{Nickname, Role, UserState};
use domain::token::UserId;

use crate::db::schema::users as table;
use crate::db::{Db, DbError, on, to_stored};

/// Somebody who signs up by another service. Name and password to sign in with there are none.
#[derive(Debug)]
pub struct NewMember<'a> {
    /// His id outside of the database.
    pub id: &'a UserId,
    /// Checked.
    pub nickname: &'a Nickname,
    /// Sealed; not verified.
    pub email: Option<&'a [u8]>,
    /// Sealed, with what the number is found by.
    pub phone: Option<(&'a [u8], &'a [u8; 32])>,
}

/// Stores a member and gives the key.
///
/// # Errors
/// [`DbError::Conflict`] where something of him is another's.
pub fn insert(db: &mut Db, new: &NewMember<'_>, now: DateTime<Utc>) -> Result<i64, DbError> {
    let now = to_stored(now);
    let row = (
        table::public_id.eq(new.id.as_str()),
        table::nickname.eq(new.nickname.as_str()),
        table::nickname_key.eq(new.nickname.key()),
        table::email_sealed.eq(new.email),
        table::phone_sealed.eq(new.phone.map(|(sealed, _)| sealed)),
        table::phone_index.eq(new.phone.map(|(_, index)| &index[..])),
        table::role.eq(Role::Member.as_str()),
        table::state.eq(UserState::Active.as_str()),
        table::state_changed_at.eq(now),
        table::created_at.eq(now),
        table::updated_at.eq(now),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    let key = table::table
        .filter(table::public_id.eq(new.id.as_str()))
        .select(table::id);
    Ok(on!(db, c => key.first(c))?)
}

/// Lets changes to the ways that a member signs in by happen one after another, until the end of the
/// transaction.
///
/// # Errors
/// Database errors.
pub fn hold(db: &mut Db, user: i64, now: DateTime<Utc>) -> Result<(), DbError> {
    let change = table::updated_at.eq(to_stored(now));
    on!(db, c => diesel::update(table::table.find(user)).set(change).execute(c))?;
    Ok(())
}
