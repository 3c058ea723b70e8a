//! What the operations of the feed say, one type an operation.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::catalogue::{
    Cancellation, Composition, Dispensing, Document, MedicineId, Pill, TherapeuticClass,
};

/// Why a record can't enter the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Rejection {
    /// The feed's field.
    pub field: &'static str,
    /// Stable code: `missing`, `malformed`.
    pub code: &'static str,
    /// What is expected and what was found, shortened to 200 characters.
    pub reason: String,
}

/// What permit detail says of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitDetail {
    /// Identity.
    pub id: MedicineId,
    /// Korean name.
    pub name: String,
    /// English name.
    pub english_name: Option<String>,
    /// Maker.
    pub maker: String,
    /// Maker in English.
    pub maker_english: Option<String>,
    /// How it may be sold.
    pub dispensing: Dispensing,
    /// Date of the permit.
    pub permitted_on: Option<NaiveDate>,
    /// Last change.
    pub changed_on: Option<NaiveDate>,
    /// State of the permit.
    pub cancellation: Cancellation,
    /// Appearance.
    pub appearance: Option<String>,
    /// Storage.
    pub storage: Option<String>,
    /// Shelf life.
    pub valid_term: Option<String>,
    /// Pack sizes.
    pub pack_unit: Option<String>,
    /// ATC code.
    pub atc_code: Option<String>,
    /// Active ingredients in English.
    pub ingredients_english: Option<String>,
    /// What is in it.
    pub composition: Composition,
    /// EE.
    pub efficacy: Option<Document>,
    /// UD.
    pub dosage: Option<Document>,
    /// NB.
    pub precautions: Option<Document>,
}

/// What the permit list adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermitListing {
    /// Identity.
    pub id: MedicineId,
    /// English name.
    pub english_name: Option<String>,
    /// Therapeutic type.
    pub class: Option<TherapeuticClass>,
    /// How it may be sold.
    pub dispensing: Dispensing,
    /// Photo.
    pub image_url: Option<String>,
    /// State of the permit.
    pub cancellation: Cancellation,
}

/// A row of the pill identification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedPill {
    /// Identity; a product has one row or more.
    pub id: MedicineId,
    /// The row.
    pub pill: Pill,
    /// Therapeutic type.
    pub class: Option<TherapeuticClass>,
    /// How it may be sold.
    pub dispensing: Dispensing,
}
