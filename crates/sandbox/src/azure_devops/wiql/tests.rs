mod actions;

use proptest::prelude::*;

use super::ast::{Condition, Mode, Operand, Operator, Side, Source, Test};
use super::parser::parse;

fn condition(text: &str) -> Condition {
    let query = format!("SELECT [System.Id] FROM WorkItems WHERE {text}");
    let statement = parse(&query).unwrap_or_else(|error| panic!("{text}: {error}"));
    statement
        .condition
        .unwrap_or_else(|| panic!("{text}: no condition"))
}

fn test(field: &str, operator: Operator, operand: Operand) -> Condition {
    Condition::Test(Test {
        side: Side::Source,
        field: field.into(),
        operator,
        operand,
    })
}

#[test]
fn and_binds_stronger_than_or_and_parentheses_stronger_than_both() {
    let number = |field: &str| test(field, Operator::Equal, Operand::Number(1.0));
    assert_eq!(
        condition("[A] = 1 OR [B] = 1 AND [C] = 1"),
        Condition::Or(vec![
            number("A"),
            Condition::And(vec![number("B"), number("C")])
        ])
    );
    assert_eq!(
        condition("([A] = 1 OR [B] = 1) AND [C] = 1"),
        Condition::And(vec![
            Condition::Or(vec![number("A"), number("B")]),
            number("C")
        ])
    );
    assert_eq!(
        condition("NOT [A] = 1"),
        Condition::Not(Box::new(number("A")))
    );
}

#[test]
fn every_operator_is_read() {
    let text = || Operand::Text("it's".into());
    let cases = [
        ("[A] = 'it''s'", test("A", Operator::Equal, text())),
        ("[A] <> 'it''s'", test("A", Operator::NotEqual, text())),
        ("[A] < 'it''s'", test("A", Operator::Less, text())),
        ("[A] <= 'it''s'", test("A", Operator::AtMost, text())),
        ("[A] > 'it''s'", test("A", Operator::Greater, text())),
        ("[A] >= 'it''s'", test("A", Operator::AtLeast, text())),
        (
            "[A] CONTAINS 'it''s'",
            test("A", Operator::Contains, text()),
        ),
        (
            "[A] contains words \"it's\"",
            test("A", Operator::ContainsWords, text()),
        ),
        ("[A] UNDER 'it''s'", test("A", Operator::Under, text())),
        ("[A] WAS EVER 'it''s'", test("A", Operator::Ever, text())),
        ("[A] IS EMPTY", test("A", Operator::Empty, Operand::Nothing)),
        (
            "[A] IN ('it''s', -2)",
            test(
                "A",
                Operator::In,
                Operand::List(vec![text(), Operand::Number(-2.0)]),
            ),
        ),
        (
            "[A] > @today - 7",
            test("A", Operator::Greater, Operand::Macro("today".into(), -7)),
        ),
        (
            "System.Id = @me",
            test("System.Id", Operator::Equal, Operand::Macro("me".into(), 0)),
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(condition(source), expected, "{source}");
    }
    for negated in [
        "[A] NOT IN (1)",
        "[A] NOT CONTAINS 'x'",
        "[A] NOT UNDER 'x'",
        "[A] IS NOT EMPTY",
    ] {
        assert!(matches!(condition(negated), Condition::Not(_)), "{negated}");
    }
}

#[test]
fn link_queries_name_their_sides_and_mode() {
    let query = "SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.State] = 'New' AND [System.Links.LinkType] = 'x' \
        AND [Target].[System.Id] > 1 ORDER BY [System.Id] DESC, [System.Title] MODE (Recursive, ReturnMatchingChildren)";
    let statement = parse(query).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        (statement.source, statement.mode),
        (Source::Links, Some(Mode::Recursive))
    );
    assert_eq!(
        statement.order,
        [
            ("System.Id".to_owned(), true),
            ("System.Title".to_owned(), false)
        ]
    );
    let Some(Condition::And(parts)) = statement.condition else {
        panic!("no conditions")
    };
    let sides: Vec<Side> = parts
        .iter()
        .filter_map(|part| {
            if let Condition::Test(test) = part {
                Some(test.side)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(sides, [Side::Source, Side::Link, Side::Target]);
}

#[test]
fn bad_grammar_is_refused_with_the_place() {
    for (query, near) in [
        ("SELECT TOP 5 [System.Id] FROM WorkItems", "5"),
        ("SELECT [System.Id] WHERE [A] = 1", "WHERE"),
        (
            "SELECT [System.Id] FROM WorkItems WHERE [A] = ",
            "end of query",
        ),
        (
            "SELECT [System.Id] FROM WorkItems WHERE [A] = 'open",
            "'open",
        ),
        ("SELECT [System.Id] FROM WorkItems MODE (Recursive)", "MODE"),
        ("SELECT [System.Id] FROM WorkItems; DROP", "; DROP"),
        ("", "end of query"),
    ] {
        let text = parse(query).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(text.contains(&format!("«{near}»")), "{query}: {text}");
    }
}

#[test]
fn deep_nesting_is_refused_instead_of_overflowing() {
    let deep = format!(
        "SELECT [A] FROM WorkItems WHERE {}[A] = 1",
        "(".repeat(10_000)
    );
    assert!(parse(&deep).is_err());
    let negated = format!(
        "SELECT [A] FROM WorkItems WHERE {}[A] = 1",
        "NOT ".repeat(10_000)
    );
    assert!(parse(&negated).is_err());
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(text in "\\PC*") {
        let _ = parse(&text);
    }

    #[test]
    fn any_mix_of_words_is_parsed_or_refused(words in prop::collection::vec(prop::sample::select(vec![
        "SELECT", "FROM", "WorkItems", "WorkItemLinks", "WHERE", "AND", "OR", "NOT", "(", ")", ",", "=", "<>", "IN", "UNDER", "EVER",
        "[System.Id]", "'x'", "1", "@today", "-", "ORDER", "BY", "DESC", "ASOF", "MODE", "Recursive", "[Source]", ".", "é",
    ]), 0..40)) {
        let _ = parse(&words.join(" "));
    }

    #[test]
    fn a_quoted_text_comes_back_whole(text in "[^\\x00]{0,40}") {
        let quoted = format!("[A] = '{}'", text.replace('\'', "''"));
        prop_assert_eq!(condition(&quoted), test("A", Operator::Equal, Operand::Text(text)));
    }
}
