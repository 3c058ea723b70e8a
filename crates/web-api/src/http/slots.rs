//! Where in a body the fields go that are the caller's own: noted while the body is written, so that
//! a body that was kept takes them without being written anew.

use std::cell::{Cell, RefCell};
use std::io;

use domain::catalogue::MedicineId;
use serde::{Serialize, Serializer};

/// A place behind a whole field of an object that tells of a medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    /// In bytes from the beginning of the body.
    pub(crate) at: usize,
    /// Of which medicine the object tells.
    pub(crate) medicine: MedicineId,
}

thread_local! {
    /// How much of the body that is being written on this thread stands.
    static WRITTEN: Cell<usize> = const { Cell::new(0) };
    static SLOTS: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
}

/// The id of a medicine, as the `id` of the object that tells of it. Behind it is the [`Slot`]: since
/// a whole field stands there, `,"name":value` continues the object wherever it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MarkedId(pub(crate) MedicineId);

impl Serialize for MarkedId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let done = serializer.collect_str(&self.0)?;
        let slot = Slot {
            at: WRITTEN.get(),
            medicine: self.0,
        };
        SLOTS.with_borrow_mut(|slots| slots.push(slot));
        Ok(done)
    }
}

/// A field that the document declares and that no answer is written with: it comes by a [`Slot`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct OfCaller;

impl OfCaller {
    /// For `skip_serializing_if`.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
    pub(crate) const fn is_left_out(_: &Self) -> bool {
        true
    }
}

impl Serialize for OfCaller {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

/// Counts what is written.
struct Counting<'r>(&'r mut Vec<u8>);

impl io::Write for Counting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(bytes);
        WRITTEN.set(self.0.len());
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes `body` as JSON into an empty `room`; gives the slots in it, in order.
///
/// # Errors
/// Where `body` has no JSON form.
pub(crate) fn write<T: Serialize>(
    room: &mut Vec<u8>,
    body: &T,
) -> Result<Box<[Slot]>, serde_json::Error> {
    WRITTEN.set(room.len());
    SLOTS.with_borrow_mut(Vec::clear);
    serde_json::to_writer(Counting(room), body)?;
    Ok(SLOTS.with_borrow(|slots| slots.as_slice().into()))
}

/// What goes into the slots of one body.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// Of all slots, one after another.
    text: Vec<u8>,
    /// Where in `text` those of each slot end.
    ends: Vec<usize>,
}

impl Fields {
    /// Adds the fields of the next slot: those of `object`, which is written as a JSON object.
    ///
    /// # Errors
    /// Where it has no JSON form, or isn't an object.
    pub(crate) fn push<T: Serialize>(&mut self, object: &T) -> Result<(), serde_json::Error> {
        let begin = self.text.len();
        serde_json::to_writer(&mut self.text, object)?;
        let written = self.text.get(begin..).unwrap_or_default();
        if !(written.starts_with(b"{") && written.ends_with(b"}")) {
            self.text.truncate(begin);
            return Err(serde::ser::Error::custom("fields that are no object"));
        }
        self.text.pop();
        let is_empty = self.text.len() == begin + 1;
        if is_empty {
            self.text.pop();
        } else if let Some(brace) = self.text.get_mut(begin) {
            *brace = b',';
        }
        self.ends.push(self.text.len());
        Ok(())
    }

    /// Everything that was added.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// `body` with what was added in its slots.
    pub(crate) fn splice(&self, body: &[u8], slots: &[Slot]) -> Vec<u8> {
        let mut whole = Vec::with_capacity(body.len() + self.text.len());
        let (mut from, mut begin) = (0, 0);
        for (slot, &end) in slots.iter().zip(&self.ends) {
            whole.extend_from_slice(body.get(from..slot.at).unwrap_or_default());
            whole.extend_from_slice(self.text.get(begin..end).unwrap_or_default());
            (from, begin) = (slot.at, end);
        }
        whole.extend_from_slice(body.get(from..).unwrap_or_default());
        whole
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::catalogue::MedicineId;
    use proptest::prelude::*;
    use serde::Serialize;
    use serde_json::{Map, Value, json};

    use super::{Fields, MarkedId, OfCaller, write};

    #[derive(Debug, Serialize)]
    struct Inner {
        before: String,
        id: MarkedId,
        #[serde(skip_serializing_if = "OfCaller::is_left_out")]
        mark: OfCaller,
        after: Option<String>,
    }

    /// As answers nest them: flattened, in lists, alone, the id first, last or in between.
    #[derive(Debug, Serialize)]
    struct Item {
        #[serde(flatten)]
        inner: Inner,
        other: Vec<String>,
    }

    #[derive(Debug, Serialize)]
    struct OnlyId {
        id: MarkedId,
    }

    #[derive(Debug, Serialize)]
    struct Page {
        items: Vec<Item>,
        alone: OnlyId,
        more: BTreeMap<String, String>,
    }

    fn item() -> impl Strategy<Value = Item> {
        let other = proptest::collection::vec(".*", 0..3);
        (".*", 1_i64..50, proptest::option::of(".*"), other).prop_map(
            |(before, id, after, other)| Item {
                inner: Inner {
                    before,
                    id: MarkedId(MedicineId::new(id).unwrap()),
                    mark: OfCaller,
                    after,
                },
                other,
            },
        )
    }

    fn fields() -> impl Strategy<Value = Map<String, Value>> {
        let value = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            proptest::collection::vec(".*", 0..3).prop_map(|texts| json!([{ "reasons": texts }])),
        ];
        // Names of no field of ours: a name that stands twice would be a fault of who adds it.
        proptest::collection::btree_map("mark-.*", value, 0..4)
            .prop_map(|fields| fields.into_iter().collect())
    }

    /// What serde itself writes with the fields in each object that has an id.
    fn with_fields(value: &mut Value, fields: &[Map<String, Value>]) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| with_fields(item, fields)),
            Value::Object(object) => {
                if let Some(id) = object.get("id").and_then(Value::as_str) {
                    let id: usize = id.parse().unwrap();
                    object.extend(fields[id % fields.len()].clone());
                } else {
                    let inner = object.values_mut();
                    inner.for_each(|inner| with_fields(inner, fields));
                }
            }
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn spliced_is_what_serde_writes_with_the_fields(
            items in proptest::collection::vec(item(), 0..6),
            alone in 1_i64..50,
            more in proptest::collection::btree_map("[^i].*", ".*", 0..3),
            marks in proptest::collection::vec(fields(), 1..5),
        ) {
            let alone = OnlyId { id: MarkedId(MedicineId::new(alone).unwrap()) };
            let page = Page { items, alone, more };
            let mut body = Vec::new();
            let slots = write(&mut body, &page).unwrap();
            let plain: Value = serde_json::from_slice(&body).unwrap();
            prop_assert_eq!(&plain, &serde_json::to_value(&page).unwrap());
            prop_assert_eq!(slots.len(), page.items.len() + 1);
            let mut own = Fields::default();
            for slot in &slots {
                let id = usize::try_from(slot.medicine.get()).unwrap();
                own.push(&marks[id % marks.len()]).unwrap();
            }
            let spliced = own.splice(&body, &slots);
            let mut expected = plain;
            with_fields(&mut expected, &marks);
            prop_assert_eq!(serde_json::from_slice::<Value>(&spliced).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let mut own = Fields::default();
        assert!(own.push(&[1]).is_err());
        assert!(own.push(&"text").is_err());
        assert!(own.text().is_empty());
    }
}
