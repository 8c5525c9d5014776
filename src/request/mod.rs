//! `request()`: the provider's API through the proxy.
//!
//! The engine sends it (`pkg/lib/wire.js`), so that no body is copied into WebAssembly memory. Decided here: which
//! paths are asked for, what an error answer means, and what is sent again. From a user's second request of an
//! integration on, plain ones do not come here (`pkg/lib/usual_request.js`).

mod answer;
mod retry;

use crate::error::refuse;
use crate::sdk::{Auth, Sdk};
use crate::steps::Step;
use crate::value::{Outcome, UNDEFINED, Value, fill, function, list, new_object, t};
use crate::{options, path, services};

pub(crate) use self::answer::{error, error_shown, refused};
pub(crate) use self::retry::wait;

/// Calls the provider of `integration` at `given`; gives the promise.
pub(crate) fn request(sdk: Sdk, integration: Value, given: Value, options: Value) -> Outcome {
    let auth = sdk.auth()?;
    if integration.non_empty().is_none() {
        return refuse(t!("integration_missing"), t!("Integration is required."));
    }
    let path = path::rooted(given)?;
    let url = fill!(t!("{}{}"), prefix(sdk, auth, integration), path);
    check_response_type(options.get(t!("responseType")))?;
    let timeout = options::duration(options, t!("timeout"))?;
    let wait = retry::policy(options)?.map(|policy| function(Step::RequestFailed, policy));
    let (wire, token) = (sdk.get(t!("wire")), auth.token());
    let job = list![options, timeout, wait.unwrap_or(UNDEFINED)];
    wire.invoke(t!("requestWithin"), url, token, job)
}

/// What stands before the path in URLs of `integration`: made once for a signed-in user.
fn prefix(sdk: Sdk, auth: Auth, integration: Value) -> Value {
    let prefixes = auth.0.get(t!("prefixes"));
    let known = prefixes.own(integration);
    if !known.is_undefined() {
        return known;
    }
    let made = fill!(
        t!("{}/projects/{%}/sdk/proxy/{%}"),
        sdk.url(services::PROXY),
        auth.project(),
        integration
    );
    let prefixes = prefixes.or(new_object());
    prefixes.store(integration, made);
    auth.0.set(t!("prefixes"), prefixes);
    made
}

/// What a bad answer means, as a function for the wire.
pub(crate) fn refuser(sdk: Sdk) -> Value {
    function(Step::RequestRefused, sdk.0)
}

fn check_response_type(wanted: Value) -> Outcome {
    let known = [
        t!("json"),
        t!("text"),
        t!("blob"),
        t!("arrayBuffer"),
        t!("stream"),
        t!("response"),
    ];
    if wanted.is_undefined() || known.iter().any(|one| wanted.is(*one)) {
        return Ok(wanted);
    }
    refuse(
        t!("invalid_option"),
        t!("responseType must be json, text, blob, arrayBuffer, stream or response"),
    )
}
