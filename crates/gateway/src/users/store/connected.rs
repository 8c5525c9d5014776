//! Connected users of a whole project, for its operators.

use sqlx::FromRow;
use uuid::Uuid;

use crate::audit;
use crate::audit::store::NewAuditEntry;
use crate::clock::Millis;
use crate::identity::UserId;
use crate::store::Store;
use crate::store::turns::Turn;
use crate::triggers::store::wanted_hooks::leave_credential;

/// One connected account with what is known of its user.
#[derive(Debug, FromRow)]
pub struct ConnectedAccountRow {
    /// User, as the app names them.
    pub user_id: String,
    /// The user's metadata (JSON object), if the app gave some.
    pub meta: Option<String>,
    /// Id of the credential.
    pub id: String,
    /// Account type id.
    pub account_type: String,
    /// The app's own label.
    pub external_id: Option<String>,
    /// `VALID`, `INVALID`, `PENDING`.
    pub status: String,
    /// What the app may know of the account (JSON object).
    pub provider_data: String,
    /// Azure DevOps organization.
    pub organization: String,
    /// Epoch milliseconds.
    pub created_at: Millis,
    /// Epoch milliseconds.
    pub refreshed_at: Millis,
}

impl Store {
    /// Accounts of the `limit` users behind `after` in the order of their ids, whose id, name, e-mail address,
    /// label or organization has the words of `search`.
    pub async fn connected_accounts(
        &self,
        project: &str,
        search: &str,
        after: &str,
        limit: i64,
    ) -> Result<Vec<ConnectedAccountRow>, sqlx::Error> {
        let json = |column, key| self.dialect.json_text(column, key);
        let (name, email) = (json("n.meta", "Name"), json("n.meta", "Email"));
        let display_name = json("f.provider_data", "displayName");
        let address = json("f.provider_data", "emailAddress");
        let sql = format!(
            "SELECT c.user_id, u.meta, c.id, c.account_type, c.external_id, c.status, c.provider_data, c.organization,
                c.created_at, c.refreshed_at
             FROM credentials c LEFT JOIN users u ON u.project_id = c.project_id AND u.user_id = c.user_id
             WHERE c.project_id = $1 AND c.user_id IN (
                SELECT DISTINCT f.user_id FROM credentials f
                LEFT JOIN users n ON n.project_id = f.project_id AND n.user_id = f.user_id
                WHERE f.project_id = $1 AND f.user_id > $3
                AND LOWER(CONCAT_WS(' ', f.user_id, {name}, {email}, f.external_id,
                    {display_name}, {address}, f.organization))
                    LIKE LOWER('%' || $2 || '%') ESCAPE '\\'
                ORDER BY f.user_id LIMIT $4)
             ORDER BY c.user_id, c.created_at, c.id"
        );
        sqlx::query_as(&sql)
            .bind(project)
            .bind(escaped(search))
            .bind(after)
            .bind(limit)
            .fetch_all(&self.pool)
            .await
    }

    /// Removes a credential of whichever user of the project; `false` when there is no such one.
    pub async fn disconnect_account(
        &self,
        project: &str,
        id: Uuid,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.begin_in_turn(&[Turn::Account(id)]).await?;
        leave_credential(&mut transaction, project, id, entry.at).await?;
        let owner: Option<(String,)> = sqlx::query_as(
            "DELETE FROM credentials WHERE project_id = $1 AND id = $2 RETURNING user_id",
        )
        .bind(project)
        .bind(id.to_string())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some((user,)) = owner else {
            return Ok(false);
        };
        let _changing = self.changing_credentials(project, &UserId(user));
        audit::store::commit(transaction, 1, entry).await
    }

    /// User, organization and status of a credential of the project.
    pub async fn account_of_project(
        &self,
        project: &str,
        id: Uuid,
    ) -> Result<Option<(String, String, String)>, sqlx::Error> {
        sqlx::query_as(
            "SELECT user_id, organization, status FROM credentials WHERE project_id = $1 AND id = $2",
        )
        .bind(project)
        .bind(id.to_string())
        .fetch_optional(&self.pool)
        .await
    }
}

/// A search has no wildcards.
fn escaped(search: &str) -> String {
    search
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
