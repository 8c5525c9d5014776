#![allow(clippy::needless_pass_by_value, reason = "tests")]

use serde_json::json;

use super::*;

const ITEMS: &str = "https://dev.azure.com/contoso/_apis/wit/workItems/";

fn item(fields: Value, relations: Value) -> WorkItem {
    serde_json::from_value(json!({"id": 7, "rev": 4, "fields": fields, "relations": relations}))
        .expect("an item")
}

fn input(rest: Value) -> UpdateInput {
    let mut input = json!({"id": 7});
    let both = input.as_object_mut().zip(rest.as_object().cloned());
    if let Some((input, rest)) = both {
        input.extend(rest);
    }
    serde_json::from_value(input).expect("an input")
}

fn grace() -> Author {
    Author {
        id: "6f1e".to_owned(),
        unique_name: "grace@contoso.example".to_owned(),
    }
}

#[test]
fn values_are_known_in_the_form_that_the_service_keeps() {
    let person =
        json!({"displayName": "Ada Example", "uniqueName": "ada@contoso.example", "id": "a1"});
    for (name, wanted, has) in [
        ("A", json!("x"), json!("x")),
        ("A", json!(" x "), json!("x")),
        ("A", json!(2), json!(2.0)),
        ("A", json!("2"), json!(2)),
        ("A", json!(true), json!(true)),
        ("A", json!("true"), json!(true)),
        ("A", json!(null), json!(null)),
        ("A", json!(""), json!(null)),
        ("A", json!("2026-11-20"), json!("2026-11-20T00:00:00Z")),
        (
            "A",
            json!("2026-11-20T01:00:00+01:00"),
            json!("2026-11-20T00:00:00.000Z"),
        ),
        ("A", json!("ADA@contoso.example"), person.clone()),
        (
            "A",
            json!("Ada Example <ada@contoso.example>"),
            person.clone(),
        ),
        ("System.Tags", json!("b;a"), json!("a; b; c")),
        (
            "A",
            json!("<b>1 &lt; 2</b>\n"),
            json!("<div><strong>1 < 2</strong></div>"),
        ),
    ] {
        assert!(is_same_value(name, &wanted, Some(&has)), "{wanted} {has}");
    }
    for (name, wanted, has) in [
        ("A", json!("x"), json!("y")),
        ("A", json!(null), json!("y")),
        ("A", json!("x"), json!(null)),
        ("A", json!(2), json!(3)),
        ("A", json!("Ada"), person),
        ("System.Tags", json!("a; d"), json!("a; b")),
        ("A", json!("1 < 2"), json!("1 < 3")),
    ] {
        assert!(!is_same_value(name, &wanted, Some(&has)), "{wanted} {has}");
    }
}

#[test]
fn a_revision_is_ours_by_its_author_and_its_values() {
    let by = |id: &str| {
        item(
            json!({"System.ChangedBy": {"id": id}, "System.State": "Doing"}),
            json!([]),
        )
    };
    let doing = input(json!({"fields": {"System.State": "Doing"}}));
    assert!(is_made_by(&doing, &grace(), &by("6F1E"), &[]));
    assert!(!is_made_by(&doing, &grace(), &by("other"), &[]));
    let done = input(json!({"fields": {"System.State": "Done"}}));
    assert!(!is_made_by(&done, &grace(), &by("6f1e"), &[]));
    let comment =
        input(json!({"fields": {"System.History": "moved <b>on</b>", "System.State": "Done"}}));
    assert!(!is_made_by(&comment, &grace(), &by("6f1e"), &[]));
    assert!(!is_made_by(
        &comment,
        &grace(),
        &by("6f1e"),
        &[json!("else")]
    ));
    assert!(is_made_by(
        &comment,
        &grace(),
        &by("6f1e"),
        &[json!("<p>moved on</p>")]
    ));
    let for_another = input(json!({"fields": {"System.ChangedBy": "x", "System.State": "Doing"}}));
    let revision = item(
        json!({"System.ChangedBy": "x", "System.State": "Doing"}),
        json!([]),
    );
    assert!(is_made_by(&for_another, &grace(), &revision, &[]));
}

#[test]
fn links_are_removed_by_what_they_are_wherever_they_moved() {
    let hyperlink = |url: &str| json!({"rel": "Hyperlink", "url": url, "attributes": {}});
    let before = item(
        json!({}),
        json!([
            hyperlink("https://a"),
            hyperlink("https://b"),
            hyperlink("https://c")
        ]),
    );
    let removed = links_at(&before, &[1]).expect("it is there");
    assert_eq!(links_at(&before, &[3]), None);
    let asked = input(json!({"removeRelations": [1]}));
    let left = |relations: Value| rest(&asked, &item(json!({}), relations), &removed, true, ITEMS);
    // Made: the place belongs to another link now.
    assert!(left(json!([hyperlink("https://a"), hyperlink("https://c")])).is_empty());
    // Not made, and moved by somebody else.
    let moved = left(json!([hyperlink("https://b/"), hyperlink("https://c")]));
    assert_eq!(moved.remove_relations, Some(vec![0]));
}

#[test]
fn links_are_added_unless_they_are_there() {
    let asked = input(json!({"fields": {"System.State": "Doing"}, "relations": [
        {"rel": "System.LinkTypes.Related", "workItemId": 4},
        {"rel": "Hyperlink", "url": "https://a"},
    ]}));
    let there = json!([{"rel": "System.LinkTypes.Related",
        "url": "https://dev.azure.com/contoso/1c3e/_apis/wit/workItems/4"}]);
    let left = rest(&asked, &item(json!({}), there.clone()), &[], false, ITEMS);
    let added: Vec<_> = left
        .relations
        .iter()
        .flatten()
        .map(|one| one.rel.as_str())
        .collect();
    assert_eq!(added, ["Hyperlink"]);
    assert!(left.fields.is_some());
    let all = [
        there[0].clone(),
        json!({"rel": "Hyperlink", "url": "https://a/"}),
    ];
    assert!(rest(&asked, &item(json!({}), json!(all)), &[], true, ITEMS).is_empty());
}
