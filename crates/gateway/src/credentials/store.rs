//! Connected accounts. Every query names project and user, so no id of another tenant ever matches.

use std::sync::Arc;

use sqlx::FromRow;
use uuid::Uuid;

use crate::clock::Millis;
use crate::configurations::store::NewConfiguration;
use crate::identity::UserId;
use crate::store::column::Row;
use crate::store::recent::Changing;
use crate::store::turns::Turn;
use crate::store::{Store, column};
use crate::triggers::store::wanted_hooks::{leave_credential, reconnect};
use crate::triggers::store::{StatesOf, unsettle};
use crate::vault::Sealed;
use crate::{configurations, connect};

/// Whether a credential works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialStatus {
    /// It works, as far as is known.
    Valid,
    /// The provider no longer accepts it: the user must connect again.
    Invalid,
    /// Its set-up was not finished.
    Pending,
}

impl CredentialStatus {
    /// As it stands in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::Invalid => "INVALID",
            Self::Pending => "PENDING",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Valid, Self::Invalid, Self::Pending]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// One connected account.
#[derive(Debug, Clone)]
pub struct CredentialRow {
    /// Id, UUID version 4.
    pub id: Uuid,
    /// Project it belongs to.
    pub project_id: String,
    /// User it belongs to.
    pub user_id: UserId,
    /// Integration type.
    pub integration: String,
    /// Account type id.
    pub account_type: String,
    /// The app's own label.
    pub external_id: Option<String>,
    /// Whether it works.
    pub status: CredentialStatus,
    /// The provider's id of the account.
    pub provider_id: Option<String>,
    /// What the app may know of the account (JSON object).
    pub provider_data: String,
    /// Azure DevOps organization.
    pub organization: String,
    /// Tokens, sealed for row `credential/{id}`.
    pub secret: Sealed,
    /// What Entra ID wants the next sign-in to prove.
    pub claims_challenge: Option<String>,
    /// Refreshes that failed since the last one that worked.
    pub refresh_failure_count: i64,
    /// Epoch milliseconds.
    pub created_at: Millis,
    /// Epoch milliseconds.
    pub updated_at: Millis,
    /// Epoch milliseconds.
    pub refreshed_at: Millis,
}

impl CredentialRow {
    /// Row name that its secret is sealed for.
    pub fn seal_row(id: Uuid) -> String {
        format!("credential/{id}")
    }
}

#[derive(FromRow)]
struct Raw {
    id: String,
    project_id: String,
    user_id: String,
    integration: String,
    account_type: String,
    external_id: Option<String>,
    status: String,
    provider_id: Option<String>,
    provider_data: String,
    organization: String,
    secret: Vec<u8>,
    secret_key_id: String,
    claims_challenge: Option<String>,
    refresh_failure_count: i64,
    created_at: i64,
    updated_at: i64,
    refreshed_at: i64,
}

impl TryFrom<Raw> for CredentialRow {
    type Error = sqlx::Error;

    fn try_from(raw: Raw) -> Result<Self, sqlx::Error> {
        let row = Row::of("credentials", &raw.id);
        Ok(Self {
            id: row.uuid("id", &raw.id)?,
            project_id: raw.project_id,
            user_id: UserId(raw.user_id),
            integration: raw.integration,
            account_type: raw.account_type,
            external_id: raw.external_id,
            status: row.known("status", CredentialStatus::parse(&raw.status))?,
            provider_id: raw.provider_id,
            provider_data: raw.provider_data,
            organization: raw.organization,
            secret: Sealed {
                key_id: raw.secret_key_id,
                bytes: raw.secret,
            },
            claims_challenge: raw.claims_challenge,
            refresh_failure_count: raw.refresh_failure_count,
            created_at: raw.created_at,
            updated_at: raw.updated_at,
            refreshed_at: raw.refreshed_at,
        })
    }
}

impl Store {
    /// All credentials of a user, oldest first.
    pub async fn credentials(
        &self,
        project: &str,
        user: &UserId,
    ) -> Result<Vec<CredentialRow>, sqlx::Error> {
        let rows: Vec<Raw> = sqlx::query_as(
            "SELECT * FROM credentials WHERE project_id = $1 AND user_id = $2 ORDER BY created_at, id",
        )
        .bind(project)
        .bind(user.as_str())
        .fetch_all(&self.pool)
        .await?;
        column::all(rows)
    }

    /// The same as they were at most a second ago.
    pub async fn recent_credentials(
        &self,
        project: &str,
        user: &UserId,
    ) -> Result<Arc<[CredentialRow]>, sqlx::Error> {
        let read = async { Ok(self.credentials(project, user).await?.into()) };
        let key = (project.to_owned(), user.as_str().to_owned());
        self.recent.credentials.get(key, read).await
    }

    /// To be held while credentials of the user are changed.
    pub(crate) fn changing_credentials(&self, project: &str, user: &UserId) -> Changing<'_> {
        let key = (project.to_owned(), user.as_str().to_owned());
        self.recent.credentials.changing(&key)
    }

    /// The credential with this id was changed, of whichever user.
    fn credential_changed(&self, owner: Option<(String, String)>) -> bool {
        let Some(owner) = owner else {
            return false;
        };
        drop(self.recent.credentials.changing(&owner));
        true
    }

    /// One credential of a user by its id.
    pub async fn credential(
        &self,
        project: &str,
        user: &UserId,
        id: Uuid,
    ) -> Result<Option<CredentialRow>, sqlx::Error> {
        let row: Option<Raw> = sqlx::query_as(
            "SELECT * FROM credentials WHERE project_id = $1 AND user_id = $2 AND id = $3",
        )
        .bind(project)
        .bind(user.as_str())
        .bind(id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        row.map(CredentialRow::try_from).transpose()
    }

    /// Writes a credential: a new one together with its default configuration, or the one with the same id **of the same
    /// user** anew. The flow that it comes from ends with it. `false`: that flow had ended, and nothing was written.
    pub async fn put_credential(
        &self,
        row: &CredentialRow,
        configuration: Option<&NewConfiguration<'_>>,
        flow: Option<&str>,
    ) -> Result<bool, sqlx::Error> {
        let _changing = self.changing_credentials(&row.project_id, &row.user_id);
        let mut transaction = self.begin_in_turn(&[Turn::Account(row.id)]).await?;
        if let Some(flow) = flow
            && !connect::store::connected(&mut transaction, flow, row.id).await?
        {
            return Ok(false);
        }
        let written = sqlx::query(
            "INSERT INTO credentials (id, project_id, user_id, integration, account_type, external_id, status, provider_id,
                provider_data, organization, secret, secret_key_id, claims_challenge, refresh_failure_count, created_at,
                updated_at, refreshed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT (id) DO UPDATE SET account_type = $5, external_id = $6, status = $7, provider_id = $8,
                provider_data = $9, organization = $10, secret = $11, secret_key_id = $12, claims_challenge = $13,
                refresh_failure_count = $14, updated_at = $16, refreshed_at = $17
             WHERE credentials.project_id = $2 AND credentials.user_id = $3 AND credentials.integration = $4",
        )
        .bind(row.id.to_string())
        .bind(&row.project_id)
        .bind(row.user_id.as_str())
        .bind(&row.integration)
        .bind(&row.account_type)
        .bind(&row.external_id)
        .bind(row.status.as_str())
        .bind(&row.provider_id)
        .bind(&row.provider_data)
        .bind(&row.organization)
        .bind(&row.secret.bytes)
        .bind(&row.secret.key_id)
        .bind(&row.claims_challenge)
        .bind(row.refresh_failure_count)
        .bind(row.created_at)
        .bind(row.updated_at)
        .bind(row.refreshed_at)
        .execute(&mut *transaction)
        .await?;
        if written.rows_affected() != 1 {
            return Err(sqlx::Error::RowNotFound);
        }
        let now = row.updated_at;
        reconnect(&mut transaction, row.id, &row.organization, now).await?;
        unsettle(
            &mut transaction,
            self.dialect,
            StatesOf::Credential(row.id),
            now,
        )
        .await?;
        if let Some(new) = configuration {
            configurations::store::insert(
                &mut transaction,
                &row.project_id,
                &row.user_id,
                row.id,
                new,
            )
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Stores tokens after a refresh. `false`: the credential was deleted meanwhile.
    pub async fn store_refreshed(
        &self,
        id: Uuid,
        secret: &Sealed,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let changed = sqlx::query_as(
            "UPDATE credentials SET secret = $1, secret_key_id = $2, status = 'VALID', claims_challenge = NULL,
                refresh_failure_count = 0, refreshed_at = $3, updated_at = $3 WHERE id = $4
             RETURNING project_id, user_id",
        )
        .bind(&secret.bytes)
        .bind(&secret.key_id)
        .bind(now)
        .bind(id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        Ok(self.credential_changed(changed))
    }

    /// Marks a credential as needing a reconnect, unless it was refreshed since `seen`.
    pub async fn mark_invalid(
        &self,
        id: Uuid,
        seen: &Sealed,
        claims_challenge: Option<&str>,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let changed = sqlx::query_as(
            "UPDATE credentials SET status = 'INVALID', claims_challenge = $1, refresh_failure_count = refresh_failure_count + 1,
                updated_at = $2 WHERE id = $3 AND secret = $4 RETURNING project_id, user_id",
        )
        .bind(claims_challenge)
        .bind(now)
        .bind(id.to_string())
        .bind(&seen.bytes)
        .fetch_optional(&self.pool)
        .await?;
        Ok(self.credential_changed(changed))
    }

    /// Deletes a credential of a user. `false`: there was none.
    pub async fn delete_credential(
        &self,
        project: &str,
        user: &UserId,
        id: Uuid,
        now: Millis,
    ) -> Result<bool, sqlx::Error> {
        let _changing = self.changing_credentials(project, user);
        let mut transaction = self.begin_in_turn(&[Turn::Account(id)]).await?;
        leave_credential(&mut transaction, project, id, now).await?;
        let done = sqlx::query(
            "DELETE FROM credentials WHERE project_id = $1 AND user_id = $2 AND id = $3",
        )
        .bind(project)
        .bind(user.as_str())
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// A credential that was disconnected and whose subscriptions are not removed yet.
    pub async fn leaving_credential(&self, id: Uuid) -> Result<Option<CredentialRow>, sqlx::Error> {
        let row: Option<Raw> = sqlx::query_as(
            "SELECT id, project_id, user_id, integration, account_type, NULL AS external_id, status, NULL AS provider_id,
                '{}' AS provider_data, organization, secret, secret_key_id, NULL AS claims_challenge,
                0 AS refresh_failure_count, left_at AS created_at, left_at AS updated_at, left_at AS refreshed_at
             FROM leaving_credentials WHERE id = $1",
        )
        .bind(id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        row.map(CredentialRow::try_from).transpose()
    }

    /// Stores tokens of a credential that was disconnected. `false`: it is not there any more.
    pub async fn store_leaving(&self, id: Uuid, secret: &Sealed) -> Result<bool, sqlx::Error> {
        let done = sqlx::query(
            "UPDATE leaving_credentials SET secret = $1, secret_key_id = $2 WHERE id = $3",
        )
        .bind(&secret.bytes)
        .bind(&secret.key_id)
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
