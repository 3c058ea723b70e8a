//! Pages of permit detail: merged with what was staged, and written as content of the new generation.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::catalogue::{Document, Medicine, MedicineId, Pill, canonical_ingredient_name};
use domain::mfds::{PermitDetail, RawPermitDetail, Rejection, parse_permit_detail};

use crate::catalogue::store::{
    ContentRow, Encoded, NewIngredient, add_documents, add_ingredients, add_medicines, encode,
    encode_document, insert_contents,
};
use crate::db::schema::medicine_contents;
use crate::db::{Db, DbError, now, on};
use crate::mfds::Operation;
use crate::mfds::client::Page;

use super::Context;
use super::known::Hash;
use super::page::{Content, Meta};
use super::rejects::Reject;
use super::stage::{parse, unreadable};
use super::staged::{self, Extras};

/// Longest name of an ingredient that is stored as one, in characters: the column's width.
const LONGEST_NAME: usize = 500;

/// A page of permit detail.
#[derive(Debug)]
pub(super) struct DetailPage {
    meta: Meta,
    records: HashMap<i64, Record>,
    repeated: Vec<Reject>,
    documents: Vec<Encoded>,
    ingredients: Vec<NewIngredient>,
}

/// A record without its long texts, which are documents.
#[derive(Debug)]
struct Record {
    detail: PermitDetail,
    position: u32,
    efficacy: Option<Hash>,
    dosage: Option<Hash>,
    precautions: Option<Hash>,
}

type Rejected = (Option<MedicineId>, Rejection);

fn read_record(
    context: &Context,
    position: u32,
    item: &str,
    new: &mut Vec<Encoded>,
) -> Result<Record, Rejected> {
    let mut detail = parse(
        item,
        |raw: &RawPermitDetail| raw.item_seq.clone(),
        parse_permit_detail,
    )?;
    let id = detail.id;
    let mut address = |document: Option<Document>| -> Result<Option<Hash>, Rejected> {
        let Some(document) = document else {
            return Ok(None);
        };
        let (hash, encoded) =
            encode_document(&document, |hash| context.known.is_new_document(hash))
                .map_err(|error| unreadable(id, &error))?;
        new.extend(encoded);
        Ok(Some(hash))
    };
    let efficacy = address(detail.efficacy.take())?;
    let dosage = address(detail.dosage.take())?;
    let precautions = address(detail.precautions.take())?;
    Ok(Record {
        detail,
        position,
        efficacy,
        dosage,
        precautions,
    })
}

/// Ingredients that the database doesn't know, each once.
fn new_ingredients(context: &Context, records: &HashMap<i64, Record>) -> Vec<NewIngredient> {
    let mut new: HashMap<String, NewIngredient> = HashMap::new();
    for record in records.values() {
        let composition = &record.detail.composition;
        let actives = composition
            .variants
            .iter()
            .flat_map(|variant| &variant.actives);
        let named = actives
            .clone()
            .map(|active| (&active.name, active.code.as_ref()))
            .chain(
                actives
                    .flat_map(|active| &active.active_as)
                    .map(|part| (&part.name, None)),
            )
            .chain(
                composition
                    .additives
                    .iter()
                    .map(|additive| (&additive.name, additive.code.as_ref())),
            );
        for (name, code) in named {
            let canonical = canonical_ingredient_name(name).into_owned();
            let fits = !canonical.is_empty() && canonical.chars().count() <= LONGEST_NAME;
            if !fits || !context.known.is_new_ingredient(&canonical, code.is_some()) {
                continue;
            }
            let one = new
                .entry(canonical.clone())
                .or_insert_with(|| NewIngredient {
                    name: canonical.clone(),
                    canonical_name: canonical,
                    mfds_code: None,
                });
            let code = code.filter(|code| code.chars().count() <= 32);
            one.mfds_code = one.mfds_code.take().or_else(|| code.cloned());
        }
    }
    let mut new: Vec<NewIngredient> = new.into_values().collect();
    // Two writers that insert in the same order can't deadlock, and ids follow the alphabet.
    new.sort_by(|one, other| one.canonical_name.cmp(&other.canonical_name));
    new
}

fn merge(record: &Record, extras: Option<&Extras>) -> Medicine {
    let none = Extras::default();
    let extras = extras.unwrap_or(&none);
    let pills: Vec<Pill> = extras.pills.iter().map(|row| row.pill.clone()).collect();
    let easy = extras.easy_guide.as_ref().map(|(guide, _)| guide);
    let mut medicine =
        Medicine::assemble(record.detail.clone(), extras.listing.as_ref(), &pills, easy);
    if medicine.class.is_none() {
        medicine.class = extras.pills.iter().find_map(|row| row.class.clone());
    }
    medicine
}

impl DetailPage {
    fn rows(
        &self,
        context: &Context,
        extras: &HashMap<i64, Extras>,
    ) -> Result<Vec<ContentRow>, DbError> {
        let mut rows = Vec::with_capacity(self.records.len());
        for (id, record) in &self.records {
            let extra = extras.get(id);
            let guide = extra.and_then(|extra| extra.easy_guide.as_ref());
            rows.push(ContentRow {
                generation_id: context.run.generation.get(),
                medicine_id: *id,
                content: encode(&merge(record, extra))?,
                efficacy_hash: record.efficacy.map(Vec::from),
                dosage_hash: record.dosage.map(Vec::from),
                precautions_hash: record.precautions.map(Vec::from),
                easy_guide_hash: guide.map(|(_, hash)| hash.clone()),
                carried: false,
            });
        }
        rows.sort_by_key(|row| row.medicine_id);
        Ok(rows)
    }
}

impl Content for DetailPage {
    fn read(context: &Context, operation: Operation, number: u32, page: Page<'_>) -> Self {
        let mut meta = Meta::new(operation, number, &page);
        let mut records = HashMap::new();
        let (mut repeated, mut documents) = (Vec::new(), Vec::new());
        for (position, item) in (0_u32..).zip(&page.items) {
            match read_record(context, position, item, &mut documents) {
                Ok(record) => {
                    let id = record.detail.id;
                    if records.insert(id.get(), record).is_some() {
                        repeated.push(Reject::duplicate(position, id));
                    }
                }
                Err((medicine, rejection)) => {
                    meta.rejects
                        .push(Reject::new(position, medicine, &rejection, item));
                }
            }
        }
        documents.sort_unstable_by_key(|document| document.hash);
        documents.dedup_by(|one, other| one.hash == other.hash);
        let ingredients = new_ingredients(context, &records);
        Self {
            meta,
            records,
            repeated,
            documents,
            ingredients,
        }
    }

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn write(&self, db: &mut Db, context: &Context, again: bool) -> Result<Vec<Reject>, DbError> {
        use medicine_contents as table;
        let ids: Vec<i64> = self.records.keys().copied().collect();
        let extras = staged::extras(db, context.run, &ids)?;
        let rows = self.rows(context, &extras)?;
        let there = table::table
            .filter(table::generation_id.eq(context.run.generation.get()))
            .filter(table::medicine_id.eq_any(&ids));
        let known: Vec<i64> = on!(db, c => there.clone().select(table::medicine_id).load(c))?;
        if !known.is_empty() {
            on!(db, c => diesel::delete(there).execute(c))?;
        }
        let documents: Vec<&Encoded> = self
            .documents
            .iter()
            .filter(|document| context.known.is_new_document(&document.hash))
            .collect();
        add_documents(db, &documents)?;
        let seen_at = now();
        let new: Vec<MedicineId> = self
            .records
            .values()
            .map(|record| record.detail.id)
            .filter(|id| context.known.is_new_medicine(id.get()))
            .collect();
        add_medicines(db, &new, seen_at)?;
        let new: Vec<NewIngredient> = self
            .ingredients
            .iter()
            .filter(|one| {
                context
                    .known
                    .is_new_ingredient(&one.canonical_name, one.mfds_code.is_some())
            })
            .cloned()
            .collect();
        add_ingredients(db, &new, seen_at)?;
        insert_contents(db, &rows)?;
        let mut duplicates = self.repeated.clone();
        if !again {
            let known = known.iter().filter_map(|id| self.records.get(id));
            duplicates
                .extend(known.map(|record| Reject::duplicate(record.position, record.detail.id)));
        }
        Ok(duplicates)
    }

    fn written(&self, context: &Context) {
        context
            .known
            .add_documents(self.documents.iter().map(|document| document.hash));
        let names = self
            .ingredients
            .iter()
            .map(|one| (one.canonical_name.clone(), one.mfds_code.is_some()));
        context.known.add(self.records.keys().copied(), names);
    }
}
