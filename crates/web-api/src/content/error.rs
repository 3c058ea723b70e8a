//! What can go wrong with quotes and events, without a word of HTTP.

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ContentError {
    /// No quotes are stored.
    #[error("no quotes are stored")]
    NoQuotes,
    /// There is no such quote.
    #[error("no such quote")]
    UnknownQuote,
    /// There is no such event.
    #[error("no such event")]
    UnknownEvent,
}
