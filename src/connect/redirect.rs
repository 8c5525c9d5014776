//! Where the browser opens no popup: the flow goes on in the app's own window, which comes back to a page of the app.

use super::attempt::{is_gateway, send};
use super::gateway::{described, start_url};
use crate::error::blocked;
use crate::steps::Step;
use crate::value::{
    GLOBAL, Outcome, Thrown, UNDEFINED, Value, function, promise, random_id, t, text,
};

/// The error of an attempt whose popup the browser did not open; `retry` is for the next click.
pub(crate) fn popup_blocked(attempt: Value, retry: Value) -> Thrown {
    let redirect = if is_gateway(attempt) {
        function(Step::RedirectAsked, attempt)
    } else {
        UNDEFINED
    };
    blocked(retry, redirect)
}

/// The app's `redirect`: leaves for the sign-in, and comes back to `page` (absent: to where the window is).
pub(crate) fn asked(attempt: Value, page: Value) -> Outcome {
    Ok(promise(begin(attempt, page)))
}

fn begin(attempt: Value, page: Value) -> Outcome {
    attempt.set(t!("id"), random_id()?);
    let url = start_url(attempt)?;
    let here = GLOBAL.get(t!("location")).get(t!("href"));
    let flow = described(attempt).set(t!("returnTo"), page.non_empty().unwrap_or(here));
    let registered = send(attempt, t!("POST"), text(t!("/sdk/flows")), flow);
    Ok(registered.then(Step::RedirectRegistered, url))
}

/// The server knows the flow: the window leaves for its first page.
pub(crate) fn registered(url: Value, _: Value) -> Outcome {
    GLOBAL
        .get(t!("location"))
        .invoke(t!("assign"), url, UNDEFINED, UNDEFINED)
}
