//! Everything of one medicine.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::composition::CompositionBody;
use super::documents::DocumentsBody;
use super::medicine::{DispensingBody, MedicineSummary};
use crate::catalogue::snapshot::{PillTexts, Record};

/// Where the ministry shows the product itself.
const OFFICIAL: &str = "https://nedrug.mfds.go.kr/pbp/CCBBB01/getItemDetail?itemSeq=";

/// How a pill looks (낱알식별); a product has one a strength.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Pill)]
#[serde(rename_all = "camelCase")]
struct PillBody {
    /// In words (성상).
    #[schema(required = true)]
    appearance: Option<String>,
    /// Photo.
    #[schema(required = true)]
    image_url: Option<String>,
    #[schema(required = true, example = "장방형")]
    shape: Option<String>,
    #[schema(required = true, example = "필름코팅정")]
    form: Option<String>,
    #[schema(required = true, example = "하양")]
    color_front: Option<String>,
    #[schema(required = true)]
    color_back: Option<String>,
    #[schema(required = true, example = "TYLENOL")]
    imprint_front: Option<String>,
    #[schema(required = true)]
    imprint_back: Option<String>,
    /// Score line (`+`, `-`).
    #[schema(required = true)]
    line_front: Option<String>,
    #[schema(required = true)]
    line_back: Option<String>,
    /// Long axis in millimetres, as decimal text.
    #[schema(required = true, example = "17.6")]
    length_long: Option<String>,
    /// Short axis in millimetres.
    #[schema(required = true)]
    length_short: Option<String>,
    /// In millimetres.
    #[schema(required = true)]
    thickness: Option<String>,
}

impl From<PillTexts<'_>> for PillBody {
    fn from(pill: PillTexts<'_>) -> Self {
        Self {
            appearance: owned(pill.appearance),
            image_url: owned(pill.image_url),
            shape: owned(pill.look.shape),
            form: owned(pill.look.form),
            color_front: owned(pill.look.color_front),
            color_back: owned(pill.look.color_back),
            imprint_front: owned(pill.look.imprint_front),
            imprint_back: owned(pill.look.imprint_back),
            line_front: owned(pill.look.line_front),
            line_back: owned(pill.look.line_back),
            length_long: owned(pill.length_long),
            length_short: owned(pill.length_short),
            thickness: owned(pill.thickness),
        }
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// Whether the rules of the drug utilisation review (의약품안전사용서비스) are known.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = DurStatus)]
#[serde(rename_all = "camelCase")]
enum DurStatus {
    /// They have not been loaded: nothing is said about them, in neither direction.
    NotLoaded,
}

/// Drug utilisation review.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = Dur)]
#[serde(rename_all = "camelCase")]
struct Dur {
    status: DurStatus,
}

/// Everything of one medicine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MedicineDetail<'d> {
    #[serde(flatten)]
    medicine: MedicineSummary,
    #[schema(required = true)]
    maker_english: Option<String>,
    dispensing: DispensingBody,
    /// Date of the permit.
    #[schema(required = true)]
    permitted_on: Option<NaiveDate>,
    /// Last change of the permit.
    #[schema(required = true)]
    changed_on: Option<NaiveDate>,
    /// In words (성상).
    #[schema(required = true)]
    appearance: Option<String>,
    /// How to store it.
    #[schema(required = true, example = "기밀용기, 실온(1-30℃)보관")]
    storage: Option<String>,
    /// Shelf life.
    #[schema(required = true, example = "제조일로부터 36 개월")]
    valid_term: Option<String>,
    /// Pack sizes.
    #[schema(required = true)]
    pack_unit: Option<String>,
    #[schema(required = true, example = "N02BE01")]
    atc_code: Option<String>,
    /// Active ingredients in English.
    #[schema(required = true)]
    ingredients_english: Option<String>,
    pills: Vec<PillBody>,
    composition: CompositionBody,
    /// Official texts; null where they can't be had right now, which `documentsUnavailable` says.
    #[schema(required = true)]
    documents: Option<DocumentsBody<'d>>,
    /// The texts exist but can't be had right now: ask again soon. It doesn't mean that there are no
    /// precautions.
    documents_unavailable: bool,
    dur: Dur,
    /// The ministry's own page.
    #[schema(example = "https://nedrug.mfds.go.kr/pbp/CCBBB01/getItemDetail?itemSeq=195500005")]
    official_url: String,
    /// When the data were synchronised with the ministry's.
    as_of: DateTime<Utc>,
}

impl<'d> MedicineDetail<'d> {
    /// Nothing is missing that will be there soon.
    pub(crate) fn is_complete(&self) -> bool {
        !self.documents_unavailable
    }

    /// The detail of a product.
    pub(crate) fn new(
        summary: MedicineSummary,
        record: &Record,
        composition: CompositionBody,
        documents: Option<DocumentsBody<'d>>,
        as_of: DateTime<Utc>,
    ) -> Self {
        Self {
            medicine: summary,
            maker_english: owned(record.maker_english.as_deref()),
            dispensing: record.dispensing.into(),
            permitted_on: record.permitted_on,
            changed_on: record.changed_on,
            appearance: owned(record.appearance.as_deref()),
            storage: owned(record.storage.as_deref()),
            valid_term: owned(record.valid_term.as_deref()),
            pack_unit: owned(record.pack_unit.as_deref()),
            atc_code: owned(record.atc_code.as_deref()),
            ingredients_english: owned(record.ingredients_english.as_deref()),
            pills: record.pills().map(PillBody::from).collect(),
            composition,
            documents_unavailable: documents.is_none(),
            documents,
            dur: Dur {
                status: DurStatus::NotLoaded,
            },
            official_url: format!("{OFFICIAL}{}", record.id),
            as_of,
        }
    }
}
