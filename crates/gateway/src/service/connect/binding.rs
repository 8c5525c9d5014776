//! Which browser a flow belongs to: cookies, made by the gateway, that only that browser has.

use paragon_wire::ErrorCode;
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::LONGEST_FLOW;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::identity::UserId;
use crate::random;
use crate::store::FlowRow;
use crate::vault::Sealed;

/// Row name that the reference client's cookie is sealed for.
const USER_BINDING: &str = "cookie/user";

/// Cookies of the request that matter to a flow.
pub trait BindingCookies {
    /// Value of the cookie that binds a flow.
    fn flow(&self, flow: &str) -> Option<String>;
    /// Value of the cookie that binds a user of the reference client.
    fn user(&self) -> Option<String>;
}

/// Cookie value that binds a browser to a user of a project: the reference client's flows have no ticket.
pub fn user_binding(app: &App, project: &str, user: &UserId) -> ApiResult<String> {
    let text = json!([project, user.as_str(), app.clock.in_future(LONGEST_FLOW)]).to_string();
    let sealed = app
        .vault
        .seal(text.as_bytes(), USER_BINDING)
        .map_err(ApiError::internal)?;
    Ok(sealed.to_text())
}

/// The flow `id`, if it belongs to this browser.
pub async fn bound_flow(
    app: &App,
    cookies: &(impl BindingCookies + Sync),
    id: &str,
) -> ApiResult<FlowRow> {
    let flow = app
        .store
        .flow(id)
        .await?
        .filter(|flow| is_bound(app, flow, cookies));
    flow.ok_or_else(|| {
        ApiError::new(
            ErrorCode::FlowNotFound,
            "This browser has no such flow. Close this window and connect again.",
        )
    })
}

/// Whether a flow belongs to this browser.
pub(super) fn is_bound(app: &App, flow: &FlowRow, cookies: &impl BindingCookies) -> bool {
    if flow.session_key.is_some() {
        return cookies
            .user()
            .is_some_and(|cookie| is_bound_to_user(app, &cookie, flow));
    }
    let given = cookies.flow(&flow.id).map(|cookie| random::hash(&cookie));
    let both = given.zip(flow.binding_hash.as_ref());
    both.is_some_and(|(given, own)| bool::from(given.as_bytes().ct_eq(own.as_bytes())))
}

fn is_bound_to_user(app: &App, cookie: &str, flow: &FlowRow) -> bool {
    open(app, cookie).is_some_and(|(project, user, until)| {
        project == flow.project_id && user == flow.user_id.as_str() && app.clock.now() < until
    })
}

fn open(app: &App, cookie: &str) -> Option<(String, String, i64)> {
    let sealed = Sealed::from_text(cookie)?;
    serde_json::from_slice(&app.vault.open(&sealed, USER_BINDING).ok()?).ok()
}
