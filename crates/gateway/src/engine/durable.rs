//! The runtime over `duroxide`: an orchestration that interprets a definition, and activities that do its steps.

mod database;
mod provider;
mod retrying;
#[cfg(test)]
mod tests;
mod waker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::runtime::{OrchestrationStatus, Runtime, RuntimeOptions};
use duroxide::{
    ActivityContext, Client, ClientError, OrchestrationContext, OrchestrationRegistry, RetryPolicy,
};
use futures_util::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

use database::Database;

use super::runtime::{EngineStatus, Performer, RuntimeError, WorkflowRuntime};
use paragon_workflow::{Host, Lane, interpret};
use paragon_workflow::{RunInput, StepCall, StepError};

/// Name of the orchestration. A change of the interpreter that would lead old runs another way needs a new version.
const RUN: &str = "run";
const STEP: &str = "step";
const END: &str = "end";
const RECONNECTED: &str = "reconnected";
/// How long after a crash its work is taken up by another process, or by the next start.
const LEASE: Duration = Duration::from_secs(6);
const LEASE_RENEWED_BEFORE: Duration = Duration::from_secs(3);
/// Crashes in the middle of the same piece of work, after which it is taken for the cause.
const MAX_CRASHES: u32 = 25;
/// Tries to write down how a run ended, up to 30 seconds apart: about half an hour.
const END_TRIES: u32 = 60;
/// How often a call is sent again while the engine's database is busy, with pauses from 20 ms to 1 s: about 6 seconds.
const BUSY_TRIES: u32 = 12;
/// What is under way when the process stops gets this long.
const PATIENCE_MS: u64 = 5_000;

/// Runs workflows with their state in a database.
pub struct DurableRuntime {
    client: Client,
    runtime: Arc<Runtime>,
}

impl fmt::Debug for DurableRuntime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("DurableRuntime")
    }
}

impl DurableRuntime {
    /// Opens the database at `url` and begins to work: an `SQLite` file, which is created, or a `PostgreSQL` database, in
    /// which the engine creates a schema of its own and which other processes may use as well.
    ///
    /// # Errors
    /// The database cannot be opened.
    pub async fn start(url: &str, performer: Arc<dyn Performer>) -> Result<Self, RuntimeError> {
        let Database {
            provider,
            orchestrations,
            steps,
        } = database::open(url).await?;
        let options = RuntimeOptions {
            // The provider waits until there is work.
            dispatcher_min_poll_interval: Duration::ZERO,
            orchestration_concurrency: orchestrations,
            worker_concurrency: steps,
            worker_lock_timeout: LEASE,
            worker_lock_renewal_buffer: LEASE_RENEWED_BEFORE,
            max_attempts: MAX_CRASHES,
            ..RuntimeOptions::default()
        };
        let orchestrations = OrchestrationRegistry::builder()
            .register(RUN, orchestrate)
            .build();
        let runtime = Runtime::start_with_options(
            Arc::clone(&provider),
            activities(performer),
            orchestrations,
            options,
        )
        .await;
        Ok(Self {
            client: Client::new(provider),
            runtime,
        })
    }
}

/// Asks again while the engine's database is busy: its transactions read before they write, and `SQLite` ends one that is
/// too late for that at once instead of letting it wait (`SQLITE_BUSY_SNAPSHOT`). Nothing of it was kept then. `PostgreSQL` has
/// no such limit: there it is connections that cannot be had or were lost.
async fn once_free<T, Asked>(mut ask: impl FnMut() -> Asked) -> Result<T, ClientError>
where
    Asked: Future<Output = Result<T, ClientError>>,
{
    let mut pause = Duration::from_millis(20);
    for _ in 1..BUSY_TRIES {
        match ask().await {
            Err(error) if error.is_retryable() => tokio::time::sleep(pause).await,
            answer => return answer,
        }
        pause = (pause * 2).min(Duration::from_secs(1));
    }
    ask().await
}

fn failed(error: impl fmt::Display) -> RuntimeError {
    RuntimeError(error.to_string())
}

fn activities(performer: Arc<dyn Performer>) -> ActivityRegistry {
    let (steps, ends) = (Arc::clone(&performer), performer);
    ActivityRegistry::builder()
        .register(STEP, move |_: ActivityContext, call: String| {
            let performer = Arc::clone(&steps);
            async move {
                let call = read(&call)?;
                performer
                    .step(call)
                    .await
                    .map(|output| output.to_string())
                    .map_err(|error| written(&error))
            }
        })
        .register(END, move |_: ActivityContext, ending: String| {
            let performer = Arc::clone(&ends);
            async move {
                performer
                    .end(read(&ending)?)
                    .await
                    .map(|()| String::new())
                    .map_err(|error| written(&error))
            }
        })
        .build()
}

async fn orchestrate(context: OrchestrationContext, input: String) -> Result<String, String> {
    let input: RunInput = read(&input)?;
    let ending = interpret(&DurableHost(context.clone()), input).await;
    // The database may be away for a while, and an end that is not written down is none.
    let policy = RetryPolicy::new(END_TRIES);
    context
        .schedule_activity_with_retry(END, written(&ending), policy)
        .await
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text)
        .map_err(|error| written(&StepError::new("internal", error.to_string())))
}

/// These types are written without fail: their maps have text for keys.
fn written<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The interpreter's outside.
struct DurableHost(OrchestrationContext);

impl Host for DurableHost {
    fn step(&self, call: StepCall) -> BoxFuture<'static, Result<Value, StepError>> {
        let answer = self.0.schedule_activity(STEP, written(&call));
        let answer =
            answer.map(|answer| match answer {
                Ok(output) => Ok(serde_json::from_str(&output).unwrap_or_default()),
                Err(error) => Err(serde_json::from_str(&error)
                    .unwrap_or_else(|_| StepError::new("internal", error))),
            });
        Box::pin(answer)
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        Box::pin(self.0.schedule_timer(time))
    }

    fn reconnected(&self) -> BoxFuture<'static, ()> {
        let waiting = self.0.dequeue_event(RECONNECTED);
        Box::pin(async move { drop(waiting.await) })
    }

    fn together<'a>(&self, lanes: Vec<BoxFuture<'a, Lane>>) -> BoxFuture<'a, Vec<Lane>> {
        let context = self.0.clone();
        Box::pin(async move { context.join(lanes).await })
    }
}

#[async_trait]
impl WorkflowRuntime for DurableRuntime {
    async fn start(&self, input: &RunInput) -> Result<(), RuntimeError> {
        let id = input.run.to_string();
        // The engine would leave a second start aside as well, with a warning.
        if self.status(input.run).await? != EngineStatus::Unknown {
            return Ok(());
        }
        once_free(|| self.client.start_orchestration(&id, RUN, written(input)))
            .await
            .map_err(failed)
    }

    async fn reconnected(&self, run: Uuid) -> Result<(), RuntimeError> {
        once_free(|| self.client.enqueue_event(run.to_string(), RECONNECTED, ""))
            .await
            .map_err(failed)
    }

    async fn cancel(&self, run: Uuid) -> Result<(), RuntimeError> {
        once_free(|| self.client.cancel_instance(run.to_string(), "cancelled"))
            .await
            .map_err(failed)
    }

    async fn status(&self, run: Uuid) -> Result<EngineStatus, RuntimeError> {
        let id = run.to_string();
        let status = once_free(|| self.client.get_orchestration_status(&id))
            .await
            .map_err(failed)?;
        Ok(match status {
            OrchestrationStatus::NotFound => EngineStatus::Unknown,
            OrchestrationStatus::Running { .. } => EngineStatus::Running,
            OrchestrationStatus::Completed { .. } => EngineStatus::Ended,
            OrchestrationStatus::Failed { details, .. } => EngineStatus::Stopped {
                reason: details.display_message(),
            },
        })
    }

    async fn forget(&self, run: Uuid) -> Result<(), RuntimeError> {
        let id = run.to_string();
        match once_free(|| self.client.delete_instance(&id, true)).await {
            Ok(_) | Err(ClientError::InstanceNotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    async fn shutdown(&self) {
        Arc::clone(&self.runtime).shutdown(Some(PATIENCE_MS)).await;
    }
}
