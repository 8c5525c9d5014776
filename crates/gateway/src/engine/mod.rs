//! The engine that runs workflows durably.
//!
//! It knows no database of the gateway, no user and no provider: what a run does, it asks of a [`Performer`].

mod durable;
mod runtime;

pub use durable::DurableRuntime;
pub use runtime::{EngineStatus, Performer, RuntimeError, SharedRuntime, WorkflowRuntime};
