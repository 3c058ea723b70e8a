//! What is to be done, and what came of it: the words that are exchanged with `xtask`.

use serde::{Deserialize, Serialize};

/// One job.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Job {
    /// Of the server, on 127.0.0.1.
    pub(crate) port: u16,
    /// `Accept-Encoding` of every request.
    pub(crate) encoding: String,
    pub(crate) work: Work,
}

/// The kinds of jobs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Work {
    /// Hand the answers of these paths to the server's memory, and check that they come back the same.
    Record {
        paths: Vec<String>,
        /// The number of the first.
        first: usize,
    },
    /// Ask without a pause, one side after the other, again and again.
    Rounds(RoundsPlan),
    /// Ask each path once, one after the other on one connection.
    Each { paths: Vec<String> },
    /// Ask at a steady rate until standard input ends.
    Steady(SteadyPlan),
    /// Send bodies, each connection its own without a pause, until standard input ends.
    Posts(PostsPlan),
    /// Wish and take back, in turns with a minimal program that stores plain rows in the same database.
    Wishes(WishesPlan),
}

/// A contest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoundsPlan {
    pub(crate) sides: Vec<Side>,
    pub(crate) connections: usize,
    pub(crate) warm_up_rounds: usize,
    pub(crate) rounds: usize,
    pub(crate) round_millis: u64,
    /// The server's process, whose processor time is told.
    pub(crate) pid: u32,
}

/// What one side asks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Side {
    pub(crate) paths: Vec<String>,
    /// Indices of `paths`, asked in this order, from the beginning again at the end.
    pub(crate) order: Vec<usize>,
    /// Access tokens: each connection asks with one of them, or with none where there are none.
    #[serde(default)]
    pub(crate) bearers: Vec<String>,
}

/// A steady rate.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SteadyPlan {
    pub(crate) paths: Vec<String>,
    pub(crate) order: Vec<usize>,
    pub(crate) connections: usize,
    /// Between two requests, over all connections.
    pub(crate) interval_micros: u64,
}

/// Bodies that are sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostsPlan {
    pub(crate) path: String,
    /// JSON. There are as many connections as bodies; each sends its own, again and again, as another
    /// client of a proxy.
    pub(crate) bodies: Vec<String>,
    /// The status that an answer has to have.
    pub(crate) status: u16,
}

/// A contest of wishes: each member wishes each of the medicines, then takes all back; the other side stores and
/// deletes as many rows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WishesPlan {
    /// Access tokens, one a member.
    pub(crate) bearers: Vec<String>,
    /// None of which anybody of them wishes.
    pub(crate) medicines: Vec<i64>,
    pub(crate) connections: usize,
    /// Where the other side finds the server's database: `mysql://…` or `sqlite://PATH`.
    pub(crate) database: String,
    /// Of the other side; as many as the server has.
    pub(crate) database_connections: usize,
    pub(crate) warm_up_rounds: usize,
    pub(crate) rounds: usize,
}

/// What came back when answers were recorded.
#[derive(Debug, Serialize)]
pub(crate) struct Recorded {
    /// Lengths of the bodies, in bytes.
    pub(crate) lengths: Vec<usize>,
}

/// What one side saw.
#[derive(Debug, Serialize)]
pub(crate) struct SideResult {
    pub(crate) rounds: Vec<Round>,
    /// Latencies over all rounds, in microseconds.
    pub(crate) p50: u64,
    pub(crate) p99: u64,
    pub(crate) p999: u64,
    pub(crate) max: u64,
}

/// One round of one side. Times are in microseconds.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct Round {
    pub(crate) requests: u64,
    /// Of bodies, as they came over the line.
    pub(crate) bytes: u64,
    pub(crate) elapsed: u64,
    pub(crate) server_cpu: u64,
    pub(crate) own_cpu: u64,
}

/// One request that was made alone.
#[derive(Debug, Serialize)]
pub(crate) struct One {
    pub(crate) micros: u64,
    /// `total` of the answer, where it has one.
    pub(crate) total: Option<u64>,
}

/// Requests at a steady rate.
#[derive(Debug, Serialize)]
pub(crate) struct Steady {
    /// When each was due (microseconds since 1970), and how long after that it was answered.
    pub(crate) samples: Vec<(u64, u64)>,
    pub(crate) errors: u64,
    pub(crate) first_error: Option<String>,
}

/// Bodies that were sent. Latencies in microseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Posted {
    pub(crate) answered: u64,
    pub(crate) p50: u64,
    pub(crate) max: u64,
    pub(crate) errors: u64,
    pub(crate) first_error: Option<String>,
}

/// A contest of wishes.
#[derive(Debug, Serialize)]
pub(crate) struct Wished {
    /// Changes a turn: wishes, and wishes that were taken back.
    pub(crate) rows: usize,
    pub(crate) rounds: Vec<WishesRound>,
    pub(crate) wish: Latencies,
    pub(crate) unwish: Latencies,
}

/// How long all changes of each kind took, in microseconds.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct WishesRound {
    pub(crate) wish: u64,
    pub(crate) unwish: u64,
    /// Plain rows of the other side.
    pub(crate) insert: u64,
    pub(crate) delete: u64,
}

/// In microseconds.
#[derive(Debug, Serialize)]
pub(crate) struct Latencies {
    pub(crate) p50: u64,
    pub(crate) p99: u64,
}
