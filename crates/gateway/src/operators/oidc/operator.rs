//! The operator that somebody is whom the issuer has signed in.

use secrecy::SecretString;

use super::{Refusal, Step, failed};
use crate::error::ApiError;
use crate::operators::Role;
use crate::operators::admission::{Admission, Admitted};
use crate::operators::service;
use crate::operators::service::{Change, OperatorError};
use crate::operators::store::OperatorRow;
use crate::random;
use crate::state::App;

/// The operator, added or given another role where a claim decides that.
pub(super) async fn row(
    app: &App,
    admission: &Admission,
    admitted: &Admitted,
) -> Step<OperatorRow> {
    let email = admitted.email.as_str();
    let mut found = read(app, email).await?;
    let present = found.as_ref().map(|row| row.operator.role);
    if let Some(role) = admitted.role
        && present != Some(role)
    {
        let change = Change {
            actor: &admission.label,
            at: app.clock.now(),
            // The issuer decides who is admin.
            keeps_admin: false,
        };
        settle(app, change, email, role, present.is_some())
            .await
            .map_err(|error| failed(&ApiError::internal(error)))?;
        found = read(app, email).await?;
    }
    found.ok_or_else(|| unknown("no operator has the email address"))
}

async fn settle(
    app: &App,
    change: Change<'_>,
    email: &str,
    role: Role,
    is_known: bool,
) -> Result<(), OperatorError> {
    if is_known {
        return service::set_role(&app.store, change, email, role).await;
    }
    // A password that nobody knows: one can be given later.
    let password = SecretString::from(random::token());
    match service::add(&app.store, change, email, role, &password).await {
        // Two windows of theirs.
        Ok(_) | Err(OperatorError::Taken(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn read(app: &App, email: &str) -> Step<Option<OperatorRow>> {
    let row = app.store.operator(email).await;
    row.map_err(|error| failed(&ApiError::from(error)))
}

/// There is no such operator, or none any more.
pub(super) fn unknown(detail: &str) -> (Refusal, String) {
    (Refusal::UnknownOperator, detail.to_owned())
}
