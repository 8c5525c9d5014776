//! Connect flows under way. Secret ids are stored as hashes; each is found once.

mod raw;
mod sign_in;

use paragon_wire::flow::{FlowError, FlowStatus, FlowUpdate};
use sqlx::{Any, Transaction};
use uuid::Uuid;

use self::raw::Raw;
pub use self::sign_in::NewSignIn;
use crate::clock::Millis;
use crate::identity::UserId;
use crate::store::Store;
use crate::vault::Sealed;

/// A flow to be registered.
#[derive(Debug)]
pub struct NewFlow<'a> {
    /// Flow id.
    pub id: &'a str,
    /// Project.
    pub project: &'a str,
    /// User.
    pub user: &'a UserId,
    /// Integration type.
    pub integration: &'a str,
    /// Origin of the app's page.
    pub origin: &'a str,
    /// Polling key of the reference client.
    pub session_key: Option<&'a str>,
    /// Hash of the popup's ticket.
    pub ticket_hash: String,
    /// Label for the new credential.
    pub external_id: Option<&'a str>,
    /// Credential to connect again.
    pub target_credential_id: Option<Uuid>,
    /// Page of the app that the provider sends the browser to, instead of the gateway's.
    pub redirect_uri: Option<&'a str>,
    /// Page of the app to go back to, for a flow in the app's own window.
    pub return_to: Option<&'a str>,
    /// Organization that the app asks for.
    pub organization: Option<&'a str>,
    /// Whether the user may connect several organizations at once.
    pub several: bool,
    /// Epoch milliseconds.
    pub now: Millis,
    /// Epoch milliseconds.
    pub expires_at: Millis,
}

/// A flow as it stands.
#[derive(Debug, Clone)]
pub struct FlowRow {
    /// Flow id.
    pub id: String,
    /// Project.
    pub project_id: String,
    /// User.
    pub user_id: UserId,
    /// Integration type.
    pub integration: String,
    /// Origin of the app's page.
    pub origin: String,
    /// Polling key of the reference client; absent for flows of our SDK.
    pub session_key: Option<String>,
    /// Hash of the cookie that binds the flow to one browser.
    pub binding_hash: Option<String>,
    /// Label for the new credential.
    pub external_id: Option<String>,
    /// Credential to connect again.
    pub target_credential_id: Option<Uuid>,
    /// Whether the user was already sent back to consent.
    pub asked_for_consent: bool,
    /// Page of the app that the provider sends the browser to, instead of the gateway's.
    pub redirect_uri: Option<String>,
    /// Page of the app to go back to, for a flow in the app's own window.
    pub return_to: Option<String>,
    /// Organization that was named for it.
    pub organization: Option<String>,
    /// Directory that it signs in to; absent: as the integration is set.
    pub tenant: Option<String>,
    /// Whether the user may connect several organizations at once.
    pub several: bool,
    /// Why the last try did not end in an account, while another is offered.
    pub problem: Option<FlowError>,
    /// Code verifier or tokens, sealed for row `flow/{id}`.
    pub secret: Option<Sealed>,
    /// What clients see.
    pub update: FlowUpdate,
    /// Epoch milliseconds.
    pub expires_at: Millis,
}

impl FlowRow {
    /// Row name that its secret is sealed for.
    pub fn seal_row(id: &str) -> String {
        format!("flow/{id}")
    }
}

/// A change of a flow's status.
#[derive(Debug, Default)]
pub struct Transition<'a> {
    /// Set when the flow failed.
    pub error: Option<(&'a str, &'a str)>,
}

/// Statuses a flow can still leave; the counterpart of [`FlowStatus::is_final`].
const LIVE: &str = "status IN ('pending', 'opened', 'provider', 'organization')";

impl Store {
    /// Registers a flow. `false`: its id, ticket or session key is in use.
    pub async fn insert_flow(&self, flow: &NewFlow<'_>) -> Result<bool, sqlx::Error> {
        let done = sqlx::query(
            "INSERT INTO flows (id, project_id, user_id, integration, origin, session_key, ticket_hash, external_id,
                target_credential_id, redirect_uri, return_to, organization, several, status, version, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'pending', 1, $14, $15) ON CONFLICT DO NOTHING",
        )
        .bind(flow.id)
        .bind(flow.project)
        .bind(flow.user.as_str())
        .bind(flow.integration)
        .bind(flow.origin)
        .bind(flow.session_key)
        .bind(&flow.ticket_hash)
        .bind(flow.external_id)
        .bind(flow.target_credential_id.map(|id| id.to_string()))
        .bind(flow.redirect_uri)
        .bind(flow.return_to)
        .bind(flow.organization)
        .bind(i64::from(flow.several))
        .bind(flow.now)
        .bind(flow.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// A flow by its id.
    pub async fn flow(&self, id: &str) -> Result<Option<FlowRow>, sqlx::Error> {
        let row: Option<Raw> = sqlx::query_as("SELECT * FROM flows WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(FlowRow::try_from).transpose()
    }

    /// A user's flow by the reference client's polling key.
    pub async fn flow_by_session_key(
        &self,
        project: &str,
        user: &UserId,
        key: &str,
    ) -> Result<Option<FlowRow>, sqlx::Error> {
        let row: Option<Raw> = sqlx::query_as(
            "SELECT * FROM flows WHERE project_id = $1 AND user_id = $2 AND session_key = $3",
        )
        .bind(project)
        .bind(user.as_str())
        .bind(key)
        .fetch_optional(&self.pool)
        .await?;
        row.map(FlowRow::try_from).transpose()
    }

    /// A user's latest live flow whose answer goes to the app's page `redirect_uri`.
    pub async fn flow_by_redirect_uri(
        &self,
        project: &str,
        user: &UserId,
        redirect_uri: &str,
        now: Millis,
    ) -> Result<Option<FlowRow>, sqlx::Error> {
        let sql = format!(
            "SELECT * FROM flows WHERE project_id = $1 AND user_id = $2 AND redirect_uri = $3 AND expires_at > $4 AND {LIVE}
             ORDER BY created_at DESC, rowid DESC LIMIT 1"
        );
        let row: Option<Raw> = sqlx::query_as(&sql)
            .bind(project)
            .bind(user.as_str())
            .bind(redirect_uri)
            .bind(now)
            .fetch_optional(&self.pool)
            .await?;
        row.map(FlowRow::try_from).transpose()
    }

    /// Whether a flow was registered with this ticket, used up or not.
    pub async fn knows_ticket(&self, ticket_hash: &str) -> Result<bool, sqlx::Error> {
        let row: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM flows WHERE ticket_hash = $1")
            .bind(ticket_hash)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }

    /// Takes a ticket: it works once. The flow learns the cookie that binds it to the browser.
    pub async fn take_ticket(
        &self,
        ticket_hash: &str,
        binding_hash: &str,
        now: Millis,
    ) -> Result<Option<FlowRow>, sqlx::Error> {
        let sql = format!(
            "UPDATE flows SET binding_hash = $1, status = 'opened', version = version + 1
             WHERE ticket_hash = $2 AND binding_hash IS NULL AND expires_at > $3 AND {LIVE} RETURNING *"
        );
        let row: Option<Raw> = sqlx::query_as(&sql)
            .bind(binding_hash)
            .bind(ticket_hash)
            .bind(now)
            .fetch_optional(&self.pool)
            .await?;
        row.map(FlowRow::try_from).transpose()
    }

    /// The flow a live state belongs to, without using the state up.
    pub async fn flow_by_state(
        &self,
        state_hash: &str,
        now: Millis,
    ) -> Result<Option<FlowRow>, sqlx::Error> {
        let sql =
            format!("SELECT * FROM flows WHERE state_hash = $1 AND expires_at > $2 AND {LIVE}");
        let row: Option<Raw> = sqlx::query_as(&sql)
            .bind(state_hash)
            .bind(now)
            .fetch_optional(&self.pool)
            .await?;
        row.map(FlowRow::try_from).transpose()
    }

    /// Uses a state up. `false`: somebody else did.
    pub async fn take_state(&self, state_hash: &str) -> Result<bool, sqlx::Error> {
        let done = sqlx::query("UPDATE flows SET state_hash = NULL WHERE state_hash = $1")
            .bind(state_hash)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Moves a live flow to `status`; the final ones lose their secret. `false`: the flow had ended, or stood at
    /// another version than `expected_version`.
    pub async fn transition(
        &self,
        id: &str,
        status: FlowStatus,
        transition: Transition<'_>,
        expected_version: Option<u32>,
    ) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "UPDATE flows SET status = $1, version = version + 1, error_code = $2, error_message = $3,
                state_hash = CASE WHEN $4 = 1 THEN NULL ELSE state_hash END,
                secret = CASE WHEN $4 = 1 THEN NULL ELSE secret END,
                secret_key_id = CASE WHEN $4 = 1 THEN NULL ELSE secret_key_id END
             WHERE id = $5 AND {LIVE} AND ($6 IS NULL OR version = $6)"
        );
        let done = sqlx::query(&sql)
            .bind(status.as_str())
            .bind(transition.error.map(|(code, _)| code))
            .bind(transition.error.map(|(_, message)| message))
            .bind(i64::from(status.is_final()))
            .bind(id)
            .bind(expected_version.map(i64::from))
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Keeps a flow that has not expired at `now` from expiring before `expires_at`, counted at most `longest_ms` from
    /// its beginning.
    pub async fn extend_flow(
        &self,
        id: &str,
        now: Millis,
        expires_at: Millis,
        longest_ms: Millis,
    ) -> Result<(), sqlx::Error> {
        let sql = format!(
            "UPDATE flows SET expires_at = CASE WHEN $1 < created_at + $2 THEN $1 ELSE created_at + $2 END
             WHERE id = $3 AND expires_at > $4 AND expires_at < $1 AND expires_at < created_at + $2 AND {LIVE}"
        );
        let query = sqlx::query(&sql)
            .bind(expires_at)
            .bind(longest_ms)
            .bind(id)
            .bind(now);
        query.execute(&self.pool).await.map(drop)
    }

    /// Marks flows whose time is over as expired and forgets those that ended before `forget_before`.
    pub async fn sweep_flows(&self, now: Millis, forget_before: Millis) -> Result<(), sqlx::Error> {
        let sql = format!(
            "UPDATE flows SET status = 'expired', version = version + 1, secret = NULL, secret_key_id = NULL,
                state_hash = NULL WHERE expires_at <= $1 AND {LIVE}"
        );
        sqlx::query(&sql).bind(now).execute(&self.pool).await?;
        sqlx::query("DELETE FROM flows WHERE expires_at <= $1")
            .bind(forget_before)
            .execute(&self.pool)
            .await
            .map(drop)
    }

    /// Forgets a user's flow by the reference client's polling key.
    pub async fn delete_session(
        &self,
        project: &str,
        user: &UserId,
        key: &str,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE flows SET session_key = NULL WHERE project_id = $1 AND user_id = $2 AND session_key = $3")
            .bind(project)
            .bind(user.as_str())
            .bind(key)
            .execute(&self.pool)
            .await
            .map(drop)
    }
}

/// Ends a live flow with the account that `transaction` writes. `false`: the flow had ended.
pub(crate) async fn connected(
    transaction: &mut Transaction<'_, Any>,
    id: &str,
    credential: Uuid,
) -> Result<bool, sqlx::Error> {
    let sql = format!(
        "UPDATE flows SET status = 'connected', version = version + 1, credential_id = $1, state_hash = NULL,
            error_code = NULL, error_message = NULL, secret = NULL, secret_key_id = NULL WHERE id = $2 AND {LIVE}"
    );
    let done = sqlx::query(&sql)
        .bind(credential.to_string())
        .bind(id)
        .execute(&mut **transaction)
        .await?;
    Ok(done.rows_affected() == 1)
}
