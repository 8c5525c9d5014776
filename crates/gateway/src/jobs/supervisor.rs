//! Keeps going what the gateway does of itself: a pass that fails or panics is told, counted and followed by the next, and
//! none is under way any more when the database closes.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::{ApiError, ApiResult};

/// Passes that may fail one after another before the gateway is not ready.
const FAILURES: u32 = 3;
/// A pass that takes longer hangs: providers are given up after 30 seconds each.
const HANGS: Duration = Duration::from_mins(10);
/// The longest pause after panics, which double it.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// Within this, nearly everything ends when the gateway stops.
const SOON: Duration = Duration::from_millis(500);
/// How long is waited at the end for what is under way.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is done again and again.
pub type Work = Box<dyn Fn() -> BoxFuture<'static, ApiResult<()>> + Send + Sync>;

/// Runs loops, and knows how they fare.
#[derive(Debug, Default)]
pub struct Supervisor {
    loops: Mutex<Vec<Arc<Record>>>,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

/// How a loop fares.
#[derive(Debug, Clone, Default)]
pub struct Health {
    /// Passes that came to a good end.
    pub passes: u64,
    /// Passes that failed.
    pub failures: u64,
    /// Passes that panicked.
    pub panics: u64,
    /// Passes without a good end since the last one that had one.
    pub failed_in_a_row: u32,
    began: Option<Instant>,
}

impl Health {
    /// Whether its work is being done.
    pub fn is_good(&self) -> bool {
        let hangs = self.began.is_some_and(|began| began.elapsed() > HANGS);
        self.failed_in_a_row < FAILURES && !hangs
    }
}

#[derive(Debug)]
struct Record {
    name: &'static str,
    every: Duration,
    health: Mutex<Health>,
}

impl Record {
    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self, ended: Result<ApiResult<()>, Box<dyn Any + Send>>) -> Duration {
        let mut health = self.health();
        health.began = None;
        match ended {
            Ok(Ok(())) => {
                health.passes += 1;
                health.failed_in_a_row = 0;
                self.every
            }
            Ok(Err(error)) => {
                health.failures += 1;
                health.failed_in_a_row += 1;
                self.tell(&error);
                self.every
            }
            // What it said and where stands in the log already.
            Err(_) => {
                health.panics += 1;
                health.failed_in_a_row += 1;
                self.tell(&ApiError::internal("it panicked"));
                let doubled = 2_u32.saturating_pow(health.failed_in_a_row);
                let pause = self.every.saturating_mul(doubled);
                pause.min(LONGEST_PAUSE.max(self.every))
            }
        }
    }

    fn tell(&self, error: &ApiError) {
        tracing::error!(
            background = self.name,
            error = error.in_full(),
            "work in the background failed; it is tried again"
        );
    }
}

impl Supervisor {
    /// Does `work` now and `every` so long after it ended, until [`Supervisor::stop`].
    pub fn repeat(&self, name: &'static str, every: Duration, work: Work) {
        self.run(name, every, None, work);
    }

    /// Does `work` whenever `waker` is notified, with a pause of `every` between, until [`Supervisor::stop`].
    pub fn when_woken(&self, name: &'static str, every: Duration, waker: Arc<Notify>, work: Work) {
        self.run(name, every, Some(waker), work);
    }

    fn run(&self, name: &'static str, every: Duration, waker: Option<Arc<Notify>>, work: Work) {
        let record = Arc::new(Record {
            name,
            every,
            health: Mutex::default(),
        });
        self.loops().push(Arc::clone(&record));
        let stopping = self.stopping.clone();
        self.tasks.spawn(async move {
            loop {
                let woken = async {
                    if let Some(waker) = &waker {
                        waker.notified().await;
                    }
                };
                tokio::select! { biased; () = stopping.cancelled() => break, () = woken => {} }
                record.health().began = Some(Instant::now());
                // Nothing that a pass left half done is looked at again: what it works on stands in the database.
                let pass = AssertUnwindSafe(async { work().await });
                let pause = record.ended(pass.catch_unwind().await);
                tokio::select! { () = stopping.cancelled() => {}, () = sleep(pause) => {} }
            }
        });
    }

    /// Does `work` to its end although whoever asked for it may go away; the database is not closed before.
    pub fn finish<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.tasks.spawn(work)
    }

    /// How each loop fares, by name.
    pub fn health(&self) -> Vec<(&'static str, Health)> {
        let loops = self.loops();
        let of = |record: &Arc<Record>| (record.name, record.health().clone());
        loops.iter().map(of).collect()
    }

    /// Begins nothing more, and waits for what is under way, though not for ever.
    pub async fn stop(&self) {
        self.stopping.cancel();
        self.tasks.close();
        if timeout(SOON, self.tasks.wait()).await.is_ok() {
            return;
        }
        tracing::info!("the gateway waits for work in the background before it ends");
        if timeout(PATIENCE, self.tasks.wait()).await.is_err() {
            tracing::warn!("work in the background has not ended; the next start takes it up");
        }
    }

    fn loops(&self) -> MutexGuard<'_, Vec<Arc<Record>>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const EVERY: Duration = Duration::from_secs(1);

    fn only(supervisor: &Supervisor) -> Health {
        supervisor.health().remove(0).1
    }

    /// Waits, in the test's own time, until a loop fares so.
    async fn until(supervisor: &Supervisor, fares: impl Fn(&Health) -> bool) -> Health {
        let waited = async {
            while !fares(&only(supervisor)) {
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(Duration::from_hours(1), waited)
            .await
            .expect("it fares so");
        only(supervisor)
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_panics_goes_on_after_growing_pauses_and_is_counted() {
        let (supervisor, tries) = (Supervisor::default(), Arc::new(AtomicU32::new(0)));
        let began = Instant::now();
        let counted = Arc::clone(&tries);
        let work = move || -> BoxFuture<'static, ApiResult<()>> {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                assert!(number >= 4, "the first four panic");
                Ok(())
            })
        };
        supervisor.repeat("test", EVERY, Box::new(work));
        let bad = until(&supervisor, |health| health.panics == 3).await;
        assert!(!bad.is_good());
        let good = until(&supervisor, |health| health.passes == 1).await;
        assert_eq!((good.panics, good.failed_in_a_row), (4, 0));
        assert!(good.is_good());
        assert!(began.elapsed() >= EVERY * (2 + 4 + 8 + 16));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pass_that_fails_is_tried_again_at_its_time() {
        let supervisor = Supervisor::default();
        let began = Instant::now();
        let work = || -> BoxFuture<'static, ApiResult<()>> {
            Box::pin(async { Err(ApiError::internal("the database is away")) })
        };
        supervisor.repeat("test", EVERY, Box::new(work));
        let health = until(&supervisor, |health| health.failures == 10).await;
        assert!(!health.is_good() && began.elapsed() < EVERY * 11);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pass_that_hangs_is_noticed() {
        let supervisor = Supervisor::default();
        let work = || -> BoxFuture<'static, ApiResult<()>> { Box::pin(std::future::pending()) };
        supervisor.repeat("test", EVERY, Box::new(work));
        sleep(HANGS / 2).await;
        assert!(only(&supervisor).is_good());
        sleep(HANGS).await;
        assert!(!only(&supervisor).is_good());
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_waits_for_what_is_under_way_and_begins_nothing_more() {
        let (supervisor, done) = (Arc::new(Supervisor::default()), Arc::new(AtomicU32::new(0)));
        let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (says, waits, counts) = (Arc::clone(&begun), Arc::clone(&go_on), Arc::clone(&done));
        let work = move || -> BoxFuture<'static, ApiResult<()>> {
            let (says, waits, counts) =
                (Arc::clone(&says), Arc::clone(&waits), Arc::clone(&counts));
            Box::pin(async move {
                says.notify_one();
                waits.notified().await;
                counts.fetch_add(1, Ordering::SeqCst);
                Ok(())
            })
        };
        supervisor.repeat("test", EVERY, Box::new(work));
        begun.notified().await;
        let stopping = Arc::clone(&supervisor);
        let stopped = tokio::spawn(async move { stopping.stop().await });
        sleep(EVERY).await;
        assert!(!stopped.is_finished(), "a pass is under way");
        go_on.notify_one();
        stopped.await.expect("it stops");
        sleep(EVERY * 5).await;
        assert_eq!(done.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_waits_to_be_woken_is_done_once_each_time() {
        let (supervisor, waker) = (Supervisor::default(), Arc::new(Notify::new()));
        let work = || -> BoxFuture<'static, ApiResult<()>> { Box::pin(async { Ok(()) }) };
        supervisor.when_woken("test", EVERY, Arc::clone(&waker), Box::new(work));
        sleep(EVERY * 10).await;
        assert_eq!(only(&supervisor).passes, 0);
        for passes in 1..4 {
            waker.notify_one();
            until(&supervisor, |health| health.passes == passes).await;
            sleep(EVERY * 10).await;
            assert_eq!(only(&supervisor).passes, passes);
        }
        supervisor.stop().await;
    }
}
