//! Where Azure DevOps delivers events.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, StatusCode};

use super::deliveries;
use super::deliveries::Admission;
use crate::error::ApiResult;
use crate::http::client_address::ClientAddress;
use crate::http::json::read_json;
use crate::state::App;

/// Largest event; a work item with its history of one change is far below.
const MAX_EVENT_BYTES: usize = 4 << 20;

/// `POST /hooks/azure-devops/{id}`: takes in an event. 401 without the subscription's password, 410 once it is removed.
pub async fn azure_devops(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    ClientAddress(address): ClientAddress,
    request: Request,
) -> ApiResult<Response> {
    let password = password(request.headers());
    let hook = match deliveries::admit(&app, &id, password.as_deref()).await? {
        Admission::Granted(hook) => hook,
        Admission::Gone => return Ok(StatusCode::GONE.into_response()),
        Admission::Refused => {
            // What the provider delivers with its password is not counted: it comes from a few addresses for everybody.
            app.limits.address(&address)?;
            let challenge = [(WWW_AUTHENTICATE, "Basic realm=\"events\"")];
            return Ok((StatusCode::UNAUTHORIZED, challenge).into_response());
        }
    };
    let body = read_json(request, MAX_EVENT_BYTES).await?;
    deliveries::take(&app, &hook, &body).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The password of basic authentication (RFC 7617).
fn password(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    decoded
        .split_once(':')
        .map(|(_, password)| password.to_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn of(value: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(value).ok()?);
        password(&headers)
    }

    #[test]
    fn the_password_is_what_follows_the_first_colon() {
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        assert_eq!(of(&basic("user:pass:word")).as_deref(), Some("pass:word"));
        assert_eq!(of(&basic("user:")).as_deref(), Some(""));
        assert_eq!(of(&basic("user")), None);
        assert_eq!(of("Bearer dXNlcjpw"), None);
        assert_eq!(of("Basic %%%"), None);
        assert_eq!(password(&HeaderMap::new()), None);
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_refused(value in "[ -~]{0,60}") {
            let _ = of(&value);
        }
    }
}
