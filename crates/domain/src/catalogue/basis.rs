//! What an amount is counted per (총량).

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Quantity;

/// The thing counted: 정, 캡슐, 포, or a plain measure (100 mL).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BasisUnit {
    /// 정
    Tablet,
    /// 캡슐
    Capsule,
    /// 포
    Sachet,
    /// 개
    Piece,
    /// 병
    Bottle,
    /// 바이알
    Vial,
    /// 앰플, 앰풀, 관
    Ampoule,
    /// 시린지, 프리필드시린지
    Syringe,
    /// 매, 패취
    Patch,
    /// 좌제 counted as such
    Suppository,
    /// A measure of weight or volume; the amount stands in [`Basis::measure`].
    Measure,
    /// Any other counter, as it stands in the feed.
    Other(String),
    /// Nothing was recognised.
    Unknown,
}

/// 총량: what the amounts of one variant are counted per.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Basis {
    /// As it stands in the feed, without the variant's suffix.
    pub text: String,
    /// How many of [`Basis::unit`]; absent for a plain measure and where no number was written.
    pub count: Option<Decimal>,
    /// What is counted.
    pub unit: BasisUnit,
    /// Weight or volume of the whole basis (`1정615.04밀리그램` → 615.04 mg; `100밀리리터` → 100 mL).
    pub measure: Option<Quantity>,
    /// The feed says 약 (about) of the measure.
    pub approximate: bool,
}

impl Basis {
    /// A basis that was not understood.
    #[must_use]
    pub fn unknown(text: String) -> Self {
        Self {
            text,
            count: None,
            unit: BasisUnit::Unknown,
            measure: None,
            approximate: false,
        }
    }
}

impl BasisUnit {
    /// The counter for Korean readers: `정`, `캡슐`; empty for a measure and where it is not known.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Tablet => "정",
            Self::Capsule => "캡슐",
            Self::Sachet => "포",
            Self::Piece => "개",
            Self::Bottle => "병",
            Self::Vial => "바이알",
            Self::Ampoule => "앰플",
            Self::Syringe => "시린지",
            Self::Patch => "매",
            Self::Suppository => "좌제",
            Self::Measure | Self::Unknown => "",
            Self::Other(text) => text,
        }
    }
}
