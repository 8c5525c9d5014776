//! What an error answer of Azure DevOps means to the caller: one code a kind, the provider's own words beside it.
//!
//! Source: <https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits> for throttling; the statuses of the
//! rest are those of the work item endpoints.

use http::StatusCode;
use paragon_wire::{ErrorCode, ProviderError};
use serde_json::Value;

use super::provider::ProviderAnswer;
use crate::error::ApiError;
use crate::proxy::headers::{self, retry_after};

/// Longest message of the provider that is passed on.
const MAX_MESSAGE_CHARS: usize = 1000;

/// The error for an answer that is no success.
pub fn refusal(answer: &ProviderAnswer) -> ApiError {
    let wait = retry_after(&answer.headers);
    let code = code(answer.status, wait.is_some());
    let provider = provider_error(answer);
    let text = format!("{}: {}", sentence(code), provider.message);
    ApiError::new(code, text)
        .with_retry_after(wait)
        .with_provider(provider)
}

/// 503 with a time to wait is the provider's other way to throttle.
fn code(status: StatusCode, has_wait: bool) -> ErrorCode {
    match status {
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::ProviderThrottled,
        StatusCode::SERVICE_UNAVAILABLE if has_wait => ErrorCode::ProviderThrottled,
        StatusCode::FORBIDDEN => ErrorCode::ProviderForbidden,
        StatusCode::NOT_FOUND => ErrorCode::ProviderNotFound,
        StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED => ErrorCode::ProviderConflict,
        status if status.is_client_error() => ErrorCode::ProviderRejected,
        _ => ErrorCode::ProviderUnavailable,
    }
}

fn sentence(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::ProviderThrottled => "Azure DevOps limits the request rate",
        ErrorCode::ProviderForbidden => "Azure DevOps does not allow this account to do this",
        ErrorCode::ProviderNotFound => {
            "Azure DevOps did not find it, or this account has no access to it"
        }
        ErrorCode::ProviderConflict => "someone else changed the work item; read it again",
        ErrorCode::ProviderRejected => "Azure DevOps refuses the request",
        _ => "Azure DevOps is failing; try again",
    }
}

fn provider_error(answer: &ProviderAnswer) -> ProviderError {
    let header = |name: &str| {
        let value = answer.headers.get(name)?.to_str().ok()?;
        Some(clean(value, 100))
    };
    let type_key = answer
        .json
        .as_ref()
        .and_then(|body| body["typeKey"].as_str());
    let message = message(answer).unwrap_or_else(|| format!("status {}", answer.status.as_u16()));
    ProviderError {
        status: answer.status.as_u16(),
        code: type_key.map(|key| clean(key, 100)),
        message: clean(&message, MAX_MESSAGE_CHARS),
        request_id: header("activityid"),
    }
}

/// Every broken rule; else `message`, `value.Message`, or the body if it is plain text.
fn message(answer: &ProviderAnswer) -> Option<String> {
    let Some(body) = &answer.json else {
        return plain_text(answer);
    };
    let rules = body["customProperties"]["RuleValidationErrors"].as_array();
    let mut broken: Vec<&str> = rules
        .into_iter()
        .flatten()
        .filter_map(|rule| rule["errorMessage"].as_str())
        .collect();
    broken.dedup();
    if !broken.is_empty() {
        return Some(broken.join(" "));
    }
    let text = |value: &Value| {
        value
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    text(&body["message"]).or_else(|| text(&body["value"]["Message"]))
}

fn plain_text(answer: &ProviderAnswer) -> Option<String> {
    let kind = answer
        .headers
        .get(http::header::CONTENT_TYPE)?
        .to_str()
        .ok()?;
    let is_text = kind.starts_with("text/plain") || headers::is_json(kind);
    let text = String::from_utf8_lossy(&answer.text);
    (is_text && !text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// The provider's words go into answers and the log: no control characters, not without end.
fn clean(text: &str, most: usize) -> String {
    let signs = text.chars().filter(|sign| !sign.is_control());
    signs.take(most).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use http::HeaderMap;
    use serde_json::json;

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)], text: &str) -> ProviderAnswer {
        let pairs = headers.iter().map(|(name, value)| {
            (
                http::HeaderName::from_static(name),
                http::HeaderValue::from_static(value),
            )
        });
        ProviderAnswer {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: pairs.collect::<HeaderMap>(),
            json: serde_json::from_str(text).ok(),
            text: Bytes::copy_from_slice(text.as_bytes()),
        }
    }

    #[test]
    fn each_status_has_its_code() {
        for (status, code) in [
            (400, ErrorCode::ProviderRejected),
            (403, ErrorCode::ProviderForbidden),
            (404, ErrorCode::ProviderNotFound),
            (409, ErrorCode::ProviderConflict),
            (412, ErrorCode::ProviderConflict),
            (415, ErrorCode::ProviderRejected),
            (429, ErrorCode::ProviderThrottled),
            (500, ErrorCode::ProviderUnavailable),
            (503, ErrorCode::ProviderUnavailable),
        ] {
            let error = refusal(&answer(status, &[], ""));
            assert_eq!(error.code, code, "{status}");
            assert_eq!(
                error.provider.map(|one| one.message),
                Some(format!("status {status}"))
            );
        }
        let throttled = refusal(&answer(503, &[("retry-after", "7")], ""));
        assert_eq!(throttled.code, ErrorCode::ProviderThrottled);
        assert_eq!(throttled.retry_after, Some(Duration::from_secs(7)));
    }

    #[test]
    fn the_providers_words_are_found_in_every_shape() {
        let said = |text: &str| {
            provider_error(&answer(400, &[("content-type", "text/plain")], text)).message
        };
        assert_eq!(said("{\"message\":\"TF1\"}"), "TF1");
        assert_eq!(said("{\"count\":1,\"value\":{\"Message\":\"VS2\"}}"), "VS2");
        assert_eq!(
            said("The controller was not found"),
            "The controller was not found"
        );
        let rules = json!({"message": "one", "customProperties": {"RuleValidationErrors": [
            {"errorMessage": "one"}, {"errorMessage": "two"}, {}]}});
        assert_eq!(said(&rules.to_string()), "one two");
        let page = answer(400, &[("content-type", "text/html")], "<h1>");
        assert_eq!(provider_error(&page).message, "status 400");
    }

    #[test]
    fn the_providers_words_cannot_forge_log_lines() {
        let long =
            json!({"message": format!("a\r\nb\u{1b}[2J{}", "x".repeat(5000)), "typeKey": "K\n"});
        let error = provider_error(&answer(400, &[("activityid", "id-1")], &long.to_string()));
        assert!(error.message.starts_with("ab[2Jx") && error.message.chars().count() == 1000);
        assert_eq!(
            (error.code.as_deref(), error.request_id.as_deref()),
            (Some("K"), Some("id-1"))
        );
    }
}
