//! The operations that the stand-in knows, and what differs between them on the wire.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One operation of the open API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Permit detail (제품 허가 상세): composition, documents, dates.
    PermitDetail,
    /// Permit list (제품 허가 목록): type, image, cancel state.
    PermitList,
    /// Pill identification (낱알식별): shape, colours, imprint.
    Pill,
    /// e약은요: the plain-language leaflet.
    EasyDrug,
}

/// How a service wraps the elements of `items`: the real ones use both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemForm {
    /// `"items":[{…},{…}]`, what the four operations answer at present.
    #[default]
    Plain,
    /// `"items":[{"item":{…}},…]`, what some sister services answer.
    Wrapped,
}

/// The names of the query parameters by which an operation filters.
pub(crate) struct FilterNames {
    pub(crate) item_seq: &'static str,
    pub(crate) item_name: &'static str,
    pub(crate) entp_name: &'static str,
}

impl Operation {
    /// Every operation, in the order of their declaration.
    pub const ALL: [Self; 4] = [
        Self::PermitDetail,
        Self::PermitList,
        Self::Pill,
        Self::EasyDrug,
    ];

    /// The path below the base path, with the version that the captures were taken from.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::PermitDetail => "DrugPrdtPrmsnInfoService07/getDrugPrdtPrmsnDtlInq06",
            Self::PermitList => "DrugPrdtPrmsnInfoService07/getDrugPrdtPrmsnInq07",
            Self::Pill => "MdcinGrnIdntfcInfoService03/getMdcinGrnIdntfcInfoList03",
            Self::EasyDrug => "DrbEasyDrugInfoService/getDrbEasyDrugList",
        }
    }

    /// The name used on the command line and by the control endpoint.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PermitDetail => "permit-detail",
            Self::PermitList => "permit-list",
            Self::Pill => "pill",
            Self::EasyDrug => "easy-drug",
        }
    }

    /// The field that holds the product's number.
    #[must_use]
    pub const fn item_seq_field(self) -> &'static str {
        match self {
            Self::EasyDrug => "itemSeq",
            Self::PermitDetail | Self::PermitList | Self::Pill => "ITEM_SEQ",
        }
    }

    /// The field that holds the product's name.
    #[must_use]
    pub const fn item_name_field(self) -> &'static str {
        match self {
            Self::EasyDrug => "itemName",
            Self::PermitDetail | Self::PermitList | Self::Pill => "ITEM_NAME",
        }
    }

    /// A long text field, for faults that need room.
    pub(crate) const fn text_field(self) -> &'static str {
        match self {
            Self::PermitDetail => "NB_DOC_DATA",
            Self::PermitList => "ITEM_INGR_NAME",
            Self::Pill => "CHART",
            Self::EasyDrug => "atpnQesitm",
        }
    }

    /// e약은요 names its parameters in camel case, the others in snake case.
    pub(crate) const fn filters(self) -> FilterNames {
        match self {
            Self::EasyDrug => FilterNames {
                item_seq: "itemSeq",
                item_name: "itemName",
                entp_name: "entpName",
            },
            Self::PermitDetail | Self::PermitList | Self::Pill => FilterNames {
                item_seq: "item_seq",
                item_name: "item_name",
                entp_name: "entp_name",
            },
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The name is none of `permit-detail`, `permit-list`, `pill`, `easy-drug`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown operation {0:?}: permit-detail, permit-list, pill or easy-drug")]
pub struct UnknownOperation(String);

impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|operation| operation.name() == text)
            .ok_or_else(|| UnknownOperation(text.to_owned()))
    }
}
