//! Wishing and taking back as fast as it goes, in turns with the least that a program can do in the same database:
//! rows of the same shape, stored and deleted one by one. The same amount of both, timed.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, ensure};
use futures_util::future::try_join_all;
use hdrhistogram::Histogram;
use hyper::header::HeaderValue;
use hyper::{Method, Uri};

use crate::client::{Connection, Target, uris};
use crate::job::{Latencies, Wished, WishesPlan, WishesRound};
use crate::plain::{Deed, Plain, Row};
use crate::rounds::micros;

/// The server's side.
struct Members {
    uris: Vec<Uri>,
    authorizations: Vec<HeaderValue>,
    next: Cell<usize>,
    wishing: RefCell<Histogram<u64>>,
    unwishing: RefCell<Histogram<u64>>,
}

pub(crate) async fn run(target: &Target, plan: &WishesPlan) -> anyhow::Result<Wished> {
    let members = Members::new(plan)?;
    let mut plain = Plain::open(&plan.database, plan.database_connections).await?;
    let rows = rows(&plain.members(plan.bearers.len()).await?, &plan.medicines);
    ensure!(
        rows.len() == members.count(),
        "the database has fewer members than there are bearers"
    );
    let mut connections = target.open(plan.connections).await?;
    let mut rounds = Vec::with_capacity(plan.rounds);
    for number in 0..plan.warm_up_rounds + plan.rounds {
        let mut round = WishesRound::default();
        // A B, B A, A B …
        if number % 2 == 0 {
            members
                .turn(&mut connections, &mut plain, &mut round)
                .await?;
            turn(&mut plain, &rows, &mut round).await?;
        } else {
            turn(&mut plain, &rows, &mut round).await?;
            members
                .turn(&mut connections, &mut plain, &mut round)
                .await?;
        }
        if number < plan.warm_up_rounds {
            members.wishing.borrow_mut().reset();
            members.unwishing.borrow_mut().reset();
        } else {
            rounds.push(round);
        }
    }
    Ok(Wished {
        rows: rows.len(),
        rounds,
        wish: latencies(&members.wishing.into_inner()),
        unwish: latencies(&members.unwishing.into_inner()),
    })
}

/// The other side's turn.
async fn turn(plain: &mut Plain, rows: &Arc<[Row]>, round: &mut WishesRound) -> anyhow::Result<()> {
    let begun = Instant::now();
    plain.perform(Deed::Insert, rows).await?;
    round.insert = micros(begun.elapsed());
    let begun = Instant::now();
    plain.perform(Deed::Delete, rows).await?;
    round.delete = micros(begun.elapsed());
    Ok(())
}

/// Neighbours are of different members: nobody does two things at once.
fn rows(members: &[i64], medicines: &[i64]) -> Arc<[Row]> {
    let of_one = |&medicine| members.iter().map(move |&member| (member, medicine));
    medicines.iter().flat_map(of_one).collect()
}

impl Members {
    fn new(plan: &WishesPlan) -> anyhow::Result<Self> {
        let bearers = plan.bearers.iter();
        let authorizations = bearers
            .map(|bearer| HeaderValue::try_from(format!("Bearer {bearer}")))
            .collect::<Result<_, _>>()
            .context("bearers: expected access tokens")?;
        let medicines = plan.medicines.iter();
        let paths: Vec<String> = medicines
            .map(|id| format!("/api/v1/me/wishes/{id}"))
            .collect();
        Ok(Self {
            uris: uris(&paths)?,
            authorizations,
            next: Cell::new(0),
            wishing: RefCell::new(Histogram::new(3)?),
            unwishing: RefCell::new(Histogram::new(3)?),
        })
    }

    fn count(&self) -> usize {
        self.uris.len() * self.authorizations.len()
    }

    /// Wishes everything and takes it back; fails where that isn't what the database says then.
    async fn turn(
        &self,
        connections: &mut [Connection],
        plain: &mut Plain,
        round: &mut WishesRound,
    ) -> anyhow::Result<()> {
        let before = plain.wishes().await?;
        round.wish = self
            .perform(Method::PUT, &self.wishing, connections)
            .await?;
        let after = before + i64::try_from(self.count())?;
        let there = plain.wishes().await?;
        ensure!(there == after, "{there} wishes in place of {after}");
        round.unwish = self
            .perform(Method::DELETE, &self.unwishing, connections)
            .await?;
        let there = plain.wishes().await?;
        ensure!(there == before, "{there} wishes in place of {before}");
        Ok(())
    }

    async fn perform(
        &self,
        method: Method,
        latencies: &RefCell<Histogram<u64>>,
        connections: &mut [Connection],
    ) -> anyhow::Result<u64> {
        self.next.set(0);
        let begun = Instant::now();
        let changing = connections
            .iter_mut()
            .map(|connection| self.change(&method, latencies, connection));
        try_join_all(changing).await?;
        Ok(micros(begun.elapsed()))
    }

    async fn change(
        &self,
        method: &Method,
        latencies: &RefCell<Histogram<u64>>,
        connection: &mut Connection,
    ) -> anyhow::Result<()> {
        while let Some((uri, authorization)) = self.next() {
            let begun = Instant::now();
            connection.sign_in(Some(authorization.clone()));
            connection.change(method.clone(), uri).await?;
            let latency = u64::try_from(begun.elapsed().as_micros())?;
            latencies.borrow_mut().record(latency)?;
        }
        Ok(())
    }

    /// What is changed next, in the order of [`rows`].
    fn next(&self) -> Option<(&Uri, &HeaderValue)> {
        let at = self.next.get();
        self.next.set(at + 1);
        let members = self.authorizations.len();
        let uri = self.uris.get(at.checked_div(members)?)?;
        Some((uri, self.authorizations.get(at % members)?))
    }
}

fn latencies(seen: &Histogram<u64>) -> Latencies {
    Latencies {
        p50: seen.value_at_quantile(0.5),
        p99: seen.value_at_quantile(0.99),
    }
}
