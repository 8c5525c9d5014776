//! What came in to start workflows: written down before it is answered.

use serde_json::Value;
use sqlx::{Any, AnyConnection, FromRow, Transaction};
use uuid::Uuid;

use crate::clock::Millis;
use crate::identity::UserId;
use crate::store::column::Row;
use crate::store::{Store, column};

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalKind {
    /// An app event, for every workflow that waits for its name.
    AppEvent,
    /// A request for one workflow.
    Request,
    /// A workflow was switched on.
    IntegrationEnabled,
    /// The schedule of a workflow was due.
    Schedule,
    /// A work item was created.
    WorkItemCreated,
    /// A work item was changed.
    WorkItemUpdated,
    /// A work item was deleted.
    WorkItemDeleted,
}

impl ArrivalKind {
    const ALL: [Self; 7] = [
        Self::AppEvent,
        Self::Request,
        Self::IntegrationEnabled,
        Self::Schedule,
        Self::WorkItemCreated,
        Self::WorkItemUpdated,
        Self::WorkItemDeleted,
    ];

    /// As it stands in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AppEvent => "app_event",
            Self::Request => "request",
            Self::IntegrationEnabled => "integration_enabled",
            Self::Schedule => "schedule",
            Self::WorkItemCreated => "work_item_created",
            Self::WorkItemUpdated => "work_item_updated",
            Self::WorkItemDeleted => "work_item_deleted",
        }
    }
}

/// One thing that came in.
#[derive(Debug)]
pub struct Arrival<'a> {
    /// Id, UUID version 7.
    pub id: Uuid,
    /// Project.
    pub project: &'a str,
    /// User.
    pub user: &'a UserId,
    /// Account and configuration it is for; absent: all of the user's.
    pub target: Option<(Uuid, Uuid)>,
    /// What it is.
    pub kind: ArrivalKind,
    /// Name of the event, or id of the workflow.
    pub name: &'a str,
    /// JSON text.
    pub payload: &'a str,
    /// Query of a request.
    pub query: Option<&'a str>,
    /// What it is known by if it comes again.
    pub once_key: Option<&'a str>,
    /// Epoch milliseconds.
    pub now: Millis,
}

/// One thing that came in and waits to be dealt with.
#[derive(Debug)]
pub struct WaitingArrival {
    /// Id, UUID version 7.
    pub id: Uuid,
    /// Project.
    pub project: String,
    /// User.
    pub user: UserId,
    /// Account and configuration it is for; absent: all of the user's.
    pub target: Option<(Uuid, Uuid)>,
    /// What it is.
    pub kind: ArrivalKind,
    /// Name of the event, or id of the workflow.
    pub name: String,
    /// What it brought.
    pub payload: Value,
    /// Query of a request.
    pub query: Option<String>,
}

#[derive(FromRow)]
struct Raw {
    id: String,
    project_id: String,
    user_id: String,
    credential_id: Option<String>,
    configuration_id: Option<String>,
    kind: String,
    name: String,
    payload: String,
    query: Option<String>,
}

impl TryFrom<Raw> for WaitingArrival {
    type Error = sqlx::Error;

    fn try_from(raw: Raw) -> Result<Self, sqlx::Error> {
        let row = Row::of("workflow_inbox", &raw.id);
        let kind = ArrivalKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == raw.kind);
        let credential = row.optional_uuid("credential_id", raw.credential_id.as_deref())?;
        let configuration =
            row.optional_uuid("configuration_id", raw.configuration_id.as_deref())?;
        Ok(Self {
            id: row.uuid("id", &raw.id)?,
            project: raw.project_id,
            user: UserId(raw.user_id),
            target: credential.zip(configuration),
            kind: row.known("kind", kind)?,
            name: raw.name,
            payload: row.json("payload", &raw.payload)?,
            query: raw.query,
        })
    }
}

/// Writes down that a workflow was switched on, together with that.
pub(crate) async fn insert_enabled(
    transaction: &mut Transaction<'_, Any>,
    configuration: Uuid,
    workflow: &str,
    now: Millis,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO workflow_inbox (id, project_id, user_id, credential_id, configuration_id, kind, name, payload, received_at)
         SELECT $1, owner.project_id, owner.user_id, owner.id, own.id, $2, $3, '{}', $4
         FROM configurations own JOIN credentials owner ON owner.id = own.credential_id WHERE own.id = $5",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(ArrivalKind::IntegrationEnabled.as_str())
    .bind(workflow)
    .bind(now)
    .bind(configuration.to_string())
    .execute(&mut **transaction)
    .await
    .map(drop)
}

/// Writes down what came in. False if it came in before, by its key.
pub(crate) async fn insert_arrival(
    connection: &mut AnyConnection,
    arrival: &Arrival<'_>,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO workflow_inbox (id, project_id, user_id, credential_id, configuration_id, kind, name, payload,
            query, once_key, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (once_key) WHERE once_key IS NOT NULL DO NOTHING",
    )
    .bind(arrival.id.to_string())
    .bind(arrival.project)
    .bind(arrival.user.as_str())
    .bind(arrival.target.map(|(credential, _)| credential.to_string()))
    .bind(arrival.target.map(|(_, configuration)| configuration.to_string()))
    .bind(arrival.kind.as_str())
    .bind(arrival.name)
    .bind(arrival.payload)
    .bind(arrival.query)
    .bind(arrival.once_key)
    .bind(arrival.now)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

impl Store {
    /// Writes down what came in. False if it came in before, by its key.
    pub async fn insert_arrival(&self, arrival: &Arrival<'_>) -> Result<bool, sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        insert_arrival(&mut connection, arrival).await
    }

    /// What came in before `before` and has not been dealt with, oldest first.
    pub async fn waiting_arrivals(
        &self,
        before: Millis,
        limit: u32,
    ) -> Result<Vec<WaitingArrival>, sqlx::Error> {
        let rows: Vec<Raw> = sqlx::query_as(
            "SELECT id, project_id, user_id, credential_id, configuration_id, kind, name, payload, query
             FROM workflow_inbox WHERE dispatched_at IS NULL AND received_at <= $1 ORDER BY received_at LIMIT $2",
        )
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        Ok(column::readable(rows))
    }

    /// Forgets what came in before `before`.
    pub async fn forget_arrivals(&self, before: Millis) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM workflow_inbox WHERE received_at < $1")
            .bind(before)
            .execute(&self.pool)
            .await
            .map(drop)
    }
}
