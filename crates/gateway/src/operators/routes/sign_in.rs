//! `/dashboard/api/sign-in` and `/dashboard/oidc`: signing in with an OpenID provider.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, REFERRER_POLICY};
use schemars::JsonSchema;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};

use super::session::cookies;
use crate::error::ApiResult;
use crate::http::answers::With;
use crate::http::client_address::ClientAddress;
use crate::http::json::JsonBody;
use crate::http::operator::{device, session_id};
use crate::http::request_id::RequestId;
use crate::operators::oidc;
use crate::operators::oidc::{Answer, Begun, Finished, Refusal, Refused};
use crate::operators::sign_in::Browser;
use crate::state::App;

/// Body of `POST`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "SignInBegin")]
pub struct Begin {
    to: String,
}

/// How operators may sign in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaysToSignIn {
    /// Whether with passwords.
    passwords: bool,
    /// The OpenID provider, where there is one.
    provider: Option<Provider>,
}

/// An OpenID provider.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OpenIdProvider")]
struct Provider {
    /// What its button says.
    label: String,
}

/// Where the sign-in goes on.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInBegun {
    authorization_url: String,
}

/// `GET`: how operators may sign in.
pub async fn ways(State(app): State<Arc<App>>) -> Json<WaysToSignIn> {
    let admission = app.oidc.as_ref().map(|(_, admission)| admission);
    let provider = admission.map(|admission| Provider {
        label: admission.label.clone(),
    });
    let has_passwords = admission.is_none_or(|admission| admission.has_passwords);
    Json(WaysToSignIn {
        passwords: has_passwords,
        provider,
    })
}

/// `POST`: begins a sign-in; the page goes to the address that it gets.
pub async fn begin(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    jar: CookieJar,
    JsonBody(body): JsonBody<Begin>,
) -> ApiResult<With<CookieJar, Json<SignInBegun>>> {
    let (previous, known) = (session_id(&app, &jar), device(&app, &jar));
    let browser = Browser {
        address: &address,
        previous: previous.as_deref(),
        device: known.as_deref(),
    };
    let Begun { url, cookie } = oidc::begin(&app, &body.to, browser).await?;
    let name = app.cookies.operator_sign_in_name();
    let cookie = cookie.expose_secret().to_owned();
    let jar = jar.add(app.cookies.make(name, cookie));
    let begun = SignInBegun {
        authorization_url: url.to_string(),
    };
    Ok(With(jar, Json(begun)))
}

/// `GET /dashboard/oidc`: the redirect URI registered with the issuer. It always leads to the dashboard, so that neither
/// code nor state stay in the address.
pub async fn callback(
    State(app): State<Arc<App>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    ClientAddress(address): ClientAddress,
    jar: CookieJar,
    params: Result<Query<Answer>, QueryRejection>,
) -> Response {
    let name = app.cookies.operator_sign_in_name();
    let cookie = jar.get(&name).map(|cookie| cookie.value().to_owned());
    let Query(answer) = params.unwrap_or_default();
    let (jar, to) = match oidc::finish(&app, &answer, cookie.as_deref(), &address).await {
        Ok(Finished { signed_in, to }) => (
            cookies(&app, &signed_in)
                .into_iter()
                .fold(jar, CookieJar::add),
            to,
        ),
        Err(refused) => {
            log(&refused);
            let to = refusal_page(&refused, &request_id);
            if refused.refusal == Refusal::Ended {
                // Anybody can send somebody here: a sign-in that is under way goes on.
                return answer_with(jar, &to);
            }
            (jar, to)
        }
    };
    let gone = app.cookies.make(name, String::new());
    answer_with(jar.remove(gone), &to)
}

fn log(refused: &Refused) {
    let (code, detail) = (refused.refusal.as_str(), refused.detail.as_str());
    if refused.refusal == Refusal::Failed {
        tracing::error!(code, detail, "a sign-in to the dashboard failed");
    } else {
        tracing::warn!(code, detail, "a sign-in to the dashboard was refused");
    }
}

/// The page that the sign-in was to lead to, which shows the form and why it did not.
fn refusal_page(refused: &Refused, request_id: &str) -> String {
    let path = refused.to.split('?').next().unwrap_or_default();
    let code = refused.refusal.as_str();
    format!("{path}?sign-in={code}&reference={request_id}")
}

fn answer_with(jar: CookieJar, to: &str) -> Response {
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (jar, headers, Redirect::to(to)).into_response()
}
