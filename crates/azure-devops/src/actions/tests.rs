//! Inputs, the requests they become, and what cannot be smuggled into those.

mod nasty;

use proptest::prelude::*;
use serde_json::json;

use super::search::Link;
use super::*;
use nasty::nasty;

fn read(kind: ActionKind, parameters: &Value) -> Action {
    Action::read(kind, parameters, "/parameters")
        .unwrap_or_else(|faults| panic!("{parameters}: {faults:?}"))
}

fn faults(kind: ActionKind, parameters: &Value) -> Vec<String> {
    let faults = Action::read(kind, parameters, "").expect_err("faults");
    let lines = faults.iter();
    lines
        .map(|fault| format!("{} {}", fault.path, fault.message))
        .collect()
}

fn query_of(parameters: &Value) -> String {
    match read(ActionKind::Search, parameters) {
        Action::Search(_, query) => query,
        other => panic!("{other:?}"),
    }
}

fn request_of(kind: ActionKind, parameters: &Value) -> ProviderRequest {
    match read(kind, parameters) {
        Action::Create(input) => input.request("https://x/"),
        Action::Update(input) => input.request("https://x/"),
        Action::Delete(input) => input.request(),
        Action::Search(input, query) => input.query_request(&query),
    }
}

#[test]
fn filters_groups_and_order_become_one_query() {
    let query = query_of(&json!({
        "project": "Fabrikam",
        "join": "OR",
        "filters": [{"field": "System.State", "operator": "=", "value": "Active"}],
        "groups": [{"join": "AND", "filters": [
            {"field": "System.AssignedTo", "operator": "=", "macro": "@Me"},
            {"field": "System.ChangedDate", "operator": ">=", "macro": "@Today", "offset": -7},
            {"field": "Microsoft.VSTS.Common.Priority", "operator": "IN", "value": [1, 2]},
            {"field": "System.Parent", "operator": "IS EMPTY"},
        ]}],
        "orderBy": [{"field": "System.ChangedDate", "direction": "DESC"}, {"field": "System.Id"}],
    }));
    assert_eq!(
        query,
        "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND ([System.State] = 'Active' OR \
        ([System.AssignedTo] = @Me AND [System.ChangedDate] >= @Today - 7 AND [Microsoft.VSTS.Common.Priority] IN (1, 2) \
        AND [System.Parent] IS EMPTY)) ORDER BY [System.ChangedDate] DESC, [System.Id]"
    );
    assert_eq!(
        query_of(&json!({})),
        "SELECT [System.Id] FROM WorkItems",
        "no condition at all is a query as well"
    );
    assert_eq!(query_of(&json!({"wiql": "SELECT x"})), "SELECT x");
    assert_eq!(
        query_of(&json!({"project": "P", "join": "OR", "filters": [], "groups": null})),
        "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project"
    );
}

#[test]
fn parts_that_do_not_fit_together_are_told_all_at_once() {
    let filter = |rest: Value| {
        let mut filter = json!({"field": "A", "operator": "="});
        let both = filter.as_object_mut().zip(rest.as_object().cloned());
        if let Some((filter, rest)) = both {
            filter.extend(rest);
        }
        filter
    };
    let said = faults(
        ActionKind::Search,
        &json!({
            "wiql": "SELECT", "orderBy": [], "unknown": 1, "top": 0,
            "filters": [
                filter(json!({})),
                filter(json!({"value": 1, "macro": "@Me"})),
                filter(json!({"value": [1]})),
                filter(json!({"operator": "IN", "value": 1})),
                filter(json!({"operator": "IS EMPTY", "value": 1})),
                filter(json!({"operator": "UNDER", "value": 1})),
                filter(json!({"operator": "CONTAINS", "macro": "@Today"})),
                filter(json!({"macro": "@Me", "offset": 1})),
                filter(json!({"operator": "LIKE", "value": {"a": 1}})),
            ],
            "groups": [{"join": "AND", "filters": [filter(json!({"value": 1, "offset": 1}))]}],
        }),
    );
    for wanted in [
        "/unknown is unknown; valid names are",
        "/top must be 1 or more",
        "/filters cannot be combined with `wiql`",
        "/orderBy cannot be combined with `wiql`",
        "/filters/0 needs a `value`, or a `macro`",
        "/filters/1 has both",
        "/filters/2 a list as `value` needs",
        "/filters/3 this operator needs a list",
        "/filters/4 this operator takes neither",
        "/filters/5 this operator needs text",
        "/filters/6 this operator needs text",
        "/filters/7 `offset` needs",
        "/filters/8/operator must be one of `=`, `<>`",
        "/filters/8/value must be text or a number or true or false or a list, not an object",
        "/groups/0/filters/0 `offset` needs",
    ] {
        assert!(
            said.iter().any(|line| line.starts_with(wanted)),
            "{wanted}: {said:#?}"
        );
    }
    assert_eq!(
        faults(ActionKind::Update, &json!({"id": 1, "expectedRevision": 3})),
        [" changes nothing: give `fields`, `relations` or `removeRelations`"]
    );
    assert_eq!(
        faults(
            ActionKind::Create,
            &json!({"project": "a/b", "fields": {"System.Title": {}}, "relations": [{"rel": "x"}]})
        )
        .len(),
        4
    );
}

#[test]
fn a_query_longer_than_the_provider_takes_is_refused_here() {
    let filters = vec![json!({"field": "A", "operator": "=", "value": "'".repeat(400)}); 50];
    let said = faults(ActionKind::Search, &json!({"filters": filters}));
    assert!(said[0].contains("32000"), "{said:?}");
}

#[test]
fn creating_sends_a_patch_document() {
    let request = request_of(
        ActionKind::Create,
        &json!({
            "project": "Tailspin Toys", "workItemType": "User Story", "validateOnly": true, "bypassRules": false,
            "fields": {"System.Title": "it's \"here\"", "System.Tags": null, "Microsoft.VSTS.Common.Priority": 1},
            "relations": [
                {"rel": "System.LinkTypes.Related", "workItemId": 4, "attributes": {"comment": "see"}},
                {"rel": "Hyperlink", "url": "https://example.com/"},
            ],
        }),
    );
    assert_eq!(
        request.path,
        "/Tailspin%20Toys/_apis/wit/workitems/$User%20Story?api-version=7.1&$expand=relations&validateOnly=true"
    );
    let (content_type, document) = request.body.expect("a body");
    assert_eq!(content_type, "application/json-patch+json");
    assert_eq!(
        document,
        json!([
            {"op": "add", "path": "/fields/System.Title", "value": "it's \"here\""},
            {"op": "add", "path": "/fields/Microsoft.VSTS.Common.Priority", "value": 1},
            {"op": "add", "path": "/relations/-", "value": {"rel": "System.LinkTypes.Related", "url": "https://x/4", "attributes": {"comment": "see"}}},
            {"op": "add", "path": "/relations/-", "value": {"rel": "Hyperlink", "url": "https://example.com/"}},
        ])
    );
}

#[test]
fn updating_tests_the_revision_first_and_removes_before_it_adds() {
    let request = request_of(
        ActionKind::Update,
        &json!({
            "id": 7, "expectedRevision": 3, "fields": {"System.AssignedTo": null, "System.State": "Doing"},
            "removeRelations": [0, 2], "relations": [{"rel": "Hyperlink", "url": "u"}],
        }),
    );
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        (
            "PATCH",
            "/_apis/wit/workitems/7?api-version=7.1&$expand=relations"
        )
    );
    assert_eq!(
        request.body.expect("a body").1,
        json!([
            {"op": "test", "path": "/rev", "value": 3},
            {"op": "remove", "path": "/fields/System.AssignedTo"},
            {"op": "add", "path": "/fields/System.State", "value": "Doing"},
            {"op": "remove", "path": "/relations/2"},
            {"op": "remove", "path": "/relations/0"},
            {"op": "add", "path": "/relations/-", "value": {"rel": "Hyperlink", "url": "u"}},
        ])
    );
}

#[test]
fn deleting_for_good_must_be_said() {
    let path = |parameters: Value| request_of(ActionKind::Delete, &parameters).path;
    assert_eq!(
        path(json!({"id": 7, "permanent": null})),
        "/_apis/wit/workitems/7?api-version=7.1"
    );
    assert_eq!(
        path(json!({"id": 7, "project": "P", "permanent": true})),
        "/P/_apis/wit/workitems/7?api-version=7.1&destroy=true"
    );
}

#[test]
fn queries_for_links_give_links_and_each_item_once() {
    let Action::Search(input, _) = read(ActionKind::Search, &json!({"top": 3, "wiql": "x"})) else {
        panic!("a search");
    };
    let row = |source: Option<i64>, target: i64| json!({"rel": source.map(|_| "R"), "source": source.map(|id| json!({"id": id})), "target": {"id": target}});
    let rows = [
        row(None, 1),
        row(Some(1), 2),
        row(Some(1), 3),
        row(Some(1), 4),
    ];
    let found = input
        .found(&json!({"workItemRelations": rows}))
        .expect("an answer");
    assert_eq!((found.ids, found.has_more), (vec![1, 2, 3], true));
    let links = found.links.unwrap_or_default();
    assert_eq!(
        links[1],
        Link {
            rel: Some("R".into()),
            source: Some(1),
            target: 2
        }
    );
    for strange in [json!({}), json!(null), json!({"workItems": [{"id": "1"}]})] {
        assert_eq!(input.found(&strange), None);
    }
}

proptest! {
    /// SECURITY: names stay one segment of the path.
    #[test]
    fn no_project_or_type_leaves_its_segment(project in nasty(), kind in nasty()) {
        let parameters = json!({"project": project, "workItemType": kind, "fields": {}});
        if let Ok(Action::Create(input)) = Action::read(ActionKind::Create, &parameters, "") {
            let path = input.request("").path;
            let before_query = path.split('?').next().unwrap_or_default();
            prop_assert_eq!(path.matches('?').count(), 1);
            prop_assert_eq!(before_query.split('/').count(), 6, "{}", path);
        }
    }

    /// What passes the check is of the type: otherwise callers would read what only programmers understand.
    #[test]
    fn the_schema_takes_nothing_that_the_type_does_not(kind in prop::sample::select(ActionKind::ALL), parameters in parameters()) {
        let description = descriptions().iter().find(|one| one.name == kind.name()).map(|one| &one.parameters);
        let rules = Rules { format: &check_format, ..Rules::NONE };
        let passes = schema_faults(description.unwrap_or(&Value::Null), &parameters, "", rules).is_empty();
        let fits = match kind {
            ActionKind::Search => serde_json::from_value::<SearchInput>(parameters.clone()).is_ok(),
            ActionKind::Create => serde_json::from_value::<CreateInput>(parameters.clone()).is_ok(),
            ActionKind::Update => serde_json::from_value::<UpdateInput>(parameters.clone()).is_ok(),
            ActionKind::Delete => serde_json::from_value::<DeleteInput>(parameters.clone()).is_ok(),
        };
        prop_assert!(!passes || fits, "{}", parameters);
    }
}

/// Objects with the parameters' names and values of every kind.
fn parameters() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-2..3_i64).prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        prop::sample::select(vec![
            "AND",
            "OR",
            "ASC",
            "=",
            "IN",
            "@Me",
            "System.Title",
            "",
            "a b"
        ])
        .prop_map(Value::from),
    ];
    let name = prop::sample::select(vec![
        "id",
        "project",
        "workItemType",
        "fields",
        "relations",
        "removeRelations",
        "expectedRevision",
        "validateOnly",
        "bypassRules",
        "permanent",
        "join",
        "filters",
        "groups",
        "orderBy",
        "wiql",
        "top",
        "field",
        "operator",
        "value",
        "macro",
        "offset",
        "direction",
        "rel",
        "workItemId",
        "url",
        "attributes",
        "System.Title",
    ]);
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let object = prop::collection::hash_map(name.clone(), inner.clone(), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Value::from),
            object.prop_map(|all| all
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect()),
        ]
    })
}
