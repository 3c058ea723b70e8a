//! What faults do to the rows of a page.

use super::super::{
    catalogue::{Catalogue, Page, PageRow, RowRef, count},
    operation::Operation,
    wire::Change,
};
use super::Effect;

/// The longest text that a huge record may hold.
const HUGE_RECORD_LIMIT: u32 = 256 * 1024 * 1024;

/// The rows of a result, with faults applied: what the request sees of the catalogue.
pub(crate) struct RowFaults<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) operation: Operation,
    pub(crate) effects: &'a [Effect],
}

/// By how much a window into the rows moves.
fn shift(effects: &[Effect]) -> (u64, u64) {
    let mut removed = 0_u64;
    let mut added = 0_u64;
    for effect in effects {
        match effect {
            Effect::ShrinkTotal { by } => removed += u64::from(*by),
            Effect::GrowTotal { by } => added += u64::from(*by),
            _ => {}
        }
    }
    (removed, added)
}

impl RowFaults<'_> {
    /// Whether filters have no effect.
    pub(crate) fn ignores_filters(&self) -> bool {
        self.effects.contains(&Effect::IgnoreFilters)
    }

    /// Drops the share of the rows that faults demand; the same rows each time.
    pub(crate) fn drop_rows(&self, rows: Vec<RowRef>) -> Vec<RowRef> {
        let percent = self.effects.iter().find_map(|effect| match effect {
            Effect::DropRows { percent } => Some(u64::from(*percent)),
            _ => None,
        });
        let Some(percent) = percent else { return rows };
        let stays = |row: &RowRef| {
            let seq = self.catalogue.item_seq(self.operation, *row);
            (scatter(seq.as_bytes()) >> 32) % 100 >= percent
        };
        rows.into_iter().filter(stays).collect()
    }

    /// The rows `from..from + size` of the result, with rows removed or added at the front.
    pub(crate) fn window(&self, rows: &[RowRef], from: u64, size: u64) -> (u64, Vec<PageRow>) {
        let (removed, added) = shift(self.effects);
        let removed = usize::try_from(removed).unwrap_or(usize::MAX);
        let left = rows.get(removed..).unwrap_or_default();
        let total = count(left.len()) + added;
        let window = (from..from.saturating_add(size).min(total)).filter_map(|position| {
            if position < added {
                return self.added(left, position);
            }
            let index = usize::try_from(position - added).ok()?;
            left.get(index).map(|row| PageRow {
                row: *row,
                edits: Vec::new(),
            })
        });
        (total, window.collect())
    }

    /// A new product: a copy of an old one with a number that no other has.
    fn added(&self, rows: &[RowRef], position: u64) -> Option<PageRow> {
        let length = count(rows.len());
        let index = usize::try_from(position.checked_rem(length)?).ok()?;
        let seq = Change::Text((990_000_000 + position).to_string());
        let edits = vec![(self.operation.item_seq_field().to_owned(), seq)];
        rows.get(index).map(|row| PageRow { row: *row, edits })
    }

    /// Changes rows of the page that is about to be written.
    pub(crate) fn spoil(&self, page: &mut Page, previous: &[PageRow]) {
        for effect in self.effects {
            match effect {
                Effect::EmptyPage => {
                    page.rows.clear();
                    page.empty_list = true;
                }
                Effect::DuplicateRows { rows } => {
                    let rows = usize::try_from(*rows).unwrap_or(usize::MAX);
                    let from = previous.len().saturating_sub(rows);
                    let repeated = previous.get(from..).unwrap_or_default();
                    for (row, repeated) in page.rows.iter_mut().zip(repeated) {
                        row.clone_from(repeated);
                    }
                }
                Effect::WrongItemSeq { every } => self.wrong_numbers(page, *every),
                Effect::MissingField { field, every } => {
                    for row in nth(&mut page.rows, *every) {
                        row.edits.push((field.clone(), Change::Absent));
                    }
                }
                Effect::InvalidUtf8 => {
                    self.change_first(page, Change::Bytes(vec![0xc7, 0xd1, 0xff]));
                }
                Effect::HugeRecord { bytes } => {
                    let length = usize::try_from((*bytes).min(HUGE_RECORD_LIMIT)).unwrap_or(0);
                    self.change_first(page, Change::Text("x".repeat(length)));
                }
                _ => {}
            }
        }
    }

    fn wrong_numbers(&self, page: &mut Page, every: u32) {
        for row in nth(&mut page.rows, every) {
            let seq = self.catalogue.item_seq(self.operation, row.row);
            let other: String = seq.chars().rev().collect();
            row.edits.push((
                self.operation.item_seq_field().to_owned(),
                Change::Text(other),
            ));
        }
    }

    fn change_first(&self, page: &mut Page, change: Change) {
        if let Some(row) = page.rows.first_mut() {
            row.edits
                .push((self.operation.text_field().to_owned(), change));
        }
    }
}

fn nth(rows: &mut [PageRow], every: u32) -> impl Iterator<Item = &mut PageRow> {
    rows.iter_mut()
        .step_by(usize::try_from(every.max(1)).unwrap_or(usize::MAX))
}

/// FNV-1a: rows are to be dropped evenly and on every machine the same.
fn scatter(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
