//! `request()`: the provider's API through the proxy.
//!
//! The engine sends it (`pkg/lib/wire.js`), so that no body is copied into WebAssembly memory. Decided here: which
//! paths are asked for, what an error answer means, and what is sent again.

mod answer;
mod retry;

use crate::error::refuse;
use crate::sdk::Sdk;
use crate::steps::Step;
use crate::value::{Outcome, Value, fill, function, new_object, t};
use crate::{options, path, services};

pub(crate) use self::answer::{error, error_shown, refused};
pub(crate) use self::retry::wait;

/// Calls the provider of `integration` at `given`; gives the promise.
pub(crate) fn request(sdk: Sdk, integration: Value, given: Value, options: Value) -> Outcome {
    let auth = sdk.auth()?;
    if integration.non_empty().is_none() {
        return refuse(t!("integration_missing"), t!("Integration is required."));
    }
    let path = auth.path(fill!(
        t!("/sdk/proxy/{%}{}"),
        integration,
        path::rooted(given)?
    ));
    check_response_type(options.get(t!("responseType")))?;
    let job = new_object()
        .set(t!("url"), fill!(t!("{}{}"), sdk.url(services::PROXY), path))
        .set(t!("token"), auth.token())
        .set(t!("options"), options)
        .add(t!("timeout"), options::duration(options, t!("timeout"))?)
        .set(t!("refused"), refuser(sdk));
    if let Some(policy) = retry::policy(options)? {
        job.set(t!("wait"), function(Step::RequestFailed, policy));
    }
    sdk.get(t!("wire")).invoke(
        t!("request"),
        job,
        crate::value::UNDEFINED,
        crate::value::UNDEFINED,
    )
}

/// What a bad answer means, as a function: made once for an instance.
fn refuser(sdk: Sdk) -> Value {
    let known = sdk.get(t!("refused"));
    if known.is_true() {
        return known;
    }
    let refuser = function(Step::RequestRefused, sdk.0);
    sdk.set(t!("refused"), refuser);
    refuser
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
