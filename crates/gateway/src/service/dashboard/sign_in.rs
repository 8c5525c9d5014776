//! Signing in: the same answer after the same time for an unknown account and for a wrong password, and not too often.

use std::time::Duration;

use paragon_wire::ErrorCode;
use secrecy::SecretString;
use serde_json::Value;

use super::refusals::{self, RefusedSignIn};
use super::{operators, sessions};
use crate::app::App;
use crate::clock::Millis;
use crate::error::{ApiError, ApiResult};
use crate::operator::Operator;
use crate::random;
use crate::store::{NewAuditEntry, OperatorRow};

/// Attempts are counted over this time.
pub(super) const WINDOW_MS: Millis = 15 * 60 * 1000;
/// Failed attempts for one account.
const PER_ACCOUNT: i64 = 10;
/// Attempts from one address.
const PER_ADDRESS: i64 = 50;

/// A new session.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub operator: Operator,
    /// The session's id: for the cookie, and nowhere else.
    pub session_id: SecretString,
}

/// Signs in from `address`, and ends the browser's session before, if it had one.
///
/// # Errors
/// `SignInRefused`, `RateLimited`.
pub async fn sign_in(
    app: &App,
    email: &str,
    password: SecretString,
    address: &str,
    previous: Option<&str>,
) -> ApiResult<SignedIn> {
    if app.oidc.as_ref().is_some_and(|(_, own)| !own.has_passwords) {
        let message = "signing in with a password is switched off; use the other way to sign in";
        return Err(ApiError::new(ErrorCode::SignInRefused, message));
    }
    let email = operators::normalized(email);
    let signed_in = by_password(app, &email, password, address, previous).await;
    if let Err(error) = &signed_in
        && matches!(
            error.code,
            ErrorCode::SignInRefused | ErrorCode::RateLimited
        )
    {
        let row = app.store.operator(&email).await?;
        let refused = RefusedSignIn {
            address,
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
    password: SecretString,
    address: &str,
    previous: Option<&str>,
) -> ApiResult<SignedIn> {
    let account = account_subject(email);
    note_address(app, address).await?;
    note_account(app, &account).await?;
    let row = app.store.operator(email).await?;
    let hash = row.as_ref().map(|row| row.password_hash.as_str());
    let verified = app.passwords.verify(password, hash).await;
    let Some(row) = row.filter(|_| verified) else {
        tracing::warn!("a sign-in to the dashboard was refused");
        return Err(refused());
    };
    let signed_in = begin_session(app, row, None, previous)
        .await?
        .ok_or_else(refused)?;
    app.store.clear_sign_in_attempts(&account).await?;
    Ok(signed_in)
}

/// Begins a session of an operator, and ends the browser's session before; `None` when the operator was changed since
/// `row` was read. `how` is what the audit log says beside who.
pub(super) async fn begin_session(
    app: &App,
    row: OperatorRow,
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
        .insert_operator_session(&row, &id_hash, &entry)
        .await?
    {
        return Ok(None);
    }
    if let Some(previous) = previous {
        sessions::end(app, previous).await?;
    }
    tracing::info!(operator.id = %row.operator.id, "signed in to the dashboard");
    Ok(Some(SignedIn {
        operator: row.operator,
        session_id: session_id.into(),
    }))
}

/// What attempts for an account (its address normalized) are counted by.
pub(super) fn account_subject(email: &str) -> String {
    random::hash(&format!("account {email}"))
}

/// Counts an attempt for an account.
///
/// # Errors
/// `RateLimited`.
pub(super) async fn note_account(app: &App, subject: &str) -> ApiResult<()> {
    note(app, subject, PER_ACCOUNT).await
}

/// Counts an attempt from an address.
///
/// # Errors
/// `RateLimited`.
pub(super) async fn note_address(app: &App, address: &str) -> ApiResult<()> {
    let subject = random::hash(&format!("address {address}"));
    note(app, &subject, PER_ADDRESS).await
}

/// Whether this is the first time that `state_hash` comes back from an identity provider.
pub(super) async fn note_once(app: &App, state_hash: &str) -> ApiResult<bool> {
    let now = app.clock.now();
    let subject = random::hash(&format!("state {state_hash}"));
    let attempts = &app.store;
    Ok(attempts
        .note_sign_in_attempt(&subject, 1, now - WINDOW_MS, now)
        .await?)
}

fn refused() -> ApiError {
    ApiError::new(
        ErrorCode::SignInRefused,
        "the e-mail address or the password is wrong",
    )
}

/// Counts an attempt before anything is checked, so that many at once do not pass.
async fn note(app: &App, subject: &str, limit: i64) -> ApiResult<()> {
    let now = app.clock.now();
    let since = now - WINDOW_MS;
    if app
        .store
        .note_sign_in_attempt(subject, limit, since, now)
        .await?
    {
        return Ok(());
    }
    let oldest = app.store.oldest_sign_in_attempt(subject, since).await?;
    let wait = oldest.map_or(WINDOW_MS, |oldest| oldest + WINDOW_MS - now);
    let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0).max(1000));
    tracing::warn!("sign-ins to the dashboard are held back: too many attempts");
    let message = "too many attempts to sign in; wait, then try again";
    Err(ApiError::new(ErrorCode::RateLimited, message).with_retry_after(Some(wait)))
}
