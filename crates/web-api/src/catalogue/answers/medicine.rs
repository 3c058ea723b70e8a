//! What every answer says of a medicine.

use chrono::NaiveDate;
use domain::catalogue::{Cancellation, CancellationState, Dispensing, TherapeuticClass};
use serde::Serialize;
use utoipa::ToSchema;

use crate::allergies::AllergyMarks;
use crate::catalogue::snapshot::{PillLook, Record};
use crate::http::mirror::mirror;
use crate::http::slots::{MarkedId, OfCaller};

/// How it may be sold, in the two groups that people know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SaleClass)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SaleClass {
    /// 일반의약품, those sold in convenience stores too.
    Otc,
    /// 전문의약품, those for rare diseases too.
    Prescription,
}

impl SaleClass {
    /// The group; none where the feed doesn't say.
    pub(crate) fn of(dispensing: Dispensing) -> Option<Self> {
        match dispensing {
            Dispensing::Otc | Dispensing::OtcConvenience => Some(Self::Otc),
            Dispensing::Prescription | Dispensing::PrescriptionOrphan => Some(Self::Prescription),
            Dispensing::Unknown => None,
        }
    }

    /// Its word in the contract.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Otc => "otc",
            Self::Prescription => "prescription",
        }
    }
}

mirror! {
    /// 전문일반구분 in full.
    #[schema(as = Dispensing)]
    DispensingBody from Dispensing {
        /// 일반의약품
        Otc,
        /// 일반의약품, 안전상비: sold in convenience stores too
        OtcConvenience,
        /// 전문의약품
        Prescription,
        /// 전문의약품, 희귀
        PrescriptionOrphan,
        /// The ministry doesn't say.
        Unknown,
    }
}

/// A therapeutic type.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TherapeuticType)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TypeBody {
    /// The ministry's number.
    #[schema(required = true, example = "01140")]
    code: Option<String>,
    /// The name as the ministry writes it.
    #[schema(example = "해열.진통.소염제")]
    name: String,
    /// What people look for in it.
    #[schema(example = json!(["해열", "진통", "소염"]))]
    parts: Vec<String>,
}

impl From<&TherapeuticClass> for TypeBody {
    fn from(class: &TherapeuticClass) -> Self {
        Self {
            code: class.code.clone(),
            name: class.name.clone(),
            parts: class.parts.clone(),
        }
    }
}

/// State of the permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PermitState)]
#[serde(rename_all = "camelCase")]
enum StateBody {
    /// 정상
    Valid,
    /// 취하: the maker gave the permit back.
    Withdrawn,
    /// 유효기간만료
    Expired,
    /// 취소: the ministry took the permit back.
    Revoked,
    /// The ministry no longer lists the product.
    Delisted,
    /// Something else; see `label`.
    Other,
}

/// Whether the product may be sold. What may not stays readable, and is never found by a search.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PermitStatus)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    state: StateBody,
    /// The state in Korean.
    #[schema(example = "정상")]
    label: String,
    /// Whether it may be sold.
    for_sale: bool,
    /// Since when, where the ministry says it.
    #[schema(required = true)]
    since: Option<NaiveDate>,
    /// A sentence to show beside the name, for what may not be sold.
    #[schema(required = true, example = json!(null))]
    notice: Option<&'static str>,
}

impl From<&Cancellation> for Status {
    fn from(cancellation: &Cancellation) -> Self {
        let (state, label, notice) = match &cancellation.state {
            CancellationState::Valid => (StateBody::Valid, "정상", None),
            CancellationState::Withdrawn => (
                StateBody::Withdrawn,
                "취하",
                Some("허가가 취하되어 더 이상 판매되지 않는 의약품입니다."),
            ),
            CancellationState::Expired => (
                StateBody::Expired,
                "유효기간만료",
                Some("허가의 유효기간이 끝나 더 이상 판매되지 않는 의약품입니다."),
            ),
            CancellationState::Revoked => (
                StateBody::Revoked,
                "취소",
                Some("허가가 취소되어 판매할 수 없는 의약품입니다."),
            ),
            CancellationState::Delisted => (
                StateBody::Delisted,
                "목록에서 제외",
                Some("식품의약품안전처의 목록에 더 이상 없는 의약품입니다."),
            ),
            CancellationState::Other(text) => (
                StateBody::Other,
                text.as_str(),
                Some("정상적으로 허가된 상태가 아닌 의약품입니다."),
            ),
        };
        Self {
            state,
            label: label.to_owned(),
            for_sale: cancellation.is_valid(),
            since: cancellation.date,
            notice,
        }
    }
}

/// What it takes to draw a pill where there is no photo (낱알식별), in the ministry's words; a field is
/// null where the ministry doesn't say.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PillLook)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PillLookBody {
    #[schema(required = true, example = "장방형")]
    shape: Option<String>,
    #[schema(required = true, example = "필름코팅정")]
    form: Option<String>,
    /// Colours of the front; several are separated by commas.
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
}

impl From<PillLook<'_>> for PillLookBody {
    fn from(look: PillLook<'_>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Self {
            shape: owned(look.shape),
            form: owned(look.form),
            color_front: owned(look.color_front),
            color_back: owned(look.color_back),
            imprint_front: owned(look.imprint_front),
            imprint_back: owned(look.imprint_back),
            line_front: owned(look.line_front),
            line_back: owned(look.line_back),
        }
    }
}

/// A medicine in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MedicineSummary {
    /// 품목기준코드
    #[schema(value_type = String, example = "195500005")]
    id: MarkedId,
    /// Whether the caller wishes it. Present for who is signed in; null where that can't be looked up
    /// right now.
    #[serde(skip_serializing_if = "OfCaller::is_left_out")]
    #[schema(value_type = Option<bool>)]
    wished: OfCaller,
    /// Whether it is in the caller's compare box. Present for who is signed in; null where that can't
    /// be looked up right now.
    #[serde(skip_serializing_if = "OfCaller::is_left_out")]
    #[schema(value_type = Option<bool>)]
    in_compare_box: OfCaller,
    #[schema(example = "타이레놀정500밀리그람(아세트아미노펜)")]
    name: String,
    #[schema(required = true)]
    english_name: Option<String>,
    /// Maker or importer.
    maker: String,
    /// The group that it is sold in; null where the ministry doesn't say.
    #[schema(required = true)]
    class: Option<SaleClass>,
    /// Therapeutic type.
    #[schema(required = true)]
    r#type: Option<TypeBody>,
    /// What acts in it, each name once.
    ingredients: Vec<String>,
    /// Photo.
    #[schema(required = true)]
    image_url: Option<String>,
    /// The first pill of the product, to draw where there is no photo; null where the ministry
    /// identifies none.
    #[schema(required = true)]
    pill: Option<PillLookBody>,
    /// How many people wish it.
    #[schema(minimum = 0)]
    wish_count: u32,
    status: Status,
    #[serde(flatten)]
    allergies: AllergyMarks,
}

impl MedicineSummary {
    /// The summary of a product.
    pub(crate) fn new(record: &Record, wish_count: u32) -> Self {
        Self {
            id: MarkedId(record.id),
            wished: OfCaller,
            in_compare_box: OfCaller,
            name: record.name.to_string(),
            english_name: record.english_name.as_deref().map(str::to_owned),
            maker: record.maker.to_string(),
            class: SaleClass::of(record.dispensing),
            r#type: record.class.as_deref().map(TypeBody::from),
            ingredients: record
                .active_names()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            image_url: record.image_url.as_deref().map(str::to_owned),
            pill: record.pill().map(PillLookBody::from),
            wish_count,
            status: Status::from(&record.cancellation),
            allergies: AllergyMarks::default(),
        }
    }
}
