use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Status;
use super::delivery::judge;
use crate::test_support::{Answer, TestSandbox};

const HOOKS: &str = "/contoso-demo/_apis/hooks/subscriptions";
const ITEMS: &str = "/contoso-demo/Fabrikam/_apis/wit/workitems";
/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9/hook";

struct Stand {
    sandbox: TestSandbox,
    ada: String,
    project: Value,
}

impl Stand {
    async fn new() -> Self {
        let sandbox = TestSandbox::new();
        let ada = sandbox.bearer("ada").await;
        let path = "/contoso-demo/_apis/projects/Fabrikam";
        let project = sandbox.ado(&ada, "GET", path, Value::Null).await.json()["id"].clone();
        Self {
            sandbox,
            ada,
            project,
        }
    }

    fn body(&self, event: &str, inputs: &Value) -> Value {
        let mut filter = json!({"projectId": self.project, "areaPath": "", "workItemType": ""});
        for (name, value) in inputs.as_object().into_iter().flatten() {
            filter[name] = value.clone();
        }
        json!({
            "publisherId": "tfs", "eventType": event, "consumerId": "webHooks", "consumerActionId": "httpRequest",
            "publisherInputs": filter,
            "consumerInputs": {"url": NOWHERE, "basicAuthUsername": "u", "basicAuthPassword": "secret-1"},
        })
    }

    async fn create(&self, who: &str, body: Value) -> Answer {
        let path = format!("{HOOKS}?api-version=7.1");
        self.sandbox.ado(who, "POST", &path, body).await
    }

    async fn subscribed(&self, event: &str, inputs: &Value) -> String {
        let answer = self.create(&self.ada, self.body(event, inputs)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["id"].as_str().unwrap_or_default().to_owned()
    }

    async fn item(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Value {
        let operations = fields.iter().map(
            |(name, value)| json!({"op": "add", "path": format!("/fields/{name}"), "value": value}),
        );
        let operations = Value::from(operations.collect::<Vec<_>>());
        let path = format!("{ITEMS}/{path}?api-version=7.1");
        let answer = self.sandbox.ado(&self.ada, method, &path, operations).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    /// What subscription `id` is told.
    async fn told(&self, id: &str) -> usize {
        let path = format!("{HOOKS}/{id}/notifications");
        let list = self
            .sandbox
            .ado(&self.ada, "GET", &path, Value::Null)
            .await
            .json();
        list["value"].as_array().map_or(0, Vec::len)
    }
}

#[tokio::test]
async fn a_subscription_is_made_shown_and_removed() {
    let stand = Stand::new().await;
    let id = stand
        .subscribed(
            "workitem.updated",
            &json!({"changedFields": "System.State"}),
        )
        .await;
    let path = format!("{HOOKS}/{id}");
    let get = || stand.sandbox.ado(&stand.ada, "GET", &path, Value::Null);
    let shown = get().await;
    assert!(!shown.text.contains("secret-1"), "{}", shown.text);
    assert_eq!(shown.json()["status"], "enabled");
    assert_eq!(
        shown.json()["publisherInputs"]["changedFields"],
        "System.State"
    );
    let list = stand
        .sandbox
        .ado(&stand.ada, "GET", HOOKS, Value::Null)
        .await
        .json();
    assert_eq!(list["value"][0]["id"], json!(id));
    let versioned = format!("{path}?api-version=7.1");
    let removed = stand
        .sandbox
        .ado(&stand.ada, "DELETE", &versioned, Value::Null)
        .await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(get().await.status, StatusCode::NOT_FOUND);
    let types = "/contoso-demo/_apis/hooks/publishers/tfs/eventtypes";
    let types = stand
        .sandbox
        .ado(&stand.ada, "GET", types, Value::Null)
        .await
        .json();
    assert_eq!(types["count"], 3);
}

#[tokio::test]
async fn wrong_inputs_and_people_without_permission_are_refused() {
    let stand = Stand::new().await;
    let event = "workitem.created";
    let mut elsewhere = stand.body(event, &Value::Null);
    elsewhere["consumerInputs"]["url"] = json!("ftp://x");
    let mut other = stand.body(event, &Value::Null);
    other["consumerId"] = json!("slack");
    for (body, part) in [
        (stand.body("git.push", &Value::Null), "Unknown event type"),
        (
            stand.body(event, &json!({"projectId": "Fabrikam"})),
            "'projectId'",
        ),
        (
            stand.body(event, &json!({"workItemType": "Bugg"})),
            "'workItemType'",
        ),
        (
            stand.body(event, &json!({"areaPath": "Fabrikam\\Nowhere"})),
            "'areaPath'",
        ),
        (elsewhere, "'url'"),
        (other, "consumerId"),
    ] {
        let answer = stand.create(&stand.ada, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{part}");
        assert!(answer.text.contains(part), "{part}: {}", answer.text);
    }
    let grace = stand.sandbox.bearer("grace").await;
    let answer = stand.create(&grace, stand.body(event, &Value::Null)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
}

#[tokio::test]
async fn what_happens_is_told_to_those_whose_filter_it_meets() {
    let stand = Stand::new().await;
    let created = stand
        .subscribed("workitem.created", &json!({"workItemType": "Task"}))
        .await;
    let bugs = stand
        .subscribed("workitem.created", &json!({"workItemType": "Bug"}))
        .await;
    let area = stand
        .subscribed(
            "workitem.created",
            &json!({"areaPath": "Fabrikam\\Service"}),
        )
        .await;
    let state = stand
        .subscribed(
            "workitem.updated",
            &json!({"changedFields": "System.State"}),
        )
        .await;
    let deleted = stand.subscribed("workitem.deleted", &Value::Null).await;
    let item = stand
        .item("POST", "$Task", &[("System.Title", "One")])
        .await;
    let id = item["id"].to_string();
    stand.item("PATCH", &id, &[("System.Title", "Two")]).await;
    stand
        .item("PATCH", &id, &[("System.State", "Active")])
        .await;
    let path = format!("{ITEMS}/{id}?api-version=7.1");
    let gone = stand
        .sandbox
        .ado(&stand.ada, "DELETE", &path, Value::Null)
        .await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    for (subscription, count) in [(created, 1), (bugs, 0), (area, 0), (state, 1), (deleted, 1)] {
        assert_eq!(stand.told(&subscription).await, count);
    }
}

#[test]
fn failing_deliveries_end_a_subscription_and_410_does_so_at_once() {
    let fresh = || super::Subscription {
        id: uuid::Uuid::nil(),
        event: super::Event::Created,
        project: uuid::Uuid::nil(),
        area_path: String::new(),
        work_item_type: String::new(),
        changed_field: String::new(),
        url: NOWHERE.into(),
        user_name: String::new(),
        password: String::new(),
        status: Status::Enabled,
        failures: 0,
        by: uuid::Uuid::nil(),
        at: jiff::Timestamp::UNIX_EPOCH,
        notifications: Vec::new(),
    };
    let mut one = fresh();
    judge(&mut one, 401);
    assert_eq!(one.status, Status::OnProbation);
    judge(&mut one, 204);
    assert_eq!((one.status, one.failures), (Status::Enabled, 0));
    (0..8).for_each(|_| judge(&mut one, 500));
    assert_eq!(one.status, Status::DisabledBySystem);
    let mut one = fresh();
    judge(&mut one, 410);
    assert_eq!(one.status, Status::DisabledBySystem);
}
