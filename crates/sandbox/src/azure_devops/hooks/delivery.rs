//! Sending what waits, and what an answer does to its subscription.
//!
//! A transient failure is sent again up to eight times, with waits that double; 410 disables at once; any other failure
//! puts on probation, which a success ends and seven failures more turn into disabled. The longer waits of a
//! subscription on probation are not simulated.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::Value;
use uuid::Uuid;

use super::{Status, Subscription, Waiting};
use crate::Shared;
use crate::state::State;

const TIMEOUT: Duration = Duration::from_secs(10);
const RETRIES: u32 = 8;
const PROBATION_FAILURES: u32 = 8;

/// Sends everything that waits; the answer to the request that raised it does not wait for that.
pub(crate) fn deliver_waiting(inner: &Shared) {
    if inner.read().deliveries.is_empty() {
        return;
    }
    let waiting = std::mem::take(&mut inner.write().deliveries);
    for one in waiting {
        tokio::spawn(deliver(Arc::clone(inner), one));
    }
}

/// Sends every notification of every subscription once more.
pub(crate) async fn deliver_again(inner: &Shared) {
    let all: Vec<_> = inner.read().organizations.values().flat_map(of).collect();
    for one in all {
        deliver(Arc::clone(inner), one).await;
    }
}

fn of(organization: &super::super::model::Organization) -> Vec<Waiting> {
    let rows = organization.subscriptions.iter().flat_map(|one| {
        let ids = one.notifications.iter();
        ids.map(|notification| Waiting {
            organization: organization.name.clone(),
            subscription: one.id,
            notification: notification.id,
        })
    });
    rows.collect()
}

async fn deliver(inner: Shared, waiting: Waiting) {
    let mut wait = Duration::from_secs(1);
    for _ in 0..=RETRIES {
        let Some(outgoing) = outgoing(&inner.read(), &waiting) else {
            return;
        };
        let answer = send(&outgoing).await;
        let is_transient = matches!(answer, 408 | 502..=504);
        note(&mut inner.write(), &waiting, answer, is_transient);
        if !is_transient {
            return;
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(Duration::from_mins(1));
    }
}

struct Outgoing {
    url: String,
    user_name: String,
    password: String,
    body: Value,
}

fn outgoing(state: &State, waiting: &Waiting) -> Option<Outgoing> {
    let organization = state.organization(&waiting.organization)?;
    let mut subscriptions = organization.subscriptions.iter();
    let subscription = subscriptions.find(|one| one.id == waiting.subscription)?;
    let mut notifications = subscription.notifications.iter();
    let notification = notifications.find(|one| one.id == waiting.notification)?;
    Some(Outgoing {
        url: subscription.url.clone(),
        user_name: subscription.user_name.clone(),
        password: subscription.password.clone(),
        body: notification.body.clone(),
    })
}

/// The status of the answer; 503 where there is none.
async fn send(outgoing: &Outgoing) -> u16 {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    let client = CLIENT.get_or_init(|| {
        let builder = reqwest::Client::builder().no_proxy().timeout(TIMEOUT);
        let builder = builder.tls_backend_rustls();
        let builder = builder.redirect(reqwest::redirect::Policy::none());
        // A client that cannot be made so is made plainly: this is no product.
        builder.build().unwrap_or_default()
    });
    let request = client
        .post(&outgoing.url)
        .basic_auth(&outgoing.user_name, Some(&outgoing.password))
        .json(&outgoing.body);
    let answer = request.send().await;
    answer.map_or(503, |answer| answer.status().as_u16())
}

fn note(state: &mut State, waiting: &Waiting, answer: u16, is_transient: bool) {
    let Some(organization) = state.organization_mut(&waiting.organization) else {
        return;
    };
    let id: Uuid = waiting.subscription;
    let Some(subscription) = organization
        .subscriptions
        .iter_mut()
        .find(|one| one.id == id)
    else {
        return;
    };
    let mut notifications = subscription.notifications.iter_mut();
    if let Some(notification) = notifications.find(|one| one.id == waiting.notification) {
        notification.answer = Some(answer);
        notification.attempts += 1;
        let gave_up = notification.attempts > RETRIES;
        if !is_transient || gave_up {
            judge(subscription, answer);
        }
    }
}

/// What a delivery's outcome does to its subscription.
pub(super) fn judge(subscription: &mut Subscription, answer: u16) {
    match answer {
        200..=299 => {
            subscription.failures = 0;
            subscription.status = Status::Enabled;
        }
        410 => subscription.status = Status::DisabledBySystem,
        _ => {
            subscription.failures += 1;
            subscription.status = if subscription.failures >= PROBATION_FAILURES {
                Status::DisabledBySystem
            } else {
                Status::OnProbation
            };
        }
    }
}
