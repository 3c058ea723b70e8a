//! Ingredients and the products that hold them.

use std::collections::HashSet;

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

/// An ingredient as a member's list shows it.
#[derive(Debug, Clone)]
pub(crate) struct NamedIngredient {
    pub(crate) id: IngredientId,
    /// None where the catalogue doesn't know it.
    pub(crate) name: Option<String>,
    pub(crate) english_name: Option<String>,
}

impl Catalogue {
    /// What an id that was stored once is called now; merges are followed.
    pub(crate) fn named_ingredient(
        &self,
        id: IngredientId,
    ) -> Result<NamedIngredient, CatalogueError> {
        match self.known_ingredient(id) {
            Err(CatalogueError::UnknownIngredient(_)) => Ok(NamedIngredient {
                id,
                name: None,
                english_name: None,
            }),
            found => found,
        }
    }

    /// The ingredient that an id leads to.
    pub(crate) fn known_ingredient(
        &self,
        id: IngredientId,
    ) -> Result<NamedIngredient, CatalogueError> {
        let view = self.view()?;
        let (Resolved::Here(one) | Resolved::MergedInto(one)) = view
            .snapshot
            .ingredients()
            .resolve(id)
            .ok_or(CatalogueError::UnknownIngredient(id))?;
        Ok(NamedIngredient {
            id: one.id,
            name: Some(one.name.to_string()),
            english_name: one.english_name.as_deref().map(str::to_owned),
        })
    }

    /// Every id that leads to an ingredient, its own among them.
    pub(crate) fn ingredients_merged_into(
        &self,
        id: IngredientId,
    ) -> Result<HashSet<IngredientId>, CatalogueError> {
        let view = self.view()?;
        let mut all = view.snapshot.ingredients().merged_into(id);
        all.insert(id);
        Ok(all)
    }
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
