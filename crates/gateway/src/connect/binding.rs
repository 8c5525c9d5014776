//! Which browser a flow belongs to: that which handed in its ticket, and got a cookie for it.
//!
//! SECURITY: a user token proves nothing here. Whoever registers a flow has one, and may want another's account in it.

use paragon_wire::ErrorCode;
use subtle::ConstantTimeEq as _;

use super::store::FlowRow;
use crate::error::{ApiError, ApiResult};
use crate::random;
use crate::state::App;

/// Cookies of the request that matter to a flow.
pub trait BindingCookies {
    /// Value of the cookie that binds a flow.
    fn flow(&self, flow: &str) -> Option<String>;
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
        .filter(|flow| is_bound(flow, cookies));
    flow.ok_or_else(|| {
        ApiError::new(
            ErrorCode::FlowNotFound,
            "This browser has not started this flow. Close this window and connect again.",
        )
    })
}

/// Whether a flow belongs to this browser.
pub(super) fn is_bound(flow: &FlowRow, cookies: &impl BindingCookies) -> bool {
    let given = cookies.flow(&flow.id).map(|cookie| random::hash(&cookie));
    let both = given.zip(flow.binding_hash.as_ref());
    both.is_some_and(|(given, own)| bool::from(given.as_bytes().ct_eq(own.as_bytes())))
}
