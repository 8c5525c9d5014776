//! Refused sign-ins to the dashboard, in its audit log: who looks after an incident must find them beside the others.
//!
//! Source: OWASP "Logging Cheat Sheet", "Which events to log".

use serde_json::json;

use super::attempts::WINDOW_MS;
use crate::audit::store::NewAuditEntry;
use crate::error::ApiResult;
use crate::random;
use crate::state::App;

/// Entries for one operator, and for all who are none, within the window: nobody fills the log by being refused.
const PER_SUBJECT: i64 = 20;

/// A sign-in that did not succeed.
#[derive(Debug)]
pub struct RefusedSignIn<'a> {
    /// Where it came from.
    pub address: &'a str,
    /// The operator whose address was given; what is no operator's is not kept, since people write passwords there.
    pub operator: Option<&'a str>,
    /// Why, in one word.
    pub reason: &'a str,
    /// What the OpenID provider is called, where it was the way.
    pub with: Option<&'a str>,
}

/// Writes it down. A database that cannot is logged; the sign-in is refused all the same.
pub async fn note(app: &App, refused: &RefusedSignIn<'_>) {
    let mut after = json!({ "reason": refused.reason });
    if let Some(with) = refused.with {
        after["with"] = with.into();
    }
    let entry = NewAuditEntry {
        at: app.clock.now(),
        actor: refused.address,
        action: "operator.sign_in_refused",
        subject: refused.operator,
        project: None,
        before: None,
        after: Some(after),
    };
    write(app, &entry).await;
}

/// Writes down that an operator did not know the password that they wanted to change.
pub async fn note_password_change(app: &App, operator: &str) {
    let entry = NewAuditEntry {
        at: app.clock.now(),
        actor: operator,
        action: "operator.password_change_refused",
        subject: Some(operator),
        project: None,
        before: None,
        after: None,
    };
    write(app, &entry).await;
}

async fn write(app: &App, entry: &NewAuditEntry<'_>) {
    if let Err(error) = try_write(app, entry).await {
        tracing::error!(detail = %error, "a refusal is missing in the audit log");
    }
}

async fn try_write(app: &App, entry: &NewAuditEntry<'_>) -> ApiResult<()> {
    let now = app.clock.now();
    let counted = random::hash(&format!("audit {}", entry.subject.unwrap_or_default()));
    let has_room = app
        .store
        .note_sign_in_attempt(&counted, PER_SUBJECT, now - WINDOW_MS, now)
        .await?;
    if has_room {
        app.store.insert_audit_entry(entry).await?;
    }
    Ok(())
}
