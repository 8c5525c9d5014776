//! What the provider delivers to a subscription's address: known by its password, written down, then answered.

use paragon_workflow::WorkItemEvent;
use serde_json::Value;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::inbox;
use super::store::hooks::HookRow;
use super::store::inbox::{Arrival, ArrivalKind};
use crate::error::{ApiError, ApiResult};
use crate::random;
use crate::state::App;
use paragon_azure_devops::service_hooks::{event_type, read_notification};

/// Whether a delivery is let in.
#[derive(Debug)]
pub enum Admission {
    /// It knows the password.
    Granted(Box<HookRow>),
    /// It knows the password of a subscription that was removed.
    Gone,
    /// It does not; whether there is such an address is not told.
    Refused,
}

/// Lets in who knows the password of subscription `id`.
pub async fn admit(app: &App, id: &str, password: Option<&str>) -> ApiResult<Admission> {
    let hook = app.store.hook(id).await?;
    let known = hook.as_ref().and_then(|hook| hook.secret_hash.as_deref());
    let given = random::hash(password.unwrap_or_default());
    // Compared also where there is nothing to compare with: the answer takes the same time.
    let is_same = bool::from(known.unwrap_or_default().as_bytes().ct_eq(given.as_bytes()));
    Ok(match hook {
        Some(hook) if is_same && password.is_some() => {
            if hook.is_wanted {
                Admission::Granted(Box::new(hook))
            } else {
                Admission::Gone
            }
        }
        _ => Admission::Refused,
    })
}

/// Takes in what was delivered. One that came before, or only tries the address out, starts nothing.
///
/// # Errors
/// `InvalidRequest` for what is no event of this subscription; `StorageUnavailable`: it is delivered again.
pub async fn take(app: &App, hook: &HookRow, body: &Value) -> ApiResult<()> {
    let notification = read_notification(body)
        .ok_or_else(|| ApiError::invalid("the body is not an event of Azure DevOps"))?;
    let kind = kind(hook)?;
    if hook.filter["eventType"] != notification.event_type {
        return Err(ApiError::invalid(
            "this is not the event that was subscribed to",
        ));
    }
    let own = hook.subscription.as_deref();
    let is_own = notification
        .subscription
        .is_some_and(|id| own.is_none_or(|own| own == id));
    if !is_own {
        tracing::info!(
            workflow.id = hook.workflow,
            "a delivery that tries the address out"
        );
        return Ok(());
    }
    let once_key = format!("hook/{}/{}", hook.id, notification.id);
    let arrival = Arrival {
        id: Uuid::now_v7(),
        project: &hook.project,
        user: &hook.user,
        target: Some((hook.credential, hook.configuration)),
        kind,
        name: &hook.workflow,
        payload: &serde_json::to_string(body)?,
        query: None,
        once_key: Some(&once_key),
        now: app.clock.now(),
    };
    // Written down it is started in any case: later, if not now.
    if inbox::write(app, &arrival).await?
        && let Err(error) = inbox::start(app, &arrival).await
    {
        tracing::warn!(arrival.id = %arrival.id, error = error.in_full(), "it starts its workflow later");
    }
    Ok(())
}

fn kind(hook: &HookRow) -> ApiResult<ArrivalKind> {
    let of = [
        (WorkItemEvent::Created, ArrivalKind::WorkItemCreated),
        (WorkItemEvent::Updated, ArrivalKind::WorkItemUpdated),
        (WorkItemEvent::Deleted, ArrivalKind::WorkItemDeleted),
    ];
    of.into_iter()
        .find(|(event, _)| hook.filter["eventType"] == event_type(*event))
        .map(|(_, kind)| kind)
        .ok_or_else(|| ApiError::internal("a subscription to an unknown event"))
}
