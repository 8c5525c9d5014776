//! Signing in: the same answer after the same time for an unknown account and for a wrong password, and not too often.

use paragon_wire::ErrorCode;
use secrecy::SecretString;
use serde_json::Value;

use super::attempts::Attempt;
use super::refusals::{self, RefusedSignIn};
use super::store::OperatorRow;
use super::{device, service, sessions};
use crate::audit::store::NewAuditEntry;
use crate::error::{ApiError, ApiResult};
use crate::operators::Operator;
use crate::random;
use crate::state::App;

/// A new session.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub operator: Operator,
    /// The session's id: for the cookie, and nowhere else.
    pub session_id: SecretString,
    /// The browser's new device cookie.
    pub device: SecretString,
}

/// The browser that somebody signs in with.
#[derive(Debug, Clone, Copy)]
pub struct Browser<'a> {
    /// Its network address.
    pub address: &'a str,
    /// Id of the session that it had before.
    pub previous: Option<&'a str>,
    /// Its device cookie.
    pub device: Option<&'a str>,
}

/// Signs in, and ends the browser's session before, if it had one.
///
/// # Errors
/// `SignInRefused`, `RateLimited`.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: SecretString,
    browser: Browser<'_>,
) -> ApiResult<SignedIn> {
    if app.oidc.as_ref().is_some_and(|(_, own)| !own.has_passwords) {
        let message = "sign-in with a password is disabled; sign in with the identity provider";
        return Err(ApiError::new(ErrorCode::SignInRefused, message));
    }
    let email = service::normalized(email);
    let row = app.store.operator(&email).await?;
    let signed_in = by_password(app, &email, row.as_ref(), password, browser).await;
    if let Err(error) = &signed_in
        && matches!(
            error.code,
            ErrorCode::SignInRefused | ErrorCode::RateLimited
        )
    {
        let refused = RefusedSignIn {
            address: browser.address,
            operator: row.as_ref().map(|row| row.operator.email.as_str()),
            reason: error.code.as_str(),
            with: None,
        };
        refusals::note(app, &refused).await;
    }
    signed_in
}

async fn by_password(
    app: &App,
    email: &str,
    row: Option<&OperatorRow>,
    password: SecretString,
    browser: Browser<'_>,
) -> ApiResult<SignedIn> {
    let device = row.and_then(|row| device::of_operator(app, browser.device, row));
    let attempt = Attempt {
        address: browser.address,
        account: Some(email),
        device: device.as_deref(),
    };
    attempt.note(app).await?;
    let hash = row.map(|row| row.password_hash.as_str());
    let verified = app.passwords.verify(password, hash).await;
    let Some(row) = row.filter(|_| verified) else {
        tracing::warn!("a sign-in to the dashboard was refused");
        return Err(refused());
    };
    let signed_in = begin_session(app, row, None, browser.previous)
        .await?
        .ok_or_else(refused)?;
    attempt.forget(app).await?;
    Ok(signed_in)
}

/// Begins a session of an operator, and ends the browser's session before; `None` when the operator was changed since
/// `row` was read. `how` is what the audit log says beside who.
pub(crate) async fn begin_session(
    app: &App,
    row: &OperatorRow,
    how: Option<Value>,
    previous: Option<&str>,
) -> ApiResult<Option<SignedIn>> {
    let session_id = random::token();
    let entry = NewAuditEntry {
        at: app.clock.now(),
        actor: &row.operator.email,
        action: "operator.signed_in",
        subject: None,
        project: None,
        before: None,
        after: how,
    };
    let id_hash = random::hash(&session_id);
    if !app
        .store
        .insert_operator_session(row, &id_hash, &entry)
        .await?
    {
        return Ok(None);
    }
    if let Some(previous) = previous {
        sessions::end(app, previous).await?;
    }
    tracing::info!(operator.id = %row.operator.id, "signed in to the dashboard");
    Ok(Some(SignedIn {
        operator: row.operator.clone(),
        session_id: session_id.into(),
        device: device::issue(app, row)?,
    }))
}

fn refused() -> ApiError {
    ApiError::new(
        ErrorCode::SignInRefused,
        "the email address or the password is wrong",
    )
}
