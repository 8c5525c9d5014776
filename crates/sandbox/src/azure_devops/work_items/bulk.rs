//! Several requests in one: `$batch`.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Map, Value, json};

use super::super::call::Call;
use super::super::dispatch;
use super::super::errors::{ApiError, bad_argument};
use super::super::query::Query;
use super::super::reply::{Content, Reply};
use super::super::routes;
use super::super::version::ApiVersion;
use super::read::MAX_IDS;

/// `POST _apis/wit/$batch`: each part is answered on its own; a part that fails does not undo the others.
pub(crate) fn run(call: &Call<'_>) -> Result<Reply, ApiError> {
    let invalid = || bad_argument("The body must be a list of requests.");
    let Ok(Value::Array(parts)) = serde_json::from_slice(call.body) else {
        return Err(invalid());
    };
    if parts.len() > MAX_IDS {
        return Err(bad_argument(format!(
            "A batch can hold at most {MAX_IDS} requests."
        )));
    }
    let mut rows = Vec::new();
    for part in &parts {
        let Value::Object(part) = part else {
            return Err(invalid());
        };
        rows.push(row(
            part_reply(call, part).unwrap_or_else(|error| error.reply())
        ));
    }
    Ok(Reply::list(rows))
}

fn row(reply: Reply) -> Value {
    let body = match reply.content {
        Content::Json(value) => value.to_string(),
        Content::Text(_, text) => text,
        Content::Empty | Content::Bytes(_) | Content::Filler(_) => String::new(),
    };
    json!({"code": reply.status.as_u16(), "headers": {"Content-Type": "application/json; charset=utf-8"}, "body": body})
}

fn part_reply(call: &Call<'_>, part: &Map<String, Value>) -> Result<Reply, ApiError> {
    let text = |name: &str| part.get(name).and_then(Value::as_str);
    let method = text("method").and_then(|name| name.to_ascii_uppercase().parse::<Method>().ok());
    let (Some(method), Some(uri)) = (method, text("uri")) else {
        return Err(bad_argument(
            "Each request of a batch needs a method and an uri.",
        ));
    };
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments: Vec<String> = segments
        .map(|segment| {
            percent_encoding::percent_decode_str(segment)
                .decode_utf8_lossy()
                .into_owned()
        })
        .collect();
    let at = segments
        .iter()
        .take(3)
        .position(|segment| segment.eq_ignore_ascii_case("_apis"))
        .ok_or_else(|| dispatch::no_route(path))?;
    let rest = segments[at + 1..].to_vec();
    if rest
        .get(1)
        .is_some_and(|word| word.eq_ignore_ascii_case("$batch"))
    {
        return Err(bad_argument("A batch cannot hold a batch."));
    }
    let query = Query::parse(query);
    let headers = headers(part);
    let body = part.get("body").map(Value::to_string).unwrap_or_default();
    let inner = Call {
        inner: call.inner,
        version: ApiVersion::of(&method, &query, &headers)?,
        method,
        organization: call.organization.clone(),
        place: segments[..at].to_vec(),
        rest,
        query,
        headers: &headers,
        body: body.as_bytes(),
        caller: call.caller.clone(),
    };
    routes::route(&inner, path)
}

fn headers(part: &Map<String, Value>) -> HeaderMap {
    let given = part.get("headers").and_then(Value::as_object);
    let pairs = given.into_iter().flatten().filter_map(|(name, value)| {
        Some((
            HeaderName::try_from(name).ok()?,
            HeaderValue::from_str(value.as_str()?).ok()?,
        ))
    });
    pairs.collect()
}
