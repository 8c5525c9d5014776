//! Subscriptions at the provider: which are wanted, and which no longer are.

use sqlx::AnyConnection;
use uuid::Uuid;

use crate::clock::Millis;
use crate::store::Store;
use crate::triggers::store::TriggerState;

/// A subscription that is to be made.
#[derive(Debug)]
pub struct NewHook {
    /// Unguessable id, part of its address.
    pub id: String,
    /// What it is for, as JSON text; what differs in it is another subscription.
    pub filter: String,
}

/// Which subscriptions are wanted no longer.
enum Which<'a> {
    OfCredential(&'a str, Uuid),
    OfConfiguration(Uuid),
    /// Of an account that has another organization now.
    Elsewhere(Uuid, &'a str),
    /// Of a state that wants another filter, or none.
    Other(&'a TriggerState, Option<&'a str>),
    OfGoneWorkflows,
}

impl Which<'_> {
    /// The condition, with its parameters from `$1` on.
    fn condition(&self) -> (&'static str, Vec<Option<String>>) {
        match self {
            Self::OfCredential(project, id) => (
                "project_id = $1 AND credential_id = $2",
                vec![Some((*project).to_owned()), Some(id.to_string())],
            ),
            Self::OfConfiguration(id) => ("configuration_id = $1", vec![Some(id.to_string())]),
            Self::Elsewhere(credential, organization) => (
                "credential_id = $1 AND organization <> $2",
                vec![Some(credential.to_string()), Some((*organization).to_owned())],
            ),
            Self::Other(state, filter) => (
                "configuration_id = $1 AND workflow_id = $2 AND filter IS DISTINCT FROM $3",
                vec![
                    Some(state.configuration.to_string()),
                    Some(state.workflow.clone()),
                    filter.map(str::to_owned),
                ],
            ),
            Self::OfGoneWorkflows => (
                "NOT EXISTS (SELECT 1 FROM workflows offered WHERE offered.project_id = service_hooks.project_id
                    AND offered.id = service_hooks.workflow_id)",
                Vec::new(),
            ),
        }
    }
}

/// They are wanted no longer. What was never attempted is forgotten.
async fn unwant(
    connection: &mut AnyConnection,
    which: &Which<'_>,
    now: Millis,
) -> Result<(), sqlx::Error> {
    let (condition, parameters) = which.condition();
    let sql = format!(
        "DELETE FROM service_hooks WHERE is_wanted = 1 AND secret_hash IS NULL AND {condition}"
    );
    let bound = |sql| {
        let parameters = parameters.iter().map(Option::as_deref);
        parameters.fold(sqlx::query(sql), sqlx::query::Query::bind)
    };
    bound(sql.as_str()).execute(&mut *connection).await?;
    let number = parameters.len() + 1;
    let sql = format!(
        "UPDATE service_hooks SET is_wanted = 0, attempts = 0, error = NULL, next_try = ${number}, updated_at = ${number}
         WHERE is_wanted = 1 AND {condition}"
    );
    bound(sql.as_str())
        .bind(now)
        .execute(connection)
        .await
        .map(drop)
}

/// Makes `hook` the wanted subscription of a state; one with the same filter stays.
pub(crate) async fn want(
    connection: &mut AnyConnection,
    state: &TriggerState,
    hook: Option<&NewHook>,
    now: Millis,
) -> Result<(), sqlx::Error> {
    let filter = hook.map(|hook| hook.filter.as_str());
    unwant(connection, &Which::Other(state, filter), now).await?;
    let Some(hook) = hook else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO service_hooks (id, project_id, user_id, credential_id, configuration_id, workflow_id, filter, next_try,
            created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8)
         ON CONFLICT (configuration_id, workflow_id) WHERE is_wanted = 1 DO NOTHING",
    )
    .bind(&hook.id)
    .bind(&state.project)
    .bind(state.user.as_str())
    .bind(state.credential.to_string())
    .bind(state.configuration.to_string())
    .bind(&state.workflow)
    .bind(&hook.filter)
    .bind(now)
    .execute(connection)
    .await
    .map(drop)
}

/// A configuration is deleted.
pub(crate) async fn leave_configuration(
    connection: &mut AnyConnection,
    configuration: Uuid,
    now: Millis,
) -> Result<(), sqlx::Error> {
    unwant(connection, &Which::OfConfiguration(configuration), now).await
}

/// An account is about to be disconnected: its tokens are kept as long as subscriptions wait to be removed with them.
pub(crate) async fn leave_credential(
    connection: &mut AnyConnection,
    project: &str,
    credential: Uuid,
    now: Millis,
) -> Result<(), sqlx::Error> {
    unwant(connection, &Which::OfCredential(project, credential), now).await?;
    sqlx::query(
        "INSERT INTO leaving_credentials (id, project_id, user_id, integration, account_type, organization, status, secret,
            secret_key_id, left_at)
         SELECT id, project_id, user_id, integration, account_type, organization, status, secret, secret_key_id, $2
         FROM credentials WHERE id = $1 AND project_id = $3 AND EXISTS
            (SELECT 1 FROM service_hooks WHERE credential_id = $1 AND next_try IS NOT NULL)",
    )
    .bind(credential.to_string())
    .bind(now)
    .bind(project)
    .execute(connection)
    .await
    .map(drop)
}

/// An account was connected again, maybe with another organization: what waits for it goes on.
pub(crate) async fn reconnect(
    connection: &mut AnyConnection,
    credential: Uuid,
    organization: &str,
    now: Millis,
) -> Result<(), sqlx::Error> {
    unwant(connection, &Which::Elsewhere(credential, organization), now).await?;
    sqlx::query(
        "UPDATE service_hooks SET next_try = $2 WHERE credential_id = $1 AND next_try > $2 AND subscription_id IS NULL",
    )
    .bind(credential.to_string())
    .bind(now)
    .execute(connection)
    .await
    .map(drop)
}

impl Store {
    /// Nothing is wanted any more for workflows that their projects no longer offer.
    pub async fn unwant_hooks_of_gone_workflows(&self, now: Millis) -> Result<(), sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        unwant(&mut connection, &Which::OfGoneWorkflows, now).await
    }
}
