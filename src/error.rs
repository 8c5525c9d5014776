//! What can go wrong, and its one conversion to a JavaScript error. Texts that apps match on are the reference client's.

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::js::{self, Raw};
use crate::model::Entity;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

#[wasm_bindgen(module = "/pkg/lib/errors.js")]
extern "C" {
    /// An instance of the exported class `kind`, or a plain `Error`, with these fields. An `undefined` message is the
    /// class's own.
    #[wasm_bindgen(js_name = createError)]
    fn create_error(kind: &str, message: &JsValue, fields: &JsValue) -> JsValue;

    /// What `onError` of an install flow gets.
    #[wasm_bindgen(catch, js_name = getConnectSDKError)]
    fn connect_sdk_error(error: &JsValue) -> Result<JsValue, JsValue>;
}

/// A failure as the app sees it, made where it is found: one of the package's error classes, or whatever was thrown.
#[derive(Debug, Clone)]
pub(crate) struct Error(JsValue);

/// What an error carries beside its message.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fields {
    /// HTTP status of the answer behind it.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) status: Raw,
    /// What went wrong, for programs.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) code: Raw,
    /// Id of the request at the server.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) request_id: Raw,
    /// Seconds after which to try again.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) retry_after: Raw,
    /// The answer's body: JSON, else text.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) body: Raw,
    /// The body without what it says of headers, as in the reference client.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) response: Raw,
    /// What was thrown first.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) cause: Raw,
    /// Of a blocked popup: for the app's next click.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) retry: Raw,
    /// Of a blocked popup at a gateway: goes on in the app's own window.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) redirect: Raw,
    /// The integration it is about.
    #[serde(skip_serializing_if = "Raw::is_undefined")]
    pub(crate) integration_name: Raw,
}

#[wasm_bindgen]
extern "C" {
    /// The fields of any error that are looked at here.
    #[wasm_bindgen(extends = Entity)]
    type AnyError;
    #[wasm_bindgen(method, getter, js_name = retryAfter)]
    fn retry_after(this: &AnyError) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn body(this: &AnyError) -> JsValue;
}

impl Error {
    fn of_class(class: &str, message: &JsValue, fields: &Fields) -> Self {
        Self(create_error(class, message, &js::to_object(fields)))
    }

    fn named(class: &str) -> Self {
        Self::of_class(class, &JsValue::UNDEFINED, &Fields::default())
    }

    fn about(class: &str, integration: &JsValue) -> Self {
        let fields = Fields {
            integration_name: Raw(integration.clone()),
            ..Fields::default()
        };
        Self::of_class(class, &JsValue::UNDEFINED, &fields)
    }

    /// Wrong use, or an answer that makes no sense: a plain `Error` whose `code` names the mistake.
    #[inline(never)]
    pub(crate) fn new(code: &str, message: &str) -> Self {
        Self::caused(code, message, JsValue::UNDEFINED)
    }

    /// [`Error::new`] with what was thrown first.
    pub(crate) fn caused(code: &str, message: &str, cause: JsValue) -> Self {
        let fields = Fields {
            code: Raw(code.into()),
            cause: Raw(cause),
            ..Fields::default()
        };
        Self::of_class("Error", &message.into(), &fields)
    }

    /// A method that needs a user, without one.
    pub(crate) fn user_not_authenticated() -> Self {
        Self::named("UserNotAuthenticatedError")
    }

    /// An API call without a user.
    pub(crate) fn no_user_for_request() -> Self {
        Self::new(
            "user_not_authenticated",
            "Connect SDK attempted to make an API request, but no user was authenticated.\nCall paragon.authenticate(<projectId>, <user token>) before using the SDK.",
        )
    }

    /// The project has no integration of this name.
    pub(crate) fn integration_not_found(name: &JsValue) -> Self {
        Self::about("IntegrationNotFoundError", name)
    }

    /// The user has no account of this integration.
    pub(crate) fn integration_not_installed(name: &JsValue) -> Self {
        Self::about("IntegrationNotInstalledError", name)
    }

    /// An install flow that no `installFlow.start` began.
    pub(crate) fn no_active_install_flow() -> Self {
        Self::named("NoActiveInstallFlowError")
    }

    /// An install flow of an app that shows the portal.
    pub(crate) fn headless_mode_not_enabled() -> Self {
        Self::named("HeadlessModeNotEnabledError")
    }

    /// An error answer of a server.
    pub(crate) fn request(message: &JsValue, fields: &Fields) -> Self {
        Self::of_class("RequestError", message, fields)
    }

    /// The request took longer than its `timeout`.
    pub(crate) fn timed_out() -> Self {
        let message = "the request took longer than its timeout allows";
        Self::of_class("TimeoutError", &message.into(), &Fields::default())
    }

    /// The user or the app ended the flow; `cause` is the reason of an abort.
    pub(crate) fn oauth_cancelled(cause: JsValue) -> Self {
        let fields = Fields {
            cause: Raw(cause),
            ..Fields::default()
        };
        Self::of_class("OAuthCancelledError", &JsValue::UNDEFINED, &fields)
    }

    /// The flow took too long.
    pub(crate) fn oauth_timed_out() -> Self {
        Self::named("OAuthTimeoutError")
    }

    /// The server or the provider refused the flow.
    pub(crate) fn oauth_failed(code: JsValue, message: &JsValue) -> Self {
        let fields = Fields {
            code: Raw(code),
            ..Fields::default()
        };
        Self::of_class("OAuthFailedError", message, &fields)
    }

    /// The browser refused to open the popup.
    pub(crate) fn popup_blocked(retry: Function, redirect: Option<Function>) -> Self {
        let fields = Fields {
            retry: Raw(retry.into()),
            redirect: Raw(redirect.map(JsValue::from).unwrap_or_default()),
            ..Fields::default()
        };
        Self::of_class("OAuthBlockedError", &JsValue::UNDEFINED, &fields)
    }

    fn thrown(&self) -> AnyError {
        js::view(self.0.clone())
    }

    /// Its `name`.
    pub(crate) fn name(&self) -> JsValue {
        self.thrown().name()
    }

    /// Its `message`.
    pub(crate) fn message(&self) -> JsValue {
        self.thrown().message()
    }

    /// Its `code`, where it has one.
    pub(crate) fn code(&self) -> JsValue {
        self.thrown().code()
    }

    /// Status of the answer behind it, if there was one.
    pub(crate) fn status(&self) -> Option<u16> {
        let status = self.thrown().status().as_f64()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` ends at the limits"
        )]
        Some(status as u16)
    }

    /// Seconds after which the server wants to be asked again, where it said so.
    pub(crate) fn retry_after(&self) -> Option<f64> {
        self.thrown().retry_after().as_f64()
    }

    /// Body of the answer behind it.
    pub(crate) fn body(&self) -> JsValue {
        self.thrown().body()
    }

    /// What an error that stands in for this one carries.
    pub(crate) fn inherited(&self) -> Fields {
        let thrown = self.thrown();
        Fields {
            status: Raw(thrown.status()),
            code: Raw(thrown.code()),
            request_id: Raw(thrown.request_id()),
            retry_after: Raw(thrown.retry_after()),
            body: Raw(thrown.body()),
            cause: Raw(self.0.clone()),
            ..Fields::default()
        }
    }

    /// The form in which `onError` of an install flow hears of it.
    pub(crate) fn for_install_flow(&self) -> JsValue {
        connect_sdk_error(&self.0).unwrap_or_else(|_| self.0.clone())
    }
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        error.0
    }
}

impl From<JsValue> for Error {
    fn from(thrown: JsValue) -> Self {
        Self(thrown)
    }
}

impl AsRef<JsValue> for Error {
    fn as_ref(&self) -> &JsValue {
        &self.0
    }
}
