//! The ledger of consents.

use domain::account::{ConsentEntry, ConsentKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::moment;
use super::sign_up::ConsentKindSchema;

/// Yes or no.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ConsentChange)]
pub(crate) struct AgreedBody {
    /// Yes or no.
    pub(crate) agreed: bool,
    /// The version of the text that was shown; without it the one in force.
    #[schema(nullable = false, max_length = 20)]
    pub(crate) version: Option<String>,
}

/// A line of the ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsentLine)]
pub(crate) struct ConsentAnswerBody {
    /// What was asked.
    #[schema(value_type = ConsentKindSchema)]
    kind: ConsentKind,
    /// Yes or no.
    agreed: bool,
    /// The version of the text.
    version: String,
    /// When it was said.
    #[schema(format = DateTime)]
    at: String,
}

impl From<ConsentEntry> for ConsentAnswerBody {
    fn from(entry: ConsentEntry) -> Self {
        Self {
            kind: entry.kind,
            agreed: entry.agreed,
            version: entry.version.as_str().to_owned(),
            at: moment(entry.at),
        }
    }
}

/// The ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsentLedger)]
pub(crate) struct ConsentsAnswer {
    /// Oldest first; of each kind the last one counts.
    pub(crate) items: Vec<ConsentAnswerBody>,
}
