//! The clock, given in so that tests decide what time it is.

use std::sync::Arc;
use std::time::Duration;

/// Epoch milliseconds.
pub type Millis = i64;

/// A span of time in buckets of one width, epoch milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Begin of the first bucket.
    pub from: Millis,
    /// End of the last bucket, itself outside.
    pub until: Millis,
    /// Width of a bucket.
    pub width: Millis,
}

/// Tells the time in epoch milliseconds.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Millis + Send + Sync>);

impl std::fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Clock")
    }
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(|| jiff::Timestamp::now().as_millisecond()))
    }

    /// A clock made of any function, for tests.
    pub fn from_fn(now: impl Fn() -> Millis + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Now, in epoch milliseconds.
    pub fn now(&self) -> Millis {
        (self.0)()
    }

    /// `after` from now, in epoch milliseconds.
    pub fn in_future(&self, after: Duration) -> Millis {
        self.now()
            .saturating_add(i64::try_from(after.as_millis()).unwrap_or(i64::MAX))
    }
}

/// `millis` as RFC 3339 with milliseconds, the form of every date in the API.
pub fn rfc3339(millis: Millis) -> String {
    jiff::Timestamp::from_millisecond(millis)
        .map(|timestamp| format!("{timestamp:.3}"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn dates_have_three_decimals() {
        assert_eq!(rfc3339(1_704_067_200_000), "2024-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(1_704_067_200_120), "2024-01-01T00:00:00.120Z");
    }
}
