//! Inspects and changes a stand-in while it runs.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::body::Bytes;
use chrono::{DateTime, Utc};

use super::{Config, Operation, Wrong};
use crate::Clock;

/// The faults of this stand-in.
pub type Faults = crate::faults::Faults<Operation, Wrong>;

/// A stored object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What was sent.
    pub bytes: Bytes,
    /// As it was sent.
    pub content_type: String,
    /// The MD5 of the bytes in quotes, as S3 does for simple uploads.
    pub etag: String,
    /// `x-amz-meta-…` headers by name.
    pub metadata: BTreeMap<String, String>,
    /// When it was stored.
    pub modified: DateTime<Utc>,
}

/// Inspects and changes a running stand-in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle {
    /// What goes wrong, and what was asked for.
    pub faults: Faults,
    /// The stand-in's clock.
    pub clock: Clock,
    pub(crate) config: Arc<Config>,
    objects: Arc<Mutex<BTreeMap<String, Object>>>,
}

impl Handle {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            faults: Faults::default(),
            clock: Clock::default(),
            config: Arc::new(config),
            objects: Arc::default(),
        }
    }

    /// No holder of the lock can leave half a change behind, so a poisoned lock is as good as new.
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Object>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An object.
    #[must_use]
    pub fn object(&self, key: &str) -> Option<Object> {
        self.lock().get(key).cloned()
    }

    /// The keys of all objects, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// Forgets every object.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Stores an object unless the store is full; says whether it did.
    pub(crate) fn put(&self, key: String, object: Object) -> bool {
        let mut objects = self.lock();
        let others = objects.iter().filter(|(name, _)| **name != key);
        let held: usize = others.map(|(_, object)| object.bytes.len()).sum();
        let fits = held.saturating_add(object.bytes.len()) <= self.config.capacity_bytes;
        if fits {
            objects.insert(key, object);
        }
        fits
    }

    pub(crate) fn remove(&self, key: &str) {
        self.lock().remove(key);
    }
}
