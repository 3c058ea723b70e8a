//! Search of medicines.

use super::facets::{self, Facet};
use super::{Page, needle, summary};
use crate::catalogue::answers::{MedicineHit, SaleClass, SearchAnswer};
use crate::catalogue::snapshot::Field;
use crate::catalogue::state::View;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::search::matchers::Literal;
use crate::search::{Hits, MatchClass};

/// In which order hits of one match class stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// Most wished first, then by name, then by id.
    #[default]
    Popular,
    /// By name, then by id.
    Name,
}

/// What is searched for.
#[derive(Debug)]
pub(crate) struct SearchRequest {
    /// All products for sale where there is none.
    pub(crate) query: Option<String>,
    pub(crate) by: Field,
    pub(crate) class: Option<SaleClass>,
    pub(crate) sort: Sort,
    pub(crate) facets: Vec<Facet>,
    pub(crate) page: Page,
}

/// One page of what was found.
pub(crate) fn search(
    catalogue: &Catalogue,
    request: &SearchRequest,
) -> Result<SearchAnswer, CatalogueError> {
    let view = catalogue.view()?;
    let hits = find(&view, request)?;
    let searched = request.query.is_some();
    let items = page(&view, &hits, request)
        .into_iter()
        .filter_map(|(position, class)| {
            let record = view.snapshot.at(position)?;
            Some(MedicineHit {
                medicine: summary(&view, position, record),
                r#match: searched.then(|| class.into()),
                understood_as: None,
            })
        })
        .collect();
    Ok(SearchAnswer {
        items,
        page: request.page.page,
        page_size: request.page.size,
        total: hits.total(),
        facets: facets::count(&view.snapshot, &hits, &request.facets),
        as_of: view.as_of(),
    })
}

fn find(view: &View, request: &SearchRequest) -> Result<Hits, CatalogueError> {
    let snapshot = &view.snapshot;
    let mut hits = Hits::none(snapshot.len());
    match &request.query {
        Some(query) => {
            let needle = needle(query)?;
            let field = snapshot.fields().of(request.by);
            field.search(&Literal::new(&needle), &mut hits);
        }
        None => {
            let listed = snapshot
                .iter()
                .filter(|(_, one)| one.cancellation.is_valid());
            for (position, _) in listed {
                hits.mark(position, MatchClass::Exact);
            }
        }
    }
    if let Some(class) = request.class {
        hits.retain(|position| {
            let record = snapshot.at(position);
            record.is_some_and(|one| SaleClass::of(one.dispensing) == Some(class))
        });
    }
    Ok(hits)
}

fn page(view: &View, hits: &Hits, request: &SearchRequest) -> Vec<(u32, MatchClass)> {
    let window = request.page.window();
    match request.sort {
        Sort::Popular => hits.select(&view.popularity.order().iter().copied(), window),
        // Positions are in the order of names.
        Sort::Name => hits.select(&(0..).take(view.snapshot.len()), window),
    }
}
