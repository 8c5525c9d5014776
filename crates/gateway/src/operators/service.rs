//! Adding, changing and removing operators, each with an entry in the audit log.

use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use super::password;
use super::password::PasswordError;
use crate::audit::store::NewAuditEntry;
use crate::clock::Millis;
use crate::operators::{Operator, Role};
use crate::store::Store;

const MAX_EMAIL_BYTES: usize = 254;

/// An operator cannot be added or changed.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// Not the form of an address.
    #[error("`{0}` is not an email address")]
    Email(String),
    /// There is one with this address.
    #[error("the operator `{0}` already exists; use `set-password` or `set-role` to change it")]
    Taken(String),
    /// There is none.
    #[error("there is no operator `{0}`; `operator list` shows all operators")]
    Unknown(String),
    /// There would be none to manage the others.
    #[error("`{0}` is the only admin; make another operator admin first")]
    LastAdmin(String),
    /// The password cannot be used.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database failed.
    #[error("the database is unavailable: {0}")]
    Store(#[from] sqlx::Error),
}

/// Who changes operators, and when.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// E-mail address of an operator, or `command line`.
    pub actor: &'a str,
    /// Epoch milliseconds.
    pub at: Millis,
    /// Whether an admin must be left: not at the gateway's machine, where one can be added.
    pub keeps_admin: bool,
}

impl<'a> Change<'a> {
    fn entry(self, action: &'a str, email: &'a str) -> NewAuditEntry<'a> {
        NewAuditEntry {
            at: self.at,
            actor: self.actor,
            action,
            subject: Some(email),
            project: None,
            before: None,
            after: None,
        }
    }
}

/// An address as it is stored and looked up: without white space around it, in lower case.
pub fn normalized(email: &str) -> String {
    email.trim().to_lowercase()
}

fn checked(email: &str) -> Result<String, OperatorError> {
    let normalized = normalized(email);
    let is_address = normalized.len() <= MAX_EMAIL_BYTES
        && !normalized.contains(|one: char| one.is_whitespace() || one.is_control())
        && normalized.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.is_empty() && !host.contains('@')
        });
    if is_address {
        return Ok(normalized);
    }
    Err(OperatorError::Email(email.escape_debug().to_string()))
}

/// Adds an operator.
pub async fn add(
    store: &Store,
    change: Change<'_>,
    email: &str,
    role: Role,
    password: &SecretString,
) -> Result<Operator, OperatorError> {
    let operator = Operator {
        id: Uuid::new_v4(),
        email: checked(email)?,
        role,
    };
    let hash = password::hash(password)?;
    let entry = NewAuditEntry {
        after: Some(json!({ "role": role.as_str() })),
        ..change.entry("operator.added", &operator.email)
    };
    if store.insert_operator(&operator, &hash, &entry).await? {
        return Ok(operator);
    }
    Err(OperatorError::Taken(operator.email.clone()))
}

/// Gives an operator another password; their sessions end.
pub async fn set_password(
    store: &Store,
    change: Change<'_>,
    email: &str,
    password: &SecretString,
) -> Result<(), OperatorError> {
    let email = checked(email)?;
    let hash = password::hash(password)?;
    let entry = change.entry("operator.password_changed", &email);
    let changed = store.set_operator_password(&email, &hash, &entry).await?;
    known(changed, &email)
}

/// Gives an operator another role; their sessions end.
pub async fn set_role(
    store: &Store,
    change: Change<'_>,
    email: &str,
    role: Role,
) -> Result<(), OperatorError> {
    let email = checked(email)?;
    let before = store.operator(&email).await?;
    let entry = NewAuditEntry {
        before: before.map(|row| json!({ "role": row.operator.role.as_str() })),
        after: Some(json!({ "role": role.as_str() })),
        ..change.entry("operator.role_changed", &email)
    };
    let keeps_admin = change.keeps_admin;
    let changed = store
        .set_operator_role(&email, role, keeps_admin, &entry)
        .await?;
    known_or_last(store, changed, &email).await
}

/// Removes an operator; their sessions end.
pub async fn remove(store: &Store, change: Change<'_>, email: &str) -> Result<(), OperatorError> {
    let email = checked(email)?;
    let entry = change.entry("operator.removed", &email);
    let keeps_admin = change.keeps_admin;
    let removed = store.delete_operator(&email, keeps_admin, &entry).await?;
    known_or_last(store, removed, &email).await
}

fn known(changed: bool, email: &str) -> Result<(), OperatorError> {
    if changed {
        return Ok(());
    }
    Err(OperatorError::Unknown(email.to_owned()))
}

/// What was not changed is not there, or had to stay.
async fn known_or_last(store: &Store, changed: bool, email: &str) -> Result<(), OperatorError> {
    if !changed && store.operator(email).await?.is_some() {
        return Err(OperatorError::LastAdmin(email.to_owned()));
    }
    known(changed, email)
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn addresses_are_lower_case_and_have_one_at() {
        assert_eq!(
            checked(" Ada@Example.COM ").expect("an address"),
            "ada@example.com"
        );
        for wrong in ["", "ada", "@example.com", "ada@", "a@b@c", "a b@c", "a\n@c"] {
            assert!(checked(wrong).is_err(), "{wrong:?}");
        }
    }
}
