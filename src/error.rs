//! The errors of the SDK. Each is made as an instance of an exported class (`pkg/lib/errors.js`) and is pending until
//! the core returns. Texts that apps match on are the reference client's.

use crate::value::{self, Outcome, Text, Thrown, UNDEFINED, Value, new_object, t};

/// Wrong use, or an answer that makes no sense: a plain `Error` whose `code` names the mistake.
#[inline(never)]
pub(crate) fn error(code: Text, message: Value) -> Thrown {
    let fields = new_object().set(t!("code"), value::text(code));
    value::throw(t!("Error"), message, fields)
}

/// [`error`] as an outcome.
#[inline(never)]
pub(crate) fn fail<T>(code: Text, message: Value) -> Outcome<T> {
    Err(error(code, message))
}

/// [`fail`] with a text of the core's own.
#[inline(never)]
pub(crate) fn refuse<T>(code: Text, message: Text) -> Outcome<T> {
    Err(error(code, value::text(message)))
}

/// One of the classes that say it all: `UserNotAuthenticatedError`, `OAuthTimeoutError` …
#[inline(never)]
pub(crate) fn named(class: Text) -> Thrown {
    value::throw(class, UNDEFINED, UNDEFINED)
}

/// `IntegrationNotFoundError` or `IntegrationNotInstalledError`.
#[inline(never)]
pub(crate) fn about(class: Text, integration: Value) -> Thrown {
    value::throw(
        class,
        UNDEFINED,
        new_object().set(t!("integrationName"), integration),
    )
}

/// An API call of somebody who is not signed in.
pub(crate) fn no_user_for_request() -> Thrown {
    error(
        t!("user_not_authenticated"),
        value::text(t!(
            "Connect SDK attempted to make an API request, but no user was authenticated.\nCall paragon.authenticate(<projectId>, <user token>) before using the SDK."
        )),
    )
}

/// A server answered with an error; `fields` are `status`, `code`, `requestId`, `retryAfter`, `body`, `response`.
pub(crate) fn request(message: Value, fields: Value) -> Thrown {
    value::throw(t!("RequestError"), message, fields)
}

/// The user or the app ended the flow; `cause` is the reason of an abort.
pub(crate) fn cancelled(cause: Value) -> Thrown {
    value::throw(
        t!("OAuthCancelledError"),
        UNDEFINED,
        new_object().add(t!("cause"), cause),
    )
}

/// The server or the provider refused the flow.
pub(crate) fn flow_failed(code: Value, message: Value) -> Thrown {
    value::throw(
        t!("OAuthFailedError"),
        message,
        new_object().set(t!("code"), code),
    )
}

/// The browser refused to open the popup; `retry` is for the next click, `redirect` (against a gateway) needs no popup.
pub(crate) fn blocked(retry: Value, redirect: Value) -> Thrown {
    value::throw(
        t!("OAuthBlockedError"),
        UNDEFINED,
        new_object()
            .add(t!("retry"), retry)
            .add(t!("redirect"), redirect),
    )
}
