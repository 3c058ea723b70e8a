//! Members.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::account::{LoginId, Nickname, Role, UserState};
use domain::token::UserId;

use super::{hash32, named};
use crate::db::schema::users as table;
use crate::db::{Db, DbError, on, to_stored};

/// A member as the database has him.
#[derive(Debug, Clone)]
pub struct User {
    /// Inside of the database.
    pub key: i64,
    /// Outside of it.
    pub id: UserId,
    /// Absent where he signs in by another service only.
    pub login_id: Option<String>,
    /// bcrypt's.
    pub password_hash: Option<String>,
    /// Never absent: who has withdrawn isn't here any more.
    pub nickname: Option<String>,
    /// The e-mail address, sealed.
    pub email: Option<Vec<u8>>,
    /// Whether somebody proved to read it.
    pub email_verified: bool,
    /// The phone number, sealed.
    pub phone: Option<Vec<u8>>,
    /// By which the number is found.
    pub phone_index: Option<[u8; 32]>,
    /// What he is to the service.
    pub role: Role,
    /// Where the account is in its life.
    pub state: UserState,
    /// When he signed up.
    pub created_at: DateTime<Utc>,
}

/// Somebody who signs up.
#[derive(Debug)]
pub struct NewUser<'a> {
    /// His id outside of the database.
    pub id: &'a UserId,
    /// Checked.
    pub login_id: &'a LoginId,
    /// bcrypt's.
    pub password_hash: &'a str,
    /// Checked.
    pub nickname: &'a Nickname,
    /// Sealed; not verified.
    pub email: Option<&'a [u8]>,
    /// Sealed.
    pub phone: &'a [u8],
    /// By which the number is found.
    pub phone_index: &'a [u8; 32],
}

/// What must be one member's alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The name to sign in with.
    LoginId,
    /// The name that others see.
    Nickname,
    /// The phone number.
    Phone,
}

type Row = (
    i64,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    String,
    String,
    NaiveDateTime,
);

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        (
            table::id,
            table::public_id,
            table::login_id,
            table::password_hash,
            table::nickname,
            table::email_sealed,
            table::email_index,
            table::phone_sealed,
            table::phone_index,
            table::role,
            table::state,
            table::created_at,
        )
    };
}

fn user(row: Row) -> Result<User, DbError> {
    let (
        key,
        id,
        login_id,
        password_hash,
        nickname,
        email,
        email_index,
        phone,
        index,
        role,
        state,
        at,
    ) = row;
    Ok(User {
        key,
        id: named(&id)?,
        login_id,
        password_hash,
        nickname,
        email,
        email_verified: email_index.is_some(),
        phone,
        phone_index: index.as_deref().map(hash32).transpose()?,
        role: named(&role)?,
        state: named(&state)?,
        created_at: at.and_utc(),
    })
}

/// Stores a member and gives the key.
///
/// # Errors
/// [`DbError::Conflict`] where something of him is another's; [`taken`] says what.
pub fn insert(db: &mut Db, new: &NewUser<'_>, now: DateTime<Utc>) -> Result<i64, DbError> {
    let now = to_stored(now);
    let row = (
        table::public_id.eq(new.id.as_str()),
        table::login_id.eq(new.login_id.as_str()),
        table::password_hash.eq(new.password_hash),
        table::password_changed_at.eq(now),
        table::nickname.eq(new.nickname.as_str()),
        table::nickname_key.eq(new.nickname.key()),
        table::email_sealed.eq(new.email),
        table::phone_sealed.eq(new.phone),
        table::phone_index.eq(&new.phone_index[..]),
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

/// What of these is somebody's already, in the order of a form.
///
/// # Errors
/// Database errors.
pub fn taken(
    db: &mut Db,
    login_id: Option<&LoginId>,
    nickname: Option<&Nickname>,
    phone_index: Option<&[u8; 32]>,
) -> Result<Vec<Taken>, DbError> {
    let mut found = Vec::new();
    if let Some(login_id) = login_id {
        let query = table::table.filter(table::login_id.eq(login_id.as_str()));
        if on!(db, c => query.count().get_result::<i64>(c))? > 0 {
            found.push(Taken::LoginId);
        }
    }
    if let Some(nickname) = nickname {
        let query = table::table.filter(table::nickname_key.eq(nickname.key()));
        if on!(db, c => query.count().get_result::<i64>(c))? > 0 {
            found.push(Taken::Nickname);
        }
    }
    if let Some(index) = phone_index {
        let query = table::table.filter(table::phone_index.eq(&index[..]));
        if on!(db, c => query.count().get_result::<i64>(c))? > 0 {
            found.push(Taken::Phone);
        }
    }
    Ok(found)
}

/// The member of an id.
///
/// # Errors
/// Database errors.
pub fn by_id(db: &mut Db, id: &UserId) -> Result<Option<User>, DbError> {
    let query = table::table
        .filter(table::public_id.eq(id.as_str()))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(user).transpose()
}

/// The member of a key.
///
/// # Errors
/// Database errors.
pub fn by_key(db: &mut Db, key: i64) -> Result<Option<User>, DbError> {
    let query = table::table.find(key).select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(user).transpose()
}

/// When the account came to where it is in its life, `None` where there is none.
///
/// # Errors
/// Database errors.
pub fn state_changed_at(db: &mut Db, key: i64) -> Result<Option<DateTime<Utc>>, DbError> {
    let query = table::table.find(key).select(table::state_changed_at);
    let at = on!(db, c => query.first::<NaiveDateTime>(c).optional())?;
    Ok(at.map(|at| at.and_utc()))
}

/// Holds a member until the transaction ends, so that he can't withdraw meanwhile; says where the
/// account is in its life, `None` where there is none. What is written for a member is written after
/// this, in the same transaction.
///
/// # Errors
/// Database errors.
pub fn hold(db: &mut Db, key: i64) -> Result<Option<UserState>, DbError> {
    let query = table::table.find(key).select(table::state);
    let state: Option<String> = match db {
        Db::Mysql(c) => query.for_update().get_result(&mut **c).optional()?,
        // The one writer that there is.
        Db::Sqlite(c) => query.get_result(&mut **c).optional()?,
    };
    state.as_deref().map(named).transpose()
}

/// The same for the member of an id: gives the key. As the first statement of a transaction nothing
/// that is read after it is older than the hold.
///
/// # Errors
/// Database errors.
pub fn hold_by_id(db: &mut Db, id: &UserId) -> Result<Option<i64>, DbError> {
    let query = table::table
        .filter(table::public_id.eq(id.as_str()))
        .select(table::id);
    Ok(match db {
        Db::Mysql(c) => query.for_update().get_result(&mut **c).optional()?,
        Db::Sqlite(c) => query.get_result(&mut **c).optional()?,
    })
}

/// The member who signs in by this name.
///
/// # Errors
/// Database errors.
pub fn by_login_id(db: &mut Db, login_id: &LoginId) -> Result<Option<User>, DbError> {
    let query = table::table
        .filter(table::login_id.eq(login_id.as_str()))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(user).transpose()
}

/// The member whom others see by this name.
///
/// # Errors
/// Database errors.
pub fn by_nickname(db: &mut Db, nickname: &Nickname) -> Result<Option<User>, DbError> {
    let query = table::table
        .filter(table::nickname_key.eq(nickname.key()))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(user).transpose()
}

/// The member who proved to read this address.
///
/// # Errors
/// Database errors.
pub fn by_email(db: &mut Db, index: &[u8; 32]) -> Result<Option<User>, DbError> {
    let query = table::table
        .filter(table::email_index.eq(&index[..]))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(user).transpose()
}

/// Gives a member another nickname.
///
/// # Errors
/// [`DbError::Conflict`] where it is another's.
pub fn rename(
    db: &mut Db,
    key: i64,
    nickname: &Nickname,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let change = (
        table::nickname.eq(nickname.as_str()),
        table::nickname_key.eq(nickname.key()),
        table::updated_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::update(table::table.find(key)).set(change).execute(c))?;
    Ok(())
}

/// Gives a member another password, on the condition that the old one still stands; says whether it
/// did.
///
/// # Errors
/// Database errors.
pub fn change_password(
    db: &mut Db,
    key: i64,
    old: &str,
    new: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let row = table::table.find(key).filter(table::password_hash.eq(old));
    let change = (
        table::password_hash.eq(new),
        table::password_changed_at.eq(to_stored(now)),
        table::updated_at.eq(to_stored(now)),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// The member of a number.
///
/// # Errors
/// Database errors.
pub fn by_phone(db: &mut Db, index: &[u8; 32]) -> Result<Option<User>, DbError> {
    let query = table::table
        .filter(table::phone_index.eq(&index[..]))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(user).transpose()
}
