//! `GET /oauth`: the redirect URI registered with Entra ID.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use http::StatusCode;

use crate::connect::{BindingCookies, CallbackParams, Outcome, PageData};
use crate::error::ApiError;
use crate::http::client_address::Counted;
use crate::http::request_id::RequestId;
use crate::state::App;
use crate::{connect, pages};

/// Binding cookies of one request.
pub struct FlowCookies<'a> {
    /// Knows the names.
    pub app: &'a App,
    /// The request's cookies.
    pub jar: &'a CookieJar,
}

impl BindingCookies for FlowCookies<'_> {
    fn flow(&self, flow: &str) -> Option<String> {
        let cookie = self.jar.get(&self.app.cookies.flow_name(flow));
        cookie.map(|cookie| cookie.value().to_owned())
    }
}

/// Ends the sign-in.
pub async fn callback(
    State(app): State<Arc<App>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    counted: Result<Counted, ApiError>,
    jar: CookieJar,
    params: Result<Query<CallbackParams>, QueryRejection>,
) -> Response {
    if let Err(error) = counted {
        return pages::files::popup_error(&error);
    }
    let Ok(Query(params)) = params else {
        let error = ApiError::invalid(
            "This page's URL does not belong to a sign-in. Close this window and connect again.",
        );
        return show(PageData::error(&error, None), &request_id);
    };
    match connect::callback(
        &app,
        params,
        &FlowCookies {
            app: &app,
            jar: &jar,
        },
    )
    .await
    {
        Outcome::Redirect(url) => Redirect::to(url.as_str()).into_response(),
        Outcome::Page(page) => show(page, &request_id),
    }
}

fn show(mut page: PageData, request_id: &str) -> Response {
    let status = if let PageData::Error(error) = &mut page {
        request_id.clone_into(&mut error.request_id);
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    pages::files::popup(&page, status)
}
