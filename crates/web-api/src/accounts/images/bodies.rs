//! Places for bodies of uploads: few, and of those a member has fewer. A permission is used up by bytes
//! that came, so without the second limit who begins many times and sends slowly keeps everybody out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bodies that are taken at the same time.
const MOST: usize = 16;
/// Of those, of one member: a try whose connection broke may hang on beside the next one.
const MOST_OF_ONE: usize = 2;

/// The places.
#[derive(Debug)]
pub(crate) struct Bodies {
    places: Arc<Semaphore>,
    senders: Arc<Mutex<HashMap<i64, usize>>>,
}

/// One of them, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct BodyPlace {
    user: i64,
    senders: Arc<Mutex<HashMap<i64, usize>>>,
    _place: OwnedSemaphorePermit,
}

impl Bodies {
    pub(crate) fn new() -> Self {
        Self {
            places: Arc::new(Semaphore::new(MOST)),
            senders: Arc::default(),
        }
    }

    /// A place for a body of this member; `None` where he, or everybody, has too many.
    pub(crate) fn place(&self, user: i64) -> Option<BodyPlace> {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        let his = senders.get(&user).copied().unwrap_or_default();
        if his >= MOST_OF_ONE {
            return None;
        }
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        senders.insert(user, his.saturating_add(1));
        Some(BodyPlace {
            user,
            senders: Arc::clone(&self.senders),
            _place: place,
        })
    }
}

impl Drop for BodyPlace {
    fn drop(&mut self) {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        match senders.get_mut(&self.user) {
            Some(his) if *his > 1 => *his = his.saturating_sub(1),
            _ => {
                senders.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bodies, MOST, MOST_OF_ONE};

    #[test]
    fn nobody_takes_every_place() {
        let bodies = Bodies::new();
        let mut held: Vec<_> = (0..MOST_OF_ONE).map(|_| bodies.place(1).unwrap()).collect();
        assert!(bodies.place(1).is_none());
        assert!(bodies.place(2).is_some(), "somebody else may send");
        held.pop();
        held.push(bodies.place(1).unwrap());
        let others = i64::try_from(MOST).unwrap();
        held.extend((2..=others).filter_map(|user| bodies.place(user)));
        assert_eq!(held.len(), MOST);
        assert!(bodies.place(others + 1).is_none());
        drop(held);
        assert!(bodies.senders.lock().unwrap().is_empty());
    }
}
