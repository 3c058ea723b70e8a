//! What one medicine's object gets.

use domain::catalogue::MedicineId;
use serde::Serialize;

use super::Marks;
use crate::catalogue::View;

/// The caller's own fields of one medicine. The answers declare them as
/// [`OfCaller`](crate::http::slots::OfCaller).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OwnFields {
    /// `None` where that can't be looked up right now.
    wished: Option<bool>,
    /// The same.
    in_compare_box: Option<bool>,
}

impl OwnFields {
    /// What `marks` say of a medicine of `view`: the view that the answer around it was made from, in
    /// which [`Snapshot::find`](crate::catalogue::snapshot::Snapshot::find) has the record, for what
    /// follows from the composition.
    pub(super) fn new(marks: &Marks, _view: &View, medicine: MedicineId) -> Self {
        match marks {
            Marks::Known(known) => Self {
                wished: Some(known.wishes(medicine)),
                in_compare_box: Some(known.boxes(medicine)),
            },
            Marks::Unavailable => Self {
                wished: None,
                in_compare_box: None,
            },
        }
    }
}
