//! Workflows: their definition, the references in it, and everything that can be wrong with it.
//!
//! Pure: what runs a workflow is the gateway's.

pub mod condition;
mod definition;
mod field_mapping;
mod fields;
pub mod input;
pub mod json_schema;
mod nearest;
mod reference;
mod scope;
mod template;
mod trigger;
mod validate;

pub use condition::{Comparison, Condition, Operator};
pub use definition::{Branch, ContentType, DelayUnit, Method, Step, Work, Workflow};
pub use fields::{FieldError, Fields, below};
pub use input::{Choice, FIELD_MAPPING_SOURCE, Input, InputKind};
pub use nearest::hint;
pub use reference::{Reference, ReferenceError, Root, Segment, is_step_id};
pub use scope::{NoValue, Scope, kind};
pub use template::{Template, TemplateError, as_text, escape};
pub use trigger::{Trigger, WorkItemEvent, WorkItemFilter};
pub use validate::{
    Catalogue, Group, GroupKind, Inspection, Problem, Variable, excess, inspect, read, validate,
};

/// What the trigger is called in references.
pub const TRIGGER: &str = "trigger";
