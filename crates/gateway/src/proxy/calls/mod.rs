//! Calls through the proxy, counted: per project and hour, by what came of them and how long the answer took.
//!
//! Nothing else of a call is kept. The counts grow in memory, so that a call waits for no database, and are written to
//! the database now and then by [`service`].

mod latency;
pub mod service;
pub mod store;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;

use crate::clock::Millis;

pub use latency::{Latencies, bound_of};

/// Milliseconds of an hour.
pub const HOUR: Millis = 60 * 60 * 1000;

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// An answer below 400.
    Answered,
    /// An answer of 400 to 499: the request was not accepted, by the provider or by the gateway.
    Refused,
    /// An answer from 500: the provider or the gateway failed.
    Failed,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: &'static [Self] = &[Self::Answered, Self::Refused, Self::Failed];

    /// As it stands in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// The outcome of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|outcome| outcome.as_str() == text)
    }

    /// The outcome of a call that was answered with `status`.
    pub fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            ..400 => Self::Answered,
            400..500 => Self::Refused,
            500.. => Self::Failed,
        }
    }
}

/// What calls must have in common to be counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallKind {
    /// Project.
    pub project: String,
    /// Begin of the hour, epoch milliseconds.
    pub hour: Millis,
    /// What came of them.
    pub outcome: Outcome,
    /// The answer took so many milliseconds at most: a bound of [`bound_of`].
    pub up_to_ms: u32,
}

/// Calls of this process that are not in the database yet.
#[derive(Debug, Default)]
pub struct ProxyCalls(Mutex<BTreeMap<CallKind, u64>>);

impl ProxyCalls {
    /// Counts a call of `project` that was answered at `now`, after `took`.
    pub fn record(&self, project: &str, now: Millis, status: StatusCode, took: Duration) {
        let kind = CallKind {
            project: project.to_owned(),
            hour: now.div_euclid(HOUR) * HOUR,
            outcome: Outcome::of(status),
            up_to_ms: bound_of(took),
        };
        *self.counts().entry(kind).or_default() += 1;
    }

    /// Takes the counts out, to be written down.
    pub fn take(&self) -> BTreeMap<CallKind, u64> {
        std::mem::take(&mut self.counts())
    }

    /// Puts counts back that could not be written down.
    pub fn put_back(&self, taken: BTreeMap<CallKind, u64>) {
        let mut counts = self.counts();
        for (kind, calls) in taken {
            *counts.entry(kind).or_default() += calls;
        }
    }

    /// No code that holds the lock can panic half way, so what a panic elsewhere leaves is sound.
    fn counts(&self) -> MutexGuard<'_, BTreeMap<CallKind, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_one_kind_are_counted_together() {
        let calls = ProxyCalls::default();
        let took = Duration::from_millis(7);
        calls.record("app", HOUR, StatusCode::OK, took);
        calls.record("app", 2 * HOUR - 1, StatusCode::NOT_MODIFIED, took);
        calls.record("app", 2 * HOUR, StatusCode::OK, took);
        calls.record("app", HOUR, StatusCode::NOT_FOUND, took);
        calls.record("other", HOUR, StatusCode::BAD_GATEWAY, took);
        let taken = calls.take();
        let seen: Vec<_> = taken
            .iter()
            .map(|(kind, calls)| {
                (
                    kind.project.as_str(),
                    kind.hour / HOUR,
                    kind.outcome,
                    *calls,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("app", 1, Outcome::Answered, 2),
                ("app", 1, Outcome::Refused, 1),
                ("app", 2, Outcome::Answered, 1),
                ("other", 1, Outcome::Failed, 1),
            ]
        );
        assert!(calls.take().is_empty());
    }

    #[test]
    fn what_is_put_back_adds_to_what_came_meanwhile() {
        let calls = ProxyCalls::default();
        let record = || calls.record("app", 0, StatusCode::OK, Duration::ZERO);
        record();
        let taken = calls.take();
        record();
        calls.put_back(taken);
        assert_eq!(calls.take().into_values().collect::<Vec<_>>(), [2]);
    }
}
