//! `request()`: the provider's API through the proxy.
//!
//! The engine sends it (`pkg/lib/wire.js`), so that no body is copied into WebAssembly memory. Decided here: which
//! paths are asked for, what an error answer means, and what is sent again.

mod answer;
mod retry;

use crate::error::refuse;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, Value, fill, function, new_object};
use crate::{options, path, services};

pub(crate) use self::answer::{error, error_shown, refused};
pub(crate) use self::retry::wait;

/// Calls the provider of `integration` at `given`; gives the promise.
pub(crate) fn request(sdk: Sdk, integration: Value, given: Value, options: Value) -> Outcome {
    let auth = sdk.auth()?;
    if integration.non_empty().is_none() {
        return refuse("integration_missing", "Integration is required.");
    }
    let path = auth.path(fill!("/sdk/proxy/{%}{}", integration, path::rooted(given)?));
    check_response_type(options.get("responseType"))?;
    let job = new_object()
        .set("url", fill!("{}{}", sdk.url(services::PROXY), path))
        .set("token", auth.token())
        .set("options", options)
        .add("timeout", options::duration(options, "timeout")?)
        .set("refused", refuser(sdk));
    if let Some(policy) = retry::policy(options)? {
        job.set("wait", function(Step::RequestFailed, policy));
    }
    sdk.get("wire").invoke(
        "request",
        job,
        crate::value::UNDEFINED,
        crate::value::UNDEFINED,
    )
}

/// What a bad answer means, as a function: made once for an instance.
fn refuser(sdk: Sdk) -> Value {
    let known = sdk.get("refused");
    if known.is_true() {
        return known;
    }
    let refuser = function(Step::RequestRefused, sdk.0);
    sdk.set("refused", refuser);
    refuser
}

fn check_response_type(wanted: Value) -> Outcome {
    let known = ["json", "text", "blob", "arrayBuffer", "stream", "response"];
    if wanted.is_undefined() || known.iter().any(|one| wanted.is(one)) {
        return Ok(wanted);
    }
    refuse(
        "invalid_option",
        "responseType must be json, text, blob, arrayBuffer, stream or response",
    )
}
