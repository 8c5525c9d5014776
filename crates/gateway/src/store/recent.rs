//! What nearly every request reads, kept for a moment.
//!
//! A value is used for a second at most, so what any gateway writes is in force everywhere within that time, whether or not
//! the database can tell anybody. What this gateway writes is in force at once: a value that was read before the last
//! change is not used.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::sync::Cache;

const LIFE: Duration = Duration::from_secs(1);
/// Keys share counters of changes: a change also ends the values of some other keys, which are read again.
const COUNTERS: usize = 256;

/// Values by key, each read at most a second ago.
#[derive(Debug)]
pub(crate) struct Recent<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> {
    values: Cache<K, Value<V>>,
    changes: Vec<AtomicU64>,
    hasher: RandomState,
}

#[derive(Debug, Clone)]
struct Value<V> {
    value: V,
    /// How many changes there had been when reading began.
    changes: u64,
}

/// A change that is under way. It counts when this is dropped, also when the caller went away meanwhile.
pub(crate) struct Changing<'a>(&'a AtomicU64);

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Recent<K, V> {
    /// Keeps up to `capacity` values.
    pub(crate) fn new(capacity: u64) -> Self {
        Self {
            values: Cache::builder()
                .max_capacity(capacity)
                .time_to_live(LIFE)
                .build(),
            changes: (0..COUNTERS).map(|_| AtomicU64::new(0)).collect(),
            hasher: RandomState::new(),
        }
    }

    /// The value of `key`, read by `read` unless it is known.
    ///
    /// # Errors
    /// Those of `read`; nothing is kept then.
    pub(crate) async fn get<E>(
        &self,
        key: K,
        read: impl Future<Output = Result<V, E>>,
    ) -> Result<V, E> {
        let changes = self.counter(&key).load(Ordering::SeqCst);
        if let Some(known) = self.values.get(&key)
            && known.changes == changes
        {
            return Ok(known.value);
        }
        let value = read.await?;
        let known = Value {
            value: value.clone(),
            changes,
        };
        self.values.insert(key, known);
        Ok(value)
    }

    /// To be held while what is read under `key` is changed.
    pub(crate) fn changing(&self, key: &K) -> Changing<'_> {
        Changing(self.counter(key))
    }

    fn counter(&self, key: &K) -> &AtomicU64 {
        let hash = self.hasher.hash_one(key);
        let index = usize::try_from(hash % COUNTERS as u64).unwrap_or_default();
        &self.changes[index]
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use tokio::sync::oneshot;

    use super::*;

    async fn value(recent: &Recent<&'static str, u32>, read: u32) -> u32 {
        let read = async { Ok::<_, Infallible>(read) };
        recent
            .get("key", read)
            .await
            .unwrap_or_else(|never| match never {})
    }

    #[tokio::test]
    async fn a_value_is_read_once_until_it_changes() {
        let recent = Recent::new(10);
        assert_eq!(value(&recent, 1).await, 1);
        assert_eq!(value(&recent, 2).await, 1);
        drop(recent.changing(&"key"));
        assert_eq!(value(&recent, 3).await, 3);
    }

    #[tokio::test]
    async fn a_value_whose_reading_began_before_a_change_is_not_used_after_it() {
        let recent = std::sync::Arc::new(Recent::new(10));
        let (go_on, wait) = oneshot::channel();
        let slow = {
            let recent = std::sync::Arc::clone(&recent);
            tokio::spawn(async move {
                let read = async {
                    let _ = wait.await;
                    Ok::<_, Infallible>(1)
                };
                recent.get("key", read).await
            })
        };
        tokio::task::yield_now().await;
        drop(recent.changing(&"key"));
        go_on.send(()).expect("it reads");
        assert_eq!(slow.await.expect("it ends"), Ok(1));
        assert_eq!(value(&recent, 2).await, 2);
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_not_kept() {
        let recent: Recent<_, u32> = Recent::new(10);
        let failed = recent.get("key", async { Err("no database") }).await;
        assert_eq!(failed, Err("no database"));
        assert_eq!(value(&recent, 2).await, 2);
    }

    #[tokio::test]
    async fn no_value_is_used_for_longer_than_a_second() {
        let recent = Recent::new(10);
        assert_eq!(value(&recent, 1).await, 1);
        let deadline = std::time::Instant::now() + 10 * LIFE;
        while value(&recent, 2).await == 1 {
            assert!(std::time::Instant::now() < deadline, "it is kept");
            tokio::task::yield_now().await;
        }
    }
}
