//! A page between the feed and the database.

use crate::db::{Db, DbError};
use crate::mfds::Operation;
use crate::mfds::client::Page;

use super::Context;
use super::rejects::Reject;

/// What is noted of a page besides its records.
#[derive(Debug)]
pub(super) struct Meta {
    pub(super) operation: Operation,
    pub(super) number: u32,
    /// Records in the whole operation, as this page says it.
    pub(super) total: u32,
    /// Records on the page, the rejected ones included.
    pub(super) items: u32,
    pub(super) rejects: Vec<Reject>,
}

impl Meta {
    pub(super) fn new(operation: Operation, number: u32, page: &Page<'_>) -> Self {
        Self {
            operation,
            number,
            total: page.total,
            items: u32::try_from(page.items.len()).unwrap_or(u32::MAX),
            rejects: Vec::new(),
        }
    }
}

/// Records of one page, read and ready to be written.
pub(super) trait Content: Send + Sync + Sized + 'static {
    /// Reads a page; runs on a blocking thread, several at the same time.
    fn read(context: &Context, operation: Operation, number: u32, page: Page<'_>) -> Self;

    fn meta(&self) -> &Meta;

    /// Writes the records inside a transaction, which may be run again. Gives the records that were
    /// there already from another page: the later one is kept, and each is noted.
    fn write(&self, db: &mut Db, context: &Context, again: bool) -> Result<Vec<Reject>, DbError>;

    /// The transaction was committed.
    fn written(&self, context: &Context);
}
