//! A stand-in of the feed and a synchroniser that reads it.

use service_kit::settings::{Reader, Source};
use simulators::mfds::{Catalogue, Faults, Operation, Running, Simulator};
use tokio_util::sync::CancellationToken;
use web_api::catalogue::store::{self, GenerationId, Pointer};
use web_api::db::Pool;
use web_api::mfds::client::Client;
use web_api::mfds::sync::{Outcome, Synchroniser};
use web_api::mfds::{MfdsSettings, SyncSettings};

pub(crate) const KEY: &str = "pill+Nuts/Test0123456789Key==";

pub(crate) async fn feed(catalogue: Catalogue, faults: Faults) -> Running {
    Simulator::start(catalogue, faults).await.unwrap()
}

/// Settings for a stand-in, with more or other variables.
pub(crate) fn settings(feed: &Running, more: &[(&str, &str)]) -> (MfdsSettings, SyncSettings) {
    let mut pairs = vec![
        ("MFDS_BASE_URL", feed.base_url.as_str()),
        ("MFDS_SERVICE_KEY", KEY),
        ("MFDS_RETRY_MILLISECONDS", "5"),
        ("MFDS_TIMEOUT_SECONDS", "5"),
        ("SYNC_LEASE_SECONDS", "5"),
    ];
    pairs.retain(|(name, _)| more.iter().all(|(other, _)| name != other));
    pairs.extend(more);
    let mut reader = Reader::new(Source::from_pairs(pairs));
    let settings = (
        MfdsSettings::read(&mut reader),
        SyncSettings::read(&mut reader),
    );
    reader.finish(settings).unwrap().settings
}

pub(crate) fn synchroniser(pool: &Pool, feed: &Running, more: &[(&str, &str)]) -> Synchroniser {
    drop(rustls::crypto::ring::default_provider().install_default());
    let (mfds, sync) = settings(feed, more);
    Synchroniser::new(pool.clone(), Client::new(&mfds).unwrap(), sync)
}

pub(crate) async fn run(pool: &Pool, feed: &Running) -> Outcome {
    run_with(pool, feed, &[]).await
}

pub(crate) async fn run_with(pool: &Pool, feed: &Running, more: &[(&str, &str)]) -> Outcome {
    synchroniser(pool, feed, more)
        .run(&CancellationToken::new())
        .await
        .unwrap()
}

/// What readers see.
pub(crate) async fn current(pool: &Pool) -> Option<Pointer> {
    pool.run(store::pointer).await.unwrap()
}

pub(crate) async fn medicines(
    pool: &Pool,
    generation: GenerationId,
) -> Vec<domain::catalogue::Medicine> {
    pool.run(move |db| {
        let mut all = Vec::new();
        store::for_each_medicine(db, generation, |medicine| all.push(medicine))?;
        Ok(all)
    })
    .await
    .unwrap()
}

/// The whole catalogue that readers see, as text: two that are equal say the same.
pub(crate) async fn whole(pool: &Pool) -> String {
    let Some(pointer) = current(pool).await else {
        return "none".to_owned();
    };
    let all = medicines(pool, pointer.generation).await;
    let ids: Vec<_> = all.iter().map(|medicine| medicine.id).collect();
    let documents = pool
        .run(move |db| {
            ids.into_iter()
                .map(|id| store::documents(db, pointer.generation, id))
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .unwrap();
    format!("{all:?}{documents:?}")
}

pub(crate) fn swapped(outcome: &Outcome) -> (i64, i64) {
    match outcome {
        Outcome::Swapped(summary) => (summary.medicines, summary.carried),
        other => panic!("expected a swap, got: {other}"),
    }
}

pub(crate) fn refused(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Failed { reason } => reason,
        other => panic!("expected a refusal, got: {other}"),
    }
}

pub(crate) fn interrupted(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Interrupted { reason } => reason,
        other => panic!("expected an interruption, got: {other}"),
    }
}

pub(crate) fn products(catalogue: &Catalogue) -> i64 {
    let distinct: std::collections::BTreeSet<String> =
        catalogue.item_seqs(Operation::PermitDetail).collect();
    i64::try_from(distinct.len()).unwrap()
}
