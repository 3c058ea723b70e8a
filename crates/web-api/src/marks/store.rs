//! Marks as they are stored.

use diesel::prelude::*;
use domain::catalogue::MedicineId;
use domain::token::UserId;

use crate::db::schema::{compare_box, users, wishes};
use crate::db::{Db, DbError, on};

/// The marks of one member, in no order.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) wished: Vec<MedicineId>,
    pub(crate) boxed: Vec<MedicineId>,
}

/// The key of a member.
pub(super) fn key_of(db: &mut Db, id: &UserId) -> Result<Option<i64>, DbError> {
    let key = users::table
        .filter(users::public_id.eq(id.as_str()))
        .select(users::id);
    Ok(on!(db, c => key.first(c).optional())?)
}

/// Reads the marks of a member; none where there is no such member (any more).
pub(super) fn read(db: &mut Db, id: &UserId) -> Result<Stored, DbError> {
    let Some(key) = key_of(db, id)? else {
        return Ok(Stored::default());
    };
    let wished = wishes::table
        .filter(wishes::user_id.eq(key))
        .select(wishes::medicine_id);
    let boxed = compare_box::table
        .filter(compare_box::user_id.eq(key))
        .select(compare_box::medicine_id);
    Ok(Stored {
        wished: ids(on!(db, c => wished.load(c))?)?,
        boxed: ids(on!(db, c => boxed.load(c))?)?,
    })
}

fn ids(rows: Vec<i64>) -> Result<Vec<MedicineId>, DbError> {
    let ids = rows.into_iter().map(MedicineId::new);
    ids.collect::<Result<_, _>>().map_err(DbError::data)
}
