//! Wakes, within this process, those who wait for a change in the database.

use std::hash::{BuildHasher as _, RandomState};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Those who wait share so many wakers: bounded memory whatever is waited for, and rarely a look in vain.
const WAKERS: usize = 1024;

/// Wakes who waits for one thing of a kind to change: a flow, a run.
#[derive(Debug)]
pub struct ChangeSignal {
    /// Keyed, so that nobody can choose what shares a waker.
    hasher: RandomState,
    wakers: Box<[Notify]>,
}

impl Default for ChangeSignal {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            wakers: (0..WAKERS).map(|_| Notify::new()).collect(),
        }
    }
}

impl ChangeSignal {
    /// What `key` names changed.
    pub fn notify(&self, key: &str) {
        self.waker(key).notify_waiters();
    }

    /// Completes at the next change of what `key` names **after this call**: take it before looking at the database.
    pub fn changed(&self, key: &str) -> Notified<'_> {
        self.waker(key).notified()
    }

    fn waker(&self, key: &str) -> &Notify {
        let number = self.hasher.hash_one(key);
        // The remainder is below the length.
        &self.wakers[usize::try_from(number % WAKERS as u64).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_change_wakes_those_who_wait_for_it_and_few_others() {
        let signal = ChangeSignal::default();
        let keys: Vec<_> = (0..600).map(|number| format!("ticket {number}")).collect();
        let mut waiting: Vec<_> = keys
            .iter()
            .map(|key| Box::pin(signal.changed(key)))
            .collect();
        let is_woken = |one: &mut std::pin::Pin<Box<Notified<'_>>>| one.now_or_never().is_some();
        assert!(!waiting.iter_mut().any(is_woken));
        signal.notify(&keys[7]);
        assert!(is_woken(&mut waiting.remove(7)));
        let woken = waiting.iter_mut().map(is_woken).filter(|woken| *woken);
        assert!(woken.count() < 60, "nearly everybody sleeps on");
    }
}
