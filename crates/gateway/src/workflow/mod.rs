//! Workflows: what they can be made of here, and the engine that runs them.
//!
//! The engine knows no database of the gateway, no user and no provider: what a run does, it asks of a [`Performer`].

mod catalogue;
mod durable;
mod interpreter;
mod retry;
mod run;
mod runtime;
mod schedule;

pub use catalogue::ProjectCatalogue;
pub use durable::DurableRuntime;
pub use interpreter::{Preview, preview};
pub use run::{Ending, Note, Remedy, RunInput, StepCall, StepError, Task};
pub use runtime::{EngineStatus, Performer, RuntimeError, SharedRuntime, WorkflowRuntime};
pub use schedule::Schedule;
