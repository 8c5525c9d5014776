//! Service hooks: how the gateway asks Azure DevOps to tell of work items, and how it reads what it is told.
//!
//! Source: <https://learn.microsoft.com/azure/devops/service-hooks/create-subscription>,
//! <https://learn.microsoft.com/azure/devops/service-hooks/events#work-item-created>,
//! <https://learn.microsoft.com/azure/devops/service-hooks/services/webhooks>

use paragon_workflow::WorkItemEvent;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::actions::ProviderRequest;

const API_VERSION: &str = "api-version=7.1";
const SUBSCRIPTIONS: &str = "/_apis/hooks/subscriptions";
const PUBLISHER: &str = "tfs";
const CONSUMER: &str = "webHooks";
const CONSUMER_ACTION: &str = "httpRequest";
/// User name of the deliveries' basic authentication.
pub const USER_NAME: &str = "azure-devops";

/// The provider's name of an event.
pub const fn event_type(event: WorkItemEvent) -> &'static str {
    match event {
        WorkItemEvent::Created => "workitem.created",
        WorkItemEvent::Updated => "workitem.updated",
        WorkItemEvent::Deleted => "workitem.deleted",
    }
}

/// What a subscription is for, with the user's settings filled in. Empty texts filter nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HookFilter {
    /// The provider's name of the event.
    pub event_type: String,
    /// Id or name of the project.
    pub project: String,
    /// Work item type.
    pub work_item_type: String,
    /// Area, with those below it.
    pub area_path: String,
    /// Reference name of the field that must have changed.
    pub changed_field: String,
}

/// Asks for a project's id by its name.
pub fn project_request(project: &str) -> ProviderRequest {
    let name = utf8_percent_encode(project, NON_ALPHANUMERIC);
    ProviderRequest::get(format!("/_apis/projects/{name}?{API_VERSION}"))
}

/// Makes a subscription that is delivered to `url`, with `password`.
pub fn create_request(
    filter: &HookFilter,
    project: Uuid,
    url: &str,
    password: &str,
) -> ProviderRequest {
    let mut inputs = json!({
        "projectId": project,
        "areaPath": filter.area_path,
        "workItemType": filter.work_item_type,
    });
    if filter.event_type == event_type(WorkItemEvent::Updated) {
        inputs["changedFields"] = json!(filter.changed_field);
    }
    let body = json!({
        "publisherId": PUBLISHER,
        "eventType": filter.event_type,
        "resourceVersion": "1.0",
        "consumerId": CONSUMER,
        "consumerActionId": CONSUMER_ACTION,
        "publisherInputs": inputs,
        "consumerInputs": {
            "url": url,
            "basicAuthUsername": USER_NAME,
            "basicAuthPassword": password,
            "resourceDetailsToSend": "all",
            "messagesToSend": "none",
            "detailedMessagesToSend": "none",
        },
    });
    ProviderRequest::post(format!("{SUBSCRIPTIONS}?{API_VERSION}"), body)
}

/// Lists the account's web hooks.
pub fn list_request() -> ProviderRequest {
    ProviderRequest::get(format!(
        "{SUBSCRIPTIONS}?publisherId={PUBLISHER}&consumerId={CONSUMER}&consumerActionId={CONSUMER_ACTION}&{API_VERSION}"
    ))
}

/// One subscription.
pub fn get_request(subscription: &str) -> ProviderRequest {
    ProviderRequest::get(path_of(subscription))
}

/// Removes a subscription.
pub fn delete_request(subscription: &str) -> ProviderRequest {
    ProviderRequest::delete(path_of(subscription))
}

fn path_of(subscription: &str) -> String {
    let id = utf8_percent_encode(subscription, NON_ALPHANUMERIC);
    format!("{SUBSCRIPTIONS}/{id}?{API_VERSION}")
}

/// Ids of the listed subscriptions that are delivered to `url`.
pub fn subscriptions_to(list: &Value, url: &str) -> Vec<String> {
    let rows = list["value"].as_array().into_iter().flatten();
    let own = rows.filter(|row| row["consumerInputs"]["url"] == url);
    own.filter_map(|row| row["id"].as_str().map(str::to_owned))
        .collect()
}

/// Whether a subscription delivers, or may deliver again by itself.
pub fn is_alive(subscription: &Value) -> bool {
    let status = subscription["status"].as_str().unwrap_or_default();
    !status.starts_with("disabled")
}

/// What was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification<'a> {
    /// Id of the event, the same in every delivery of it.
    pub id: &'a str,
    /// Its kind.
    pub event_type: &'a str,
    /// The subscription; none in a delivery that only tries the address out.
    pub subscription: Option<&'a str>,
}

/// Reads a delivery; none if it is no event.
pub fn read_notification(body: &Value) -> Option<Notification<'_>> {
    let text = |name: &str| body[name].as_str().filter(|text| !text.is_empty());
    let subscription = text("subscriptionId");
    Some(Notification {
        id: text("id")?,
        event_type: text("eventType")?,
        // The service tries an address out with the nil id.
        subscription: subscription.filter(|id| Uuid::try_parse(id) != Ok(Uuid::nil())),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filter(event: WorkItemEvent) -> HookFilter {
        HookFilter {
            event_type: event_type(event).into(),
            project: "Fabrikam".into(),
            work_item_type: "Bug".into(),
            area_path: "Fabrikam\\Website".into(),
            changed_field: "System.State".into(),
        }
    }

    #[test]
    fn a_subscription_is_asked_for_as_documented() {
        let project = Uuid::from_u128(7);
        let request = create_request(
            &filter(WorkItemEvent::Updated),
            project,
            "https://g.test/h",
            "pw",
        );
        let (_, body) = request.body.expect("a body");
        assert_eq!(request.path, "/_apis/hooks/subscriptions?api-version=7.1");
        assert_eq!(
            body["publisherInputs"],
            json!({"projectId": project, "areaPath": "Fabrikam\\Website", "workItemType": "Bug", "changedFields": "System.State"})
        );
        assert_eq!(body["consumerInputs"]["basicAuthPassword"], "pw");
        let created = create_request(&filter(WorkItemEvent::Created), project, "u", "p");
        let inputs = created.body.expect("a body").1["publisherInputs"].clone();
        assert!(inputs.get("changedFields").is_none(), "{inputs}");
    }

    #[test]
    fn names_and_ids_stay_in_their_place() {
        assert_eq!(
            project_request("a/../b?c").path,
            "/_apis/projects/a%2F%2E%2E%2Fb%3Fc?api-version=7.1"
        );
        assert_eq!(
            delete_request("x/../y").path,
            "/_apis/hooks/subscriptions/x%2F%2E%2E%2Fy?api-version=7.1"
        );
    }

    #[test]
    fn own_subscriptions_are_found_by_their_address() {
        let row = |id: &str, url: &str| json!({"id": id, "consumerInputs": {"url": url}});
        let list = json!({"value": [row("1", "a"), row("2", "b"), row("3", "a"), {"id": "4"}]});
        assert_eq!(subscriptions_to(&list, "a"), ["1", "3"]);
        assert_eq!(subscriptions_to(&json!([]), "a"), Vec::<String>::new());
    }

    #[test]
    fn a_delivery_that_tries_the_address_out_is_known() {
        let body = json!({"id": "e", "eventType": "workitem.created", "subscriptionId": "00000000-0000-0000-0000-000000000000"});
        assert_eq!(
            read_notification(&body).map(|one| one.subscription),
            Some(None)
        );
        let body = json!({"id": "e", "eventType": "workitem.created", "subscriptionId": "s"});
        assert_eq!(
            read_notification(&body).map(|one| one.subscription),
            Some(Some("s"))
        );
        for wrong in [
            json!(null),
            json!([]),
            json!({"id": 1, "eventType": "x"}),
            json!({"id": "", "eventType": "x"}),
        ] {
            assert_eq!(read_notification(&wrong), None, "{wrong}");
        }
    }

    fn member() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from)
        ];
        leaf.prop_recursive(2, 8, 4, |inner| {
            prop::collection::vec(inner, 0..3).prop_map(Value::from)
        })
    }

    proptest! {
        #[test]
        fn any_json_is_read_or_refused(id in member(), kind in member(), subscription in member()) {
            let body = json!({"id": id, "eventType": kind, "subscriptionId": subscription});
            let read = read_notification(&body);
            let is_whole = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
            prop_assert_eq!(read.is_some(), is_whole(&id) && is_whole(&kind));
            prop_assert!(read_notification(&id).is_none());
        }
    }
}
