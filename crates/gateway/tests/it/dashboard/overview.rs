//! The dashboard's overview: what real runs and real calls through the proxy come to in it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::desk::Desk;
use crate::support::{self, Answer, TestGateway, start, start_running};
use paragon_gateway::operators::Role;
use paragon_gateway::proxy::calls;
use paragon_gateway::runs;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const HOUR_MS: i64 = 60 * 60 * 1000;
const PROJECTS: &str = "/_apis/projects?api-version=7.1";

async fn overview(desk: &Desk<'_>, query: &str) -> Value {
    let answer = desk.get(&format!("/projects/app/overview?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json
}

/// Sum of `key` over buckets.
fn sum(buckets: &Value, key: &str) -> u64 {
    let buckets = buckets.as_array().unwrap();
    buckets.iter().map(|one| one[key].as_u64().unwrap()).sum()
}

/// Makes a work item of the event's title; fails at `make`, the second step, when there is none.
fn workflow() -> Value {
    let find = json!({"project": "Fabrikam", "top": 1});
    let make = json!({
        "project": "Fabrikam", "workItemType": "Task", "fields": {"System.Title": "{{trigger.output.title}}"},
    });
    let step = |id: &str, title: &str, action: &str, parameters: Value| json!({"id": id, "title": title, "do": {"type": "action", "action": action, "parameters": parameters}});
    json!({
        "id": "tickets", "description": "Items from tickets", "defaultEnabled": true,
        "trigger": {"type": "appEvent", "event": "Ticket Created"},
        "steps": [
            step("find", "Look around", "AZURE_DEVOPS_SEARCH_WORKITEMS", find),
            step("make", "Make the item", "AZURE_DEVOPS_CREATE_WORKITEM", make),
        ],
    })
}

async fn event(gateway: &TestGateway, payload: Value) {
    let url = format!("{}/v2/projects/app/sdk/events/trigger", gateway.url);
    let body = json!({"name": "Ticket Created", "payload": payload});
    let sent = support::client()
        .post(url)
        .bearer_auth(gateway.token("u1"))
        .header("origin", support::ORIGIN)
        .body(body.to_string())
        .send();
    let answer = Answer::of(sent.await.unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

/// A session ends after an hour without use.
async fn sign_in(desk: &Desk<'_>) {
    let answer = desk.sign_in("viewer@example.com", support::desk::PASSWORD);
    assert_eq!(answer.await.status, StatusCode::OK);
}

/// Waits until `count` runs are over.
async fn ended(gateway: &TestGateway, count: usize) {
    let waiting = async {
        loop {
            runs::sweep(&gateway.app).await.unwrap();
            let list = gateway.call("u1", Method::GET, "/runs", None).await;
            let runs = list.json["runs"].as_array().unwrap();
            if runs.iter().filter(|run| !run["endedAt"].is_null()).count() == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waiting)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_counted_by_hour_and_status_and_failures_by_step() {
    let gateway = start_running(|config| config.projects[0].workflows = vec![workflow()]).await;
    let now = gateway.app.clock.now();
    // Early in an hour, so that none ends meanwhile.
    gateway
        .ahead
        .fetch_add(HOUR_MS - now % HOUR_MS, Ordering::SeqCst);
    gateway.connect("u1", "grace").await;
    let desk = Desk::of(&gateway, Role::Viewer).await;
    let nothing = overview(&desk, "window=24h").await;
    assert_eq!(nothing["hasRuns"], false);
    assert_eq!(nothing["runs"].as_array().unwrap().len(), 24);
    assert_eq!(nothing["failures"], json!({"steps": [], "others": 0}));

    event(&gateway, json!({"title": "Pump 7"})).await;
    ended(&gateway, 1).await;
    // Two hours later two come to nothing.
    gateway.ahead.fetch_add(2 * HOUR_MS, Ordering::SeqCst);
    event(&gateway, json!({})).await;
    event(&gateway, json!({"text": "no title"})).await;
    ended(&gateway, 3).await;

    sign_in(&desk).await;
    let day = overview(&desk, "window=24h").await;
    let hours = day["runs"].as_array().unwrap();
    assert_eq!(hours[21]["succeeded"], 1, "{day:#}");
    assert_eq!(hours[23]["failed"], 2);
    let counts = [
        "succeeded",
        "failed",
        "queued",
        "running",
        "waiting",
        "cancelled",
    ];
    assert_eq!(counts.map(|key| sum(&day["runs"], key)), [1, 2, 0, 0, 0, 0]);
    assert_eq!(
        (&day["hasRuns"], &day["waiting"]),
        (&json!(true), &json!(0))
    );
    assert_eq!(
        day["failures"],
        json!({"others": 0, "steps": [{
            "workflowId": "tickets", "workflow": "Items from tickets", "step": "make", "title": "Make the item", "runs": 2,
        }]})
    );

    // Another day later they are out of the day, not out of the week.
    gateway.ahead.fetch_add(25 * HOUR_MS, Ordering::SeqCst);
    sign_in(&desk).await;
    assert_eq!(
        sum(&overview(&desk, "window=24h").await["runs"], "failed"),
        0
    );
    let week = overview(&desk, "window=7d&offset=-300").await;
    assert_eq!(week["runs"].as_array().unwrap().len(), 7);
    assert_eq!(week["bucketMinutes"], 24 * 60);
    assert_eq!(
        (
            sum(&week["runs"], "failed"),
            &week["failures"]["steps"][0]["runs"]
        ),
        (2, &json!(2))
    );
}

#[tokio::test]
async fn calls_are_counted_by_their_answer_and_add_up_over_processes() {
    let gateway = start().await;
    assert_eq!(
        gateway.connect_token("u1", json!({})).await.status,
        StatusCode::OK
    );
    let desk = Desk::of(&gateway, Role::Viewer).await;
    for _ in 0..3 {
        assert_eq!(gateway.proxy("u1", PROJECTS).await.status, StatusCode::OK);
    }
    let refused = gateway
        .proxy("u1", "/_apis/wit/workitems/999999?api-version=7.1")
        .await;
    assert!(refused.status.is_client_error(), "{}", refused.text);
    assert!(
        gateway
            .proxy("stranger", PROJECTS)
            .await
            .status
            .is_client_error()
    );

    let total = overview(&desk, "window=24h").await["proxy"].clone();
    assert_eq!(
        ["answered", "refused", "failed"].map(|key| sum(&total["buckets"], key)),
        [3, 2, 0]
    );
    let [p50, p95] = ["p50Ms", "p95Ms"].map(|key| total["total"][key].as_u64().unwrap());
    assert!(0 < p50 && p50 <= p95, "{total:#}");
    let quiet = &total["buckets"][0];
    assert_eq!(
        (&quiet["answered"], &quiet["p50Ms"]),
        (&json!(0), &Value::Null)
    );

    // What comes later adds to what is written.
    assert_eq!(gateway.proxy("u1", PROJECTS).await.status, StatusCode::OK);
    calls::service::flush(&gateway.app).await.unwrap();
    let proxy = overview(&desk, "window=30d").await["proxy"].clone();
    assert_eq!(proxy["total"]["answered"], 4);
    assert_eq!(proxy["buckets"][29]["answered"], 4);
    let other = desk.get("/projects/other/overview?window=24h").await.json;
    assert_eq!(
        other["proxy"]["total"],
        json!({"answered": 0, "refused": 0, "failed": 0, "p50Ms": null, "p95Ms": null})
    );

    // Counts go with the history.
    let days = i64::from(gateway.app.history_days) + 1;
    gateway
        .ahead
        .fetch_add(days * 24 * HOUR_MS, Ordering::SeqCst);
    calls::service::sweep(&gateway.app).await.unwrap();
    gateway.ahead.store(0, Ordering::SeqCst);
    assert_eq!(
        overview(&desk, "window=30d").await["proxy"]["total"]["answered"],
        0
    );
}

#[tokio::test]
async fn what_is_kept_of_a_call_is_its_outcome_and_time() {
    let gateway = start().await;
    assert_eq!(
        gateway
            .connect_token("someone-special", json!({}))
            .await
            .status,
        StatusCode::OK
    );
    let path = "/_apis/projects?api-version=7.1&searchText=not-to-be-kept";
    assert_eq!(
        gateway.proxy("someone-special", path).await.status,
        StatusCode::OK
    );
    // A database that is away costs nothing: the counts wait for the next time.
    gateway.app.store.close().await;
    calls::service::flush(&gateway.app).await.unwrap_err();
    let counted = gateway.app.proxy_calls.take();
    let kinds: Vec<_> = counted.keys().collect();
    assert_eq!(kinds.len(), 1);
    let kept = format!("{kinds:?}");
    assert!(
        !kept.contains("not-to-be-kept") && !kept.contains("someone-special"),
        "{kept}"
    );
}

#[tokio::test]
async fn viewers_may_look_and_strangers_may_not() {
    let gateway = start().await;
    let stranger = Desk::new(&gateway);
    let answer = stranger.get("/projects/app/overview?window=24h").await;
    assert_eq!(answer.code(), "sign_in_required");
    let viewer = Desk::of(&gateway, Role::Viewer).await;
    for query in [
        "",
        "?window=1h",
        "?window=24h&offset=9999",
        "?window=24h&offset=x",
        "?window=7d&since=0",
    ] {
        let answer = viewer.get(&format!("/projects/app/overview{query}")).await;
        assert_eq!(answer.code(), "invalid_request", "{query}: {}", answer.text);
    }
    let answer = viewer.get("/projects/nothing/overview?window=24h").await;
    assert_eq!(answer.code(), "project_not_found");
}
