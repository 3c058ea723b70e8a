//! What one medicine's object gets.

use domain::catalogue::MedicineId;
use serde::Serialize;

use super::Marks;
use crate::allergies::{AllergyMarks, Checker};
use crate::catalogue::View;

/// The caller's own fields of one medicine. The answers declare them as
/// [`OfCaller`](crate::http::slots::OfCaller).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OwnFields {
    /// `None` where that can't be looked up right now.
    wished: Option<bool>,
    /// The same.
    in_compare_box: Option<bool>,
    #[serde(flatten)]
    allergies: AllergyMarks,
}

impl OwnFields {
    /// What `marks` and `checker` say of a medicine of `view`: the view that the answer around it was
    /// made from.
    pub(super) fn new(marks: &Marks, checker: &Checker, view: &View, medicine: MedicineId) -> Self {
        let known = match marks {
            Marks::Known(known) => Some(known),
            Marks::Unavailable => None,
        };
        let allergies = match view.snapshot.position(medicine) {
            Some(position) => checker.marks(&view.snapshot, position),
            None => AllergyMarks::unavailable(),
        };
        Self {
            wished: known.map(|known| known.wishes(medicine)),
            in_compare_box: known.map(|known| known.boxes(medicine)),
            allergies,
        }
    }
}
