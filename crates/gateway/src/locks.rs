//! One lock a credential, so that at most one refresh runs for it in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use uuid::Uuid;

/// Locks by id; a lock is forgotten when nobody holds or awaits it.
#[derive(Debug, Default)]
pub struct KeyedLocks(Mutex<HashMap<Uuid, Weak<tokio::sync::Mutex<()>>>>);

impl KeyedLocks {
    /// The lock of `id`.
    pub fn of(&self, id: Uuid) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(&id).and_then(Weak::upgrade) {
            return lock;
        }
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(id, Arc::downgrade(&lock));
        lock
    }
}
