//! Ingredients: one permanent id space.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::catalogue::IngredientId;

use crate::db::schema::ingredients as table;
use crate::db::{BATCH_ROWS, Db, DbError, on};

/// An ingredient, active or additive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngredientRow {
    /// Its id, for ever.
    pub id: IngredientId,
    /// What it is found by: the canonical form of its name.
    pub canonical_name: String,
    /// The name as it is shown.
    pub name: String,
    /// English name, where it is known.
    pub english_name: Option<String>,
    /// MFDS's code (`M040702`), where the feed gave one.
    pub mfds_code: Option<String>,
    /// What it is, in a sentence or two, where somebody wrote it.
    pub description: Option<String>,
    /// The ingredient that it was merged into.
    pub redirect_to: Option<IngredientId>,
}

type Columns = (
    i64,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
);

/// Every ingredient that was ever seen, in the order of ids.
///
/// # Errors
/// Database errors.
pub fn ingredients(db: &mut Db) -> Result<Vec<IngredientRow>, DbError> {
    let query = table::table.order(table::id).select((
        table::id,
        table::canonical_name,
        table::name,
        table::english_name,
        table::mfds_code,
        table::description,
        table::redirect_to,
    ));
    let rows: Vec<Columns> = on!(db, c => query.load(c))?;
    rows.into_iter().map(typed).collect()
}

fn typed(row: Columns) -> Result<IngredientRow, DbError> {
    let (id, canonical_name, name, english_name, mfds_code, description, redirect_to) = row;
    Ok(IngredientRow {
        id: IngredientId::new(id).map_err(DbError::data)?,
        canonical_name,
        name,
        english_name,
        mfds_code,
        description,
        redirect_to: redirect_to
            .map(IngredientId::new)
            .transpose()
            .map_err(DbError::data)?,
    })
}

/// Writes what is said of an ingredient, or takes it back. Gives its name; `None` where there is no such
/// ingredient, or it was merged into another. Call it inside a transaction.
pub(crate) fn describe(
    db: &mut Db,
    id: IngredientId,
    description: Option<&str>,
) -> Result<Option<String>, DbError> {
    let query = table::table
        .find(id.get())
        .filter(table::redirect_to.is_null())
        .select(table::name);
    let name = on!(db, c => query.first::<String>(c).optional())?;
    if name.is_some() {
        let row = table::table.find(id.get());
        let change = table::description.eq(description);
        on!(db, c => diesel::update(row).set(change).execute(c))?;
    }
    Ok(name)
}

/// An ingredient that the feed names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewIngredient {
    pub(crate) canonical_name: String,
    pub(crate) name: String,
    pub(crate) mfds_code: Option<String>,
}

/// Makes ingredients known for ever. Those that are stay as they are, except that a code which was
/// missing is added.
pub(crate) fn add_ingredients(
    db: &mut Db,
    new: &[NewIngredient],
    seen_at: NaiveDateTime,
) -> Result<(), DbError> {
    for batch in new.chunks(BATCH_ROWS) {
        let names: Vec<&str> = batch
            .iter()
            .map(|one| one.canonical_name.as_str())
            .collect();
        let query = table::table
            .filter(table::canonical_name.eq_any(names))
            .select((table::canonical_name, table::mfds_code));
        let known: std::collections::HashMap<String, Option<String>> =
            on!(db, c => query.load::<(String, Option<String>)>(c))?
                .into_iter()
                .collect();
        let rows: Vec<_> = batch
            .iter()
            .filter(|one| !known.contains_key(&one.canonical_name))
            .map(|one| {
                (
                    table::canonical_name.eq(&one.canonical_name),
                    table::name.eq(&one.name),
                    table::mfds_code.eq(one.mfds_code.as_ref()),
                    table::first_seen_at.eq(seen_at),
                )
            })
            .collect();
        if !rows.is_empty() {
            insert(db, &rows)?;
        }
        for one in batch {
            if let (Some(code), Some(None)) = (&one.mfds_code, known.get(&one.canonical_name)) {
                let row = table::table.filter(table::canonical_name.eq(&one.canonical_name));
                on!(db, c => diesel::update(row).set(table::mfds_code.eq(code)).execute(c))?;
            }
        }
    }
    Ok(())
}

type Row<'a> = (
    diesel::dsl::Eq<table::canonical_name, &'a String>,
    diesel::dsl::Eq<table::name, &'a String>,
    diesel::dsl::Eq<table::mfds_code, Option<&'a String>>,
    diesel::dsl::Eq<table::first_seen_at, NaiveDateTime>,
);

/// Not known a moment ago: only another process could have added them since, which is no error.
fn insert(db: &mut Db, rows: &[Row<'_>]) -> Result<(), DbError> {
    on!(db, c => diesel::insert_into(table::table).values(rows).on_conflict_do_nothing().execute(c))?;
    Ok(())
}
