//! Faults on demand, in one form for all stand-ins but the MFDS's, whose faults know pages.
//!
//! A fault is an effect and the requests that it hits. What any network does is [`Network`]; what
//! only one third party does wrong is that stand-in's own type.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How many faults can be set at a time.
const MAX_FAULTS: usize = 1_000;

/// The name of an operation, or an effect: anything that the control endpoint can write and read.
pub trait Name: Clone + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T> Name for T where T: Clone + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{}

/// What any network and any server behind one can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Network {
    /// An HTTP error in the form of the third party's gateway; nothing is carried out.
    Status {
        /// 400 to 599; anything else becomes 500.
        status: u16,
        /// What `Retry-After` says, in seconds.
        retry_after: Option<u32>,
    },
    /// The answer comes late.
    Delay {
        /// By this many milliseconds.
        millis: u64,
    },
    /// The connection is reset (RST) and nothing is carried out.
    Reset,
    /// The request is carried out, then the connection is reset instead of an answer.
    LostAnswer,
    /// No byte of an answer comes until the client gives up; nothing is carried out.
    Stall,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect<A> {
    /// On the way.
    Network(Network),
    /// In what the third party answers.
    Answer(A),
}

/// Which requests a fault hits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope<O> {
    /// Only this operation.
    pub operation: Option<O>,
    /// Leaves this many requests alone first.
    #[serde(default)]
    pub skip: u32,
    /// Hits this many requests, then no more.
    pub times: Option<u32>,
}

impl<O> Default for Scope<O> {
    fn default() -> Self {
        Self {
            operation: None,
            skip: 0,
            times: None,
        }
    }
}

/// A fault: what goes wrong, and for which requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault<O, A> {
    /// What goes wrong.
    pub effect: Effect<A>,
    /// For which requests.
    #[serde(default = "Scope::default")]
    pub scope: Scope<O>,
}

impl<O, A> Fault<O, A> {
    /// Something on the way, for every request.
    #[must_use]
    pub fn network(network: Network) -> Self {
        Self {
            effect: Effect::Network(network),
            scope: Scope::default(),
        }
    }

    /// Something in the answer, for every request.
    #[must_use]
    pub fn answer(answer: A) -> Self {
        Self {
            effect: Effect::Answer(answer),
            scope: Scope::default(),
        }
    }

    /// Only requests of this operation.
    #[must_use]
    pub fn on(mut self, operation: O) -> Self {
        self.scope.operation = Some(operation);
        self
    }

    /// Leaves this many requests alone first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.scope.skip = requests;
        self
    }

    /// Hits this many requests, then no more.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.scope.times = Some(requests);
        self
    }
}

/// Names a fault of a running stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FaultId(pub u64);

#[derive(Debug)]
struct Entry<O, A> {
    id: FaultId,
    fault: Fault<O, A>,
    matched: u32,
}

#[derive(Debug)]
struct State<O, A> {
    entries: Vec<Entry<O, A>>,
    next: u64,
    requests: BTreeMap<O, u64>,
}

/// The faults of a running stand-in, and how often it was asked for what. Cheap to clone; clones
/// share everything.
#[derive(Debug)]
pub struct Faults<O, A> {
    state: Arc<Mutex<State<O, A>>>,
}

impl<O, A> Clone for Faults<O, A> {
    fn clone(&self) -> Self {
        Self {
            state: Arc::clone(&self.state),
        }
    }
}

impl<O, A> Default for Faults<O, A> {
    fn default() -> Self {
        let state = State {
            entries: Vec::new(),
            next: 0,
            requests: BTreeMap::new(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }
}

impl<O: Name + Copy + Ord, A: Name> Faults<O, A> {
    /// No holder of the lock can leave half a change behind, so a poisoned lock is as good as new.
    fn lock(&self) -> MutexGuard<'_, State<O, A>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a fault. Beyond a thousand the oldest goes.
    pub fn add(&self, fault: Fault<O, A>) -> FaultId {
        let mut state = self.lock();
        let id = FaultId(state.next);
        state.next += 1;
        if state.entries.len() >= MAX_FAULTS {
            state.entries.remove(0);
        }
        state.entries.push(Entry {
            id,
            fault,
            matched: 0,
        });
        id
    }

    /// Removes a fault; says whether it was there.
    #[must_use]
    pub fn remove(&self, id: FaultId) -> bool {
        let mut state = self.lock();
        let before = state.entries.len();
        state.entries.retain(|entry| entry.id != id);
        state.entries.len() < before
    }

    /// Removes every fault.
    pub fn clear(&self) {
        self.lock().entries.clear();
    }

    /// The faults that are set, each with its id.
    #[must_use]
    pub fn list(&self) -> Vec<(FaultId, Fault<O, A>)> {
        let state = self.lock();
        let entries = state.entries.iter();
        entries
            .map(|entry| (entry.id, entry.fault.clone()))
            .collect()
    }

    /// How often each operation was asked for, faults included.
    #[must_use]
    pub fn counters(&self) -> BTreeMap<O, u64> {
        self.lock().requests.clone()
    }

    /// How often an operation was asked for, faults included.
    #[must_use]
    pub fn requests(&self, operation: O) -> u64 {
        let state = self.lock();
        state.requests.get(&operation).copied().unwrap_or_default()
    }

    /// Starts counting from zero.
    pub fn reset_counters(&self) {
        self.lock().requests.clear();
    }

    /// Counts a request and says what hits it, in the order in which the faults were added.
    pub(crate) fn decide(&self, operation: O) -> Vec<Effect<A>> {
        let mut state = self.lock();
        *state.requests.entry(operation).or_default() += 1;
        let hit = |entry: &mut Entry<O, A>| entry.hit(operation);
        state.entries.iter_mut().filter_map(hit).collect()
    }
}

impl<O: Copy + Ord, A: Clone> Entry<O, A> {
    fn hit(&mut self, operation: O) -> Option<Effect<A>> {
        let scope = &self.fault.scope;
        if scope.operation.is_some_and(|only| only != operation) {
            return None;
        }
        self.matched = self.matched.saturating_add(1);
        let number = self.matched.checked_sub(scope.skip)?;
        let hits = number > 0 && scope.times.is_none_or(|times| number <= times);
        hits.then(|| self.fault.effect.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    enum Operation {
        Read,
        Write,
    }

    #[test]
    fn scope_limits_operation_and_count() {
        let faults = Faults::<Operation, String>::default();
        let fault = Fault::answer("odd".to_owned()).on(Operation::Write);
        let id = faults.add(fault.skip(1).times(2));
        let hits: Vec<bool> = (0..5)
            .map(|_| !faults.decide(Operation::Write).is_empty())
            .collect();
        assert_eq!(hits, [false, true, true, false, false]);
        assert!(faults.decide(Operation::Read).is_empty());
        assert_eq!(faults.requests(Operation::Write), 5);
        assert!(faults.remove(id));
        assert!(!faults.remove(id));
    }

    #[test]
    fn it_reads_what_it_writes_and_nothing_else() {
        let fault = Fault::<Operation, String>::network(Network::Delay { millis: 5 }).times(3);
        let text = serde_json::to_string(&fault).unwrap();
        assert_eq!(serde_json::from_str::<Fault<_, _>>(&text).unwrap(), fault);
        let short = r#"{"effect":{"network":{"kind":"reset"}}}"#;
        let read: Fault<Operation, String> = serde_json::from_str(short).unwrap();
        assert_eq!(read, Fault::network(Network::Reset));
        let wrong = r#"{"effect":{"network":{"kind":"reset"}},"scope":{"pages":3}}"#;
        assert!(serde_json::from_str::<Fault<Operation, String>>(wrong).is_err());
    }
}
