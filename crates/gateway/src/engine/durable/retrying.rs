//! A database that is busy, or a connection that breaks, while something is written down ends no run and repeats no step.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use duroxide::providers::ProviderError;

/// How often something is tried to be written down, within about 400 ms.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_millis(25);

/// Lets `write` try until it succeeds, for a while, as long as its errors are `worth` it. Where it was written and only the
/// answer was lost, the lease is over, and the next try says so.
///
/// # Errors
/// The last one.
pub async fn again<Written>(
    worth: impl Fn(&ProviderError) -> bool,
    mut write: impl FnMut() -> Written,
) -> Result<(), ProviderError>
where
    Written: Future<Output = Result<(), ProviderError>>,
{
    for tried in 1..TRIES {
        match write().await {
            Err(error) if worth(&error) => tokio::time::sleep(PAUSE * tried).await,
            answer => return answer,
        }
    }
    write().await
}

/// The engine ends a run as failed where what came of it cannot be written down, and calls a connection that the server
/// closed such a case, and a file that is locked for longer than it likes. Here the writing is tried again; and where that does
/// not help, the failure is not written down either. The lease runs out then, and somebody leads the run on from where it was.
#[derive(Default)]
pub struct RetryingWrites {
    /// Leases whose pieces could not be written down.
    given_up: Mutex<HashSet<String>>,
}

impl RetryingWrites {
    /// Lets `write` write down what was done under `lease`.
    ///
    /// # Errors
    /// It could not be written, or this is what the engine makes of such an error.
    pub async fn write<Written>(
        &self,
        lease: &str,
        write: impl FnMut() -> Written,
    ) -> Result<(), ProviderError>
    where
        Written: Future<Output = Result<(), ProviderError>>,
    {
        const NAME: &str = "ack_orchestration_item";
        // It was given up before: this is the failure of the run.
        if self.given_up().remove(lease) {
            let message = "not written down: somebody else leads the run on";
            return Err(ProviderError::permanent(NAME, message));
        }
        again(|_| true, write).await.map_err(|error| {
            self.given_up().insert(lease.to_owned());
            ProviderError::permanent(NAME, error.message)
        })
    }

    fn given_up(&self) -> MutexGuard<'_, HashSet<String>> {
        self.given_up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::ready;

    use super::*;

    fn busy() -> ProviderError {
        ProviderError::retryable("ack", "database is locked")
    }

    #[tokio::test]
    async fn what_fails_is_written_when_it_can_be() {
        let tried = Cell::new(0);
        let write = || {
            tried.set(tried.get() + 1);
            ready(if tried.get() < TRIES {
                Err(busy())
            } else {
                Ok(())
            })
        };
        assert!(
            RetryingWrites::default()
                .write("lease", write)
                .await
                .is_ok()
        );
        assert_eq!(tried.get(), TRIES);
    }

    #[tokio::test]
    async fn the_failure_of_a_run_that_could_not_be_written_is_not_written_either() {
        let writing = RetryingWrites::default();
        let lost = writing.write("lease", || ready(Err(busy()))).await;
        let lost = lost.expect_err("it could not be written");
        assert!(
            !lost.is_retryable(),
            "the engine does not try the same again"
        );
        let written = Cell::new(0);
        let write = || {
            written.set(written.get() + 1);
            ready(Ok(()))
        };
        assert!(writing.write("lease", write).await.is_err());
        assert_eq!(written.get(), 0);
        assert!(writing.write("another lease", write).await.is_ok());
        assert!(writing.write("lease", write).await.is_ok(), "said once");
    }

    #[tokio::test]
    async fn what_is_not_worth_it_is_not_tried_again() {
        let tried = Cell::new(0);
        let write = || {
            tried.set(tried.get() + 1);
            ready(Err(ProviderError::permanent("ack", "no such lease")))
        };
        assert!(again(ProviderError::is_retryable, write).await.is_err());
        assert_eq!(tried.get(), 1);
    }
}
