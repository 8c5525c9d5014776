//! Reading the audit log.

use serde_json::{Value, json};

use super::store::AuditRow;
use crate::clock::rfc3339;
use crate::error::ApiResult;
use crate::operators::{Operator, Right};
use crate::state::App;

/// Entries of a page, unless fewer are asked for.
const PAGE: i64 = 50;

/// One page, newest first: `{"entries", "next"}`; `next` is what `before` must be for the page after it, or null.
///
/// # Errors
/// `RoleNotSufficient`.
pub async fn page(
    app: &App,
    operator: &Operator,
    project: Option<&str>,
    before: Option<i64>,
    limit: Option<i64>,
) -> ApiResult<Value> {
    operator.require(Right::Read)?;
    let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
    let mut rows = app
        .store
        .audit_log(project, before.unwrap_or(i64::MAX), limit + 1)
        .await?;
    let has_more = rows.len() > usize::try_from(limit).unwrap_or(0);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    let next = rows.last().filter(|_| has_more).map(|row| row.id);
    let entries: Vec<Value> = rows.iter().map(entry).collect();
    Ok(json!({ "entries": entries, "next": next }))
}

fn entry(row: &AuditRow) -> Value {
    let parsed = |text: &Option<String>| -> Value {
        text.as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    };
    json!({
        "id": row.id,
        "at": rfc3339(row.at),
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "projectId": row.project_id,
        "before": parsed(&row.before),
        "after": parsed(&row.after),
    })
}
