//! Schedules over HTTP, against the simulator: due times start one run each, whoever sweeps and whenever.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::{self, TestGateway};
use jiff::{Timestamp, ToSpan as _, Unit};
use paragon_gateway::clock::rfc3339;
use paragon_gateway::{runs, triggers};
use paragon_workflow::{Workflow, read};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const HOUR: i64 = 60 * 60 * 1000;

fn every_hour() -> Value {
    json!({
        "id": "hourly", "description": "Hourly", "defaultEnabled": true,
        "trigger": {"type": "schedule", "cron": "0 0 * * * *", "timeZone": "Asia/Kolkata"},
        "steps": [{"id": "wait", "do": {"type": "delay", "amount": 0, "unit": "SECONDS"}}],
    })
}

/// A gateway with a connected account, and the hour that begins in half an hour by its clock.
async fn running(workflow: Value) -> (TestGateway, i64) {
    let gateway =
        support::start_running(|config| config.projects[0].workflows = vec![workflow]).await;
    let hour = next_hour();
    move_to(&gateway, hour - HOUR / 2);
    gateway.connect("u1", "grace").await;
    triggers::sweep(&gateway.app).await.unwrap();
    (gateway, hour)
}

/// The hour of India that begins next: its clocks are half an hour off.
fn next_hour() -> i64 {
    let half = 30.minutes();
    let now = Timestamp::now().checked_add(half).unwrap();
    let hour = now.round(
        jiff::TimestampRound::new()
            .smallest(Unit::Hour)
            .mode(jiff::RoundMode::Floor),
    );
    let next = hour.unwrap().checked_add(1.hour()).unwrap();
    next.checked_sub(half).unwrap().as_millisecond()
}

fn move_to(gateway: &TestGateway, time: i64) {
    let ahead = time - Timestamp::now().as_millisecond();
    gateway.ahead.store(ahead, Ordering::SeqCst);
}

async fn sweep_at(gateway: &TestGateway, time: i64) {
    move_to(gateway, time);
    triggers::sweep(&gateway.app).await.unwrap();
}

/// The times that runs were started for, oldest first.
async fn times(gateway: &TestGateway) -> Vec<String> {
    let list = gateway.call("u1", Method::GET, "/runs", None).await.json;
    let mut times = Vec::new();
    for run in list["runs"].as_array().unwrap() {
        assert_eq!(run["trigger"], "schedule", "{run:#}");
        let path = format!("/runs/{}", run["id"].as_str().unwrap());
        let run = gateway.call("u1", Method::GET, &path, None).await.json;
        times.push(run["input"]["scheduledFor"].as_str().unwrap().to_owned());
    }
    times.sort();
    times
}

/// The only run, once it is over.
async fn over(gateway: &TestGateway) -> Value {
    let ended = async {
        loop {
            runs::sweep(&gateway.app).await.unwrap();
            let list = gateway
                .call("u1", Method::GET, "/runs?limit=1", None)
                .await
                .json;
            let run = &list["runs"][0];
            if !run["endedAt"].is_null() {
                let path = format!("/runs/{}", run["id"].as_str().unwrap());
                return gateway.call("u1", Method::GET, &path, None).await.json;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), ended)
        .await
        .unwrap()
}

async fn switch(gateway: &TestGateway, method: Method, workflow: &str) {
    let path = format!("/sdk/workflows/{workflow}");
    let answer = gateway.call("u1", method, &path, None).await;
    assert!(answer.status.is_success(), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_due_time_starts_one_run_that_knows_its_time() {
    let (gateway, hour) = running(every_hour()).await;
    sweep_at(&gateway, hour - 60_000).await;
    assert_eq!(times(&gateway).await, Vec::<String>::new(), "not before");
    sweep_at(&gateway, hour).await;
    sweep_at(&gateway, hour + 500).await;
    assert_eq!(times(&gateway).await, [rfc3339(hour)]);
    let run = over(&gateway).await;
    assert_eq!(
        (&run["status"], &run["workflowId"]),
        (&json!("succeeded"), &json!("hourly"))
    );
    assert_eq!(run["input"]["timeZone"], "Asia/Kolkata");
    let local = run["input"]["localTime"].as_str().unwrap();
    assert!(local.ends_with(":00:00+05:30"), "{local}");
    sweep_at(&gateway, hour + HOUR).await;
    assert_eq!(times(&gateway).await, [rfc3339(hour), rfc3339(hour + HOUR)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_start_it_once() {
    let key = paragon_gateway::vault::Vault::generate_key();
    let first = support::start_running(|config| {
        config.vault_keys = vec![key.clone()];
        config.projects[0].workflows = vec![every_hour()];
    })
    .await;
    let database = first.database.clone();
    let second = support::start_with(|config| {
        config.vault_keys = vec![key.clone()];
        config.database = database;
        config.projects[0].workflows = vec![every_hour()];
    })
    .await;
    let hour = next_hour();
    move_to(&first, hour - HOUR / 2);
    for user in ["u1", "u2", "u3"] {
        first.connect_token(user, json!({})).await;
    }
    triggers::sweep(&first.app).await.unwrap();
    for round in 0..3 {
        move_to(&first, hour + round * HOUR);
        move_to(&second, hour + round * HOUR);
        let (one, other) = tokio::join!(triggers::sweep(&first.app), triggers::sweep(&second.app));
        one.unwrap();
        other.unwrap();
    }
    // What the second one took, it could not start: it runs nothing.
    move_to(&first, hour + 3 * HOUR - 1000);
    runs::sweep(&first.app).await.unwrap();
    let hours: Vec<_> = (0..3).map(|round| rfc3339(hour + round * HOUR)).collect();
    for user in ["u1", "u2", "u3"] {
        let list = first.call(user, Method::GET, "/runs", None).await.json;
        assert_eq!(list["runs"].as_array().unwrap().len(), 3, "{list:#}");
    }
    assert_eq!(times(&first).await, hours);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_was_taken_before_a_crash_is_run_once_after_it() {
    let gateway =
        support::start_with(|config| config.projects[0].workflows = vec![every_hour()]).await;
    let hour = next_hour();
    move_to(&gateway, hour - HOUR / 2);
    gateway.connect("u1", "grace").await;
    triggers::sweep(&gateway.app).await.unwrap();
    sweep_at(&gateway, hour).await;
    assert_eq!(
        times(&gateway).await,
        Vec::<String>::new(),
        "nothing runs workflows yet"
    );
    gateway.run_workflows().await;
    sweep_at(&gateway, hour + 10_000).await;
    assert_eq!(over(&gateway).await["status"], "succeeded");
    triggers::sweep(&gateway.app).await.unwrap();
    runs::sweep(&gateway.app).await.unwrap();
    assert_eq!(times(&gateway).await, [rfc3339(hour)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_times_that_were_missed_the_latest_is_run() {
    let (gateway, hour) = running(every_hour()).await;
    sweep_at(&gateway, hour + 50 * HOUR + 60_000).await;
    assert_eq!(times(&gateway).await, [rfc3339(hour + 50 * HOUR)]);
    sweep_at(&gateway, hour + 51 * HOUR).await;
    assert_eq!(
        times(&gateway).await,
        [rfc3339(hour + 50 * HOUR), rfc3339(hour + 51 * HOUR)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_second_of_the_last_minute_is_run() {
    let mut workflow = every_hour();
    workflow["trigger"]["cron"] = json!("* * * * * *");
    let (gateway, hour) = running(workflow).await;
    sweep_at(&gateway, hour).await;
    sweep_at(&gateway, hour + 3_500).await;
    let mut times = times(&gateway).await;
    times.retain(|time| *time >= rfc3339(hour));
    // The clock goes on while the gateway sweeps: there may be more.
    let seconds: Vec<_> = (0..)
        .map(|second| rfc3339(hour + second * 1000))
        .take(times.len())
        .collect();
    assert!(times.len() >= 4, "{times:?}");
    assert_eq!(times, seconds);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_off_or_changed_is_reckoned_anew() {
    let (gateway, hour) = running(every_hour()).await;
    move_to(&gateway, hour - 1000);
    switch(&gateway, Method::DELETE, "hourly").await;
    sweep_at(&gateway, hour + 3 * HOUR).await;
    assert_eq!(times(&gateway).await, Vec::<String>::new(), "it is off");
    switch(&gateway, Method::POST, "hourly").await;
    sweep_at(&gateway, hour + 3 * HOUR + 1000).await;
    assert_eq!(
        times(&gateway).await,
        Vec::<String>::new(),
        "what was due while it was off is past"
    );
    sweep_at(&gateway, hour + 4 * HOUR).await;
    assert_eq!(times(&gateway).await, [rfc3339(hour + 4 * HOUR)]);

    let mut changed = every_hour();
    changed["trigger"]["cron"] = json!("0 30 * * * *");
    offer(&gateway, &[changed]).await;
    sweep_at(&gateway, hour + 4 * HOUR + 1000).await;
    sweep_at(&gateway, hour + 5 * HOUR).await;
    let half_past = hour + 4 * HOUR + HOUR / 2;
    assert_eq!(
        times(&gateway).await,
        [rfc3339(hour + 4 * HOUR), rfc3339(half_past)]
    );

    offer(&gateway, &[]).await;
    sweep_at(&gateway, hour + 9 * HOUR).await;
    assert_eq!(times(&gateway).await.len(), 2, "the workflow is gone");
}

async fn offer(gateway: &TestGateway, definitions: &[Value]) {
    let workflows: Vec<Workflow> = definitions.iter().map(|one| read(one).unwrap()).collect();
    let store = &gateway.app.store;
    let now = gateway.app.clock.now();
    store
        .set_workflows("app", "azuredevops", &[], &workflows, now)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_must_be_connected_again_waits() {
    let (gateway, hour) = running(every_hour()).await;
    gateway
        .knob(Method::POST, "users/grace/revoke", json!({}))
        .await;
    let refused = gateway.proxy("u1", "/projects").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
    sweep_at(&gateway, hour + 2 * HOUR).await;
    assert_eq!(times(&gateway).await, Vec::<String>::new());
    let credential = gateway.connection("u1").await["credentialId"].clone();
    let (_, ticket) = gateway
        .register("u1", json!({ "credentialId": credential }))
        .await;
    let browser = support::Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    assert_eq!(browser.open(&callback).await["view"], "done");
    triggers::sweep(&gateway.app).await.unwrap();
    assert_eq!(times(&gateway).await, [rfc3339(hour + 2 * HOUR)]);
}
