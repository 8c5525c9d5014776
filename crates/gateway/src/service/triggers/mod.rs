//! Triggers that work of themselves: made to follow what users set, and taken in when their time comes.

pub mod deliveries;
mod due;
mod settle;
mod subscriptions;

pub use subscriptions::{forget, reconcile};

use crate::app::App;
use crate::error::ApiResult;

/// Makes triggers follow what is set, and starts what is due.
pub async fn sweep(app: &App) -> ApiResult<()> {
    let settled = settle::settle(app).await;
    due::start_due(app).await?;
    settled
}
