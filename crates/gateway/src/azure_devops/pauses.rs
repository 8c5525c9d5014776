//! Accounts that the provider asked to wait: with any answer, of whatever status, and whoever sent the request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

/// Longest pause that is kept.
pub const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Until when no request is sent with a credential.
#[derive(Debug, Default)]
pub struct ProviderPauses(Mutex<HashMap<Uuid, Instant>>);

impl ProviderPauses {
    /// The provider asks for `wait` before the next request of `credential`.
    pub fn note(&self, credential: Uuid, wait: Duration, now: Instant) {
        let until = now + wait.min(LONGEST_PAUSE);
        let mut pauses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pauses.retain(|_, until| *until > now);
        let kept = pauses.entry(credential).or_insert(until);
        *kept = until.max(*kept);
    }

    /// How long is left of the pause of `credential`.
    pub fn left(&self, credential: Uuid, now: Instant) -> Option<Duration> {
        let pauses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = pauses.get(&credential)?.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_pause_counts_and_ends() {
        let (pauses, one, other) = (ProviderPauses::default(), Uuid::new_v4(), Uuid::new_v4());
        let now = Instant::now();
        pauses.note(one, Duration::from_secs(5), now);
        pauses.note(one, Duration::from_secs(2), now);
        assert_eq!(pauses.left(one, now), Some(Duration::from_secs(5)));
        assert_eq!(pauses.left(other, now), None);
        pauses.note(other, Duration::MAX, now);
        assert_eq!(pauses.left(other, now), Some(LONGEST_PAUSE));
        assert_eq!(pauses.left(one, now + Duration::from_secs(5)), None);
    }
}
