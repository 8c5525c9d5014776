//! JSON bodies whose errors say what is wrong.

use axum::extract::{FromRequest, Request};
use paragon_wire::ErrorCode;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// Largest JSON body of the gateway's own routes (the proxy has its own limit).
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// A JSON body. The content type does not matter: the reference client sends JSON under several names.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let bytes = axum::body::to_bytes(request.into_body(), MAX_BODY_BYTES)
            .await
            .map_err(|error| {
                let message =
                    format!("the request body is longer than {MAX_BODY_BYTES} bytes, or broke off");
                ApiError::new(ErrorCode::BodyTooLarge, message).with_detail(error)
            })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            ApiError::invalid(format!(
                "the request body is not the JSON it must be: {error}"
            ))
        })
    }
}
