//! What the constructor and `configureGlobal` are given: services, and where the session is kept.

use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::js;
use crate::services::Services;

#[wasm_bindgen]
extern "C" {
    /// Our options, or an environments object of service URLs.
    type Options;
    #[wasm_bindgen(method, getter)]
    fn gateway(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn host(this: &Options) -> JsValue;
    #[wasm_bindgen(method, getter)]
    fn persistence(this: &Options) -> JsValue;
}

/// Where the session is kept over a reload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persistence {
    /// Nowhere.
    Memory,
    /// With the tab.
    Session,
    /// With the browser.
    Local,
}

/// What an app configures.
pub(crate) struct Environment {
    /// Where the services are.
    pub(crate) services: Services,
    /// Where the session is kept; none where the app says nothing of it.
    pub(crate) persistence: Option<Persistence>,
}

impl Environment {
    /// Reads the constructor's argument: nothing, a host, our options or an environments object.
    ///
    /// # Errors
    /// For what makes no sense, and where a needed service is missing.
    pub(crate) fn of_constructor(given: &JsValue) -> Result<Self> {
        let options: Options = js::options(given)?;
        let services = if given.is_undefined() || given.is_null() {
            Services::cloud()
        } else if let Some(host) = given.as_string() {
            Services::on_host(&host)?
        } else if options.gateway().is_truthy() || options.host().is_truthy() {
            on_host_or_gateway(&options, &options)?
        } else {
            let mut services = Services::cloud();
            services.override_with(&options, true);
            services.require_all()?;
            services
        };
        Ok(Self {
            services,
            persistence: persistence(&options)?,
        })
    }

    /// Reads the arguments of `configureGlobal`.
    ///
    /// # Errors
    /// For what makes no sense.
    pub(crate) fn of_global(options: &JsValue, overrides: &JsValue) -> Result<Self> {
        let options: Options = js::options(options)?;
        Ok(Self {
            services: on_host_or_gateway(&options, overrides)?,
            persistence: persistence(&options)?,
        })
    }
}

fn on_host_or_gateway(options: &Options, overrides: &JsValue) -> Result<Services> {
    let gateway = options.gateway();
    let mut services = if gateway.is_undefined() {
        Services::on_host(&options.host().as_string().unwrap_or_default())?
    } else {
        Services::on_gateway(&gateway.as_string().unwrap_or_default())?
    };
    services.override_with(overrides, false);
    Ok(services)
}

fn persistence(options: &Options) -> Result<Option<Persistence>> {
    let given = options.persistence();
    if given.is_undefined() {
        return Ok(None);
    }
    match given.as_string().as_deref() {
        Some("memory") => Ok(Some(Persistence::Memory)),
        Some("session") => Ok(Some(Persistence::Session)),
        Some("local") => Ok(Some(Persistence::Local)),
        _ => Err(Error::new(
            "invalid_configuration",
            "persistence must be \"memory\", \"session\" or \"local\"",
        )),
    }
}
