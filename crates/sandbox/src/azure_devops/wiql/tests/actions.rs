//! The queries that actions write, as the provider's grammar reads them.

#[path = "../../../../../azure-devops/src/actions/tests/nasty.rs"]
mod nasty;

use paragon_azure_devops::actions::filter::{Filter, Macro, Operator};
use paragon_azure_devops::actions::{Action, ActionKind};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::ast::{Condition, Operand, Operator as Parsed, Source, Test};
use super::super::parser::parse;
use nasty::nasty;

fn query_of(parameters: &Value) -> String {
    match Action::read(ActionKind::Search, parameters, "") {
        Ok(Action::Search(_, query)) => query,
        other => panic!("{other:?}"),
    }
}

#[test]
fn groups_and_order_are_read() {
    let query = query_of(&json!({
        "project": "Fabrikam",
        "join": "OR",
        "filters": [{"field": "System.State", "operator": "=", "value": "Active"}],
        "groups": [{"join": "AND", "filters": [
            {"field": "System.AssignedTo", "operator": "=", "macro": "@Me"},
            {"field": "System.ChangedDate", "operator": ">=", "macro": "@Today", "offset": -7},
            {"field": "System.Parent", "operator": "IS EMPTY"},
        ]}],
        "orderBy": [{"field": "System.ChangedDate", "direction": "DESC"}, {"field": "System.Id"}],
    }));
    assert!(parse(&query).is_ok(), "{query}");
}

#[test]
fn every_operator_and_macro_is_read_by_the_providers_grammar() {
    for operator in Operator::ALL {
        let value = match operator {
            Operator::In | Operator::NotIn => json!(["a", 1]),
            Operator::IsEmpty | Operator::IsNotEmpty => Value::Null,
            _ => json!("a"),
        };
        let filter = json!({"field": "A", "operator": operator.word(), "value": value});
        let query = query_of(&json!({"filters": [filter]}));
        assert!(parse(&query).is_ok(), "{query}");
    }
    for word in Macro::ALL {
        let filter = json!({"field": "A", "operator": "=", "macro": word.word()});
        let query = query_of(&json!({"filters": [filter]}));
        assert!(parse(&query).is_ok(), "{query}");
    }
}

/// The one comparison of a query that was built of one filter; `NOT …` is unwrapped.
fn only_test(filter: &Value) -> Result<Test, TestCaseError> {
    let query = query_of(&json!({"filters": [filter]}));
    let statement =
        parse(&query).map_err(|error| TestCaseError::fail(format!("{query}: {error}")))?;
    prop_assert_eq!(statement.source, Source::Items);
    prop_assert_eq!(statement.columns, ["System.Id"]);
    prop_assert!(
        statement.order.is_empty() && statement.mode.is_none() && statement.as_of.is_none()
    );
    match statement.condition {
        Some(Condition::Test(test)) => Ok(test),
        Some(Condition::Not(inner)) => match *inner {
            Condition::Test(test) => Ok(test),
            other => Err(TestCaseError::fail(format!("{other:?}"))),
        },
        other => Err(TestCaseError::fail(format!("{other:?}"))),
    }
}

fn of_text() -> impl Strategy<Value = Operator> {
    let fits = |one: &&Operator| {
        !matches!(
            one,
            Operator::In | Operator::NotIn | Operator::IsEmpty | Operator::IsNotEmpty
        )
    };
    let all: Vec<_> = Operator::ALL.iter().filter(fits).copied().collect();
    prop::sample::select(all)
}

proptest! {
    /// SECURITY: whatever the text, it stays the value of the one comparison.
    #[test]
    fn no_text_leaves_its_quotes(text in nasty(), operator in of_text()) {
        let test = only_test(&json!({"field": "System.Title", "operator": operator.word(), "value": text}))?;
        prop_assert_eq!(test.field, "System.Title");
        prop_assert_eq!(test.operand, Operand::Text(text));
    }

    /// SECURITY: the same within a list.
    #[test]
    fn no_text_leaves_its_list(texts in prop::collection::vec(nasty(), 1..5)) {
        let test = only_test(&json!({"field": "A", "operator": "NOT IN", "value": texts}))?;
        prop_assert_eq!(test.operator, Parsed::In);
        prop_assert_eq!(test.operand, Operand::List(texts.into_iter().map(Operand::Text).collect()));
    }

    /// SECURITY: a name of a field is refused, or is the field of the one comparison.
    #[test]
    fn no_name_of_a_field_leaves_its_brackets(name in prop_oneof![nasty(), "[A-Za-z][A-Za-z0-9._ -]{0,20}"]) {
        let filter = json!({"field": name, "operator": "=", "value": 1});
        if serde_json::from_value::<Filter>(filter.clone()).is_ok() {
            prop_assert_eq!(only_test(&filter)?.field, name);
        } else {
            let faults = Action::read(ActionKind::Search, &json!({"filters": [filter]}), "").err();
            prop_assert_eq!(faults.map_or(0, |faults| faults.len()), 1);
        }
    }

    #[test]
    fn numbers_are_written_as_the_grammar_reads_them(whole in any::<i32>(), fraction in -1e30..1e30_f64) {
        let value = |number: Value| json!({"field": "A", "operator": ">", "value": number});
        prop_assert_eq!(only_test(&value(json!(whole)))?.operand, Operand::Number(f64::from(whole)));
        prop_assert_eq!(only_test(&value(json!(fraction)))?.operand, Operand::Number(fraction));
    }
}
