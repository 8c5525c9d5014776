//! Making, listing and removing subscriptions.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use url::Url;
use uuid::Uuid;

use super::super::call::Call;
use super::super::errors::{ApiError, bad_argument, vss};
use super::super::identity;
use super::super::model::{Organization, Project};
use super::super::reply::Reply;
use super::super::work_items::render::date;
use super::{Event, Status, Subscription};
use crate::state::State;

/// `POST _apis/hooks/subscriptions`: 200, not 201.
pub(crate) fn create(call: &Call<'_>) -> Result<Reply, ApiError> {
    let body = call.object()?;
    let at = call.inner.now();
    let id = call.inner.random_uuid();
    let mut state = call.inner.write();
    let name = state
        .person(call.caller.person)
        .map(|person| person.name.clone())
        .unwrap_or_default();
    let organization = call.organization_mut(&mut state)?;
    need_permission(call, organization, &name)?;
    let subscription = read(call, organization, &body, id, at)?;
    organization.subscriptions.push(subscription.clone());
    Ok(Reply::ok(describe(call, &state, &subscription)))
}

/// Project administrators may change subscriptions.
fn need_permission(
    call: &Call<'_>,
    organization: &Organization,
    name: &str,
) -> Result<(), ApiError> {
    if organization.administrators.contains(&call.caller.person) {
        return Ok(());
    }
    let text = format!(
        "Access Denied: {name} needs the following permission(s) to perform this action: Edit Subscription"
    );
    Err(vss(403, "AccessCheckException", text))
}

fn read(
    call: &Call<'_>,
    organization: &Organization,
    body: &Map<String, Value>,
    id: Uuid,
    at: jiff::Timestamp,
) -> Result<Subscription, ApiError> {
    for (name, value) in [
        ("publisherId", "tfs"),
        ("consumerId", "webHooks"),
        ("consumerActionId", "httpRequest"),
    ] {
        if body.get(&name.to_ascii_lowercase()).and_then(Value::as_str) != Some(value) {
            return Err(bad_argument(format!("The {name} must be '{value}'.")));
        }
    }
    let event_type = body.get("eventtype").and_then(Value::as_str);
    let event = event_type.and_then(Event::find).ok_or_else(|| {
        bad_argument(format!(
            "Unknown event type '{}'.",
            event_type.unwrap_or_default()
        ))
    })?;
    let input = |group: &str, name: &str| {
        let value = body.get(group).map(|inputs| &inputs[name]);
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let filter = |name: &str| input("publisherinputs", name);
    let project_id = filter("projectId");
    let project = Uuid::try_parse(&project_id)
        .ok()
        .and_then(|_| organization.project(&project_id))
        .ok_or_else(|| invalid_input("projectId", &project_id))?;
    let subscription = Subscription {
        id,
        event,
        project: project.id,
        area_path: filter("areaPath"),
        work_item_type: filter("workItemType"),
        changed_field: filter("changedFields"),
        url: input("consumerinputs", "url"),
        user_name: input("consumerinputs", "basicAuthUsername"),
        password: input("consumerinputs", "basicAuthPassword"),
        status: Status::Enabled,
        failures: 0,
        by: call.caller.person,
        at,
        notifications: Vec::new(),
    };
    check(project, &subscription)?;
    Ok(subscription)
}

fn check(project: &Project, subscription: &Subscription) -> Result<(), ApiError> {
    let (kind, area, url) = (
        &subscription.work_item_type,
        &subscription.area_path,
        &subscription.url,
    );
    if !kind.is_empty() && project.work_item_type(kind).is_none() {
        return Err(invalid_input("workItemType", kind));
    }
    if !area.is_empty() && project.areas.at(area).is_none() {
        return Err(invalid_input("areaPath", area));
    }
    // Unlike the service, plain http and addresses of this machine are taken.
    let is_address = Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if is_address {
        Ok(())
    } else {
        Err(invalid_input("url", url))
    }
}

fn invalid_input(name: &str, value: &str) -> ApiError {
    let text = format!("The value '{value}' is not valid for subscription input '{name}'.");
    vss(400, "SubscriptionInputException", text)
}

/// `GET _apis/hooks/subscriptions`
pub(crate) fn list(call: &Call<'_>) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let organization = call.organization(&state)?;
    let event = call.query.get("eventtype");
    let own = organization.subscriptions.iter().filter(|one| {
        let is_visible = one.by == call.caller.person
            || organization.administrators.contains(&call.caller.person);
        is_visible && event.is_none_or(|event| event == one.event.name())
    });
    Ok(Reply::list(
        own.map(|one| describe(call, &state, one)).collect(),
    ))
}

/// `GET _apis/hooks/subscriptions/{id}`
pub(crate) fn get(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let subscription = find(call.organization(&state)?, id)?;
    Ok(Reply::ok(describe(call, &state, subscription)))
}

/// `DELETE _apis/hooks/subscriptions/{id}`
pub(crate) fn delete(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let mut state = call.inner.write();
    let organization = call.organization_mut(&mut state)?;
    let subscription = find(organization, id)?.clone();
    if subscription.by != call.caller.person {
        need_permission(call, organization, "")?;
    }
    organization
        .subscriptions
        .retain(|one| one.id != subscription.id);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `GET _apis/hooks/subscriptions/{id}/notifications`
pub(crate) fn notifications(call: &Call<'_>, id: &str) -> Result<Reply, ApiError> {
    let state = call.inner.read();
    let subscription = find(call.organization(&state)?, id)?;
    let row = |one: &super::Notification| {
        let result = match one.answer {
            None => "pending",
            Some(status) if (200..300).contains(&status) => "succeeded",
            Some(_) => "failed",
        };
        json!({"id": one.id, "subscriptionId": subscription.id, "eventId": one.body["id"], "status": "completed", "result": result})
    };
    Ok(Reply::list(
        subscription.notifications.iter().map(row).collect(),
    ))
}

/// `GET _apis/hooks/publishers/tfs/eventtypes`
pub(crate) fn event_types() -> Reply {
    let input = |id: &str, is_required: bool| json!({"id": id, "name": id, "validation": {"dataType": "string", "isRequired": is_required}});
    let row = |event: &Event| {
        let mut inputs = vec![
            input("projectId", true),
            input("areaPath", false),
            input("workItemType", false),
        ];
        if *event == Event::Updated {
            inputs.push(input("changedFields", false));
        }
        json!({"publisherId": "tfs", "id": event.name(), "inputDescriptors": inputs, "supportedResourceVersions": ["1.0"]})
    };
    Reply::list(Event::ALL.iter().map(row).collect())
}

fn find<'o>(organization: &'o Organization, id: &str) -> Result<&'o Subscription, ApiError> {
    let found = Uuid::try_parse(id)
        .ok()
        .and_then(|id| organization.subscriptions.iter().find(|one| one.id == id));
    found.ok_or_else(|| {
        let text = format!("The subscription with ID '{id}' does not exist.");
        vss(404, "SubscriptionNotFoundException", text)
    })
}

/// A subscription as answers have it: what is confidential is masked.
fn describe(call: &Call<'_>, state: &State, subscription: &Subscription) -> Value {
    let by = identity::object(call.inner, state, &call.organization, subscription.by);
    let mut inputs = json!({
        "projectId": subscription.project, "areaPath": subscription.area_path,
        "workItemType": subscription.work_item_type, "tfsSubscriptionId": subscription.id,
    });
    if subscription.event == Event::Updated {
        inputs["changedFields"] = json!(subscription.changed_field);
    }
    json!({
        "id": subscription.id,
        "url": call.url(&format!("/_apis/hooks/subscriptions/{}", subscription.id)),
        "status": subscription.status.name(),
        "publisherId": "tfs",
        "eventType": subscription.event.name(),
        "resourceVersion": "1.0",
        "eventDescription": "Any work item of the project",
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "actionDescription": format!("To host {}", subscription.url),
        "createdBy": by,
        "createdDate": date(subscription.at),
        "modifiedBy": by,
        "modifiedDate": date(subscription.at),
        "publisherInputs": inputs,
        "consumerInputs": {
            "url": subscription.url, "basicAuthUsername": subscription.user_name, "basicAuthPassword": "********",
            "resourceDetailsToSend": "all", "messagesToSend": "none", "detailedMessagesToSend": "none",
        },
    })
}
