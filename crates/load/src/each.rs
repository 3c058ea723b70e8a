//! Each path once, alone: how long one person waits on a quiet server.

use std::time::Instant;

use anyhow::Context;
use serde::Deserialize;

use crate::client::{Target, uris};
use crate::job::One;

#[derive(Deserialize)]
struct Page {
    total: Option<u64>,
}

pub(crate) async fn run(target: &Target, paths: &[String]) -> anyhow::Result<Vec<One>> {
    let uris = uris(paths)?;
    let mut connections = target.open(1).await?;
    let connection = connections.first_mut().context("no connection")?;
    let mut seen = Vec::with_capacity(uris.len());
    for uri in &uris {
        let begun = Instant::now();
        let answer = connection.fetch(uri).await?;
        let micros = u64::try_from(begun.elapsed().as_micros())?;
        let page: Option<Page> = serde_json::from_slice(&answer.body).ok();
        let total = page.and_then(|page| page.total);
        seen.push(One { micros, total });
    }
    Ok(seen)
}
