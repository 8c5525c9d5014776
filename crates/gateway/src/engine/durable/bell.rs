//! Work is begun when it comes, not when somebody asks for it next.

use std::time::Duration;

use duroxide::providers::ProviderError;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout_at};

/// How often work is asked for that no bell tells of: work of other processes, and work that falls due.
const ASKED_EVERY: Duration = Duration::from_millis(100);
/// How long after two askers got into each other's way one asks again.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Wakes those of this process who wait for work.
#[derive(Default)]
pub struct Bell(Notify);

impl Bell {
    /// There are `pieces` more to do: as many are woken.
    pub fn ring(&self, pieces: usize) {
        for _ in 0..pieces {
            self.0.notify_one();
        }
    }

    /// Lets `fetch` look for work at once and whenever the bell rings, for a while.
    ///
    /// # Errors
    /// The last answer of `fetch`, where it cannot be tried again or the database stays busy all the while.
    pub async fn wait<T, Fetched>(
        &self,
        mut fetch: impl FnMut() -> Fetched,
    ) -> Result<Option<T>, ProviderError>
    where
        Fetched: Future<Output = Result<Option<T>, ProviderError>>,
    {
        let end = Instant::now() + ASKED_EVERY;
        loop {
            match fetch().await {
                Ok(None) if timeout_at(end, self.0.notified()).await.is_ok() => {}
                Err(error) if error.is_retryable() && Instant::now() < end => {
                    sleep(BUSY_PAUSE).await;
                }
                found => return found,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::ready;

    use tokio::join;

    use super::*;

    /// Takes one of the pieces, if there is one.
    fn take(pieces: &Cell<u32>) -> Option<()> {
        let left = pieces.get().checked_sub(1);
        left.map(|left| pieces.set(left))
    }

    #[tokio::test]
    async fn whoever_waits_takes_what_comes_at_once() {
        let (bell, pieces) = (Bell::default(), Cell::new(0));
        let wait = || bell.wait(|| ready(Ok(take(&pieces))));
        let (one, two, three, ()) = join!(wait(), wait(), wait(), async {
            pieces.set(2);
            bell.ring(2);
        });
        let taken = [one, two, three].map(|answer| answer.expect("an answer").is_some());
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 2);
    }

    #[tokio::test]
    async fn a_bell_that_nobody_waits_for_is_heard_by_the_next() {
        let (bell, asked) = (Bell::default(), Cell::new(0));
        bell.ring(1);
        let fetch = || {
            asked.set(asked.get() + 1);
            ready(Ok((asked.get() == 2).then_some(())))
        };
        assert!(bell.wait(fetch).await.expect("an answer").is_some());
    }

    #[tokio::test]
    async fn without_a_bell_nothing_is_asked_until_the_wait_is_over() {
        let (bell, asked, begun) = (Bell::default(), Cell::new(0), Instant::now());
        let fetch = || {
            asked.set(asked.get() + 1);
            ready(Ok(None::<()>))
        };
        assert!(bell.wait(fetch).await.expect("an answer").is_none());
        assert_eq!((asked.get(), begun.elapsed() >= ASKED_EVERY), (1, true));
    }

    #[tokio::test]
    async fn a_busy_database_is_asked_again_and_a_broken_one_is_not() {
        let (bell, asked) = (Bell::default(), Cell::new(0));
        let fetch = || {
            asked.set(asked.get() + 1);
            let busy = Err(ProviderError::retryable("fetch", "database is locked"));
            ready(if asked.get() < 3 { busy } else { Ok(Some(())) })
        };
        assert!(bell.wait(fetch).await.expect("an answer").is_some());
        let broken = || {
            ready(Err::<Option<()>, _>(ProviderError::permanent(
                "fetch",
                "no such table",
            )))
        };
        assert!(bell.wait(broken).await.is_err());
        let busy = || {
            ready(Err::<Option<()>, _>(ProviderError::retryable(
                "fetch",
                "database is locked",
            )))
        };
        assert!(
            bell.wait(busy).await.is_err(),
            "the engine is told in the end"
        );
    }
}
