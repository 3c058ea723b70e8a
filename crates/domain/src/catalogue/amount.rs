//! Exact amounts with their units.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{exact, name::tidy};

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

impl Unit {
    /// The unit that a text names. Letters' case, spaces inside and compatibility forms (`㎎`, `㎖`,
    /// both mu characters) don't matter; a word that is no known unit becomes [`Unit::Other`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::known(text).unwrap_or_else(|| Self::Other(tidy(text).into_owned()))
    }

    /// Like [`Unit::parse`], but nothing for a word that is no known unit.
    #[must_use]
    pub fn known(text: &str) -> Option<Self> {
        // The longest name has 6 letters; longer texts are not worth folding.
        if text.len() > 64 {
            return None;
        }
        let folded: String = text
            .nfkc()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect();
        Some(match folded.as_str() {
            "kg" | "킬로그램" | "킬로그람" => Self::Kilogram,
            "g" | "gm" | "그램" | "그람" => Self::Gram,
            "mg" | "밀리그램" | "밀리그람" => Self::Milligram,
            "μg" | "ug" | "mcg" | "마이크로그램" | "마이크로그람" => Self::Microgram,
            "ng" | "나노그램" | "나노그람" => Self::Nanogram,
            "l" | "리터" => Self::Liter,
            "ml" | "cc" | "밀리리터" => Self::Milliliter,
            "μl" | "ul" | "마이크로리터" => Self::Microliter,
            "iu" | "i.u." | "i.u" | "국제단위" | "아이유" => Self::InternationalUnit,
            "단위" | "u" | "unit" | "units" => Self::ActivityUnit,
            "%" | "퍼센트" => Self::Percent,
            _ => return None,
        })
    }

    /// What the unit measures.
    #[must_use]
    pub fn dimension(&self) -> Dimension {
        match self {
            Self::Kilogram | Self::Gram | Self::Milligram | Self::Microgram | Self::Nanogram => {
                Dimension::Mass
            }
            Self::Liter | Self::Milliliter | Self::Microliter => Dimension::Volume,
            Self::InternationalUnit | Self::ActivityUnit => Dimension::Activity,
            Self::Percent => Dimension::Proportion,
            Self::Other(_) => Dimension::Other,
        }
    }

    /// How the unit is written for readers: `mg`, `mL`, `IU`, `단위`, or the feed's own word.
    #[must_use]
    pub fn symbol(&self) -> &str {
        match self {
            Self::Kilogram => "kg",
            Self::Gram => "g",
            Self::Milligram => "mg",
            Self::Microgram => "µg",
            Self::Nanogram => "ng",
            Self::Liter => "L",
            Self::Milliliter => "mL",
            Self::Microliter => "µL",
            Self::InternationalUnit => "IU",
            Self::ActivityUnit => "단위",
            Self::Percent => "%",
            Self::Other(text) => text,
        }
    }

    /// Power of ten to the common unit of the dimension (milligram, millilitre).
    const fn to_common(&self) -> Option<i8> {
        Some(match self {
            Self::Kilogram => 6,
            Self::Gram | Self::Liter => 3,
            Self::Milligram | Self::Milliliter => 0,
            Self::Microgram | Self::Microliter => -3,
            Self::Nanogram => -6,
            _ => return None,
        })
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
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

impl Quantity {
    /// An amount; the number loses its trailing zeros.
    #[must_use]
    pub fn new(value: Decimal, unit: Unit) -> Self {
        Self {
            value: value.normalize(),
            unit,
        }
    }

    /// The amount in milligrams; nothing unless it is a weight and the conversion is exact.
    #[must_use]
    pub fn milligrams(&self) -> Option<Decimal> {
        (self.unit.dimension() == Dimension::Mass)
            .then(|| self.common())
            .flatten()
    }

    /// The amount in millilitres; nothing unless it is a volume and the conversion is exact.
    #[must_use]
    pub fn milliliters(&self) -> Option<Decimal> {
        (self.unit.dimension() == Dimension::Volume)
            .then(|| self.common())
            .flatten()
    }

    /// The amount in the common unit of its dimension; the very amount where there is none.
    #[must_use]
    pub fn to_common_unit(&self) -> Option<Self> {
        let unit = match self.unit.dimension() {
            Dimension::Mass => Unit::Milligram,
            Dimension::Volume => Unit::Milliliter,
            Dimension::Activity | Dimension::Proportion | Dimension::Other => {
                return Some(self.clone());
            }
        };
        Some(Self::new(self.common()?, unit))
    }

    fn common(&self) -> Option<Decimal> {
        exact::shift(self.value, self.unit.to_common()?)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value.normalize();
        match &self.unit {
            Unit::Other(text) if text.is_empty() => write!(f, "{value}"),
            unit => write!(f, "{value} {unit}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::{Quantity, Unit};

    #[test]
    fn one_unit_has_many_spellings() {
        for (texts, unit) in [
            (["그램", "그람", "g", "G"], Unit::Gram),
            (["밀리그램", "밀리그람", "㎎", "MG"], Unit::Milligram),
            (["마이크로그램", "µg", "μg", "㎍"], Unit::Microgram),
            (["밀리리터", "mL", "㎖", "ml"], Unit::Milliliter),
            (
                ["국제단위", "IU", "I.U.", "아이유"],
                Unit::InternationalUnit,
            ),
            (["퍼센트", "%", "％", " % "], Unit::Percent),
        ] {
            for text in texts {
                assert_eq!(Unit::parse(text), unit, "{text}");
            }
        }
        assert_eq!(Unit::parse(" mEq "), Unit::Other("mEq".to_owned()));
        assert_eq!(Unit::parse("MBq"), Unit::Other("MBq".to_owned()));
    }

    #[test]
    fn converts_exactly_or_not_at_all() {
        let gram = Quantity::new(Decimal::new(66_700, 3), Unit::Gram);
        assert_eq!(gram.to_string(), "66.7 g");
        assert_eq!(gram.milligrams(), Some(Decimal::from(66_700)));
        assert_eq!(gram.milliliters(), None);
        assert_eq!(
            Quantity::new(Decimal::new(126, 3), Unit::Nanogram).milligrams(),
            Some(Decimal::new(126, 9))
        );
        assert_eq!(
            Quantity::new(Decimal::MAX, Unit::Kilogram).milligrams(),
            None
        );
        assert_eq!(
            Quantity::new(Decimal::new(1, 28), Unit::Nanogram).milligrams(),
            None
        );
        assert_eq!(
            Quantity::new(Decimal::TEN, Unit::Percent).milligrams(),
            None
        );
    }
}
