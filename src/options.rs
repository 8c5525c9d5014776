//! The app's option bags, read once into Rust.

use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use crate::error::{Outcome, SdkError};
use crate::js;
use crate::services::Services;
use crate::store::Persistence;

/// A string property that is neither null nor undefined.
fn override_in(bag: &JsValue) -> impl Fn(&str) -> Option<String> {
    move |name| js::text(bag, name)
}

/// Service URLs from the first argument of `configureGlobal` and its overrides.
pub(crate) fn configured_services(options: &JsValue, overrides: &JsValue) -> Outcome<Services> {
    let gateway = js::get(options, "gateway");
    let services = if gateway.is_undefined() {
        Services::on_host(&js::text(options, "host").unwrap_or_default())?
    } else {
        Services::on_gateway(&gateway.as_string().unwrap_or_default())?
    };
    Ok(services.with_overrides(override_in(overrides)))
}

/// Service URLs from the constructor's argument: nothing, a host, our options, or an environments object.
pub(crate) fn constructed_services(environment: &JsValue) -> Outcome<Services> {
    if environment.is_undefined() || environment.is_null() {
        return Ok(Services::default());
    }
    if let Some(host) = environment.as_string() {
        return Services::on_host(&host);
    }
    if js::flag(environment, "gateway") || js::flag(environment, "host") {
        return configured_services(environment, environment);
    }
    let keys = js::keys(environment);
    let services = Services::default()
        .without(|name| keys.iter().any(|key| key == name) && js::text(environment, name).is_none())
        .with_overrides(override_in(environment));
    services.require_all()?;
    Ok(services)
}

/// The app's `persistence`, if it says one.
pub(crate) fn persistence(options: &JsValue) -> Outcome<Option<Persistence>> {
    Persistence::parse(&js::get(options, "persistence"))
}

/// `signal` of an option bag.
pub(crate) fn signal(options: &JsValue) -> Option<AbortSignal> {
    let signal = js::get(options, "signal");
    signal.is_object().then(|| signal.unchecked_into())
}

/// A duration of an option bag in milliseconds.
///
/// # Errors
/// When it is there but no positive number.
pub(crate) fn duration_ms(options: &JsValue, key: &'static str) -> Outcome<Option<f64>> {
    let value = js::get(options, key);
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    match value.as_f64().filter(|ms| *ms > 0.0) {
        Some(ms) => Ok(Some(ms)),
        None => Err(SdkError::usage(
            "invalid_option",
            [key, " must be a positive number of milliseconds"].concat(),
        )),
    }
}
