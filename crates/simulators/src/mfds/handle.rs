//! Changes a stand-in while it runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{
    catalogue::Catalogue,
    counters::Counters,
    faults::{Effect, Fault, FaultId, Faults},
    operation::Operation,
};

/// The state that the handlers and the handle share.
#[derive(Debug)]
struct State {
    catalogue: Mutex<Arc<Catalogue>>,
    faults: Mutex<Faults>,
    counters: Mutex<Counters>,
}

/// Controls a running stand-in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle {
    state: Arc<State>,
}

/// No holder of these locks can leave half a change behind, so a poisoned lock is as good as new.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Handle {
    pub(crate) fn new(catalogue: Catalogue, faults: Faults) -> Self {
        Self {
            state: Arc::new(State {
                catalogue: Mutex::new(Arc::new(catalogue)),
                faults: Mutex::new(faults),
                counters: Mutex::default(),
            }),
        }
    }

    /// The catalogue that is served now.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        lock(&self.state.catalogue).clone()
    }

    /// Serves another catalogue from the next request on.
    pub fn set_catalogue(&self, catalogue: Catalogue) {
        *lock(&self.state.catalogue) = Arc::new(catalogue);
    }

    /// Changes the catalogue that is served.
    pub fn change_catalogue(&self, change: impl FnOnce(Catalogue) -> Catalogue) {
        let mut catalogue = lock(&self.state.catalogue);
        let changed = change(Catalogue::clone(&catalogue));
        *catalogue = Arc::new(changed);
    }

    /// The faults that are set, each with its id.
    #[must_use]
    pub fn faults(&self) -> Vec<(FaultId, Fault)> {
        lock(&self.state.faults).list()
    }

    /// Replaces all faults.
    pub fn set_faults(&self, faults: Faults) {
        *lock(&self.state.faults) = faults;
    }

    /// Adds a fault.
    pub fn add_fault(&self, fault: Fault) -> FaultId {
        lock(&self.state.faults).add(fault)
    }

    /// Removes a fault; says whether it was there.
    pub fn remove_fault(&self, id: FaultId) -> bool {
        lock(&self.state.faults).remove(id)
    }

    /// Removes every fault.
    pub fn clear_faults(&self) {
        lock(&self.state.faults).clear();
    }

    /// A new day: the requests that count against a quota start from zero again.
    pub fn reset_quota(&self) {
        lock(&self.state.faults).reset_quota();
    }

    /// What was asked for so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        lock(&self.state.counters).clone()
    }

    /// Starts counting from zero.
    pub fn reset_counters(&self) {
        lock(&self.state.counters).reset();
    }

    pub(crate) fn effects(&self, operation: Operation, page: u64) -> Vec<Effect> {
        lock(&self.state.faults).decide(operation, page)
    }

    pub(crate) fn count(&self, change: impl FnOnce(&mut Counters)) {
        change(&mut lock(&self.state.counters));
    }
}
