//! Where the browser opens no popup: the flow goes on in the app's own window, which comes back to a page of the app.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::attempt::{Attempt, Server};
use crate::error::{Error, Result};
use crate::{host, js, promise};

impl Attempt {
    /// The error of an attempt whose popup the browser did not open; `retry` is for the next click.
    pub(crate) fn popup_blocked(self: &Rc<Self>, retry: Function) -> Error {
        let redirect = match &self.server {
            Server::Cloud(_) => None,
            Server::Gateway(_) => {
                let attempt = Rc::clone(self);
                Some(js::callback(move |page| {
                    promise::of(Rc::clone(&attempt).redirect(page)).into()
                }))
            }
        };
        Error::popup_blocked(retry, redirect)
    }

    /// Leaves for the sign-in, and comes back to `page` (absent: to where the window is).
    async fn redirect(self: Rc<Self>, page: JsValue) -> Result<JsValue> {
        let (Server::Gateway(gateway), Some(location)) = (&self.server, host::location()) else {
            return Ok(JsValue::UNDEFINED);
        };
        self.renew_id(host::random_id()?);
        let url = gateway.start_url(self.sdk())?;
        let page = match js::text(page) {
            Some(page) => page.into(),
            None => location.href()?,
        };
        let registration = self.registration(gateway, Some(page));
        self.send(registration).await?;
        location.assign(&url)?;
        Ok(JsValue::UNDEFINED)
    }
}
