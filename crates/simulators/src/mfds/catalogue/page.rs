//! One page of an operation.

use super::{
    super::{
        operation::{ItemForm, Operation},
        wire::{self, Edit},
    },
    Catalogue, RowRef,
};

/// The number that `wire` prints for a count.
pub(crate) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Writes a whole page.
pub(crate) fn write_page(
    catalogue: &Catalogue,
    operation: Operation,
    page: &Page,
    form: ItemForm,
    out: &mut Vec<u8>,
) {
    // With zero rows the real service leaves `items` out, unless a fault asks for an empty list.
    let with_items = !page.rows.is_empty() || page.empty_list;
    wire::open_page(page.number, page.total, page.size, with_items, out);
    for (position, row) in page.rows.iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        catalogue.write(operation, row.row, &row.edits, form, out);
    }
    wire::close_page(with_items, out);
}

/// A page that is ready to be written.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) number: u64,
    pub(crate) size: u64,
    pub(crate) total: u64,
    pub(crate) rows: Vec<PageRow>,
    pub(crate) empty_list: bool,
}

/// A row of a page, with what faults change in it.
#[derive(Debug, Clone)]
pub(crate) struct PageRow {
    pub(crate) row: RowRef,
    pub(crate) edits: Vec<Edit>,
}
