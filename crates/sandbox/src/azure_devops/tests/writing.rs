//! Changing and deleting work items.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{ITEMS, refused, start, title};
use crate::test_support::TestSandbox;

async fn create(sandbox: &TestSandbox, who: &str) -> Value {
    let answer = sandbox
        .ado(
            who,
            "POST",
            &format!("{ITEMS}/$Task?api-version=7.1"),
            title("New one"),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn a_failed_test_changes_nothing() {
    let (sandbox, ada) = start().await;
    let id = create(&sandbox, &ada).await["id"].clone();
    let path = format!("{ITEMS}/{id}?api-version=7.1");
    let stale = json!([{"op": "add", "path": "/fields/System.Title", "value": "Lost"}, {"op": "test", "path": "/rev", "value": 7}]);
    refused(
        &sandbox.ado(&ada, "PATCH", &path, stale).await,
        412,
        "TestPatchOperationFailedException",
        "VS403351",
    );
    assert_eq!(
        sandbox.ado(&ada, "GET", &path, Value::Null).await.json()["fields"]["System.Title"],
        "New one"
    );
    let good = json!([{"op": "test", "path": "/rev", "value": 1}, {"op": "replace", "path": "/fields/System.State", "value": "Active"},
        {"op": "add", "path": "/fields/System.Tags", "value": "b; A; b"}, {"op": "add", "path": "/fields/System.AssignedTo", "value": "grace@contoso.example"},
        {"op": "add", "path": "/fields/System.History", "value": "Why"}, {"op": "copy", "from": "/fields/System.Title", "path": "/fields/System.Description"}]);
    let body = sandbox.ado(&ada, "PATCH", &path, good).await.json();
    assert_eq!(
        (&body["rev"], &body["fields"]["System.Tags"]),
        (&json!(2), &json!("A; b"))
    );
    assert_eq!(
        body["fields"]["System.AssignedTo"]["displayName"],
        "Grace Sample"
    );
    assert_eq!(
        (
            &body["fields"]["System.CommentCount"],
            &body["fields"]["System.Description"]
        ),
        (&json!(1), &json!("New one"))
    );
    let updates = sandbox
        .ado(&ada, "GET", &format!("{ITEMS}/{id}/updates"), Value::Null)
        .await
        .json();
    assert_eq!(
        updates["value"][1]["fields"]["System.State"],
        json!({"oldValue": "New", "newValue": "Active"})
    );
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn rules_are_told_in_full() {
    let (sandbox, ada) = start().await;
    let path = format!("{ITEMS}/$Task?validateOnly=true&api-version=7.1");
    for (field, value, flag) in [
        ("System.State", json!("Nowhere"), "limitedToValues"),
        (
            "Microsoft.VSTS.Common.Priority",
            json!(9),
            "invalidListValue",
        ),
        (
            "Microsoft.VSTS.Scheduling.RemainingWork",
            json!("much"),
            "invalidType",
        ),
        ("System.CreatedDate", json!("2020-01-01"), "readOnly"),
        (
            "System.AssignedTo",
            json!("nobody@contoso.example"),
            "invalidListValue",
        ),
        (
            "Microsoft.VSTS.Common.Activity",
            json!("Rest"),
            "limitedToValues",
        ),
    ] {
        let document = json!([{"op": "add", "path": "/fields/System.Title", "value": "x"}, {"op": "add", "path": format!("/fields/{field}"), "value": value}]);
        let answer = sandbox.ado(&ada, "POST", &path, document).await;
        refused(&answer, 400, "RuleValidationException", "");
        let error = &answer.json()["customProperties"]["RuleValidationErrors"][0];
        assert_eq!(error["fieldReferenceName"], field);
        assert!(
            error["fieldStatusFlags"].as_str().unwrap().contains(flag),
            "{error}"
        );
    }
    let no_title = json!([{"op": "add", "path": "/fields/System.Description", "value": "x"}]);
    refused(
        &sandbox.ado(&ada, "POST", &path, no_title).await,
        400,
        "RuleValidationException",
        "TF401320",
    );
    let wrong_path = json!([{"op": "add", "path": "/fields/System.Title", "value": "x"}, {"op": "add", "path": "/fields/System.AreaPath", "value": "Nowhere"}]);
    refused(
        &sandbox.ado(&ada, "POST", &path, wrong_path).await,
        400,
        "WorkItemFieldInvalidTreeNameException",
        "TF401347",
    );
    let object = json!([{"op": "add", "path": "/fields/System.AssignedTo", "value": {"displayName": "Ada Example"}}]);
    assert!(
        sandbox.ado(&ada, "POST", &path, object).await.json()["value"]["Message"]
            .as_str()
            .unwrap()
            .starts_with("VS403426")
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "POST",
                &path,
                json!([{"op": "add", "path": "/fields/No.Field", "value": 1}]),
            )
            .await,
        400,
        "WorkItemTrackingFieldDefinitionNotFoundException",
        "TF51535",
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "POST",
                &format!("{ITEMS}/$Nothing?api-version=7.1"),
                title("x"),
            )
            .await,
        404,
        "WorkItemTypeNotFoundException",
        "VS402323",
    );
    refused(
        &sandbox.ado(&ada, "POST", &path, json!([])).await,
        400,
        "VssPropertyValidationException",
        "patch document",
    );
    refused(
        &sandbox
            .ado(&ada, "POST", &path, json!({"title": "x"}))
            .await,
        415,
        "VssRequestContentTypeNotSupportedException",
        "application/json-patch+json",
    );
}

#[tokio::test]
async fn validating_saves_nothing_and_bypassing_needs_permission() {
    let (sandbox, ada) = start().await;
    let before = sandbox.send("GET", "/_sandbox/state", &[], "").await.json()["organizations"][0]["workItems"].clone();
    let answer = sandbox
        .ado(
            &ada,
            "POST",
            &format!("{ITEMS}/$Task?validateOnly=true&api-version=7.1"),
            title("x"),
        )
        .await;
    assert_eq!(
        (
            answer.status,
            answer.json()["fields"]["System.Title"].clone()
        ),
        (StatusCode::OK, json!("x"))
    );
    assert_eq!(
        sandbox.send("GET", "/_sandbox/state", &[], "").await.json()["organizations"][0]["workItems"],
        before
    );
    let grace = sandbox.bearer("grace").await;
    let bypass = format!("{ITEMS}/$Task?bypassRules=true&api-version=7.1");
    refused(
        &sandbox.ado(&grace, "POST", &bypass, title("x")).await,
        403,
        "WorkItemUnauthorizedBypassException",
        "TF237111",
    );
    assert_eq!(
        sandbox.ado(&ada, "POST", &bypass, title("x")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn links_appear_at_both_ends_and_make_no_circles() {
    let (sandbox, ada) = start().await;
    let id = create(&sandbox, &ada).await["id"].as_i64().unwrap();
    let link = |rel: &str, target: i64| json!([{"op": "add", "path": "/relations/-", "value": {"rel": rel, "url": format!("http://sandbox.test/dev.azure.com/contoso-demo/_apis/wit/workItems/{target}"), "attributes": {}}}]);
    let parent = "System.LinkTypes.Hierarchy-Reverse";
    let path = format!("{ITEMS}/{id}?api-version=7.1&$expand=relations");
    let linked = sandbox
        .ado(&ada, "PATCH", &path, link(parent, 2))
        .await
        .json();
    assert_eq!(
        (&linked["rev"], &linked["fields"]["System.Parent"]),
        (&json!(1), &json!(2))
    );
    let other = sandbox
        .ado(&ada, "GET", &format!("{ITEMS}/2?$expand=1"), Value::Null)
        .await
        .json();
    assert!(
        other["relations"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["url"].as_str().unwrap().ends_with(&format!("/{id}")))
    );
    refused(
        &sandbox.ado(&ada, "PATCH", &path, link(parent, 3)).await,
        400,
        "WorkItemLinkInvalidException",
        "TF201036",
    );
    refused(
        &sandbox
            .ado(&ada, "PATCH", &path, link("System.LinkTypes.Related", id))
            .await,
        400,
        "WorkItemLinkInvalidException",
        "TF201035",
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "PATCH",
                &format!("{ITEMS}/1?api-version=7.1"),
                link(parent, id),
            )
            .await,
        400,
        "WorkItemLinkInvalidException",
        "TF201065",
    );
    let removed = sandbox
        .ado(
            &ada,
            "PATCH",
            &path,
            json!([{"op": "remove", "path": "/relations/0"}]),
        )
        .await
        .json();
    assert!(removed["relations"].is_null() && removed["fields"]["System.Parent"].is_null());
}

#[tokio::test]
async fn items_go_to_the_bin_and_come_back_or_are_destroyed() {
    let (sandbox, ada) = start().await;
    let grace = sandbox.bearer("grace").await;
    let id = create(&sandbox, &ada).await["id"].clone();
    let (item, bin) = (
        format!("{ITEMS}/{id}?api-version=7.1"),
        format!("/contoso-demo/Fabrikam/_apis/wit/recyclebin/{id}?api-version=7.1"),
    );
    refused(
        &sandbox
            .ado(
                &grace,
                "DELETE",
                &format!("{item}&destroy=true"),
                Value::Null,
            )
            .await,
        403,
        "WorkItemDestroyPermissionException",
        "TF401284",
    );
    let deleted = sandbox.ado(&ada, "DELETE", &item, Value::Null).await;
    assert_eq!(
        (deleted.status, deleted.json()["code"].clone()),
        (StatusCode::OK, json!(200))
    );
    refused(
        &sandbox.ado(&ada, "GET", &item, Value::Null).await,
        404,
        "WorkItemUnauthorizedAccessException",
        "TF401232",
    );
    assert_eq!(
        sandbox.ado(&ada, "GET", &bin, Value::Null).await.json()["name"],
        "New one"
    );
    assert_eq!(
        sandbox
            .ado(&ada, "PATCH", &bin, json!({"IsDeleted": false}))
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(
        sandbox.ado(&ada, "GET", &item, Value::Null).await.status,
        StatusCode::OK
    );
    let many = sandbox
        .ado(
            &ada,
            "POST",
            "/contoso-demo/_apis/wit/workitemsdelete?api-version=7.1",
            json!({"ids": [id, 9999]}),
        )
        .await
        .json();
    assert_eq!(
        (&many["results"][0]["code"], &many["results"][1]["code"]),
        (&json!(200), &json!(404))
    );
    assert_eq!(
        sandbox.ado(&ada, "DELETE", &bin, Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        sandbox.ado(&ada, "GET", &bin, Value::Null).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_parent_is_edited_after_its_child_was_deleted() {
    let (sandbox, ada) = start().await;
    let (parent, child) = (create(&sandbox, &ada).await, create(&sandbox, &ada).await);
    let parent = format!("{ITEMS}/{}?api-version=7.1", parent["id"]);
    let child_path = format!("{ITEMS}/{}?api-version=7.1", child["id"]);
    let link = |rel: &str| json!([{"op": "add", "path": "/relations/-", "value": {"rel": format!("System.LinkTypes.{rel}"), "url": child["url"]}}]);
    let linked = sandbox
        .ado(&ada, "PATCH", &parent, link("Hierarchy-Forward"))
        .await;
    assert_eq!(
        linked.json()["relations"][0]["rel"],
        "System.LinkTypes.Hierarchy-Forward",
        "links come unasked: {}",
        linked.text
    );
    let none = format!("{parent}&$expand=none");
    let edit = |title: &str| json!([{"op": "add", "path": "/fields/System.Title", "value": title}]);
    let edited = sandbox.ado(&ada, "PATCH", &none, edit("A")).await;
    assert!(edited.json()["relations"].is_null(), "{}", edited.text);
    sandbox.ado(&ada, "DELETE", &child_path, Value::Null).await;
    let edited = sandbox.ado(&ada, "PATCH", &parent, edit("B")).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.text);
    refused(
        &sandbox.ado(&ada, "PATCH", &parent, link("Related")).await,
        404,
        "WorkItemUnauthorizedAccessException",
        "TF401232",
    );
    let remove = json!([{"op": "remove", "path": "/relations/0"}]);
    let removed = sandbox.ado(&ada, "PATCH", &parent, remove).await;
    assert_eq!(removed.status, StatusCode::OK, "{}", removed.text);
}

#[tokio::test]
async fn artifacts_need_a_name_that_the_service_knows() {
    let (sandbox, ada) = start().await;
    let path = format!(
        "{ITEMS}/{}?api-version=7.1",
        create(&sandbox, &ada).await["id"]
    );
    let link = |attributes: Value| {
        json!([{"op": "add", "path": "/relations/-", "value": {
            "rel": "ArtifactLink", "url": "vstfs:///Git/Ref/1%2F2%2FGBmain", "attributes": attributes,
        }}])
    };
    for attributes in [json!({}), json!({"name": " "}), json!({"comment": "c"})] {
        let answer = sandbox.ado(&ada, "PATCH", &path, link(attributes)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert!(
            answer
                .text
                .contains("Artifact links must have a valid name"),
            "{}",
            answer.text
        );
    }
    let unknown = sandbox
        .ado(&ada, "PATCH", &path, link(json!({"name": "Wiki"})))
        .await;
    assert!(unknown.text.contains("TF401028"), "{}", unknown.text);
    let branch = sandbox
        .ado(&ada, "PATCH", &path, link(json!({"name": "Branch"})))
        .await;
    assert_eq!(branch.status, StatusCode::OK, "{}", branch.text);
}

#[tokio::test]
async fn titles_are_counted_in_units_of_utf16() {
    let (sandbox, ada) = start().await;
    let path = format!(
        "{ITEMS}/{}?api-version=7.1",
        create(&sandbox, &ada).await["id"]
    );
    let rocket = "\u{1f680}";
    for (title, status) in [
        (rocket.repeat(127) + "x", StatusCode::OK),
        (rocket.repeat(128), StatusCode::BAD_REQUEST),
    ] {
        let edit = json!([{"op": "add", "path": "/fields/System.Title", "value": title}]);
        let answer = sandbox.ado(&ada, "PATCH", &path, edit).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
}
