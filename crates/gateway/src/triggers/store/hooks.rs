//! Subscriptions at the provider: how far they have come.

use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::clock::Millis;
use crate::identity::UserId;
use crate::store::column::Row;
use crate::store::turns::Turn;
use crate::store::{Store, column};

/// A subscription.
#[derive(Debug, Clone)]
pub struct HookRow {
    /// Unguessable id, part of its address.
    pub id: String,
    /// Project.
    pub project: String,
    /// User.
    pub user: UserId,
    /// Account.
    pub credential: Uuid,
    /// Its configuration.
    pub configuration: Uuid,
    /// Workflow.
    pub workflow: String,
    /// What it is for.
    pub filter: Value,
    /// Organization that it was made in, or was about to be.
    pub organization: Option<String>,
    /// The provider's id; none while it is not known to exist.
    pub subscription: Option<String>,
    /// Hash of the password of the last attempt to make it; none: nothing was attempted.
    pub secret_hash: Option<String>,
    /// Whether there should be one.
    pub is_wanted: bool,
    /// Why it could not be made or removed: `{"code", "message"}`.
    pub error: Option<Value>,
    /// Attempts since the last success.
    pub attempts: u32,
    /// When there is something to do, epoch milliseconds.
    pub next_try: Option<Millis>,
}

#[derive(FromRow)]
struct Raw {
    id: String,
    project_id: String,
    user_id: String,
    credential_id: String,
    configuration_id: String,
    workflow_id: String,
    filter: String,
    organization: Option<String>,
    subscription_id: Option<String>,
    secret_hash: Option<String>,
    is_wanted: i64,
    error: Option<String>,
    attempts: i64,
    next_try: Option<i64>,
}

impl TryFrom<Raw> for HookRow {
    type Error = sqlx::Error;

    fn try_from(raw: Raw) -> Result<Self, sqlx::Error> {
        let row = Row::of("service_hooks", &raw.id);
        Ok(Self {
            project: raw.project_id,
            user: UserId(raw.user_id),
            credential: row.uuid("credential_id", &raw.credential_id)?,
            configuration: row.uuid("configuration_id", &raw.configuration_id)?,
            workflow: raw.workflow_id,
            filter: row.json("filter", &raw.filter)?,
            organization: raw.organization,
            subscription: raw.subscription_id,
            secret_hash: raw.secret_hash,
            is_wanted: raw.is_wanted != 0,
            error: row.optional_json("error", raw.error.as_deref())?,
            attempts: row.count("attempts", raw.attempts)?,
            next_try: raw.next_try,
            id: raw.id,
        })
    }
}

const COLUMNS: &str = "hook.id, hook.project_id, hook.user_id, hook.credential_id, hook.configuration_id, hook.workflow_id,
    hook.filter, hook.organization, hook.subscription_id, hook.secret_hash, hook.is_wanted, hook.error, hook.attempts,
    hook.next_try";

impl Store {
    /// A subscription by its id.
    pub async fn hook(&self, id: &str) -> Result<Option<HookRow>, sqlx::Error> {
        let sql = format!("SELECT {COLUMNS} FROM service_hooks hook WHERE id = $1");
        let row: Option<Raw> = sqlx::query_as(&sql)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(HookRow::try_from).transpose()
    }

    /// The wanted subscriptions of a user.
    pub async fn hooks_of(
        &self,
        project: &str,
        user: &UserId,
    ) -> Result<Vec<HookRow>, sqlx::Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM service_hooks hook WHERE is_wanted = 1 AND credential_id IN
                (SELECT id FROM credentials WHERE project_id = $1 AND user_id = $2)"
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(project)
            .bind(user.as_str())
            .fetch_all(&self.pool)
            .await?;
        column::all(rows)
    }

    /// The wanted subscriptions that could not be made or kept, of users whose ids lie from `first` to `last`.
    pub async fn failing_hooks(
        &self,
        project: &str,
        first: &str,
        last: &str,
    ) -> Result<Vec<HookRow>, sqlx::Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM service_hooks hook WHERE is_wanted = 1 AND error IS NOT NULL
                AND project_id = $1 AND user_id BETWEEN $2 AND $3 ORDER BY hook.created_at, hook.id"
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(project)
            .bind(first)
            .bind(last)
            .fetch_all(&self.pool)
            .await?;
        column::all(rows)
    }

    /// Subscriptions with something to do at `now`, the longest waiting first. Those whose account has to be connected
    /// again wait for that.
    pub async fn hooks_to_do(&self, now: Millis, limit: u32) -> Result<Vec<HookRow>, sqlx::Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM service_hooks hook LEFT JOIN credentials owner ON owner.id = hook.credential_id
             WHERE hook.next_try <= $1 AND (owner.id IS NULL OR owner.status = 'VALID') ORDER BY hook.next_try LIMIT $2"
        );
        let rows: Vec<Raw> = sqlx::query_as(&sql)
            .bind(now)
            .bind(i64::from(limit))
            .fetch_all(&self.pool)
            .await?;
        Ok(column::readable(rows))
    }

    /// Takes a subscription in hand until `until`. False: another process has, or something changed since it was read.
    pub async fn take_hook(&self, hook: &HookRow, until: Millis) -> Result<bool, sqlx::Error> {
        let done = sqlx::query(
            "UPDATE service_hooks SET next_try = $1, attempts = attempts + 1
             WHERE id = $2 AND next_try = $3 AND is_wanted = $4",
        )
        .bind(until)
        .bind(&hook.id)
        .bind(hook.next_try)
        .bind(i64::from(hook.is_wanted))
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The provider is about to be asked for a subscription whose password has this hash. False if it is wanted no longer.
    pub async fn hook_attempted(
        &self,
        id: &str,
        organization: &str,
        secret_hash: &str,
    ) -> Result<bool, sqlx::Error> {
        let done = sqlx::query(
            "UPDATE service_hooks SET organization = $1, secret_hash = $2, subscription_id = NULL WHERE id = $3 AND is_wanted = 1",
        )
        .bind(organization)
        .bind(secret_hash)
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The subscription exists; it is looked after at `check`, or removed at once if it is wanted no longer.
    pub async fn hook_exists(
        &self,
        id: &str,
        subscription: &str,
        now: Millis,
        check: Millis,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE service_hooks SET subscription_id = $1, error = NULL, attempts = 0, updated_at = $2,
                next_try = CASE WHEN is_wanted = 1 THEN $3 ELSE $2 END
             WHERE id = $4",
        )
        .bind(subscription)
        .bind(now)
        .bind(check)
        .bind(id)
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// An attempt failed; the next is at `next_try`, unless what is wanted has changed since `hook` was read.
    pub async fn hook_failed(
        &self,
        hook: &HookRow,
        error: &Value,
        now: Millis,
        next_try: Millis,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE service_hooks SET error = $1, next_try = $2, updated_at = $3 WHERE id = $4 AND is_wanted = $5",
        )
        .bind(error.to_string())
        .bind(next_try)
        .bind(now)
        .bind(&hook.id)
        .bind(i64::from(hook.is_wanted))
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// The subscription is gone, or given up. With the last of a disconnected account its tokens are forgotten.
    pub async fn hook_removed(&self, hook: &HookRow, now: Millis) -> Result<(), sqlx::Error> {
        let mut transaction = self
            .begin_in_turn(&[Turn::Account(hook.credential)])
            .await?;
        sqlx::query(
            "UPDATE service_hooks SET subscription_id = NULL, next_try = NULL, updated_at = $1 WHERE id = $2 AND is_wanted = 0",
        )
        .bind(now)
        .bind(&hook.id)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM leaving_credentials WHERE id = $1 AND NOT EXISTS
                (SELECT 1 FROM service_hooks WHERE credential_id = $1 AND next_try IS NOT NULL)",
        )
        .bind(hook.credential.to_string())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await
    }

    /// Forgets removed subscriptions that nothing was heard of since `before`, and tokens of accounts that left before
    /// `left_before`.
    pub async fn forget_hooks(
        &self,
        before: Millis,
        left_before: Millis,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "DELETE FROM service_hooks WHERE is_wanted = 0 AND next_try IS NULL AND updated_at < $1",
        )
        .bind(before)
        .execute(&self.pool)
        .await?;
        sqlx::query("DELETE FROM leaving_credentials WHERE left_at < $1")
            .bind(left_before)
            .execute(&self.pool)
            .await
            .map(drop)
    }
}
