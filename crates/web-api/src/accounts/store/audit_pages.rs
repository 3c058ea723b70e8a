//! The audit, as admins read it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::token::UserId;

use crate::db::schema::audit as table;
use crate::db::{Db, DbError, on};

/// Which lines; what isn't said matches all of them.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this name ([`Action::as_str`](super::audit::Action::as_str)).
    pub action: Option<&'static str>,
    /// Done to this member.
    pub subject: Option<UserId>,
    /// Done by this member.
    pub actor: Option<UserId>,
    /// Written before the line of this number.
    pub before: Option<i64>,
}

/// A line with its number.
#[derive(Debug, Clone)]
pub struct Numbered {
    /// Its number; later ones have greater ones.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: String,
    /// Who did it.
    pub actor: Option<String>,
    /// To whom.
    pub subject: Option<String>,
    /// In, or to, which session.
    pub session: Option<String>,
    /// In which request.
    pub request: Option<String>,
    /// From where, sealed.
    pub address: Option<Vec<u8>>,
    /// A word about it.
    pub detail: Option<String>,
}

type Columns = (
    i64,
    NaiveDateTime,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<Vec<u8>>,
    Option<String>,
);

fn typed(columns: Columns) -> Numbered {
    let (id, at, action, actor, subject, session, request, address, detail) = columns;
    Numbered {
        id,
        at: at.and_utc(),
        action,
        actor,
        subject,
        session,
        request,
        address,
        detail,
    }
}

macro_rules! page {
    ($c:expr, $filter:expr, $most:expr) => {{
        let mut query = table::table
            .select((
                table::id,
                table::at,
                table::action,
                table::actor_id,
                table::subject_id,
                table::session_id,
                table::request_id,
                table::address_sealed,
                table::detail,
            ))
            .order(table::id.desc())
            .limit($most)
            .into_boxed();
        if let Some(action) = $filter.action {
            query = query.filter(table::action.eq(action));
        }
        if let Some(subject) = &$filter.subject {
            query = query.filter(table::subject_id.eq(subject.as_str()));
        }
        if let Some(actor) = &$filter.actor {
            query = query.filter(table::actor_id.eq(actor.as_str()));
        }
        if let Some(before) = $filter.before {
            query = query.filter(table::id.lt(before));
        }
        query.load::<Columns>($c)
    }};
}

/// Lines that the filter lets through, newest first, at most `most`.
///
/// # Errors
/// Database errors.
pub fn page(db: &mut Db, filter: &Filter, most: i64) -> Result<Vec<Numbered>, DbError> {
    let rows = on!(db, c => page!(c, filter, most))?;
    Ok(rows.into_iter().map(typed).collect())
}
