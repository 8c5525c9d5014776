//! Work items as triggers, over HTTP: subscriptions at the simulated Azure DevOps, what it delivers, and what forgers do.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::desk::Desk;
use crate::support::{self, Answer, TestGateway};
use paragon_gateway::operators::Role;
use paragon_gateway::{runs, triggers};
use paragon_workflow::{Workflow, read};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SECOND: i64 = 1000;
const HOUR: i64 = 60 * 60 * SECOND;

fn watch(id: &str, trigger: Value) -> Value {
    json!({
        "id": id, "description": id, "defaultEnabled": true, "trigger": trigger,
        "inputs": [{"id": "project", "title": "Project", "type": "text", "defaultValue": "Fabrikam"}],
        "steps": [{"id": "wait", "do": {"type": "delay", "amount": 0, "unit": "SECONDS"}}],
    })
}

fn created() -> Value {
    watch(
        "created",
        json!({"type": "workItemCreated", "project": "{{settings.project}}"}),
    )
}

/// A gateway whose user `u1` has the account of an administrator.
async fn running(workflows: Vec<Value>) -> TestGateway {
    let gateway = start(workflows).await;
    let connected = gateway.connect_token("u1", json!({})).await;
    assert!(connected.status.is_success(), "{}", connected.text);
    bring_in_order(&gateway).await;
    gateway
}

async fn start(workflows: Vec<Value>) -> TestGateway {
    support::start_running(|config| config.projects[0].workflows = workflows).await
}

/// What the program does every second.
async fn bring_in_order(gateway: &TestGateway) {
    triggers::sweep(&gateway.app).await.unwrap();
    triggers::reconcile(&gateway.app).await.unwrap();
}

async fn later(gateway: &TestGateway, millis: i64) {
    gateway.ahead.fetch_add(millis, Ordering::SeqCst);
    bring_in_order(gateway).await;
}

/// Subscriptions at the provider.
async fn subscriptions(gateway: &TestGateway) -> Vec<Value> {
    let state = gateway.knob(Method::GET, "state", Value::Null).await;
    let organizations = state["organizations"].as_array().unwrap().iter();
    let all = organizations.flat_map(|one| one["subscriptions"].as_array().unwrap().clone());
    all.collect()
}

async fn only(gateway: &TestGateway) -> Value {
    let all = subscriptions(gateway).await;
    assert_eq!(all.len(), 1, "{all:#?}");
    all[0].clone()
}

async fn act(gateway: &TestGateway, name: &str, parameters: Value) -> Value {
    let body = json!({"action": format!("AZURE_DEVOPS_{name}"), "parameters": parameters});
    let answer = gateway
        .call("u1", Method::POST, "/actions", Some(body))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json["output"].clone()
}

async fn create(gateway: &TestGateway, title: &str) -> Value {
    let parameters =
        json!({"project": "Fabrikam", "workItemType": "Task", "fields": {"System.Title": title}});
    act(gateway, "CREATE_WORKITEM", parameters).await
}

async fn runs(gateway: &TestGateway) -> Vec<Value> {
    let list = gateway.call("u1", Method::GET, "/runs", None).await.json;
    list["runs"].as_array().unwrap().clone()
}

/// The run of a workflow, once it is over.
async fn run_of(gateway: &TestGateway, workflow: &str) -> Value {
    let ended = async {
        loop {
            runs::sweep(&gateway.app).await.unwrap();
            let all = runs(gateway).await;
            let own = all.iter().find(|run| run["workflowId"] == workflow);
            if let Some(run) = own.filter(|run| !run["endedAt"].is_null()) {
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

/// What the user sees of a workflow's trigger.
async fn shown(gateway: &TestGateway, workflow: &str) -> Value {
    gateway.connection("u1").await["workflowSettings"][workflow]["trigger"].clone()
}

async fn deliver(subscription: &Value, password: Option<&str>, body: String) -> Answer {
    let mut request = support::client()
        .post(subscription["url"].as_str().unwrap())
        .header("content-type", "application/json")
        .body(body);
    if let Some(password) = password {
        request = request.basic_auth("azure-devops", Some(password));
    }
    Answer::of(request.send().await.unwrap()).await
}

fn event(subscription: &Value, id: &str) -> Value {
    json!({
        "id": id, "eventType": "workitem.created", "subscriptionId": subscription["id"], "notificationId": 1,
        "resource": {"id": 7, "rev": 1, "fields": {"System.Title": "Forged or not"}},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_to_a_work_item_starts_runs() {
    let state = json!({"type": "workItemUpdated", "project": "Fabrikam", "workItemType": "Task", "changedField": "System.State"});
    let gateway = running(vec![
        created(),
        watch(
            "bugs",
            json!({"type": "workItemCreated", "project": "Fabrikam", "workItemType": "Bug"}),
        ),
        watch("updated", state),
        watch(
            "deleted",
            json!({"type": "workItemDeleted", "project": "Fabrikam"}),
        ),
    ])
    .await;
    assert_eq!(subscriptions(&gateway).await.len(), 4);
    assert_eq!(
        shown(&gateway, "updated").await,
        json!({"status": "active", "error": null})
    );
    let id = create(&gateway, "Watched").await["id"].clone();
    let run = run_of(&gateway, "created").await;
    assert_eq!(
        (&run["status"], &run["trigger"]),
        (&json!("succeeded"), &json!("work_item_created"))
    );
    let input = &run["input"];
    assert_eq!(
        (&input["eventType"], &input["resource"]["id"]),
        (&json!("workitem.created"), &id)
    );
    assert_eq!(input["resource"]["fields"]["System.Title"], "Watched");

    for fields in [
        json!({"System.Title": "Still watched"}),
        json!({"System.State": "Active"}),
    ] {
        act(
            &gateway,
            "UPDATE_WORKITEM",
            json!({"id": id, "fields": fields}),
        )
        .await;
    }
    let resource = run_of(&gateway, "updated").await["input"]["resource"].clone();
    assert_eq!(resource["workItemId"], id);
    let change = &resource["fields"]["System.State"];
    assert_eq!(change, &json!({"oldValue": "New", "newValue": "Active"}));
    assert_eq!(
        resource["revision"]["fields"]["System.Title"],
        "Still watched"
    );

    act(&gateway, "DELETE_WORKITEM", json!({"id": id})).await;
    assert_eq!(
        run_of(&gateway, "deleted").await["input"]["resource"]["id"],
        id
    );
    assert_eq!(runs(&gateway).await.len(), 3, "nothing else was started");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_knows_the_password_is_let_in() {
    let gateway = running(vec![created()]).await;
    let own = only(&gateway).await;
    let body = event(&own, "e1").to_string();
    let mut nowhere = own.clone();
    nowhere["url"] = json!(format!(
        "{}/hooks/azure-devops/{}",
        gateway.url,
        "x".repeat(43)
    ));
    let password = own["password"].as_str().unwrap();
    let mut answers = vec![
        deliver(&own, None, body.clone()).await,
        deliver(&own, Some(""), body.clone()).await,
        deliver(&own, Some("wrong"), body.clone()).await,
        deliver(&nowhere, Some(password), body.clone()).await,
        deliver(&own, Some("wrong"), "no JSON".to_owned()).await,
    ];
    let bearer = support::client()
        .post(own["url"].as_str().unwrap())
        .bearer_auth(password);
    answers.push(Answer::of(bearer.body(body.clone()).send().await.unwrap()).await);
    for answer in answers {
        assert_eq!(
            (answer.status, answer.text.as_str()),
            (StatusCode::UNAUTHORIZED, "")
        );
    }
    assert_eq!(runs(&gateway).await, Vec::<Value>::new());

    let wrong = deliver(&own, Some(password), "no JSON".to_owned()).await;
    assert_eq!(wrong.code(), "invalid_request", "{}", wrong.text);
    let mut other = event(&own, "e1");
    other["eventType"] = json!("workitem.deleted");
    let other = deliver(&own, Some(password), other.to_string()).await;
    assert_eq!(other.code(), "invalid_request", "{}", other.text);
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(5 << 20));
    let long = deliver(&own, Some(password), long).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut trial = event(&own, "e1");
    trial["subscriptionId"] = json!(uuid::Uuid::nil());
    let trial = deliver(&own, Some(password), trial.to_string()).await;
    assert_eq!(trial.status, StatusCode::NO_CONTENT);
    assert_eq!(
        runs(&gateway).await,
        Vec::<Value>::new(),
        "trying the address out starts nothing"
    );

    for id in ["e1", "e1", "e2"] {
        let body = event(&own, id).to_string();
        let answer = deliver(&own, Some(password), body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    }
    assert_eq!(
        runs(&gateway).await.len(),
        2,
        "an event that comes twice starts one run"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_again_starts_nothing_more() {
    let gateway = running(vec![created()]).await;
    create(&gateway, "Once").await;
    run_of(&gateway, "created").await;
    gateway
        .knob(Method::POST, "hooks/redeliver", json!({}))
        .await;
    assert_eq!(only(&gateway).await["status"], "enabled");
    assert_eq!(runs(&gateway).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_off_removes_the_subscription() {
    let gateway = running(vec![created()]).await;
    let old = only(&gateway).await;
    let path = "/sdk/workflows/created";
    let off = gateway.call("u1", Method::DELETE, path, None).await;
    assert!(off.status.is_success(), "{}", off.text);
    bring_in_order(&gateway).await;
    assert_eq!(subscriptions(&gateway).await, Vec::<Value>::new());
    assert_eq!(shown(&gateway, "created").await, Value::Null);
    let password = old["password"].as_str();
    let late = deliver(&old, password, event(&old, "e1").to_string()).await;
    assert_eq!(late.status, StatusCode::GONE, "{}", late.text);
    let forged = deliver(&old, Some("wrong"), event(&old, "e1").to_string()).await;
    assert_eq!(forged.status, StatusCode::UNAUTHORIZED);
    let on = gateway.call("u1", Method::POST, path, None).await;
    assert!(on.status.is_success(), "{}", on.text);
    bring_in_order(&gateway).await;
    let new = only(&gateway).await;
    assert!(new["url"] != old["url"] && new["password"] != old["password"]);
    assert_eq!(runs(&gateway).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnecting_removes_the_subscription_and_then_the_tokens() {
    let gateway = running(vec![created()]).await;
    only(&gateway).await;
    let credential = gateway.connection("u1").await["credentialId"].clone();
    let id = credential.as_str().unwrap();
    gateway
        .knob(Method::POST, "answers", json!({"face": "serverError"}))
        .await;
    let path = format!("/sdk/credentials/{id}");
    let gone = gateway.call("u1", Method::DELETE, &path, None).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT, "{}", gone.text);
    let leaving = || gateway.app.store.leaving_credential(id.parse().unwrap());
    bring_in_order(&gateway).await;
    only(&gateway).await;
    assert!(
        leaving().await.unwrap().is_some(),
        "the provider failed: it is tried again"
    );
    later(&gateway, 31 * SECOND).await;
    assert_eq!(subscriptions(&gateway).await, Vec::<Value>::new());
    assert!(
        leaving().await.unwrap().is_none(),
        "the tokens are forgotten"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnected_account_whose_provider_stays_away_is_forgotten_after_a_day() {
    let gateway = running(vec![created()]).await;
    let credential = gateway.connection("u1").await["credentialId"].clone();
    let id = credential.as_str().unwrap();
    let path = format!("/sdk/credentials/{id}");
    gateway.call("u1", Method::DELETE, &path, None).await;
    gateway.ahead.fetch_add(25 * HOUR, Ordering::SeqCst);
    triggers::forget(&gateway.app).await.unwrap();
    let leaving = gateway.app.store.leaving_credential(id.parse().unwrap());
    assert!(leaving.await.unwrap().is_none());
    bring_in_order(&gateway).await;
    let old = only(&gateway).await;
    let late = deliver(&old, old["password"].as_str(), event(&old, "e").to_string()).await;
    assert_eq!(
        late.status,
        StatusCode::GONE,
        "the provider disables it by that"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_is_asked_again() {
    let gateway = start(vec![created()]).await;
    gateway.connect_token("u1", json!({})).await;
    gateway
        .knob(Method::POST, "answers", json!({"face": "serverError"}))
        .await;
    bring_in_order(&gateway).await;
    assert_eq!(subscriptions(&gateway).await, Vec::<Value>::new());
    let failed = shown(&gateway, "created").await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["error"]["code"], "provider_unavailable", "{failed}");
    bring_in_order(&gateway).await;
    assert_eq!(
        subscriptions(&gateway).await,
        Vec::<Value>::new(),
        "not at once"
    );
    later(&gateway, 31 * SECOND).await;
    only(&gateway).await;
    assert_eq!(shown(&gateway, "created").await["status"], "active");
    let users = Desk::of(&gateway, Role::Viewer).await;
    let users = users.get("/projects/app/users").await.json;
    assert_eq!(
        users["users"][0]["accounts"][0]["failingTriggers"],
        json!([])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_whose_answer_was_lost_is_not_left_behind() {
    let gateway = start(vec![created()]).await;
    gateway.connect_token("u1", json!({})).await;
    // The first request asks for the project, the second makes the subscription.
    for face in ["delayed", "answerLost"] {
        gateway
            .knob(Method::POST, "answers", json!({ "face": face }))
            .await;
    }
    bring_in_order(&gateway).await;
    let lost = only(&gateway).await;
    assert_eq!(shown(&gateway, "created").await["status"], "failed");
    later(&gateway, 31 * SECOND).await;
    let made = only(&gateway).await;
    assert_ne!(made["id"], lost["id"]);
    let stale = deliver(
        &lost,
        lost["password"].as_str(),
        event(&lost, "e").to_string(),
    )
    .await;
    assert_eq!(
        stale.status,
        StatusCode::UNAUTHORIZED,
        "the lost one's password is not known"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_permission_is_told_so_and_stays_switched_on() {
    let gateway = start(vec![created()]).await;
    gateway.connect("u1", "grace").await;
    bring_in_order(&gateway).await;
    let failed = shown(&gateway, "created").await;
    assert_eq!(failed["error"]["code"], "provider_forbidden", "{failed}");
    let message = failed["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("permission to edit service hook subscriptions"),
        "{message}"
    );
    let state = gateway.connection("u1").await;
    assert_eq!(state["workflowSettings"]["created"]["enabled"], true);
    let users = Desk::of(&gateway, Role::Viewer).await;
    let users = users.get("/projects/app/users").await.json;
    let told = &users["users"][0]["accounts"][0]["failingTriggers"];
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{users}");
    assert_eq!(told[0]["workflow"], "created");
    assert_eq!(told[0]["message"], message);
    assert!(told[0]["nextTry"].is_string(), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_in_the_filter_renew_the_subscription() {
    let gateway = running(vec![created()]).await;
    let old = only(&gateway).await;
    let credential = gateway.connection("u1").await["credentialId"].clone();
    let path = format!("/sdk/credentials/{}", credential.as_str().unwrap());
    let set = async |project: &str| {
        let settings = json!({"created": {"settings": {"project": project}}});
        let body = json!({"config": {"workflowSettings": settings}});
        let answer = gateway.call("u1", Method::PATCH, &path, Some(body)).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        bring_in_order(&gateway).await;
    };
    set("Fabrikam").await;
    assert_eq!(only(&gateway).await, old, "nothing has changed");
    set("Tailspin Toys").await;
    let new = only(&gateway).await;
    assert_ne!(new["projectId"], old["projectId"]);
    set("No Such Project").await;
    assert_eq!(subscriptions(&gateway).await, Vec::<Value>::new());
    let failed = shown(&gateway, "created").await;
    assert_eq!(failed["error"]["code"], "provider_not_found", "{failed}");
    set("Fabrikam").await;
    assert_eq!(only(&gateway).await["projectId"], old["projectId"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_app_says_of_the_user_renews_it_too() {
    let trigger = json!({"type": "workItemCreated", "project": "Fabrikam", "workItemType": "{{user.meta.kind}}"});
    let gateway = running(vec![watch("created", trigger)]).await;
    assert_eq!(only(&gateway).await["workItemType"], "");
    let meta = json!({"meta": {"kind": "Bug"}});
    let answer = gateway
        .call("u1", Method::PATCH, "/sdk/me", Some(meta))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    bring_in_order(&gateway).await;
    assert_eq!(only(&gateway).await["workItemType"], "Bug");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_that_is_gone_or_changed_takes_its_subscription_along() {
    let gateway = running(vec![created()]).await;
    let old = only(&gateway).await;
    let offer = async |definitions: &[Value]| {
        let workflows: Vec<Workflow> = definitions.iter().map(|one| read(one).unwrap()).collect();
        let (store, now) = (&gateway.app.store, gateway.app.clock.now());
        let offered = store.set_workflows("app", "azuredevops", &[], &workflows, now);
        offered.await.unwrap();
        triggers::forget(&gateway.app).await.unwrap();
        bring_in_order(&gateway).await;
    };
    let mut changed = created();
    changed["trigger"]["workItemType"] = json!("Bug");
    offer(&[changed]).await;
    let new = only(&gateway).await;
    assert_eq!(
        (&new["workItemType"], new["id"] == old["id"]),
        (&json!("Bug"), false)
    );
    offer(&[]).await;
    assert_eq!(subscriptions(&gateway).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_the_provider_lost_is_made_anew() {
    let gateway = running(vec![created()]).await;
    let old = only(&gateway).await;
    let path = format!(
        "/sdk/proxy/azuredevops/_apis/hooks/subscriptions/{}?api-version=7.1",
        old["id"].as_str().unwrap()
    );
    let removed = gateway.call("u1", Method::DELETE, &path, None).await;
    assert!(removed.status.is_success(), "{}", removed.text);
    later(&gateway, HOUR).await;
    assert_eq!(
        subscriptions(&gateway).await,
        Vec::<Value>::new(),
        "it is looked after now and then"
    );
    later(&gateway, 6 * HOUR).await;
    assert_ne!(only(&gateway).await["id"], old["id"]);
    assert_eq!(shown(&gateway, "created").await["status"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_moves_to_another_organization_gives_the_old_subscription_up() {
    let trigger = json!({"type": "workItemCreated", "project": "{{settings.project}}"});
    let gateway = running(vec![watch("created", trigger)]).await;
    let old = only(&gateway).await;
    let credential = gateway.connection("u1").await["credentialId"].clone();
    let state = gateway.knob(Method::GET, "state", Value::Null).await;
    let organizations = state["organizations"].as_array().unwrap();
    let labs = organizations
        .iter()
        .find(|one| one["name"] == "contoso-labs");
    let token = labs.unwrap()["personalAccessTokens"][0]["token"].clone();
    let body = json!({
        "integrationId": gateway.integration_id("u1").await,
        "payload": {"ORGANIZATION": "contoso-labs", "PERSONAL_ACCESS_TOKEN": token},
        "installOptions": {"selectedCredentialId": credential},
    });
    let moved = gateway
        .call("u1", Method::POST, "/sdk/credentials", Some(body))
        .await;
    assert!(moved.status.is_success(), "{}", moved.text);
    bring_in_order(&gateway).await;
    let failed = shown(&gateway, "created").await;
    assert_eq!(
        failed["error"]["code"], "provider_not_found",
        "there is no such project: {failed}"
    );
    assert_eq!(gateway.connection("u1").await["credentialStatus"], "VALID");
    let late = deliver(&old, old["password"].as_str(), event(&old, "e").to_string()).await;
    assert_eq!(
        late.status,
        StatusCode::GONE,
        "the provider disables it by that"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_account_waits_until_it_is_connected_again() {
    let gateway = start(vec![created()]).await;
    let credential = sign_in(&gateway, json!({})).await;
    gateway
        .knob(Method::POST, "users/ada/revoke", json!({}))
        .await;
    bring_in_order(&gateway).await;
    let failed = shown(&gateway, "created").await;
    assert_eq!(
        failed["error"]["code"], "credential_needs_reconnect",
        "{failed}"
    );
    later(&gateway, 2 * HOUR).await;
    let again = sign_in(&gateway, json!({ "credentialId": credential })).await;
    assert_eq!(again, credential);
    bring_in_order(&gateway).await;
    only(&gateway).await;
    assert_eq!(shown(&gateway, "created").await["status"], "active");
}

/// Signs in as an administrator of several organizations and chooses one of them, unless it is known.
async fn sign_in(gateway: &TestGateway, extra: Value) -> String {
    let (id, ticket) = gateway.register("u1", extra).await;
    let browser = support::Browser::new(gateway);
    let callback = browser.sign_in(&ticket, "ada").await;
    let mut page = browser.open(&callback).await;
    if page["view"] == "organizations" {
        let body = json!({"flow": page["flow"], "organization": "contoso-demo"});
        let choice = browser.post("/connect/organizations", body, &gateway.url);
        page = choice.await.json;
    }
    assert_eq!(page["view"], "done", "{page}");
    let flow = gateway.flow("u1", &id).await;
    flow["credentialId"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_a_subscription_stands_nowhere() {
    let gateway = running(vec![created()]).await;
    let password = only(&gateway).await["password"].clone();
    let password = password.as_str().unwrap();
    assert_eq!(password.len(), 43, "256 bits");
    create(&gateway, "Told").await;
    run_of(&gateway, "created").await;
    gateway.app.engine.get().unwrap().shutdown().await;
    gateway.app.store.close().await;
    assert!(!gateway.has_stored(password));
}
