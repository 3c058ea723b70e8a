//! Search of medicines.

use super::facets::{self, Facet, Filters};
use super::understanding::Understanding;
use super::{Page, summary};
use crate::allergies::Matches;
use crate::catalogue::CatalogueError;
use crate::catalogue::answers::{MedicineHit, SearchAnswer};
use crate::catalogue::snapshot::{Field, Snapshot};
use crate::catalogue::state::View;
use crate::search::{Hits, MatchClass, Rank};

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
    pub(crate) filters: Filters,
    pub(crate) sort: Sort,
    pub(crate) facets: Vec<Facet>,
    pub(crate) page: Page,
    /// Without what the caller's allergies warn of: see [`search_without`].
    pub(crate) without_allergens: bool,
}

/// One page of what was found.
pub(crate) fn search(view: &View, request: &SearchRequest) -> Result<SearchAnswer, CatalogueError> {
    found(view, request, None)
}

/// The same without what a caller's allergies warn of.
pub(crate) fn search_without(
    view: &View,
    request: &SearchRequest,
    allergies: &Matches,
) -> Result<SearchAnswer, CatalogueError> {
    found(view, request, Some(allergies))
}

fn found(
    view: &View,
    request: &SearchRequest,
    allergies: Option<&Matches>,
) -> Result<SearchAnswer, CatalogueError> {
    let (mut hits, understanding) = find(view, request)?;
    let hidden = allergies.map(|allergies| hide(view, request, &mut hits, allergies));
    // After the query was understood: where the other class of products holds the very name, a
    // look-alike of this class is no answer.
    let facets = facets::filter(&view.snapshot, &mut hits, &request.filters, &request.facets);
    let understanding = understanding.as_ref();
    let items = page(view, &hits, request)
        .into_iter()
        .filter_map(|(position, class)| {
            let record = view.snapshot.at(position)?;
            let texts = || request.by.texts(record);
            let (matched, matched_english) = understanding
                .filter(|_| request.by == Field::Name)
                .map(|one| one.marks(class, &record.name, record.english_name.as_deref()))
                .unwrap_or_default();
            Some(MedicineHit {
                medicine: summary(view, position, record),
                r#match: understanding.map(|_| class.into()),
                understood_as: understanding.and_then(|one| one.understood_as(class, texts)),
                matched,
                matched_english,
            })
        })
        .collect();
    Ok(SearchAnswer {
        items,
        page: request.page.page,
        page_size: request.page.size,
        total: hits.total(),
        hidden,
        facets,
        as_of: view.as_of(),
    })
}

/// Takes back what the caller's allergies warn of, and says how many of what the filters leave that
/// were. What isn't known stays, marked.
fn hide(view: &View, request: &SearchRequest, hits: &mut Hits, allergies: &Matches) -> usize {
    let mut hidden = hits.clone();
    hidden.retain(|position| allergies.warns_of(&view.snapshot, position));
    hits.retain(|position| !allergies.warns_of(&view.snapshot, position));
    facets::filter(&view.snapshot, &mut hidden, &request.filters, &[]);
    hidden.total()
}

fn find(
    view: &View,
    request: &SearchRequest,
) -> Result<(Hits, Option<Understanding>), CatalogueError> {
    let snapshot = &view.snapshot;
    let Some(query) = &request.query else {
        return Ok((all(snapshot), None));
    };
    let (hits, understanding) = Understanding::medicines(snapshot, request.by, query)?;
    Ok((hits, Some(understanding)))
}

fn all(snapshot: &Snapshot) -> Hits {
    let mut hits = Hits::none(snapshot.len());
    for &position in snapshot.listed() {
        hits.mark(position, Rank::of(MatchClass::Exact));
    }
    hits
}

fn page(view: &View, hits: &Hits, request: &SearchRequest) -> Vec<(u32, MatchClass)> {
    let window = request.page.window();
    match request.sort {
        Sort::Popular => hits.select(|position| view.popularity.place(position), window),
        // Positions are in the order of names.
        Sort::Name => hits.select(|position| position, window),
    }
}
