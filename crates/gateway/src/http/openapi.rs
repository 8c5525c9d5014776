//! The OpenAPI document: made from the routes and the types of their handlers, served at `/openapi.json`.
//!
//! A route without a description does not exist: `get`, `post` and the others of this module make both of one handler.

use std::convert::{self, Infallible};
use std::sync::{Arc, LazyLock};

use aide::axum::ApiRouter;
use aide::axum::routing::{self, ApiMethodDocs, ApiMethodRouter};
use aide::generate::in_context;
use aide::openapi::{MediaType, OpenApi, Operation};
use aide::operation::{OperationHandler, OperationInput, OperationOutput};
use aide::transform::TransformOperation;
use axum::Json;
use axum::handler::Handler;
use axum::routing::MethodRouter;
use paragon_wire::ErrorBody;
use paragon_wire::flow::FlowUpdate;
use serde_json::Value;

use super::described::settings;
use super::router;
use super::tidy::tidied;
use crate::error::ApiError;
use crate::identity::caller::{Caller, Selection};
use crate::state::App;

type Routes = ApiMethodRouter<Arc<App>, Infallible>;

/// `name = method, description;`: routes of a method, described by their handlers' types and what is added to them.
macro_rules! routes {
    ($($(#[$doc:meta])* $name:ident = $with:ident, $described:expr;)*) => { $(
        $(#[$doc])*
        pub fn $name<H, I, O, T>(handler: H) -> Routes
        where
            H: Handler<T, Arc<App>> + OperationHandler<I, O>,
            I: OperationInput,
            O: OperationOutput,
            T: 'static,
        {
            routing::$with(handler, |operation| $described(named::<H>(operation)))
        }
    )* };
}

routes! {
    /// `GET`.
    get = get_with, convert::identity;
    /// `POST`.
    post = post_with, convert::identity;
    /// `PUT`.
    put = put_with, convert::identity;
    /// `PATCH`.
    patch = patch_with, convert::identity;
    /// `DELETE`.
    delete = delete_with, convert::identity;
    /// `GET` of a page.
    page = get_with, answered_by_page;
    /// `GET` that leads elsewhere.
    redirect = get_with, answered_by_redirect;
    /// `GET` of a flow: one update, or a stream of them.
    flow_updates = get_with, answered_by_updates;
}

fn answered_by_page(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation.default_response_with::<Json<ErrorBody>, _>(|mut response| {
        let content = &mut response.inner().content;
        content.insert("text/html".into(), MediaType::default());
        response
    })
}

fn answered_by_redirect(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation.response::<303, ()>()
}

fn answered_by_updates(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation.response_with::<200, Json<FlowUpdate>, _>(|mut response| {
        let content = &mut response.inner().content;
        content.insert("text/event-stream".into(), MediaType::default());
        response
    })
}

/// A route of any method, whose answer is the provider's.
pub fn any_method(
    router: ApiRouter<Arc<App>>,
    path: &str,
    handler: MethodRouter<Arc<App>>,
) -> ApiRouter<Arc<App>> {
    let methods = ["get", "post", "put", "patch", "delete"];
    let router = router.route(path, handler);
    methods.into_iter().fold(router, |router, method| {
        let mut operation = Operation::default();
        in_context(|context| {
            Caller::operation_input(context, &mut operation);
            Selection::operation_input(context, &mut operation);
        });
        // The answer is the provider's, whatever it is.
        operation.responses = None;
        router.api_route_docs(path, ApiMethodDocs::new(method, operation))
    })
}

/// An operation is called by its handler's place: `overview.show`.
fn named<H>(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let path = std::any::type_name::<H>();
    let parts = path
        .split("::")
        .skip(1)
        .filter(|part| !matches!(*part, "routes" | "http"));
    let name: Vec<_> = parts.collect();
    operation.id(&name.join("."))
}

/// The document of these routes.
pub fn document(routes: impl FnOnce() -> ApiRouter<Arc<App>>) -> OpenApi {
    in_context(|context| context.schema = settings().for_serialize().into_generator());
    let mut document = OpenApi::default();
    // The routes are wanted for their descriptions alone.
    let _ = routes().finish_api(&mut document);
    document
}

/// The document as it is served and kept in `docs/openapi.json`.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| tidied(&router::document()));

/// `GET /openapi.json`: this API.
pub async fn serve() -> Result<Json<&'static Value>, ApiError> {
    Ok(Json(&DOCUMENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Value {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let text = std::fs::read_to_string(path).expect("the document is kept");
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn the_document_that_is_kept_is_that_of_the_code() {
        assert!(
            kept() == *DOCUMENT,
            "the API has changed: `cargo xtask check --fix` writes docs/openapi.json"
        );
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let text = DOCUMENT.to_string();
        let names = text.split("#/components/schemas/").skip(1);
        for name in names.filter_map(|rest| rest.split('"').next()) {
            assert!(
                DOCUMENT["components"]["schemas"][name].is_object(),
                "{name}"
            );
        }
    }
}
