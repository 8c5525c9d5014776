//! Taking turns with the other gateways: a lease that is renewed while it is held, and waiting for one no longer than is
//! bearable.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

use crate::store::Store;

/// Between two looks for a lease, growing from the first to the second.
const FIRST_LOOK: Duration = Duration::from_millis(50);
const LAST_LOOK: Duration = Duration::from_secs(1);
/// A lease is renewed so often before it runs out.
const RENEWALS: u32 = 6;
/// What is done only while a lease is held is dropped when this part of its time went by without a renewal.
const SURE: u32 = 2;

/// A lease that is held. Dropped, it is renewed no more and runs out by itself.
#[derive(Debug)]
pub struct Lease {
    store: Store,
    name: String,
    holder: String,
    /// Until when it is surely held, with time to spare, by this process's clock.
    sure_until: watch::Receiver<Instant>,
    renewing: JoinHandle<()>,
}

impl Lease {
    /// Takes the lease `name` for `holder`; none while somebody else has it.
    ///
    /// # Errors
    /// The database cannot be used.
    pub async fn take(
        store: &Store,
        name: &str,
        holder: &str,
        time: Duration,
    ) -> Result<Option<Self>, sqlx::Error> {
        // Counted from before the database was asked: the lease runs out later than that.
        let asked = Instant::now();
        if !store.take_lease(name, holder, time).await? {
            return Ok(None);
        }
        let (sure, sure_until) = watch::channel(asked + time / SURE);
        let named = (name.to_owned(), holder.to_owned());
        let renewal = renew(store.clone(), named, time, sure);
        Ok(Some(Self {
            store: store.clone(),
            name: name.to_owned(),
            holder: holder.to_owned(),
            sure_until,
            renewing: tokio::spawn(renewal),
        }))
    }

    /// Does `work` while the lease is surely held. None: it was not renewed in time, and the work was dropped where it stood,
    /// long before somebody else can have the lease.
    pub async fn while_held<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let is_sure = || Instant::now() < *self.sure_until.borrow();
        let lapse = async {
            while is_sure() {
                let until = *self.sure_until.borrow();
                sleep_until(until).await;
            }
        };
        let (mut work, mut lapse) = (pin!(work), pin!(lapse));
        poll_fn(|context| {
            // The clock itself is looked at before every step: the timers of a process that was stopped are late.
            if !is_sure() || lapse.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            work.as_mut().poll(context).map(Some)
        })
        .await
    }

    /// Gives it back, so that others need not wait until it runs out.
    pub async fn give_back(self) {
        self.renewing.abort();
        // It runs out by itself too: what was done under it is good.
        if let Err(error) = self.store.give_back_lease(&self.name, &self.holder).await {
            tracing::warn!(%error, "a lease was not given back");
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

async fn renew(
    store: Store,
    (name, holder): (String, String),
    time: Duration,
    sure: watch::Sender<Instant>,
) {
    loop {
        sleep(time / RENEWALS).await;
        let asked = Instant::now();
        match store.renew_lease(&name, &holder, time).await {
            Ok(true) => drop(sure.send_replace(asked + time / SURE)),
            Ok(false) => {
                tracing::warn!(lease = name, "a lease was lost while it was held");
                sure.send_replace(asked);
                return;
            }
            // The next renewal comes before it has run out.
            Err(error) => tracing::warn!(%error, "a lease was not renewed"),
        }
    }
}

/// Waits for a lease that somebody else may have.
#[derive(Debug)]
pub struct Queue<'a> {
    store: &'a Store,
    name: &'a str,
    holder: &'a str,
    time: Duration,
    deadline: Instant,
    pause: Duration,
}

/// What one try to get a lease came to.
#[derive(Debug)]
pub enum Turn {
    /// It is the caller's turn.
    Mine(Lease),
    /// Somebody else has it, and a little time went by: is it still needed?
    NotYet,
    /// It did not come in time.
    Late,
}

impl<'a> Queue<'a> {
    /// A place in the queue for the lease `name`, which lasts for `time`; nobody waits after `deadline`.
    pub fn new(
        store: &'a Store,
        (name, holder): (&'a str, &'a str),
        time: Duration,
        deadline: Instant,
    ) -> Self {
        Self {
            store,
            name,
            holder,
            time,
            deadline,
            pause: FIRST_LOOK,
        }
    }

    /// Tries once, and waits a little where somebody else has it.
    ///
    /// # Errors
    /// The database cannot be used.
    pub async fn next(&mut self) -> Result<Turn, sqlx::Error> {
        if let Some(lease) = Lease::take(self.store, self.name, self.holder, self.time).await? {
            return Ok(Turn::Mine(lease));
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Turn::Late);
        }
        sleep(self.pause.min(left)).await;
        self.pause = (self.pause * 2).min(LAST_LOOK);
        Ok(Turn::NotYet)
    }

    /// Tries until it is the caller's turn, or too late: none then.
    ///
    /// # Errors
    /// The database cannot be used.
    pub async fn wait(mut self) -> Result<Option<Lease>, sqlx::Error> {
        loop {
            match self.next().await? {
                Turn::Mine(lease) => return Ok(Some(lease)),
                Turn::NotYet => {}
                Turn::Late => return Ok(None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn store() -> Store {
        Store::open("sqlite::memory:").await.expect("a database")
    }

    /// Waits for the turn of `holder`, at most `wait`.
    async fn wait_for(store: &Store, holder: &str, wait: Duration) -> Option<Lease> {
        let deadline = Instant::now() + wait;
        let time = Duration::from_millis(300);
        let queue = Queue::new(store, ("work", holder), time, deadline);
        queue.wait().await.expect("the database answers")
    }

    #[tokio::test]
    async fn work_that_takes_longer_than_a_lease_keeps_it() {
        let store = store().await;
        let lease = wait_for(&store, "slow", Duration::ZERO).await;
        // Five times as long as the lease lasts.
        let other = wait_for(&store, "other", Duration::from_millis(1500)).await;
        assert!(other.is_none(), "the holder still has it");
        lease.expect("it was free").give_back().await;
        let other = wait_for(&store, "other", Duration::ZERO).await;
        assert!(other.is_some(), "it was given back");
    }

    #[tokio::test]
    async fn work_goes_on_while_its_lease_is_renewed_and_is_dropped_when_it_is_lost() {
        let store = store().await;
        let time = Duration::from_secs(3);
        let lease = Lease::take(&store, "work", "one", time).await;
        let lease = lease.expect("the database answers").expect("it was free");
        // Longer than a lease is trusted that is not renewed.
        let slow = lease.while_held(sleep(Duration::from_secs(2))).await;
        assert!(slow.is_some(), "it was renewed");
        // As when it ran out and somebody else took it.
        let given = store.give_back_lease("work", "one").await;
        given.expect("the database answers");
        let limit = Duration::from_secs(20);
        let endless = lease.while_held(std::future::pending::<()>());
        let dropped = tokio::time::timeout(limit, endless).await;
        assert_eq!(dropped, Ok(None));
        let late = lease.while_held(async { "sent" }).await;
        assert_eq!(late, None, "nothing is begun without it");
    }

    #[tokio::test]
    async fn the_lease_of_one_that_died_is_free_after_its_time_and_for_its_holder_at_once() {
        let store = store().await;
        drop(wait_for(&store, "dead", Duration::ZERO).await);
        let again = wait_for(&store, "dead", Duration::ZERO).await;
        assert!(again.is_some(), "it is its holder's");
        drop(again);
        let early = wait_for(&store, "other", Duration::ZERO).await;
        assert!(early.is_none(), "it has not run out");
        let later = wait_for(&store, "other", Duration::from_secs(20)).await;
        assert!(later.is_some(), "it ran out");
    }
}
