//! Workflows: their definition, the references in it, everything that can be wrong with it, and how one is run.
//!
//! Pure: the interpreter has no clock, randomness or I/O. What a run needs, it asks of a [`Host`].

pub mod condition;
mod definition;
mod field_mapping;
mod fields;
pub mod input;
mod interpreter;
pub mod json_schema;
mod nearest;
mod reference;
mod retry;
mod run;
pub mod schedule;
mod scope;
mod template;
mod trigger;
mod validate;

pub use condition::{Comparison, Condition, Operator};
pub use definition::{Branch, ContentType, DelayUnit, Method, Step, Work, Workflow};
pub use fields::{FieldError, Fields, below};
pub use input::{Choice, FIELD_MAPPING_SOURCE, Input, InputKind};
pub use interpreter::{Host, Lane, Preview, interpret, preview};
pub use nearest::hint;
pub use reference::{Reference, ReferenceError, Root, Segment, is_step_id};
pub use run::{Ending, Note, Remedy, RunInput, StepCall, StepError, Task};
pub use schedule::Schedule;
pub use scope::{NoValue, Scope, kind};
pub use template::{Template, TemplateError, as_text, escape};
pub use trigger::{Trigger, WorkItemEvent, WorkItemFilter};
pub use validate::{
    Catalog, Group, GroupKind, Inspection, Problem, Variable, excess, inspect, read, validate,
};

/// What the trigger is called in references.
pub const TRIGGER: &str = "trigger";
