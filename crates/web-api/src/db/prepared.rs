//! Statements with a list in them that stay prepared.
//!
//! Where the length of a list is part of a statement Diesel prepares it anew each time: it is parsed once more, and
//! with MySQL that is one way more to the server. Here a list is filled up to the next power of two with its last entry, so that a few
//! statements serve lists of all lengths, and a connection prepares each of them once.

use std::iter::repeat_n;
use std::marker::PhantomData;

use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, HasSqlType, Text, Timestamp};
use diesel::{QueryResult, RunQueryDsl};

/// A statement around a list; `Columns` are the SQL types of the rows that it gives.
///
/// An entry may be said more than once: the statement has to mean the same then. There is nothing to say without
/// entries: the statement is a syntax error then.
#[derive(Debug)]
pub(crate) struct Listed<'a, Entry, Columns = ()> {
    before: &'static str,
    entries: &'a [Entry],
    after: &'static str,
    columns: PhantomData<Columns>,
}

impl<'a, Entry, Columns> Listed<'a, Entry, Columns> {
    /// The list stands between the two, without parentheses of its own.
    pub(crate) const fn new(
        before: &'static str,
        entries: &'a [Entry],
        after: &'static str,
    ) -> Self {
        Self {
            before,
            entries,
            after,
            columns: PhantomData,
        }
    }
}

impl<DB: Backend, E: Entry<DB>, Columns> QueryFragment<DB> for Listed<'_, E, Columns> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.before);
        let count = self.entries.len();
        let missing = count.next_power_of_two().saturating_sub(count);
        let filling = self.entries.last().into_iter();
        let filling = filling.flat_map(|last| repeat_n(last, missing));
        let mut between = "";
        for entry in self.entries.iter().chain(filling) {
            out.push_sql(between);
            entry.push(out.reborrow())?;
            between = ", ";
        }
        out.push_sql(self.after);
        Ok(())
    }
}

/// Statements are told apart by their text: the type doesn't say how long the list is.
impl<E, Columns> QueryId for Listed<'_, E, Columns> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<E, Columns> Query for Listed<'_, E, Columns> {
    type SqlType = Columns;
}

impl<C, E, Columns> RunQueryDsl<C> for Listed<'_, E, Columns> {}

/// One of a list.
pub(crate) trait Entry<DB: Backend> {
    /// Says it with parameters.
    fn push<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

impl<DB: Backend + HasSqlType<Text>> Entry<DB> for &str
where
    str: ToSql<Text, DB>,
{
    fn push<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_bind_param::<Text, str>(self)
    }
}

impl<DB: Backend + HasSqlType<BigInt>> Entry<DB> for i64
where
    Self: ToSql<BigInt, DB>,
{
    fn push<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_bind_param::<BigInt, Self>(self)
    }
}

impl<DB: Backend + HasSqlType<Timestamp>> Entry<DB> for NaiveDateTime
where
    Self: ToSql<Timestamp, DB>,
{
    fn push<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_bind_param::<Timestamp, Self>(self)
    }
}

impl<DB: Backend, A: Entry<DB>, B: Entry<DB>> Entry<DB> for (A, B) {
    fn push<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.0.push(out.reborrow())?;
        out.push_sql(", ");
        self.1.push(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

impl<DB: Backend, A: Entry<DB>, B: Entry<DB>, C: Entry<DB>> Entry<DB> for (A, B, C) {
    fn push<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("(");
        self.0.push(out.reborrow())?;
        out.push_sql(", ");
        self.1.push(out.reborrow())?;
        out.push_sql(", ");
        self.2.push(out.reborrow())?;
        out.push_sql(")");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use diesel::debug_query;
    use diesel::mysql::Mysql;
    use diesel::sqlite::Sqlite;

    use super::*;

    fn said(entries: &[(i64, &str)]) -> String {
        let statement: Listed<'_, _> = Listed::new("DELETE FROM t WHERE (a, b) IN (", entries, ")");
        debug_query::<Mysql, _>(&statement).to_string()
    }

    #[test]
    fn a_list_is_filled_up_with_its_last_entry() {
        let whole = "DELETE FROM t WHERE (a, b) IN ((?, ?), (?, ?)) -- binds: [1, \"x\", 2, \"y\"]";
        assert_eq!(said(&[(1, "x"), (2, "y")]), whole);
        let filled = "DELETE FROM t WHERE (a, b) IN ((?, ?), (?, ?), (?, ?), (?, ?)) \
                      -- binds: [1, \"x\", 2, \"y\", 3, \"z\", 3, \"z\"]";
        assert_eq!(said(&[(1, "x"), (2, "y"), (3, "z")]), filled);
        assert_eq!(
            said(&[(1, "x")]),
            "DELETE FROM t WHERE (a, b) IN ((?, ?)) -- binds: [1, \"x\"]"
        );
    }

    #[test]
    fn statements_stay_prepared() {
        let statement: Listed<'_, i64> = Listed::new("DELETE FROM t WHERE a IN (", &[1, 2, 3], ")");
        assert!(statement.is_safe_to_cache_prepared(&Mysql).unwrap());
        assert!(statement.is_safe_to_cache_prepared(&Sqlite).unwrap());
    }
}
