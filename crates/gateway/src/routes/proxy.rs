//! `/projects/{p}/sdk/proxy/{integration}/{path}`: the provider's API.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use paragon_wire::integration::AZURE_DEVOPS;
use paragon_wire::{ErrorCode, header};
use serde::Deserialize;

use crate::app::App;
use crate::azure_devops::Organization;
use crate::caller::Caller;
use crate::error::{ApiError, ApiResult};
use crate::proxy::{self, ProxyContext, ProxyError, path_behind};
use crate::service::authorizer::CredentialAuthorizer;
use crate::service::credentials;

/// The decoded parts of the path that are looked at; the rest goes on byte for byte.
#[derive(Debug, Deserialize)]
pub struct ProxyPath {
    integration: String,
}

/// Forwards a request to the organisation of the user's credential.
pub async fn forward(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(params): Path<ProxyPath>,
    request: Request,
) -> ApiResult<Response> {
    let integration = params.integration.as_str();
    if integration != AZURE_DEVOPS {
        let message = format!(
            "there is no integration `{}`; this project has `{AZURE_DEVOPS}`",
            integration.escape_debug()
        );
        return Err(ApiError::new(ErrorCode::IntegrationNotFound, message));
    }
    let selector = request
        .headers()
        .get(header::CREDENTIAL)
        .and_then(|value| value.to_str().ok());
    let credential = credentials::select(&app, &caller, integration, selector).await?;
    let organization =
        Organization::new(credential.organization.as_str()).map_err(ApiError::internal)?;
    let prefix = format!("/projects/{}/sdk/proxy/{integration}", caller.project.id);
    let public_base = app.public_url.join(&prefix).map_err(ApiError::internal)?;
    // Behind `projects`, the project, `sdk`, `proxy` and the integration.
    let path = path_behind(request.uri(), 5).to_owned();
    let authorizer = CredentialAuthorizer {
        app: Arc::clone(&app),
        project: Arc::clone(&caller.project),
        credential,
    };
    let context = ProxyContext {
        hosts: &app.hosts,
        organization: &organization,
        public_base: &public_base,
        client: &app.upstream,
        authorizer: &authorizer,
        limits: &app.proxy_limits,
    };
    proxy::forward(&context, &path, request)
        .await
        .map_err(|error| answer(&error))
}

fn answer(error: &ProxyError) -> ApiError {
    let retry_after = error.retry_after();
    ApiError::new(error.code(), error.to_string()).with_retry_after(retry_after)
}
