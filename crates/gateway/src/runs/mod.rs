//! Runs of workflows: started by what comes in, done step by step, kept as history.

mod change_log;
mod create_once;
pub mod dashboard;
pub mod dashboard_routes;
mod delete_once;
mod dispatch;
mod history;
mod inputs;
mod perform;
pub mod requests;
pub mod sdk_routes;
mod step_error;
mod step_lease;
pub mod store;
mod sweep;
mod update_once;

use std::sync::Arc;
use std::time::Duration;

use paragon_wire::ErrorCode;
use serde_json::Value;
use uuid::Uuid;

pub use change_log::ChangeLog;
pub use dispatch::{dispatch, is_awaited, is_permitted, settings_of};
pub use history::{
    HistoryQuery, RunDetails, RunPage, Whose, cancel, list, replay, show, step_names,
};
pub use inputs::inputs;
pub use perform::{RunPerformer, read_action};
pub use step_error::step_error;
pub use sweep::{at_rest, forget, sweep};

use self::store::RunRow;
use crate::error::{ApiError, ApiResult};
use crate::state::App;

/// How long a request waits for the answer of its run.
const ANSWER_WITHIN: Duration = Duration::from_secs(55);
/// Answers that another node wrote are noticed this soon.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What a run answered to the request that started it.
#[derive(Debug)]
pub struct RunAnswer {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Value,
}

/// The answer of a run; none if it ends without one, or takes longer than 55 seconds.
pub async fn answer(app: &App, run: Uuid) -> ApiResult<Option<RunAnswer>> {
    let deadline = tokio::time::Instant::now() + ANSWER_WITHIN;
    let key = run.to_string();
    loop {
        let changed = app.run_changes.changed(&key);
        let row = app.store.run_of_engine(run).await?;
        let row = row.ok_or_else(|| ApiError::internal("a run is gone"))?;
        if let Some(response) = row.response {
            return Ok(Some(RunAnswer {
                status: response["status"]
                    .as_u64()
                    .and_then(|status| u16::try_from(status).ok())
                    .unwrap_or(200),
                body: response["body"].clone(),
            }));
        }
        let now = tokio::time::Instant::now();
        if row.status.is_over() || now >= deadline {
            return Ok(None);
        }
        let next = (now + LOOK_AGAIN).min(deadline);
        tokio::select! { () = changed => {}, () = tokio::time::sleep_until(next) => {} }
    }
}

/// Hands a run that is written down to the engine.
async fn start(app: &App, run: &RunRow) -> ApiResult<()> {
    let Some(engine) = app.engine.get() else {
        return Ok(());
    };
    let definition = app
        .store
        .workflow_version(&run.project, &run.workflow, run.version)
        .await?
        .ok_or_else(|| ApiError::internal("a run of a version that is not there"))?;
    let input = paragon_workflow::RunInput {
        run: run.id,
        definition,
        trigger: run.input.clone(),
        settings: run.settings.as_object().cloned().unwrap_or_default(),
        user: run.user.as_str().to_owned(),
        meta: run.meta.clone(),
    };
    engine.start(&input).await.map_err(engine_error)?;
    app.store.run_started(run.id, app.clock.now()).await?;
    Ok(())
}

fn engine_error(error: crate::engine::RuntimeError) -> ApiError {
    ApiError::new(
        ErrorCode::StorageUnavailable,
        "the workflow engine is unavailable, try again shortly",
    )
    .with_cause(error)
}

/// Begins to run workflows in this process.
///
/// # Errors
/// The engine's database cannot be opened.
pub async fn run_workflows(
    app: &Arc<App>,
    database: &str,
) -> Result<(), crate::engine::RuntimeError> {
    let performer = Arc::new(RunPerformer(Arc::downgrade(app)));
    let engine = crate::engine::DurableRuntime::start(database, performer).await?;
    // Set once at start: a second engine in one process would be a mistake of the program.
    let _ = app.engine.set(Arc::new(engine));
    Ok(())
}
