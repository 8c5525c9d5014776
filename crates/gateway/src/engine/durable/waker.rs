//! Work begins when it comes, not when somebody asks for it next.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use duroxide::providers::ProviderError;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};

/// How often somebody looks for work that nobody tells of, such as that of other processes, while there is work.
const BUSY_LOOK: Duration = Duration::from_millis(100);
/// The same while there is none.
const IDLE_LOOK: Duration = Duration::from_secs(10);
/// How long after the last piece of work there is some.
const BUSY_FOR: Duration = Duration::from_secs(10);
/// How long one waits at most: the engine looks then whether it is to stop.
const WAIT: Duration = Duration::from_secs(1);
/// Work that is due later than this is left to whoever looks.
const FAR_OFF: Duration = Duration::from_hours(1);
/// How long after two askers got into each other's way one asks again.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Wakes those of this process who wait for work. One of them looks now and then; the others wait to be woken.
#[derive(Default)]
pub struct Waker {
    woken: Notify,
    /// Held by the one who looks.
    looking: tokio::sync::Mutex<()>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    looked: Option<Instant>,
    found: Option<Instant>,
}

impl Waker {
    /// There may be more to do.
    pub fn wake(&self) {
        self.woken.notify_one();
    }

    /// There is more to do after `pause`. What is far off is found by whoever looks.
    pub fn wake_after(self: &Arc<Self>, pause: Duration) {
        if pause.is_zero() {
            return self.wake();
        }
        if pause < FAR_OFF {
            let waker = Arc::clone(self);
            tokio::spawn(async move {
                sleep(pause).await;
                waker.wake();
            });
        }
    }

    /// Lets `fetch` look for work when there may be some, for a while.
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
        let end = Instant::now() + WAIT;
        while self.is_called(end).await {
            match fetch().await {
                Ok(None) => {}
                Err(error) if error.is_retryable() && Instant::now() < end => {
                    sleep(BUSY_PAUSE).await;
                    self.wake();
                }
                answer => {
                    if answer.is_ok() {
                        self.seen().found = Some(Instant::now());
                    }
                    // Where one piece was there may be another; who finds none tells nobody.
                    self.wake();
                    return answer;
                }
            }
        }
        Ok(None)
    }

    /// Waits until there may be work; false when `end` comes first.
    async fn is_called(&self, end: Instant) -> bool {
        let look = async {
            let _looking = self.looking.lock().await;
            sleep_until(self.next_look()).await;
            self.seen().looked = Some(Instant::now());
        };
        tokio::select! {
            biased;
            () = self.woken.notified() => true,
            () = look => true,
            () = sleep_until(end) => false,
        }
    }

    fn next_look(&self) -> Instant {
        let seen = self.seen();
        let is_busy = seen.found.is_some_and(|found| found.elapsed() < BUSY_FOR);
        let pause = if is_busy { BUSY_LOOK } else { IDLE_LOOK };
        seen.looked
            .map_or_else(Instant::now, |looked| looked + pause)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
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
        let (waker, pieces) = (Waker::default(), Cell::new(0));
        let wait = || waker.wait(|| ready(Ok(take(&pieces))));
        let (one, two, three, ()) = join!(wait(), wait(), wait(), async {
            pieces.set(2);
            waker.wake();
        });
        let taken = [one, two, three].map(|answer| answer.expect("an answer").is_some());
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 2);
    }

    #[tokio::test]
    async fn what_nobody_waited_for_wakes_the_next() {
        let (waker, asked) = (Waker::default(), Cell::new(0));
        waker.wake();
        let fetch = || {
            asked.set(asked.get() + 1);
            ready(Ok((asked.get() == 2).then_some(())))
        };
        assert!(waker.wait(fetch).await.expect("an answer").is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn while_nobody_wakes_them_one_of_those_who_wait_looks_now_and_then() {
        let (waker, asked) = (Waker::default(), Cell::new(0));
        let idle = || async {
            let fetch = || {
                asked.set(asked.get() + 1);
                ready(Ok(None::<()>))
            };
            for _ in 0..60 {
                assert!(waker.wait(fetch).await.expect("an answer").is_none());
            }
        };
        // A minute of three who wait.
        join!(idle(), idle(), idle());
        let expected = 60 / IDLE_LOOK.as_secs();
        assert!(
            (expected..=expected + 2).contains(&asked.get()),
            "{}",
            asked.get()
        );
    }

    #[tokio::test(start_paused = true)]
    async fn while_there_is_work_that_of_others_is_found_soon() {
        let (waker, asked) = (Waker::default(), Cell::new(0));
        let fetch = || {
            asked.set(asked.get() + 1);
            ready(Ok((asked.get() == 1).then_some(())))
        };
        assert!(waker.wait(fetch).await.expect("an answer").is_some());
        let _ = waker.wait(fetch).await;
        assert!((10..=14).contains(&asked.get()), "{}", asked.get());
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_falls_due_is_found_then() {
        let (waker, asked) = (Arc::new(Waker::default()), Cell::new(0));
        let fetch = || {
            asked.set(asked.get() + 1);
            ready(Ok(None::<()>))
        };
        let _ = waker.wait(fetch).await;
        let before = asked.get();
        waker.wake_after(Duration::from_millis(500));
        let _ = waker.wait(fetch).await;
        assert_eq!(asked.get(), before + 1);
    }

    #[tokio::test]
    async fn a_busy_database_is_asked_again_and_a_broken_one_is_not() {
        let (waker, asked) = (Waker::default(), Cell::new(0));
        let fetch = || {
            asked.set(asked.get() + 1);
            let busy = Err(ProviderError::retryable("fetch", "database is locked"));
            ready(if asked.get() < 3 { busy } else { Ok(Some(())) })
        };
        assert!(waker.wait(fetch).await.expect("an answer").is_some());
        let broken = || {
            ready(Err::<Option<()>, _>(ProviderError::permanent(
                "fetch",
                "no such table",
            )))
        };
        assert!(waker.wait(broken).await.is_err());
        let busy = || {
            ready(Err::<Option<()>, _>(ProviderError::retryable(
                "fetch",
                "database is locked",
            )))
        };
        assert!(
            waker.wait(busy).await.is_err(),
            "the engine is told in the end"
        );
    }
}
