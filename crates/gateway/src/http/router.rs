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

use super::{cors, health, host, request_id, same_origin};
use crate::state::App;
use crate::{
    actions, audit, configurations, connect, credentials, demo, integration, metrics, operators,
    overview, pages, projects, proxy, runs, signing_keys, triggers, users, workflows,
};

/// The gateway's routes and middleware.
pub fn router(app: Arc<App>) -> Router {
    let has_demo = app.demo.is_some();
    let mut router = Router::new()
        .merge(project_routes().layer(from_fn_with_state(Arc::clone(&app), cors::layer)))
        .merge(dashboard_api().layer(from_fn_with_state(Arc::clone(&app), same_origin::layer)))
        .route("/connect/start", get(connect::routes::popup::start))
        .route("/connect/ticket", post(connect::routes::popup::ticket))
        .route(
            "/connect/organizations",
            post(connect::routes::popup::organizations),
        )
        .route(
            "/connect/departure",
            post(connect::routes::popup::departure),
        )
        .route("/oauth", get(connect::routes::callback::callback))
        .route(
            "/hooks/azure-devops/{id}",
            post(triggers::hook_routes::azure_devops),
        )
        .route("/ui", get(pages::routes::portal))
        .route("/dashboard", get(pages::dashboard::show))
        .route("/dashboard/", get(pages::dashboard::show))
        .route("/dashboard/oidc", get(operators::routes::sign_in::callback))
        .route("/dashboard/{*path}", get(pages::dashboard::show))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/", get(pages::routes::home))
        .fallback(pages::routes::fallback);
    if has_demo {
        router = router
            .route("/demo/token", post(demo::routes::token))
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
    let credential = get(credentials::routes::get)
        .patch(credentials::routes::patch)
        .delete(credentials::routes::delete);
    let configurations = post(configurations::routes::create)
        .patch(configurations::routes::patch)
        .delete(configurations::routes::delete);
    let session = get(connect::routes::session::poll).delete(connect::routes::session::delete);
    Router::new()
        .route(
            "/projects/{project}/sdk/me",
            get(users::sdk_routes::get).patch(users::sdk_routes::patch),
        )
        .route(
            "/projects/{project}/sdk/integrations",
            get(integration::sdk_routes::list),
        )
        .route(
            "/projects/{project}/sdk/integrations/{id}",
            delete(integration::sdk_routes::disconnect),
        )
        .route(
            "/projects/{project}/sdk/credentials",
            get(credentials::routes::list).post(credentials::routes::create),
        )
        .route("/projects/{project}/sdk/credentials/{id}", credential)
        .route(
            "/projects/{project}/sdk/credentials/{id}/complete-setup",
            post(credentials::routes::complete_setup),
        )
        .route(
            "/projects/{project}/sdk/credentials/{id}/configurations",
            configurations,
        )
        .route(
            "/projects/{project}/sdk/resources/{id}/connect",
            post(credentials::routes::connect_resource),
        )
        .merge(workflow_routes())
        .route(
            "/projects/{project}/sdk/flows",
            post(connect::routes::flows::register),
        )
        .route(
            "/projects/{project}/sdk/flows/{id}",
            get(connect::routes::flows::follow).delete(connect::routes::flows::cancel),
        )
        .route(
            "/projects/{project}/sdk/actions/oauth-nonce",
            get(connect::routes::session::nonce),
        )
        .route(
            "/v2/projects/{project}/sdk/actions/build-oauth",
            get(connect::routes::session::build),
        )
        .route("/projects/{project}/sdk/actions/session-id/{key}", session)
        .route(
            "/projects/{project}/sdk/proxy/{integration}",
            any(proxy::routes::forward),
        )
        .route(
            "/projects/{project}/sdk/proxy/{integration}/",
            any(proxy::routes::forward),
        )
        .route(
            "/projects/{project}/sdk/proxy/{integration}/{*path}",
            any(proxy::routes::forward),
        )
        // Here and not in the fallback, so that pages of other origins can read the answer.
        .route("/projects/{project}/{*path}", any(pages::routes::unknown))
        .route(
            "/v2/projects/{project}/{*path}",
            any(pages::routes::unknown),
        )
}

/// What the dashboard's pages call; nobody else may change anything here.
fn dashboard_api() -> Router<Arc<App>> {
    Router::new()
        .merge(operator_sessions())
        .route("/dashboard/api/projects", get(projects::routes::list))
        .route("/dashboard/api/audit", get(audit::routes::list))
        .route(
            "/dashboard/api/operators",
            get(operators::routes::operators::list).post(operators::routes::operators::add),
        )
        .route(
            "/dashboard/api/operators/{id}",
            patch(operators::routes::operators::patch).delete(operators::routes::operators::delete),
        )
        .route(
            "/dashboard/api/password",
            post(operators::routes::operators::change_password),
        )
        .route(
            "/dashboard/api/permissions",
            get(integration::dashboard_routes::permissions),
        )
        .route(
            "/dashboard/api/projects/{project}/overview",
            get(overview::routes::show),
        )
        .route(
            "/dashboard/api/projects/{project}/users",
            get(users::dashboard_routes::list),
        )
        .route(
            "/dashboard/api/projects/{project}/accounts/{id}",
            delete(users::dashboard_routes::disconnect),
        )
        .route(
            "/dashboard/api/projects/{project}/runs",
            get(runs::dashboard_routes::list),
        )
        .route(
            "/dashboard/api/projects/{project}/runs/{id}",
            get(runs::dashboard_routes::show).delete(runs::dashboard_routes::cancel),
        )
        .route(
            "/dashboard/api/projects/{project}/runs/{id}/replay",
            post(runs::dashboard_routes::replay),
        )
        .route(
            "/dashboard/api/projects/{project}/integration",
            get(integration::dashboard_routes::get).put(integration::dashboard_routes::put),
        )
        .route(
            "/dashboard/api/projects/{project}/integration/secrets",
            post(integration::dashboard_routes::add_secret),
        )
        .route(
            "/dashboard/api/projects/{project}/integration/secrets/{id}",
            delete(integration::dashboard_routes::remove_secret),
        )
        .route(
            "/dashboard/api/projects/{project}/integration/test",
            post(integration::dashboard_routes::test),
        )
        .route(
            "/dashboard/api/projects/{project}/signing-keys",
            get(signing_keys::routes::list).post(signing_keys::routes::add),
        )
        .route(
            "/dashboard/api/projects/{project}/signing-keys/{id}",
            delete(signing_keys::routes::remove),
        )
        .route(
            "/dashboard/api/projects/{project}/signing-keys/try",
            post(signing_keys::routes::try_token),
        )
        .merge(workflow_editor())
        .route("/dashboard/api/{*path}", any(pages::routes::unknown))
}

/// Signing in to the dashboard, and out.
fn operator_sessions() -> Router<Arc<App>> {
    let session = get(operators::routes::session::get)
        .post(operators::routes::session::create)
        .delete(operators::routes::session::delete);
    Router::new()
        .route("/dashboard/api/session", session)
        .route(
            "/dashboard/api/sign-in",
            get(operators::routes::sign_in::ways).post(operators::routes::sign_in::begin),
        )
}

/// Workflows in the dashboard.
fn workflow_editor() -> Router<Arc<App>> {
    let workflow = get(workflows::dashboard_routes::show)
        .put(workflows::dashboard_routes::save)
        .delete(workflows::dashboard_routes::remove);
    Router::new()
        .route(
            "/dashboard/api/workflow-catalog",
            get(workflows::dashboard_routes::catalog),
        )
        .route(
            "/dashboard/api/projects/{project}/workflows",
            get(workflows::dashboard_routes::list).post(workflows::dashboard_routes::create),
        )
        .route("/dashboard/api/projects/{project}/workflows/{id}", workflow)
        .route(
            "/dashboard/api/projects/{project}/workflows/{id}/versions/{version}",
            get(workflows::dashboard_routes::show_version),
        )
        .route(
            "/dashboard/api/projects/{project}/workflows/{id}/deployment",
            put(workflows::dashboard_routes::deploy).delete(workflows::dashboard_routes::withdraw),
        )
        .route(
            "/dashboard/api/projects/{project}/accounts/{id}/field-options",
            post(users::dashboard_routes::choices),
        )
        .route(
            "/dashboard/api/projects/{project}/workflow-drafts/check",
            post(workflows::dashboard_routes::check),
        )
        .route(
            "/dashboard/api/projects/{project}/workflow-drafts/test",
            post(workflows::dashboard_routes::test_step),
        )
}

/// What users set for workflows, what starts them, and what they do.
fn workflow_routes() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/projects/{project}/sdk/actions",
            post(actions::routes::options),
        )
        .route(
            "/projects/{project}/actions",
            get(actions::routes::list).post(actions::routes::run),
        )
        .route(
            "/projects/{project}/sdk/workflows/{id}",
            post(workflows::sdk_routes::enable).delete(workflows::sdk_routes::disable),
        )
        .route(
            "/projects/{project}/sdk/triggers/{workflow}",
            post(triggers::routes::request),
        )
        .route("/projects/{project}/runs", get(runs::sdk_routes::list))
        .route(
            "/projects/{project}/runs/{id}",
            get(runs::sdk_routes::show).delete(runs::sdk_routes::cancel),
        )
        .route(
            "/projects/{project}/runs/{id}/replay",
            post(runs::sdk_routes::replay),
        )
        .route(
            "/v2/projects/{project}/sdk/events/trigger",
            post(triggers::routes::event),
        )
        .route("/projects/{project}/triggers", get(triggers::routes::list))
}
