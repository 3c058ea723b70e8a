//! A catalogue written straight into the database, as a synchronisation leaves it.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::catalogue::{Document, EasyGuide, Medicine};
use sha2::{Digest as _, Sha256};
use web_api::db::schema::{
    catalogue_pointer, documents, ingredients, medicine_contents, medicines,
};
use web_api::db::{Db, DbError, Pool};

/// One generation.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    /// Its number, which is also the pointer's version.
    pub(crate) generation: i64,
    pub(crate) medicines: Vec<SeedMedicine>,
    /// Id, name, and the id that it was merged into.
    pub(crate) ingredients: Vec<(i64, String, Option<i64>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct SeedMedicine {
    pub(crate) medicine: Medicine,
    pub(crate) efficacy: Option<Document>,
    pub(crate) easy_guide: Option<EasyGuide>,
}

/// When the sample was synchronised.
pub(crate) fn synced_at() -> DateTime<Utc> {
    "2026-01-06T02:00:00Z".parse().unwrap()
}

macro_rules! both {
    ($db:expr, $c:ident => $work:expr) => {
        match $db {
            Db::Mysql(boxed) => {
                let $c = &mut **boxed;
                $work.map(drop)
            }
            Db::Sqlite(boxed) => {
                let $c = &mut **boxed;
                $work.map(drop)
            }
        }
        .map_err(DbError::from)
    };
}

impl Seed {
    /// Writes the generation and points at it.
    pub(crate) async fn write(&self, pool: &Pool) {
        let seed = self.clone();
        pool.run(move |db| seed.insert(db)).await.unwrap();
    }

    fn insert(&self, db: &mut Db) -> Result<(), DbError> {
        let now = synced_at().naive_utc();
        for (id, name, merged) in &self.ingredients {
            let row = (
                ingredients::id.eq(id),
                ingredients::canonical_name.eq(name),
                ingredients::name.eq(name),
                ingredients::redirect_to.eq(merged),
                ingredients::first_seen_at.eq(now),
            );
            both!(db, c => diesel::insert_into(ingredients::table).values(row).on_conflict_do_nothing().execute(c))?;
        }
        for one in &self.medicines {
            self.insert_medicine(db, one, now)?;
        }
        let gone = catalogue_pointer::table.find(1);
        both!(db, c => diesel::delete(gone).execute(c))?;
        let row = (
            catalogue_pointer::id.eq(1),
            catalogue_pointer::generation_id.eq(self.generation),
            catalogue_pointer::version.eq(self.generation),
            catalogue_pointer::synced_at.eq(now),
        );
        both!(db, c => diesel::insert_into(catalogue_pointer::table).values(row).execute(c))
    }

    fn insert_medicine(
        &self,
        db: &mut Db,
        one: &SeedMedicine,
        now: NaiveDateTime,
    ) -> Result<(), DbError> {
        let id = one.medicine.id.get();
        let row = (medicines::id.eq(id), medicines::first_seen_at.eq(now));
        both!(db, c => diesel::insert_into(medicines::table).values(row).on_conflict_do_nothing().execute(c))?;
        let efficacy = one
            .efficacy
            .as_ref()
            .map(|text| document(db, text))
            .transpose()?;
        let easy = one
            .easy_guide
            .as_ref()
            .map(|text| document(db, text))
            .transpose()?;
        let content = compressed(&one.medicine);
        let row = (
            medicine_contents::generation_id.eq(self.generation),
            medicine_contents::medicine_id.eq(id),
            medicine_contents::content.eq(content),
            medicine_contents::carried.eq(false),
            medicine_contents::efficacy_hash.eq(efficacy),
            medicine_contents::easy_guide_hash.eq(easy),
        );
        both!(db, c => diesel::insert_into(medicine_contents::table).values(row).execute(c))
    }
}

fn document(db: &mut Db, text: &impl serde::Serialize) -> Result<Vec<u8>, DbError> {
    let hash = Sha256::digest(serde_json::to_vec(text).unwrap()).to_vec();
    let row = (
        documents::hash.eq(&hash),
        documents::body.eq(compressed(text)),
    );
    both!(db, c => diesel::insert_into(documents::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(hash)
}

fn compressed(value: &impl serde::Serialize) -> Vec<u8> {
    zstd::bulk::compress(&serde_json::to_vec(value).unwrap(), 1).unwrap()
}
