//! Pages of the three smaller operations: staged until permit detail comes.

use std::collections::HashMap;

use domain::catalogue::{EasyGuide, MedicineId};
use domain::mfds::{
    RawEasyGuide, RawPermitListing, RawPill, Rejection, parse_easy_guide, parse_permit_listing,
    parse_pill,
};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::catalogue::store::{Encoded, add_documents, encode_document};
use crate::db::{Db, DbError};
use crate::mfds::Operation;
use crate::mfds::client::{PAGE_ROWS, Page};

use super::Context;
use super::page::{Content, Meta};
use super::rejects::Reject;
use super::staged::{self, StagedRow};

/// A page of staged records.
#[derive(Debug)]
pub(super) struct StagedPage {
    meta: Meta,
    /// By their key: of records that came twice on the page the later one stays.
    rows: Vec<StagedRow>,
    repeated: Vec<Reject>,
    documents: Vec<Encoded>,
}

/// Longest record that is taken, in bytes of JSON: many times the longest that the feed was seen to give.
/// What becomes of one is stored in one statement, of which a server takes 16 MB at least.
const LONGEST_RECORD: usize = 8 * 1024 * 1024;

/// A record that was read.
struct Record {
    medicine: MedicineId,
    part: i64,
    content: Vec<u8>,
    document: Option<([u8; 32], Option<Encoded>)>,
}

/// Reads JSON and parses it; whatever is wrong becomes a rejection, also a mistake of the parser.
pub(super) fn parse<R: DeserializeOwned, T>(
    item: &str,
    seq: impl Fn(&R) -> Option<String>,
    parse: impl Fn(&R) -> Result<T, Rejection>,
) -> Result<T, (Option<MedicineId>, Rejection)> {
    let raw: R = serde_json::from_str(item).map_err(|error| {
        let reason = format!("expected a record, found {error}");
        (
            None,
            Rejection {
                field: "item",
                code: "malformed",
                reason,
            },
        )
    })?;
    let parse = || {
        if item.len() > LONGEST_RECORD {
            return Err(Rejection {
                field: "item",
                code: "tooLong",
                reason: format!(
                    "expected at most {LONGEST_RECORD} bytes, found {}",
                    item.len()
                ),
            });
        }
        parse(&raw)
    };
    let parsed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(parse));
    parsed
        .unwrap_or_else(|_| {
            let reason = "the parser failed on it".to_owned();
            Err(Rejection {
                field: "item",
                code: "internal",
                reason,
            })
        })
        .map_err(|rejection| {
            (
                seq(&raw).and_then(|text| text.trim().parse().ok()),
                rejection,
            )
        })
}

/// An error of ours with one record: it is rejected, the run goes on.
pub(super) fn unreadable(medicine: MedicineId, error: &DbError) -> (Option<MedicineId>, Rejection) {
    let reason = format!("it can't be stored: {error}");
    (
        Some(medicine),
        Rejection {
            field: "item",
            code: "internal",
            reason,
        },
    )
}

fn json(
    medicine: MedicineId,
    value: &impl serde::Serialize,
) -> Result<Vec<u8>, (Option<MedicineId>, Rejection)> {
    serde_json::to_vec(value).map_err(|error| unreadable(medicine, &DbError::data(error)))
}

fn read_record(
    context: &Context,
    operation: Operation,
    item: &str,
) -> Result<Record, (Option<MedicineId>, Rejection)> {
    match operation {
        Operation::PermitList | Operation::PermitDetail => {
            let listing = parse(
                item,
                |raw: &RawPermitListing| raw.item_seq.clone(),
                parse_permit_listing,
            )?;
            let content = json(listing.id, &listing)?;
            Ok(Record {
                medicine: listing.id,
                part: 0,
                content,
                document: None,
            })
        }
        Operation::Pill => {
            let pill = parse(item, |raw: &RawPill| raw.item_seq.clone(), parse_pill)?;
            let content = json(pill.id, &pill)?;
            // One row a strength: rows that say the same are one.
            let digest: [u8; 32] = Sha256::digest(&content).into();
            let part = digest
                .first_chunk::<8>()
                .map_or(0, |head| i64::from_be_bytes(*head));
            Ok(Record {
                medicine: pill.id,
                part,
                content,
                document: None,
            })
        }
        Operation::EasyGuide => {
            let (id, guide) = parse(
                item,
                |raw: &RawEasyGuide| raw.item_seq.clone(),
                parse_easy_guide,
            )?;
            let encoded = encode_document(&guide, |hash| context.known.is_new_document(hash))
                .map_err(|error| unreadable(id, &error))?;
            // What a medicine itself shows of it; the text is the document.
            let shown = EasyGuide {
                image_url: guide.image_url,
                ..EasyGuide::default()
            };
            Ok(Record {
                medicine: id,
                part: 0,
                content: json(id, &shown)?,
                document: Some(encoded),
            })
        }
    }
}

impl Content for StagedPage {
    fn read(context: &Context, operation: Operation, number: u32, page: Page<'_>) -> Self {
        let mut meta = Meta::new(operation, number, &page);
        let mut rows: HashMap<(i64, i64), StagedRow> = HashMap::new();
        let (mut repeated, mut documents) = (Vec::new(), Vec::new());
        let before = i64::from(number.saturating_sub(1)) * i64::from(PAGE_ROWS);
        for (position, item) in (0_u32..).zip(&page.items) {
            match read_record(context, operation, item) {
                Ok(record) => {
                    let (hash, new) = record.document.unzip();
                    documents.extend(new.flatten());
                    let row = StagedRow {
                        run_id: context.run.id,
                        operation: operation.name(),
                        medicine_id: record.medicine.get(),
                        part: record.part,
                        position: before + i64::from(position),
                        content: record.content,
                        document_hash: hash.map(Vec::from),
                    };
                    if rows.insert((row.medicine_id, row.part), row).is_some() {
                        repeated.push(Reject::duplicate(position, record.medicine));
                    }
                }
                Err((medicine, rejection)) => {
                    meta.rejects
                        .push(Reject::new(position, medicine, &rejection, item));
                }
            }
        }
        Self {
            meta,
            rows: rows.into_values().collect(),
            repeated,
            documents,
        }
    }

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn write(&self, db: &mut Db, context: &Context, again: bool) -> Result<Vec<Reject>, DbError> {
        let known = staged::replace(db, context.run, self.meta.operation, &self.rows)?;
        let documents: Vec<&Encoded> = self
            .documents
            .iter()
            .filter(|document| context.known.is_new_document(&document.hash))
            .collect();
        add_documents(db, &documents)?;
        let mut duplicates = self.repeated.clone();
        if !again {
            duplicates.extend(known.into_iter().map(|id| Reject::duplicate(0, id)));
        }
        Ok(duplicates)
    }

    fn written(&self, context: &Context) {
        context
            .known
            .add_documents(self.documents.iter().map(|document| document.hash));
    }
}
