//! `/dashboard/api/session`: signing in and out.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{AppendHeaders, NoContent};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use http::HeaderName;
use http::header::SET_COOKIE;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::error::ApiResult;
use crate::http::answers::With;
use crate::http::client_address::ClientAddress;
use crate::http::json::JsonBody;
use crate::http::operator::{device, session_id};
use crate::operators::sessions;
use crate::operators::sign_in::{Browser, SignedIn, sign_in};
use crate::operators::{Operator, Right};
use crate::state::App;

/// Body of `POST`.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct SignIn {
    email: String,
    #[serde(deserialize_with = "crate::secret_field::deserialize")]
    #[schemars(with = "String", extend("writeOnly" = true))]
    password: SecretString,
}

/// Who is signed in, and what they may do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignedInOperator {
    email: String,
    /// `viewer`, `editor` or `admin`.
    role: &'static str,
    /// What the role includes.
    rights: Vec<&'static str>,
}

/// `POST`: begins a session with an id of its own.
pub async fn create(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    jar: CookieJar,
    JsonBody(body): JsonBody<SignIn>,
) -> ApiResult<With<AppendHeaders<[(HeaderName, String); 2]>, Json<SignedInOperator>>> {
    let (previous, known) = (session_id(&app, &jar), device(&app, &jar));
    let browser = Browser {
        address: &address,
        previous: previous.as_deref(),
        device: known.as_deref(),
    };
    let signed_in = sign_in(&app, &body.email, body.password, browser).await?;
    let described = described(&signed_in.operator);
    // The session's first: there are clients that look at one alone.
    let set = cookies(&app, &signed_in).map(|cookie| (SET_COOKIE, cookie.to_string()));
    Ok(With(AppendHeaders(set), Json(described)))
}

/// `GET`: who is signed in, and what they may do.
pub async fn get(operator: Operator) -> Json<SignedInOperator> {
    Json(described(&operator))
}

/// `DELETE`: ends the session.
pub async fn delete(
    State(app): State<Arc<App>>,
    operator: Operator,
    jar: CookieJar,
) -> ApiResult<With<CookieJar, NoContent>> {
    if let Some(id) = session_id(&app, &jar) {
        sessions::sign_out(&app, &operator, &id).await?;
    }
    let gone = app
        .cookies
        .make_strict(app.cookies.operator_name(), String::new());
    Ok(With(jar.remove(gone), NoContent))
}

/// The cookies of a new session and of its browser.
pub(crate) fn cookies(app: &App, signed_in: &SignedIn) -> [Cookie<'static>; 2] {
    let value = |secret: &SecretString| secret.expose_secret().to_owned();
    let cookies = app.cookies;
    let session = cookies.make_strict(cookies.operator_name(), value(&signed_in.session_id));
    let mut known = cookies.make_strict(cookies.operator_device_name(), value(&signed_in.device));
    // As long as browsers keep one; how long it counts is sealed in it.
    known.make_permanent();
    [session, known]
}

fn described(operator: &Operator) -> SignedInOperator {
    let rights = Right::ALL
        .into_iter()
        .filter(|right| operator.role.may(*right));
    SignedInOperator {
        email: operator.email.clone(),
        role: operator.role.as_str(),
        rights: rights.map(Right::as_str).collect(),
    }
}
