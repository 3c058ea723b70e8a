//! What the stand-in serves: rows of four operations, and changes to them.

mod page;
mod rows;
mod spec;

use std::{borrow::Cow, collections::HashMap, collections::HashSet, fmt, sync::Arc};

use super::{
    generated::Generated,
    operation::{ItemForm, Operation},
    sample,
    wire::{Edit, ObjectWriter, Row},
};

pub(crate) use page::{Page, PageRow, count, write_page};
pub(crate) use rows::Rows;
pub use spec::{CatalogueSpec, FieldEdit};

/// Where rows come from. Rows are written when they are asked for, so that a catalogue of 43,000
/// products needs next to no memory.
pub(crate) trait Source: Send + Sync {
    /// How many rows the operation has.
    fn len(&self, operation: Operation) -> u32;
    /// The product's number in that row.
    fn item_seq(&self, operation: Operation, index: u32) -> Cow<'_, str>;
    /// The product's and the maker's name in that row, for filters.
    fn names(&self, operation: Operation, index: u32) -> (Cow<'_, str>, Cow<'_, str>);
    /// Writes the row's fields.
    fn write(&self, operation: Operation, index: u32, object: &mut ObjectWriter<'_>);
}

/// Points at a row of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowRef {
    source: u16,
    index: u32,
}

/// The rows that the stand-in serves. Cheap to clone; changes give a new catalogue.
#[derive(Clone, Default)]
pub struct Catalogue {
    sources: Vec<Arc<dyn Source>>,
    rows: HashMap<Operation, Arc<Vec<RowRef>>>,
    edits: Arc<HashMap<(Operation, String), Vec<Edit>>>,
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Catalogue");
        for operation in Operation::ALL {
            debug.field(operation.name(), &self.total(operation));
        }
        debug.finish_non_exhaustive()
    }
}

impl Catalogue {
    /// Nothing at all: every operation answers zero results.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// The sample of real, well-known Korean products.
    #[must_use]
    pub fn sample() -> Self {
        Self::of(Arc::new(sample::sample()))
    }

    /// `items` made-up products of realistic shape; the same for the same seed on every machine.
    #[must_use]
    pub fn generated(items: u32, seed: u64) -> Self {
        Self::of(Arc::new(Generated::new(items, seed)))
    }

    /// A catalogue of exactly these rows.
    #[must_use]
    pub fn from_rows(rows: impl IntoIterator<Item = (Operation, Row)>) -> Self {
        Self::of(Arc::new(Rows::new(rows)))
    }

    fn of(source: Arc<dyn Source>) -> Self {
        let rows = Operation::ALL.into_iter().map(|operation| {
            let refs = (0..source.len(operation)).map(|index| RowRef { source: 0, index });
            (operation, Arc::new(refs.collect()))
        });
        Self {
            rows: rows.collect(),
            sources: vec![source],
            edits: Arc::default(),
        }
    }

    /// This catalogue's rows, then the other's.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        let offset = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        self.sources.extend(other.sources.iter().cloned());
        for operation in Operation::ALL {
            let shifted = other.rows(operation).iter().map(|row| RowRef {
                source: row.source.saturating_add(offset),
                index: row.index,
            });
            let rows = Arc::make_mut(self.rows.entry(operation).or_default());
            rows.extend(shifted);
        }
        let edits = Arc::make_mut(&mut self.edits);
        for (key, changes) in other.edits.iter() {
            edits
                .entry(key.clone())
                .or_default()
                .extend(changes.iter().cloned());
        }
        self
    }

    /// With one more row at the end of an operation.
    #[must_use]
    pub fn with_row(self, operation: Operation, row: Row) -> Self {
        self.and(&Self::from_rows([(operation, row)]))
    }

    /// With a permit record whose name is empty, which a careful reader rejects.
    #[must_use]
    pub fn with_rejected_record(self) -> Self {
        self.and(&Self::from_rows(sample::rejected_record()))
    }

    /// Without these products, in every operation.
    #[must_use]
    pub fn without<S: AsRef<str>>(self, item_seqs: &[S]) -> Self {
        let gone: HashSet<&str> = item_seqs.iter().map(AsRef::as_ref).collect();
        if gone.is_empty() {
            return self;
        }
        self.keeping(|seq| !gone.contains(seq))
    }

    /// Only the first `products` products of the permit detail, and their rows elsewhere.
    #[must_use]
    pub fn first(self, products: usize) -> Self {
        let kept: HashSet<String> = self
            .item_seqs(Operation::PermitDetail)
            .take(products)
            .collect();
        self.keeping(|seq| kept.contains(seq))
    }

    fn keeping(mut self, keep: impl Fn(&str) -> bool) -> Self {
        for operation in Operation::ALL {
            let kept = self.rows(operation).iter().copied();
            let kept = kept.filter(|row| keep(&self.item_seq(operation, *row)));
            let kept = Arc::new(kept.collect());
            self.rows.insert(operation, kept);
        }
        self
    }

    /// With a field of one product changed.
    #[must_use]
    pub fn edited(mut self, edit: FieldEdit) -> Self {
        Arc::make_mut(&mut self.edits)
            .entry((edit.operation, edit.item_seq))
            .or_default()
            .push((edit.field, edit.change));
        self
    }

    /// How many rows an operation has.
    #[must_use]
    pub fn total(&self, operation: Operation) -> usize {
        self.rows(operation).len()
    }

    /// The product numbers of an operation's rows, in their order.
    pub fn item_seqs(&self, operation: Operation) -> impl Iterator<Item = String> + '_ {
        self.rows(operation)
            .iter()
            .map(move |row| self.item_seq(operation, *row).into_owned())
    }

    /// An operation's rows as the feed sends them, each a JSON object.
    pub fn raw_rows(&self, operation: Operation) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.rows(operation).iter().map(move |row| {
            let mut out = Vec::new();
            self.write(operation, *row, &[], ItemForm::Plain, &mut out);
            out
        })
    }

    pub(crate) fn rows(&self, operation: Operation) -> &[RowRef] {
        self.rows
            .get(&operation)
            .map(|rows| rows.as_slice())
            .unwrap_or_default()
    }

    fn source(&self, row: RowRef) -> Option<&dyn Source> {
        self.sources.get(usize::from(row.source)).map(AsRef::as_ref)
    }

    pub(crate) fn item_seq(&self, operation: Operation, row: RowRef) -> Cow<'_, str> {
        self.source(row).map_or(Cow::Borrowed(""), |source| {
            source.item_seq(operation, row.index)
        })
    }

    pub(crate) fn names(&self, operation: Operation, row: RowRef) -> (Cow<'_, str>, Cow<'_, str>) {
        self.source(row).map_or_else(Default::default, |source| {
            source.names(operation, row.index)
        })
    }

    /// Writes a row as an element of `items`.
    pub(crate) fn write(
        &self,
        operation: Operation,
        row: RowRef,
        faults: &[Edit],
        form: ItemForm,
        out: &mut Vec<u8>,
    ) {
        let Some(source) = self.source(row) else {
            return;
        };
        let edits = self.edits_of(operation, row, faults);
        if form == ItemForm::Wrapped {
            out.extend_from_slice(b"{\"item\":");
        }
        let mut object = ObjectWriter::new(out, &edits);
        source.write(operation, row.index, &mut object);
        object.finish();
        if form == ItemForm::Wrapped {
            out.push(b'}');
        }
    }

    /// The catalogue's own changes come first, so that a fault overrides them.
    fn edits_of<'a>(
        &self,
        operation: Operation,
        row: RowRef,
        faults: &'a [Edit],
    ) -> Cow<'a, [Edit]> {
        if self.edits.is_empty() {
            return Cow::Borrowed(faults);
        }
        let key = (operation, self.item_seq(operation, row).into_owned());
        match self.edits.get(&key) {
            Some(own) => own.iter().chain(faults).cloned().collect(),
            None => Cow::Borrowed(faults),
        }
    }
}
