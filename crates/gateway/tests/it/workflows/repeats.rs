//! Changes whose answer is lost: made once, whatever the item has become meanwhile.

use std::sync::Arc;

use futures_util::future::join_all;
use paragon_gateway::engine::Performer as _;
use paragon_gateway::runs::RunPerformer;
use paragon_workflow::{Remedy, StepCall, Task};
use reqwest::Method;
use serde_json::{Value, json};

use super::{action, event, on_event, over, run_that, running, shown, step};
use crate::support::TestGateway;

const HYPERLINKS: [&str; 3] = [
    "https://a.example/",
    "https://b.example/",
    "https://c.example/",
];

/// A gateway whose only workflow does `steps`, and an item with links, whose id is the event's `id`.
async fn with_item(steps: Value) -> (TestGateway, i64) {
    let gateway = running(vec![on_event("change", steps)]).await;
    let links: Vec<Value> = HYPERLINKS
        .iter()
        .map(|url| json!({"rel": "Hyperlink", "url": url}))
        .collect();
    let id = act(
        &gateway,
        "CREATE_WORKITEM",
        json!({"project": "Fabrikam", "workItemType": "Task", "fields": {"System.Title": "Once"}, "relations": links}),
    )
    .await["id"]
        .as_i64();
    (gateway, id.unwrap())
}

/// Does an action by hand, as the run's user.
async fn act(gateway: &TestGateway, name: &str, parameters: Value) -> Value {
    let body = json!({"action": format!("AZURE_DEVOPS_{name}"), "parameters": parameters});
    let answer = gateway
        .call("u1", Method::POST, "/actions", Some(body))
        .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    answer.json["output"].clone()
}

/// The answers to the next requests of `method` are lost.
async fn lose(gateway: &TestGateway, method: &str, times: usize) {
    let lost = json!({"face": "answerLost", "method": method, "times": times});
    gateway.knob(Method::POST, "answers", lost).await;
}

async fn item(gateway: &TestGateway, id: i64) -> Value {
    let path = format!("/_apis/wit/workitems/{id}?$expand=relations&api-version=7.1");
    gateway.proxy("u1", &path).await.json["output"].clone()
}

async fn comments(gateway: &TestGateway, id: i64) -> Vec<String> {
    let path = format!("/Fabrikam/_apis/wit/workItems/{id}/comments?api-version=7.1-preview.4");
    let answer = gateway.proxy("u1", &path).await.json;
    let comments = answer["output"]["comments"].as_array().unwrap().iter();
    let mut texts: Vec<_> = comments
        .map(|comment| comment["text"].as_str().unwrap().to_owned())
        .collect();
    texts.sort();
    texts
}

fn targets(item: &Value) -> Vec<&str> {
    let relations = item["relations"].as_array().into_iter().flatten();
    relations
        .filter_map(|relation| relation["url"].as_str())
        .collect()
}

/// How many requests of `method` the items got.
async fn sent(gateway: &TestGateway, method: &str) -> usize {
    let seen = gateway.knob(Method::GET, "requests", json!({})).await;
    let requests = seen["requests"].as_array().unwrap().iter();
    requests
        .filter(|one| {
            one["method"] == method && one["path"].as_str().unwrap().contains("/workitems/")
        })
        .count()
}

#[tokio::test]
async fn an_update_whose_answer_is_lost_is_made_once() {
    let change = json!({
        "id": "{{trigger.output.id}}",
        "fields": {"System.Description": "changed", "System.History": "<b>changed</b>"},
        "removeRelations": [1],
        "relations": [{"rel": "Hyperlink", "url": "https://d.example/"}],
    });
    let (gateway, id) = with_item(json!([action("edit", "UPDATE_WORKITEM", change)])).await;
    lose(&gateway, "PATCH", 2).await;
    event(&gateway, "u1", json!({"id": id})).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let item = item(&gateway, id).await;
    assert_eq!(item["rev"], 2, "{item:#}");
    assert_eq!(
        targets(&item),
        [
            "https://a.example/",
            "https://c.example/",
            "https://d.example/"
        ]
    );
    assert_eq!(comments(&gateway, id).await, ["<b>changed</b>"]);
    let output = shown(&gateway, &run["id"]).await;
    let output = &step(&output, "edit")["output"];
    assert_eq!(output["fields"]["System.Description"], "changed");
    assert_eq!(sent(&gateway, "PATCH").await, 1, "the repeat only looks");
}

#[tokio::test]
async fn links_are_changed_once_although_they_do_not_raise_the_revision() {
    let change = json!({
        "id": "{{trigger.output.id}}", "removeRelations": [0, 1],
        "relations": [{"rel": "Hyperlink", "url": "https://d.example/"}],
    });
    let (gateway, id) = with_item(json!([action("edit", "UPDATE_WORKITEM", change)])).await;
    lose(&gateway, "PATCH", 1).await;
    event(&gateway, "u1", json!({"id": id})).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let item = item(&gateway, id).await;
    assert_eq!(targets(&item), ["https://c.example/", "https://d.example/"]);
}

#[tokio::test]
async fn an_update_that_was_not_made_is_made_on_what_others_have_changed() {
    let change = json!({
        "id": "{{trigger.output.id}}", "fields": {"System.History": "ours"}, "removeRelations": [2],
    });
    let (gateway, id) = with_item(json!([action("edit", "UPDATE_WORKITEM", change)])).await;
    // Refused before it is served: the step is put off.
    let refused = json!({"face": "throttled", "method": "PATCH", "retryAfterSeconds": 2});
    gateway.knob(Method::POST, "answers", refused).await;
    event(&gateway, "u1", json!({"id": id})).await;
    run_that(&gateway, |run| run["status"] == "running").await;
    until_queue_is_empty(&gateway).await;
    let other = json!({"id": id, "fields": {"System.History": "theirs"}, "removeRelations": [0]});
    act(&gateway, "UPDATE_WORKITEM", other).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let item = item(&gateway, id).await;
    assert_eq!(comments(&gateway, id).await, ["ours", "theirs"]);
    assert_eq!(targets(&item).len(), 1, "{item:#}");
}

#[tokio::test]
async fn a_change_of_somebody_else_in_between_is_neither_lost_nor_taken_for_ours() {
    let change = json!({"id": "{{trigger.output.id}}", "fields": {"System.History": "ours"}});
    let (gateway, id) = with_item(json!([action("edit", "UPDATE_WORKITEM", change)])).await;
    lose(&gateway, "PATCH", 1).await;
    event(&gateway, "u1", json!({"id": id})).await;
    until_queue_is_empty(&gateway).await;
    let other = json!({"id": id, "fields": {"System.Description": "theirs"}});
    act(&gateway, "UPDATE_WORKITEM", other).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    assert_eq!(comments(&gateway, id).await, ["ours"]);
    let item = item(&gateway, id).await;
    assert_eq!(item["fields"]["System.Description"], "theirs");
    assert_eq!(item["rev"], 3);
}

#[tokio::test]
async fn equal_changes_of_two_runs_are_two() {
    let change = json!({"id": "{{trigger.output.id}}", "fields": {"System.History": "deployed"}});
    let (gateway, id) = with_item(json!([action("edit", "UPDATE_WORKITEM", change)])).await;
    lose(&gateway, "PATCH", 3).await;
    for _ in 0..4 {
        event(&gateway, "u1", json!({"id": id})).await;
    }
    let all_are_over = async {
        while super::runs_of(&gateway, "u1", "?status=succeeded")
            .await
            .len()
            < 4
        {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_mins(1), all_are_over).await;
    assert!(in_time.is_ok());
    assert_eq!(comments(&gateway, id).await, ["deployed"; 4]);
}

#[tokio::test]
async fn a_deletion_whose_answer_is_lost_is_done() {
    let delete = json!({"id": "{{trigger.output.id}}", "project": "Fabrikam"});
    let (gateway, id) = with_item(json!([action("drop", "DELETE_WORKITEM", delete)])).await;
    lose(&gateway, "DELETE", 1).await;
    event(&gateway, "u1", json!({"id": id})).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
    let shown = shown(&gateway, &run["id"]).await;
    let output = &step(&shown, "drop")["output"];
    assert_eq!(
        (&output["id"], &output["title"]),
        (&json!(id), &json!("Once"))
    );
    assert!(output["deletedBy"].is_string(), "{output:#}");
    assert_eq!(sent(&gateway, "DELETE").await, 1, "the repeat only looks");
}

#[tokio::test]
async fn what_was_never_there_is_not_deleted() {
    let delete = json!({"id": "{{trigger.output.id}}", "project": "Fabrikam"});
    let (gateway, id) = with_item(json!([action("drop", "DELETE_WORKITEM", delete)])).await;
    act(&gateway, "DELETE_WORKITEM", json!({"id": id})).await;
    event(&gateway, "u1", json!({"id": id})).await;
    let run = over(&gateway).await;
    assert_eq!(run["error"]["code"], "provider_not_found", "{run:#}");
}

/// A gateway whose only run waits, the id of that run, and of an item.
async fn waiting() -> (TestGateway, String, i64) {
    let wait = json!({"id": "wait", "do": {"type": "delay", "amount": 1, "unit": "HOURS"}});
    let (gateway, id) = with_item(json!([wait])).await;
    event(&gateway, "u1", json!({"id": id})).await;
    let run = run_that(&gateway, |run| run["id"].is_string()).await;
    (gateway, run["id"].as_str().unwrap().to_owned(), id)
}

/// The first attempt of step `path`, an action, as the engine hands it to a gateway, and to another that takes it up.
fn attempt(run: &str, path: &str, action: &str, parameters: Value) -> StepCall {
    StepCall {
        run: run.parse().unwrap(),
        path: path.to_owned(),
        task: Task::Action {
            action: format!("AZURE_DEVOPS_{action}"),
            parameters,
            values: Vec::new(),
        },
        attempt: 1,
        notes: Vec::new(),
    }
}

/// So slow that whoever else is at it is so at the same time.
async fn answer_after(gateway: &TestGateway, ms: u64) {
    let delay = json!({ "delayMs": ms });
    gateway.knob(Method::PATCH, "settings", delay).await;
}

#[tokio::test]
async fn two_gateways_with_the_same_step_take_turns() {
    let (gateway, run, id) = waiting().await;
    let performer = RunPerformer(Arc::downgrade(&gateway.app));
    let item = json!({
        "project": "Fabrikam", "workItemType": "Task", "fields": {"System.Title": "Twin"},
    });
    let drop = json!({"id": id, "project": "Fabrikam"});
    let steps = [
        ("make", "CREATE_WORKITEM", item),
        ("drop", "DELETE_WORKITEM", drop),
    ];
    for (path, action, parameters) in steps {
        answer_after(&gateway, 300).await;
        let step = || performer.step(attempt(&run, path, action, parameters.clone()));
        let (one, other) = tokio::join!(step(), step());
        answer_after(&gateway, 0).await;
        assert_eq!(one.unwrap()["id"], other.unwrap()["id"], "{path}");
    }
    assert_eq!(super::titled(&gateway, "Twin").await.len(), 1);
    assert_eq!(sent(&gateway, "DELETE").await, 1);
}

#[tokio::test]
async fn an_attempt_that_lost_its_lease_sends_nothing_more_and_is_put_off() {
    let (gateway, run, id) = waiting().await;
    let performer = RunPerformer(Arc::downgrade(&gateway.app));
    let drop = json!({"id": id, "project": "Fabrikam"});
    let step = || performer.step(attempt(&run, "drop", "DELETE_WORKITEM", drop.clone()));
    // The look takes longer than a lease that is not renewed is trusted.
    answer_after(&gateway, 5000).await;
    let lose = async {
        let name = format!("step/{run}/drop");
        let pool = sqlx::AnyPool::connect(&gateway.database).await.unwrap();
        let sql = "UPDATE leases SET holder = 'another' WHERE name = $1";
        let lost = async {
            loop {
                let done = sqlx::query(sql).bind(&name).execute(&pool).await.unwrap();
                if done.rows_affected() == 1 {
                    break;
                }
            }
        };
        let in_time = tokio::time::timeout(std::time::Duration::from_mins(1), lost).await;
        in_time.unwrap();
        name
    };
    let (dropped, name) = tokio::join!(step(), lose);
    let error = dropped.unwrap_err();
    assert_eq!(error.code, "storage_unavailable");
    assert!(matches!(error.remedy, Remedy::Throttled { .. }));
    assert_eq!(sent(&gateway, "DELETE").await, 0);
    // Once the other one has given up, too, the step is done.
    answer_after(&gateway, 0).await;
    let given = gateway.app.store.give_back_lease(&name, "another").await;
    given.unwrap();
    assert_eq!(step().await.unwrap()["id"], json!(id));
}

/// As when what a gateway sent before it lost its lease comes in after the look of the one that took over.
#[tokio::test]
async fn an_item_that_goes_between_look_and_deletion_is_deleted() {
    let (gateway, run, id) = waiting().await;
    let performer = RunPerformer(Arc::downgrade(&gateway.app));
    let drop = json!({"id": id, "project": "Fabrikam"});
    // Both have seen the item before one of them deletes it: two steps do not wait for each other.
    answer_after(&gateway, 300).await;
    let step = |path| performer.step(attempt(&run, path, "DELETE_WORKITEM", drop.clone()));
    let (one, other) = tokio::join!(step("one"), step("other"));
    answer_after(&gateway, 0).await;
    assert_eq!(one.unwrap()["id"], json!(id));
    assert_eq!(other.unwrap()["id"], json!(id));
    assert_eq!(
        sent(&gateway, "DELETE").await,
        2,
        "they were at it at the same time"
    );
}

#[tokio::test]
async fn a_delete_request_whose_answer_is_lost_is_done() {
    let drop = json!({"id": "drop", "do": {"type": "integrationRequest", "method": "DELETE",
        "path": "/Fabrikam/_apis/wit/workitems/{{trigger.output.id}}?api-version=7.1"}});
    let (gateway, id) = with_item(json!([drop])).await;
    lose(&gateway, "DELETE", 1).await;
    event(&gateway, "u1", json!({"id": id})).await;
    let run = over(&gateway).await;
    assert_eq!(run["status"], "succeeded", "{run:#}");
}

/// Waits until every forced answer was given.
async fn until_queue_is_empty(gateway: &TestGateway) {
    let given = async {
        while gateway.knob(Method::GET, "state", json!({})).await["queued"]["answers"] != 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_mins(1), given).await;
    assert!(in_time.is_ok(), "a forced answer was not asked for");
}

/// The first attempt of a step that creates an item by a request, as the engine hands it to a gateway.
fn create_by_request(run: &str, path: &str, title: &str) -> StepCall {
    StepCall {
        run: run.parse().unwrap(),
        path: path.to_owned(),
        task: Task::IntegrationRequest {
            method: serde_json::from_value(json!("POST")).unwrap(),
            content_type: serde_json::from_value(json!("application/json-patch+json")).unwrap(),
            fields: json!({
                "path": "/Fabrikam/_apis/wit/workitems/$Task?api-version=7.1",
                "body": [{"op": "add", "path": "/fields/System.Title", "value": title}],
            }),
            values: Vec::new(),
        },
        attempt: 1,
        notes: Vec::new(),
    }
}

#[tokio::test]
async fn of_several_gateways_with_the_same_request_one_sends_it() {
    let (gateway, run, _) = waiting().await;
    let performer = RunPerformer(Arc::downgrade(&gateway.app));
    answer_after(&gateway, 300).await;
    let all = (0..8).map(|_| performer.step(create_by_request(&run, "ask", "Asked")));
    let (sent, unsent): (Vec<_>, Vec<_>) = join_all(all).await.into_iter().partition(Result::is_ok);
    answer_after(&gateway, 0).await;
    assert_eq!((sent.len(), unsent.len()), (1, 7));
    for refused in unsent {
        assert_eq!(refused.unwrap_err().code, "outcome_unknown");
    }
    assert_eq!(super::titled(&gateway, "Asked").await.len(), 1);
}

/// What the engine does after a crash between the end of a step and its own note of it.
#[tokio::test]
async fn a_step_that_the_engine_missed_is_not_done_again() {
    let post = |id: &str, title: &str| {
        json!({"id": id, "do": {
            "type": "integrationRequest", "method": "POST", "contentType": "application/json-patch+json",
            "path": "/Fabrikam/_apis/wit/workitems/$Task?api-version=7.1",
            "body": [{"op": "add", "path": "/fields/System.Title", "value": title}],
        }})
    };
    let wait = json!({"id": "wait", "do": {"type": "delay", "amount": 1, "unit": "HOURS"}});
    let steps = json!([post("sure", "Sure"), wait]);
    let gateway = running(vec![on_event("change", steps)]).await;
    let lost = json!({"face": "answerLost", "path": "/workitems/$", "times": 1});
    event(&gateway, "u1", json!({})).await;
    let run = run_that(&gateway, |run| {
        let mut steps = run["steps"].as_array().into_iter().flatten();
        steps.any(|step| step["id"] == "wait" || step["path"] == "wait")
    })
    .await;
    let performer = RunPerformer(Arc::downgrade(&gateway.app));
    let run_id = run["id"].as_str().unwrap();
    let output = performer
        .step(create_by_request(run_id, "sure", "Sure"))
        .await
        .unwrap();
    assert_eq!(output, step(&run, "sure")["output"]);
    assert_eq!(super::titled(&gateway, "Sure").await.len(), 1);
    // One whose outcome was not known is not sent either, although its failure is written down.
    gateway.knob(Method::POST, "answers", lost).await;
    for _ in 0..2 {
        let error = performer
            .step(create_by_request(run_id, "late", "Late"))
            .await
            .unwrap_err();
        assert_eq!(error.code, "outcome_unknown");
    }
    assert_eq!(super::titled(&gateway, "Late").await.len(), 1);
}
