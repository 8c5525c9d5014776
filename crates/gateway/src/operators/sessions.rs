//! Sessions of operators: found by the hash of their id, ended by time, sign-out and changes of the operator.

use super::store::SessionBounds;
use crate::audit::store::NewAuditEntry;
use crate::clock::Millis;
use crate::error::ApiResult;
use crate::operators::Operator;
use crate::random;
use crate::state::App;

/// A session that is not used for this long has ended.
const IDLE_MS: Millis = 60 * 60 * 1000;
/// A session ends this long after it began, in any case.
const LIFE_MS: Millis = 12 * 60 * 60 * 1000;
/// Use is noted this often, not at each request.
const TOUCH_MS: Millis = 60 * 1000;

fn bounds(now: Millis) -> SessionBounds {
    SessionBounds {
        began_after: now - LIFE_MS,
        used_after: now - IDLE_MS,
    }
}

/// The operator of a live session.
pub async fn operator(app: &App, session_id: &str) -> ApiResult<Option<Operator>> {
    let now = app.clock.now();
    let id_hash = random::hash(session_id);
    let found = app.store.operator_of_session(&id_hash, bounds(now)).await?;
    let Some((operator, used_at)) = found else {
        return Ok(None);
    };
    if now - used_at >= TOUCH_MS {
        app.store.touch_operator_session(&id_hash, now).await?;
    }
    Ok(Some(operator))
}

/// Ends a session.
pub async fn end(app: &App, session_id: &str) -> ApiResult<bool> {
    Ok(app
        .store
        .delete_operator_session(&random::hash(session_id))
        .await?)
}

/// Ends the session of an operator who signs out.
pub async fn sign_out(app: &App, operator: &Operator, session_id: &str) -> ApiResult<()> {
    if end(app, session_id).await? {
        let entry = NewAuditEntry {
            at: app.clock.now(),
            actor: &operator.email,
            action: "operator.signed_out",
            subject: None,
            project: None,
            before: None,
            after: None,
        };
        app.store.insert_audit_entry(&entry).await?;
    }
    Ok(())
}

/// Forgets ended sessions and old attempts to sign in.
pub async fn sweep(app: &App) -> ApiResult<()> {
    let now = app.clock.now();
    app.store.forget_operator_sessions(bounds(now)).await?;
    let before = now - super::attempts::WINDOW_MS;
    Ok(app.store.forget_sign_in_attempts(before).await?)
}
