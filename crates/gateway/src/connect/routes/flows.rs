//! `/projects/{p}/sdk/flows`: the SDK registers, follows and cancels connect flows.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream};
use http::header::{ACCEPT, CACHE_CONTROL, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue};
use paragon_wire::ErrorCode;
use paragon_wire::flow::{FlowUpdate, StartFlow};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::connect;
use crate::error::{ApiError, ApiResult};
use crate::http::answers::Created;
use crate::http::json::JsonBody;
use crate::http::project::Named;
use crate::http::query::QueryOf;
use crate::identity::caller::Caller;
use crate::state::App;

const LONGEST_POLL: Duration = Duration::from_secs(25);
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// `POST`: registers a flow.
pub async fn register(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    JsonBody(body): JsonBody<StartFlow>,
) -> ApiResult<Created<FlowUpdate>> {
    let update = connect::register(&app, &caller, page_origin(&headers)?, &body).await?;
    Ok(Created(update))
}

/// Origin of the app's page; the CORS layer has let it through.
pub fn page_origin(headers: &HeaderMap) -> ApiResult<&str> {
    headers
        .get(ORIGIN)
        .and_then(|origin| origin.to_str().ok())
        .ok_or_else(|| {
            ApiError::new(
                ErrorCode::OriginNotAllowed,
                "accounts are connected from a web page: the `Origin` header is missing",
            )
        })
}

/// Query of the long poll.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Poll {
    #[serde(default)]
    after: u32,
    #[serde(default)]
    wait: u64,
}

/// `GET …/{id}`: an event stream or a long poll, as `Accept` says.
pub async fn follow(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
    QueryOf(poll): QueryOf<Poll>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    // A flow of somebody else is refused before a stream begins.
    connect::own_flow(&app, &caller, &id).await?;
    let streams = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"));
    if !streams {
        let wait = Duration::from_secs(poll.wait).min(LONGEST_POLL);
        let update = connect::wait_for_change(&app, &caller, &id, poll.after, wait).await?;
        return Ok((no_store(), Json(update)).into_response());
    }
    let seen = headers
        .get(LAST_EVENT_ID)
        .and_then(|id| id.to_str().ok())
        .and_then(|id| id.parse().ok());
    let events = events(app, caller, id, seen.unwrap_or(poll.after));
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Proxies such as nginx buffer answers unless told not to.
    let headers = [(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    )];
    Ok((no_store(), headers, stream).into_response())
}

/// `DELETE …/{id}`: cancels.
pub async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(Named { id }): Path<Named>,
) -> ApiResult<Json<FlowUpdate>> {
    connect::cancel(&app, &caller, &id).await.map(Json)
}

fn no_store() -> [(HeaderName, HeaderValue); 1] {
    [(CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}

/// The present state and every change; ends after a final state or when the flow cannot be read.
fn events(
    app: Arc<App>,
    caller: Caller,
    id: String,
    seen: u32,
) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(Some((app, caller, id, seen)), |state| async move {
        let (app, caller, id, mut seen) = state?;
        loop {
            let update = connect::wait_for_change(&app, &caller, &id, seen, LONGEST_POLL).await;
            let update = update
                .inspect_err(|error| tracing::error!(detail = %error, "a flow cannot be followed"))
                .ok()?;
            let is_final = update.status.is_final();
            if update.version <= seen && !is_final {
                continue;
            }
            seen = update.version;
            let event = Event::default()
                .id(seen.to_string())
                .event("flow")
                .json_data(&update)
                .ok()?;
            return Some((Ok(event), (!is_final).then_some((app, caller, id, seen))));
        }
    })
}
