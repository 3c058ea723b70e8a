//! The control endpoint: what [`Handle`](crate::mfds::Handle) does, for other processes.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use serde::{Deserialize, Serialize};
use tokio::task;

use super::Context;
use crate::mfds::{Catalogue, CatalogueSpec, Counters, Fault, FaultId, Faults, Operation};

/// Below which the control endpoint stands.
pub(crate) const PATH: &str = "/_control";

/// A fault and the number by which it can be removed.
#[derive(Debug, Serialize, Deserialize)]
struct SetFault {
    id: FaultId,
    #[serde(flatten)]
    fault: Fault,
}

/// How many rows each operation has.
#[derive(Debug, Serialize)]
struct Totals {
    permit_detail: usize,
    permit_list: usize,
    pill: usize,
    easy_drug: usize,
}

/// The routes of the control endpoint.
pub(crate) fn routes() -> Router<Context> {
    let control = Router::new()
        .route("/health", get(|| async { StatusCode::NO_CONTENT }))
        .route("/catalogue", get(totals).put(set_catalogue))
        .route("/faults", get(list).post(add).put(replace).delete(clear))
        .route("/faults/{id}", delete(remove))
        .route("/quota/reset", post(reset_quota))
        .route("/counters", get(counters).delete(reset_counters));
    Router::new().nest(PATH, control)
}

async fn totals(State(context): State<Context>) -> Json<Totals> {
    Json(totals_of(&context.handle.catalogue()))
}

fn totals_of(catalogue: &Catalogue) -> Totals {
    Totals {
        permit_detail: catalogue.total(Operation::PermitDetail),
        permit_list: catalogue.total(Operation::PermitList),
        pill: catalogue.total(Operation::Pill),
        easy_drug: catalogue.total(Operation::EasyDrug),
    }
}

async fn set_catalogue(
    State(context): State<Context>,
    Json(spec): Json<CatalogueSpec>,
) -> Result<Json<Totals>, StatusCode> {
    // Making a large catalogue takes a moment of computing.
    let catalogue = task::spawn_blocking(move || Catalogue::from_spec(&spec))
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let totals = totals_of(&catalogue);
    context.handle.set_catalogue(catalogue);
    Ok(Json(totals))
}

async fn list(State(context): State<Context>) -> Json<Vec<SetFault>> {
    let faults = context.handle.faults().into_iter();
    Json(faults.map(|(id, fault)| SetFault { id, fault }).collect())
}

async fn add(State(context): State<Context>, Json(fault): Json<Fault>) -> Json<SetFault> {
    let id = context.handle.add_fault(fault.clone());
    Json(SetFault { id, fault })
}

async fn replace(State(context): State<Context>, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    context
        .handle
        .set_faults(faults.into_iter().fold(Faults::none(), Faults::with));
    StatusCode::NO_CONTENT
}

async fn clear(State(context): State<Context>) -> StatusCode {
    context.handle.clear_faults();
    StatusCode::NO_CONTENT
}

async fn remove(State(context): State<Context>, Path(id): Path<u64>) -> StatusCode {
    if context.handle.remove_fault(FaultId(id)) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn reset_quota(State(context): State<Context>) -> StatusCode {
    context.handle.reset_quota();
    StatusCode::NO_CONTENT
}

async fn counters(State(context): State<Context>) -> Json<Counters> {
    Json(context.handle.counters())
}

async fn reset_counters(State(context): State<Context>) -> StatusCode {
    context.handle.reset_counters();
    StatusCode::NO_CONTENT
}
