//! What can go wrong.

use serde::{Deserialize, Serialize};

/// What goes wrong. All of it was seen with the real service or its gateway, or is what a network
/// does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Effect {
    /// After this many requests (in scope) the gateway answers XML code 22 until
    /// [`Handle::reset_quota`](crate::mfds::Handle::reset_quota).
    Quota {
        /// Requests that are still answered.
        #[serde(default)]
        after: u32,
    },
    /// The gateway's XML error with HTTP 200.
    XmlError {
        /// `returnReasonCode`.
        code: u16,
    },
    /// The service's JSON error with HTTP 200.
    JsonError {
        /// `resultCode`.
        code: u16,
    },
    /// `{"result":{"resultCode":"11"}}` with HTTP 200.
    ResultError {
        /// `resultCode`.
        code: u16,
    },
    /// An HTTP error with a short JSON body.
    HttpStatus {
        /// The status, 400 to 599.
        status: u16,
    },
    /// The gateway's HTML page with HTTP 200.
    Html,
    /// The connection is reset (RST) before an answer.
    Reset,
    /// The answer comes late.
    Delay {
        /// By this many milliseconds.
        millis: u64,
    },
    /// No byte of an answer comes until the client gives up.
    Stall,
    /// Half the answer comes, then nothing until the client gives up.
    StallHalfway,
    /// Half the body.
    Truncate {
        /// What `Content-Length` says.
        length: TruncatedLength,
    },
    /// Rows were taken from the front: the total is smaller and every row moved forward, so a
    /// client that is half-way through would skip rows.
    ShrinkTotal {
        /// Rows that are gone.
        by: u32,
    },
    /// Rows were put at the front: the total is larger and every row moved back, so a client that
    /// is half-way through sees rows twice.
    GrowTotal {
        /// Rows that are new; they are copies of the first rows with other numbers.
        by: u32,
    },
    /// A page without rows, although the total says otherwise.
    EmptyPage,
    /// The page's first rows are the last rows of the page before.
    DuplicateRows {
        /// How many.
        rows: u32,
    },
    /// Filters are ignored and everything comes back.
    IgnoreFilters,
    /// Rows carry the number of another product.
    WrongItemSeq {
        /// Every n-th row of the page, from the first on.
        every: u32,
    },
    /// Rows lack a field.
    MissingField {
        /// The field's name on the wire.
        field: String,
        /// Every n-th row of the page, from the first on.
        every: u32,
    },
    /// Part of the rows is missing and the total agrees: a broken export.
    DropRows {
        /// 0 to 100.
        percent: u8,
    },
    /// The first row of the page holds bytes that aren't UTF-8.
    InvalidUtf8,
    /// The first row of the page holds a very long text.
    HugeRecord {
        /// Its length in bytes, at most 256 MiB.
        bytes: u32,
    },
}

/// What `Content-Length` says about half a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TruncatedLength {
    /// The length of the half: HTTP is in order, the JSON isn't.
    Half,
    /// The length of the whole: the connection closes too early.
    Whole,
}
