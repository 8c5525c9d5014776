//! The request steps: to the integration's API with the user's account, and to any public address.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use paragon_workflow::{ContentType, Method};
use serde_json::{Map, Value, json};

use super::change_log::{BegunChange, ChangeLog};
use super::step_error::step_error;
use crate::azure_devops::provider::{ProviderAccess, SendError, send_error};
use crate::azure_devops::refusal::refusal;
use crate::error::ApiError;
use crate::json_input;
use crate::proxy::egress::FetchLimits;
use crate::proxy::headers::retry_after;
use crate::proxy::{EgressClient, EgressError, ProxyError};
use paragon_azure_devops::actions::ProviderRequest;
use paragon_workflow::{Remedy, StepError};

const LIMITS: FetchLimits = FetchLimits {
    timeout: Duration::from_mins(1),
    body_bytes: 1 << 20,
};
/// Lets a receiver that knows it notice a request that comes a second time.
/// Source: draft-ietf-httpapi-idempotency-key-header
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// They belong to the connection, or decide where the request goes.
const KEPT: [HeaderName; 5] = [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, UPGRADE];
/// Longest part of an error answer that is told.
const MAX_MESSAGE_CHARS: usize = 300;

/// A request to the integration's API.
pub async fn to_integration(
    access: &ProviderAccess,
    method: Method,
    content_type: ContentType,
    fields: &Value,
    log: ChangeLog<'_>,
) -> Result<Value, StepError> {
    let content_type = match content_type {
        ContentType::Json => "application/json",
        ContentType::JsonPatch => "application/json-patch+json",
    };
    let body = &fields["body"];
    let request = ProviderRequest {
        method: http_method(method),
        path: text(fields, "path")?.to_owned(),
        body: (!body.is_null()).then(|| (content_type, body.clone())),
    };
    once(method, log, integration_answer(access, &request)).await
}

async fn integration_answer(
    access: &ProviderAccess,
    request: &ProviderRequest,
) -> Result<Value, Failure> {
    let answer = access
        .send(request)
        .await
        .map_err(|failure| match failure {
            SendError::Proxy(error) => Failure {
                is_lost: matches!(
                    error,
                    ProxyError::ProviderTimeout
                        | ProxyError::ProviderUnreachable(EgressError::Interrupted(_))
                ),
                is_gone: false,
                error: step_error(&error.into()),
            },
            failure @ SendError::Throttled { .. } => Failure {
                is_lost: false,
                is_gone: false,
                error: step_error(&send_error(failure)),
            },
            failure => Failure::lost(StepError::new("provider_unavailable", failure.to_string())),
        })?;
    if answer.status.is_success() {
        let body = answer.json.unwrap_or_else(|| text_of(&answer.text));
        return Ok(output(answer.status, &answer.headers, &body));
    }
    Err(Failure {
        is_lost: answer.status.is_server_error()
            && answer.status != StatusCode::SERVICE_UNAVAILABLE,
        is_gone: is_gone(answer.status),
        error: step_error(&refusal(&answer)),
    })
}

/// A request to a public address; `key` names this step of this run.
pub async fn to_anywhere(
    client: &EgressClient,
    method: Method,
    fields: &Value,
    key: &str,
    log: ChangeLog<'_>,
) -> Result<Value, StepError> {
    let request = request(method, fields, key)?;
    once(method, log, address_answer(client, request)).await
}

async fn address_answer(client: &EgressClient, request: Request<Bytes>) -> Result<Value, Failure> {
    let answer = client
        .fetch(request, LIMITS)
        .await
        .map_err(|error| unanswered(&error))?;
    let (parts, body) = answer.into_parts();
    if !parts.status.is_success() {
        return Err(Failure {
            is_lost: false,
            is_gone: is_gone(parts.status),
            error: refused(parts.status, &parts.headers, &body),
        });
    }
    let body = json_input::from_slice(&body).unwrap_or_else(|_| text_of(&body));
    Ok(output(parts.status, &parts.headers, &body))
}

/// Why there is no success.
struct Failure {
    /// The request may have been carried out.
    is_lost: bool,
    /// What it was about does not exist.
    is_gone: bool,
    error: StepError,
}

impl Failure {
    fn lost(error: StepError) -> Self {
        Self {
            is_lost: true,
            is_gone: false,
            error,
        }
    }
}

/// Sends a request that changes something so that it counts once. One that must not be made twice is not made again when
/// nobody knows whether it was made; a deletion whose object is gone at the second try was made at the first.
async fn once(
    method: Method,
    log: ChangeLog<'_>,
    answer: impl Future<Output = Result<Value, Failure>>,
) -> Result<Value, StepError> {
    let kept = |error: ApiError| step_error(&error);
    let is_change = method != Method::Get;
    let is_repeat = is_change && !log.begin(&BegunChange::default()).await.map_err(kept)?;
    if is_repeat && !method.is_idempotent() {
        return Err(unknown(
            "an earlier try of the request did not come to its end",
        ));
    }
    let failure = match answer.await {
        Ok(output) => return Ok(output),
        Err(failure) => failure,
    };
    if is_repeat && method == Method::Delete && failure.is_gone {
        return Ok(json!({ "status": 204, "headers": {}, "body": null }));
    }
    if failure.is_lost {
        return Err(lost(method, failure.error));
    }
    // It was refused, and will be tried again.
    if is_change && !is_repeat && failure.error.remedy != Remedy::None {
        log.clear().await.map_err(kept)?;
    }
    Err(failure.error)
}

fn is_gone(status: StatusCode) -> bool {
    matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE)
}

fn request(method: Method, fields: &Value, key: &str) -> Result<Request<Bytes>, StepError> {
    let url = text(fields, "url")?;
    let body = match &fields["body"] {
        Value::Null => Bytes::new(),
        Value::String(text) => Bytes::from(text.clone()),
        json => Bytes::from(json.to_string()),
    };
    let has_json = !fields["body"].is_null() && !fields["body"].is_string();
    let mut request = Request::builder()
        .method(http_method(method))
        .uri(url)
        .body(body)
        .map_err(|_| invalid("/do/url", "is not a URL"))?;
    let headers = request.headers_mut();
    if has_json {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let (false, Ok(key)) = (method == Method::Get, HeaderValue::from_str(key)) {
        headers.insert(IDEMPOTENCY_KEY, key);
    }
    let given = fields["headers"].as_object();
    for (name, value) in given.into_iter().flatten() {
        let place = format!("/do/headers/{name}");
        let name = name
            .parse::<HeaderName>()
            .map_err(|_| invalid(&place, "is not a header name"))?;
        if KEPT.contains(&name) {
            return Err(invalid(&place, "cannot be set"));
        }
        let value = value
            .as_str()
            .and_then(|text| HeaderValue::from_str(text).ok());
        // The value may hold a secret: it is not told.
        headers.insert(
            name,
            value.ok_or_else(|| invalid(&place, "must be one line of text"))?,
        );
    }
    Ok(request)
}

fn text<'a>(fields: &'a Value, name: &str) -> Result<&'a str, StepError> {
    fields[name]
        .as_str()
        .ok_or_else(|| invalid(&format!("/do/{name}"), "must be text"))
}

fn invalid(place: &str, reason: &str) -> StepError {
    StepError::new("invalid_request", format!("`{place}` {reason}"))
}

fn http_method(method: Method) -> http::Method {
    match method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Put => http::Method::PUT,
        Method::Patch => http::Method::PATCH,
        Method::Delete => http::Method::DELETE,
    }
}

fn lost(method: Method, error: StepError) -> StepError {
    if method.is_idempotent() {
        return error.with_remedy(Remedy::Retry { after_ms: None });
    }
    StepError {
        request_id: error.request_id,
        ..unknown(&error.message)
    }
}

fn unknown(why: &str) -> StepError {
    let text = format!(
        "{why}; it is unknown whether the request was processed, so it is not retried. Check, then replay the run or send it yourself"
    );
    StepError::new("outcome_unknown", text)
}

fn unanswered(error: &EgressError) -> Failure {
    let error = match error {
        EgressError::AddressRefused { .. } => StepError::new("address_refused", error.to_string()),
        EgressError::TooLarge { .. } => StepError::new("output_too_large", error.to_string()),
        EgressError::Unreachable(_) => StepError::new("unreachable", "the URL is unreachable")
            .with_remedy(Remedy::Retry { after_ms: None }),
        EgressError::Interrupted(_) | EgressError::Timeout => {
            return Failure::lost(StepError::new("unreachable", "no response arrived"));
        }
    };
    Failure {
        is_lost: false,
        is_gone: false,
        error,
    }
}

fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> StepError {
    let said: String = String::from_utf8_lossy(body)
        .chars()
        .filter(|sign| !sign.is_control())
        .take(MAX_MESSAGE_CHARS)
        .collect();
    let after_ms = retry_after(headers).and_then(|time| u64::try_from(time.as_millis()).ok());
    let remedy = match status {
        StatusCode::TOO_MANY_REQUESTS => Remedy::Throttled { after_ms },
        StatusCode::SERVICE_UNAVAILABLE => Remedy::Retry { after_ms },
        _ => Remedy::None,
    };
    StepError::new(
        "request_refused",
        format!("the URL responded with {}: {said}", status.as_u16()),
    )
    .with_remedy(remedy)
}

fn output(status: StatusCode, headers: &HeaderMap, body: &Value) -> Value {
    let headers = headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), Value::from(value.to_str().ok()?)))
    });
    let headers: Map<_, _> = headers.filter(|(name, _)| name != "set-cookie").collect();
    json!({ "status": status.as_u16(), "headers": headers, "body": body })
}

fn text_of(body: &[u8]) -> Value {
    match std::str::from_utf8(body) {
        Ok("") => Value::Null,
        Ok(text) => Value::from(text),
        Err(_) => Value::from("(not text)"),
    }
}
