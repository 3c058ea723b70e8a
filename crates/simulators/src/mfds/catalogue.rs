//! What the stand-in serves: rows of four operations, and changes to them.

use std::{borrow::Cow, collections::HashMap, collections::HashSet, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    generated::Generated,
    operation::{ItemForm, Operation},
    sample,
    wire::{self, Change, Edit, ObjectWriter, Row},
};

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

/// A change to a field of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldEdit {
    /// The operation whose row changes.
    pub operation: Operation,
    /// The product.
    pub item_seq: String,
    /// The field's name on the wire.
    pub field: String,
    /// What it becomes.
    pub change: Change,
}

/// A catalogue in words: for the command line and the control endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogueSpec {
    /// Whether the sample of real products comes first.
    pub sample: bool,
    /// Fill up to this many products with generated ones.
    pub items: u32,
    /// The seed of the generated ones.
    pub seed: u64,
    /// Adds a record without a name, which a careful reader rejects.
    pub rejected_record: bool,
    /// Products that are left out.
    pub without: Vec<String>,
    /// Fields that are changed.
    pub edits: Vec<FieldEdit>,
}

impl Default for CatalogueSpec {
    fn default() -> Self {
        Self {
            sample: true,
            items: 0,
            seed: 1,
            rejected_record: false,
            without: Vec::new(),
            edits: Vec::new(),
        }
    }
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

    /// The catalogue that `spec` describes.
    #[must_use]
    pub fn from_spec(spec: &CatalogueSpec) -> Self {
        let mut catalogue = if spec.sample {
            Self::sample()
        } else {
            Self::empty()
        };
        let present = u32::try_from(catalogue.total(Operation::PermitDetail)).unwrap_or(u32::MAX);
        let missing = spec.items.saturating_sub(present);
        if missing > 0 {
            catalogue = catalogue.and(&Self::generated(missing, spec.seed));
        }
        if spec.rejected_record {
            catalogue = catalogue.with_rejected_record();
        }
        catalogue = catalogue.without(&spec.without);
        for edit in &spec.edits {
            catalogue = catalogue.edited(edit.clone());
        }
        catalogue
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
