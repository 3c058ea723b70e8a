//! Rows held in memory.

use std::{borrow::Cow, collections::HashMap};

use super::{
    super::{
        operation::Operation,
        wire::{ObjectWriter, Row},
    },
    Source,
};

/// Rows held in memory.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    rows: HashMap<Operation, Vec<Row>>,
}

impl Rows {
    pub(crate) fn new(rows: impl IntoIterator<Item = (Operation, Row)>) -> Self {
        let mut sorted = HashMap::<Operation, Vec<Row>>::new();
        for (operation, row) in rows {
            sorted.entry(operation).or_default().push(row);
        }
        Self { rows: sorted }
    }

    fn row(&self, operation: Operation, index: u32) -> Option<&Row> {
        self.rows.get(&operation)?.get(usize::try_from(index).ok()?)
    }

    fn text(&self, operation: Operation, index: u32, field: &str) -> Cow<'_, str> {
        let row = self.row(operation, index);
        row.and_then(|row| row.get(field))
            .map(Cow::Borrowed)
            .unwrap_or_default()
    }
}

impl Source for Rows {
    fn len(&self, operation: Operation) -> u32 {
        let rows = self.rows.get(&operation).map_or(0, Vec::len);
        u32::try_from(rows).unwrap_or(u32::MAX)
    }

    fn item_seq(&self, operation: Operation, index: u32) -> Cow<'_, str> {
        self.text(operation, index, operation.item_seq_field())
    }

    fn names(&self, operation: Operation, index: u32) -> (Cow<'_, str>, Cow<'_, str>) {
        let entp_name = match operation {
            Operation::EasyDrug => "entpName",
            Operation::PermitDetail | Operation::PermitList | Operation::Pill => "ENTP_NAME",
        };
        (
            self.text(operation, index, operation.item_name_field()),
            self.text(operation, index, entp_name),
        )
    }

    fn write(&self, operation: Operation, index: u32, object: &mut ObjectWriter<'_>) {
        if let Some(row) = self.row(operation, index) {
            row.write(object);
        }
    }
}
