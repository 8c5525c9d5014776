//! `/dashboard/api/session`: signing in and out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::error::ApiResult;
use crate::http::client_address::ClientAddress;
use crate::http::json::JsonBody;
use crate::http::operator::session_id;
use crate::operator::{Operator, Right};
use crate::service::dashboard::{self, SignedIn, sessions};

/// Body of `POST`.
#[derive(Debug, Deserialize)]
pub struct SignIn {
    email: String,
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    password: SecretString,
}

/// `POST`: begins a session with an id of its own.
pub async fn create(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    jar: CookieJar,
    JsonBody(body): JsonBody<SignIn>,
) -> ApiResult<(CookieJar, Json<Value>)> {
    let previous = session_id(&app, &jar);
    let SignedIn {
        operator,
        session_id,
    } = dashboard::sign_in(
        &app,
        &body.email,
        body.password,
        &address,
        previous.as_deref(),
    )
    .await?;
    let cookie = session_cookie(&app, &session_id);
    Ok((jar.add(cookie), Json(described(&operator))))
}

/// `GET`: who is signed in, and what they may do.
pub async fn get(operator: Operator) -> Json<Value> {
    Json(described(&operator))
}

/// `DELETE`: ends the session.
pub async fn delete(
    State(app): State<Arc<App>>,
    operator: Operator,
    jar: CookieJar,
) -> ApiResult<(CookieJar, StatusCode)> {
    if let Some(id) = session_id(&app, &jar) {
        sessions::sign_out(&app, &operator, &id).await?;
    }
    let gone = app
        .cookies
        .make_strict(app.cookies.operator_name(), String::new());
    Ok((jar.remove(gone), StatusCode::NO_CONTENT))
}

/// The cookie of a new session.
pub(super) fn session_cookie(app: &App, session_id: &SecretString) -> Cookie<'static> {
    let id = session_id.expose_secret().to_owned();
    app.cookies.make_strict(app.cookies.operator_name(), id)
}

fn described(operator: &Operator) -> Value {
    let rights = Right::ALL
        .into_iter()
        .filter(|right| operator.role.may(*right));
    let rights: Vec<_> = rights.map(Right::as_str).collect();
    json!({ "email": operator.email, "role": operator.role.as_str(), "rights": rights })
}
