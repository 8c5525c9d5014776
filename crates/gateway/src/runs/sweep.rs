//! What is taken up again: arrivals and runs that a crash or a database that was away left behind.

use uuid::Uuid;

use super::store::{RunRow, RunStatus};
use super::{dispatch, engine_error, start};
use crate::clock::Millis;
use crate::credentials::store::CredentialStatus;
use crate::engine::EngineStatus;
use crate::error::ApiResult;
use crate::jobs::waiting_work::AtRest;
use crate::state::App;

/// What is younger is still under way.
const GRACE_MS: Millis = 5_000;
/// Runs of which nothing was heard for so long are asked after.
const SILENCE_MS: Millis = 60_000;
/// So much is taken up at once.
const BATCH: u32 = 100;

/// Since when arrivals and runs must have been at rest to be taken up at the time `now`.
pub fn at_rest(now: Millis) -> AtRest {
    AtRest {
        not_begun: now - GRACE_MS,
        silent: now - SILENCE_MS,
    }
}

/// Takes up what was left behind, and wakes runs whose account is connected again.
pub async fn sweep(app: &App) -> ApiResult<()> {
    if app.engine.get().is_none() {
        return Ok(());
    }
    let now = app.clock.now();
    let since = at_rest(now);
    for arrival in app.store.waiting_arrivals(since.not_begun, BATCH).await? {
        tell(arrival.id, dispatch(app, &arrival).await.map(drop));
    }
    let resting = |status, before| app.store.runs_at_rest(status, before, BATCH);
    for run in resting(RunStatus::Queued, since.not_begun).await? {
        tell(run.id, start(app, &run).await);
    }
    for run in resting(RunStatus::Waiting, now).await? {
        tell(run.id, wake(app, &run).await);
    }
    for run in resting(RunStatus::Running, since.silent).await? {
        tell(run.id, ask_after(app, &run).await);
    }
    Ok(())
}

/// One that fails must not keep the others back.
fn tell(id: Uuid, result: ApiResult<()>) {
    if let Err(error) = result {
        tracing::error!(%id, error = error.in_full(), "a run could not be brought on; it is tried again");
    }
}

/// Sends a run on whose account works again. One whose account is gone fails at its next try.
async fn wake(app: &App, run: &RunRow) -> ApiResult<()> {
    let credential = app
        .store
        .credential(&run.project, &run.user, run.credential)
        .await?;
    if credential.is_some_and(|row| row.status != CredentialStatus::Valid) {
        return Ok(());
    }
    let Some(engine) = app.engine.get() else {
        return Ok(());
    };
    engine.reconnected(run.id).await.map_err(engine_error)?;
    app.store
        .move_run(run.id, RunStatus::Running, None, app.clock.now())
        .await?;
    Ok(())
}

/// A run that the engine has given up is over.
async fn ask_after(app: &App, run: &RunRow) -> ApiResult<()> {
    let Some(engine) = app.engine.get() else {
        return Ok(());
    };
    let now = app.clock.now();
    match engine.status(run.id).await.map_err(engine_error)? {
        EngineStatus::Stopped { reason } => {
            tracing::error!(run.id = %run.id, detail = reason, "the engine gave a run up");
            let error = serde_json::json!({"code": "internal", "message": "the workflow engine abandoned this run; the log has the reason"});
            app.store
                .move_run(run.id, RunStatus::Failed, Some(&error), now)
                .await?;
            app.run_changes.notify(&run.id.to_string());
        }
        EngineStatus::Unknown => start(app, run).await?,
        EngineStatus::Running | EngineStatus::Ended => app.store.touch_run(run.id, now).await?,
    }
    Ok(())
}

/// Forgets runs that ended longer ago than history is kept, and leases that ran out.
pub async fn forget(app: &App) -> ApiResult<()> {
    let before = app.history_begins();
    loop {
        let runs = app.store.runs_ended(before, BATCH).await?;
        let mut is_done = runs.len() < BATCH as usize;
        for run in runs {
            let forgotten = forget_one(app, run).await;
            // What cannot be forgotten now would come again at once.
            is_done |= forgotten.is_err();
            tell(run, forgotten);
        }
        if is_done {
            break;
        }
    }
    app.store.forget_leases().await?;
    Ok(())
}

async fn forget_one(app: &App, run: Uuid) -> ApiResult<()> {
    if let Some(engine) = app.engine.get() {
        engine.forget(run).await.map_err(engine_error)?;
    }
    app.store.delete_run(run).await?;
    Ok(())
}
