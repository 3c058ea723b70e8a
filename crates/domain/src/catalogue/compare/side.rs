//! What a comparison reads of a medicine.

use crate::catalogue::{CancellationState, CompositionRef, Dispensing, Medicine, MedicineId};

/// One of the two that are compared, borrowed from whoever keeps it: the catalogue in memory holds
/// products in another form than [`Medicine`].
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// Its identity.
    pub id: MedicineId,
    /// Korean name.
    pub name: &'a str,
    /// Maker or importer.
    pub maker: &'a str,
    /// Name of the therapeutic type.
    pub class: Option<&'a str>,
    /// How it may be sold.
    pub dispensing: Dispensing,
    /// State of the permit.
    pub state: &'a CancellationState,
    /// In words (성상).
    pub appearance: Option<&'a str>,
    /// How to store it.
    pub storage: Option<&'a str>,
    /// Shelf life.
    pub valid_term: Option<&'a str>,
    /// Pack sizes.
    pub pack_unit: Option<&'a str>,
    /// ATC code.
    pub atc_code: Option<&'a str>,
    /// The dosage form of each row of the pill identification.
    pub forms: Vec<Option<&'a str>>,
    /// What is in it.
    pub composition: CompositionRef<'a>,
}

impl<'a> Side<'a> {
    /// A medicine as a side.
    #[must_use]
    pub fn of(medicine: &'a Medicine) -> Self {
        Self {
            id: medicine.id,
            name: &medicine.name,
            maker: &medicine.maker,
            class: medicine.class.as_ref().map(|class| class.name.as_str()),
            dispensing: medicine.dispensing,
            state: &medicine.cancellation.state,
            appearance: medicine.appearance.as_deref(),
            storage: medicine.storage.as_deref(),
            valid_term: medicine.valid_term.as_deref(),
            pack_unit: medicine.pack_unit.as_deref(),
            atc_code: medicine.atc_code.as_deref(),
            forms: forms(medicine),
            composition: CompositionRef::of(&medicine.composition),
        }
    }
}

fn forms(medicine: &Medicine) -> Vec<Option<&str>> {
    let pills = medicine.pills.iter();
    pills.map(|pill| pill.form.as_deref()).collect()
}
