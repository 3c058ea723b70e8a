//! Ingredients and the products that hold them.

use domain::catalogue::IngredientId;

use super::{Page, summary};
use crate::catalogue::answers::{IngredientAnswer, IngredientMedicine, IngredientMedicines};
use crate::catalogue::snapshot::{Ingredient, Resolved, Role, Snapshot};
use crate::catalogue::{Catalogue, CatalogueError, View};
use crate::search::{Hits, MatchClass, Rank};

/// What an id leads to.
#[derive(Debug)]
pub(crate) enum IngredientFound<T> {
    /// The answer.
    Here(T),
    /// The ingredient was merged; ask for this one.
    MergedInto(IngredientId),
}

/// One ingredient.
pub(crate) fn ingredient(
    catalogue: &Catalogue,
    id: IngredientId,
) -> Result<IngredientFound<IngredientAnswer>, CatalogueError> {
    let view = catalogue.view()?;
    resolve(&view.snapshot, id, |one| {
        IngredientAnswer::new(one, view.as_of())
    })
}

/// Products for sale that hold an ingredient, most wished first.
pub(crate) fn ingredient_medicines(
    view: &View,
    id: IngredientId,
    role: Option<Role>,
    page: Page,
) -> Result<IngredientFound<IngredientMedicines>, CatalogueError> {
    resolve(&view.snapshot, id, |one| {
        let mut hits = Hits::none(view.snapshot.len());
        let wanted = one.medicines().iter();
        for &(position, _) in wanted.filter(|(_, its)| role.is_none_or(|role| role == *its)) {
            hits.mark(position, Rank::of(MatchClass::Exact));
        }
        let selected = hits.select(|position| view.popularity.place(position), page.window());
        let items = selected.into_iter().filter_map(|(position, _)| {
            let record = view.snapshot.at(position)?;
            let at = one
                .medicines()
                .binary_search_by_key(&position, |&(at, _)| at);
            let &(_, role) = one.medicines().get(at.ok()?)?;
            Some(IngredientMedicine {
                medicine: summary(view, position, record),
                role: role.into(),
            })
        });
        IngredientMedicines {
            items: items.collect(),
            page: page.page,
            page_size: page.size,
            total: hits.total(),
            as_of: view.as_of(),
        }
    })
}

fn resolve<T>(
    snapshot: &Snapshot,
    id: IngredientId,
    answer: impl FnOnce(&Ingredient) -> T,
) -> Result<IngredientFound<T>, CatalogueError> {
    match snapshot.ingredients().resolve(id) {
        Some(Resolved::Here(one)) => Ok(IngredientFound::Here(answer(one))),
        Some(Resolved::MergedInto(one)) => Ok(IngredientFound::MergedInto(one.id)),
        None => Err(CatalogueError::UnknownIngredient(id)),
    }
}
