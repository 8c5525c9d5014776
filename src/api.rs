//! API calls as the signed-in user: JSON in, JSON out.
//!
//! A call is an object: `method` and `path`; where they are needed `body`, `credential` and `configuration` (ids for
//! the headers), `headers` of the caller in any form that `fetch` takes, `service` (a name of [`crate::services`]),
//! `base` (a URL that wins over the service's), `skipsDefault` (whether the open portal's credential is left out) and
//! `isFresh` (whether it is sent though an identical read is under way).

use crate::error::{error, request};
use crate::sdk::{Auth, Sdk};
use crate::services;
use crate::steps::Step;
use crate::value::{Outcome, TRUE, Thrown, UNDEFINED, Value, fill, list, new_object, text};

/// A call of the main API.
pub(crate) fn call(method: &'static str, path: Value) -> Value {
    new_object().set("method", text(method)).set("path", path)
}

/// A call whose path goes on after the project's; `body` is sent as JSON unless it is `undefined`.
///
/// # Errors
/// Without a user.
#[inline(never)]
pub(crate) fn project_call(sdk: Sdk, method: &'static str, path: Value, body: Value) -> Outcome {
    Ok(call(method, sdk.auth()?.path(path)).add("body", body.json()))
}

/// Sends a call as the signed-in user; gives the promise of the answer, `undefined` where it has no JSON.
///
/// # Errors
/// Without a user, and for headers that the engine refuses.
pub(crate) fn send(sdk: Sdk, call: Value) -> Outcome {
    send_as(sdk, sdk.auth()?, call)
}

/// [`send`] for a user who may not be signed in yet.
pub(crate) fn send_as(sdk: Sdk, auth: Auth, call: Value) -> Outcome {
    let service = call.get("service");
    if service.is_undefined()
        && call.get("credential").is_undefined()
        && !call.get("skipsDefault").is_true()
    {
        call.set("credential", crate::connect::default_credential(sdk));
    }
    let base = call
        .get("base")
        .or(sdk.get("services").own(service))
        .or(sdk.url(services::API));
    let url = fill!("{}{}", base, call.get("path"));
    let reply = sdk.get("wire").invoke("send", url, auth.token(), call)?;
    Ok(reply.then(Step::ApiAnswered, list![sdk.0, sdk.get("epoch")]))
}

/// The answer of a call, as its promise gives it: context is the instance and its epoch.
pub(crate) fn answered(context: Value, reply: Value) -> Outcome {
    let (sdk, epoch) = (Sdk(context.at(0)), context.at(1));
    let body = reply.invoke("json", UNDEFINED, UNDEFINED, UNDEFINED)?;
    if reply.get("ok").is_true() {
        return Ok(body);
    }
    if ends_session(sdk, reply, body) && sdk.is_epoch(epoch) {
        sdk.logout();
    }
    Err(api_error(reply, body))
}

/// `answer`, which must be an object; else an error that says `missing`.
pub(crate) fn require_object(answer: Value, missing: Value) -> Outcome {
    answer
        .record()
        .ok_or_else(|| error("empty_answer", missing))
}

/// Whether an error answer says that the user token is no longer good.
///
/// The gateway names it by code. The cloud does not: there every 401 and 403 counts, except the reference's exempt
/// codes and errors of the integration.
pub(crate) fn ends_session(sdk: Sdk, reply: Value, body: Value) -> bool {
    let is_refusal = matches!(reply.get("status").to_int(), 401 | 403);
    if !is_refusal || body.get("meta").get("isIntegrationError").is_true() {
        return false;
    }
    let code = body.get("code");
    if code.is("token_invalid") || code.is("token_expired") {
        return true;
    }
    let is_exempt = code.is("7210") || code.is("7003") || code.is("0704");
    let is_own = || {
        paragon_wire::ErrorCode::ALL
            .iter()
            .any(|known| code.is(known.as_str()))
    };
    !is_exempt && !sdk.is_gateway() && !is_own()
}

/// The error of an API call: the reference's message is the JSON text of the body, `{}` for what is no JSON.
fn api_error(reply: Value, body: Value) -> Thrown {
    let message = if body.is_undefined() {
        text("{}")
    } else {
        body.json()
    };
    request(message, reply_fields(reply, body))
}

/// What errors made from this answer carry.
pub(crate) fn reply_fields(reply: Value, body: Value) -> Value {
    reply.tell("fields", body, UNDEFINED)
}

/// Marks a call as one that is sent though an identical read is under way.
pub(crate) fn fresh(call: Value) -> Value {
    call.set("isFresh", TRUE)
}
