//! Exact amounts with their units.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a unit measures; only amounts of one dimension can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dimension {
    /// Weight; its common unit is the milligram.
    Mass,
    /// Volume; its common unit is the millilitre.
    Volume,
    /// Biological activity (국제단위, 단위 …): comparable only within the very same unit.
    Activity,
    /// A proportion (퍼센트).
    Proportion,
    /// Anything else: counts, moles, equivalents, radioactivity, and what was not understood.
    Other,
}

/// A unit of the feed, written forms of the same unit being one (그람 = 그램 = g).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// kg, 킬로그램
    Kilogram,
    /// g, 그램, 그람
    Gram,
    /// mg, 밀리그램, 밀리그람
    Milligram,
    /// µg, mcg, 마이크로그램
    Microgram,
    /// ng, 나노그램
    Nanogram,
    /// L, 리터
    Liter,
    /// mL, 밀리리터
    Milliliter,
    /// µL, 마이크로리터
    Microliter,
    /// IU, 국제단위, 아이유
    InternationalUnit,
    /// 단위: a unit of activity that the product's monograph defines
    ActivityUnit,
    /// %, 퍼센트
    Percent,
    /// Any other text, as it stands in the feed (NFC, trimmed).
    Other(String),
}

/// An exact amount. Its text form is canonical: no trailing zeros, no exponent, never a float.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quantity {
    /// The number, normalised.
    pub value: Decimal,
    /// Its unit.
    pub unit: Unit,
}
