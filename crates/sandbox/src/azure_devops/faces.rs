//! The shapes in which Azure DevOps refuses, delays and throttles.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::json;

use super::errors::{self, ApiError};
use super::reply::{Content, Reply};
use crate::Inner;
use crate::state::{Face, ForcedAnswer};

const REALM: &str = "Basic realm=\"https://tfsprodsandbox.app.visualstudio.com/\"";
const SIGN_IN_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>Azure DevOps Services | Sign In (simulator)</title></head>\
<body><h1>Sign in</h1><p>Simulator - not Microsoft. The request was not authenticated.</p></body></html>";

/// 401 with an empty body.
pub(crate) fn unauthorized() -> Reply {
    Reply::empty(StatusCode::UNAUTHORIZED).with("www-authenticate", REALM)
}

/// 401 with every way to sign in.
pub(crate) fn challenges(directory: &str) -> Reply {
    unauthorized_with(&format!(
        "Bearer authorization_uri=https://login.microsoftonline.com/{directory}"
    ))
    .with("www-authenticate", REALM)
    .with("www-authenticate", "TFS-Federated")
}

fn unauthorized_with(challenge: &str) -> Reply {
    Reply::empty(StatusCode::UNAUTHORIZED).with("www-authenticate", challenge)
}

/// 203 with the sign-in page.
pub(crate) fn sign_in_page() -> Reply {
    Reply {
        content: Content::Text("text/html; charset=utf-8", SIGN_IN_PAGE.to_owned()),
        ..Reply::empty(StatusCode::NON_AUTHORITATIVE_INFORMATION)
    }
}

/// 302 to the sign-in page.
pub(crate) fn redirect(inner: &Inner, organization: &str) -> Reply {
    Reply::empty(StatusCode::FOUND).with(
        "location",
        &inner.url("dev.azure.com", &format!("/{organization}/_signin")),
    )
}

/// 401 of continuous access evaluation, with the claims a refresh must carry.
fn insufficient_claims(now: Timestamp) -> Reply {
    let claims =
        json!({"access_token": {"nbf": {"essential": true, "value": now.as_second().to_string()}}})
            .to_string();
    let encoded = STANDARD.encode(claims);
    unauthorized_with(&format!(
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", error=\"insufficient_claims\", claims=\"{encoded}\""
    ))
}

/// The headers of a request that was slowed down or refused for its load.
fn load_headers(reply: Reply, now: Timestamp, forced: &ForcedAnswer) -> Reply {
    let reset = now.as_second() + 300;
    let seconds = forced.retry_after_seconds;
    let retry_after = if forced.retry_after_date {
        http_date(now, seconds)
    } else {
        seconds.to_string()
    };
    reply
        .with("retry-after", &retry_after)
        .with(
            "x-ratelimit-resource",
            "Services/Team Foundation/IP and user",
        )
        .with("x-ratelimit-delay", &format!("{seconds}.250"))
        .with("x-ratelimit-limit", "200")
        .with("x-ratelimit-remaining", "0")
        .with("x-ratelimit-reset", &reset.to_string())
}

const CONDITIONAL_ACCESS: &str = "VS403463: The conditional access policy defined by your Microsoft Entra administrator has failed.";
const THROTTLED: &str = "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.";

/// The forced answer; `None` when the request is to be served and only its answer changed.
pub(crate) fn forced(
    inner: &Inner,
    forced: &ForcedAnswer,
    organization: &str,
    directory: &str,
) -> Option<Reply> {
    let now = inner.now();
    Some(match forced.face {
        Face::SignInPage => sign_in_page(),
        Face::Unauthorized => unauthorized(),
        Face::Challenges => challenges(directory),
        Face::Redirect => redirect(inner, organization),
        Face::NotPermitted => errors::not_permitted("aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa").reply(),
        Face::ConditionalAccess => {
            errors::vss(401, "AccessCheckException", CONDITIONAL_ACCESS).reply()
        }
        Face::InsufficientClaims => insufficient_claims(now),
        Face::Throttled => load_headers(
            errors::vss(429, "RequestBlockedException", THROTTLED).reply(),
            now,
            forced,
        ),
        Face::ThrottledText => load_headers(
            Reply::text(StatusCode::TOO_MANY_REQUESTS, THROTTLED.to_owned()),
            now,
            forced,
        ),
        Face::Stopped => stopped(),
        Face::ServerError => errors::wit(
            500,
            "WorkItemTrackingQueryTimeoutException",
            "VS402335: The query took too long and was ended.",
        )
        .reply(),
        Face::BindingError => {
            ApiError::Binding("VS403426: The request could not be read.".to_owned()).reply()
        }
        Face::Delayed | Face::AnswerLost | Face::AnswerHeld => return None,
    })
}

/// Puts the headers of a delayed request on an answer.
pub(crate) fn slowed(inner: &Inner, reply: Reply, forced: &ForcedAnswer) -> Reply {
    load_headers(reply, inner.now(), forced)
}

/// The time `seconds` after `now`, as HTTP writes it (RFC 9110, 5.6.7).
fn http_date(now: Timestamp, seconds: u64) -> String {
    let after = std::time::Duration::from_secs(seconds);
    let then = now.saturating_add(after).unwrap_or(now);
    then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The request was served; its answer did not get through.
pub(crate) fn lost() -> Reply {
    Reply::text(StatusCode::BAD_GATEWAY, "Bad Gateway".to_owned())
}

fn stopped() -> Reply {
    let reply = errors::vss(503, "VssServiceException", "TF24668: The following team project collection is stopped. Start the collection and then try again.").reply();
    let Content::Json(body) = &reply.content else {
        return reply;
    };
    let text = format!("\u{feff}{body}");
    Reply {
        content: Content::Text("application/json; charset=utf-8", text),
        ..reply
    }
}
