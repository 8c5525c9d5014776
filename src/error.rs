//! What can go wrong, and its one conversion to a JavaScript `Error`.

use std::borrow::Cow;

use wasm_bindgen::prelude::*;

use crate::js;

#[wasm_bindgen(raw_module = "#errors")]
extern "C" {
    /// Makes an instance of the exported error class `kind` (plain `Error` where there is none) with these fields.
    #[wasm_bindgen(js_name = createError)]
    fn create_error(kind: &str, message: &str, fields: &JsValue) -> JsValue;
}

/// Every failure the app can see.
#[derive(Debug)]
pub(crate) enum ErrorKind {
    /// A method that needs a user was called without one.
    UserNotAuthenticated,
    /// An API call was made without a user.
    NoUserForRequest,
    /// The project has no integration of this name.
    IntegrationNotFound(String),
    /// The user has not connected this integration.
    IntegrationNotInstalled(String),
    /// A step of the install flow was called before the flow was started.
    NoActiveInstallFlow,
    /// The install flow was used without headless mode.
    HeadlessModeNotEnabled,
    /// The browser refused to open the popup; the value is a function for the next click.
    OAuthBlocked(JsValue),
    /// The flow took longer than the app allows.
    OAuthTimeout,
    /// The user or the app ended the flow; the value is the abort reason, if any.
    OAuthCancelled(JsValue),
    /// The server says the flow failed.
    OAuthFailed {
        /// One of the gateway's error codes, or the provider's.
        code: String,
        /// Text for a person.
        message: String,
    },
    /// The request took longer than its `timeout`.
    Timeout,
    /// A server answered with an error.
    Request {
        /// The reference client's text.
        message: String,
        /// `status`, `code`, `requestId`, `retryAfter`, `body`, `response`.
        fields: JsValue,
    },
    /// Wrong use, in the reference client's words.
    Usage {
        /// Machine-readable name of the mistake.
        code: &'static str,
        /// Text for the developer.
        message: String,
    },
    /// Something JavaScript threw: handed on as it is when it is an `Error`.
    Js(JsValue),
}

/// Result of an SDK operation.
pub(crate) type Outcome<T> = Result<T, SdkError>;

/// Wrong use named `code`; its text in parts.
#[inline(never)]
pub(crate) fn fail<T>(code: &'static str, parts: &[&str]) -> Outcome<T> {
    Err(SdkError::usage(code, parts.concat()))
}

/// A failure: one pointer, so that results stay small in every function they pass through.
#[derive(Debug)]
pub(crate) struct SdkError(Box<ErrorKind>);

impl From<ErrorKind> for SdkError {
    #[inline(never)]
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl std::fmt::Display for SdkError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0.message())
    }
}

impl SdkError {
    /// Wrong use named `code`.
    pub(crate) fn usage(code: &'static str, message: impl Into<String>) -> Self {
        ErrorKind::Usage {
            code,
            message: message.into(),
        }
        .into()
    }

    /// What happened.
    pub(crate) fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

impl ErrorKind {
    /// The exported class and the code of this error.
    fn class_and_code(&self) -> (&'static str, &str) {
        match self {
            Self::UserNotAuthenticated => ("UserNotAuthenticatedError", "user_not_authenticated"),
            Self::NoUserForRequest => ("Error", "user_not_authenticated"),
            Self::IntegrationNotFound(_) => ("IntegrationNotFoundError", "integration_not_found"),
            Self::NoActiveInstallFlow => ("NoActiveInstallFlowError", "no_active_install_flow"),
            Self::HeadlessModeNotEnabled => {
                ("HeadlessModeNotEnabledError", "headless_mode_not_enabled")
            }
            Self::IntegrationNotInstalled(_) => {
                ("IntegrationNotInstalledError", "integration_not_installed")
            }
            Self::OAuthBlocked(_) => ("OAuthBlockedError", "popup_blocked"),
            Self::OAuthTimeout => ("OAuthTimeoutError", "oauth_timeout"),
            Self::OAuthCancelled(_) => ("OAuthCancelledError", "oauth_cancelled"),
            Self::OAuthFailed { code, .. } => ("OAuthFailedError", code),
            Self::Timeout => ("TimeoutError", "timeout"),
            Self::Request { .. } => ("RequestError", ""),
            Self::Usage { code, .. } => ("Error", code),
            Self::Js(_) => ("Error", "unknown"),
        }
    }

    /// Text for a person. Those that apps match on are the reference client's.
    ///
    /// Written out: the formatting that a derived `Display` needs would be a thirtieth of the package.
    fn message(&self) -> Cow<'_, str> {
        Cow::Borrowed(match self {
            Self::UserNotAuthenticated => {
                "User not authenticated, Call paragon.authenticate(<projectId>, <user token>) before using the SDK."
            }
            Self::NoUserForRequest => {
                "Connect SDK attempted to make an API request, but no user was authenticated.\nCall paragon.authenticate(<projectId>, <user token>) before using the SDK."
            }
            Self::IntegrationNotFound(name) => {
                return ["Integration with name ", name, " not found"]
                    .concat()
                    .into();
            }
            Self::NoActiveInstallFlow => {
                "No active install flow, make sure you call installFlow.start(<integrationName>, ...args) before calling any other method"
            }
            Self::HeadlessModeNotEnabled => {
                "Headless mode is not enabled. Make sure you call `paragon.setHeadless(true)` as early as possible in your code."
            }
            Self::IntegrationNotInstalled(name) => {
                return ["Integration \"", name, "\" is not installed."]
                    .concat()
                    .into();
            }
            Self::OAuthBlocked(_) => "Popup was blocked by the browser.",
            Self::OAuthTimeout => "OAuth timeout",
            Self::OAuthCancelled(_) => "the connection was cancelled",
            Self::Timeout => "the request took longer than its timeout allows",
            Self::OAuthFailed { message, .. }
            | Self::Request { message, .. }
            | Self::Usage { message, .. } => message,
            Self::Js(_) => "JavaScript threw",
        })
    }

    fn fields(&self, code: &str) -> JsValue {
        let fields = match self {
            Self::Request { fields, .. } => return fields.clone(),
            Self::IntegrationNotFound(name) | Self::IntegrationNotInstalled(name) => js::object(&[
                ("integrationName", name.as_str().into()),
                (
                    "meta",
                    js::object(&[("integrationName", name.as_str().into())]),
                ),
            ]),
            Self::OAuthBlocked(retry) => js::object(&[("retry", retry.clone())]),
            Self::OAuthCancelled(cause) | Self::Js(cause) => {
                js::object(&[("cause", cause.clone())])
            }
            _ => js::object(&[]),
        };
        js::set(&fields, "code", &code.into());
        fields
    }
}

impl From<SdkError> for JsValue {
    #[inline(never)]
    fn from(error: SdkError) -> Self {
        let kind = error.kind();
        match kind {
            ErrorKind::Js(thrown) if is_error(thrown) => thrown.clone(),
            _ => {
                let (class, code) = kind.class_and_code();
                create_error(class, &kind.message(), &kind.fields(code))
            }
        }
    }
}

impl From<JsValue> for SdkError {
    #[inline(never)]
    fn from(thrown: JsValue) -> Self {
        ErrorKind::Js(thrown).into()
    }
}

/// An `Error`, or an abort reason: a `DOMException` is no `Error` subclass in every engine, yet apps test its `name`.
fn is_error(thrown: &JsValue) -> bool {
    thrown.is_instance_of::<js_sys::Error>() || js::text(thrown, "name").is_some()
}
