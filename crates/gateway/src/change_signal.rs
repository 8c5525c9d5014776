//! Wakes, within this process, those who wait for a change in the database.

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Wakes everyone who waits for one kind of thing to change.
#[derive(Debug, Default)]
pub struct ChangeSignal(Notify);

impl ChangeSignal {
    /// Something changed.
    pub fn notify(&self) {
        self.0.notify_waiters();
    }

    /// Completes at the next change **after this call**: take it before looking at the database.
    pub fn changed(&self) -> Notified<'_> {
        self.0.notified()
    }
}
