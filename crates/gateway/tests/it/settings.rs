//! What users set: settings, configurations, workflows; and what comes in to start workflows.

use std::sync::atomic::Ordering;

use crate::support::{Answer, TestGateway, start_with};
use paragon_gateway::triggers::inbox as arrivals;
use paragon_workflow::{Input, Workflow};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

fn inputs(value: Value) -> Vec<Input> {
    serde_json::from_value(value).unwrap()
}

fn workflow(id: &str, default_enabled: bool) -> Value {
    json!({
        "id": id,
        "description": format!("Workflow {id}"),
        "defaultEnabled": default_enabled,
        "inputs": [
            {"id": "kind", "title": "Kind", "type": "enum", "values": [{"label": "Bug", "value": "bug"}, {"label": "Task", "value": "task"}]},
            {"id": "title", "title": "Title", "type": "text", "required": true},
        ],
    })
}

fn defined(id: &str, default_enabled: bool) -> Workflow {
    serde_json::from_value(workflow(id, default_enabled)).unwrap()
}

/// A gateway whose project offers two workflows, with a connected account of `u1`.
async fn connected() -> (TestGateway, String) {
    connected_with(&[]).await
}

/// The same, and `more` workflows.
async fn connected_with(more: &[Value]) -> (TestGateway, String) {
    let gateway = start_with(|config| {
        config.projects[0].settings = inputs(json!([
            {"id": "project", "title": "Project", "type": "dynamic_enum", "source": "projects"},
            {"id": "limit", "title": "At most", "type": "number"},
        ]));
        config.projects[0].workflows = vec![workflow("w-off", false), workflow("w-on", true)];
        config.projects[0].workflows.extend_from_slice(more);
    })
    .await;
    let credential = gateway.connect_token("u1", json!({})).await;
    assert_eq!(credential.status, StatusCode::OK, "{}", credential.text);
    let id = credential.json["id"].as_str().unwrap().to_owned();
    (gateway, id)
}

async fn patch(gateway: &TestGateway, id: &str, config: Value) -> Answer {
    let path = format!("/sdk/credentials/{id}");
    gateway
        .call(
            "u1",
            Method::PATCH,
            &path,
            Some(json!({ "config": config })),
        )
        .await
}

fn problem(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

/// Rows of the inbox of a user: kind, name, payload, query, credential.
type Row = (String, String, String, Option<String>, Option<String>);

async fn inbox(gateway: &TestGateway) -> Vec<Row> {
    let pool = sqlx::AnyPool::connect(&gateway.database).await.unwrap();
    sqlx::query_as(
        "SELECT kind, name, payload, query, credential_id FROM workflow_inbox WHERE kind <> 'integration_enabled' ORDER BY id",
    )
    .fetch_all(&pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn the_project_shows_its_workflows_and_inputs() {
    let (gateway, _) = connected().await;
    let answer = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await;
    let integration = &answer.json[0];
    assert_eq!(integration["workflows"][0]["description"], "Workflow w-off");
    let values = &integration["configs"][0]["values"];
    assert_eq!(values["sharedMeta"]["inputs"][0]["sourceType"], "projects");
    let meta = &values["workflowMeta"]["w-on"];
    assert_eq!(
        (&meta["order"], &meta["defaultEnabled"]),
        (&json!(1), &json!(true))
    );
    assert_eq!(meta["inputs"][0]["type"], "ENUM");
    let source = &integration["sdkIntegrationConfig"]["dataSources"]["states"];
    assert_eq!(
        source["refreshDependencies"],
        json!(["project", "workItemType"])
    );
    let other = gateway
        .call_project("other", "u1", Method::GET, "/sdk/integrations", None)
        .await;
    assert_eq!(other.json[0]["workflows"], json!([]));
}

#[tokio::test]
async fn a_field_mapping_is_offered_with_its_sources_and_kept_as_one() {
    let gateway = start_with(|config| {
        config.projects[0].settings = inputs(json!([
            {"id": "fields", "title": "Fields", "type": "field_mapping", "source": "request", "required": true},
        ]));
    })
    .await;
    let id = gateway.connect_token("u1", json!({})).await.json["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await;
    let integration = &answer.json[0];
    let input = &integration["configs"][0]["values"]["sharedMeta"]["inputs"][0];
    assert_eq!(input["dynamicObjectName"], "request");
    let sources = &integration["sdkIntegrationConfig"]["dataSources"];
    let source = &sources[input["sourceType"].as_str().unwrap()];
    assert_eq!(source["type"], "FIELD_MAPPER_DATA_SOURCE");
    assert_eq!(source["recordSource"]["cacheKey"], "workItemTypes");
    assert_eq!(
        source["fieldSource"]["optionalDependencies"],
        json!(["project", "workItemType"])
    );

    let mapping = json!({"objectMapping": "Bug", "dynamicMappings": {"title": {"applicationField": "title", "integrationField": "System.Title"}}});
    let good = patch(
        &gateway,
        &id,
        json!({"sharedSettings": {"fields": &mapping}}),
    )
    .await;
    assert_eq!(
        good.json["configurations"][0]["sharedSettings"]["fields"],
        mapping
    );
    for (bad, problem) in [
        (json!({"objectMapping": "Bug"}), "must be filled in"),
        (json!("Bug"), "must be a field mapping"),
    ] {
        let refused = patch(&gateway, &id, json!({"sharedSettings": {"fields": bad}})).await;
        let error = refused.json["errors"][0].as_str().unwrap();
        assert!(
            error.starts_with(&format!("sharedSettings.fields: {problem}")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn settings_are_stored_and_wrong_fields_are_named() {
    let (gateway, id) = connected().await;
    let good = patch(
        &gateway,
        &id,
        json!({"sharedSettings": {"project": "p1", "limit": 3}}),
    )
    .await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text);
    assert_eq!(
        good.json["configurations"][0]["sharedSettings"],
        json!({"project": "p1", "limit": 3})
    );
    assert!(good.json.get("errors").is_none(), "{}", good.text);

    let mixed = patch(
        &gateway,
        &id,
        json!({"sharedSettings": {"project": "p2", "limit": "many", "moon": 1}}),
    )
    .await;
    assert_eq!(mixed.status, StatusCode::OK);
    let errors: Vec<_> = mixed.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(
        errors,
        [
            "sharedSettings.limit: must be a number",
            "sharedSettings.moon: there is no such setting; valid settings are `project`, `limit`",
        ]
    );
    let stored = gateway.connection("u1").await;
    assert_eq!(
        stored["sharedSettings"],
        json!({"project": "p2", "limit": 3}),
        "a wrong field keeps what was stored"
    );

    let workflow = patch(&gateway, &id, json!({"workflowSettings": {"w-off": {"enabled": true, "settings": {"kind": "bug", "title": ""}}}})).await;
    assert_eq!(
        workflow.json["errors"],
        json!(["workflowSettings.w-off.settings.title: must be filled in"])
    );
    let state = &workflow.json["configurations"][0]["workflowSettings"]["w-off"];
    assert_eq!(
        *state,
        json!({"enabled": false, "settings": {"kind": "bug"}}),
        "saving a setting switches nothing"
    );
    assert_eq!(
        gateway.connection("u1").await["sharedSettings"],
        json!({"project": "p2", "limit": 3})
    );
}

#[tokio::test]
async fn settings_of_another_form_change_nothing() {
    let (gateway, id) = connected().await;
    let long = "x".repeat(70_000);
    let huge = "x".repeat(300_000);
    for (config, code) in [
        (json!({}), "invalid_request"),
        (json!({"sharedSettings": []}), "invalid_request"),
        (json!({"sharedSettings": "x"}), "invalid_request"),
        (
            json!({"sharedSettings": {"project": long}}),
            "invalid_request",
        ),
        (
            json!({"sharedSettings": {"project": huge}}),
            "body_too_large",
        ),
        (
            json!({"workflowSettings": {"w-off": []}}),
            "invalid_request",
        ),
        (
            json!({"workflowSettings": {"w-off": {"settings": "x"}}}),
            "invalid_request",
        ),
        (
            json!({"sharedSettings": {"limit": 9}, "workflowSettings": {"w-none": {"settings": {}}}}),
            "workflow_not_found",
        ),
    ] {
        let answer = patch(&gateway, &id, config.clone()).await;
        assert_eq!(answer.code(), code, "{}", answer.text);
        assert!(answer.status.is_client_error());
    }
    let answer = gateway
        .call(
            "u1",
            Method::PATCH,
            &format!("/sdk/credentials/{id}"),
            Some(json!({})),
        )
        .await;
    assert_eq!(problem(&answer), (400, "invalid_request"));
    assert_eq!(gateway.connection("u1").await["sharedSettings"], json!({}));
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn workflows_are_switched_per_configuration() {
    let (gateway, id) = connected().await;
    let states = async || {
        let entry = gateway.connection("u1").await;
        let settings = &entry["workflowSettings"];
        (
            settings["w-off"]["enabled"] == true,
            settings["w-on"]["enabled"] == true,
        )
    };
    assert_eq!(
        states().await,
        (false, true),
        "a new account begins with what is on by default"
    );
    let call = async |method: Method, workflow: &str| {
        gateway
            .call("u1", method, &format!("/sdk/workflows/{workflow}"), None)
            .await
    };
    assert_eq!(
        call(Method::POST, "w-off").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        problem(&call(Method::POST, "w-off").await),
        (409, "workflow_already_enabled")
    );
    assert_eq!(states().await, (true, true));
    assert_eq!(
        call(Method::DELETE, "w-on").await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        problem(&call(Method::DELETE, "w-on").await),
        (409, "workflow_not_enabled")
    );
    assert_eq!(states().await, (true, false));
    assert_eq!(
        problem(&call(Method::POST, "w-none").await),
        (404, "workflow_not_found")
    );

    let path = format!("/projects/app/sdk/credentials/{id}/configurations");
    let made = gateway
        .call_with(
            "u1",
            Method::POST,
            &path,
            &[],
            Some(json!({"externalId": "two"})),
        )
        .await;
    let second = made.json["configurations"][1]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for configuration in [second.as_str(), "ext:two", "two"] {
        let headers = [
            ("x-paragon-credential", id.as_str()),
            ("x-paragon-configuration-id", configuration),
        ];
        let on = gateway
            .call_with(
                "u1",
                Method::POST,
                "/projects/app/sdk/workflows/w-off",
                &headers,
                None,
            )
            .await;
        assert_eq!(on.status, StatusCode::NO_CONTENT, "{}", on.text);
        let off = gateway
            .call_with(
                "u1",
                Method::DELETE,
                "/projects/app/sdk/workflows/w-off",
                &headers,
                None,
            )
            .await;
        assert_eq!(off.status, StatusCode::NO_CONTENT, "{}", off.text);
    }
    assert_eq!(
        states().await,
        (true, false),
        "the default configuration is as it was"
    );
    let stranger = gateway
        .call("u2", Method::POST, "/sdk/workflows/w-off", None)
        .await;
    assert_eq!(problem(&stranger), (404, "integration_not_connected"));
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn configurations_are_made_described_and_deleted() {
    let (gateway, id) = connected().await;
    let path = format!("/projects/app/sdk/credentials/{id}/configurations");
    let send = async |method: Method, configuration: &str, body: Option<Value>| {
        let headers = [
            ("x-paragon-credential", id.as_str()),
            ("x-paragon-configuration-id", configuration),
        ];
        gateway.call_with("u1", method, &path, &headers, body).await
    };
    let made = send(Method::POST, "", Some(json!({"externalId": " two "}))).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let rows = made.json["configurations"].as_array().unwrap();
    assert_eq!(
        (rows.len(), &rows[0]["isDefault"], &rows[1]["isDefault"]),
        (2, &json!(true), &json!(false))
    );
    assert_eq!(rows[1]["externalId"], "two");
    assert_eq!(rows[1]["workflowSettings"]["w-on"]["enabled"], true);
    let taken = send(Method::POST, "", Some(json!({"externalId": "two"}))).await;
    assert_eq!(problem(&taken), (409, "external_id_taken"));
    for wrong in [
        json!({"externalId": " "}),
        json!({"externalId": 7}),
        json!([]),
    ] {
        assert_eq!(
            problem(&send(Method::POST, "", Some(wrong)).await),
            (400, "invalid_request")
        );
    }
    assert_eq!(
        send(Method::POST, "", Some(json!({}))).await.json["configurations"]
            .as_array()
            .unwrap()
            .len(),
        3
    );

    let described = send(
        Method::PATCH,
        "two",
        Some(json!({"meta": {"team": "web", "old": 1}})),
    )
    .await;
    assert_eq!(
        described.json["configurations"][1]["configMeta"],
        json!({"team": "web", "old": 1})
    );
    let described = send(
        Method::PATCH,
        "ext:two",
        Some(json!({"meta": {"old": null, "new": true}})),
    )
    .await;
    assert_eq!(
        described.json["configurations"][1]["configMeta"],
        json!({"team": "web", "new": true})
    );
    let long = json!({"meta": {"x": "x".repeat(40_000)}});
    assert_eq!(
        problem(&send(Method::PATCH, "two", Some(long)).await),
        (400, "invalid_request")
    );
    assert_eq!(
        problem(&send(Method::PATCH, "two", Some(json!({"meta": 1}))).await),
        (400, "invalid_request")
    );
    assert_eq!(
        problem(&send(Method::PATCH, "none", Some(json!({"meta": {}}))).await),
        (404, "configuration_not_found")
    );

    assert_eq!(
        problem(&send(Method::DELETE, "", None).await),
        (409, "default_configuration")
    );
    assert_eq!(
        problem(&send(Method::DELETE, "none", None).await),
        (404, "configuration_not_found")
    );
    assert_eq!(
        send(Method::DELETE, "two", None).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        problem(&send(Method::DELETE, "two", None).await),
        (404, "configuration_not_found")
    );
}

#[tokio::test]
async fn nobody_reaches_what_another_set() {
    let (gateway, id) = connected().await;
    let path = format!("/sdk/credentials/{id}");
    let made = gateway
        .call(
            "u1",
            Method::POST,
            &format!("{path}/configurations"),
            Some(json!({"externalId": "two"})),
        )
        .await;
    let second = made.json["configurations"][1]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    gateway.connect_token("mallory", json!({})).await;
    let theirs = [("x-paragon-configuration-id", second.as_str())];
    for (project, user) in [("app", "mallory"), ("other", "u1")] {
        for (method, path, body) in [
            (
                Method::PATCH,
                path.clone(),
                json!({"config": {"sharedSettings": {}}}),
            ),
            (Method::POST, format!("{path}/configurations"), json!({})),
            (
                Method::PATCH,
                format!("{path}/configurations"),
                json!({"meta": {}}),
            ),
            (Method::DELETE, format!("{path}/configurations"), json!({})),
        ] {
            let full = format!("/projects/{project}{path}");
            let answer = gateway
                .call_with(user, method, &full, &theirs, Some(body))
                .await;
            assert_eq!(problem(&answer), (404, "credential_not_found"), "{full}");
        }
    }
    for (method, path, body) in [
        (Method::POST, "/projects/app/sdk/workflows/w-off", None),
        (Method::DELETE, "/projects/app/sdk/workflows/w-on", None),
        (
            Method::POST,
            "/projects/app/sdk/triggers/w-on?",
            Some(json!({})),
        ),
    ] {
        let answer = gateway
            .call_with("mallory", method, path, &theirs, body)
            .await;
        assert_eq!(problem(&answer), (404, "configuration_not_found"), "{path}");
    }
    let headers = [("x-paragon-credential", id.as_str())];
    let event = gateway
        .call_with(
            "mallory",
            Method::POST,
            "/v2/projects/app/sdk/events/trigger",
            &headers,
            Some(json!({"name": "x"})),
        )
        .await;
    assert_eq!(problem(&event), (404, "credential_not_found"));
    let own = gateway.connection("u1").await;
    assert_eq!(
        own["allCredentials"][0]["configurations"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(own["workflowSettings"]["w-on"]["enabled"], true);
    assert_eq!(inbox(&gateway).await, []);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn events_and_requests_are_written_down_before_they_are_answered() {
    let waiting = json!({
        "id": "w-event", "description": "Waits", "defaultEnabled": true,
        "trigger": {"type": "appEvent", "event": "Request made"},
    });
    let (gateway, id) = connected_with(&[waiting]).await;
    let event = async |headers: &[(&str, &str)], body: Value| {
        gateway
            .call_with(
                "u1",
                Method::POST,
                "/v2/projects/app/sdk/events/trigger",
                headers,
                Some(body),
            )
            .await
    };
    assert_eq!(
        event(&[], json!({"name": "Request made", "payload": {"a": 1}}))
            .await
            .status,
        StatusCode::OK
    );
    let target = [("x-paragon-credential", id.as_str())];
    assert_eq!(
        event(&target, json!({"name": "Request made"})).await.status,
        StatusCode::OK
    );
    for wrong in [
        json!({}),
        json!({"name": " "}),
        json!({"name": 1}),
        json!({"name": "x", "payload": []}),
        json!({"name": "x".repeat(300)}),
    ] {
        assert_eq!(problem(&event(&[], wrong).await), (400, "invalid_request"));
    }
    let long = json!({"name": "x", "payload": {"x": "x".repeat(300_000)}});
    assert_eq!(problem(&event(&[], long).await), (413, "body_too_large"));
    let alone = [("x-paragon-configuration-id", "two")];
    assert_eq!(
        problem(&event(&alone, json!({"name": "x"})).await),
        (400, "invalid_request")
    );

    let request = async |workflow: &str, body: Value| {
        let path = format!("/projects/app/sdk/triggers/{workflow}?b=2&a=%20");
        gateway
            .call_with("u1", Method::POST, &path, &[], Some(body))
            .await
    };
    let taken = request("w-on", json!("a text")).await;
    assert_eq!(taken.status, StatusCode::ACCEPTED, "{}", taken.text);
    assert!(taken.json["id"].is_string());
    assert_eq!(
        problem(&request("w-off", json!({})).await),
        (409, "workflow_not_enabled")
    );
    assert_eq!(
        problem(&request("w-none", json!({})).await),
        (404, "workflow_not_found")
    );
    let stranger = gateway
        .call("u2", Method::POST, "/sdk/triggers/w-on?", Some(json!({})))
        .await;
    assert_eq!(problem(&stranger), (404, "integration_not_connected"));

    let row =
        |kind: &str, name: &str, payload: &str, query: Option<&str>, credential: Option<&str>| {
            (
                kind.to_owned(),
                name.to_owned(),
                payload.to_owned(),
                query.map(str::to_owned),
                credential.map(str::to_owned),
            )
        };
    assert_eq!(
        inbox(&gateway).await,
        [
            row("app_event", "Request made", "{\"a\":1}", None, None),
            row("app_event", "Request made", "{}", None, Some(&id)),
            row(
                "request",
                "w-on",
                "\"a text\"",
                Some("b=2&a=%20"),
                Some(&id)
            ),
        ]
    );
    gateway
        .ahead
        .store(31 * 86_400_000, std::sync::atomic::Ordering::SeqCst);
    paragon_gateway::triggers::inbox::sweep(&gateway.app)
        .await
        .unwrap();
    assert_eq!(inbox(&gateway).await, []);
}

#[tokio::test]
async fn what_the_operator_takes_away_is_gone_and_comes_back_as_it_was() {
    let (gateway, id) = connected().await;
    let store = &gateway.app.store;
    patch(
        &gateway,
        &id,
        json!({"workflowSettings": {"w-on": {"settings": {"kind": "task"}}}}),
    )
    .await;
    store
        .set_workflows("app", "azuredevops", &[], &[defined("w-off", false)], 1)
        .await
        .unwrap();
    let entry = gateway.connection("u1").await;
    assert_eq!(
        entry["workflowSettings"],
        json!({"w-off": {"enabled": false, "settings": {}}})
    );
    let stale = patch(&gateway, &id, json!({"workflowSettings": {"w-on": {"settings": {"kind": "bug"}}, "w-off": {"settings": {}}}})).await;
    assert_eq!(
        stale.status,
        StatusCode::OK,
        "a page that was open still sends it along: {}",
        stale.text
    );
    let workflows = [defined("w-off", false), defined("w-on", true)];
    store
        .set_workflows("app", "azuredevops", &[], &workflows, 2)
        .await
        .unwrap();
    let entry = gateway.connection("u1").await;
    assert_eq!(
        entry["workflowSettings"]["w-on"],
        json!({"enabled": true, "settings": {"kind": "task"}})
    );
}

#[tokio::test]
async fn of_many_who_switch_at_once_one_does() {
    let (gateway, _) = connected().await;
    for (method, code) in [
        (Method::POST, "workflow_already_enabled"),
        (Method::DELETE, "workflow_not_enabled"),
    ] {
        let calls =
            (0..20).map(|_| gateway.call("u1", method.clone(), "/sdk/workflows/w-off", None));
        let answers = futures_util::future::join_all(calls).await;
        let done = |answer: &&Answer| answer.status == StatusCode::NO_CONTENT;
        assert_eq!(answers.iter().filter(done).count(), 1);
        assert_eq!(
            answers
                .iter()
                .filter(|answer| answer.code() == code)
                .count(),
            19
        );
    }
}

#[tokio::test]
async fn a_dead_account_starts_nothing() {
    let (gateway, _) = connected().await;
    let user = paragon_gateway::identity::UserId("u1".into());
    let row = gateway
        .app
        .store
        .credentials("app", &user)
        .await
        .unwrap()
        .remove(0);
    gateway
        .app
        .store
        .mark_invalid(row.id, &row.secret, None, 1)
        .await
        .unwrap();
    for path in ["/sdk/workflows/w-off", "/sdk/triggers/w-on?"] {
        let answer = gateway
            .call("u1", Method::POST, path, Some(json!({})))
            .await;
        assert_eq!(
            problem(&answer),
            (401, "credential_needs_reconnect"),
            "{path}"
        );
        assert_eq!(
            answer.json["meta"]["isIntegrationError"], true,
            "the user stays signed in"
        );
    }
    let off = gateway
        .call("u1", Method::DELETE, "/sdk/workflows/w-on", None)
        .await;
    assert_eq!(
        off.status,
        StatusCode::NO_CONTENT,
        "switching off is always possible"
    );
    assert_eq!(inbox(&gateway).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn metadata_that_is_changed_at_once_is_all_kept() {
    let (gateway, id) = connected().await;
    let path = format!("/sdk/credentials/{id}/configurations");
    let label = Some(json!({"externalId": "own"}));
    let made = gateway.call("u1", Method::POST, &path, label).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let configurations = format!("/projects/app{path}");
    let changes = (0..40).map(|number| {
        let (gateway, id, configurations) = (&gateway, id.as_str(), configurations.as_str());
        async move {
            let own = [
                ("x-paragon-credential", id),
                ("x-paragon-configuration-id", "own"),
            ];
            let (path, headers): (&str, &[_]) = if number % 2 == 0 {
                ("/projects/app/sdk/me", &[])
            } else {
                (configurations, &own)
            };
            let meta = Some(json!({"meta": {format!("key{number}"): number}}));
            let answer = gateway
                .call_with("u1", Method::PATCH, path, headers, meta)
                .await;
            assert!(answer.status.is_success(), "{}", answer.text);
        }
    });
    futures_util::future::join_all(changes).await;
    let me = gateway.call("u1", Method::GET, "/sdk/me", None).await.json;
    let credential = &me["integrations"]["azuredevops"]["allCredentials"][0];
    let own = credential["configurations"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["externalId"] == "own"));
    for number in 0..40 {
        let key = format!("key{number}");
        let meta = if number % 2 == 0 {
            &me["meta"]
        } else {
            &own.unwrap()["configMeta"]
        };
        assert_eq!(meta[&key], number, "{key}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_and_is_not_written_over() {
    let (gateway, _) = connected().await;
    let meta = |value: &str| json!({"meta": {"Name": value}});
    let named = gateway
        .call("u1", Method::PATCH, "/sdk/me", Some(meta("Ada")))
        .await;
    assert!(named.status.is_success(), "{}", named.text);
    let pool = sqlx::AnyPool::connect(&gateway.database).await.unwrap();
    let broken = "{\"Name\":\"Ad";
    sqlx::query("UPDATE users SET meta = $1")
        .bind(broken)
        .execute(&pool)
        .await
        .unwrap();
    for (method, body) in [(Method::GET, None), (Method::PATCH, Some(meta("Eve")))] {
        let answer = gateway.call("u1", method, "/sdk/me", body).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!answer.text.contains("Ad"), "{}", answer.text);
    }
    let kept: (String,) = sqlx::query_as("SELECT meta FROM users")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept.0, broken);
}

#[tokio::test]
async fn what_came_in_is_kept_for_as_many_days_as_history() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    for days in [2, 60] {
        let gateway = start_with(|config| {
            config.history_days = days;
            config.projects[0].workflows = vec![json!({
                "id": "w", "description": "W", "defaultEnabled": true,
                "trigger": {"type": "appEvent", "event": "Awaited"},
            })];
        })
        .await;
        gateway.connect_token("u1", json!({})).await;
        let path = "/v2/projects/app/sdk/events/trigger";
        let body = json!({"name": "Awaited", "payload": {}});
        let sent = gateway.call_with("u1", Method::POST, path, &[], Some(body));
        assert_eq!(sent.await.status, StatusCode::OK);
        for (later, left) in [(i64::from(days) - 1, 1), (i64::from(days) + 1, 0)] {
            gateway.ahead.store(later * DAY, Ordering::SeqCst);
            arrivals::sweep(&gateway.app).await.unwrap();
            assert_eq!(
                inbox(&gateway).await.len(),
                left,
                "{later} of {days} days later"
            );
        }
    }
}
