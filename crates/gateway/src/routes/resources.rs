//! `POST /projects/{p}/sdk/resources/{id}/connect`.

use axum::extract::Path;
use paragon_wire::ErrorCode;

use crate::caller::Caller;
use crate::error::ApiError;
use crate::http::project::Named;

/// Azure DevOps needs no resources, so there is none to connect.
pub async fn connect(_caller: Caller, Path(Named { id }): Path<Named>) -> ApiError {
    let shown: String = id.chars().take(100).collect();
    ApiError::new(
        ErrorCode::ResourceNotFound,
        format!("the project has no resource `{}`", shown.escape_debug()),
    )
}
