//! Two medicines side by side.

use domain::catalogue::{MedicineId, compare_sides};

use super::summary;
use crate::catalogue::CatalogueError;
use crate::catalogue::answers::ComparisonAnswer;
use crate::catalogue::documents::DocumentCache;
use crate::catalogue::snapshot::Record;
use crate::catalogue::state::View;

/// Hands the comparison to `answer`: the texts in it are borrowed from the cache.
pub(crate) async fn comparison<T>(
    view: &View,
    documents: &DocumentCache,
    ids: (MedicineId, MedicineId),
    answer: impl FnOnce(&ComparisonAnswer<'_>) -> T,
) -> Result<T, CatalogueError> {
    let snapshot = &view.snapshot;
    let (Some(a), Some(b)) = (snapshot.find(ids.0), snapshot.find(ids.1)) else {
        let mut unknown = vec![ids.0, ids.1];
        unknown.retain(|&id| snapshot.position(id).is_none());
        unknown.dedup();
        return Err(CatalogueError::UnknownMedicines(unknown));
    };
    let compared = compare_sides(&a.1.side(), &b.1.side());
    let compared = compared.map_err(|_| CatalogueError::SameMedicine)?;
    let generation = snapshot.pointer().generation;
    let (of_a, of_b) = futures_util::future::join(
        documents.get(generation, ids.0),
        documents.get(generation, ids.1),
    )
    .await;
    let documents = of_a.as_deref().zip(of_b.as_deref());
    let mut notices: Vec<String> = [a.1, b.1].into_iter().filter_map(not_for_sale).collect();
    if !(compared.complete_a && compared.complete_b) {
        notices.push(INCOMPLETE.to_owned());
    }
    Ok(answer(&ComparisonAnswer::new(
        (summary(view, a.0, a.1), summary(view, b.0, b.1)),
        notices,
        &compared,
        snapshot.ingredients(),
        documents.map(|(a, b)| (a.body(), b.body())),
        view.as_of(),
    )))
}

const INCOMPLETE: &str = "성분 정보를 모두 해석하지 못한 의약품이 있어, 표시되지 않은 성분이 더 \
                          있을 수 있습니다.";

fn not_for_sale(record: &Record) -> Option<String> {
    (!record.cancellation.is_valid()).then(|| {
        format!(
            "{}: 현재 판매되지 않는 의약품입니다. 마지막으로 알려진 정보로 비교합니다.",
            record.name
        )
    })
}
