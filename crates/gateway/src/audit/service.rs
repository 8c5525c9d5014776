//! Reading the audit log.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::store::AuditRow;
use crate::clock::rfc3339;
use crate::error::ApiResult;
use crate::operators::{Operator, Right};
use crate::state::App;

/// Entries of a page, unless fewer are asked for.
const PAGE: i64 = 50;

/// A page of the audit log, newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditPage {
    entries: Vec<AuditEntry>,
    /// What `before` must be for the page after it; null at the end.
    next: Option<i64>,
}

/// Who did what.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuditEntry {
    /// Number, rising.
    id: i64,
    /// When, RFC 3339.
    at: String,
    /// E-mail address of the operator, `command line`, what the OpenID provider is called, or a network address.
    actor: String,
    /// What was done, such as `integration.changed`.
    action: String,
    /// To whom or what, where the action alone does not say.
    subject: Option<String>,
    project_id: Option<String>,
    /// What it was before, by name; null where nothing was.
    before: Value,
    /// What it is since, by name; null where nothing is.
    after: Value,
}

/// One page.
///
/// # Errors
/// `RoleNotSufficient`.
pub async fn page(
    app: &App,
    operator: &Operator,
    project: Option<&str>,
    before: Option<i64>,
    limit: Option<i64>,
) -> ApiResult<AuditPage> {
    operator.require(Right::Read)?;
    let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
    let mut rows = app
        .store
        .audit_log(project, before.unwrap_or(i64::MAX), limit + 1)
        .await?;
    let has_more = rows.len() > usize::try_from(limit).unwrap_or(0);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    let entries = rows.into_iter().map(entry).collect();
    Ok(AuditPage { entries, next })
}

fn entry(row: AuditRow) -> AuditEntry {
    let parsed = |text: &Option<String>| -> Value {
        text.as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    };
    AuditEntry {
        id: row.id,
        at: rfc3339(row.at),
        before: parsed(&row.before),
        after: parsed(&row.after),
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        project_id: row.project_id,
    }
}
