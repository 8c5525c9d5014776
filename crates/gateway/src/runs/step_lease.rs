//! One attempt of a step at a time: a lease around the actions that change something.
//!
//! The engine hands a step to another gateway when the first loses its lock, because it was killed, but also because it is
//! slow, was paused, or cannot reach its database. The first may still be alive then, between its look for an item and the
//! request that creates it. So each attempt takes a lease of its own: the holder is the attempt, not the step, and a repeat
//! waits until the lease is given back or runs out. If that takes too long, the step is put off, and its next attempt finds
//! the other one's output.
//!
//! The holder renews the lease every second. As soon as the last renewal is more than half of the lease ago, its attempt is
//! dropped before it takes one more step ([`Lease::while_held`]). So everything it sends is on its way for at least the other
//! half, three seconds, before anybody else looks. What the provider still does later than that, and a process that stops
//! between two instructions around the last check, are all that is left; only the provider could rule them out.
//!
//! A killed gateway's lease runs out about when the engine's lock does, so that its steps are not delayed by it.

use std::time::Duration;

use paragon_azure_devops::actions::ActionKind;
use paragon_workflow::{Remedy, StepCall, StepError, Task};
use tokio::time::Instant;

use super::step_error::storage;
use crate::leases::service::{Lease, Queue};
use crate::random;
use crate::store::Store;

/// As long as the engine's lock on a step.
const LEASE: Duration = Duration::from_secs(6);
/// How long a repeat waits before the step is put off: until the lease of one that was killed has run out.
const WAIT: Duration = Duration::from_secs(7);
const PUT_OFF_MS: u64 = 2_000;

/// The lease for an attempt of `call`; none for a step that changes no work item.
///
/// # Errors
/// The database cannot be used, or another attempt is still under way: both are put off.
pub async fn take(store: &Store, call: &StepCall) -> Result<Option<Lease>, StepError> {
    if !is_change(&call.task) {
        return Ok(None);
    }
    let (name, holder) = (format!("step/{}/{}", call.run, call.path), random::token());
    let queue = Queue::new(store, (&name, &holder), LEASE, Instant::now() + WAIT);
    match queue.wait().await {
        Ok(Some(lease)) => Ok(Some(lease)),
        Ok(None) => Err(put_off(
            "step_in_progress",
            "another attempt of this step is still in progress; it is retried later",
        )),
        Err(error) => Err(storage(&error)),
    }
}

/// The error of an attempt whose lease was not renewed in time.
pub fn lapsed(call: &StepCall) -> StepError {
    tracing::warn!(run.id = %call.run, path = call.path, "an attempt was dropped: its lease was not renewed in time");
    put_off(
        StepError::STORAGE,
        "the step could not be kept from other gateways; it is retried later",
    )
}

fn put_off(code: &str, message: &str) -> StepError {
    StepError::new(code, message).with_remedy(Remedy::Throttled {
        after_ms: Some(PUT_OFF_MS),
    })
}

/// Requests are not among them: one whose outcome is not known is not repeated, or is safe to repeat (`requests.rs`).
fn is_change(task: &Task) -> bool {
    let Task::Action { action, .. } = task else {
        return false;
    };
    ActionKind::find(action).is_some_and(|kind| kind != ActionKind::Search)
}
