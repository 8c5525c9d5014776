//! What an error answer of the proxy means: the state is brought up to date, and the error has the reference's message.

use crate::error::request;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, Text, UNDEFINED, Value, list, new_list, t, text, throw_again};
use crate::{api, sign_in};

/// Code of the gateway's answer when the provider no longer accepts the credential.
const NEEDS_RECONNECT: Text = t!(paragon_wire::ErrorCode::CredentialNeedsReconnect.as_str());

/// The answer `reply` is an error: the context is the instance. Never gives a value.
pub(crate) fn refused(context: Value, reply: Value) -> Outcome {
    let sdk = Sdk(context);
    let is_json = reply.get(t!("isJson")).is_true();
    let body = if is_json {
        reply.tell(t!("json"), UNDEFINED, UNDEFINED)
    } else {
        UNDEFINED
    };
    let error = proxy_error(reply, body);
    if api::ends_session(sdk, reply, body) {
        // A failure of the refresh itself is what the app hears.
        return Ok(sign_in::refresh_user(sdk)?.then(Step::RequestError, list![sdk.0, error]));
    }
    if body.get(t!("code")).is(NEEDS_RECONNECT) {
        // App and portal see the broken connection at once; the app gets this error in any case.
        let refreshed = sign_in::refresh_user(sdk)?;
        return Ok(refreshed.then_or(
            Step::RequestErrorShown,
            Step::RequestError,
            list![sdk.0, error],
        ));
    }
    Err(throw_again(error))
}

/// The user is up to date: now the error of the context.
pub(crate) fn error(context: Value, _: Value) -> Outcome {
    Err(throw_again(context.at(1)))
}

/// [`error`], and the portal shows the change.
pub(crate) fn error_shown(context: Value, _: Value) -> Outcome {
    Sdk(context.at(0)).state_changed();
    error(context, UNDEFINED)
}

/// The error of a proxy answer, with the reference's message and fields.
fn proxy_error(reply: Value, body: Value) -> Value {
    let fields = api::reply_fields(reply, body);
    let shown = if body.is_undefined() {
        reply.get(t!("response"))
    } else if body.is_record() {
        body.merged(UNDEFINED)
    } else {
        body
    };
    if body.is_record() {
        shown.remove(t!("headers"));
    }
    request(message_of(reply, body), fields.set(t!("response"), shown)).caught()
}

fn message_of(reply: Value, body: Value) -> Value {
    if body.is_undefined() {
        return reply.get(t!("text"));
    }
    let meta = body.get(t!("meta"));
    if meta.get(t!("isIntegrationError")).is_true() {
        return meta.json();
    }
    let message = body.get(t!("message"));
    if message.is_text() {
        return message;
    }
    if reply.get(t!("status")).to_int() == 400 && message.is_list() {
        let parts = new_list();
        flatten(message, parts);
        return parts.tell(t!("join"), text(t!(", ")), UNDEFINED);
    }
    body.json()
}

/// Validation messages: strings, and of objects the values of `constraints`, then those of `children`.
fn flatten(messages: Value, parts: Value) {
    for message in messages.iter() {
        if message.is_text() {
            parts.push(message);
            continue;
        }
        let constraints = message.get(t!("constraints"));
        for key in constraints.keys().iter() {
            let part = constraints.own(key);
            if part.is_text() {
                parts.push(part);
            }
        }
        flatten(message.items(t!("children")), parts);
    }
}
