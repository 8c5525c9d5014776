#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::work_items::attachments::FILE_ID;
use crate::sandbox::test_support::{Answer, TestSandbox};

const ITEMS: &str = "/contoso-demo/Fabrikam/_apis/wit/workitems";

async fn start() -> (TestSandbox, String) {
    let sandbox = TestSandbox::new();
    let ada = sandbox.bearer("ada").await;
    (sandbox, ada)
}

fn refused(answer: &Answer, status: u16, type_key: &str, code: &str) {
    let body = answer.json();
    assert_eq!(
        (answer.status.as_u16(), body["typeKey"].as_str()),
        (status, Some(type_key)),
        "{}",
        answer.text
    );
    assert!(
        body["message"].as_str().unwrap().contains(code),
        "{}",
        answer.text
    );
    assert!(body["typeName"].as_str().unwrap().contains(type_key) && body["$id"] == "1");
}

fn title(text: &str) -> Value {
    json!([{"op": "add", "path": "/fields/System.Title", "value": text}])
}

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
async fn the_profile_host_lists_the_organisations_of_the_tokens_directory() {
    let sandbox = TestSandbox::new();
    for (person, expected) in [
        ("ada", vec!["contoso-demo", "contoso-labs"]),
        ("grace", vec!["contoso-demo"]),
        ("edsger", vec![]),
    ] {
        let bearer = sandbox.bearer(person).await;
        let headers = [("authorization", bearer.as_str())];
        let me = sandbox
            .send(
                "GET",
                "/app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=7.1",
                &headers,
                "",
            )
            .await
            .json();
        let path = format!(
            "/app.vssps.visualstudio.com/_apis/accounts?memberId={}&api-version=7.1",
            me["publicAlias"].as_str().unwrap()
        );
        let body = sandbox.send("GET", &path, &headers, "").await.json();
        let names: Vec<&str> = body["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["accountName"].as_str().unwrap())
            .collect();
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn the_owning_directory_is_told_without_credentials() {
    let sandbox = TestSandbox::new();
    let answer = sandbox
        .send("HEAD", "/vssps.dev.azure.com/Contoso-Demo", &[], "")
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("x-vss-resourcetenant").len(), 36);
}

#[tokio::test]
async fn missing_and_dead_tokens_show_their_faces() {
    let sandbox = TestSandbox::new();
    let path = "/dev.azure.com/contoso-demo/_apis/projects";
    let suppress = ("x-tfs-fedauthredirect", "Suppress");
    let anonymous = sandbox.send("GET", path, &[], "").await;
    assert_eq!(anonymous.status, StatusCode::FOUND);
    assert!(anonymous.header("location").ends_with("/_signin"));
    let challenged = sandbox.send("GET", path, &[suppress], "").await;
    assert_eq!(
        (
            challenged.status,
            challenged
                .headers
                .get_all("www-authenticate")
                .iter()
                .count()
        ),
        (StatusCode::UNAUTHORIZED, 3)
    );
    let dead = ("authorization", "Bearer nothing");
    let page = sandbox.send("GET", path, &[dead], "").await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (203, "text/html; charset=utf-8")
    );
    let suppressed = sandbox.send("GET", path, &[dead, suppress], "").await;
    assert_eq!(
        (suppressed.status, suppressed.text.as_str()),
        (StatusCode::UNAUTHORIZED, "")
    );
    let patched = sandbox
        .send(
            "PATCH",
            "/dev.azure.com/contoso-demo/_apis/wit/workitems/1?api-version=7.1",
            &[dead],
            "",
        )
        .await;
    refused(&patched, 401, "UnauthorizedRequestException", "TF400813");
}

#[tokio::test]
async fn every_face_can_be_forced_once_and_discovery_is_spared() {
    let (sandbox, ada) = start().await;
    for (face, status, header) in [
        ("signInPage", 203, ""),
        ("unauthorized", 401, "www-authenticate"),
        ("challenges", 401, "www-authenticate"),
        ("redirect", 302, "location"),
        ("notPermitted", 401, ""),
        ("insufficientClaims", 401, "www-authenticate"),
        ("throttled", 429, "retry-after"),
        ("throttledText", 429, "x-ratelimit-reset"),
        ("delayed", 200, "x-ratelimit-delay"),
        ("stopped", 503, ""),
        ("serverError", 500, ""),
        ("bindingError", 400, ""),
    ] {
        sandbox
            .knob(
                "POST",
                "answers",
                json!({"face": face, "retryAfterSeconds": 3}),
            )
            .await;
        assert_eq!(
            sandbox
                .ado(&ada, "OPTIONS", "/contoso-demo/_apis/wit", Value::Null)
                .await
                .status,
            StatusCode::OK
        );
        let answer = sandbox
            .ado(&ada, "GET", "/contoso-demo/_apis/projects", Value::Null)
            .await;
        assert_eq!(answer.status.as_u16(), status, "{face}");
        assert!(
            header.is_empty() || !answer.header(header).is_empty(),
            "{face}"
        );
        assert_eq!(
            sandbox
                .ado(&ada, "GET", "/contoso-demo/_apis/projects", Value::Null)
                .await
                .status,
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn strangers_other_directories_and_missing_scopes_are_refused() {
    let (sandbox, ada) = start().await;
    let grace = sandbox.bearer("grace").await;
    refused(
        &sandbox
            .ado(&grace, "GET", "/contoso-labs/_apis/projects", Value::Null)
            .await,
        401,
        "UnauthorizedRequestException",
        "TF400813",
    );
    // A member, but the token is of another directory than the organisation's.
    refused(
        &sandbox
            .ado(&ada, "GET", "/fabrikam-works/_apis/projects", Value::Null)
            .await,
        401,
        "UnauthorizedRequestException",
        "TF400813",
    );
    let code = sandbox
        .code(
            "organizations",
            "grace",
            &[("scope", "499b84ac-1321-427f-aa17-267ca6975798/vso.work")],
        )
        .await;
    let reader = format!(
        "Bearer {}",
        sandbox.redeem(&code).await.json()["access_token"]
            .as_str()
            .unwrap()
    );
    assert_eq!(
        sandbox
            .ado(&reader, "GET", &format!("{ITEMS}/1"), Value::Null)
            .await
            .status,
        StatusCode::OK
    );
    for (method, path) in [
        ("GET", "/contoso-demo/_apis/projects".to_owned()),
        ("POST", format!("{ITEMS}/$Task?api-version=7.1")),
    ] {
        let answer = sandbox.ado(&reader, method, &path, title("x")).await;
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (StatusCode::UNAUTHORIZED, "")
        );
    }
}

#[tokio::test]
async fn personal_access_tokens_work_in_their_organisation_only() {
    let sandbox = TestSandbox::new();
    let state = sandbox.send("GET", "/_sandbox/state", &[], "").await.json();
    let token = state["organizations"][0]["personalAccessTokens"][0]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!((token.len(), &token[76..80]), (84, "AZDO"));
    let basic = format!("Basic {}", STANDARD.encode(format!(":{token}")));
    assert_eq!(
        sandbox
            .ado(&basic, "GET", "/contoso-demo/_apis/projects", Value::Null)
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(
        sandbox
            .ado(&basic, "GET", "/contoso-labs/_apis/projects", Value::Null)
            .await
            .status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn versions_are_demanded_on_writes_and_checked_everywhere() {
    let (sandbox, ada) = start().await;
    refused(
        &sandbox
            .ado(&ada, "POST", &format!("{ITEMS}/$Task"), title("x"))
            .await,
        400,
        "VssVersionNotSpecifiedException",
        "api-version",
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "GET",
                "/contoso-demo/_apis/projects?api-version=9.0",
                Value::Null,
            )
            .await,
        400,
        "VssVersionOutOfRangeException",
        "out of range",
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "GET",
                "/contoso-demo/_apis/projects?api-version=7.2",
                Value::Null,
            )
            .await,
        400,
        "VssInvalidPreviewVersionException",
        "-preview",
    );
    refused(
        &sandbox
            .ado(
                &ada,
                "GET",
                &format!("{ITEMS}/1/comments?api-version=7.1"),
                Value::Null,
            )
            .await,
        400,
        "VssInvalidPreviewVersionException",
        "-preview",
    );
    let old = sandbox
        .ado(
            &ada,
            "GET",
            "/contoso-demo/_apis/projects?api-version=5.0",
            Value::Null,
        )
        .await;
    assert_eq!(
        old.header("content-type"),
        "application/json; charset=utf-8; api-version=5.0"
    );
    let plain = sandbox
        .ado(
            &ada,
            "GET",
            &format!("{ITEMS}/1?api-version=4.0"),
            Value::Null,
        )
        .await
        .json();
    assert!(
        plain["fields"]["System.CreatedBy"]
            .as_str()
            .unwrap()
            .contains('<')
    );
}

#[tokio::test]
async fn unknown_routes_are_told_in_plain_text_and_case_does_not_count() {
    let (sandbox, ada) = start().await;
    let answer = sandbox
        .ado(&ada, "GET", "/contoso-demo/_apis/nothing", Value::Null)
        .await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::NOT_FOUND, "text/plain; charset=utf-8")
    );
    for path in [
        "/Contoso-Demo/FABRIKAM/_APIS/WIT/WorkItems/1",
        "/contoso-demo//_apis/wit/workItems/1",
        "/contoso-demo/Fabrikam//_apis/wit/workitems/1",
    ] {
        assert_eq!(
            sandbox.ado(&ada, "GET", path, Value::Null).await.status,
            StatusCode::OK,
            "{path}"
        );
    }
}

#[tokio::test]
async fn projects_come_in_pages() {
    let (sandbox, ada) = start().await;
    let first = sandbox
        .ado(
            &ada,
            "GET",
            "/contoso-demo/_apis/projects?$top=2&api-version=7.1",
            Value::Null,
        )
        .await;
    let token = first.header("x-ms-continuationtoken").to_owned();
    let second = sandbox
        .ado(
            &ada,
            "GET",
            &format!("/contoso-demo/_apis/projects?%24top=2&continuationToken={token}"),
            Value::Null,
        )
        .await;
    assert_eq!(
        (
            first.json()["count"].clone(),
            second.json()["count"].clone()
        ),
        (json!(2), json!(1))
    );
    assert_eq!(second.header("x-ms-continuationtoken"), "");
    refused(
        &sandbox
            .ado(
                &ada,
                "GET",
                "/contoso-demo/_apis/projects/none",
                Value::Null,
            )
            .await,
        404,
        "ProjectDoesNotExistWithNameException",
        "TF200016",
    );
}

#[tokio::test]
async fn queries_filter_sort_and_follow_links() {
    let (sandbox, ada) = start().await;
    let run = |query: String| {
        let (sandbox, ada) = (&sandbox, &ada);
        async move {
            sandbox
                .ado(
                    ada,
                    "POST",
                    "/contoso-demo/Fabrikam/_apis/wit/wiql?api-version=7.1",
                    json!({"query": query}),
                )
                .await
        }
    };
    let ids = |answer: &Answer| -> Vec<i64> {
        answer.json()["workItems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_i64().unwrap())
            .collect()
    };
    let items = "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND ";
    for (condition, expected) in [
        ("[System.Id] IN (1, 3)", vec![1, 3]),
        ("[System.Id] < 3 ORDER BY [System.Id] DESC", vec![2, 1]),
        (
            "[System.Tags] CONTAINS 'q4' AND [System.Title] CONTAINS WORDS 'key'",
            vec![6],
        ),
        (
            "[System.Parent] = 2 AND NOT [System.Title] CONTAINS 'price'",
            vec![3, 6],
        ),
        (
            "[System.AreaPath] UNDER 'Fabrikam\\Website' AND [System.Id] <= 3",
            vec![2, 3],
        ),
        (
            "[System.State] EVER 'Resolved' AND [System.WorkItemType] = 'Feature'",
            vec![12],
        ),
        ("[System.CreatedDate] > @today - 1", vec![]),
        ("[System.AssignedTo] = '' AND [System.Id] < 7", vec![3, 6]),
    ] {
        let answer = run(format!("{items}{condition}")).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{condition}: {}",
            answer.text
        );
        assert_eq!(ids(&answer), expected, "{condition}");
    }
    let tree = run("SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.Id] = 1 AND [System.Links.LinkType] = 'System.LinkTypes.Hierarchy-Forward' MODE (MustContain)".into()).await.json();
    assert_eq!(tree["queryType"], "oneHop");
    assert_eq!(tree["workItemRelations"].as_array().unwrap().len(), 3);
    refused(
        &run(format!("{items}[Nope] = 1")).await,
        400,
        "WorkItemTrackingQueryException",
        "TF51005",
    );
    refused(
        &run("SELECT TOP 5 [System.Id] FROM WorkItems".into()).await,
        400,
        "WorkItemTrackingQueryException",
        "TF51006",
    );
    refused(
        &run(format!(
            "{items}[System.CreatedDate] > '2026-01-01T10:00:00Z'"
        ))
        .await,
        400,
        "WorkItemTrackingQueryException",
        "TF51006",
    );
    let everywhere = sandbox
        .ado(
            &ada,
            "POST",
            "/contoso-demo/_apis/wit/wiql?api-version=7.1",
            json!({"query": format!("{items}[System.Id] = 1")}),
        )
        .await;
    refused(
        &everywhere,
        400,
        "WorkItemTrackingQueryException",
        "@project",
    );
}

#[tokio::test]
async fn batches_have_their_rules() {
    let (sandbox, ada) = start().await;
    let batch = |body: Value| {
        let (sandbox, ada) = (&sandbox, &ada);
        async move {
            sandbox
                .ado(
                    ada,
                    "POST",
                    "/contoso-demo/_apis/wit/workitemsbatch?api-version=7.1",
                    body,
                )
                .await
        }
    };
    refused(
        &batch(json!({"ids": (1..=201).collect::<Vec<i64>>()})).await,
        400,
        "WorkItemPageSizeExceededException",
        "200",
    );
    refused(
        &batch(json!({"ids": [1], "fields": ["System.Id"], "$expand": 4})).await,
        400,
        "VssPropertyValidationException",
        "expand",
    );
    refused(
        &batch(json!({"ids": [1, 9999]})).await,
        404,
        "WorkItemUnauthorizedAccessException",
        "TF401232",
    );
    refused(
        &batch(json!({"ids": [1], "fields": ["No.Field"]})).await,
        400,
        "WorkItemTrackingFieldDefinitionNotFoundException",
        "TF51535",
    );
    let omitted = batch(json!({"ids": [9999, 2], "errorPolicy": "omit", "$expand": "relations"}))
        .await
        .json();
    assert_eq!(omitted["value"][0], Value::Null);
    assert_eq!(
        omitted["value"][1]["relations"][0]["rel"],
        "System.LinkTypes.Hierarchy-Reverse"
    );
    assert!(omitted["value"][1]["_links"].is_null());
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
async fn several_requests_go_in_one() {
    let (sandbox, ada) = start().await;
    let part = |uri: &str, body: Value| json!({"method": "PATCH", "uri": uri, "headers": {"Content-Type": "application/json-patch+json"}, "body": body});
    let parts = json!([
        part("/_apis/wit/workitems/1?api-version=7.1", title("Changed")),
        part("/_apis/wit/workitems/9999?api-version=7.1", title("x"))
    ]);
    let headers = [
        ("authorization", ada.as_str()),
        ("content-type", "application/json"),
    ];
    let answer = sandbox
        .send(
            "POST",
            "/dev.azure.com/contoso-demo/_apis/wit/$batch?api-version=7.1",
            &headers,
            &parts.to_string(),
        )
        .await
        .json();
    assert_eq!(
        (&answer["value"][0]["code"], &answer["value"][1]["code"]),
        (&json!(200), &json!(404))
    );
    let first: Value = serde_json::from_str(answer["value"][0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(first["fields"]["System.Title"], "Changed");
}

#[tokio::test]
async fn the_attachment_has_the_size_that_was_asked_for() {
    let (sandbox, ada) = start().await;
    let path = |size: u64| format!("/contoso-demo/_apis/wit/attachments/{FILE_ID}?size={size}");
    let answer = sandbox.ado(&ada, "GET", &path(200_000), Value::Null).await;
    assert_eq!(
        (answer.text.len(), answer.header("content-length")),
        (200_000, "200000")
    );
    assert_eq!(
        sandbox
            .ado(&ada, "GET", &path(64 * 1024 * 1024 + 1), Value::Null)
            .await
            .status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn discovery_is_open_and_names_every_area() {
    let sandbox = TestSandbox::new();
    let all = sandbox
        .send("OPTIONS", "/dev.azure.com/contoso-demo/_apis", &[], "")
        .await
        .json();
    let wit = sandbox
        .send("OPTIONS", "/dev.azure.com/contoso-demo/_apis/WIT", &[], "")
        .await
        .json();
    assert!(all["count"].as_i64() > wit["count"].as_i64() && wit["count"].as_i64() > Some(15));
    let areas = sandbox
        .send(
            "GET",
            "/dev.azure.com/contoso-demo/_apis/ResourceAreas?api-version=7.2-preview.1",
            &[],
            "",
        )
        .await
        .json();
    assert_eq!(
        areas["value"][0]["locationUrl"],
        "http://sandbox.test/dev.azure.com/contoso-demo/"
    );
}
