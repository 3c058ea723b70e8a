//! Leases by the clock of the database: one holder at a time across instances, and none for ever.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Text};

use super::schema::locks;
use super::{Db, DbError, on};

/// What the holder has to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    name: String,
    owner: String,
    seconds: i32,
}

impl Lease {
    /// A lease that isn't held yet; every one has an owner of its own, also within a process.
    #[must_use]
    pub fn new(name: &str, time_to_live: Duration) -> Self {
        Self {
            name: name.to_owned(),
            owner: uuid::Uuid::now_v7().to_string(),
            seconds: i32::try_from(time_to_live.as_secs())
                .unwrap_or(i32::MAX)
                .max(1),
        }
    }

    /// Takes the lease where it is free, ours, or where its time is over.
    ///
    /// # Errors
    /// Database errors only; `false` where another one holds it.
    pub fn acquire(&self, db: &mut Db) -> Result<bool, DbError> {
        db.write_tx(|db| {
            let row = (
                locks::name.eq(&self.name),
                locks::owner.eq(""),
                locks::expires_at.eq(chrono::DateTime::UNIX_EPOCH.naive_utc()),
            );
            on!(db, c => diesel::insert_into(locks::table).values(row).on_conflict_do_nothing().execute(c))?;
            self.prolong(db, Claim::FreeOrOurs)
        })
    }

    /// Prolongs the lease, and inside a transaction keeps it until the end of it: nobody else can take
    /// it in between.
    ///
    /// # Errors
    /// [`DbError::LeaseLost`] where its time is over or another one has it.
    pub fn hold(&self, db: &mut Db) -> Result<(), DbError> {
        if self.prolong(db, Claim::Ours)? {
            Ok(())
        } else {
            Err(DbError::LeaseLost)
        }
    }

    /// Gives the lease back; nothing happens where it isn't ours any more.
    ///
    /// # Errors
    /// Database errors only.
    pub fn release(&self, db: &mut Db) -> Result<(), DbError> {
        let ours = locks::table
            .filter(locks::name.eq(&self.name))
            .filter(locks::owner.eq(&self.owner));
        on!(db, c => diesel::delete(ours).execute(c))?;
        Ok(())
    }

    fn prolong(&self, db: &mut Db, claim: Claim) -> Result<bool, DbError> {
        let changed = match db {
            Db::Mysql(connection) => {
                let condition = match claim {
                    Claim::FreeOrOurs => "(owner = ? OR expires_at <= UTC_TIMESTAMP(6))",
                    Claim::Ours => "owner = ? AND expires_at > UTC_TIMESTAMP(6)",
                };
                sql_query(format!(
                    "UPDATE locks SET owner = ?, expires_at = DATE_ADD(UTC_TIMESTAMP(6), INTERVAL ? SECOND) \
                     WHERE name = ? AND {condition}"
                ))
                .bind::<Text, _>(&self.owner)
                .bind::<Integer, _>(self.seconds)
                .bind::<Text, _>(&self.name)
                .bind::<Text, _>(&self.owner)
                .execute(&mut **connection)?
            }
            Db::Sqlite(connection) => {
                let now = "strftime('%Y-%m-%d %H:%M:%f', 'now')";
                let condition = match claim {
                    Claim::FreeOrOurs => {
                        format!("(owner = ? OR julianday(expires_at) <= julianday({now}))")
                    }
                    Claim::Ours => {
                        format!("owner = ? AND julianday(expires_at) > julianday({now})")
                    }
                };
                sql_query(format!(
                    "UPDATE locks SET owner = ?, \
                     expires_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '+' || ? || ' seconds') \
                     WHERE name = ? AND {condition}"
                ))
                .bind::<Text, _>(&self.owner)
                .bind::<Integer, _>(self.seconds)
                .bind::<Text, _>(&self.name)
                .bind::<Text, _>(&self.owner)
                .execute(&mut **connection)?
            }
        };
        Ok(changed == 1)
    }
}

#[derive(Clone, Copy)]
enum Claim {
    FreeOrOurs,
    Ours,
}

#[derive(QueryableByName)]
struct Holders {
    #[diesel(sql_type = BigInt)]
    holders: i64,
}

/// Whether somebody holds the lease of this name.
///
/// # Errors
/// Database errors.
pub fn is_held(db: &mut Db, name: &str) -> Result<bool, DbError> {
    let count = |condition: &str| {
        let query = format!(
            "SELECT COUNT(*) AS holders FROM locks WHERE name = ? AND owner <> '' AND {condition}"
        );
        sql_query(query).bind::<Text, _>(name.to_owned())
    };
    let row: Holders = match db {
        Db::Mysql(c) => count("expires_at > UTC_TIMESTAMP(6)").get_result(&mut **c)?,
        Db::Sqlite(c) => count("julianday(expires_at) > julianday('now')").get_result(&mut **c)?,
    };
    Ok(row.holders > 0)
}
