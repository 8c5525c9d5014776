//! Values of fields, conditions, lists and delays at a place of a run.

use std::time::Duration;

use crate::{Branch, Condition, DelayUnit, Fields, Root, Scope, Template, kind};
use serde_json::Value;

use crate::run::StepError;

/// Longest delay of a step.
const MAX_DELAY: Duration = Duration::from_hours(24 * 366);
/// Entries of one fan-out.
const MAX_ENTRIES: usize = 10_000;

/// What the references in `value` stand for, in their order.
pub(super) fn values_of(
    value: &Value,
    field: &str,
    scope: &Scope,
) -> Result<Vec<Value>, StepError> {
    let (mut values, mut missing) = (Vec::new(), None);
    references(value, field)?.each_reference(field, &mut |reference, field, _| {
        let value = match &reference.root {
            Root::Secret(_) => Ok(Value::Null),
            _ => scope.get(reference),
        };
        match value {
            Ok(value) => values.push(value),
            Err(error) => {
                missing.get_or_insert_with(|| unresolved(field, &error.to_string()));
            }
        }
    });
    missing.map_or(Ok(values), Err)
}

fn references(value: &Value, field: &str) -> Result<Fields, StepError> {
    Fields::parse(value, field).map_err(|errors| {
        let text = errors
            .first()
            .map(|error| format!("`{}`: {}", error.path, error.error));
        StepError::new("reference_unresolved", text.unwrap_or_default())
    })
}

fn unresolved(field: &str, reason: &str) -> StepError {
    StepError::new("reference_unresolved", format!("`{field}`: {reason}"))
}

pub(super) fn filled(value: &Value, scope: &Scope) -> Result<Value, StepError> {
    references(value, "")?
        .fill("", &mut |reference| scope.get(reference))
        .map_err(|error| unresolved(&error.path, &error.error.to_string()))
}

/// The number of the first branch whose condition holds, and what was compared.
pub(super) fn first_that_holds(
    branches: &[Branch],
    scope: &Scope,
) -> Result<(Option<usize>, Vec<Value>), StepError> {
    let mut seen = Vec::new();
    for (at, branch) in branches.iter().enumerate() {
        if holds(&branch.when, scope, &mut seen)? {
            return Ok((Some(at), seen));
        }
    }
    Ok((None, seen))
}

/// Whether `condition` holds. What is not there counts as null: asking for it is what conditions are for.
fn holds(condition: &Condition, scope: &Scope, seen: &mut Vec<Value>) -> Result<bool, StepError> {
    condition.holds(|side| {
        let value = references(side, "")?
            .fill("", &mut |reference| {
                Ok::<_, StepError>(scope.get(reference).unwrap_or(Value::Null))
            })
            .map_err(|error| error.error)?;
        seen.push(value.clone());
        Ok(value)
    })
}

pub(super) fn length(amount: &Value, unit: DelayUnit) -> Result<Duration, StepError> {
    let number = amount
        .as_f64()
        .or_else(|| amount.as_str()?.trim().parse().ok());
    let seconds =
        number.unwrap_or(f64::NAN) * f64::from(u32::try_from(unit.seconds()).unwrap_or(u32::MAX));
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| *time <= MAX_DELAY)
        .ok_or_else(|| {
            let text =
                format!("`/do/amount` is {amount}: it must be a number from 0, at most 366 days");
            StepError::new("invalid_delay", text)
        })
}

pub(super) fn list_of(over: &str, scope: &Scope) -> Result<Vec<Value>, StepError> {
    let reference = Template::parse(over)
        .ok()
        .and_then(|one| one.alone().cloned());
    let reference =
        reference.ok_or_else(|| unresolved("/do/over", "must be a single reference"))?;
    let value = scope
        .get(&reference)
        .map_err(|error| unresolved("/do/over", &error.to_string()))?;
    match value {
        Value::Array(entries) if entries.len() <= MAX_ENTRIES => Ok(entries),
        Value::Array(entries) => Err(StepError::new(
            "too_many_entries",
            format!(
                "`/do/over` has {} entries; the limit is {MAX_ENTRIES}",
                entries.len()
            ),
        )),
        other => Err(StepError::new(
            "no_list",
            format!(
                "`/do/over` must be a list; `{{{{{reference}}}}}` is {}",
                kind(&other)
            ),
        )),
    }
}
