//! What the database holds already, so that a run writes only what is new. Some 20 MB; valid while the
//! lease is held, because only its holder writes here.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use diesel::prelude::*;

use crate::db::schema::{documents, ingredients, medicines};
use crate::db::{Db, DbError, on};

const READ_ROWS: i64 = 20_000;

/// SHA-256 of a document.
pub(super) type Hash = [u8; 32];

#[derive(Debug, Default)]
pub(super) struct Known {
    documents: Mutex<HashSet<Hash>>,
    /// Canonical names; whether the code is known.
    ingredients: Mutex<HashMap<String, bool>>,
    medicines: Mutex<HashSet<i64>>,
}

impl Known {
    pub(super) fn load(db: &mut Db) -> Result<Self, DbError> {
        let ids: Vec<i64> = on!(db, c => medicines::table.select(medicines::id).load(c))?;
        let query = ingredients::table.select((
            ingredients::canonical_name,
            ingredients::mfds_code.is_not_null(),
        ));
        let names: Vec<(String, bool)> = on!(db, c => query.load(c))?;
        Ok(Self {
            documents: Mutex::new(load_documents(db)?),
            ingredients: Mutex::new(names.into_iter().collect()),
            medicines: Mutex::new(ids.into_iter().collect()),
        })
    }

    /// Whether a document has to be stored. Only what a committed transaction wrote is known: a page
    /// must never refer to a document that another page, not written yet, was going to bring.
    pub(super) fn is_new_document(&self, hash: &Hash) -> bool {
        !lock(&self.documents).contains(hash)
    }

    pub(super) fn add_documents(&self, hashes: impl IntoIterator<Item = Hash>) {
        lock(&self.documents).extend(hashes);
    }

    pub(super) fn is_new_ingredient(&self, canonical: &str, has_code: bool) -> bool {
        lock(&self.ingredients)
            .get(canonical)
            .is_none_or(|known_code| has_code && !known_code)
    }

    pub(super) fn is_new_medicine(&self, id: i64) -> bool {
        !lock(&self.medicines).contains(&id)
    }

    /// Notes what a transaction that was committed has written.
    pub(super) fn add(
        &self,
        ids: impl IntoIterator<Item = i64>,
        names: impl IntoIterator<Item = (String, bool)>,
    ) {
        lock(&self.medicines).extend(ids);
        let mut known = lock(&self.ingredients);
        for (name, has_code) in names {
            *known.entry(name).or_insert(false) |= has_code;
        }
    }
}

fn load_documents(db: &mut Db) -> Result<HashSet<Hash>, DbError> {
    let mut hashes = HashSet::new();
    let mut after = Vec::new();
    loop {
        let query = documents::table
            .filter(documents::hash.gt(after))
            .order(documents::hash)
            .limit(READ_ROWS)
            .select(documents::hash);
        let rows: Vec<Vec<u8>> = on!(db, c => query.load(c))?;
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        after = rows.last().cloned().unwrap_or_default();
        hashes.extend(
            rows.iter()
                .filter_map(|hash| Hash::try_from(hash.as_slice()).ok()),
        );
        if count < READ_ROWS {
            return Ok(hashes);
        }
    }
}

/// No holder can leave half a change behind.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
