//! Data table: the AADSTS errors the simulator can answer, and the body they come in.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// An error of Entra ID, on its way to a page, a redirect or a token answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}: AADSTS{number}: {description}")]
pub(crate) struct EntraError {
    /// OAuth error code, what programs branch on.
    pub(crate) error: &'static str,
    pub(crate) number: u32,
    pub(crate) description: String,
    pub(crate) suberror: Option<&'static str>,
    pub(crate) status: StatusCode,
}

/// `(number, OAuth error, status, suberror, description)`.
type Row = (u32, &'static str, u16, Option<&'static str>, &'static str);

/// Every number of the simulator.
pub(crate) const TABLE: &[Row] = &[
    (
        70000,
        "invalid_grant",
        400,
        None,
        "The provided grant is not valid, or was issued to another client.",
    ),
    (
        70008,
        "invalid_grant",
        400,
        None,
        "The provided authorization code has expired. Send the user through sign-in again.",
    ),
    (
        700_082,
        "invalid_grant",
        400,
        Some("bad_token"),
        "The refresh token has expired due to inactivity.",
    ),
    (
        700_084,
        "invalid_grant",
        400,
        Some("bad_token"),
        "The refresh token was issued to a single page app and its fixed, limited lifetime is over.",
    ),
    (
        50173,
        "invalid_grant",
        400,
        Some("bad_token"),
        "The provided grant has been revoked. The user must sign in again.",
    ),
    (
        70043,
        "invalid_grant",
        400,
        Some("bad_token"),
        "The refresh token is no longer valid because of a sign-in frequency check.",
    ),
    (
        50089,
        "invalid_grant",
        400,
        None,
        "The flow token has expired.",
    ),
    (
        54005,
        "invalid_grant",
        400,
        None,
        "The authorization code was already redeemed.",
    ),
    (
        501_481,
        "invalid_grant",
        400,
        None,
        "The code verifier does not match the code challenge of the authorization request.",
    ),
    (
        700_005,
        "invalid_grant",
        400,
        None,
        "The authorization code is intended for another tenant.",
    ),
    (
        50076,
        "interaction_required",
        400,
        Some("basic_action"),
        "Multi-factor authentication is required to access the resource.",
    ),
    (
        50079,
        "interaction_required",
        400,
        Some("basic_action"),
        "The user must enrol in multi-factor authentication.",
    ),
    (
        50074,
        "interaction_required",
        400,
        Some("basic_action"),
        "Strong authentication is required.",
    ),
    (
        50158,
        "interaction_required",
        400,
        Some("basic_action"),
        "An external security challenge was not satisfied.",
    ),
    (
        53000,
        "interaction_required",
        400,
        Some("message_only"),
        "Conditional Access wants a compliant device.",
    ),
    (
        53001,
        "interaction_required",
        400,
        Some("message_only"),
        "Conditional Access wants a device joined to the domain.",
    ),
    (
        53002,
        "interaction_required",
        400,
        Some("message_only"),
        "Conditional Access wants an approved app.",
    ),
    (
        53003,
        "interaction_required",
        400,
        Some("message_only"),
        "Access was blocked by Conditional Access.",
    ),
    (
        53004,
        "interaction_required",
        400,
        Some("message_only"),
        "The user must prove their identity for multi-factor authentication first.",
    ),
    (
        50058,
        "login_required",
        400,
        None,
        "A silent sign-in was asked for, but no user is signed in.",
    ),
    (
        65001,
        "consent_required",
        400,
        Some("consent_required"),
        "The user or administrator has not consented to use the application.",
    ),
    (
        65004,
        "access_denied",
        400,
        None,
        "The user declined to consent to the application.",
    ),
    (
        90094,
        "access_denied",
        400,
        None,
        "An administrator must approve this application.",
    ),
    (
        90095,
        "access_denied",
        400,
        None,
        "An administrator must approve this application; a request can be sent.",
    ),
    (
        7_000_215,
        "invalid_client",
        401,
        None,
        "An invalid client secret was provided.",
    ),
    (
        7_000_222,
        "invalid_client",
        401,
        None,
        "The provided client secret keys are expired.",
    ),
    (
        7_000_218,
        "invalid_client",
        401,
        None,
        "The request body must contain `client_assertion` or `client_secret`.",
    ),
    (
        700_027,
        "invalid_client",
        401,
        None,
        "The client assertion failed signature validation.",
    ),
    (
        700_016,
        "unauthorized_client",
        400,
        None,
        "The application was not found in the directory.",
    ),
    (
        7_000_112,
        "unauthorized_client",
        400,
        None,
        "The application is disabled.",
    ),
    (
        50194,
        "unauthorized_client",
        400,
        None,
        "The application is not configured as multi-tenant; use its own tenant.",
    ),
    (
        70011,
        "invalid_scope",
        400,
        None,
        "The provided value for `scope` is not valid.",
    ),
    (
        28002,
        "invalid_scope",
        400,
        None,
        "The scopes asked for at the token endpoint are not covered by the authorization code.",
    ),
    (
        28003,
        "invalid_scope",
        400,
        None,
        "The scope of a code redemption must not be empty.",
    ),
    (
        700_022,
        "invalid_scope",
        400,
        None,
        "The scope contains more than one resource.",
    ),
    (
        700_023,
        "invalid_scope",
        400,
        None,
        "The scope names the resource of the client application itself.",
    ),
    (
        500_011,
        "invalid_resource",
        400,
        None,
        "The resource was not found in the tenant.",
    ),
    (
        650_052,
        "invalid_resource",
        400,
        None,
        "The organization has no service principal for the resource.",
    ),
    (
        650_057,
        "invalid_resource",
        400,
        None,
        "The resource is not listed in the application's registration.",
    ),
    (
        500_207,
        "access_denied",
        400,
        None,
        "This account type cannot be used for the resource you are trying to access.",
    ),
    (
        50020,
        "access_denied",
        400,
        None,
        "The user account does not exist in this directory.",
    ),
    (
        90002,
        "invalid_request",
        400,
        None,
        "The tenant was not found.",
    ),
    (
        900_144,
        "invalid_request",
        400,
        None,
        "The request must contain a required parameter.",
    ),
    (
        90014,
        "invalid_request",
        400,
        None,
        "A required field is missing.",
    ),
    (
        9_002_313,
        "invalid_request",
        400,
        None,
        "The request is malformed.",
    ),
    (
        50011,
        "invalid_request",
        400,
        None,
        "The redirect URI does not match the ones registered or used before.",
    ),
    (
        900_971,
        "invalid_request",
        400,
        None,
        "No reply address was provided.",
    ),
    (
        900_561,
        "invalid_request",
        400,
        None,
        "The endpoint only accepts POST requests.",
    ),
    (
        501_491,
        "invalid_request",
        400,
        None,
        "The code challenge has a wrong size or form.",
    ),
    (
        700_054,
        "unsupported_response_type",
        400,
        None,
        "The response type is not enabled for the application.",
    ),
    (
        70003,
        "unsupported_grant_type",
        400,
        None,
        "The grant type is not supported.",
    ),
    (
        90033,
        "temporarily_unavailable",
        503,
        None,
        "A transient error occurred. Try again.",
    ),
    (
        90006,
        "server_error",
        500,
        None,
        "An external server gave an error that can be retried.",
    ),
    (
        90024,
        "temporarily_unavailable",
        429,
        None,
        "The request budget is used up. Try again later.",
    ),
    (
        90055,
        "temporarily_unavailable",
        429,
        None,
        "Too many requests.",
    ),
    (
        50196,
        "server_error",
        500,
        None,
        "The server ended an operation because it met a loop of client requests.",
    ),
];

impl EntraError {
    /// The error of a number in [`TABLE`]; unknown numbers become a malformed request.
    pub(crate) fn number(number: u32) -> Self {
        Self::known(number).unwrap_or_else(|| Self {
            error: "invalid_request",
            number,
            description: "The request is malformed.".to_owned(),
            suberror: None,
            status: StatusCode::BAD_REQUEST,
        })
    }

    /// The error of a number, `None` when the simulator does not know it.
    pub(crate) fn known(number: u32) -> Option<Self> {
        let (_, error, status, suberror, description) = TABLE.iter().find(|row| row.0 == number)?;
        Some(Self {
            error,
            number,
            description: (*description).to_owned(),
            suberror: *suberror,
            status: StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST),
        })
    }

    /// A missing parameter, by its name.
    pub(crate) fn missing(parameter: &str) -> Self {
        Self::number(900_144).because(format!(
            "The request body must contain the following parameter: '{parameter}'."
        ))
    }

    /// The same error with a more exact text.
    #[must_use]
    pub(crate) fn because(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The same number under another OAuth error code, where Entra answers differently by endpoint.
    #[must_use]
    pub(crate) fn coded(mut self, error: &'static str) -> Self {
        self.error = error;
        self
    }

    /// The `error_description` with its trailing trace lines.
    pub(crate) fn text(&self, trace: &Trace) -> String {
        format!(
            "AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}",
            self.number, self.description, trace.trace_id, trace.correlation_id, trace.timestamp
        )
    }

    /// The body of a failed token request.
    pub(crate) fn body(&self, trace: &Trace, claims: Option<&str>) -> Value {
        let mut body = Map::new();
        body.insert("error".into(), json!(self.error));
        body.insert("error_description".into(), json!(self.text(trace)));
        body.insert("error_codes".into(), json!([self.number]));
        body.insert("timestamp".into(), json!(trace.timestamp));
        body.insert("trace_id".into(), json!(trace.trace_id));
        body.insert("correlation_id".into(), json!(trace.correlation_id));
        body.insert(
            "error_uri".into(),
            json!(format!(
                "https://login.microsoftonline.com/error?code={}",
                self.number
            )),
        );
        if let Some(suberror) = self.suberror {
            body.insert("suberror".into(), json!(suberror));
        }
        if let Some(claims) = claims {
            body.insert("claims".into(), json!(claims));
        }
        Value::Object(body)
    }
}

/// The ids Entra puts on every error so that its support can find it.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    pub(crate) trace_id: Uuid,
    pub(crate) correlation_id: Uuid,
    pub(crate) timestamp: String,
}

impl Trace {
    /// New ids; `correlation_id` is the caller's `client-request-id` when it sent one.
    pub(crate) fn new(inner: &crate::sandbox::Inner, correlation_id: Option<Uuid>) -> Self {
        Self {
            trace_id: inner.random_uuid(),
            correlation_id: correlation_id.unwrap_or_else(|| inner.random_uuid()),
            timestamp: stamp(inner.now()),
        }
    }
}

fn stamp(now: Timestamp) -> String {
    now.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
