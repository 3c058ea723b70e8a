//! A product as the catalogue holds it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Composition, MedicineId};

/// How a product may be sold (전문일반구분).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dispensing {
    /// 일반의약품: over the counter.
    Otc,
    /// 일반(안전상비): over the counter, in convenience stores too.
    OtcConvenience,
    /// 전문의약품: on prescription.
    Prescription,
    /// 전문,희귀: on prescription, for a rare disease.
    PrescriptionOrphan,
    /// The feed says nothing, or something new.
    Unknown,
}

/// A therapeutic type (`[01140]해열.진통.소염제` → code 01140, parts 해열, 진통, 소염).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TherapeuticClass {
    /// MFDS classification number, five digits with leading zero.
    pub code: Option<String>,
    /// The name as the feed writes it.
    pub name: String,
    /// The single types that people look for.
    pub parts: Vec<String>,
}

/// Whether the permit stands (`CANCEL_NAME`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CancellationState {
    /// 정상
    Valid,
    /// 취하: withdrawn by the maker.
    Withdrawn,
    /// 유효기간만료
    Expired,
    /// 취소: revoked by the ministry.
    Revoked,
    /// The feed no longer lists the product.
    Delisted,
    /// Another word, as it stands; treated as not for sale.
    Other(String),
}

/// State of the permit with its date.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancellation {
    /// The state.
    pub state: CancellationState,
    /// Since when, where the feed says it (`CANCEL_DATE`).
    pub date: Option<NaiveDate>,
}

impl Cancellation {
    /// Whether the product may be sold: only such products are found by a search.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.state == CancellationState::Valid
    }
}

/// One row of the pill identification (낱알식별); a product has one a strength.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pill {
    /// Appearance in words (성상).
    pub appearance: Option<String>,
    /// Photo.
    pub image_url: Option<String>,
    /// Shape (원형, 장방형 …).
    pub shape: Option<String>,
    /// Dosage form (필름코팅정 …).
    pub form: Option<String>,
    /// Colours of the front.
    pub color_front: Option<String>,
    /// Colours of the back.
    pub color_back: Option<String>,
    /// Imprint of the front; the placeholders 마크 and 분할선 are not part of it.
    pub imprint_front: Option<String>,
    /// Imprint of the back.
    pub imprint_back: Option<String>,
    /// Score line of the front (`+`, `-`).
    pub line_front: Option<String>,
    /// Score line of the back.
    pub line_back: Option<String>,
    /// Long axis in millimetres, canonical decimal text; the feed's text where it is no number.
    pub length_long: Option<String>,
    /// Short axis in millimetres, likewise.
    pub length_short: Option<String>,
    /// Thickness in millimetres, likewise.
    pub thickness: Option<String>,
}

/// e약은요: the text in plain language. Each text keeps its lines (`\n`) and loses nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EasyGuide {
    /// What it is for (`efcyQesitm`).
    pub efficacy: Option<String>,
    /// How to take it (`useMethodQesitm`).
    pub usage: Option<String>,
    /// What to know before (`atpnWarnQesitm`).
    pub warning: Option<String>,
    /// Cautions (`atpnQesitm`).
    pub cautions: Option<String>,
    /// What not to take with it (`intrcQesitm`).
    pub interactions: Option<String>,
    /// Side effects (`seQesitm`).
    pub side_effects: Option<String>,
    /// How to keep it (`depositMethodQesitm`).
    pub storage: Option<String>,
    /// Photo (`itemImage`).
    pub image_url: Option<String>,
    /// First published (`openDe`).
    pub published_on: Option<NaiveDate>,
    /// Last changed (`updateDe`).
    pub updated_on: Option<NaiveDate>,
}

/// A product, all operations of the feed merged; the long texts are kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Medicine {
    /// Its identity.
    pub id: MedicineId,
    /// Korean name, NFC; may hold two products under one permit.
    pub name: String,
    /// English name.
    pub english_name: Option<String>,
    /// Maker or importer (`ENTP_NAME`).
    pub maker: String,
    /// Maker in English.
    pub maker_english: Option<String>,
    /// How it may be sold.
    pub dispensing: Dispensing,
    /// Therapeutic type.
    pub class: Option<TherapeuticClass>,
    /// Date of the permit.
    pub permitted_on: Option<NaiveDate>,
    /// Last change of the permit (`CHANGE_DATE`).
    pub changed_on: Option<NaiveDate>,
    /// State of the permit.
    pub cancellation: Cancellation,
    /// Appearance in words (성상, `CHART`).
    pub appearance: Option<String>,
    /// How to store it (`STORAGE_METHOD`).
    pub storage: Option<String>,
    /// Shelf life (`VALID_TERM`), spacing made even.
    pub valid_term: Option<String>,
    /// Pack sizes (`PACK_UNIT`).
    pub pack_unit: Option<String>,
    /// ATC code.
    pub atc_code: Option<String>,
    /// Active ingredients in English (`MAIN_INGR_ENG`).
    pub ingredients_english: Option<String>,
    /// Photo: the permit list's, else the pill identification's, else e약은요's.
    pub image_url: Option<String>,
    /// Pill identification.
    pub pills: Vec<Pill>,
    /// What is in it.
    pub composition: Composition,
}

impl Medicine {
    /// The product after it vanished from the feed: still readable, no longer for sale. A state that
    /// already says why it is not for sale stays.
    #[must_use]
    pub fn delisted(mut self) -> Self {
        if self.cancellation.is_valid() {
            self.cancellation = Cancellation {
                state: CancellationState::Delisted,
                date: None,
            };
        }
        self
    }
}
