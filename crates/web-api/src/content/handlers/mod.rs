//! From requests to quotes and events, one file for each.

pub(crate) mod admin_events;
pub(crate) mod admin_quotes;
pub(crate) mod list_events;
pub(crate) mod random_quote;

use crate::accounts::AccountError;
use crate::db::DbError;
use crate::http::problem::Problem;

/// What a database error is to a client.
fn of_database(error: DbError) -> Problem {
    AccountError::Db(error).into()
}
