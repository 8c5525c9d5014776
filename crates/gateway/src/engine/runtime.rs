//! What the gateway asks of a library that runs workflows durably.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;

use paragon_workflow::{Ending, RunInput, StepCall, StepError};

/// Does what runs ask for.
#[async_trait]
pub trait Performer: Send + Sync + 'static {
    /// Tries a step. It may be asked a second time for the same try, after a crash.
    async fn step(&self, call: StepCall) -> Result<Value, StepError>;
    /// Writes down how a run ended. It may be asked again.
    ///
    /// # Errors
    /// It could not be written; it is asked again.
    async fn end(&self, ending: Ending) -> Result<(), StepError>;
}

/// The library failed.
#[derive(Debug, thiserror::Error)]
#[error("the workflow engine failed: {0}")]
pub struct RuntimeError(pub String);

/// Where a run stands, as the engine knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineStatus {
    /// It was never started.
    Unknown,
    /// It goes on.
    Running,
    /// It has come to its end, good or bad.
    Ended,
    /// The engine gave it up: cancelled, or broken.
    Stopped {
        /// Why.
        reason: String,
    },
}

/// Runs workflows so that they survive a crash at any point.
#[async_trait]
pub trait WorkflowRuntime: Send + Sync + std::fmt::Debug {
    /// Starts a run. Starting it again changes nothing.
    async fn start(&self, input: &RunInput) -> Result<(), RuntimeError>;
    /// Wakes the steps of a run that wait for a reconnected account.
    async fn reconnected(&self, run: Uuid) -> Result<(), RuntimeError>;
    /// Ends a run as soon as its steps under way are over.
    async fn cancel(&self, run: Uuid) -> Result<(), RuntimeError>;
    /// Where a run stands.
    async fn status(&self, run: Uuid) -> Result<EngineStatus, RuntimeError>;
    /// Forgets a run that is over, if it knows it.
    async fn forget(&self, run: Uuid) -> Result<(), RuntimeError>;
    /// Stops taking up work, and lets what is under way end.
    async fn shutdown(&self);
}

/// The runtime, shared.
pub type SharedRuntime = Arc<dyn WorkflowRuntime>;
