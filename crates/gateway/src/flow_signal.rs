//! Wakes, within this process, those who wait for a change of a flow.

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Wakes everyone who follows a flow.
#[derive(Debug, Default)]
pub struct FlowSignal(Notify);

impl FlowSignal {
    /// Something changed.
    pub fn notify(&self) {
        self.0.notify_waiters();
    }

    /// Completes at the next change **after this call**: take it before looking at the database.
    pub fn changed(&self) -> Notified<'_> {
        self.0.notified()
    }
}
