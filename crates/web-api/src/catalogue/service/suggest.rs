//! Completion while somebody types.

use super::understanding::Understanding;
use crate::allergies::AllergyMarks;
use crate::catalogue::CatalogueError;
use crate::catalogue::answers::{
    IngredientSuggestion, IngredientSuggestions, MedicineSuggestion, MedicineSuggestions,
    PillLookBody, SaleClass,
};
use crate::catalogue::snapshot::{Field, Ingredient, Record};
use crate::catalogue::state::View;
use crate::http::slots::{MarkedId, OfCaller};
use crate::search::{MatchClass, Window};

/// A list that fits under an input.
const WINDOW: Window = Window { skip: 0, take: 10 };

/// Medicines by name.
pub(crate) fn suggest_medicines(
    view: &View,
    query: &str,
) -> Result<MedicineSuggestions, CatalogueError> {
    let (hits, understanding) = Understanding::medicines(&view.snapshot, Field::Name, query)?;
    let items = hits
        .select(|position| view.popularity.place(position), WINDOW)
        .into_iter()
        .filter_map(|(position, class)| {
            let record = view.snapshot.at(position)?;
            Some(medicine(&understanding, record, class))
        })
        .collect();
    Ok(MedicineSuggestions {
        items,
        as_of: view.as_of(),
    })
}

fn medicine(
    understanding: &Understanding,
    record: &Record,
    class: MatchClass,
) -> MedicineSuggestion {
    let english = record.english_name.as_deref();
    let (matched, matched_english) = understanding.marks(class, &record.name, english);
    MedicineSuggestion {
        id: MarkedId(record.id),
        wished: OfCaller,
        in_compare_box: OfCaller,
        name: record.name.to_string(),
        english_name: english.map(str::to_owned),
        maker: record.maker.to_string(),
        class: SaleClass::of(record.dispensing),
        image_url: record.image_url.as_deref().map(str::to_owned),
        pill: record.pill().map(PillLookBody::from),
        ingredients: record
            .active_names()
            .into_iter()
            .map(str::to_owned)
            .collect(),
        r#match: class.into(),
        understood_as: understanding.understood_as(class, || Field::Name.texts(record)),
        matched,
        matched_english,
        allergies: AllergyMarks::default(),
    }
}

/// Ingredients, active and additive, by name.
pub(crate) fn suggest_ingredients(
    view: &View,
    query: &str,
) -> Result<IngredientSuggestions, CatalogueError> {
    let ingredients = view.snapshot.ingredients();
    let (hits, understanding) = Understanding::ingredients(ingredients, query)?;
    let items = hits
        .select(|place| ingredients.turn(place), WINDOW)
        .into_iter()
        .filter_map(|(place, class)| {
            Some(ingredient(&understanding, ingredients.at(place)?, class))
        })
        .collect();
    Ok(IngredientSuggestions {
        items,
        as_of: view.as_of(),
    })
}

fn ingredient(
    understanding: &Understanding,
    one: &Ingredient,
    class: MatchClass,
) -> IngredientSuggestion {
    let english = one.english_name.as_deref();
    let (matched, matched_english) = understanding.marks(class, &one.name, english);
    let texts = || std::iter::once(&*one.name).chain(english).collect();
    IngredientSuggestion {
        id: one.id.to_string(),
        name: one.name.to_string(),
        english_name: english.map(str::to_owned),
        medicine_count: one.medicines().len(),
        r#match: class.into(),
        understood_as: understanding.understood_as(class, texts),
        matched,
        matched_english,
    }
}
