//! Device cookies: a browser that an operator signed in with once is told from those of strangers.
//!
//! The cookie opens nothing. It names the operator and is sealed together with the password of its time, so that a new
//! password makes it worthless.
//!
//! Source: OWASP "Slow Down Online Guessing Attacks with Device Cookies".

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::store::OperatorRow;
use crate::clock::Millis;
use crate::error::{ApiError, ApiResult};
use crate::random;
use crate::state::App;
use crate::vault::Sealed;

/// How long a browser that is not used any more is known.
const LIFE: Duration = Duration::from_hours(180 * 24);
/// Row name that the cookie is sealed for.
const SEALED_FOR: &str = "cookie/operator-device";

#[derive(Serialize, Deserialize)]
struct Device {
    id: String,
    operator: String,
    password: String,
    until: Millis,
}

/// The value of a cookie for the browser that `row` signed in with.
///
/// # Errors
/// `Internal` when it cannot be sealed.
pub(crate) fn issue(app: &App, row: &OperatorRow) -> ApiResult<SecretString> {
    let device = Device {
        id: random::token(),
        operator: row.operator.id.to_string(),
        password: random::hash(&row.password_hash),
        until: app.clock.in_future(LIFE),
    };
    let json = serde_json::to_vec(&device)?;
    let sealed = app.vault.seal(&json, SEALED_FOR);
    Ok(sealed.map_err(ApiError::internal)?.to_text().into())
}

/// The id of the browser's cookie, if it was given to the operator `row`.
pub(crate) fn of_operator(app: &App, cookie: Option<&str>, row: &OperatorRow) -> Option<String> {
    let device = open(app, cookie)?;
    let is_theirs = device.operator == row.operator.id.to_string()
        && device.password == random::hash(&row.password_hash);
    is_theirs.then_some(device.id)
}

/// The id of the browser's cookie, whoever it was given to: before it is known who signs in.
pub(crate) fn of_anybody(app: &App, cookie: Option<&str>) -> Option<String> {
    open(app, cookie).map(|device| device.id)
}

fn open(app: &App, cookie: Option<&str>) -> Option<Device> {
    let sealed = Sealed::from_text(cookie?)?;
    let json = app.vault.open(&sealed, SEALED_FOR).ok()?;
    let device: Device = serde_json::from_slice(&json).ok()?;
    (app.clock.now() < device.until).then_some(device)
}
