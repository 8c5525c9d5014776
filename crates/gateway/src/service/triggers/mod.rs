//! Triggers that work of themselves: made to follow what users set, and taken in when their time comes.

mod due;
mod settle;

use crate::app::App;
use crate::error::ApiResult;

/// Makes triggers follow what is set, and starts what is due.
pub async fn sweep(app: &App) -> ApiResult<()> {
    settle::settle(app).await?;
    due::start_due(app).await
}
