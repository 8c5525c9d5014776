//! Authentication of the app at the token endpoint.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;

use super::errors::EntraError;
use super::params::Params;
use crate::Inner;
use crate::config::App;

/// The registration with this id.
///
/// # Errors
/// 700016 when there is none.
pub(crate) fn find<'a>(inner: &'a Inner, client_id: &str) -> Result<&'a App, EntraError> {
    inner
        .config
        .apps
        .iter()
        .find(|app| app.client_id.eq_ignore_ascii_case(client_id))
        .ok_or_else(|| {
            EntraError::number(700_016).because(format!(
                "Application with identifier '{client_id}' was not found in the directory."
            ))
        })
}

/// The name of an app, empty for an unknown one.
pub(crate) fn name(inner: &Inner, client_id: &str) -> String {
    find(inner, client_id).map_or_else(|_| String::new(), |app| app.name.clone())
}

/// Moves client id and secret of a `Basic` header (`client_secret_basic`) into the parameters.
pub(crate) fn fill_from_header(params: &mut Params, headers: &HeaderMap) {
    let encoded = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let decoded = encoded
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|text| STANDARD.decode(text).ok());
    let Some(text) = decoded.and_then(|bytes| String::from_utf8(bytes).ok()) else {
        return;
    };
    if let Some((id, secret)) = text.split_once(':') {
        params.fill("client_id", &unescaped(id));
        params.fill("client_secret", &unescaped(secret));
    }
}

fn unescaped(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// # Errors
/// 7000218 without a secret, 7000215 for a wrong one, 7000222 for an expired one, 700027 for an assertion
/// (the simulator holds no certificates), 700016 for an unknown app.
pub(crate) fn authenticate<'a>(inner: &'a Inner, params: &Params) -> Result<&'a App, EntraError> {
    let client_id = params
        .get("client_id")
        .ok_or_else(|| EntraError::missing("client_id"))?;
    let app = find(inner, client_id)?;
    if params.get("client_assertion").is_some() {
        return Err(EntraError::number(700_027)
            .because("The simulator has no certificate for this application."));
    }
    let given = params
        .get("client_secret")
        .ok_or_else(|| EntraError::number(7_000_218))?;
    let matching = app
        .client_secrets
        .iter()
        .find(|secret| bool::from(secret.value.as_bytes().ct_eq(given.as_bytes())));
    match matching {
        None => Err(EntraError::number(7_000_215)),
        Some(secret) if secret.expires_at.is_some_and(|end| end <= inner.now()) => {
            Err(EntraError::number(7_000_222))
        }
        Some(_) => Ok(app),
    }
}
