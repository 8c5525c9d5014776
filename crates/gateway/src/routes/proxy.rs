//! placeholder until the forwarder is merged
use crate::error::ApiError;
use axum::response::IntoResponse as _;
use axum::response::Response;
use paragon_wire::ErrorCode;
/// x
pub async fn forward() -> Response {
    ApiError::new(ErrorCode::RouteNotFound, "x").into_response()
}
