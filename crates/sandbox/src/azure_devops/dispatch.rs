//! From a request to the host that answers it.

use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use super::call::Call;
use super::errors::ApiError;
use super::query::Query;
use super::reply::{Content, Reply};
use super::version::ApiVersion;
use super::{APP, DEV, VSSPS, accounts, auth, discovery, faces, routes};
use crate::Inner;
use crate::state::{Face, ForcedAnswer};

/// Marks an answer that is held back, within the simulator.
pub(super) const HELD: &str = "x-sandbox-held";

/// A request as it came in.
pub(crate) struct Incoming<'a> {
    pub(crate) method: Method,
    /// Undecoded path, beginning with the host segment.
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// Answers a request to any simulated Azure DevOps host.
pub(crate) fn serve(inner: &Inner, incoming: &Incoming<'_>) -> Response {
    let query = Query::parse(incoming.query);
    let version = ApiVersion::of(&incoming.method, &query, incoming.headers);
    let echo = version
        .as_ref()
        .map_or_else(|_| "7.1".to_owned(), |version| version.text.clone());
    let reply = reply(inner, incoming, query, version);
    let reply = if incoming.method == Method::HEAD {
        Reply {
            content: Content::Empty,
            ..reply
        }
    } else {
        reply
    };
    let reply = reply
        .with("activityid", &inner.random_uuid().to_string())
        .with("x-frame-options", "SAMEORIGIN");
    reply.into_http(&echo)
}

fn reply(
    inner: &Inner,
    incoming: &Incoming<'_>,
    query: Query,
    version: Result<ApiVersion, ApiError>,
) -> Reply {
    // Empty segments are dropped: some clients write `//` where a team would stand.
    let decoded = incoming
        .path
        .split('/')
        .filter(|segment| !segment.is_empty());
    let segments: Vec<String> = decoded
        .map(|text| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        })
        .collect();
    match segments.first().map(String::as_str) {
        Some(APP) => app_host(inner, incoming, &segments[1..], &query, version),
        Some(VSSPS) => vssps_host(inner, incoming, &segments[1..]),
        Some(DEV) => organization_host(inner, incoming, &segments[1..], query, version),
        _ => no_route(incoming.path).reply(),
    }
}

/// The text answer of the routing layer.
pub(crate) fn no_route(path: &str) -> ApiError {
    ApiError::NoRoute(format!(
        "The controller for path '{path}' was not found or does not implement IController."
    ))
}

fn vssps_host(inner: &Inner, incoming: &Incoming<'_>, segments: &[String]) -> Reply {
    let directory = segments
        .first()
        .and_then(|name| inner.read().organization(name).map(|one| one.directory));
    let reply = no_route(incoming.path).reply();
    match directory {
        Some(directory) => reply.with("x-vss-resourcetenant", &directory.to_string()),
        None => reply,
    }
}

fn app_host(
    inner: &Inner,
    incoming: &Incoming<'_>,
    segments: &[String],
    query: &Query,
    version: Result<ApiVersion, ApiError>,
) -> Reply {
    let lower: Vec<String> = segments
        .iter()
        .map(|text| text.to_ascii_lowercase())
        .collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let forced = take_forced(inner, incoming);
    if let Some(reply) = forced.and_then(|forced| faces::forced(inner, &forced, "", "common")) {
        return reply;
    }
    let caller = match auth::authenticate(inner, &incoming.method, incoming.headers, None) {
        Ok(caller) => caller,
        Err(reply) => return *reply,
    };
    let answer = version.and_then(|_| match (incoming.method.as_str(), lower.as_slice()) {
        ("GET", ["_apis", "profile", "profiles", who]) => accounts::profile(inner, &caller, who),
        ("GET", ["_apis", "accounts"]) => accounts::accounts(inner, &caller, query),
        _ => Err(no_route(incoming.path)),
    });
    answer.unwrap_or_else(|error| error.reply())
}

/// The first forced answer that is for this request.
fn take_forced(inner: &Inner, incoming: &Incoming<'_>) -> Option<ForcedAnswer> {
    let answers = &mut inner.write().knobs.next_answers;
    let method = incoming.method.as_str();
    let at = answers
        .iter()
        .position(|answer| answer.is_for(method, incoming.path))?;
    answers.remove(at)
}

fn organization_host(
    inner: &Inner,
    incoming: &Incoming<'_>,
    segments: &[String],
    query: Query,
    version: Result<ApiVersion, ApiError>,
) -> Reply {
    let Some((name, below)) = segments.split_first() else {
        return no_route(incoming.path).reply();
    };
    let found = inner
        .read()
        .organization(name)
        .map(|one| (one.name.clone(), one.directory));
    let Some((name, directory)) = found else {
        return Reply::text(
            StatusCode::NOT_FOUND,
            "The resource cannot be found.".to_owned(),
        );
    };
    // The organization's own page: who is not signed in learns its directory.
    if below.is_empty() && matches!(incoming.method, Method::GET | Method::HEAD) {
        return auth::anonymous(inner, incoming.headers, Some(&name));
    }
    let at = below
        .iter()
        .take(3)
        .position(|segment| segment.eq_ignore_ascii_case("_apis"));
    let Some(at) = at else {
        return no_route(incoming.path).reply();
    };
    let rest = &below[at + 1..];
    let area = rest.first().map(|text| text.to_ascii_lowercase());
    // Discovery is open to everybody and is no target of forced answers, else clients fail before the call under test.
    if incoming.method == Method::OPTIONS {
        return discovery::locations(area.as_deref());
    }
    if area.as_deref() == Some("resourceareas") {
        return discovery::resource_areas(inner, &name, rest.get(1).map(String::as_str));
    }
    let forced = take_forced(inner, incoming);
    if let Some(reply) = forced
        .as_ref()
        .and_then(|forced| faces::forced(inner, forced, &name, &directory.to_string()))
    {
        return reply;
    }
    let caller = match auth::authenticate(inner, &incoming.method, incoming.headers, Some(&name)) {
        Ok(caller) => caller,
        Err(reply) => return *reply,
    };
    let call = version.map(|version| Call {
        inner,
        method: incoming.method.clone(),
        organization: name,
        place: below[..at].to_vec(),
        rest: rest.to_vec(),
        query,
        headers: incoming.headers,
        body: incoming.body,
        version,
        caller,
    });
    let reply = call
        .and_then(|call| routes::route(&call, incoming.path))
        .unwrap_or_else(|error| error.reply());
    match forced {
        Some(forced) if forced.face == Face::Delayed => faces::slowed(inner, reply, &forced),
        Some(forced) if forced.face == Face::AnswerLost => faces::lost(),
        Some(forced) if forced.face == Face::AnswerHeld => reply.with(HELD, "true"),
        _ => reply,
    }
}
