//! Evaluation of conditions on work items.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::super::fields::{self, Field};
use super::super::model::{Organization, Project, WorkItem};
use super::ast::{Condition, Operand, Operator, Side, Test};
use super::compare::compare;
use super::error::QueryError;
use crate::state::State;

/// What a query is asked against.
pub(crate) struct Context<'a> {
    pub(crate) state: &'a State,
    pub(crate) now: Timestamp,
    pub(crate) me: Uuid,
    pub(crate) organization: &'a Organization,
    pub(crate) project: Option<&'a Project>,
    /// Name or id of the team in the path.
    pub(crate) team: Option<&'a str>,
    pub(crate) time_precision: bool,
}

/// The item or link a condition is asked of; what is `None` is not known yet.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) source: Option<&'a WorkItem>,
    pub(crate) target: Option<&'a WorkItem>,
    pub(crate) link: Option<&'a str>,
}

/// Whether a condition holds; `None` when it depends on a side that is not known.
pub(crate) fn holds(
    context: &Context<'_>,
    condition: &Condition,
    subject: Subject<'_>,
) -> Result<Option<bool>, QueryError> {
    match condition {
        Condition::Not(inner) => Ok(holds(context, inner, subject)?.map(|held| !held)),
        Condition::And(all) => fold(context, all, subject, false),
        Condition::Or(all) => fold(context, all, subject, true),
        Condition::Test(test) => test_holds(context, test, subject),
    }
}

/// `decisive` decides at once; else unknown wins over known.
fn fold(
    context: &Context<'_>,
    all: &[Condition],
    subject: Subject<'_>,
    decisive: bool,
) -> Result<Option<bool>, QueryError> {
    let mut result = Some(!decisive);
    // Every part is evaluated, so that a wrong field is told wherever it stands.
    for condition in all {
        match holds(context, condition, subject)? {
            Some(held) if held == decisive => result = Some(decisive),
            None if result == Some(!decisive) => result = None,
            _ => {}
        }
    }
    Ok(result)
}

fn test_holds(
    context: &Context<'_>,
    test: &Test,
    subject: Subject<'_>,
) -> Result<Option<bool>, QueryError> {
    let item = match test.side {
        Side::Link => return link_holds(test, subject.link),
        Side::Source => subject.source,
        Side::Target => subject.target,
    };
    let field =
        fields::find(&test.field).ok_or_else(|| QueryError::UnknownField(test.field.clone()))?;
    let check =
        |value: Option<&Value>| compare(context, field, value, test.operator, &test.operand, item);
    let Some(item) = item else {
        check(None)?;
        return Ok(None);
    };
    if test.operator == Operator::Ever {
        let mut ever = false;
        for revision in &item.revisions {
            ever |= compare(
                context,
                field,
                revision.fields.get(field.reference_name),
                Operator::Equal,
                &test.operand,
                Some(item),
            )?;
        }
        return Ok(Some(ever));
    }
    let own = own_value(item, field);
    check(own.as_ref()).map(Some)
}

/// A field's value, computed ones included.
pub(super) fn own_value(item: &WorkItem, field: &Field) -> Option<Value> {
    match field.reference_name {
        "System.Id" => Some(item.id.into()),
        "System.Rev" => Some(item.rev.into()),
        name => item.fields.get(name).cloned(),
    }
}

fn link_holds(linked: &Test, given: Option<&str>) -> Result<Option<bool>, QueryError> {
    let same_type = |operand: &Operand| match operand {
        Operand::Text(wanted) => {
            Ok(given.map(|link| wanted.is_empty() || wanted.eq_ignore_ascii_case(link)))
        }
        _ => Err(QueryError::BadValue(linked.field.clone())),
    };
    match (&linked.operator, &linked.operand) {
        (Operator::Equal, operand) => same_type(operand),
        (Operator::NotEqual, operand) => Ok(same_type(operand)?.map(|same| !same)),
        (Operator::In, Operand::List(all)) => {
            let mut found = given.map(|_| false);
            for operand in all {
                found = same_type(operand)?.map(|same| same || found == Some(true));
            }
            Ok(found)
        }
        _ => Err(QueryError::BadOperator(linked.field.clone())),
    }
}
