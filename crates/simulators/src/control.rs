//! The control endpoint that every stand-in but the MFDS's has: faults, counters and the clock, for
//! tests in other processes.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Clock,
    faults::{Fault, FaultId, Faults, Name},
};

#[derive(Debug)]
struct Context<O, A> {
    faults: Faults<O, A>,
    clock: Clock,
}

impl<O, A> Clone for Context<O, A> {
    fn clone(&self) -> Self {
        Self {
            faults: self.faults.clone(),
            clock: self.clock.clone(),
        }
    }
}

/// A fault and the number by which it can be removed.
#[derive(Debug, Serialize)]
struct SetFault<O, A> {
    id: FaultId,
    #[serde(flatten)]
    fault: Fault<O, A>,
}

/// How to move the clock.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    /// Forward; below zero back.
    seconds: i64,
}

/// The clock as it stands.
#[derive(Debug, Serialize)]
struct Now {
    now: DateTime<Utc>,
}

/// The routes, relative to the stand-in's own place below `/_control`.
pub(crate) fn routes<O: Name + Copy + Ord, A: Name>(
    faults: &Faults<O, A>,
    clock: &Clock,
) -> Router {
    let faults_routes = get(list::<O, A>)
        .post(add::<O, A>)
        .put(replace::<O, A>)
        .delete(clear::<O, A>);
    let counters_routes = get(counters::<O, A>).delete(reset_counters::<O, A>);
    Router::new()
        .route("/health", get(|| async { StatusCode::NO_CONTENT }))
        .route("/faults", faults_routes)
        .route("/faults/{id}", delete(remove::<O, A>))
        .route("/counters", counters_routes)
        .route("/clock", post(move_clock::<O, A>))
        .with_state(Context {
            faults: faults.clone(),
            clock: clock.clone(),
        })
}

async fn list<O: Name + Copy + Ord, A: Name>(
    State(context): State<Context<O, A>>,
) -> Json<Vec<SetFault<O, A>>> {
    let faults = context.faults.list().into_iter();
    Json(faults.map(|(id, fault)| SetFault { id, fault }).collect())
}

async fn add<O: Name + Copy + Ord, A: Name>(
    State(context): State<Context<O, A>>,
    Json(fault): Json<Fault<O, A>>,
) -> Json<SetFault<O, A>> {
    let id = context.faults.add(fault.clone());
    Json(SetFault { id, fault })
}

async fn replace<O: Name + Copy + Ord, A: Name>(
    State(context): State<Context<O, A>>,
    Json(faults): Json<Vec<Fault<O, A>>>,
) -> StatusCode {
    context.faults.clear();
    for fault in faults {
        context.faults.add(fault);
    }
    StatusCode::NO_CONTENT
}

async fn clear<O: Name + Copy + Ord, A: Name>(State(context): State<Context<O, A>>) -> StatusCode {
    context.faults.clear();
    StatusCode::NO_CONTENT
}

async fn remove<O: Name + Copy + Ord, A: Name>(
    State(context): State<Context<O, A>>,
    Path(id): Path<u64>,
) -> StatusCode {
    if context.faults.remove(FaultId(id)) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn counters<O: Name + Copy + Ord, A: Name>(
    State(context): State<Context<O, A>>,
) -> Json<BTreeMap<O, u64>> {
    Json(context.faults.counters())
}

async fn reset_counters<O: Name + Copy + Ord, A: Name>(
    State(context): State<Context<O, A>>,
) -> StatusCode {
    context.faults.reset_counters();
    StatusCode::NO_CONTENT
}

async fn move_clock<O: Name + Copy + Ord, A: Name>(
    State(context): State<Context<O, A>>,
    Json(by): Json<Move>,
) -> Json<Now> {
    if let Some(delta) = TimeDelta::try_seconds(by.seconds) {
        context.clock.move_by(delta);
    }
    Json(Now {
        now: context.clock.now(),
    })
}
