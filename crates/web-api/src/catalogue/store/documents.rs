//! The long texts of a medicine.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::catalogue::{Document, EasyGuide, MedicineId};

use super::{Encoded, GenerationId, decode};
use crate::db::schema::{documents as table, medicine_contents};
use crate::db::{Db, DbError, batches, on};

/// The long texts of one medicine; each is absent where the feed has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MedicineDocuments {
    /// 효능효과
    pub efficacy: Option<Document>,
    /// 용법용량
    pub dosage: Option<Document>,
    /// 사용상의주의사항
    pub precautions: Option<Document>,
    /// e약은요
    pub easy_guide: Option<EasyGuide>,
}

type Hash = Option<Vec<u8>>;

/// The long texts of a medicine; `None` where the generation doesn't hold it.
///
/// # Errors
/// Database errors, and [`DbError::Internal`] where a text is gone or can't be read: it is never
/// given as if there were none.
pub fn documents(
    db: &mut Db,
    generation: GenerationId,
    medicine: MedicineId,
) -> Result<Option<MedicineDocuments>, DbError> {
    let query = medicine_contents::table
        .find((generation.get(), medicine.get()))
        .select((
            medicine_contents::efficacy_hash,
            medicine_contents::dosage_hash,
            medicine_contents::precautions_hash,
            medicine_contents::easy_guide_hash,
        ));
    let Some((efficacy, dosage, precautions, easy_guide)) =
        on!(db, c => query.first::<(Hash, Hash, Hash, Hash)>(c).optional())?
    else {
        return Ok(None);
    };
    let wanted: Vec<&Vec<u8>> = [&efficacy, &dosage, &precautions, &easy_guide]
        .into_iter()
        .flatten()
        .collect();
    let query = table::table
        .filter(table::hash.eq_any(wanted))
        .select((table::hash, table::body));
    let bodies: HashMap<Vec<u8>, Vec<u8>> = on!(db, c => query.load::<(Vec<u8>, Vec<u8>)>(c))?
        .into_iter()
        .collect();
    Ok(Some(MedicineDocuments {
        efficacy: one(&bodies, efficacy.as_ref())?,
        dosage: one(&bodies, dosage.as_ref())?,
        precautions: one(&bodies, precautions.as_ref())?,
        easy_guide: one(&bodies, easy_guide.as_ref())?,
    }))
}

fn one<T: serde::de::DeserializeOwned>(
    bodies: &HashMap<Vec<u8>, Vec<u8>>,
    hash: Option<&Vec<u8>>,
) -> Result<Option<T>, DbError> {
    let Some(hash) = hash else { return Ok(None) };
    let body = bodies
        .get(hash)
        .ok_or_else(|| DbError::data("a document that is referred to is gone"))?;
    decode(body).map(Some)
}

/// Stores documents; those that are there stay as they are, for their content is their address.
pub(crate) fn add_documents(db: &mut Db, new: &[&Encoded]) -> Result<(), DbError> {
    for batch in batches(new, |document| document.body.len()) {
        let rows: Vec<_> = batch
            .iter()
            .map(|document| {
                (
                    table::hash.eq(&document.hash[..]),
                    table::body.eq(&document.body),
                )
            })
            .collect();
        on!(db, c => diesel::insert_into(table::table).values(&rows).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}
