//! Every route on one page.

use std::sync::Arc;

use aide::axum::ApiRouter;
use aide::openapi::OpenApi;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use super::openapi::{delete, flow_updates, get, page, patch, post, put, redirect};
use super::{cors, health, host, openapi, request_id, same_origin};
use crate::state::App;
use crate::{
    actions, audit, configurations, connect, credentials, demo, integration, metrics, operators,
    overview, pages, projects, proxy, runs, signing_keys, triggers, users, workflows,
};

/// The gateway's routes and middleware.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new()
        .merge(described(project_routes()).layer(from_fn_with_state(Arc::clone(&app), cors::layer)))
        .merge(
            described(dashboard_api())
                .layer(from_fn_with_state(Arc::clone(&app), same_origin::layer)),
        )
        .merge(described(pages_and_popup()))
        .fallback(pages::routes::fallback);
    if app.demo.is_some() {
        router = router
            .merge(described(demo_routes()))
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

/// The OpenAPI document of all routes, those of development included.
pub fn document() -> OpenApi {
    openapi::document(|| {
        project_routes()
            .merge(dashboard_api())
            .merge(pages_and_popup())
            .merge(demo_routes())
    })
}

/// The routes alone.
fn described(routes: ApiRouter<Arc<App>>) -> Router<Arc<App>> {
    routes.into()
}

/// What browsers open, and what the gateway says of itself.
fn pages_and_popup() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route("/connect/start", page(connect::routes::popup::start))
        .api_route("/connect/ticket", post(connect::routes::popup::ticket))
        .api_route(
            "/connect/organizations",
            post(connect::routes::popup::organizations),
        )
        .api_route(
            "/connect/departure",
            post(connect::routes::popup::departure),
        )
        .api_route("/oauth", page(connect::routes::callback::callback))
        .api_route(
            "/hooks/azure-devops/{id}",
            post(triggers::hook_routes::azure_devops),
        )
        .api_route("/ui", page(pages::routes::portal))
        .api_route("/dashboard", page(pages::dashboard::show))
        .api_route("/dashboard/", page(pages::dashboard::show))
        .api_route(
            "/dashboard/oidc",
            redirect(operators::routes::sign_in::callback),
        )
        .api_route("/dashboard/{*path}", page(pages::dashboard::show))
        .api_route("/healthz", get(health::live))
        .api_route("/readyz", get(health::ready))
        .api_route("/openapi.json", get(openapi::serve))
        .api_route("/", page(pages::routes::home))
}

fn demo_routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new().api_route("/demo/token", post(demo::routes::token))
}

/// In development anybody gets tokens of the demo's users: pages of other names must not reach it.
async fn local_names_only(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if host::is_local(&request, &app.public_url) {
        return next.run(request).await;
    }
    host::misdirected()
}

/// Routes of the SDK, open to pages of the project's allowed origins.
fn project_routes() -> ApiRouter<Arc<App>> {
    let credential = get(credentials::routes::get)
        .merge(patch(credentials::routes::patch))
        .merge(delete(credentials::routes::delete));
    let configurations = post(configurations::routes::create)
        .merge(patch(configurations::routes::patch))
        .merge(delete(configurations::routes::delete));
    let session =
        get(connect::routes::session::poll).merge(delete(connect::routes::session::delete));
    ApiRouter::new()
        .api_route(
            "/projects/{project}/sdk/me",
            get(users::sdk_routes::get).merge(patch(users::sdk_routes::patch)),
        )
        .api_route(
            "/projects/{project}/sdk/integrations",
            get(integration::sdk_routes::list),
        )
        .api_route(
            "/projects/{project}/sdk/integrations/{id}",
            delete(integration::sdk_routes::disconnect),
        )
        .api_route(
            "/projects/{project}/sdk/credentials",
            get(credentials::routes::list).merge(post(credentials::routes::create)),
        )
        .api_route("/projects/{project}/sdk/credentials/{id}", credential)
        .api_route(
            "/projects/{project}/sdk/credentials/{id}/complete-setup",
            post(credentials::routes::complete_setup),
        )
        .api_route(
            "/projects/{project}/sdk/credentials/{id}/configurations",
            configurations,
        )
        .api_route(
            "/projects/{project}/sdk/resources/{id}/connect",
            post(credentials::routes::connect_resource),
        )
        .merge(workflow_routes())
        .api_route(
            "/projects/{project}/sdk/flows",
            post(connect::routes::flows::register),
        )
        .api_route(
            "/projects/{project}/sdk/flows/{id}",
            flow_updates(connect::routes::flows::follow)
                .merge(delete(connect::routes::flows::cancel)),
        )
        .api_route(
            "/projects/{project}/sdk/actions/oauth-nonce",
            page(connect::routes::session::nonce),
        )
        .api_route(
            "/v2/projects/{project}/sdk/actions/build-oauth",
            get(connect::routes::session::build),
        )
        .api_route("/projects/{project}/sdk/actions/session-id/{key}", session)
        .merge(proxy_routes())
        // Here and not in the fallback, so that pages of other origins can read the answer.
        .route("/projects/{project}/{*path}", any(pages::routes::unknown))
        .route(
            "/v2/projects/{project}/{*path}",
            any(pages::routes::unknown),
        )
}

/// Requests to the provider, of any method.
fn proxy_routes() -> ApiRouter<Arc<App>> {
    let paths = ["", "/", "/{*path}"];
    paths.into_iter().fold(ApiRouter::new(), |router, rest| {
        let path = format!("/projects/{{project}}/sdk/proxy/{{integration}}{rest}");
        openapi::any_method(router, &path, any(proxy::routes::forward))
    })
}

/// What the dashboard's pages call; nobody else may change anything here.
fn dashboard_api() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .merge(operator_sessions())
        .api_route("/dashboard/api/projects", get(projects::routes::list))
        .api_route("/dashboard/api/audit", get(audit::routes::list))
        .api_route(
            "/dashboard/api/operators",
            get(operators::routes::operators::list).merge(post(operators::routes::operators::add)),
        )
        .api_route(
            "/dashboard/api/operators/{id}",
            patch(operators::routes::operators::patch)
                .merge(delete(operators::routes::operators::delete)),
        )
        .api_route(
            "/dashboard/api/password",
            post(operators::routes::operators::change_password),
        )
        .api_route(
            "/dashboard/api/permissions",
            get(integration::dashboard_routes::permissions),
        )
        .api_route(
            "/dashboard/api/projects/{project}/overview",
            get(overview::routes::show),
        )
        .api_route(
            "/dashboard/api/projects/{project}/users",
            get(users::dashboard_routes::list),
        )
        .api_route(
            "/dashboard/api/projects/{project}/accounts/{id}",
            delete(users::dashboard_routes::disconnect),
        )
        .api_route(
            "/dashboard/api/projects/{project}/runs",
            get(runs::dashboard_routes::list),
        )
        .api_route(
            "/dashboard/api/projects/{project}/runs/{id}",
            get(runs::dashboard_routes::show).merge(delete(runs::dashboard_routes::cancel)),
        )
        .api_route(
            "/dashboard/api/projects/{project}/runs/{id}/replay",
            post(runs::dashboard_routes::replay),
        )
        .api_route(
            "/dashboard/api/projects/{project}/integration",
            get(integration::dashboard_routes::get).merge(put(integration::dashboard_routes::put)),
        )
        .api_route(
            "/dashboard/api/projects/{project}/integration/secrets",
            post(integration::dashboard_routes::add_secret),
        )
        .api_route(
            "/dashboard/api/projects/{project}/integration/secrets/{id}",
            delete(integration::dashboard_routes::remove_secret),
        )
        .api_route(
            "/dashboard/api/projects/{project}/integration/test",
            post(integration::dashboard_routes::test),
        )
        .api_route(
            "/dashboard/api/projects/{project}/signing-keys",
            get(signing_keys::routes::list).merge(post(signing_keys::routes::add)),
        )
        .api_route(
            "/dashboard/api/projects/{project}/signing-keys/{id}",
            delete(signing_keys::routes::remove),
        )
        .api_route(
            "/dashboard/api/projects/{project}/signing-keys/try",
            post(signing_keys::routes::try_token),
        )
        .merge(workflow_editor())
        .route("/dashboard/api/{*path}", any(pages::routes::unknown))
}

/// Signing in to the dashboard, and out.
fn operator_sessions() -> ApiRouter<Arc<App>> {
    let session = get(operators::routes::session::get)
        .merge(post(operators::routes::session::create))
        .merge(delete(operators::routes::session::delete));
    ApiRouter::new()
        .api_route("/dashboard/api/session", session)
        .api_route(
            "/dashboard/api/sign-in",
            get(operators::routes::sign_in::ways).merge(post(operators::routes::sign_in::begin)),
        )
}

/// Workflows in the dashboard.
fn workflow_editor() -> ApiRouter<Arc<App>> {
    let workflow = get(workflows::dashboard_routes::show)
        .merge(put(workflows::dashboard_routes::save))
        .merge(delete(workflows::dashboard_routes::remove));
    ApiRouter::new()
        .api_route(
            "/dashboard/api/workflow-catalog",
            get(workflows::dashboard_routes::catalog),
        )
        .api_route(
            "/dashboard/api/projects/{project}/workflows",
            get(workflows::dashboard_routes::list).merge(post(workflows::dashboard_routes::create)),
        )
        .api_route("/dashboard/api/projects/{project}/workflows/{id}", workflow)
        .api_route(
            "/dashboard/api/projects/{project}/workflows/{id}/versions/{version}",
            get(workflows::dashboard_routes::show_version),
        )
        .api_route(
            "/dashboard/api/projects/{project}/workflows/{id}/deployment",
            put(workflows::dashboard_routes::deploy)
                .merge(delete(workflows::dashboard_routes::withdraw)),
        )
        .api_route(
            "/dashboard/api/projects/{project}/accounts/{id}/field-options",
            post(users::dashboard_routes::choices),
        )
        .api_route(
            "/dashboard/api/projects/{project}/workflow-drafts/check",
            post(workflows::dashboard_routes::check),
        )
        .api_route(
            "/dashboard/api/projects/{project}/workflow-drafts/test",
            post(workflows::dashboard_routes::test_step),
        )
}

/// What users set for workflows, what starts them, and what they do.
fn workflow_routes() -> ApiRouter<Arc<App>> {
    ApiRouter::new()
        .api_route(
            "/projects/{project}/sdk/actions",
            post(actions::routes::options),
        )
        .api_route(
            "/projects/{project}/actions",
            get(actions::routes::list).merge(post(actions::routes::run)),
        )
        .api_route(
            "/projects/{project}/sdk/workflows/{id}",
            post(workflows::sdk_routes::enable).merge(delete(workflows::sdk_routes::disable)),
        )
        .api_route(
            "/projects/{project}/sdk/triggers/{workflow}",
            post(triggers::routes::request),
        )
        .api_route("/projects/{project}/runs", get(runs::sdk_routes::list))
        .api_route(
            "/projects/{project}/runs/{id}",
            get(runs::sdk_routes::show).merge(delete(runs::sdk_routes::cancel)),
        )
        .api_route(
            "/projects/{project}/runs/{id}/replay",
            post(runs::sdk_routes::replay),
        )
        .api_route(
            "/v2/projects/{project}/sdk/events/trigger",
            post(triggers::routes::event),
        )
        .api_route("/projects/{project}/triggers", get(triggers::routes::list))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What answers `route_not_found` itself is no route.
    const NONE: [&str; 4] = [
        "/{*__private__axum_fallback}",
        "/projects/{project}/{*path}",
        "/v2/projects/{project}/{*path}",
        "/dashboard/api/{*path}",
    ];

    #[test]
    fn every_route_is_in_the_document_and_the_other_way_round() {
        let document = document();
        let documented = document.paths.into_iter().flat_map(|paths| paths.paths);
        let documented: BTreeSet<_> = documented.map(|(path, _)| path).collect();
        let routes: Router<Arc<App>> = project_routes()
            .merge(dashboard_api())
            .merge(pages_and_popup())
            .merge(demo_routes())
            .into();
        // The only way to a router's paths.
        let text = format!("{routes:?}");
        let in_router: BTreeSet<_> = text
            .split('"')
            .filter(|part| part.starts_with('/') && !NONE.contains(part))
            .map(str::to_owned)
            .collect();
        assert!(in_router.len() > 50, "{text}");
        assert_eq!(in_router, documented);
    }
}
