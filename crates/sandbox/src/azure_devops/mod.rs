//! Azure DevOps Services: organizations, projects, work items.

mod accounts;
mod auth;
mod call;
mod discovery;
mod dispatch;
mod errors;
mod faces;
pub(crate) mod fields;
pub(crate) mod hooks;
mod identity;
mod location_table;
mod model;
pub(crate) mod process;
mod projects;
mod query;
mod reply;
mod routes;
mod scopes;
#[cfg(test)]
mod tests;
mod version;
pub(crate) mod wiql;
pub(crate) mod work_items;

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::routing::any;

use super::Shared;
use work_items::attachments::MAX_UPLOAD;

pub(crate) use model::{Node, Organization, Pat, Project, Team};

/// Host of organizations' data.
pub(crate) const DEV: &str = "dev.azure.com";
/// Host of profiles and accounts.
pub(crate) const APP: &str = "app.vssps.visualstudio.com";
/// Host of identities.
pub(crate) const VSSPS: &str = "vssps.dev.azure.com";

/// Routes of the simulated Azure DevOps; paths below a host are matched in [`routes`](mod@routes), since case does not count.
pub(crate) fn routes() -> Router<Shared> {
    let mut router = Router::new();
    for host in [DEV, APP, VSSPS] {
        router = router
            .route(&format!("/{host}"), any(serve))
            .route(&format!("/{host}/{{*path}}"), any(serve));
    }
    // More than the largest file, whose size is told in the service's own way.
    router.layer(DefaultBodyLimit::max(MAX_UPLOAD + (1 << 20)))
}

async fn serve(
    State(inner): State<Shared>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let response = dispatch::serve(
        &inner,
        &dispatch::Incoming {
            method,
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            headers: &headers,
            body: &body,
        },
    );
    hooks::deliver_waiting(&inner);
    if response.headers().contains_key(dispatch::HELD) {
        Held::new(&inner).release().await;
        return faces::lost().into_http("7.1");
    }
    response
}

/// An answer that is held back until it is let go, or the caller goes away.
struct Held(Shared);

/// How often is looked whether it is let go.
const LOOK: Duration = Duration::from_millis(20);

impl Held {
    fn new(inner: &Shared) -> Self {
        inner.write().knobs.held_answers += 1;
        Self(Shared::clone(inner))
    }

    async fn release(self) {
        let releases = || self.0.read().knobs.releases;
        let before = releases();
        while releases() == before {
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let knobs = &mut self.0.write().knobs;
        knobs.held_answers = knobs.held_answers.saturating_sub(1);
    }
}
