//! Sides that take turns in short rounds, so that what else the machine does hits all of them alike.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use hyper::Uri;
use hyper::header::HeaderValue;

use crate::client::{Connection, Target, uris};
use crate::cpu;
use crate::job::{Round, RoundsPlan, Side, SideResult};

/// One side and what it has seen.
struct Runner {
    uris: Vec<Uri>,
    order: Vec<usize>,
    authorizations: Vec<HeaderValue>,
    next: Cell<usize>,
    latencies: RefCell<Histogram<u64>>,
    rounds: Vec<Round>,
}

impl Runner {
    fn new(side: &Side) -> anyhow::Result<Self> {
        if side.order.iter().any(|&index| index >= side.paths.len()) || side.order.is_empty() {
            bail!("order: expected indices of paths, at least one");
        }
        let authorizations = side.bearers.iter();
        let authorizations = authorizations
            .map(|bearer| HeaderValue::try_from(format!("Bearer {bearer}")))
            .collect::<Result<_, _>>()
            .context("bearers: expected access tokens")?;
        Ok(Self {
            authorizations,
            uris: uris(&side.paths)?,
            order: side.order.clone(),
            next: Cell::new(0),
            latencies: RefCell::new(Histogram::new(3)?),
            rounds: Vec::new(),
        })
    }

    /// What is asked next.
    fn uri(&self) -> Option<&Uri> {
        let at = self.next.get();
        self.next.set((at + 1) % self.order.len());
        self.uris.get(*self.order.get(at)?)
    }

    async fn ask_until(&self, end: Instant, connection: &mut Connection) -> anyhow::Result<Round> {
        let mut round = Round::default();
        loop {
            let begun = Instant::now();
            if begun >= end {
                return Ok(round);
            }
            let uri = self
                .uri()
                .context("the order names a path that isn't there")?;
            round.bytes += connection.ask(uri).await?;
            round.requests += 1;
            let latency = u64::try_from(begun.elapsed().as_micros())?;
            self.latencies.borrow_mut().record(latency)?;
        }
    }

    async fn round(
        &self,
        connections: &mut [Connection],
        length: Duration,
        pid: u32,
    ) -> anyhow::Result<Round> {
        for (index, connection) in connections.iter_mut().enumerate() {
            let whose = index.checked_rem(self.authorizations.len());
            let authorization = whose.and_then(|whose| self.authorizations.get(whose));
            connection.sign_in(authorization.cloned());
        }
        let (server, own, begun) = (cpu::of(pid)?, cpu::own()?, Instant::now());
        let end = begun + length;
        let asking = connections
            .iter_mut()
            .map(|connection| self.ask_until(end, connection));
        let parts = try_join_all(asking).await?;
        Ok(Round {
            requests: parts.iter().map(|part| part.requests).sum(),
            bytes: parts.iter().map(|part| part.bytes).sum(),
            elapsed: micros(begun.elapsed()),
            server_cpu: micros(cpu::of(pid)?.saturating_sub(server)),
            own_cpu: micros(cpu::own()?.saturating_sub(own)),
        })
    }

    fn result(self) -> SideResult {
        let latencies = self.latencies.into_inner();
        SideResult {
            rounds: self.rounds,
            p50: latencies.value_at_quantile(0.5),
            p99: latencies.value_at_quantile(0.99),
            p999: latencies.value_at_quantile(0.999),
            max: latencies.max(),
        }
    }
}

/// Runs the contest: A B, B A, A B …
pub(crate) async fn run(target: &Target, plan: &RoundsPlan) -> anyhow::Result<Vec<SideResult>> {
    let length = Duration::from_millis(plan.round_millis);
    let mut connections = target.open(plan.connections).await?;
    let sides: anyhow::Result<Vec<Runner>> = plan.sides.iter().map(Runner::new).collect();
    let mut sides = sides?;
    for round in 0..plan.warm_up_rounds + plan.rounds {
        let backwards = round % 2 == 1;
        for turn in 0..sides.len() {
            let turn = if backwards {
                sides.len() - 1 - turn
            } else {
                turn
            };
            let side = sides.get_mut(turn).context("a side is missing")?;
            let seen = side.round(&mut connections, length, plan.pid).await?;
            if round < plan.warm_up_rounds {
                side.latencies.borrow_mut().reset();
            } else {
                side.rounds.push(seen);
            }
        }
    }
    Ok(sides.into_iter().map(Runner::result).collect())
}

pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
