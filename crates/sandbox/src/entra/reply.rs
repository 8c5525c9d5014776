//! Answers of the authorize endpoint: back to the app by redirect or by a form that posts itself.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::authorize_rules::ResponseMode;
use super::errors::{EntraError, Trace};
use super::pages::{self, FormPost};
use crate::Inner;

/// Where and how an answer goes back to the app.
#[derive(Debug, Clone)]
pub(crate) struct ReturnTo {
    pub(crate) redirect_uri: String,
    pub(crate) response_mode: ResponseMode,
    pub(crate) state: Option<String>,
}

impl ReturnTo {
    /// Sends `fields` and the state back to the app.
    pub(crate) fn send(&self, inner: &Inner, mut fields: Vec<(&'static str, String)>) -> Response {
        if let Some(state) = &self.state {
            fields.push(("state", state.clone()));
        }
        match self.response_mode {
            ResponseMode::Query => redirect(&self.redirect_uri, &fields),
            ResponseMode::FormPost => pages::show(
                inner,
                StatusCode::OK,
                &FormPost {
                    action: &self.redirect_uri,
                    fields: &fields,
                },
            ),
        }
    }

    /// Sends an error back to the app.
    pub(crate) fn fail(&self, inner: &Inner, error: &EntraError) -> Response {
        let trace = Trace::new(inner, None);
        let mut fields = vec![
            ("error", error.on_redirect().to_owned()),
            ("error_description", error.text(&trace)),
        ];
        if let Some(suberror) = error.suberror {
            fields.push(("error_subcode", suberror.to_owned()));
        }
        self.send(inner, fields)
    }
}

/// 302 with `fields` in the query string.
pub(crate) fn redirect(redirect_uri: &str, fields: &[(&'static str, String)]) -> Response {
    let Ok(mut url) = Url::parse(redirect_uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    url.query_pairs_mut().extend_pairs(fields);
    let mut headers = HeaderMap::new();
    match HeaderValue::from_str(url.as_str()) {
        Ok(location) => headers.insert(header::LOCATION, location),
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (StatusCode::FOUND, headers).into_response()
}
