//! Workflows over HTTP, against the simulator: what starts them, what they do, what history tells, what failures do.

mod editor;
mod engine;
mod hooks;
mod repeats;
mod triggers;

use std::time::Duration;

use crate::support::desk::Desk;
use crate::support::{self, Answer, TestGateway, start_running};
use paragon_gateway::operators::Role;
use paragon_gateway::runs;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const PROJECT: &str = "Fabrikam";

fn action(id: &str, name: &str, parameters: Value) -> Value {
    json!({"id": id, "do": {"type": "action", "action": format!("AZURE_DEVOPS_{name}"), "parameters": parameters}})
}

fn create(id: &str, title: &str) -> Value {
    let parameters =
        json!({"project": PROJECT, "workItemType": "Task", "fields": {"System.Title": title}});
    action(id, "CREATE_WORKITEM", parameters)
}

fn on_event(id: &str, steps: Value) -> Value {
    json!({
        "id": id, "description": id, "defaultEnabled": true,
        "trigger": {"type": "appEvent", "event": "Ticket Created"}, "steps": steps,
    })
}

/// Looks for an item of the event's title, makes it or changes it.
fn upsert() -> Value {
    let find = json!({
        "project": PROJECT, "top": 1, "fields": ["System.Title"],
        "filters": [{"field": "System.Title", "operator": "=", "value": "{{trigger.output.title}}"}],
    });
    let change = json!({
        "id": "{{find.output.workItems[0].id}}", "fields": {"System.Description": "again: {{trigger.output.text}} {{secrets.SIGNATURE}}"},
    });
    on_event(
        "upsert",
        json!([
            action("find", "SEARCH_WORKITEMS", find),
            {"id": "known", "do": {"type": "conditional", "branches": [{
                "when": {"any": [{"all": [{"left": "{{find.output.workItems}}", "operator": "$arrayIsEmpty"}]}]},
                "steps": [create("new", "{{trigger.output.title}}")],
            }], "otherwise": [action("old", "UPDATE_WORKITEM", change)]}},
        ]),
    )
}

/// A gateway that runs `workflows`, with a connected account of `u1`.
async fn running(workflows: Vec<Value>) -> TestGateway {
    let gateway = start_running(|config| {
        config.projects[0].workflows = workflows;
        config.projects[0].secrets = [("SIGNATURE".to_owned(), "hunter2".into())].into();
    })
    .await;
    gateway.connect("u1", "grace").await;
    gateway
}

async fn event(gateway: &TestGateway, user: &str, payload: Value) {
    let url = format!("{}/v2/projects/app/sdk/events/trigger", gateway.url);
    let body = json!({"name": "Ticket Created", "payload": payload});
    let sent = support::client()
        .post(url)
        .bearer_auth(gateway.token(user))
        .header("origin", support::ORIGIN)
        .body(body.to_string())
        .send();
    let answer = Answer::of(sent.await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

async fn runs_of(gateway: &TestGateway, user: &str, query: &str) -> Vec<Value> {
    let path = format!("/runs{query}");
    let answer = gateway.call(user, Method::GET, &path, None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json["runs"].as_array().unwrap().clone()
}

async fn shown(gateway: &TestGateway, id: &Value) -> Value {
    let path = format!("/runs/{}", id.as_str().unwrap());
    gateway.call("u1", Method::GET, &path, None).await.json
}

/// The newest run, once `is_so`; swept now and then, as the program does.
async fn run_that(gateway: &TestGateway, is_so: impl Fn(&Value) -> bool) -> Value {
    let waiting = async {
        loop {
            runs::sweep(&gateway.app).await.unwrap();
            if let Some(run) = runs_of(gateway, "u1", "?limit=1").await.first() {
                let run = shown(gateway, &run["id"]).await;
                if is_so(&run) {
                    return run;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    match tokio::time::timeout(Duration::from_mins(1), waiting).await {
        Ok(run) => run,
        Err(late) => panic!("{late}: {:#?}", runs_of(gateway, "u1", "").await),
    }
}

async fn over(gateway: &TestGateway) -> Value {
    run_that(gateway, |run| !run["endedAt"].is_null()).await
}

async fn titled(gateway: &TestGateway, title: &str) -> Vec<Value> {
    let filter = json!({"field": "System.Title", "operator": "=", "value": title});
    let body = json!({"action": "AZURE_DEVOPS_SEARCH_WORKITEMS", "parameters": {"project": PROJECT, "filters": [filter]}});
    let answer = gateway
        .call("u1", Method::POST, "/actions", Some(body))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json["output"]["workItems"]
        .as_array()
        .unwrap()
        .clone()
}

fn step<'a>(run: &'a Value, path: &str) -> &'a Value {
    let steps = run["steps"].as_array().unwrap();
    steps
        .iter()
        .find(|step| step["path"] == path)
        .unwrap_or_else(|| panic!("no {path} in {run:#}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_makes_a_work_item_and_a_second_one_changes_it() {
    let gateway = running(vec![upsert()]).await;
    event(
        &gateway,
        "u1",
        json!({"title": "Pump 7 leaks", "text": "a little"}),
    )
    .await;
    let first = over(&gateway).await;
    assert_eq!(first["status"], "succeeded", "{first:#}");
    assert_eq!(
        (&first["workflowId"], &first["version"]),
        (&json!("upsert"), &json!(1))
    );
    assert_eq!(step(&first, "known")["output"], json!({"branch": 0}));
    let made = titled(&gateway, "Pump 7 leaks").await;
    assert_eq!(made.len(), 1);
    assert_eq!(step(&first, "new")["output"]["id"], made[0]["id"]);

    event(
        &gateway,
        "u1",
        json!({"title": "Pump 7 leaks", "text": "a lot"}),
    )
    .await;
    let second = run_that(&gateway, |run| {
        run["id"] != first["id"] && !run["endedAt"].is_null()
    })
    .await;
    assert_eq!(second["status"], "succeeded", "{second:#}");
    let changed = titled(&gateway, "Pump 7 leaks").await;
    assert_eq!(changed.len(), 1, "it was not made twice");
    assert_eq!(
        changed[0]["fields"]["System.Description"],
        "again: a lot hunter2"
    );
    let input = &step(&second, "old")["input"];
    assert_eq!(
        input["fields"]["System.Description"],
        "again: a lot {{secrets.SIGNATURE}}"
    );
    assert_eq!(
        input["id"], made[0]["id"],
        "a reference alone keeps its type"
    );

    let path = format!("/runs/{}/replay", second["id"].as_str().unwrap());
    let again = gateway.call("u1", Method::POST, &path, None).await;
    assert_eq!(again.json["replayOf"], second["id"], "{}", again.text);
    let third = run_that(&gateway, |run| {
        run["id"] == again.json["id"] && !run["endedAt"].is_null()
    })
    .await;
    assert_eq!(
        (&third["status"], &third["input"]),
        (&json!("succeeded"), &second["input"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_kept_by_the_history_or_by_the_engine() {
    let find = json!({
        "project": PROJECT, "fields": ["System.State"],
        "filters": [{"field": "System.Title", "operator": "=", "value": "{{secrets.SIGNATURE}}"}],
    });
    let steps = json!([
        action("find", "SEARCH_WORKITEMS", find),
        create("2", "{{trigger.output.text}}")
    ]);
    let gateway = running(vec![on_event("find", steps)]).await;
    let body = json!([{"op": "add", "path": "/fields/System.Title", "value": "hunter2"}]);
    let path = format!(
        "/projects/app/sdk/proxy/azuredevops/{PROJECT}/_apis/wit/workitems/$Task?api-version=7.1"
    );
    let headers = [("content-type", "application/json-patch+json")];
    let made = gateway
        .call_with("u1", Method::POST, &path, &headers, Some(body))
        .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);

    event(&gateway, "u1", json!({"text": "{{secrets.SIGNATURE}}"})).await;
    let run = over(&gateway).await;
    let found = &step(&run, "find")["output"]["workItems"];
    assert_eq!(
        found.as_array().unwrap().len(),
        1,
        "the secret was used: {run:#}"
    );
    assert_eq!(
        titled(&gateway, "{{secrets.SIGNATURE}}").await.len(),
        1,
        "a value brings in no reference"
    );
    gateway.app.engine.get().unwrap().shutdown().await;
    gateway.app.store.close().await;
    assert!(!gateway.has_stored("hunter2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_answer_is_lost_is_not_done_twice() {
    let gateway = running(vec![on_event(
        "make",
        json!([create("new", "{{trigger.output.title}}")]),
    )])
    .await;
    gateway
        .knob(Method::POST, "answers", json!({"face": "answerLost"}))
        .await;
    event(&gateway, "u1", json!({"title": "Only once"})).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let attempts = step(&run, "new")["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2, "{run:#}");
    assert_eq!(attempts[0]["error"]["code"], "provider_unavailable");
    let made = titled(&gateway, "Only once").await;
    assert_eq!(made.len(), 1, "{made:#?}");
    assert_eq!(step(&run, "new")["output"]["id"], made[0]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_item_of_the_same_title_is_not_taken_for_ours() {
    let gateway = running(vec![on_event(
        "make",
        json!([create("1", "Twin"), create("2", "Twin")]),
    )])
    .await;
    gateway
        .knob(Method::POST, "answers", json!({"face": "delayed"}))
        .await;
    gateway
        .knob(Method::POST, "answers", json!({"face": "serverError"}))
        .await;
    event(&gateway, "u1", json!({})).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    assert_eq!(step(&run, "2")["attempts"].as_array().unwrap().len(), 2);
    assert_eq!(titled(&gateway, "Twin").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_puts_a_step_off_and_refusals_end_the_run() {
    let refused =
        json!({"project": PROJECT, "workItemType": "Task", "fields": {"System.Title": ""}});
    let steps = json!([
        create("1", "Slowly"),
        action("2", "CREATE_WORKITEM", refused),
        create("3", "Never")
    ]);
    let gateway = running(vec![on_event("make", steps)]).await;
    gateway
        .knob(
            Method::POST,
            "throttle",
            json!({"times": 2, "retryAfterSeconds": 1}),
        )
        .await;
    event(&gateway, "u1", json!({})).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "failed", "{run:#}");
    let first = step(&run, "1");
    assert_eq!(first["status"], "succeeded");
    assert_eq!(
        first["attempts"][0]["error"]["code"], "provider_throttled",
        "{first:#}"
    );
    assert_eq!(
        (&run["error"]["step"], &run["error"]["code"]),
        (&json!("2"), &json!("provider_rejected"))
    );
    assert!(
        run["error"]["message"].as_str().unwrap().contains("Title"),
        "{run:#}"
    );
    assert!(titled(&gateway, "Never").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_value_is_named_and_nothing_is_sent() {
    let gateway = running(vec![on_event(
        "make",
        json!([create("new", "{{trigger.output.titel}}")]),
    )])
    .await;
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    event(&gateway, "u1", json!({"title": "T"})).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "failed");
    assert_eq!(
        run["error"]["message"],
        "`/do/parameters/fields/System.Title`: `{{trigger.output.titel}}`: there is no `titel`; did you mean `title`?"
    );
    assert_eq!(step(&run, "new")["status"], "failed");
    let seen = gateway.knob(Method::GET, "requests", Value::Null).await;
    assert_eq!(seen["counts"], json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_account_stops_the_run_until_it_is_connected_again() {
    let gateway = running(vec![on_event("make", json!([create("new", "Later")]))]).await;
    gateway
        .knob(Method::POST, "users/grace/revoke", json!({}))
        .await;
    event(&gateway, "u1", json!({})).await;
    let waiting = run_that(&gateway, |run| run["status"] == "waiting").await;
    assert_eq!(
        waiting["error"]["code"], "credential_needs_reconnect",
        "{waiting:#}"
    );
    let credential = waiting["credentialId"].as_str().unwrap();
    let (_, ticket) = gateway
        .register("u1", json!({ "credentialId": credential }))
        .await;
    let browser = support::Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    assert_eq!(browser.open(&callback).await["view"], "done");
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    assert_eq!(titled(&gateway, "Later").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_by_the_response_step() {
    let steps = json!([
        {"id": "each", "do": {"type": "fanOut", "over": "{{trigger.output.body.titles}}", "steps": [create("one", "{{each.item}}")]}},
        {"id": "wait", "do": {"type": "delay", "amount": 0, "unit": "SECONDS"}},
        {"id": "answer", "do": {"type": "response", "status": 201, "body": {
            "first": "{{each.output[0].id}}", "who": "{{user.id}}", "q": "{{trigger.output.query.q}}",
        }}},
    ]);
    let by_request = |id: &str, steps: Value| json!({"id": id, "description": id, "defaultEnabled": true, "trigger": {"type": "request"}, "steps": steps});
    let gateway = running(vec![
        by_request("ask", steps),
        by_request("tell", json!([create("1", "Told")])),
    ])
    .await;
    let ask = |body: Value| {
        let gateway = &gateway;
        async move {
            gateway
                .call("u1", Method::POST, "/sdk/triggers/ask?q=7", Some(body))
                .await
        }
    };
    let answer = ask(json!({"titles": ["A", "B", "C"]})).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let first = titled(&gateway, "A").await[0]["id"].clone();
    assert_eq!(answer.json, json!({"first": first, "who": "u1", "q": "7"}));
    let run = over(&gateway).await;
    assert_eq!(step(&run, "each")["input"], json!({"entries": 3}));
    assert_eq!(step(&run, "each[2]/one")["status"], "succeeded");
    assert_eq!(step(&run, "wait")["status"], "succeeded");

    let failed = ask(json!({"titles": "no list"})).await;
    assert_eq!(
        failed.status,
        StatusCode::ACCEPTED,
        "a run that ends without an answer: {}",
        failed.text
    );
    assert!(failed.json["runId"].is_string());
    let told = gateway
        .call("u1", Method::POST, "/sdk/triggers/tell", Some(json!({})))
        .await;
    assert_eq!(told.status, StatusCode::ACCEPTED, "{}", told.text);
    run_that(&gateway, |run| {
        run["workflowId"] == "tell" && run["status"] == "succeeded"
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_of_a_query_are_taken_as_numbers() {
    let change = json!({
        "id": "{{trigger.output.query.id}}", "bypassRules": "{{trigger.output.query.bypass}}",
        "fields": {"System.Description": "{{trigger.output.query.id}}"},
    });
    let workflow = json!({
        "id": "note", "description": "Note", "defaultEnabled": true, "trigger": {"type": "request"},
        "steps": [
            action("note", "UPDATE_WORKITEM", change),
            {"id": "answer", "do": {"type": "response", "body": {"rev": "{{note.output.rev}}"}}},
        ],
    });
    let gateway = running(vec![workflow]).await;
    let made = json!({
        "action": "AZURE_DEVOPS_CREATE_WORKITEM",
        "parameters": {"project": PROJECT, "workItemType": "Task", "fields": {"System.Title": "T"}},
    });
    let made = gateway
        .call("u1", Method::POST, "/actions", Some(made))
        .await;
    let ask = |id: String| {
        let gateway = &gateway;
        async move {
            let path = format!("/sdk/triggers/note?id={id}&bypass=false");
            gateway
                .call("u1", Method::POST, &path, Some(json!({})))
                .await
        }
    };
    let answer = ask(made.json["output"]["id"].to_string()).await;
    assert_eq!(answer.json, json!({"rev": 2}), "{}", answer.text);
    for text in ["x", "7.5", "%207"] {
        ask(text.to_owned()).await;
        let run = over(&gateway).await;
        let error = run["error"]["message"].as_str().unwrap();
        assert!(
            error.contains("/do/parameters/id must be a whole number"),
            "{error}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_and_switched_it_on_start_it() {
    let mut restricted = on_event("restricted", json!([create("1", "R")]));
    restricted["permissions"] = json!({"any": [{"all": [{"left": "{{user.meta.plan}}", "operator": "$stringExactlyMatches", "right": "pro"}]}]});
    let mut off = on_event("off", json!([create("1", "O")]));
    off["defaultEnabled"] = json!(false);
    let gateway = running(vec![restricted, off]).await;
    let listed = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await;
    assert_eq!(
        listed.json[0]["noPermissionWorkflows"][0]["id"], "restricted",
        "{}",
        listed.text
    );
    event(&gateway, "u1", json!({})).await;
    event(&gateway, "nobody", json!({})).await;
    assert_eq!(runs_of(&gateway, "u1", "").await, Vec::<Value>::new());

    let meta = json!({"meta": {"plan": "pro"}});
    let answer = gateway
        .call("u1", Method::PATCH, "/sdk/me", Some(meta))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    event(&gateway, "u1", json!({})).await;
    let run = over(&gateway).await;
    assert_eq!(
        (&run["workflowId"], &run["status"]),
        (&json!("restricted"), &json!("succeeded"))
    );
    let listed = gateway
        .call("u1", Method::GET, "/sdk/integrations", None)
        .await;
    assert_eq!(listed.json[0]["noPermissionWorkflows"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_the_users_own_filtered_and_paged() {
    let gateway = running(vec![on_event(
        "make",
        json!([create("1", "{{trigger.output.title}}")]),
    )])
    .await;
    for payload in [json!({"title": "1"}), json!({"title": "2"}), json!({})] {
        let before = runs_of(&gateway, "u1", "").await.len();
        event(&gateway, "u1", payload).await;
        assert_eq!(runs_of(&gateway, "u1", "").await.len(), before + 1);
        over(&gateway).await;
    }
    assert_eq!(runs_of(&gateway, "u1", "?status=failed").await.len(), 1);
    assert_eq!(runs_of(&gateway, "u1", "?workflow=other").await.len(), 0);
    assert_eq!(
        runs_of(&gateway, "u1", "?since=2999-01-01T00:00:00Z")
            .await
            .len(),
        0
    );
    assert_eq!(
        runs_of(&gateway, "u1", "?until=2999-01-01T00:00:00Z")
            .await
            .len(),
        3
    );
    let page = gateway
        .call("u1", Method::GET, "/runs?limit=2", None)
        .await
        .json;
    let next = page["next"].as_str().unwrap();
    let rest = runs_of(&gateway, "u1", &format!("?limit=2&before={next}")).await;
    assert_eq!((page["runs"].as_array().unwrap().len(), rest.len()), (2, 1));
    let id = rest[0]["id"].as_str().unwrap();
    let stranger = gateway
        .call("u2", Method::GET, &format!("/runs/{id}"), None)
        .await;
    assert_eq!(
        (stranger.status.as_u16(), stranger.code()),
        (404, "run_not_found")
    );
    let other = gateway
        .call_project("other", "u1", Method::GET, &format!("/runs/{id}"), None)
        .await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    for wrong in [
        "?status=odd",
        "?limit=0",
        "?since=soon",
        "?sort=up",
        "?before=x",
    ] {
        let answer = gateway
            .call("u1", Method::GET, &format!("/runs{wrong}"), None)
            .await;
        assert_eq!(answer.code(), "invalid_request", "{wrong}: {}", answer.text);
    }
    gateway.ahead.store(
        40 * 24 * 60 * 60 * 1000,
        std::sync::atomic::Ordering::SeqCst,
    );
    runs::forget(&gateway.app).await.unwrap();
    assert_eq!(
        runs_of(&gateway, "u1", "").await.len(),
        0,
        "old runs are forgotten"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_cancelled_and_stays_so() {
    let steps = json!([
        {"id": "wait", "do": {"type": "delay", "amount": 1, "unit": "HOURS"}},
        create("new", "Too late"),
    ]);
    let gateway = running(vec![on_event("make", steps)]).await;
    event(&gateway, "u1", json!({})).await;
    let run = run_that(&gateway, |run| !run["steps"].as_array().unwrap().is_empty()).await;
    assert_eq!(step(&run, "wait")["status"], "running");
    let path = format!("/runs/{}", run["id"].as_str().unwrap());
    let cancelled = gateway.call("u1", Method::DELETE, &path, None).await;
    assert_eq!(cancelled.json["status"], "cancelled", "{}", cancelled.text);
    let again = gateway.call("u1", Method::DELETE, &path, None).await;
    assert_eq!(again.json["endedAt"], cancelled.json["endedAt"]);

    // One that the engine never had, and one that it holds, are forgotten alike.
    let never = paragon_gateway::runs::store::RunRow {
        id: uuid::Uuid::now_v7(),
        ..gateway
            .app
            .store
            .run_of_engine(run["id"].as_str().unwrap().parse().unwrap())
            .await
            .unwrap()
            .unwrap()
    };
    gateway
        .app
        .store
        .queue_runs(None, &[never], gateway.app.clock.now())
        .await
        .unwrap();
    let newest = runs_of(&gateway, "u1", "?limit=1").await;
    let path = format!("/runs/{}", newest[0]["id"].as_str().unwrap());
    gateway.call("u1", Method::DELETE, &path, None).await;
    gateway.ahead.store(
        40 * 24 * 60 * 60 * 1000,
        std::sync::atomic::Ordering::SeqCst,
    );
    runs::forget(&gateway.app).await.unwrap();
    assert_eq!(runs_of(&gateway, "u1", "").await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_while_nothing_ran_is_taken_up() {
    let gateway = support::start_with(|config| {
        config.projects[0].workflows = vec![on_event("make", json!([create("new", "Taken up")]))];
    })
    .await;
    gateway.connect("u1", "grace").await;
    event(&gateway, "u1", json!({})).await;
    assert_eq!(runs_of(&gateway, "u1", "").await.len(), 0);
    gateway.run_workflows().await;
    gateway
        .ahead
        .store(10_000, std::sync::atomic::Ordering::SeqCst);
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    runs::sweep(&gateway.app).await.unwrap();
    assert_eq!(runs_of(&gateway, "u1", "").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_go_out_with_their_values_and_secrets_and_nowhere_else() {
    let server = wiremock::MockServer::start().await;
    let answer = wiremock::ResponseTemplate::new(200).set_body_json(json!({"ok": [1]}));
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(answer)
        .mount(&server)
        .await;
    let request = |id: &str, url: Value| {
        json!({"id": id, "continueOnError": true, "retry": false, "do": {
            "type": "request", "method": "POST", "url": url,
            "headers": {"Authorization": "Bearer {{secrets.SIGNATURE}}"}, "body": {"n": "{{trigger.output.n}}"},
        }})
    };
    let steps = json!([
        {"id": "one", "do": {"type": "integrationRequest", "path": "/_apis/projects/{{trigger.output.project}}?api-version=7.1"}},
        request("out", json!("{{trigger.output.base}}/hooks/{{trigger.output.way}}?p={{one.output.body.name}}")),
        request("inside", json!("https://10.0.0.1/{{trigger.output.n}}")),
        create("last", "{{out.output.body.ok[0]}} {{inside.output.error.code}}"),
    ]);
    let gateway = running(vec![on_event("ask", steps)]).await;
    let payload = json!({"project": "Fabrikam", "base": server.uri(), "way": "../a/b?c#d", "n": 7});
    event(&gateway, "u1", payload).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    assert_eq!(
        titled(&gateway, "1 address_refused").await.len(),
        1,
        "{run:#}"
    );
    let seen = server.received_requests().await.unwrap();
    let [seen] = seen.as_slice() else {
        panic!("{seen:?}")
    };
    assert_eq!(
        seen.url.path(),
        "/hooks/%2E%2E%2Fa%2Fb%3Fc%23d",
        "a value stays in its place"
    );
    assert_eq!(seen.url.query(), Some("p=Fabrikam"));
    assert_eq!(seen.headers["authorization"], "Bearer hunter2");
    assert_eq!(
        seen.headers["idempotency-key"],
        format!("{}/out", run["id"].as_str().unwrap())
    );
    assert_eq!(seen.body_json::<Value>().unwrap(), json!({"n": 7}));
    assert_eq!(
        step(&run, "out")["input"]["headers"]["Authorization"],
        "Bearer {{secrets.SIGNATURE}}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_unknown_outcome_is_not_sent_again() {
    let post = json!({"id": "post", "do": {
        "type": "integrationRequest", "method": "POST", "contentType": "application/json-patch+json",
        "path": format!("/{PROJECT}/_apis/wit/workitems/$Task?api-version=7.1"),
        "body": [{"op": "add", "path": "/fields/System.Title", "value": "Sent once"}],
    }});
    let gateway = running(vec![on_event("ask", json!([post]))]).await;
    gateway
        .knob(Method::POST, "answers", json!({"face": "answerLost"}))
        .await;
    event(&gateway, "u1", json!({})).await;
    let run = over(&gateway).await;
    assert_eq!(run["error"]["code"], "outcome_unknown", "{run:#}");
    assert_eq!(titled(&gateway, "Sent once").await.len(), 1);
    event(&gateway, "u1", json!({})).await;
    let first = run["id"].clone();
    let run = run_that(&gateway, |run| {
        run["id"] != first && !run["endedAt"].is_null()
    })
    .await;
    assert_eq!(
        step(&run, "post")["output"]["body"]["fields"]["System.Title"],
        "Sent once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_on_starts_what_waits_for_it() {
    let welcome = |id: &str, is_on: bool| {
        json!({
            "id": id, "description": id, "defaultEnabled": is_on, "trigger": {"type": "integrationEnabled"},
            "steps": [create("1", &format!("Welcome {id} {{{{trigger.output.credentialId}}}}"))],
        })
    };
    let gateway = running(vec![welcome("first", true), welcome("later", false)]).await;
    gateway
        .ahead
        .store(10_000, std::sync::atomic::Ordering::SeqCst);
    let run = over(&gateway).await;
    assert_eq!(
        (&run["workflowId"], &run["trigger"]),
        (&json!("first"), &json!("integration_enabled")),
        "{run:#}"
    );
    let title = format!("Welcome first {}", run["credentialId"].as_str().unwrap());
    assert_eq!(titled(&gateway, &title).await.len(), 1);
    let on = gateway
        .call("u1", Method::POST, "/sdk/workflows/later", None)
        .await;
    assert!(on.status.is_success(), "{}", on.text);
    gateway
        .ahead
        .store(20_000, std::sync::atomic::Ordering::SeqCst);
    let run = run_that(&gateway, |run| {
        run["workflowId"] == "later" && !run["endedAt"].is_null()
    })
    .await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    assert_eq!(runs_of(&gateway, "u1", "").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_see_the_runs_of_all_and_editors_repeat_and_end_them() {
    let gateway = running(vec![on_event(
        "make",
        json!([create("new", "{{trigger.output.title}}")]),
    )])
    .await;
    event(&gateway, "u1", json!({"title": "Seen"})).await;
    let run = over(&gateway).await;
    let viewer = Desk::of(&gateway, Role::Viewer).await;
    let editor = Desk::of(&gateway, Role::Editor).await;
    let nobody = Desk::new(&gateway);
    assert_eq!(
        nobody.get("/projects/app/runs").await.code(),
        "sign_in_required"
    );
    let page = viewer.get("/projects/app/runs?user=u1").await.json;
    assert_eq!(page["runs"][0]["id"], run["id"], "{page:#}");
    assert_eq!(
        page["workflows"],
        json!([{"id": "make", "description": "make"}])
    );
    assert_eq!(
        viewer.get("/projects/app/runs?user=u2").await.json["runs"],
        json!([])
    );
    assert_eq!(
        viewer.get("/projects/other/runs").await.json["runs"],
        json!([])
    );
    let path = |project: &str| format!("/projects/{project}/runs/{}", run["id"].as_str().unwrap());
    let shown = viewer.get(&path("app")).await.json;
    assert_eq!(
        (&shown["workflow"], &shown["steps"][0]["type"]),
        (&json!("make"), &json!("action"))
    );
    assert_eq!(viewer.get(&path("other")).await.code(), "run_not_found");
    let replay = format!("{}/replay", path("app"));
    let refused = viewer.call(Method::POST, &replay, Some(json!({}))).await;
    assert_eq!(refused.code(), "role_not_sufficient");
    let again = editor.call(Method::POST, &replay, Some(json!({}))).await;
    assert_eq!(again.json["replayOf"], run["id"], "{}", again.text);
    assert_eq!(editor.log().await[0]["action"], "run.replayed");
    run_that(&gateway, |run| {
        run["id"] == again.json["id"] && !run["endedAt"].is_null()
    })
    .await;
    let own = gateway.call("u1", Method::GET, "/runs?user=u2", None).await;
    assert_eq!(own.code(), "invalid_request", "{}", own.text);
}
