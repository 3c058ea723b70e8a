//! Many who send something at the same time: each waits for his answer and sends the same again.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use bytes::Bytes;
use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use hyper::header::HeaderValue;
use hyper::{StatusCode, Uri};
use tokio::time::Instant;

use crate::client::{Connection, Target};
use crate::job::{Posted, PostsPlan};
use crate::steady::until_input_ends;

struct Posts {
    uri: Uri,
    status: StatusCode,
    over: Arc<AtomicBool>,
    latencies: RefCell<Histogram<u64>>,
    errors: RefCell<(u64, Option<String>)>,
}

pub(crate) async fn run(target: &Target, plan: &PostsPlan) -> anyhow::Result<Posted> {
    let mut connections = target.open(plan.bodies.len()).await?;
    let posts = Posts {
        uri: plan.path.parse().context("path: expected a path")?,
        status: StatusCode::from_u16(plan.status).context("status: expected 100 to 999")?,
        over: until_input_ends(),
        latencies: RefCell::new(Histogram::new(3)?),
        errors: RefCell::default(),
    };
    let sending = (0_u32..)
        .zip(connections.iter_mut().zip(&plan.bodies))
        .map(|(number, (connection, body))| posts.send(number, connection, body));
    try_join_all(sending).await?;
    let latencies = posts.latencies.into_inner();
    let (errors, first_error) = posts.errors.into_inner();
    Ok(Posted {
        answered: latencies.len(),
        p50: latencies.value_at_quantile(0.5),
        max: latencies.max(),
        errors,
        first_error,
    })
}

impl Posts {
    async fn send(
        &self,
        number: u32,
        connection: &mut Connection,
        body: &str,
    ) -> anyhow::Result<()> {
        // Addresses for measurements between networks (RFC 2544).
        let address = format!("198.19.{}.{}", number / 250, number % 250 + 1);
        let address = HeaderValue::try_from(address)?;
        let body = Bytes::copy_from_slice(body.as_bytes());
        while !self.over.load(Ordering::Relaxed) {
            let begun = Instant::now();
            let sent = connection.post(&self.uri, body.clone(), &address, self.status);
            if let Err(error) = sent.await {
                let mut errors = self.errors.borrow_mut();
                errors.0 += 1;
                errors.1.get_or_insert(format!("{error:#}"));
                if errors.0 > MOST_ERRORS {
                    anyhow::bail!("{error:#}, as many before");
                }
            }
            let latency = u64::try_from(begun.elapsed().as_micros())?;
            self.latencies.borrow_mut().record(latency)?;
        }
        Ok(())
    }
}

/// Who is refused doesn't wait: he would take all the time there is.
const MOST_ERRORS: u64 = 1_000;
