//! Which counsellors are connected, on all instances: each instance notes its own, until a moment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::store::engine::{Engine, Kind, MOST_ROWS, Page, Record};
use crate::store::model::{Counsellor, Moment, StaffId};
use crate::store::{Store, StoreError, on};

/// A counsellor who is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Who.
    pub counsellor: Counsellor,
    /// Whether he takes conversations.
    pub available: bool,
    /// When he said so: of what several instances know, the latest counts.
    pub said_at: Moment,
}

impl Store {
    /// Notes that a counsellor is connected to an instance, until a moment; repeated as a sign of life.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_colleague(
        &self,
        instance: &str,
        colleague: &Colleague,
        until: Moment,
    ) -> Result<(), StoreError> {
        let staff = &colleague.counsellor.id;
        let record = Record {
            kind: Kind::Colleague,
            id: id(instance, staff),
            owner: staff.as_str().to_owned(),
            sort: until.millis(),
            expires_at: Some(until),
            body: serde_json::to_string(colleague)?,
        };
        on!(self, engine => engine.put(record).await)
    }

    /// Notes that a counsellor is connected to an instance no longer.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_colleague(
        &self,
        instance: &str,
        staff: &StaffId,
    ) -> Result<(), StoreError> {
        let id = id(instance, staff);
        on!(self, engine => engine.remove(Kind::Colleague, &id).await)?;
        Ok(())
    }

    /// All counsellors who are connected anywhere, each once, in order of their ids.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn colleagues(&self, now: Moment) -> Result<Vec<Colleague>, StoreError> {
        let page = Page {
            kind: Kind::Colleague,
            owner: None,
            below: None,
            limit: MOST_ROWS,
            now,
        };
        let found = on!(self, engine => engine.records(page).await)?;
        let mut known: BTreeMap<StaffId, Colleague> = BTreeMap::new();
        for record in found {
            let one: Colleague = serde_json::from_str(&record.body)?;
            let id = one.counsellor.id.clone();
            let newer = |other: &Colleague| other.said_at < one.said_at;
            if known.get(&id).is_none_or(newer) {
                known.insert(id, one);
            }
        }
        Ok(known.into_values().collect())
    }
}

fn id(instance: &str, staff: &StaffId) -> String {
    format!("{instance}/{}", staff.as_str())
}
