//! JSON bodies whose errors say what is wrong.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::body::{BodyPatience, read_body};
use crate::error::{ApiError, ApiResult};
use crate::json_input::readable;

/// Largest JSON body of the gateway's own routes (the proxy has its own limit).
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// A JSON object as body; nothing counts as `{}`. The content type does not matter: the reference client sends JSON
/// under several names.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

/// Any JSON as body; nothing counts as `null`.
#[derive(Debug)]
pub struct AnyJson(pub Value);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let bytes = read_body(request.into_body(), MAX_BODY_BYTES, BodyPatience::default()).await?;
        let bytes = readable(&bytes);
        let text = bytes.trim_ascii();
        match text.first() {
            None => parse(b"{}"),
            Some(b'{') => parse(text),
            // Serde would take a list for an object, field by field.
            Some(_) => Err(ApiError::invalid("the request body must be a JSON object")),
        }
        .map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for AnyJson {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        read_json(request, MAX_BODY_BYTES).await.map(Self)
    }
}

/// Any JSON as body, of `most` bytes; nothing counts as `null`.
pub async fn read_json(request: Request, most: usize) -> ApiResult<Value> {
    let bytes = read_body(request.into_body(), most, BodyPatience::default()).await?;
    let bytes = readable(&bytes);
    if bytes.trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    parse(&bytes)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        ApiError::invalid(format!(
            "the request body is not the expected JSON: {error}"
        ))
    })
}
