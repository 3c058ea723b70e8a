//! Pictures of members: permissions to upload, the picture that counts, files to be deleted.

pub mod deletions;
pub mod uploads;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::token::UserId;

use crate::db::schema::{image_uploads, profile_images as table, users};
use crate::db::{Db, DbError, on, to_stored};

/// Holds a member until the end of the transaction: what concerns his picture happens one after the
/// other. Says whether he is there.
///
/// # Errors
/// Database errors.
pub fn hold_member(db: &mut Db, user: i64) -> Result<bool, DbError> {
    let row = users::table.find(user);
    // Changes nothing, and takes the lock of the row for writing on both databases.
    let change = users::updated_at.eq(users::updated_at);
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    let query = users::table.find(user).select(users::id);
    Ok(on!(db, c => query.first::<i64>(c).optional())?.is_some())
}

/// Holds the member of an id likewise; gives his key. Comes first in its transaction: what MySQL read
/// before it waited for the row would be what was there before it waited.
///
/// # Errors
/// Database errors.
pub fn hold_owner(db: &mut Db, owner: &UserId) -> Result<Option<i64>, DbError> {
    let row = users::table.filter(users::public_id.eq(owner.as_str()));
    let change = users::updated_at.eq(users::updated_at);
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    let query = row.select(users::id);
    Ok(on!(db, c => query.first(c).optional())?)
}

/// The file of a member's picture.
///
/// # Errors
/// Database errors.
pub fn file_of(db: &mut Db, user: i64) -> Result<Option<String>, DbError> {
    let query = table::table.find(user).select(table::file);
    Ok(on!(db, c => query.first(c).optional())?)
}

/// The file that an upload became, where it is the member's picture now.
///
/// # Errors
/// Database errors.
pub fn made_of(db: &mut Db, user: i64, upload: &str) -> Result<Option<String>, DbError> {
    let query = table::table
        .find(user)
        .filter(table::upload_id.eq(upload))
        .select(table::file);
    Ok(on!(db, c => query.first(c).optional())?)
}

/// Makes a file the member's picture, inside a transaction that holds the member; the one before is
/// marked and given back.
///
/// # Errors
/// Database errors.
pub fn replace(
    db: &mut Db,
    user: i64,
    file: &str,
    upload: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, DbError> {
    let former = remove(db, user, now)?;
    let row = (
        table::user_id.eq(user),
        table::file.eq(file),
        table::upload_id.eq(upload),
        table::created_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(former)
}

/// Takes the picture away, inside a transaction that holds the member; its file is marked for
/// deletion and given back.
///
/// # Errors
/// Database errors.
pub fn remove(db: &mut Db, user: i64, now: DateTime<Utc>) -> Result<Option<String>, DbError> {
    let query = table::table.find(user).select(table::file);
    // A locking read: callers may have read before they held the member, and MySQL would repeat that.
    let file: Option<String> = match db {
        Db::Mysql(c) => query.for_update().first(&mut **c).optional()?,
        Db::Sqlite(c) => query.first(&mut **c).optional()?,
    };
    if let Some(file) = &file {
        on!(db, c => diesel::delete(table::table.find(user)).execute(c))?;
        deletions::add(db, file, now, now, now)?;
    }
    Ok(file)
}

/// Forgets everything of a member's pictures, inside the caller's transaction: the picture, and what
/// he began to upload. Gives the files, which are marked for deletion.
///
/// # Errors
/// Database errors.
pub fn forget(
    db: &mut Db,
    user: i64,
    now: DateTime<Utc>,
    file_of_upload: impl Fn(&str) -> String,
) -> Result<Vec<String>, DbError> {
    hold_member(db, user)?;
    let mut files: Vec<String> = remove(db, user, now)?.into_iter().collect();
    let mine = image_uploads::table.filter(image_uploads::user_id.eq(user));
    let query = mine.select(image_uploads::id);
    let uploads: Vec<String> = match db {
        Db::Mysql(c) => query.for_update().load(&mut **c)?,
        Db::Sqlite(c) => query.load(&mut **c)?,
    };
    on!(db, c => diesel::delete(mine).execute(c))?;
    for upload in uploads {
        let file = file_of_upload(&upload);
        if deletions::at_once(db, &file, now)? {
            files.push(file);
        }
    }
    Ok(files)
}
