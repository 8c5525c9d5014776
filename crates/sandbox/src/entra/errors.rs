//! The errors of Entra ID and the body they come in.

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::error_table::TABLE;

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

    /// The OAuth error code on the redirect URI, where Entra ID uses another one there than at its token endpoint.
    pub(crate) fn on_redirect(&self) -> &'static str {
        match self.number {
            50105 | 53003 | 65005 => "access_denied",
            _ => self.error,
        }
    }

    /// The `error_description` with its trailing trace lines.
    pub(crate) fn text(&self, trace: &Trace) -> String {
        format!(
            "AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}",
            self.number, self.description, trace.id, trace.correlation_id, trace.timestamp
        )
    }

    /// The body of a failed token request.
    pub(crate) fn body(&self, trace: &Trace, claims: Option<&str>) -> Value {
        let mut body = Map::new();
        body.insert("error".into(), json!(self.error));
        body.insert("error_description".into(), json!(self.text(trace)));
        body.insert("error_codes".into(), json!([self.number]));
        body.insert("timestamp".into(), json!(trace.timestamp));
        body.insert("trace_id".into(), json!(trace.id));
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
    pub(crate) id: Uuid,
    pub(crate) correlation_id: Uuid,
    pub(crate) timestamp: String,
}

impl Trace {
    /// New ids; `correlation_id` is the caller's `client-request-id` when it sent one.
    pub(crate) fn new(inner: &crate::Inner, correlation_id: Option<Uuid>) -> Self {
        Self {
            id: inner.random_uuid(),
            correlation_id: correlation_id.unwrap_or_else(|| inner.random_uuid()),
            timestamp: stamp(inner.now()),
        }
    }
}

fn stamp(now: Timestamp) -> String {
    now.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
