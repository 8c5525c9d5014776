//! `startOAuthFlow`: the popup for apps without portal, and for the portal.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::attempt::{Attempt, Target};
use super::checks::may_open_popup;
use super::options::ConnectOptions;
use crate::error::{Error, Result};
use crate::model::Integration;
use crate::sdk::Sdk;
use crate::{js, promise};

#[wasm_bindgen]
extern "C" {
    /// The caller's third argument.
    #[wasm_bindgen(extends = js_sys::Object)]
    #[derive(Clone, Debug)]
    type Callbacks;
    #[wasm_bindgen(method, getter, js_name = onSuccess)]
    fn on_success(this: &Callbacks) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = onError)]
    fn on_error(this: &Callbacks) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = oauthTimeout)]
    fn oauth_timeout(this: &Callbacks) -> JsValue;
}

/// A call of `startOAuthFlow`.
#[derive(Clone)]
struct Start {
    name: JsValue,
    options: ConnectOptions,
    callbacks: Callbacks,
}

impl Sdk {
    /// `startOAuthFlow`: opens the popup.
    ///
    /// # Errors
    /// For an unknown integration, and when the browser blocks the popup.
    pub(crate) fn start_oauth_flow(
        self: &Rc<Self>,
        name: &JsValue,
        options: &JsValue,
        callbacks: &JsValue,
    ) -> Result<()> {
        let integration = self.connectable(name)?;
        let start = Start {
            name: name.clone(),
            options: js::options(options)?,
            callbacks: js::options(callbacks)?,
        };
        if !self.is_headless.get() && !may_open_popup(&integration, &start.options) {
            return Ok(());
        }
        let attempt = self.begin_oauth_flow(&start, integration)?;
        if attempt.is_blocked() {
            return Err(attempt.popup_blocked(self.retry(start)));
        }
        Ok(())
    }

    /// The app makes the same call again, in a later click; the promise settles as the callbacks do.
    fn retry(self: &Rc<Self>, start: Start) -> Function {
        let sdk = Rc::downgrade(self);
        js::callback(move |_| {
            let Some(sdk) = sdk.upgrade() else {
                return JsValue::UNDEFINED;
            };
            let start = start.clone();
            let again = async move {
                let integration = sdk.connectable(&start.name)?;
                let attempt = sdk.begin_oauth_flow(&start, integration)?;
                Ok(attempt.outcome().await?)
            };
            promise::of(again).into()
        })
    }

    fn begin_oauth_flow(
        self: &Rc<Self>,
        start: &Start,
        integration: Integration,
    ) -> Result<Rc<Attempt>> {
        // The portal leaves out what cannot be sent to it, such as the app's callbacks and signal.
        let base = if self.is_headless.get() {
            JsValue::UNDEFINED
        } else {
            self.pending.options(&start.name).into()
        };
        let options: ConnectOptions = js::merged(&base, &start.options);
        let limit = start.callbacks.oauth_timeout();
        if !limit.is_undefined() {
            options.set_oauth_timeout(&limit);
        }
        let target = Target {
            integration,
            name: start.name.clone(),
            options,
            install_options: js::merged(&start.options, &JsValue::UNDEFINED),
            retry: self.retry(start.clone()),
        };
        let attempt = Attempt::open(self, target)?;
        attempt.begin();
        let (sdk, same, start) = (Rc::clone(self), Rc::clone(&attempt), start.clone());
        promise::spawn(async move {
            match same.outcome().await {
                Ok(event) => notify(start.callbacks.on_success(), &event),
                // It is thrown, too.
                Err(_) if same.is_blocked() => sdk.state_changed(),
                Err(error) => {
                    sdk.flow_failed(
                        &start.name,
                        same.failure_message(),
                        &Error::from(error.clone()),
                    );
                    notify(start.callbacks.on_error(), &error);
                }
            }
        });
        Ok(attempt)
    }

    /// A failure is shown in the portal, as `told` if that is given, and ends `connect`; a cancelled flow can be tried
    /// again there.
    pub(crate) fn flow_failed(self: &Rc<Self>, name: &JsValue, told: JsValue, error: &Error) {
        if error.name() == "OAuthCancelledError" {
            return self.state_changed();
        }
        self.show_failure(told, error);
        self.pending.fail(name, error);
    }
}

fn notify(callback: JsValue, value: &JsValue) {
    if let Some(callback) = js::function(callback) {
        js::notify(&callback, value, &JsValue::UNDEFINED);
    }
}
