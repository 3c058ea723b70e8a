//! Budgets that all instances share, in Redis.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, Script};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Decision, Identity, Rate, RateClass};

/// One budget, taken from in one step: nothing comes between the look and the change.
const GCRA: &str = include_str!("gcra.lua");
/// What keys begin with: other programs may use the same Redis.
const PREFIX: &str = "pillnuts:rate";
/// How long a new connection may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(1);
/// Pause before another try to connect.
const RETRY: Duration = Duration::from_millis(250);
/// A Redis that comes and goes is told of once in this time.
const QUIET: Duration = Duration::from_secs(60);

/// Where Redis is. The address can hold a password, so it is never shown.
#[derive(Clone)]
pub struct RedisAddress(Client);

impl FromStr for RedisAddress {
    type Err = RedisError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Client::open(text).map(Self)
    }
}

impl fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisAddress(..)")
    }
}

/// Budgets in Redis. [`Shared::keep_connected`] has to run beside it.
pub(crate) struct Shared {
    client: Client,
    limit: Duration,
    script: Script,
    connection: ArcSwapOption<MultiplexedConnection>,
    lost: Notify,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    /// Budgets in the Redis at `address`, which has `limit` for each answer.
    pub(crate) fn new(address: RedisAddress, limit: Duration) -> Self {
        Self {
            client: address.0,
            limit,
            script: Script::new(GCRA),
            connection: ArcSwapOption::empty(),
            lost: Notify::new(),
        }
    }

    /// Takes one request out of a budget, where it fits in. `None` where Redis can't be asked.
    pub(crate) async fn take(
        &self,
        class: RateClass,
        rate: Rate,
        identity: &Identity,
    ) -> Option<Decision> {
        let Some(connection) = self.connection.load_full() else {
            fell_back();
            return None;
        };
        let mut asked = MultiplexedConnection::clone(&connection);
        let mut call = self
            .script
            .key(format!("{PREFIX}:{}:{identity}", class.name()));
        let interval = u64::try_from(rate.interval().as_micros()).unwrap_or(u64::MAX);
        call.arg(interval.max(1)).arg(rate.count.get());
        let answer = timeout(self.limit, call.invoke_async(&mut asked)).await;
        if let Ok(Ok(answer)) = answer {
            return Some(decision(rate, answer));
        }
        self.lose(&connection);
        fell_back();
        None
    }

    /// Gives a connection up; of many requests that failed on it, the first does.
    fn lose(&self, connection: &Arc<MultiplexedConnection>) {
        let before = self.connection.compare_and_swap(connection, None);
        if before
            .as_ref()
            .is_some_and(|before| Arc::ptr_eq(before, connection))
        {
            self.lost.notify_one();
        }
    }

    /// Connects, and connects again, until `stop`.
    pub(crate) async fn keep_connected(self: Arc<Self>, stop: CancellationToken) {
        let mut warned: Option<Instant> = None;
        let mut told = false;
        let work = async {
            loop {
                let failure = match self.connect().await {
                    Ok(connection) => {
                        if told {
                            tracing::info!("rate limits are shared again: Redis answers");
                            told = false;
                        }
                        show(true);
                        self.connection.store(Some(Arc::new(connection)));
                        self.lost.notified().await;
                        "it stopped answering in time".to_owned()
                    }
                    // Of Redis's errors only the kind: their text can quote the address.
                    Err(failure) => failure,
                };
                show(false);
                if warned.is_none_or(|at| at.elapsed() > QUIET) {
                    tracing::warn!(failure, "Redis is away: each instance limits by itself");
                    warned = Some(Instant::now());
                    told = true;
                }
                tokio::time::sleep(RETRY).await;
            }
        };
        stop.run_until_cancelled(work).await;
    }

    async fn connect(&self) -> Result<MultiplexedConnection, String> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_LIMIT))
            .set_response_timeout(Some(self.limit));
        let connecting = async {
            let mut connection = self
                .client
                .get_multiplexed_async_connection_with_config(&config)
                .await?;
            // A proxy may take connections to a server that is gone.
            redis::cmd("PING").exec_async(&mut connection).await?;
            Ok(connection)
        };
        match timeout(CONNECT_LIMIT, connecting).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => {
                let error: RedisError = error;
                Err(format!("it can't be connected to ({:?})", error.kind()))
            }
            Err(_) => Err(format!("no connection in {CONNECT_LIMIT:?}")),
        }
    }
}

fn show(up: bool) {
    metrics::gauge!("rate_limit_shared").set(if up { 1.0 } else { 0.0 });
}

fn fell_back() {
    metrics::counter!("rate_limit_fallbacks_total").increment(1);
}

fn decision(rate: Rate, answer: (u8, u32, u64, u64)) -> Decision {
    let (taken, remaining, wait, reset) = answer;
    Decision {
        rate,
        remaining,
        reset: Duration::from_micros(reset),
        wait: (taken == 0).then(|| Duration::from_micros(wait)),
    }
}
