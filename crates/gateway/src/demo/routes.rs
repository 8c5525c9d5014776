//! `POST /demo/token`: what the demo app's backend would do; in development only.

use axum::Json;
use axum::extract::State;
use http::HeaderMap;
use http::header::ORIGIN;
use paragon_wire::ErrorCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use crate::error::{ApiError, ApiResult};
use crate::http::json::JsonBody;
use crate::identity::{Claims, mint};
use crate::state::App;

const USERS: [&str; 2] = ["ada", "grace"];
const TOKEN_LIFE_S: i64 = 3600;

/// Body of `POST /demo/token`.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "DemoSignIn")]
pub struct SignIn {
    user: String,
}

/// A user token.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DemoToken {
    token: String,
}

/// What the demo app's backend would do: sign a token for one of its users.
pub async fn token(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<SignIn>,
) -> ApiResult<Json<DemoToken>> {
    let demo = app
        .demo
        .as_ref()
        .ok_or_else(|| ApiError::new(ErrorCode::RouteNotFound, "only in development"))?;
    let origin = headers
        .get(ORIGIN)
        .map(|origin| origin.to_str().unwrap_or_default());
    if origin.is_some_and(|origin| origin != app.public_origin()) {
        return Err(ApiError::new(
            ErrorCode::OriginNotAllowed,
            "the demo signs its users in on its own page only",
        ));
    }
    if !USERS.contains(&body.user.as_str()) {
        return Err(ApiError::invalid("`user` must be `ada` or `grace`"));
    }
    let now = app.clock.now().div_euclid(1000);
    let claims = Claims {
        sub: Some(body.user),
        id: None,
        exp: now + TOKEN_LIFE_S,
        iat: Some(now),
        nbf: None,
        aud: None,
    };
    let token = mint(&demo.private_key_pem, &claims).map_err(ApiError::internal)?;
    Ok(Json(DemoToken { token }))
}
