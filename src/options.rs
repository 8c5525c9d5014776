//! The app's option bags: what the constructor and `configureGlobal` are given, and durations.

use crate::error::{fail, refuse};
use crate::sdk::Sdk;
use crate::services;
use crate::value::{Outcome, Text, UNDEFINED, Value, fill, t, text};

/// The instance that a constructor makes, which sends by `wire`. `environment` is nothing, a host, our options or an environments object.
pub(crate) fn construct(environment: Value, restores: bool, wire: Value) -> Outcome {
    let urls = if environment.is_nothing() {
        services::cloud()
    } else if environment.is_text() {
        services::on_host(environment)?
    } else if environment.get(t!("gateway")).is_true() || environment.get(t!("host")).is_true() {
        configured(environment, environment)?
    } else {
        let urls = services::cloud();
        services::override_with(urls, environment, true);
        services::require_all(urls)?
    };
    let persistence = persistence(environment)?;
    let sdk = Sdk::new(wire);
    sdk.configure(
        urls,
        environment.get(t!("gateway")).is_true(),
        persistence,
        restores,
    );
    Ok(sdk.0)
}

/// `configureGlobal`.
pub(crate) fn configure(sdk: Sdk, options: Value, overrides: Value) -> Outcome {
    let urls = configured(options, overrides)?;
    sdk.configure(urls, is_gateway(options), persistence(options)?, true);
    Ok(UNDEFINED)
}

fn is_gateway(options: Value) -> bool {
    !options.get(t!("gateway")).is_undefined()
}

fn configured(options: Value, overrides: Value) -> Outcome {
    let urls = if is_gateway(options) {
        services::on_gateway(options.get(t!("gateway")))?
    } else {
        services::on_host(options.get(t!("host")))?
    };
    services::override_with(urls, overrides, false);
    Ok(urls)
}

/// The app's `persistence`; `undefined` where it says none.
fn persistence(options: Value) -> Outcome {
    let wanted = options.get(t!("persistence"));
    if wanted.is_undefined()
        || wanted.is(t!("memory"))
        || wanted.is(t!("session"))
        || wanted.is(t!("local"))
    {
        return Ok(wanted);
    }
    refuse(
        t!("invalid_configuration"),
        t!("persistence must be \"memory\", \"session\" or \"local\""),
    )
}

/// A duration of an option bag in milliseconds; `undefined` where there is none.
///
/// # Errors
/// When it is there but no positive number.
pub(crate) fn duration(options: Value, key: Text) -> Outcome {
    let given = options.get(key);
    if given.is_nothing() {
        return Ok(UNDEFINED);
    }
    if given.to_number() > 0.0 {
        return Ok(given);
    }
    fail(
        t!("invalid_option"),
        fill!(
            t!("{} must be a positive number of milliseconds"),
            text(key)
        ),
    )
}
