//! Comparison of field values with what a query names.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use uuid::Uuid;

use super::super::fields::{self, Field, Kind};
use super::super::model::WorkItem;
use super::ast::{Operand, Operator};
use super::error::QueryError;
use super::eval::{Context, own_value};
use super::macros;

/// Compares a field's value by the rules of the field's type.
pub(super) fn compare(
    context: &Context<'_>,
    field: &Field,
    value: Option<&Value>,
    operator: Operator,
    operand: &Operand,
    item: Option<&WorkItem>,
) -> Result<bool, QueryError> {
    if let (Operator::In, Operand::List(all)) = (operator, operand) {
        let mut found = false;
        for one in all {
            found |= compare(context, field, value, Operator::Equal, one, item)?;
        }
        return Ok(found);
    }
    if operator == Operator::Empty {
        return Ok(is_empty(value));
    }
    macros::check(operand)?;
    if let Operand::Field(name) = operand {
        let second = fields::find(name).ok_or_else(|| QueryError::UnknownField(name.clone()))?;
        let other = item.and_then(|item| own_value(item, second));
        return fields_compare(context, field, operator, value, other.as_ref());
    }
    match field.kind {
        Kind::Integer | Kind::Double => number(field, value, operator, operand),
        Kind::DateTime => moment(context, field, value, operator, operand),
        Kind::Identity => identity(context, field, value, operator, operand),
        _ => text(context, field, value, operator, operand),
    }
}

/// Compares two fields of one item; one that is empty is only ever unequal.
fn fields_compare(
    context: &Context<'_>,
    field: &Field,
    operator: Operator,
    own: Option<&Value>,
    other: Option<&Value>,
) -> Result<bool, QueryError> {
    let both = own
        .filter(|own| !is_empty(Some(own)))
        .zip(other.filter(|other| !is_empty(Some(other))));
    let ordering = both.and_then(|(own, other)| match field.kind {
        Kind::Integer | Kind::Double => own.as_f64()?.partial_cmp(&other.as_f64()?),
        Kind::DateTime => {
            let moment = |value: &Value| value.as_str()?.parse::<Timestamp>().ok();
            Some(times_compare(context, moment(own)?, moment(other)?))
        }
        _ => {
            let text = |value: &Value| {
                let text = value.as_str().map(str::to_lowercase);
                text.unwrap_or_else(|| value.to_string())
            };
            Some(text(own).cmp(&text(other)))
        }
    });
    ordered(field, operator, ordering)
}

/// Days are compared unless times are asked for.
fn times_compare(context: &Context<'_>, own: Timestamp, wanted: Timestamp) -> Ordering {
    if context.time_precision {
        own.cmp(&wanted)
    } else {
        day(own).cmp(&day(wanted))
    }
}

fn is_empty(value: Option<&Value>) -> bool {
    value.is_none_or(|value| value.is_null() || value.as_str() == Some(""))
}

/// Orders by an operator; an absent value is only ever unequal.
fn ordered(
    field: &Field,
    operator: Operator,
    ordering: Option<Ordering>,
) -> Result<bool, QueryError> {
    Ok(match operator {
        Operator::Equal | Operator::Ever => ordering == Some(Ordering::Equal),
        Operator::NotEqual => ordering != Some(Ordering::Equal),
        Operator::Less => ordering == Some(Ordering::Less),
        Operator::AtMost => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
        Operator::Greater => ordering == Some(Ordering::Greater),
        Operator::AtLeast => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        Operator::In
        | Operator::Contains
        | Operator::ContainsWords
        | Operator::Under
        | Operator::Empty => {
            return Err(QueryError::BadOperator(field.reference_name.to_owned()));
        }
    })
}

fn number(
    field: &Field,
    value: Option<&Value>,
    operator: Operator,
    operand: &Operand,
) -> Result<bool, QueryError> {
    let wanted = match operand {
        Operand::Number(number) => *number,
        Operand::Text(text) if text.is_empty() => {
            return ordered(field, operator, is_empty(value).then_some(Ordering::Equal));
        }
        Operand::Text(text) => text
            .trim()
            .parse()
            .map_err(|_| QueryError::BadValue(field.reference_name.to_owned()))?,
        _ => return Err(QueryError::BadValue(field.reference_name.to_owned())),
    };
    ordered(
        field,
        operator,
        value
            .and_then(Value::as_f64)
            .and_then(|own| own.partial_cmp(&wanted)),
    )
}

fn moment(
    context: &Context<'_>,
    field: &Field,
    value: Option<&Value>,
    operator: Operator,
    operand: &Operand,
) -> Result<bool, QueryError> {
    let bad = || QueryError::BadValue(field.reference_name.to_owned());
    let wanted = match operand {
        Operand::Macro(..) | Operand::Call(..) => {
            macros::moment(context.now, operand).ok_or_else(bad)?
        }
        Operand::Text(text) if text.is_empty() => {
            return ordered(field, operator, is_empty(value).then_some(Ordering::Equal));
        }
        Operand::Text(text) => literal_moment(text, context.time_precision).ok_or_else(bad)?,
        _ => return Err(bad()),
    };
    let own = value
        .and_then(Value::as_str)
        .and_then(|text| text.parse::<Timestamp>().ok());
    let ordering = own.map(|own| times_compare(context, own, wanted));
    ordered(field, operator, ordering)
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn start_of_day(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// A date literal; times need `timePrecision=true`.
fn literal_moment(text: &str, time_precision: bool) -> Option<Timestamp> {
    let text = text.trim();
    let date = text
        .parse::<Date>()
        .ok()
        .filter(|_| text.len() <= 10)
        .or_else(|| Date::strptime("%m/%d/%Y", text).ok());
    match date {
        Some(date) => start_of_day(date),
        None if time_precision => {
            let zoned = text.parse::<Timestamp>().ok();
            zoned.or_else(|| {
                text.parse::<jiff::civil::DateTime>()
                    .ok()?
                    .to_zoned(TimeZone::UTC)
                    .ok()
                    .map(|zoned| zoned.timestamp())
            })
        }
        None => None,
    }
}

fn identity(
    context: &Context<'_>,
    field: &Field,
    value: Option<&Value>,
    operator: Operator,
    operand: &Operand,
) -> Result<bool, QueryError> {
    let own = value
        .and_then(Value::as_str)
        .and_then(|id| Uuid::try_parse(id).ok())
        .and_then(|id| context.state.person(id));
    let matches = match operand {
        Operand::Macro(name, 0) if name.eq_ignore_ascii_case("me") => {
            own.is_some_and(|person| person.id == context.me)
        }
        Operand::Text(text) if text.is_empty() => own.is_none(),
        Operand::Text(text) if operator == Operator::Contains => {
            own.is_some_and(|person| contains(&person.display(), text))
        }
        Operand::Text(text) => own.is_some_and(|person| person.is_called(text)),
        _ => return Err(QueryError::BadValue(field.reference_name.to_owned())),
    };
    match operator {
        Operator::Equal | Operator::Contains | Operator::Ever => Ok(matches),
        Operator::NotEqual => Ok(!matches),
        _ => Err(QueryError::BadOperator(field.reference_name.to_owned())),
    }
}

fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

fn text(
    context: &Context<'_>,
    field: &Field,
    value: Option<&Value>,
    operator: Operator,
    operand: &Operand,
) -> Result<bool, QueryError> {
    let own = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    };
    let wanted = match operand {
        Operand::Text(text) => text.clone(),
        Operand::Number(number) => number.to_string(),
        Operand::Macro(name, 0) if name.eq_ignore_ascii_case("project") => {
            let project = context.project.ok_or(QueryError::NoProject)?;
            project.name.clone()
        }
        Operand::Macro(..) | Operand::Call(..) => match macros::of(operand) {
            Some((name, argument, offset))
                if name == "currentiteration" && field.kind == Kind::TreePath =>
            {
                match macros::iteration(context, argument, offset)? {
                    Some(path) => path,
                    None => return Ok(false),
                }
            }
            _ => return Err(QueryError::BadValue(field.reference_name.to_owned())),
        },
        _ => return Err(QueryError::BadValue(field.reference_name.to_owned())),
    };
    match operator {
        Operator::Contains if field.kind == Kind::Tags => Ok(own
            .split(';')
            .any(|tag| tag.trim().eq_ignore_ascii_case(wanted.trim()))),
        Operator::Contains => Ok(contains(&own, &wanted)),
        Operator::ContainsWords => Ok(contains_words(&own, &wanted)),
        Operator::Under if field.kind == Kind::TreePath => Ok(is_under(&own, &wanted)),
        _ => ordered(
            field,
            operator,
            Some(own.to_lowercase().cmp(&wanted.to_lowercase())),
        ),
    }
}

/// Whether every word of `wanted` begins, or with a trailing `*` prefixes, a word of `own`.
fn contains_words(own: &str, wanted: &str) -> bool {
    let own = own.to_lowercase();
    let words: Vec<&str> = own.split(|sign: char| !sign.is_alphanumeric()).collect();
    wanted
        .to_lowercase()
        .split_whitespace()
        .all(|want| match want.strip_suffix('*') {
            Some(prefix) => words.iter().any(|word| word.starts_with(prefix)),
            None => words.contains(&want),
        })
}

fn is_under(own: &str, parent: &str) -> bool {
    let (own, parent) = (own.to_lowercase(), parent.to_lowercase());
    own == parent
        || own
            .strip_prefix(&parent)
            .is_some_and(|rest| rest.starts_with('\\'))
}
