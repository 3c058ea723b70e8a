//! One medicine; the types of all.

use domain::catalogue::MedicineId;

use super::summary;
use crate::catalogue::answers::{
    CompositionAnswer, CompositionBody, MedicineDetail, MedicineTypes, TypeBody, TypeEntry,
};
use crate::catalogue::documents::DocumentCache;
use crate::catalogue::state::View;
use crate::catalogue::{Catalogue, CatalogueError};

/// Hands the detail of a medicine to `answer`: the texts in it are borrowed from the cache.
pub(crate) async fn detail<T>(
    view: &View,
    documents: &DocumentCache,
    id: MedicineId,
    answer: impl FnOnce(&MedicineDetail<'_>) -> T,
) -> Result<T, CatalogueError> {
    let (position, record) = view
        .snapshot
        .find(id)
        .ok_or(CatalogueError::UnknownMedicine(id))?;
    let generation = view.snapshot.pointer().generation;
    let documents = documents.get(generation, id).await;
    let composition =
        CompositionBody::new(&record.composition.parts(), view.snapshot.ingredients());
    Ok(answer(&MedicineDetail::new(
        summary(view, position, record),
        record,
        composition,
        documents.as_deref().map(|one| one.body()),
        view.as_of(),
    )))
}

/// What a medicine contains.
pub(crate) fn composition(
    catalogue: &Catalogue,
    own: Option<View>,
    id: MedicineId,
) -> Result<CompositionAnswer, CatalogueError> {
    let view = catalogue.or_public(own)?;
    let (position, record) = view
        .snapshot
        .find(id)
        .ok_or(CatalogueError::UnknownMedicine(id))?;
    let composition = record.composition.parts();
    Ok(CompositionAnswer {
        medicine: summary(&view, position, record),
        composition: CompositionBody::new(&composition, view.snapshot.ingredients()),
        as_of: view.as_of(),
    })
}

/// The therapeutic types with counts.
pub(crate) fn types(catalogue: &Catalogue) -> Result<MedicineTypes, CatalogueError> {
    let view = catalogue.view()?;
    let types = view.snapshot.types().iter();
    Ok(MedicineTypes {
        items: types
            .map(|one| TypeEntry {
                r#type: TypeBody::from(one.class.as_ref()),
                count: one.count,
            })
            .collect(),
        as_of: view.as_of(),
    })
}
