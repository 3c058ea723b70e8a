//! Lists of allergens as they are stored: one sealed row a member. Synchronous functions on
//! [`Db`], called inside [`Pool::run`](crate::db::Pool::run).

use diesel::prelude::*;

use domain::token::UserId;

use crate::db::schema::allergies as table;
use crate::db::schema::users;
use crate::db::{Db, DbError, on};

/// The key of a member, and his sealed list where there is one.
type KeyAndList = (i64, Option<Vec<u8>>);

/// The sealed list of a member; none where nothing was ever listed, or nothing is any more.
///
/// # Errors
/// Database errors.
pub(crate) fn sealed(db: &mut Db, user: i64) -> Result<Option<Vec<u8>>, DbError> {
    let query = table::table.find(user).select(table::sealed);
    Ok(on!(db, c => query.first(c).optional())?)
}

/// The key of a member with his sealed list, in one look; nothing where there is no such member.
///
/// # Errors
/// Database errors.
pub(crate) fn of_member(db: &mut Db, id: &UserId) -> Result<Option<KeyAndList>, DbError> {
    let query = users::table
        .left_join(table::table.on(table::user_id.eq(users::id)))
        .filter(users::public_id.eq(id.as_str()))
        .select((users::id, table::sealed.nullable()));
    Ok(on!(db, c => query.first(c).optional())?)
}

/// Stores the sealed list of a member. Inside a transaction that holds him: two at once would each
/// lose the other's.
///
/// # Errors
/// Database errors.
pub(crate) fn keep(db: &mut Db, user: i64, sealed: &[u8]) -> Result<(), DbError> {
    let there = table::table.find(user).count();
    if on!(db, c => there.get_result::<i64>(c))? > 0 {
        let change = table::sealed.eq(sealed);
        on!(db, c => diesel::update(table::table.find(user)).set(change).execute(c))?;
    } else {
        let row = (table::user_id.eq(user), table::sealed.eq(sealed));
        on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Deletes the list of a member.
///
/// # Errors
/// Database errors.
pub(crate) fn forget(db: &mut Db, user: i64) -> Result<(), DbError> {
    on!(db, c => diesel::delete(table::table.find(user)).execute(c))?;
    Ok(())
}
