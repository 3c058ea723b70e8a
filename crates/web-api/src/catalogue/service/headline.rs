//! What a page says of a medicine before anything is read: its title, and the card that messengers
//! show of a shared address.

use chrono::{DateTime, Utc};
use domain::catalogue::MedicineId;

use crate::catalogue::{Catalogue, CatalogueError};

/// The few words that name a medicine to people.
#[derive(Debug)]
pub(crate) struct Headline {
    pub(crate) name: String,
    pub(crate) maker: String,
    /// What acts in it, each name once.
    pub(crate) ingredients: Vec<String>,
    /// Photo.
    pub(crate) image: Option<String>,
    /// Whether it may be sold.
    pub(crate) for_sale: bool,
}

/// The headline of a medicine, also of one that is not sold any more.
pub(crate) fn headline(catalogue: &Catalogue, id: MedicineId) -> Result<Headline, CatalogueError> {
    let view = catalogue.view()?;
    let (_, record) = view
        .snapshot
        .find(id)
        .ok_or(CatalogueError::UnknownMedicine(id))?;
    let ingredients = record.active_names().into_iter();
    Ok(Headline {
        name: record.name.to_string(),
        maker: record.maker.to_string(),
        ingredients: ingredients.map(str::to_owned).collect(),
        image: record.image_url.as_deref().map(str::to_owned),
        for_sale: record.cancellation.is_valid(),
    })
}

/// When the data were synchronised with the ministry's; nothing before the first load.
pub(crate) fn synced_at(catalogue: &Catalogue) -> Option<DateTime<Utc>> {
    catalogue.view().ok().map(|view| view.as_of())
}
