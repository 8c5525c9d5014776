//! `/projects/{p}/sdk/proxy/{integration}/{path}`: the provider's API.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use super::path_behind;
use crate::azure_devops::provider::ProviderAccess;
use crate::error::{ApiError, ApiResult};
use crate::identity::caller::{Caller, Selection};
use crate::state::App;
use crate::{credentials, integration, metrics, proxy};

/// The decoded parts of the path that are looked at; the rest goes on byte for byte.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ProxyPath {
    integration: String,
}

/// Forwards a request to the organization of the user's credential, and counts it by the answer and the time until that
/// began.
pub async fn forward(
    State(app): State<Arc<App>>,
    caller: Caller,
    selection: Selection,
    Path(params): Path<ProxyPath>,
    request: Request,
) -> ApiResult<Response> {
    let began = Instant::now();
    let integration = params.integration.as_str();
    let answer = send(&app, &caller, &selection, integration, request).await;
    let status = answer
        .as_ref()
        .map_or_else(ApiError::status, Response::status);
    let took = began.elapsed();
    app.proxy_calls
        .record(&caller.project.id, app.clock.now(), status, took);
    metrics::proxy_call(status, took);
    answer
}

async fn send(
    app: &Arc<App>,
    caller: &Caller,
    selection: &Selection,
    integration: &str,
    request: Request,
) -> ApiResult<Response> {
    integration::service::check_name(integration)?;
    let selector = selection.credential.as_deref();
    let credential = credentials::service::select(app, caller, integration, selector).await?;
    let access = ProviderAccess::new(app, caller, credential)?;
    // Behind `projects`, the project, `sdk`, `proxy` and the integration.
    let path = path_behind(request.uri(), 5).to_owned();
    proxy::forward(&access.context(), &path, request)
        .await
        .map_err(ApiError::from)
}
