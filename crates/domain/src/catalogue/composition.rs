//! What is in a product.

use serde::{Deserialize, Serialize};

use super::{Basis, Quantity};

/// Everything a product contains, as far as the feed says it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Composition {
    /// Variants that are sold under one permit (two flavours, two colour recipes); usually one.
    /// The same ingredient stands once in each: adding them up counts twice.
    pub variants: Vec<Variant>,
    /// Additives (첨가제), without repeats, in the order of the feed.
    pub additives: Vec<Additive>,
    /// The feed gives a list of additives; else whether there are any is not known.
    pub additives_listed: bool,
    /// A text about the active ingredients was there, and it and the additives' were understood
    /// to the last piece.
    pub complete: bool,
    /// The pieces that were not, as they stand in the feed.
    pub unparsed: Vec<String>,
}

/// One variant with its own basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// What tells it from the others (`허니앤레몬`, `1.1 색소2처방`).
    pub label: Option<String>,
    /// What its amounts are counted per.
    pub basis: Basis,
    /// Its active ingredients, in the order of the feed.
    pub actives: Vec<ActiveIngredient>,
}

/// One row of `MATERIAL_NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActiveIngredient {
    /// 성분명, NFC and trimmed.
    pub name: String,
    /// MFDS code (`M040702`) where `MAIN_ITEM_INGR` names one unambiguously.
    pub code: Option<String>,
    /// 분량 with 단위, where both were understood.
    pub quantity: Option<Quantity>,
    /// 분량 and 단위 as they stand in the feed.
    pub amount_text: String,
    /// 규격: the pharmacopoeia or standard (KP, USP, 별규).
    pub standard: Option<String>,
    /// 성분정보's "…로서" amounts: the active part of a granule, a salt or an extract.
    pub active_as: Vec<ActivePart>,
    /// 성분정보 as it stands in the feed.
    pub info: Option<String>,
    /// 비고 as it stands in the feed.
    pub remark: Option<String>,
}

/// `히오스시아민으로서 0.126밀리그램`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivePart {
    /// The substance that is counted.
    pub name: String,
    /// How much of it.
    pub quantity: Quantity,
}

/// One additive of `INGR_NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Additive {
    /// MFDS code (`M040624`).
    pub code: Option<String>,
    /// Name, NFC and trimmed; it may hold digits and spaces.
    pub name: String,
}

/// A composition whose parts are kept elsewhere: the catalogue in memory shares them between products.
#[derive(Debug, Clone)]
pub struct CompositionRef<'a> {
    /// See [`Composition::variants`].
    pub variants: Vec<VariantRef<'a>>,
    /// See [`Composition::additives`].
    pub additives: Vec<&'a Additive>,
    /// See [`Composition::additives_listed`].
    pub additives_listed: bool,
    /// See [`Composition::complete`].
    pub complete: bool,
    /// See [`Composition::unparsed`].
    pub unparsed: Vec<&'a str>,
}

/// A variant likewise.
#[derive(Debug, Clone)]
pub struct VariantRef<'a> {
    /// See [`Variant::label`].
    pub label: Option<&'a str>,
    /// See [`Variant::basis`].
    pub basis: &'a Basis,
    /// See [`Variant::actives`].
    pub actives: Vec<&'a ActiveIngredient>,
}

impl<'a> CompositionRef<'a> {
    /// A composition that is kept as such.
    #[must_use]
    pub fn of(composition: &'a Composition) -> Self {
        let variant = |one: &'a Variant| VariantRef {
            label: one.label.as_deref(),
            basis: &one.basis,
            actives: one.actives.iter().collect(),
        };
        Self {
            variants: composition.variants.iter().map(variant).collect(),
            additives: composition.additives.iter().collect(),
            additives_listed: composition.additives_listed,
            complete: composition.complete,
            unparsed: composition.unparsed.iter().map(String::as_str).collect(),
        }
    }
}
