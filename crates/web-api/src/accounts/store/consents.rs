//! The ledger of consents: lines are added and never changed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::account::{ConsentEntry, ConsentKind, Consents};

use super::named;
use crate::db::schema::consents as table;
use crate::db::{Db, DbError, on, to_stored};

/// Adds lines, in their order.
///
/// # Errors
/// Database errors.
pub fn add(db: &mut Db, user: i64, lines: &[ConsentEntry]) -> Result<(), DbError> {
    for line in lines {
        let row = (
            table::user_id.eq(user),
            table::kind.eq(line.kind.as_str()),
            table::agreed.eq(line.agreed),
            table::text_version.eq(line.version.as_str()),
            table::said_at.eq(to_stored(line.at)),
        );
        on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Every line of a member, oldest first.
///
/// # Errors
/// Database errors.
pub fn ledger(db: &mut Db, user: i64) -> Result<Vec<ConsentEntry>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .order(table::id.asc())
        .select((
            table::kind,
            table::agreed,
            table::text_version,
            table::said_at,
        ));
    let rows = on!(db, c => query.load::<(String, bool, String, NaiveDateTime)>(c))?;
    rows.into_iter()
        .map(|(kind, agreed, version, at)| {
            let kind: ConsentKind = named(&kind)?;
            let at: DateTime<Utc> = at.and_utc();
            let version = named(&version)?;
            Ok(ConsentEntry {
                kind,
                agreed,
                version,
                at,
            })
        })
        .collect()
}

/// Whether a member agrees to something at this moment.
///
/// # Errors
/// Database errors.
pub fn holds(db: &mut Db, user: i64, kind: ConsentKind) -> Result<bool, DbError> {
    Ok(Consents::from_ledger(ledger(db, user)?).holds(kind))
}
