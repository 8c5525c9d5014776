//! The four actions over HTTP, against the simulator: what they do, and what they refuse.

use crate::support::{Answer, TestGateway, client, start};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SEARCH: &str = "AZURE_DEVOPS_SEARCH_WORKITEMS";
const CREATE: &str = "AZURE_DEVOPS_CREATE_WORKITEM";
const UPDATE: &str = "AZURE_DEVOPS_UPDATE_WORKITEM";
const DELETE: &str = "AZURE_DEVOPS_DELETE_WORKITEM";
const PROJECT: &str = "Fabrikam";

/// Grace may do all but delete for good.
async fn connected() -> TestGateway {
    let gateway = start().await;
    gateway.connect("u1", "grace").await;
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    gateway
}

async fn act(gateway: &TestGateway, user: &str, action: &str, parameters: Value) -> Answer {
    let body = json!({ "action": action, "parameters": parameters });
    gateway
        .call(user, Method::POST, "/actions", Some(body))
        .await
}

/// The output of an action that works.
async fn output(gateway: &TestGateway, action: &str, parameters: Value) -> Value {
    let answer = act(gateway, "u1", action, parameters).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json["output"].clone()
}

/// Status and code of one that does not.
async fn refused(gateway: &TestGateway, action: &str, parameters: Value) -> (u16, String, Answer) {
    let answer = act(gateway, "u1", action, parameters).await;
    let (status, code) = (answer.status.as_u16(), answer.code().to_owned());
    (status, code, answer)
}

async fn task(gateway: &TestGateway, title: &str) -> i64 {
    let parameters =
        json!({"project": PROJECT, "workItemType": "Task", "fields": {"System.Title": title}});
    output(gateway, CREATE, parameters).await["id"]
        .as_i64()
        .unwrap()
}

/// Makes many at once, past the action.
async fn tasks(gateway: &TestGateway, titles: &[String]) {
    let part = |title: &String| {
        json!({
            "method": "POST", "uri": format!("/{PROJECT}/_apis/wit/workitems/$Task?api-version=7.1"),
            "headers": {"Content-Type": "application/json-patch+json"},
            "body": [{"op": "add", "path": "/fields/System.Title", "value": title}],
        })
    };
    let parts: Vec<_> = titles.iter().map(part).collect();
    let path = "/sdk/proxy/azuredevops/_apis/wit/$batch?api-version=7.1";
    let made = gateway
        .call("u1", Method::PATCH, path, Some(parts.into()))
        .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
}

async fn titled(gateway: &TestGateway, title: &str) -> Vec<Value> {
    let filter = json!({"field": "System.Title", "operator": "=", "value": title});
    let found = output(
        gateway,
        SEARCH,
        json!({"project": PROJECT, "filters": [filter]}),
    );
    found.await["workItems"].as_array().unwrap().clone()
}

/// How many requests to the provider's API there were, by the end of their path.
async fn sent(gateway: &TestGateway, end: &str) -> u64 {
    let seen = gateway.knob(Method::GET, "requests", Value::Null).await;
    let counts = seen["counts"].as_object().unwrap();
    counts
        .iter()
        .filter(|(name, _)| name.contains("/_apis/") && name.ends_with(end))
        .filter_map(|(_, count)| count.as_u64())
        .sum()
}

#[tokio::test]
async fn the_actions_are_listed_with_their_schemas() {
    let gateway = start().await;
    let answer = gateway.call("u1", Method::GET, "/actions", None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let actions = answer.json["actions"]["azuredevops"].as_array().unwrap();
    let names: Vec<_> = actions
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, [SEARCH, CREATE, UPDATE, DELETE]);
    for action in actions {
        assert_eq!(action["parameters"]["type"], "object");
        assert_eq!(action["output"]["type"], "object");
    }
    let stranger = client().get(format!("{}/projects/app/actions", gateway.url));
    assert_eq!(
        Answer::of(stranger.send().await.unwrap()).await.code(),
        "token_invalid"
    );
}

#[tokio::test]
async fn an_item_is_created_found_changed_and_deleted() {
    let gateway = connected().await;
    let parent = task(&gateway, "Parent").await;
    let created = output(
        &gateway,
        CREATE,
        json!({
            "project": PROJECT, "workItemType": "User Story",
            "fields": {"System.Title": "It's \"quoted\" & <b>", "System.Tags": "one; two", "Microsoft.VSTS.Common.Priority": 1, "System.Description": null},
            "relations": [{"rel": "System.LinkTypes.Hierarchy-Reverse", "workItemId": parent, "attributes": {"comment": "below"}}],
        }),
    )
    .await;
    let id = created["id"].as_i64().unwrap();
    assert_eq!(
        (&created["rev"], &created["fields"]["System.WorkItemType"]),
        (&json!(1), &json!("User Story"))
    );
    assert_eq!(created["fields"]["System.Parent"], parent);
    assert_eq!(created["relations"][0]["attributes"]["comment"], "below");
    assert!(created["_links"]["html"]["href"].is_string(), "{created}");

    let found = output(
        &gateway,
        SEARCH,
        json!({
            "project": PROJECT, "fields": ["System.Title"],
            "filters": [
                {"field": "System.Title", "operator": "=", "value": "It's \"quoted\" & <b>"},
                {"field": "System.CreatedBy", "operator": "=", "macro": "@Me"},
                {"field": "System.CreatedDate", "operator": ">=", "macro": "@Today", "offset": -1},
                {"field": "Microsoft.VSTS.Common.Priority", "operator": "IN", "value": [1, 4]},
            ],
            "groups": [{"join": "OR", "filters": [
                {"field": "System.Tags", "operator": "CONTAINS", "value": "two"},
                {"field": "System.State", "operator": "=", "value": "Nowhere"},
            ]}],
        }),
    )
    .await;
    assert_eq!(found["workItems"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(
        found["workItems"][0]["fields"],
        json!({"System.Title": "It's \"quoted\" & <b>"})
    );
    assert_eq!(found["hasMore"], false);

    let changed = output(
        &gateway,
        UPDATE,
        json!({
            "id": id, "project": PROJECT, "expectedRevision": 1, "removeRelations": [0],
            "fields": {"System.State": "Active", "System.Tags": null, "System.History": "Moved"},
            "relations": [{"rel": "Hyperlink", "url": "https://example.com/'x'"}],
        }),
    )
    .await;
    assert_eq!(changed["rev"], 2);
    assert_eq!(changed["fields"]["System.State"], "Active");
    assert!(
        changed["fields"]["System.Tags"].is_null() && changed["fields"]["System.Parent"].is_null()
    );
    assert_eq!(changed["relations"].as_array().unwrap().len(), 1);

    let deleted = output(&gateway, DELETE, json!({"id": id})).await;
    assert_eq!(
        (&deleted["id"], &deleted["permanent"]),
        (&json!(id), &json!(false))
    );
    assert_eq!(deleted["project"], PROJECT);
    assert!(titled(&gateway, "It's \"quoted\" & <b>").await.is_empty());
    let (status, code, _) = refused(&gateway, DELETE, json!({"id": id})).await;
    assert_eq!((status, code.as_str()), (404, "provider_not_found"));
}

#[tokio::test]
async fn who_may_deletes_for_good() {
    let gateway = start().await;
    // The personal access token of an administrator.
    let connected = gateway.connect_token("u1", json!({})).await;
    assert_eq!(connected.status, StatusCode::OK, "{}", connected.text);
    let id = task(&gateway, "Gone").await;
    let deleted = output(&gateway, DELETE, json!({"id": id, "permanent": true})).await;
    assert_eq!(
        (&deleted["permanent"], &deleted["title"]),
        (&json!(true), &Value::Null)
    );
    let bin = gateway
        .proxy(
            "u1",
            &format!("/{PROJECT}/_apis/wit/recyclebin/{id}?api-version=7.1"),
        )
        .await;
    assert_eq!(bin.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn more_results_than_one_batch_holds_come_complete_and_in_order() {
    let gateway = connected().await;
    let titles: Vec<_> = (0..431).map(|number| format!("Many {number:03}")).collect();
    for some in titles.chunks(200) {
        tasks(&gateway, some).await;
    }
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    let search = |top: u32| {
        let filter = json!({"field": "System.Title", "operator": "CONTAINS", "value": "Many"});
        json!({"project": PROJECT, "filters": [filter], "fields": ["System.Title"], "top": top,
            "orderBy": [{"field": "System.Title", "direction": "DESC"}]})
    };
    let found = output(&gateway, SEARCH, search(10_000)).await;
    let given: Vec<_> = found["workItems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["fields"]["System.Title"].as_str().unwrap())
        .collect();
    let wanted: Vec<_> = titles.iter().rev().map(String::as_str).collect();
    assert_eq!(given, wanted);
    assert_eq!(found["hasMore"], false);
    assert_eq!(
        (
            sent(&gateway, "/wiql").await,
            sent(&gateway, "/workitemsbatch").await
        ),
        (1, 3)
    );
    for (top, has_more) in [(430, true), (431, false), (1, true)] {
        let found = output(&gateway, SEARCH, search(top)).await;
        assert_eq!(found["workItems"].as_array().unwrap().len(), top as usize);
        assert_eq!(found["hasMore"], has_more, "{top}");
    }
    let usual =
        json!({"filters": [{"field": "System.Title", "operator": "CONTAINS", "value": "Many"}]});
    let found = output(&gateway, SEARCH, usual).await;
    assert_eq!(
        (
            found["workItems"].as_array().unwrap().len(),
            &found["hasMore"]
        ),
        (200, &json!(true))
    );
}

#[tokio::test]
async fn a_query_of_the_callers_own_runs_as_it_stands() {
    let gateway = connected().await;
    let query = "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project ORDER BY [System.Id] DESC";
    let found = output(
        &gateway,
        SEARCH,
        json!({"project": "Tailspin Toys", "wiql": query, "top": 5}),
    )
    .await;
    let items = found["workItems"].as_array().unwrap();
    assert_eq!(items.len(), 5);
    assert!(
        items
            .iter()
            .all(|item| item["fields"]["System.TeamProject"] == "Tailspin Toys")
    );
    assert!(items[0]["id"].as_i64() > items[1]["id"].as_i64());

    let links = "SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.TeamProject] = 'Fabrikam' MODE (MustContain)";
    let found = output(
        &gateway,
        SEARCH,
        json!({"wiql": links, "fields": ["System.Title"]}),
    )
    .await;
    let rows = found["links"].as_array().unwrap();
    assert!(!rows.is_empty());
    let ids: Vec<_> = found["workItems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert!(
        rows.iter().all(|row| ids.contains(&&row["target"])),
        "{found}"
    );

    for (bad, said) in [
        ("SELECT", "TF51006"),
        ("SELECT [No.Such] FROM WorkItems", "TF51005"),
    ] {
        let (status, code, answer) = refused(&gateway, SEARCH, json!({"wiql": bad})).await;
        assert_eq!(
            (status, code.as_str()),
            (422, "provider_rejected"),
            "{}",
            answer.text
        );
        assert!(
            answer.json["provider"]["message"]
                .as_str()
                .unwrap()
                .contains(said)
        );
    }
}

#[tokio::test]
async fn an_item_that_nobody_saves_is_only_looked_at() {
    let gateway = connected().await;
    let parameters = json!({"project": PROJECT, "workItemType": "Task", "validateOnly": true, "fields": {"System.Title": "Dry run"}});
    let would_be = output(&gateway, CREATE, parameters).await;
    assert_eq!(would_be["fields"]["System.Title"], "Dry run");
    assert!(titled(&gateway, "Dry run").await.is_empty());
}

/// SECURITY: what users type into a search stays a value.
#[tokio::test]
async fn injection_through_values_finds_nothing() {
    let gateway = connected().await;
    task(&gateway, "Secret plan").await;
    for value in [
        "' OR [System.Id] > 0 OR [System.Title] = '",
        "'' OR 1 = 1 --",
        "x') OR ([System.Id] > 0",
        "\\' OR [System.Id] > 0",
        "\u{2019} OR [System.Id] > 0",
        "' ORDER BY [System.Id] ASC",
        "' ASOF '2020-01-01",
    ] {
        assert!(titled(&gateway, value).await.is_empty(), "{value}");
    }
}

/// SECURITY: nothing else than a name passes for a name, and what is refused is not sent.
#[tokio::test]
async fn injection_through_fields_projects_and_types_is_refused_unsent() {
    let gateway = connected().await;
    let filter = |field: &str| json!({"filters": [{"field": field, "operator": "=", "value": 1}]});
    let create = |project: &str, kind: &str| json!({"project": project, "workItemType": kind, "fields": {"System.Title": "x"}});
    let attempts = [
        (SEARCH, filter("System.Id] > 0 OR [System.Id")),
        (SEARCH, filter("System.Id]")),
        (
            SEARCH,
            json!({"filters": [{"field": "System.Id", "operator": "> 0 OR [System.Id] =", "value": 1}]}),
        ),
        (
            SEARCH,
            json!({"filters": [{"field": "System.Id", "operator": ">", "macro": "@Me OR 1 = 1"}]}),
        ),
        (
            SEARCH,
            json!({"orderBy": [{"field": "System.Id] DESC, [System.Title"}]}),
        ),
        (
            SEARCH,
            json!({"orderBy": [{"field": "System.Id", "direction": "DESC MODE (Recursive)"}]}),
        ),
        (SEARCH, json!({"project": "../contoso-labs"})),
        (
            SEARCH,
            json!({"project": "Fabrikam/_apis/wit/workitems/1?x="}),
        ),
        (SEARCH, json!({"top": "1&destroy=true"})),
        (CREATE, create("..", "Task")),
        (CREATE, create("_apis", "Task")),
        (CREATE, create("Fabrikam\\x", "Task")),
        (CREATE, create(PROJECT, "Task/../../1")),
        (
            CREATE,
            json!({"project": PROJECT, "workItemType": "Task", "fields": {"System.Title/../../relations/-": "x"}}),
        ),
        (
            UPDATE,
            json!({"id": "1/comments", "fields": {"System.Title": "x"}}),
        ),
        (UPDATE, json!({"id": 1, "fields": {"a~1b/../../rev": 7}})),
        (DELETE, json!({"id": "1?destroy=true"})),
        (DELETE, json!({"id": 1, "project": "x?destroy=true/"})),
    ];
    for (action, parameters) in attempts {
        let text = parameters.to_string();
        let (status, code, answer) = refused(&gateway, action, parameters).await;
        assert_eq!(
            (status, code.as_str()),
            (400, "invalid_request"),
            "{text}: {}",
            answer.text
        );
    }
    // Escapes that a server behind the provider might decode once more.
    for project in ["%2e%2e", "a%2fb", "%252e%252e"] {
        let (status, code, answer) = refused(&gateway, CREATE, create(project, "Task")).await;
        assert!(
            (status, code.as_str()) == (400, "proxy_path_refused") || status == 404,
            "{project}: {}",
            answer.text
        );
    }
    assert_eq!(sent(&gateway, "workitems/1").await, 0);
    assert_eq!(
        sent(&gateway, "/wiql").await,
        0,
        "what is refused is not sent"
    );
}

#[tokio::test]
async fn a_stale_revision_changes_nothing() {
    let gateway = connected().await;
    let id = task(&gateway, "Contended").await;
    let update = |revision: u32, title: &str| json!({"id": id, "expectedRevision": revision, "fields": {"System.Title": title}});
    output(&gateway, UPDATE, update(1, "First")).await;
    let (status, code, answer) = refused(&gateway, UPDATE, update(1, "Second")).await;
    assert_eq!(
        (status, code.as_str()),
        (409, "provider_conflict"),
        "{}",
        answer.text
    );
    let provider = &answer.json["provider"];
    assert_eq!(
        (&provider["status"], &provider["code"]),
        (&json!(412), &json!("TestPatchOperationFailedException"))
    );
    assert!(
        provider["message"]
            .as_str()
            .unwrap()
            .starts_with("VS403351")
    );
    assert!(
        provider["requestId"]
            .as_str()
            .is_some_and(|id| id.len() == 36),
        "{provider}"
    );
    assert_eq!(answer.json["meta"]["isIntegrationError"], true);
    assert_eq!(titled(&gateway, "First").await.len(), 1);
    assert!(titled(&gateway, "Second").await.is_empty());
}

#[tokio::test]
async fn every_fault_of_a_request_is_told_at_once() {
    let gateway = connected().await;
    let parameters = json!({"workItemType": 7, "fields": {"System.Title": ["x"], "a/b": 1}, "relations": [{"rel": "x"}], "tilte": "x"});
    let body = json!({"action": CREATE, "parameters": parameters, "credential": "x"});
    let answer = gateway
        .call("u1", Method::POST, "/actions", Some(body))
        .await;
    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::BAD_REQUEST, "invalid_request")
    );
    let details = answer.json["details"].as_array().unwrap();
    let paths: Vec<_> = details
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        [
            "/credential",
            "/parameters/project",
            "/parameters/workItemType",
            "/parameters/fields/System.Title",
            "/parameters/fields/a~1b",
            "/parameters/tilte",
            "/parameters/relations/0",
        ],
        "{}",
        answer.text
    );
    let message = answer.json["message"].as_str().unwrap();
    assert!(paths.iter().all(|path| message.contains(path)), "{message}");

    for (body, code) in [
        (
            json!({"action": "AZURE_DEVOPS_DROP", "parameters": {}}),
            "action_not_found",
        ),
        (json!({"parameters": {}}), "invalid_request"),
        (json!({"action": 1}), "invalid_request"),
        (json!({"action": DELETE}), "invalid_request"),
        (
            json!({"action": DELETE, "parameters": [1]}),
            "invalid_request",
        ),
        (
            json!({"action": SEARCH, "parameters": null}),
            "invalid_request",
        ),
        (json!([]), "invalid_request"),
    ] {
        let answer = gateway
            .call("u1", Method::POST, "/actions", Some(body.clone()))
            .await;
        assert_eq!(answer.code(), code, "{body}: {}", answer.text);
    }
    assert_eq!(sent(&gateway, "").await, 0);
}

#[tokio::test]
async fn what_the_provider_does_not_know_is_told_in_its_words() {
    let gateway = connected().await;
    let create = |project: &str, kind: &str, fields: Value| json!({"project": project, "workItemType": kind, "fields": fields});
    for (parameters, status, code, said) in [
        (
            create(PROJECT, "Epos", json!({"System.Title": "x"})),
            404,
            "provider_not_found",
            "VS402323",
        ),
        (
            create("Nowhere", "Task", json!({"System.Title": "x"})),
            404,
            "provider_not_found",
            "TF200016",
        ),
        (
            create(PROJECT, "Task", json!({"No.Such": "x"})),
            422,
            "provider_rejected",
            "TF51535",
        ),
        (
            create(PROJECT, "Task", json!({})),
            422,
            "provider_rejected",
            "valid patch document",
        ),
        (
            create(PROJECT, "Task", json!({"System.State": "New"})),
            422,
            "provider_rejected",
            "Title",
        ),
        (
            create(
                PROJECT,
                "Task",
                json!({"System.Title": "x", "System.AreaPath": "Nowhere"}),
            ),
            422,
            "provider_rejected",
            "TF401347",
        ),
    ] {
        let text = parameters.to_string();
        let (found, found_code, answer) = refused(&gateway, CREATE, parameters).await;
        assert_eq!(
            (found, found_code.as_str()),
            (status, code),
            "{text}: {}",
            answer.text
        );
        let message = answer.json["message"].as_str().unwrap();
        assert!(message.contains(said), "{text}: {message}");
    }
    let broken = create(
        PROJECT,
        "Bug",
        json!({"Microsoft.VSTS.Common.Priority": 9, "System.State": "Lost"}),
    );
    let (_, _, answer) = refused(&gateway, CREATE, broken).await;
    let said = answer.json["provider"]["message"].as_str().unwrap();
    for field in ["Priority", "State", "Title"] {
        assert!(said.contains(field), "every broken rule: {said}");
    }
    let fields = json!({"fields": ["No.Such"], "top": 1});
    assert_eq!(
        refused(&gateway, SEARCH, fields).await.1,
        "provider_rejected"
    );
    let update = json!({"id": 999_999, "fields": {"System.Title": "x"}});
    let (status, code, answer) = refused(&gateway, UPDATE, update).await;
    assert_eq!((status, code.as_str()), (404, "provider_not_found"));
    assert!(answer.text.contains("TF401232"));
}

/// SECURITY: what the account may not do, the gateway cannot do for it.
/// Choices of a field, which the gateway asks of the provider by another way than the actions.
async fn types_of(gateway: &TestGateway, project: &str) -> Answer {
    let body = json!({
        "action": "azuredevops", "sourceKey": "workItemTypes",
        "parameters": [{"key": "project", "source": {"type": "VALUE", "value": project}}],
    });
    gateway
        .call("u1", Method::POST, "/sdk/actions", Some(body))
        .await
}

#[tokio::test]
async fn an_error_of_the_provider_has_one_code_whatever_asked() {
    let gateway = connected().await;
    let query = json!({"project": "Nowhere"});
    let unknown = [
        refused(&gateway, SEARCH, query).await.2,
        types_of(&gateway, "Nowhere").await,
    ];
    for answer in unknown {
        let provider = &answer.json["provider"];
        let said = (answer.status.as_u16(), answer.code(), &provider["status"]);
        assert_eq!(
            said,
            (404, "provider_not_found", &json!(404)),
            "{}",
            answer.text
        );
    }
    for (face, status, code) in [
        ("throttled", 429, "provider_throttled"),
        ("bindingError", 422, "provider_rejected"),
        ("serverError", 503, "provider_unavailable"),
    ] {
        let forced = json!({"face": face, "retryAfterSeconds": 30, "times": 2});
        gateway.knob(Method::POST, "answers", forced).await;
        let asked = [
            refused(&gateway, SEARCH, json!({"project": PROJECT}))
                .await
                .2,
            types_of(&gateway, PROJECT).await,
        ];
        for answer in asked {
            let said = (answer.status.as_u16(), answer.code());
            assert_eq!(said, (status, code), "{face}: {}", answer.text);
            assert!(answer.json["provider"]["message"].is_string());
        }
    }
}

#[tokio::test]
async fn a_missing_permission_is_told_and_nothing_happens() {
    let gateway = connected().await;
    let id = task(&gateway, "Kept").await;
    let (status, code, answer) =
        refused(&gateway, DELETE, json!({"id": id, "permanent": true})).await;
    assert_eq!(
        (status, code.as_str()),
        (403, "provider_forbidden"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains("TF401284"));
    let bypass = json!({"id": id, "bypassRules": true, "fields": {"System.Title": ""}});
    let (_, code, answer) = refused(&gateway, UPDATE, bypass).await;
    assert_eq!(code, "provider_forbidden");
    assert!(answer.text.contains("TF237111"));
    assert_eq!(titled(&gateway, "Kept").await.len(), 1);

    gateway
        .knob(
            Method::POST,
            "answers",
            json!({"face": "notPermitted", "times": 2}),
        )
        .await;
    assert_eq!(
        refused(&gateway, SEARCH, json!({})).await.1,
        "provider_forbidden"
    );
    assert_eq!(
        titled(&gateway, "Kept").await.len(),
        1,
        "the credential lives"
    );
}

#[tokio::test]
async fn a_throttling_provider_is_passed_on_as_such() {
    let gateway = connected().await;
    let create =
        json!({"project": PROJECT, "workItemType": "Task", "fields": {"System.Title": "Once"}});
    for (action, parameters) in [(SEARCH, json!({})), (CREATE, create.clone())] {
        for face in ["throttled", "throttledText"] {
            gateway
                .knob(
                    Method::POST,
                    "answers",
                    json!({"face": face, "retryAfterSeconds": 30}),
                )
                .await;
            let (status, code, answer) = refused(&gateway, action, parameters.clone()).await;
            assert_eq!(
                (status, code.as_str()),
                (429, "provider_throttled"),
                "{}",
                answer.text
            );
            assert_eq!(answer.json["retryAfterMs"], 30_000);
            assert_eq!(answer.headers["retry-after"], "30");
            assert!(
                answer.json["provider"]["message"]
                    .as_str()
                    .unwrap()
                    .contains("TF400733")
            );
        }
    }
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    gateway
        .knob(
            Method::POST,
            "answers",
            json!({"face": "throttled", "retryAfterSeconds": 1}),
        )
        .await;
    assert_eq!(
        refused(&gateway, CREATE, create).await.1,
        "provider_throttled"
    );
    assert_eq!(sent(&gateway, "Task").await, 1, "a change is not repeated");
    gateway
        .knob(
            Method::POST,
            "answers",
            json!({"face": "throttled", "retryAfterSeconds": 1}),
        )
        .await;
    assert_eq!(
        titled(&gateway, "Once").await.len(),
        0,
        "a search waits and is repeated"
    );
}

/// Milliseconds between the last query and the first batch of its items.
async fn pause_of_a_search(gateway: &TestGateway, slowed: Value) -> i128 {
    gateway.knob(Method::POST, "answers", slowed).await;
    output(gateway, SEARCH, json!({"project": PROJECT})).await;
    let seen = gateway.knob(Method::GET, "requests", json!({})).await;
    let at = |end: &str| {
        let requests = seen["requests"].as_array().unwrap().iter().rev();
        let found = requests
            .filter(|one| one["path"].as_str().unwrap().ends_with(end))
            .find_map(|one| one["at"].as_str());
        found.unwrap().parse::<jiff::Timestamp>().unwrap()
    };
    at("/workitemsbatch")
        .duration_since(at("/wiql"))
        .as_millis()
}

#[tokio::test]
async fn a_search_waits_as_long_as_a_slowed_answer_asks() {
    let gateway = connected().await;
    task(&gateway, "Slowed").await;
    let slowed = |rest: Value| {
        let mut answer = json!({"face": "delayed", "method": "POST", "path": "/wiql"});
        let both = answer.as_object_mut().zip(rest.as_object().cloned());
        if let Some((answer, rest)) = both {
            answer.extend(rest);
        }
        answer
    };
    let pause = pause_of_a_search(&gateway, slowed(json!({"retryAfterSeconds": 1}))).await;
    assert!(pause >= 1000, "{pause} ms");
    // A time has no parts of a second.
    let dated = slowed(json!({"retryAfterSeconds": 2, "retryAfterDate": true}));
    let pause = pause_of_a_search(&gateway, dated).await;
    assert!(pause >= 1000, "{pause} ms");
    // Longer than a call may take: that is for the caller.
    let long = slowed(json!({"retryAfterSeconds": 600}));
    gateway.knob(Method::POST, "answers", long).await;
    let (status, code, answer) = refused(&gateway, SEARCH, json!({"project": PROJECT})).await;
    assert_eq!((status, code.as_str()), (429, "provider_throttled"));
    let left = answer.json["retryAfterMs"].as_u64().unwrap();
    assert!((590_000..=600_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_failing_provider_leaves_no_doubt_about_what_is_in_doubt() {
    let gateway = connected().await;
    let create =
        json!({"project": PROJECT, "workItemType": "Task", "fields": {"System.Title": "Maybe"}});
    gateway
        .knob(Method::POST, "answers", json!({"face": "serverError"}))
        .await;
    let (status, code, answer) = refused(&gateway, CREATE, create.clone()).await;
    assert_eq!((status, code.as_str()), (503, "provider_unavailable"));
    assert!(answer.text.contains("check before you repeat it") && answer.text.contains("VS402335"));
    gateway
        .knob(Method::POST, "answers", json!({"face": "serverError"}))
        .await;
    let (_, code, answer) = refused(&gateway, SEARCH, json!({})).await;
    assert_eq!(code, "provider_unavailable");
    assert!(
        !answer.text.contains("check before"),
        "a search changes nothing"
    );
    gateway
        .knob(
            Method::POST,
            "answers",
            json!({"face": "stopped", "times": 3}),
        )
        .await;
    let (status, code, answer) = refused(&gateway, SEARCH, json!({})).await;
    assert_eq!((status, code.as_str()), (503, "provider_unavailable"));
    assert!(answer.text.contains("TF24668"), "behind a byte order mark");
    gateway
        .knob(Method::POST, "answers", json!({"face": "bindingError"}))
        .await;
    let (_, code, answer) = refused(&gateway, CREATE, create).await;
    assert_eq!(code, "provider_rejected");
    assert!(answer.text.contains("VS403426"));
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_a_dead_credential_needs_a_reconnect() {
    let gateway = connected().await;
    gateway
        .knob(Method::POST, "users/grace/expire", json!({}))
        .await;
    task(&gateway, "After the renewal").await;
    assert_eq!(gateway.refreshes().await, 1);
    assert_eq!(
        titled(&gateway, "After the renewal").await.len(),
        1,
        "made once"
    );
    gateway
        .knob(Method::POST, "users/grace/revoke", json!({}))
        .await;
    for (action, parameters) in [
        (SEARCH, json!({})),
        (
            CREATE,
            json!({"project": PROJECT, "workItemType": "Task", "fields": {"System.Title": "x"}}),
        ),
        (UPDATE, json!({"id": 1, "fields": {"System.Title": "x"}})),
        (DELETE, json!({"id": 1})),
    ] {
        let (status, code, answer) = refused(&gateway, action, parameters).await;
        assert_eq!(
            (status, code.as_str()),
            (401, "credential_needs_reconnect"),
            "{}",
            answer.text
        );
        assert_eq!(answer.json["meta"]["isIntegrationError"], true);
    }
    assert_eq!(
        gateway.connection("u1").await["credentialStatus"],
        "INVALID"
    );
}

/// SECURITY: an account serves its own user in its own project.
#[tokio::test]
async fn another_users_credential_serves_nobody_else() {
    let gateway = connected().await;
    let own = gateway.connection("u1").await["credentialId"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = json!({"action": SEARCH, "parameters": {"top": 1}});
    let call = |project: &'static str, user: &'static str, headers: Vec<(&'static str, String)>| {
        let (gateway, body) = (&gateway, body.clone());
        async move {
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let path = format!("/projects/{project}/actions");
            gateway
                .call_with(user, Method::POST, &path, &headers, Some(body))
                .await
        }
    };
    let named = || vec![("x-paragon-credential", own.clone())];
    assert_eq!(call("app", "u1", named()).await.status, StatusCode::OK);
    assert_eq!(
        call("app", "u2", named()).await.code(),
        "credential_not_found"
    );
    assert_eq!(
        call("other", "u1", named()).await.code(),
        "credential_not_found"
    );
    assert_eq!(
        call("app", "u2", vec![]).await.code(),
        "integration_not_connected"
    );
    let foreign = vec![("x-paragon-configuration-id", "ext:none".to_owned())];
    assert_eq!(
        call("app", "u1", foreign).await.code(),
        "configuration_not_found"
    );
    assert_eq!(sent(&gateway, "/wiql").await, 1);
    let page = client()
        .post(format!("{}/projects/app/actions", gateway.url))
        .bearer_auth(gateway.token("u1"))
        .header("origin", "https://evil.example")
        .body(body.to_string());
    assert_eq!(
        Answer::of(page.send().await.unwrap()).await.code(),
        "origin_not_allowed"
    );
}
