//! Operators in the dashboard: an admin manages them, each changes their own password.

use paragon_wire::ErrorCode;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Serialize;
use uuid::Uuid;

use super::service;
use super::service::{Change, OperatorError};
use super::{attempts, refusals};
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult};
use crate::operators::{Operator, Right, Role};
use crate::state::App;

impl From<OperatorError> for ApiError {
    fn from(error: OperatorError) -> Self {
        let code = match &error {
            OperatorError::Email(_) | OperatorError::Password(_) => ErrorCode::InvalidRequest,
            OperatorError::Taken(_) => ErrorCode::OperatorTaken,
            OperatorError::Unknown(_) => ErrorCode::OperatorNotFound,
            OperatorError::LastAdmin(_) => ErrorCode::LastAdmin,
            OperatorError::Store(_) => ErrorCode::StorageUnavailable,
        };
        match error {
            OperatorError::Store(error) => error.into(),
            OperatorError::Taken(_) => {
                Self::new(code, "an operator with this email address already exists")
            }
            OperatorError::Unknown(_) => Self::new(code, "the operator no longer exists"),
            error => Self::new(code, error.to_string()),
        }
    }
}

/// What is changed of an operator.
#[derive(Debug)]
pub enum Edit {
    /// Their role.
    Role(Role),
    /// Their password.
    Password(SecretString),
}

/// Every operator.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OperatorList {
    operators: Vec<ListedOperator>,
}

/// An operator, as admins see them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ListedOperator {
    id: Uuid,
    email: String,
    /// `viewer`, `editor` or `admin`.
    role: &'static str,
    created_at: String,
    /// Whether it is who asks.
    is_you: bool,
}

/// Every operator.
///
/// # Errors
/// `RoleNotSufficient`.
pub async fn list(app: &App, operator: &Operator) -> ApiResult<OperatorList> {
    operator.require(Right::ManageOperators)?;
    let rows = app.store.operators().await?;
    let operators = rows
        .iter()
        .map(|row| ListedOperator {
            id: row.operator.id,
            email: row.operator.email.clone(),
            role: row.operator.role.as_str(),
            created_at: rfc3339(row.created_at),
            is_you: row.operator.id == operator.id,
        })
        .collect();
    Ok(OperatorList { operators })
}

/// Adds an operator.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`, `OperatorTaken`.
pub async fn add(
    app: &App,
    operator: &Operator,
    email: &str,
    role: Role,
    password: &SecretString,
) -> ApiResult<OperatorList> {
    operator.require(Right::ManageOperators)?;
    service::add(&app.store, change(app, operator), email, role, password).await?;
    list(app, operator).await
}

/// Changes an operator, whose sessions end.
///
/// # Errors
/// `RoleNotSufficient`, `InvalidRequest`, `OperatorNotFound`, `LastAdmin`.
pub async fn edit(app: &App, operator: &Operator, id: &str, edit: Edit) -> ApiResult<()> {
    operator.require(Right::ManageOperators)?;
    let email = address(app, id).await?;
    let (store, change) = (&app.store, change(app, operator));
    match edit {
        Edit::Role(role) => service::set_role(store, change, &email, role).await?,
        Edit::Password(password) => {
            service::set_password(store, change, &email, &password).await?;
        }
    }
    Ok(())
}

/// Removes an operator.
///
/// # Errors
/// `RoleNotSufficient`, `OperatorNotFound`, `LastAdmin`.
pub async fn remove(app: &App, operator: &Operator, id: &str) -> ApiResult<()> {
    operator.require(Right::ManageOperators)?;
    let email = address(app, id).await?;
    Ok(service::remove(&app.store, change(app, operator), &email).await?)
}

/// Changes the operator's own password; all of their sessions end, this one as well.
///
/// # Errors
/// `SignInRefused` when `present` is not their password, `RateLimited`, `InvalidRequest`.
pub async fn change_password(
    app: &App,
    operator: &Operator,
    present: SecretString,
    next: &SecretString,
) -> ApiResult<()> {
    attempts::note_password_change(app, &operator.email).await?;
    let row = app.store.operator(&operator.email).await?;
    let hash = row.as_ref().map(|row| row.password_hash.as_str());
    if !app.passwords.verify(present, hash).await {
        refusals::note_password_change(app, &operator.email).await;
        return Err(ApiError::new(
            ErrorCode::SignInRefused,
            "the current password is wrong",
        ));
    }
    attempts::forget_password_changes(app, &operator.email).await?;
    let change = change(app, operator);
    Ok(service::set_password(&app.store, change, &operator.email, next).await?)
}

fn change<'a>(app: &App, operator: &'a Operator) -> Change<'a> {
    Change {
        actor: &operator.email,
        at: app.clock.now(),
        keeps_admin: true,
    }
}

/// Paths have ids: addresses of people do not belong into logs.
async fn address(app: &App, id: &str) -> ApiResult<String> {
    let rows = app.store.operators().await?;
    let found = rows
        .into_iter()
        .find(|row| row.operator.id.to_string() == id);
    let missing = || OperatorError::Unknown(id.to_owned());
    Ok(found.map(|row| row.operator.email).ok_or_else(missing)?)
}
