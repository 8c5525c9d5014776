//! The cloud's connect flow, as the reference client runs it: nonce page, authorization URL, messages, session key.
//!
//! Of an attempt, `authorizationUrl` is where the popup goes once its page has `isNonceLoaded`; `isExchanging` says
//! that the provider's answer came, `isPolling` that the session key is asked for; `closedTicks` counts the half
//! seconds for which the popup looks closed; `told` is the popup's message of a failure, which the portal is told in
//! place of the error.

use paragon_wire::flow::FlowStatus;

use super::attempt::{dispatch, is_over, over, refused, sdk_of, send};
use super::flow::{Event, name_of};
use super::{account_type_config, install_options, installed, popup};
use crate::integrations::is_custom_name;
use crate::services::{API, CONNECT, PASSPORT, PASSPORT_PRODUCTION};
use crate::steps::Step;
use crate::value::{
    FALSE, Outcome, TRUE, UNDEFINED, Value, fill, from_number, new_object, promise, t, text,
};
use crate::{credentials, host};

/// How often the session key is asked for.
const POLL_MS: f64 = 1_000.0;
/// Ticks of half a second for which a popup that looks closed is waited for.
const CLOSED_TICKS: f64 = 360.0;

/// Thirteen characters of base 36 from a random id.
pub(crate) fn session_key(id: Value) -> Value {
    let key = id.tell(t!("toLowerCase"), UNDEFINED, UNDEFINED).tell(
        t!("replaceAll"),
        text(t!("-")),
        text(t!("0")),
    );
    key.tell(t!("replaceAll"), text(t!("_")), text(t!("1")))
        .tell(t!("slice"), from_number(0.0), from_number(13.0))
}

/// A new window has to load the nonce page first.
pub(crate) fn window_is_new(attempt: Value) {
    attempt
        .set(t!("isNonceLoaded"), FALSE)
        .set(t!("closedTicks"), UNDEFINED);
}

fn integration_id(attempt: Value) -> Value {
    attempt.get(t!("wish")).get(t!("integration")).get(t!("id"))
}

/// The popup's first page. The cloud wants the token in its query.
pub(crate) fn nonce_url(attempt: Value) -> Outcome {
    let (sdk, name) = (sdk_of(attempt), attempt.get(t!("wish")).get(t!("name")));
    let auth = sdk.auth()?;
    let page = fill!(
        t!("/sdk/actions/oauth-nonce?action={}&integrationId={}"),
        name,
        integration_id(attempt)
    );
    let page = fill!(t!("{}{}"), sdk.url(API), auth.path(page));
    Ok(fill!(
        t!("{}&originForPostMessage={}&userToken={}"),
        page,
        host::page_origin(),
        auth.token()
    ))
}

/// Asks for the authorization URL.
pub(crate) fn build(attempt: Value) {
    promise(authorization_url(attempt)).then_or(Step::UrlBuilt, Step::ConnectRefused, attempt);
}

fn authorization_url(attempt: Value) -> Outcome {
    let sdk = sdk_of(attempt);
    let auth = sdk.auth()?;
    let path = auth.path(fill!(
        t!("/sdk/actions/build-oauth?{}"),
        build_query(attempt, auth.token())
    ));
    let headers = new_object()
        .set(t!("Content-Type"), text(t!("application/json")))
        .set(t!("Authorization"), fill!(t!("Bearer {}"), auth.token()));
    sdk.get(t!("wire")).invoke(
        t!("ask"),
        fill!(t!("{}/v2{}"), sdk.url(API), path),
        headers,
        UNDEFINED,
    )
}

fn build_query(attempt: Value, token: Value) -> Value {
    let wish = attempt.get(t!("wish"));
    let (options, integration) = (wish.get(t!("options")), wish.get(t!("integration")));
    let name = wish.get(t!("name"));
    let action = if is_custom_name(name) {
        text(t!("custom"))
    } else {
        name
    };
    let parameters = new_object();
    for one in account_type_config(integration, options)
        .items(t!("oauthParameters"))
        .iter()
    {
        let source = one.get(t!("source"));
        if source.get(t!("type")).is(t!("VALUE")) {
            parameters.store(one.get(t!("key")), source.get(t!("value")));
        }
    }
    let supplied = options.get(t!("endUserSuppliedValues"));
    let supplied = if supplied.is_undefined() {
        new_object()
    } else {
        supplied
    };
    let template = t!("action={%}&endUserSuppliedValues={%}&parameters={%}");
    let query = fill!(template, action, supplied.json(), parameters.json());
    let query = fill!(
        t!("{}&userToken={%}&integrationId={%}"),
        query,
        token,
        integration.get(t!("id"))
    );
    let redirect = options
        .get(t!("userProvidedIntegrationConfig"))
        .get(t!("overrideRedirectUrl"))
        .non_empty();
    let query = match redirect.or_else(|| options.get(t!("overrideRedirectUrl")).non_empty()) {
        Some(url) => fill!(t!("{}&redirectUrl={%}"), query, url),
        None => query,
    };
    let query = fill!(
        t!("{}&originForPostMessage={%}&isPreviewMode=false"),
        query,
        host::page_origin()
    );
    let install = wish.get(t!("installOptions")).json();
    fill!(
        t!("{}&installOptions={%}&oauthMetaKeyId={%}"),
        query,
        install,
        attempt.get(t!("id"))
    )
}

/// The answer with the authorization URL, or with the reason why there is none.
pub(crate) fn url_built(attempt: Value, reply: Value) -> Outcome {
    let body = reply.tell(t!("json"), UNDEFINED, UNDEFINED);
    if let Some(url) = body.get(t!("redirectUrl")).non_empty() {
        attempt.set(t!("authorizationUrl"), url);
        go_on(attempt);
        return Ok(UNDEFINED);
    }
    let error = new_object()
        .set(t!("body"), body)
        .set(t!("code"), body.get(t!("code")));
    refused(
        attempt,
        error.set(t!("message"), text(t!("Build Oauth URL fetch failure"))),
    )
}

/// Sends the popup to the provider once its page is ready and the URL is known.
fn go_on(attempt: Value) {
    if attempt.get(t!("isNonceLoaded")).is_true() && !is_over(attempt) {
        popup::go_to(
            attempt.get(t!("popup")),
            attempt.get(t!("authorizationUrl")),
        );
    }
}

/// A window message while the flow runs.
///
/// SECURITY: it counts only from the popup this attempt opened or from the origin of a configured service.
pub(crate) fn heard(attempt: Value, message: Value, is_from_popup: bool) -> Outcome {
    if !is_from_popup && !is_from_service(attempt, message.get(t!("origin"))) {
        return Ok(UNDEFINED);
    }
    let data = message.get(t!("data"));
    let kind = data.get(t!("type"));
    if kind.is(t!("oauth-nonce-loaded")) {
        attempt.set(t!("isNonceLoaded"), TRUE);
        go_on(attempt);
    } else if kind.is(t!("oauth_success_callback")) {
        exchange(attempt, data.get(t!("credential")));
    } else if kind.is(t!("oauth_error_callback")) {
        attempt.set(t!("told"), data);
        let answer = data.get(t!("errorResponse"));
        let message = text_of(answer)
            .or_else(|| text_of(data.get(t!("error"))))
            .unwrap_or(UNDEFINED);
        let code = answer
            .get(t!("code"))
            .non_empty()
            .unwrap_or_else(|| text(t!("oauth_failed")));
        return refused(
            attempt,
            new_object()
                .set(t!("code"), code)
                .set(t!("message"), message),
        );
    }
    Ok(UNDEFINED)
}

/// What an error says, in one of the forms that providers' errors come in.
fn text_of(error: Value) -> Option<Value> {
    error
        .non_empty()
        .or_else(|| error.get(t!("message")).non_empty())
}

fn is_from_service(attempt: Value, origin: Value) -> bool {
    let services = [API, CONNECT, PASSPORT, PASSPORT_PRODUCTION];
    let is_of = |service| {
        host::origin_of(sdk_of(attempt).url(service)).is_some_and(|known| known.same(origin))
    };
    services.into_iter().any(is_of)
}

/// Turns the provider's answer into a credential, once.
fn exchange(attempt: Value, answer: Value) {
    if attempt.get(t!("isExchanging")).is_true()
        || !answer
            .get(t!("integrationId"))
            .same(integration_id(attempt))
    {
        return;
    }
    attempt.set(t!("isExchanging"), TRUE);
    let options = install_options(attempt.get(t!("wish")).get(t!("options")));
    let created = installed::create_credential(sdk_of(attempt), answer, UNDEFINED, options);
    promise(created).then_or(Step::CloudConnected, Step::CloudRefused, attempt);
}

/// The provider's answer has become this credential, which need not be loaded.
pub(crate) fn connected(attempt: Value, credential: Value) -> Outcome {
    has_credential(attempt, credential.get(t!("id")), credential)
}

/// The server made no credential of the provider's answer: the app gets its error as it is.
pub(crate) fn credential_refused(attempt: Value, error: Value) -> Outcome {
    dispatch(
        attempt,
        Event::Refused,
        new_object().set(t!("thrown"), error),
    );
    Ok(UNDEFINED)
}

fn has_credential(attempt: Value, id: Value, created: Value) -> Outcome {
    if !is_over(attempt) {
        forget_session_key(attempt);
        let status = FlowStatus::Connected;
        let update = new_object()
            .set(t!("status"), text(name_of(status)))
            .set(t!("credentialId"), id);
        dispatch(
            attempt,
            Event::Update {
                status,
                has_credential: id.is_true(),
            },
            update.set(t!("created"), created),
        );
    }
    Ok(UNDEFINED)
}

fn session_path(attempt: Value) -> Value {
    fill!(t!("/sdk/actions/session-id/{}"), attempt.get(t!("id")))
}

/// Removes the session key from the server, if it was asked for.
pub(crate) fn forget_session_key(attempt: Value) {
    if attempt.get(t!("isPolling")).is_true() {
        let answer = send(attempt, t!("DELETE"), session_path(attempt), UNDEFINED);
        answer.then_or(Step::Done, Step::Done, UNDEFINED);
    }
}

/// Every half second: starts asking for the result where messages cannot be relied on; gives up long after the popup
/// looks closed.
pub(crate) fn tick(attempt: Value, looks_closed: bool) {
    let ticks = if looks_closed {
        attempt.get(t!("closedTicks")).to_number().max(0.0) + 1.0
    } else {
        0.0
    };
    attempt.set(t!("closedTicks"), from_number(ticks));
    if ticks > CLOSED_TICKS {
        dispatch(attempt, Event::TimeLimit, UNDEFINED);
        return;
    }
    // A window without opener cannot report either: the provider's pages cut it off.
    let is_silent = looks_closed || !attempt.get(t!("popup")).get(t!("opener")).is_object();
    if (is_silent || super::is_headless(sdk_of(attempt))) && !attempt.get(t!("isPolling")).is_true()
    {
        attempt.set(t!("isPolling"), TRUE);
        ask_session(attempt);
    }
}

fn ask_session(attempt: Value) {
    let answer = send(attempt, t!("GET"), session_path(attempt), UNDEFINED);
    // A failure is no answer either: asking goes on.
    answer.then_or(Step::SessionAnswered, Step::SessionAnswered, attempt);
}

/// The server says whether it has a credential for the session key.
pub(crate) fn session_answered(attempt: Value, answer: Value) -> Outcome {
    let id = answer.get(t!("connectCredentialId"));
    if id.is_text() && credentials::is_uuid(&id.to_bytes()) {
        return has_credential(attempt, id, UNDEFINED);
    }
    let waited =
        sdk_of(attempt)
            .get(t!("wire"))
            .tell(t!("pause"), from_number(POLL_MS), over(attempt));
    waited.then_or(Step::SessionWaited, Step::SessionWaited, attempt);
    Ok(UNDEFINED)
}

/// It is time to ask again, unless the attempt is over.
pub(crate) fn session_waited(attempt: Value, _: Value) -> Outcome {
    if !is_over(attempt) {
        ask_session(attempt);
    }
    Ok(UNDEFINED)
}
