//! Codes that were sent, and what came of them.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::account::{CodeHash, Verification, VerificationPhase};

use super::{hash32, named};
use crate::db::schema::phone_verifications as table;
use crate::db::{Db, DbError, on, to_stored};

/// A verification with what is stored beside its state.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its id.
    pub id: String,
    /// How far it is.
    pub state: Verification,
    /// The number, sealed.
    pub phone: Vec<u8>,
    /// By which the number is found.
    pub phone_index: [u8; 32],
    /// Of the code.
    pub code: CodeHash,
}

type Row = (
    String,
    String,
    Vec<u8>,
    Vec<u8>,
    Vec<u8>,
    NaiveDateTime,
    i32,
    String,
    Option<NaiveDateTime>,
);

macro_rules! columns {
    () => {
        (
            table::id,
            table::purpose,
            table::phone_sealed,
            table::phone_index,
            table::code_hash,
            table::issued_at,
            table::tries,
            table::phase,
            table::confirmed_at,
        )
    };
}

const WAITING: &str = "waiting";
const CONFIRMED: &str = "confirmed";
const REDEEMED: &str = "redeemed";

fn phase(phase: VerificationPhase) -> (&'static str, Option<NaiveDateTime>) {
    match phase {
        VerificationPhase::Waiting => (WAITING, None),
        VerificationPhase::Confirmed { at } => (CONFIRMED, Some(to_stored(at))),
        VerificationPhase::Redeemed => (REDEEMED, None),
    }
}

fn stored(row: Row) -> Result<Stored, DbError> {
    let (id, purpose, phone, index, code, issued_at, tries, phase, confirmed_at) = row;
    let phase = match (phase.as_str(), confirmed_at) {
        (WAITING, _) => VerificationPhase::Waiting,
        (CONFIRMED, Some(at)) => VerificationPhase::Confirmed { at: at.and_utc() },
        (REDEEMED, _) => VerificationPhase::Redeemed,
        _ => return Err(DbError::data("a verification in no phase")),
    };
    Ok(Stored {
        id,
        state: Verification {
            purpose: named(&purpose)?,
            issued_at: issued_at.and_utc(),
            tries: u8::try_from(tries).unwrap_or(u8::MAX),
            phase,
        },
        phone,
        phone_index: hash32(&index)?,
        code: CodeHash::from_bytes(hash32(&code)?),
    })
}

/// Stores a new one.
///
/// # Errors
/// Database errors.
pub fn insert(db: &mut Db, new: &Stored) -> Result<(), DbError> {
    let (phase, confirmed_at) = phase(new.state.phase);
    let row = (
        table::id.eq(&new.id),
        table::purpose.eq(new.state.purpose.as_str()),
        table::phone_sealed.eq(&new.phone),
        table::phone_index.eq(&new.phone_index[..]),
        table::code_hash.eq(&new.code.as_bytes()[..]),
        table::issued_at.eq(to_stored(new.state.issued_at)),
        table::tries.eq(i32::from(new.state.tries)),
        table::phase.eq(phase),
        table::confirmed_at.eq(confirmed_at),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// The one of an id.
///
/// # Errors
/// Database errors.
pub fn find(db: &mut Db, id: &str) -> Result<Option<Stored>, DbError> {
    let query = table::table.find(id).select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(stored).transpose()
}

/// The one whose token has this hash.
///
/// # Errors
/// Database errors.
pub fn by_token(db: &mut Db, hash: &[u8; 32]) -> Result<Option<Stored>, DbError> {
    let query = table::table
        .filter(table::token_hash.eq(&hash[..]))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(stored).transpose()
}

/// Moves one on, if it still is where it was read; says whether it was. `token` is the hash of the
/// token that a right code gives. Where the token is used, tries that came since don't matter: a slip
/// in another tab must not cost it.
///
/// # Errors
/// Database errors.
pub fn advance(
    db: &mut Db,
    id: &str,
    old: &Verification,
    new: &Verification,
    token: Option<&[u8; 32]>,
) -> Result<bool, DbError> {
    let (old_phase, _) = phase(old.phase);
    let (phase, confirmed_at) = phase(new.phase);
    if new.phase == VerificationPhase::Redeemed {
        let row = table::table.find(id).filter(table::phase.eq(old_phase));
        let change = table::phase.eq(phase);
        return Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1);
    }
    let row = table::table
        .find(id)
        .filter(table::tries.eq(i32::from(old.tries)))
        .filter(table::phase.eq(old_phase));
    let tries = table::tries.eq(i32::from(new.tries));
    let phase = table::phase.eq(phase);
    let changed = match token {
        Some(token) => {
            let change = (
                tries,
                phase,
                table::confirmed_at.eq(confirmed_at),
                table::token_hash.eq(&token[..]),
            );
            on!(db, c => diesel::update(row).set(change).execute(c))?
        }
        None => on!(db, c => diesel::update(row).set((tries, phase)).execute(c))?,
    };
    Ok(changed == 1)
}

/// Deletes those that were made before; their messages go with them.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, before: DateTime<Utc>) -> Result<usize, DbError> {
    let old = table::table.filter(table::issued_at.lt(to_stored(before)));
    Ok(on!(db, c => diesel::delete(old).execute(c))?)
}
