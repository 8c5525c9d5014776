//! The sign-in pages: HTML templates and the headers that protect them.

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::Inner;
use crate::directory::Person;

/// Account choice.
#[derive(Template)]
#[template(path = "accounts.html")]
pub(crate) struct AccountsPage {
    pub(crate) tenant: String,
    pub(crate) context: String,
    pub(crate) app_name: String,
    pub(crate) accounts: Vec<AccountRow>,
}

/// One account to choose.
pub(crate) struct AccountRow {
    pub(crate) key: String,
    pub(crate) initial: char,
    pub(crate) name: String,
    pub(crate) mail: String,
    pub(crate) note: String,
    pub(crate) is_signed_in: bool,
}

/// Permissions in words, accept or cancel.
#[derive(Template)]
#[template(path = "consent.html")]
pub(crate) struct ConsentPage {
    pub(crate) tenant: String,
    pub(crate) context: String,
    pub(crate) app_name: String,
    pub(crate) mail: String,
    /// Name and sentence.
    pub(crate) permissions: Vec<(String, &'static str)>,
    pub(crate) keeps_access: bool,
    pub(crate) reads_profile: bool,
}

/// "Need admin approval".
#[derive(Template)]
#[template(path = "approval.html")]
pub(crate) struct ApprovalPage {
    pub(crate) tenant: String,
    pub(crate) context: String,
    pub(crate) app_name: String,
    pub(crate) directory_name: String,
    pub(crate) mail: String,
    pub(crate) link: String,
}

/// Consent for a whole directory.
#[derive(Template)]
#[template(path = "admin_consent.html")]
pub(crate) struct AdminConsentPage {
    pub(crate) tenant: String,
    pub(crate) query: String,
    pub(crate) app_name: String,
    pub(crate) admins: Vec<Person>,
    pub(crate) permissions: Vec<(String, &'static str)>,
}

/// An error the app does not hear of.
#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) text: String,
    pub(crate) number: u32,
    /// Tenant and form id, where the user may still cancel.
    pub(crate) back: Option<(String, String)>,
}

/// A form that posts itself (`response_mode=form_post`).
#[derive(Template)]
#[template(path = "form_post.html")]
pub(crate) struct FormPost<'a> {
    pub(crate) action: &'a str,
    pub(crate) fields: &'a [(&'static str, String)],
}

/// Renders a page with the headers Microsoft's sign-in pages have.
pub(crate) fn show(inner: &Inner, status: StatusCode, page: &impl Template) -> Response {
    let Ok(html) = page.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    (status, headers(inner.read().knobs.opener_policy), html).into_response()
}

/// `opener_policy`: whether the page cuts itself off from the window that opened it.
pub(crate) fn headers(opener_policy: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value))
    };
    set(header::CONTENT_TYPE, "text/html; charset=utf-8");
    set(header::CACHE_CONTROL, "no-store");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    if opener_policy {
        set(
            header::HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        );
    }
    headers
}
