//! Triggers that work of themselves: made to follow what users set, and taken in when their time comes.

pub mod deliveries;
mod due;
pub mod hook_routes;
pub mod inbox;
pub mod routes;
mod settle;
pub mod store;
mod subscriptions;

pub use subscriptions::{forget, reconcile};

use crate::error::ApiResult;
use crate::state::App;

/// Makes triggers follow what is set, and starts what is due.
pub async fn sweep(app: &App) -> ApiResult<()> {
    let settled = settle::settle(app).await;
    due::start_due(app).await?;
    settled
}
