//! What each operator means.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::Value;

use super::Operator;

pub(super) fn holds(operator: Operator, left: &Value, right: &Value) -> bool {
    use Operator as Op;
    match operator {
        Op::StringContains => texts(left, right, |a, b| a.contains(b)),
        Op::StringDoesNotContain => texts(left, right, |a, b| !a.contains(b)),
        Op::StringExactlyMatches => texts(left, right, |a, b| a == b),
        Op::StringDoesNotExactlyMatch => texts(left, right, |a, b| a != b),
        Op::StringStartsWith => texts(left, right, |a, b| a.starts_with(b)),
        Op::StringDoesNotStartWith => texts(left, right, |a, b| !a.starts_with(b)),
        Op::StringEndsWith => texts(left, right, |a, b| a.ends_with(b)),
        Op::StringDoesNotEndWith => texts(left, right, |a, b| !a.ends_with(b)),
        Op::StringGreaterThan => texts(left, right, |a, b| a > b),
        Op::StringLessThan => texts(left, right, |a, b| a < b),
        Op::StringIsIn => is_among(left, right) == Some(true),
        Op::StringIsNotIn => is_among(left, right) == Some(false),
        Op::NumberGreaterThan => numbers(left, right).is_some_and(Ordering::is_gt),
        Op::NumberLessThan => numbers(left, right).is_some_and(Ordering::is_lt),
        Op::NumberEquals => numbers(left, right).is_some_and(Ordering::is_eq),
        Op::NumberDoesNotEqual => numbers(left, right).is_some_and(Ordering::is_ne),
        Op::NumberLessThanOrEqualTo => numbers(left, right).is_some_and(Ordering::is_le),
        Op::NumberGreaterThanOrEqualTo => numbers(left, right).is_some_and(Ordering::is_ge),
        Op::DateTimeAfter => times(left, right).is_some_and(Ordering::is_gt),
        Op::DateTimeBefore => times(left, right).is_some_and(Ordering::is_lt),
        Op::DateTimeEquals => times(left, right).is_some_and(Ordering::is_eq),
        Op::BooleanTrue => is_bool(left, true),
        Op::BooleanFalse => is_bool(left, false),
        Op::IsNotNull | Op::Exists => !left.is_null(),
        Op::IsNull | Op::DoesNotExist => left.is_null(),
        Op::ArrayIsIn => right.as_array().is_some_and(|list| list.contains(left)),
        Op::ArrayIsNotIn => right.as_array().is_some_and(|list| !list.contains(left)),
        Op::ArrayIsEmpty => left.as_array().is_some_and(Vec::is_empty),
        Op::ArrayIsNotEmpty => left.as_array().is_some_and(|list| !list.is_empty()),
    }
}

/// Text, or a number or truth value as one writes it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn texts(left: &Value, right: &Value, holds: impl Fn(&str, &str) -> bool) -> bool {
    text(left)
        .zip(text(right))
        .is_some_and(|(left, right)| holds(&left, &right))
}

fn is_among(left: &Value, right: &Value) -> Option<bool> {
    let left = text(left)?;
    match right {
        Value::Array(list) => Some(list.iter().filter_map(text).any(|one| one == left)),
        Value::String(list) => Some(list.split(',').any(|one| one.trim() == left)),
        _ => None,
    }
}

fn numbers(left: &Value, right: &Value) -> Option<Ordering> {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    // Ids are whole numbers, which floating point would make equal when they are not.
    if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64()) {
        return Some(left.cmp(&right));
    }
    number(left)?.partial_cmp(&number(right)?)
}

fn times(left: &Value, right: &Value) -> Option<Ordering> {
    Some(time(left.as_str()?)?.cmp(&time(right.as_str()?)?))
}

/// Source: RFC 3339; a time without an offset is taken as UTC.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let utc = |civil: DateTime| civil.to_zoned(TimeZone::UTC).ok();
    let local = || {
        text.parse::<DateTime>()
            .ok()
            .or_else(|| Some(text.parse::<Date>().ok()?.into()))
    };
    let stamp = text.parse::<Timestamp>().ok();
    stamp.or_else(|| local().and_then(utc).as_ref().map(Zoned::timestamp))
}

fn is_bool(value: &Value, wanted: bool) -> bool {
    value.as_bool() == Some(wanted)
        || value
            .as_str()
            .is_some_and(|text| text.trim() == wanted.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[allow(clippy::too_many_lines, reason = "a table")]
    /// For each operator one case that holds and one that does not.
    fn cases() -> Vec<(&'static str, [Value; 2], [Value; 2])> {
        vec![
            (
                "$stringContains",
                [json!("abc"), json!("b")],
                [json!("abc"), json!("x")],
            ),
            (
                "$stringDoesNotContain",
                [json!("abc"), json!("x")],
                [json!(null), json!("x")],
            ),
            (
                "$stringExactlyMatches",
                [json!(7), json!("7")],
                [json!("a"), json!("A")],
            ),
            (
                "$stringDoesNotExactlyMatch",
                [json!("a"), json!("A")],
                [json!("a"), json!("a")],
            ),
            (
                "$stringIsIn",
                [json!("b"), json!("a, b")],
                [json!("b"), json!(["a"])],
            ),
            (
                "$stringIsNotIn",
                [json!("b"), json!(["a"])],
                [json!("b"), json!(7)],
            ),
            (
                "$stringStartsWith",
                [json!("abc"), json!("ab")],
                [json!("abc"), json!("b")],
            ),
            (
                "$stringDoesNotStartWith",
                [json!("abc"), json!("b")],
                [json!("abc"), json!("a")],
            ),
            (
                "$stringEndsWith",
                [json!("abc"), json!("bc")],
                [json!("abc"), json!("b")],
            ),
            (
                "$stringDoesNotEndWith",
                [json!("abc"), json!("b")],
                [json!([]), json!("b")],
            ),
            (
                "$stringGreaterThan",
                [json!("b"), json!("a")],
                [json!("a"), json!("a")],
            ),
            (
                "$stringLessThan",
                [json!("a"), json!("b")],
                [json!("a"), json!("a")],
            ),
            (
                "$numberGreaterThan",
                [json!(2), json!("1.5")],
                [json!(1), json!(1)],
            ),
            (
                "$numberLessThan",
                [json!(1), json!(2)],
                [json!("x"), json!(2)],
            ),
            (
                "$numberEquals",
                [json!(1), json!("1.0")],
                [
                    json!(9_007_199_254_740_993_i64),
                    json!(9_007_199_254_740_992_i64),
                ],
            ),
            (
                "$numberDoesNotEqual",
                [json!(1), json!(2)],
                [json!(null), json!(2)],
            ),
            (
                "$numberLessThanOrEqualTo",
                [json!(1), json!(1)],
                [json!(2), json!(1)],
            ),
            (
                "$numberGreaterThanOrEqualTo",
                [json!(1), json!(1)],
                [json!(0), json!(1)],
            ),
            (
                "$dateTimeAfter",
                [json!("2026-01-02"), json!("2026-01-01T23:00:00Z")],
                [json!("x"), json!("2026-01-01")],
            ),
            (
                "$dateTimeBefore",
                [json!("2026-01-01T00:00:00+02:00"), json!("2026-01-01")],
                [json!("2026-01-01"), json!("2026-01-01")],
            ),
            (
                "$dateTimeEquals",
                [
                    json!("2026-01-01T02:00:00+02:00"),
                    json!("2026-01-01T00:00:00"),
                ],
                [json!(1), json!(1)],
            ),
            (
                "$booleanTrue",
                [json!("true"), json!(null)],
                [json!(1), json!(null)],
            ),
            (
                "$booleanFalse",
                [json!(false), json!(null)],
                [json!(null), json!(null)],
            ),
            (
                "$exists",
                [json!(""), json!(null)],
                [json!(null), json!(null)],
            ),
            (
                "$doesNotExist",
                [json!(null), json!(null)],
                [json!(0), json!(null)],
            ),
            (
                "$isNotUndefinedOrNull",
                [json!(0), json!(null)],
                [json!(null), json!(null)],
            ),
            (
                "$isUndefinedOrNull",
                [json!(null), json!(null)],
                [json!(false), json!(null)],
            ),
            (
                "$arrayIsIn",
                [json!(1), json!([1, 2])],
                [json!(1), json!("1")],
            ),
            (
                "$arrayIsNotIn",
                [json!(3), json!([1, 2])],
                [json!(3), json!(null)],
            ),
            (
                "$arrayIsEmpty",
                [json!([]), json!(null)],
                [json!(null), json!(null)],
            ),
            (
                "$arrayIsNotEmpty",
                [json!([0]), json!(null)],
                [json!("text"), json!(null)],
            ),
        ]
    }

    #[test]
    fn each_operator_holds_and_fails_to() {
        let cases = cases();
        for operator in Operator::ALL {
            let case = cases.iter().find(|(name, ..)| *name == operator.name());
            let (name, [left, right], [other_left, other_right]) =
                case.expect("a case for each operator");
            assert!(holds(*operator, left, right), "{name}");
            assert!(!holds(*operator, other_left, other_right), "not {name}");
        }
    }
}
