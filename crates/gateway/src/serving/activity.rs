//! What one connection does: whether it waits for its client, and since when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::Patience;

/// Shared by a connection, its requests and the list of connections.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    evicted: Notify,
}

#[derive(Debug)]
struct State {
    has_read: bool,
    /// Requests whose answers are not handed on whole.
    requests: usize,
    /// When the client last got something, or came.
    waiting_since: Instant,
    /// Since when the client takes nothing although there is something to take.
    stalled_since: Option<Instant>,
}

impl Activity {
    pub(super) fn new() -> Self {
        let state = State {
            has_read: false,
            requests: 0,
            waiting_since: Instant::now(),
            stalled_since: None,
        };
        Self {
            state: Mutex::new(state),
            evicted: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client sent something. No wait begins anew with it: a byte now and then is no progress.
    pub(super) fn read(&self) {
        self.state().has_read = true;
    }

    /// The client took something.
    pub(super) fn wrote(&self) {
        let mut state = self.state();
        state.stalled_since = None;
        state.waiting_since = Instant::now();
    }

    /// The client takes nothing now.
    pub(super) fn stalled(&self) {
        let now = Instant::now();
        self.state().stalled_since.get_or_insert(now);
    }

    /// A request has come whole; it lasts as long as what is given.
    pub(super) fn begin(self: &Arc<Self>) -> Busy {
        self.state().requests += 1;
        Busy(Arc::clone(self))
    }

    /// Since when this waits for a request; `None` while there is one.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.requests == 0).then_some(state.waiting_since)
    }

    /// Ends the connection.
    pub(super) fn evict(&self) {
        self.evicted.notify_one();
    }

    /// Completes when the connection must be closed, and says why.
    pub(super) async fn overdue(&self, patience: Patience) -> &'static str {
        // What is waited for changes meanwhile.
        let look_again = patience
            .first_byte
            .min(patience.headers)
            .min(patience.answer);
        loop {
            let now = Instant::now();
            let due = self.deadline(patience);
            if let Some((_, reason)) = due.filter(|(at, _)| *at <= now) {
                return reason;
            }
            let next = now + look_again;
            let next = due.map_or(next, |(at, _)| next.min(at));
            tokio::select! {
                () = sleep_until(next) => {}
                () = self.evicted.notified() => return "there are too many, and it waited longest",
            }
        }
    }

    /// When it must be closed unless something changes, and why.
    fn deadline(&self, patience: Patience) -> Option<(Instant, &'static str)> {
        let state = self.state();
        if let Some(since) = state.stalled_since {
            return Some((since + patience.answer, "its client takes nothing"));
        }
        if state.requests > 0 {
            return None;
        }
        let (wait, reason) = if state.has_read {
            (patience.headers, "its client asks for nothing")
        } else {
            (patience.first_byte, "its client says nothing")
        };
        Some((state.waiting_since + wait, reason))
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Busy(Arc<Activity>);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.requests = state.requests.saturating_sub(1);
        state.waiting_since = Instant::now();
    }
}
