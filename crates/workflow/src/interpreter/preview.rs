//! What one step would do with given values, without a run.

use crate::{Scope, Step, Work};
use serde_json::{Value, json};

use super::task;
use super::values::{filled, first_that_holds, length, list_of};
use crate::run::{StepError, Task};

/// What a step comes to.
#[derive(Debug)]
pub enum Preview {
    /// Something that has to be tried.
    Task(Task),
    /// A decision: what was looked at, and what came out.
    Decided {
        /// As history shows it.
        input: Value,
        /// As later steps see it.
        output: Value,
    },
}

/// Looks at one step with the values of `scope`.
///
/// # Errors
/// A reference has no value, or a value is not what the step needs.
pub fn preview(step: &Step, scope: &Scope) -> Result<Preview, StepError> {
    let decided = |input, output| Preview::Decided { input, output };
    match &step.work {
        Work::Conditional { branches, .. } => {
            let (chosen, seen) = first_that_holds(branches, scope)?;
            Ok(decided(
                json!({ "compared": seen }),
                json!({ "branch": chosen }),
            ))
        }
        Work::FanOut { over, .. } => {
            let entries = list_of(over, scope)?;
            Ok(decided(
                json!({ "entries": entries.len(), "first": entries.first() }),
                Value::Null,
            ))
        }
        Work::Delay { amount, unit } => {
            let time = length(&filled(amount, scope)?, *unit)?;
            Ok(decided(json!({ "seconds": time.as_secs_f64() }), json!({})))
        }
        work => match task::of(work, scope) {
            Some(task) => task.map(Preview::Task),
            None => Ok(decided(Value::Null, Value::Null)),
        },
    }
}
