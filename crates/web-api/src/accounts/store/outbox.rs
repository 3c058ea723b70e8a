//! Messages on their way.
//!
//! `waiting` → `accepted` (the provider has it) → `delivered` or `failed`; `dead` where nobody took it
//! while its code was good. A sender takes a message by a lease that ends by itself, so that one that
//! was killed holds nothing; everything it writes is on the condition that the lease is still its own.
//!
//! The provider knows no key by which it would take a message once. Whoever dies after it handed one over
//! and before it noted so leaves nobody who knows whether it was sent: it is sent again, a few times at
//! most (`unsure`). All have the same code, so a second one harms nobody; one that never came would.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::account::VerificationPurpose;
use domain::clock::later;

use super::named;
use crate::db::schema::{phone_verifications, sms_outbox as table};
use crate::db::{Db, DbError, on, to_stored};

const WAITING: &str = "waiting";
const ACCEPTED: &str = "accepted";

/// What a sender has taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Of the message.
    pub id: i64,
    /// The verification that it is for.
    pub verification: String,
    /// What that is for.
    pub purpose: VerificationPurpose,
    /// The number, sealed.
    pub phone: Vec<u8>,
    /// How often somebody has tried.
    pub attempts: u32,
    /// How often it may have been sent without anybody knowing.
    pub unsure: u32,
    /// Whether a sender died, or was away for too long, while he had it; counted in `unsure`.
    pub abandoned: bool,
    /// From when on it is useless.
    pub expires_at: DateTime<Utc>,
    /// Where it is.
    pub step: Step,
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send it.
    Send,
    /// Ask what became of it.
    Follow {
        /// The provider's name of the request.
        request: String,
        /// The provider's name of the message, once that is known.
        message: Option<String>,
    },
}

/// How a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It arrived.
    Delivered,
    /// It was accepted and did not arrive, or nobody can say.
    Failed,
    /// It was never accepted.
    Dead,
}

impl End {
    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }
}

/// Adds a message, in the transaction that stores its verification.
///
/// # Errors
/// Database errors.
pub fn add(
    db: &mut Db,
    verification: &str,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let now = to_stored(now);
    let row = (
        table::verification_id.eq(verification),
        table::state.eq(WAITING),
        table::attempts.eq(0),
        table::next_at.eq(now),
        table::expires_at.eq(to_stored(expires_at)),
        table::created_at.eq(now),
        table::updated_at.eq(now),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

type Row = (
    i64,
    String,
    String,
    Vec<u8>,
    i32,
    NaiveDateTime,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    i32,
);

/// Takes messages whose turn it is, the longest waiting first, at most `most`.
///
/// # Errors
/// Database errors.
pub fn take(
    db: &mut Db,
    owner: &str,
    now: DateTime<Utc>,
    lease: TimeDelta,
    most: i64,
) -> Result<Vec<Taken>, DbError> {
    let at = to_stored(now);
    // One transaction: what fails half-way leaves nothing held that nobody tells.
    db.write_tx(|db| {
        let query = table::table
            .inner_join(
                phone_verifications::table.on(phone_verifications::id.eq(table::verification_id)),
            )
            .filter(table::state.eq_any([WAITING, ACCEPTED]))
            .filter(table::next_at.le(at))
            .filter(table::lease_until.is_null().or(table::lease_until.le(at)))
            .order((table::next_at.asc(), table::id.asc()))
            .limit(most)
            .select((
                table::id,
                table::verification_id,
                phone_verifications::purpose,
                phone_verifications::phone_sealed,
                table::attempts,
                table::expires_at,
                table::state,
                table::request_id,
                table::message_id,
                table::lease_owner,
                table::unsure,
            ));
        let mut taken = Vec::new();
        for mut row in on!(db, c => query.load::<Row>(c))? {
            // Who was done with it gave it back: an owner who is still there never came so far.
            if row.9.is_some() && row.6 == WAITING {
                row.10 = row.10.saturating_add(1);
            }
            let free = table::table
                .find(row.0)
                .filter(table::state.eq(row.6.clone()))
                .filter(table::lease_until.is_null().or(table::lease_until.le(at)));
            let change = (
                table::lease_owner.eq(owner),
                table::lease_until.eq(to_stored(later(now, lease))),
                table::unsure.eq(row.10),
            );
            if on!(db, c => diesel::update(free).set(change).execute(c))? == 1 {
                taken.push(message(row)?);
            }
        }
        Ok(taken)
    })
}

fn message(row: Row) -> Result<Taken, DbError> {
    let (
        id,
        verification,
        purpose,
        phone,
        attempts,
        expires_at,
        state,
        request,
        message,
        owner,
        unsure,
    ) = row;
    let step = match (state.as_str(), request) {
        (ACCEPTED, Some(request)) => Step::Follow { request, message },
        _ => Step::Send,
    };
    Ok(Taken {
        id,
        verification,
        purpose: named(&purpose)?,
        phone,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        unsure: u32::try_from(unsure).unwrap_or(u32::MAX),
        abandoned: owner.is_some(),
        expires_at: expires_at.and_utc(),
        step,
    })
}

/// What a sender has found out about a message that it holds.
#[derive(Debug, Clone)]
pub enum News {
    /// The provider has it.
    Accepted {
        /// The provider's name of the request.
        request: String,
    },
    /// The provider's name of the message.
    Named {
        /// That name.
        message: String,
    },
    /// Nothing yet: once more later. Of trying to send it, or of asking.
    Later {
        /// Whether it counts as a try.
        tried: bool,
    },
    /// It may have been sent, and no answer came: once more later.
    Unsure,
    /// It is over.
    Over {
        /// How.
        end: End,
        /// The provider's or our own short code; never a text.
        outcome: String,
    },
}

/// Stores it and gives the lease back; says whether the lease was still the owner's.
///
/// # Errors
/// Database errors.
pub fn tell(
    db: &mut Db,
    owner: &str,
    taken: &Taken,
    news: &News,
    next_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let held = table::table
        .find(taken.id)
        .filter(table::lease_owner.eq(owner));
    let none = None::<String>;
    let attempts = i32::try_from(taken.attempts).unwrap_or(i32::MAX);
    let common = (
        table::lease_owner.eq(none),
        table::lease_until.eq(None::<NaiveDateTime>),
        table::next_at.eq(to_stored(next_at)),
        table::updated_at.eq(to_stored(now)),
    );
    let changed = match news {
        News::Accepted { request } => {
            let change = (
                common,
                table::state.eq(ACCEPTED),
                table::request_id.eq(short(request, 64)),
                table::attempts.eq(0),
            );
            on!(db, c => diesel::update(held).set(change).execute(c))?
        }
        News::Named { message } => {
            let change = (common, table::message_id.eq(short(message, 64)));
            on!(db, c => diesel::update(held).set(change).execute(c))?
        }
        News::Later { tried } => {
            let attempts = attempts.saturating_add(i32::from(*tried));
            let change = (common, table::attempts.eq(attempts));
            on!(db, c => diesel::update(held).set(change).execute(c))?
        }
        News::Unsure => {
            let change = (
                common,
                table::attempts.eq(attempts.saturating_add(1)),
                table::unsure.eq(table::unsure + 1),
            );
            on!(db, c => diesel::update(held).set(change).execute(c))?
        }
        News::Over { end, outcome } => {
            let change = (
                common,
                table::state.eq(end.as_str()),
                table::outcome.eq(short(outcome, 40)),
            );
            on!(db, c => diesel::update(held).set(change).execute(c))?
        }
    };
    Ok(changed == 1)
}

/// What a provider says fits its column: ASCII without control characters, and no longer.
fn short(text: &str, most: usize) -> String {
    text.chars()
        .filter(char::is_ascii_graphic)
        .take(most)
        .collect()
}
