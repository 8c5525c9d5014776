//! Every route on one page.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{any, delete, get, patch, post, put};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::app::App;
use crate::http::{cors, host, request_id, same_origin};
use crate::{metrics, routes};

/// The gateway's routes and middleware.
pub fn router(app: Arc<App>) -> Router {
    let has_demo = app.demo.is_some();
    let mut router = Router::new()
        .merge(project_routes().layer(from_fn_with_state(Arc::clone(&app), cors::layer)))
        .merge(dashboard_api().layer(from_fn_with_state(Arc::clone(&app), same_origin::layer)))
        .route("/connect/start", get(routes::connect::start))
        .route("/connect/ticket", post(routes::connect::ticket))
        .route(
            "/connect/organizations",
            post(routes::connect::organizations),
        )
        .route("/connect/departure", post(routes::connect::departure))
        .route("/oauth", get(routes::oauth::callback))
        .route(
            "/hooks/azure-devops/{id}",
            post(routes::hooks::azure_devops),
        )
        .route("/ui", get(routes::pages::portal))
        .route("/dashboard", get(routes::dashboard::show))
        .route("/dashboard/", get(routes::dashboard::show))
        .route("/dashboard/oidc", get(routes::dashboard::sign_in::callback))
        .route("/dashboard/{*path}", get(routes::dashboard::show))
        .route("/healthz", get(routes::health::live))
        .route("/readyz", get(routes::health::ready))
        .route("/", get(routes::pages::home))
        .fallback(routes::pages::fallback);
    if has_demo {
        router = router
            .route("/demo/token", post(routes::demo::token))
            .layer(from_fn_with_state(Arc::clone(&app), local_names_only));
    }
    // Nearly every answer is about a user, and none but the pages' files is worth keeping: those say so themselves.
    let no_store = HeaderValue::from_static("no-store");
    router
        .layer(from_fn(host::layer))
        .layer(CatchPanicLayer::custom(request_id::panicked))
        .layer(SetResponseHeaderLayer::if_not_present(
            CACHE_CONTROL,
            no_store,
        ))
        .layer(from_fn(request_id::layer))
        .layer(from_fn(metrics::layer))
        .with_state(app)
}

/// In development anybody gets tokens of the demo's users: pages of other names must not reach it.
async fn local_names_only(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if host::is_local(&request, &app.public_url) {
        return next.run(request).await;
    }
    host::misdirected()
}

/// Routes of the SDK, open to pages of the project's allowed origins.
fn project_routes() -> Router<Arc<App>> {
    let credential = get(routes::credentials::get)
        .patch(routes::credentials::patch)
        .delete(routes::credentials::delete);
    let configurations = post(routes::configurations::create)
        .patch(routes::configurations::patch)
        .delete(routes::configurations::delete);
    let session = get(routes::session::poll).delete(routes::session::delete);
    Router::new()
        .route(
            "/projects/{project}/sdk/me",
            get(routes::me::get).patch(routes::me::patch),
        )
        .route(
            "/projects/{project}/sdk/integrations",
            get(routes::integrations::list),
        )
        .route(
            "/projects/{project}/sdk/integrations/{id}",
            delete(routes::integrations::disconnect),
        )
        .route(
            "/projects/{project}/sdk/credentials",
            get(routes::credentials::list).post(routes::credentials::create),
        )
        .route("/projects/{project}/sdk/credentials/{id}", credential)
        .route(
            "/projects/{project}/sdk/credentials/{id}/complete-setup",
            post(routes::credentials::complete_setup),
        )
        .route(
            "/projects/{project}/sdk/credentials/{id}/configurations",
            configurations,
        )
        .route(
            "/projects/{project}/sdk/resources/{id}/connect",
            post(routes::resources::connect),
        )
        .merge(workflow_routes())
        .route(
            "/projects/{project}/sdk/flows",
            post(routes::flows::register),
        )
        .route(
            "/projects/{project}/sdk/flows/{id}",
            get(routes::flows::follow).delete(routes::flows::cancel),
        )
        .route(
            "/projects/{project}/sdk/actions/oauth-nonce",
            get(routes::session::nonce),
        )
        .route(
            "/v2/projects/{project}/sdk/actions/build-oauth",
            get(routes::session::build),
        )
        .route("/projects/{project}/sdk/actions/session-id/{key}", session)
        .route(
            "/projects/{project}/sdk/proxy/{integration}",
            any(routes::proxy::forward),
        )
        .route(
            "/projects/{project}/sdk/proxy/{integration}/",
            any(routes::proxy::forward),
        )
        .route(
            "/projects/{project}/sdk/proxy/{integration}/{*path}",
            any(routes::proxy::forward),
        )
        // Here and not in the fallback, so that pages of other origins can read the answer.
        .route("/projects/{project}/{*path}", any(routes::pages::unknown))
        .route(
            "/v2/projects/{project}/{*path}",
            any(routes::pages::unknown),
        )
}

/// What the dashboard's pages call; nobody else may change anything here.
fn dashboard_api() -> Router<Arc<App>> {
    Router::new()
        .merge(operator_sessions())
        .route(
            "/dashboard/api/projects",
            get(routes::dashboard::projects::list),
        )
        .route("/dashboard/api/audit", get(routes::dashboard::audit::list))
        .route(
            "/dashboard/api/operators",
            get(routes::dashboard::operators::list).post(routes::dashboard::operators::add),
        )
        .route(
            "/dashboard/api/operators/{id}",
            patch(routes::dashboard::operators::patch).delete(routes::dashboard::operators::delete),
        )
        .route(
            "/dashboard/api/password",
            post(routes::dashboard::operators::change_password),
        )
        .route(
            "/dashboard/api/permissions",
            get(routes::dashboard::integration::permissions),
        )
        .route(
            "/dashboard/api/projects/{project}/overview",
            get(routes::dashboard::overview::show),
        )
        .route(
            "/dashboard/api/projects/{project}/users",
            get(routes::dashboard::users::list),
        )
        .route(
            "/dashboard/api/projects/{project}/accounts/{id}",
            delete(routes::dashboard::users::disconnect),
        )
        .route(
            "/dashboard/api/projects/{project}/runs",
            get(routes::dashboard::runs::list),
        )
        .route(
            "/dashboard/api/projects/{project}/runs/{id}",
            get(routes::dashboard::runs::show).delete(routes::dashboard::runs::cancel),
        )
        .route(
            "/dashboard/api/projects/{project}/runs/{id}/replay",
            post(routes::dashboard::runs::replay),
        )
        .route(
            "/dashboard/api/projects/{project}/integration",
            get(routes::dashboard::integration::get).put(routes::dashboard::integration::put),
        )
        .route(
            "/dashboard/api/projects/{project}/integration/secrets",
            post(routes::dashboard::integration::add_secret),
        )
        .route(
            "/dashboard/api/projects/{project}/integration/secrets/{id}",
            delete(routes::dashboard::integration::remove_secret),
        )
        .route(
            "/dashboard/api/projects/{project}/integration/test",
            post(routes::dashboard::integration::test),
        )
        .route(
            "/dashboard/api/projects/{project}/signing-keys",
            get(routes::dashboard::signing_keys::list).post(routes::dashboard::signing_keys::add),
        )
        .route(
            "/dashboard/api/projects/{project}/signing-keys/{id}",
            delete(routes::dashboard::signing_keys::remove),
        )
        .route(
            "/dashboard/api/projects/{project}/signing-keys/try",
            post(routes::dashboard::signing_keys::try_token),
        )
        .merge(workflow_editor())
        .route("/dashboard/api/{*path}", any(routes::pages::unknown))
}

/// Signing in to the dashboard, and out.
fn operator_sessions() -> Router<Arc<App>> {
    let session = get(routes::dashboard::session::get)
        .post(routes::dashboard::session::create)
        .delete(routes::dashboard::session::delete);
    Router::new()
        .route("/dashboard/api/session", session)
        .route(
            "/dashboard/api/sign-in",
            get(routes::dashboard::sign_in::ways).post(routes::dashboard::sign_in::begin),
        )
}

/// Workflows in the dashboard.
fn workflow_editor() -> Router<Arc<App>> {
    let workflow = get(routes::dashboard::workflows::show)
        .put(routes::dashboard::workflows::save)
        .delete(routes::dashboard::workflows::remove);
    Router::new()
        .route(
            "/dashboard/api/workflow-catalogue",
            get(routes::dashboard::workflows::catalogue),
        )
        .route(
            "/dashboard/api/projects/{project}/workflows",
            get(routes::dashboard::workflows::list).post(routes::dashboard::workflows::create),
        )
        .route("/dashboard/api/projects/{project}/workflows/{id}", workflow)
        .route(
            "/dashboard/api/projects/{project}/workflows/{id}/versions/{version}",
            get(routes::dashboard::workflows::show_version),
        )
        .route(
            "/dashboard/api/projects/{project}/workflows/{id}/deployment",
            put(routes::dashboard::workflows::deploy)
                .delete(routes::dashboard::workflows::withdraw),
        )
        .route(
            "/dashboard/api/projects/{project}/accounts/{id}/field-options",
            post(routes::dashboard::users::choices),
        )
        .route(
            "/dashboard/api/projects/{project}/workflow-drafts/check",
            post(routes::dashboard::workflows::check),
        )
        .route(
            "/dashboard/api/projects/{project}/workflow-drafts/test",
            post(routes::dashboard::workflows::test_step),
        )
}

/// What users set for workflows, what starts them, and what they do.
fn workflow_routes() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/projects/{project}/sdk/actions",
            post(routes::actions::options),
        )
        .route(
            "/projects/{project}/actions",
            get(routes::actions::list).post(routes::actions::run),
        )
        .route(
            "/projects/{project}/sdk/workflows/{id}",
            post(routes::workflows::enable).delete(routes::workflows::disable),
        )
        .route(
            "/projects/{project}/sdk/triggers/{workflow}",
            post(routes::triggers::request),
        )
        .route("/projects/{project}/runs", get(routes::runs::list))
        .route(
            "/projects/{project}/runs/{id}",
            get(routes::runs::show).delete(routes::runs::cancel),
        )
        .route(
            "/projects/{project}/runs/{id}/replay",
            post(routes::runs::replay),
        )
        .route(
            "/v2/projects/{project}/sdk/events/trigger",
            post(routes::triggers::event),
        )
        .route("/projects/{project}/triggers", get(routes::triggers::list))
}
