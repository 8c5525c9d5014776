//! API calls as the signed-in user: JSON in, JSON out.
//!
//! A call is an object: `method` and `path`; where they are needed `body`, `credential` and `configuration` (ids for
//! the headers), `headers` of the caller in any form that `fetch` takes, `service` (a name of [`crate::services`]),
//! `base` (a URL that wins over the service's), `skipsDefault` (whether the open portal's credential is left out) and
//! `isFresh` (whether it is sent though an identical read is under way).

use paragon_wire::ErrorCode;

use crate::error::{error, request};
use crate::sdk::{Auth, Sdk};
use crate::services;
use crate::steps::Step;
use crate::value::{
    Outcome, TRUE, Text, Thrown, UNDEFINED, Value, fill, list, new_object, t, text,
};

/// A call of the main API.
pub(crate) fn call(method: Text, path: Value) -> Value {
    new_object()
        .set(t!("method"), text(method))
        .set(t!("path"), path)
}

/// A call whose path goes on after the project's; `body` is sent as JSON unless it is `undefined`.
///
/// # Errors
/// Without a user.
#[inline(never)]
pub(crate) fn project_call(sdk: Sdk, method: Text, path: Value, body: Value) -> Outcome {
    Ok(call(method, sdk.auth()?.path(path)).add(t!("body"), body.json()))
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
    let service = call.get(t!("service"));
    if service.is_undefined()
        && call.get(t!("credential")).is_undefined()
        && !call.get(t!("skipsDefault")).is_true()
    {
        call.set(t!("credential"), crate::connect::default_credential(sdk));
    }
    let base = call
        .get(t!("base"))
        .or(sdk.get(t!("services")).own(service))
        .or(sdk.url(services::API));
    let url = fill!(t!("{}{}"), base, call.get(t!("path")));
    let reply = sdk
        .get(t!("wire"))
        .invoke(t!("send"), url, auth.token(), call)?;
    Ok(reply.then(Step::ApiAnswered, list![sdk.0, sdk.get(t!("epoch"))]))
}

/// The answer of a call, as its promise gives it: context is the instance and its epoch.
pub(crate) fn answered(context: Value, reply: Value) -> Outcome {
    let (sdk, epoch) = (Sdk(context.at(0)), context.at(1));
    let body = reply.invoke(t!("json"), UNDEFINED, UNDEFINED, UNDEFINED)?;
    if reply.get(t!("ok")).is_true() {
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
        .ok_or_else(|| error(t!("empty_answer"), missing))
}

/// The codes that only a gateway gives.
const OWN_CODES: [Text; ErrorCode::OF_APPS.len()] = {
    let mut codes = [t!("internal"); ErrorCode::OF_APPS.len()];
    let mut index = 0;
    while index < codes.len() {
        codes[index] = Text::numbered(ErrorCode::OF_APPS[index].as_str());
        index += 1;
    }
    codes
};

/// Whether an error answer says that the user token is no longer good.
///
/// The gateway names it by code. The cloud does not: there every 401 and 403 counts, except the reference's exempt
/// codes and errors of the integration.
pub(crate) fn ends_session(sdk: Sdk, reply: Value, body: Value) -> bool {
    let is_refusal = matches!(reply.get(t!("status")).to_int(), 401 | 403);
    if !is_refusal || body.get(t!("meta")).get(t!("isIntegrationError")).is_true() {
        return false;
    }
    let code = body.get(t!("code"));
    if code.is(t!("token_invalid")) || code.is(t!("token_expired")) {
        return true;
    }
    let is_exempt = code.is(t!("7210")) || code.is(t!("7003")) || code.is(t!("0704"));
    let is_own = || OWN_CODES.iter().any(|known| code.is(*known));
    !is_exempt && !sdk.is_gateway() && !is_own()
}

/// The error of an API call: the reference's message is the JSON text of the body, `{}` for what is no JSON.
fn api_error(reply: Value, body: Value) -> Thrown {
    let message = if body.is_undefined() {
        text(t!("{}"))
    } else {
        body.json()
    };
    request(message, reply_fields(reply, body))
}

/// What errors made from this answer carry.
pub(crate) fn reply_fields(reply: Value, body: Value) -> Value {
    reply.tell(t!("fields"), body, UNDEFINED)
}

/// Marks a call as one that is sent though an identical read is under way.
pub(crate) fn fresh(call: Value) -> Value {
    call.set(t!("isFresh"), TRUE)
}
