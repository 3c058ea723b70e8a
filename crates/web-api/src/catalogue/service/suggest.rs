//! Completion while somebody types.

use super::needle;
use crate::catalogue::answers::{
    IngredientSuggestion, IngredientSuggestions, MedicineSuggestion, MedicineSuggestions,
};
use crate::catalogue::snapshot::Field;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::search::matchers::Literal;
use crate::search::{Hits, Window};

/// A list that fits under an input.
const WINDOW: Window = Window { skip: 0, take: 10 };

/// Medicines by name.
pub(crate) fn suggest_medicines(
    catalogue: &Catalogue,
    query: &str,
) -> Result<MedicineSuggestions, CatalogueError> {
    let view = catalogue.view()?;
    let needle = needle(query)?;
    let mut hits = Hits::none(view.snapshot.len());
    let names = view.snapshot.fields().of(Field::Name);
    names.search(&Literal::new(&needle), &mut hits);
    let items = hits
        .select(&view.popularity.order().iter().copied(), WINDOW)
        .into_iter()
        .filter_map(|(position, class)| {
            let record = view.snapshot.at(position)?;
            Some(MedicineSuggestion {
                id: record.id.to_string(),
                name: record.name.to_string(),
                maker: record.maker.to_string(),
                r#match: class.into(),
                understood_as: None,
            })
        })
        .collect();
    Ok(MedicineSuggestions {
        items,
        as_of: view.as_of(),
    })
}

/// Ingredients, active and additive, by name.
pub(crate) fn suggest_ingredients(
    catalogue: &Catalogue,
    query: &str,
) -> Result<IngredientSuggestions, CatalogueError> {
    let view = catalogue.view()?;
    let needle = needle(query)?;
    let ingredients = view.snapshot.ingredients();
    let mut hits = Hits::none(ingredients.len());
    ingredients
        .names()
        .search(&Literal::new(&needle), &mut hits);
    let items = hits
        .select(&ingredients.order().iter().copied(), WINDOW)
        .into_iter()
        .filter_map(|(place, class)| {
            let one = ingredients.at(place)?;
            Some(IngredientSuggestion {
                id: one.id.to_string(),
                name: one.name.to_string(),
                english_name: one.english_name.as_deref().map(str::to_owned),
                medicine_count: one.medicines().len(),
                r#match: class.into(),
                understood_as: None,
            })
        })
        .collect();
    Ok(IngredientSuggestions {
        items,
        as_of: view.as_of(),
    })
}
