//! What came in to start workflows: written down before it is answered.

use uuid::Uuid;

use super::Store;
use crate::clock::Millis;
use crate::identity::UserId;

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalKind {
    /// An app event, for every workflow that waits for its name.
    AppEvent,
    /// A request for one workflow.
    Request,
}

impl ArrivalKind {
    /// As it stands in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AppEvent => "app_event",
            Self::Request => "request",
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
    /// Epoch milliseconds.
    pub now: Millis,
}

impl Store {
    /// Writes down what came in.
    pub async fn insert_arrival(&self, arrival: &Arrival<'_>) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO workflow_inbox (id, project_id, user_id, credential_id, configuration_id, kind, name, payload,
                query, received_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        .bind(arrival.now)
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// Forgets what came in before `before`.
    pub async fn forget_arrivals(&self, before: Millis) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM workflow_inbox WHERE received_at < ?")
            .bind(before)
            .execute(&self.pool)
            .await
            .map(drop)
    }
}
