//! Operators of the dashboard and their sessions. A change of an operator ends all of their sessions.

pub mod attempts;

use sqlx::{Any, FromRow, Transaction};

use crate::audit;
use crate::audit::store::NewAuditEntry;
use crate::clock::Millis;
use crate::operators::{Operator, Role};
use crate::store::column::Row;
use crate::store::turns::Turn;
use crate::store::{Store, column};

/// An operator with what signs them in.
#[derive(Debug)]
pub struct OperatorRow {
    /// Who.
    pub operator: Operator,
    /// Argon2id, as PHC string.
    pub password_hash: String,
    /// Epoch milliseconds.
    pub created_at: Millis,
}

#[derive(FromRow)]
struct Raw {
    id: String,
    email: String,
    role: String,
    password_hash: String,
    created_at: i64,
}

impl TryFrom<Raw> for OperatorRow {
    type Error = sqlx::Error;

    fn try_from(raw: Raw) -> Result<Self, sqlx::Error> {
        let row = Row::of("operators", &raw.id);
        Ok(Self {
            operator: Operator {
                id: row.uuid("id", &raw.id)?,
                email: raw.email,
                role: Role::parse(&raw.role),
            },
            password_hash: raw.password_hash,
            created_at: raw.created_at,
        })
    }
}

/// When sessions end, in epoch milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct SessionBounds {
    /// Sessions that began before have ended.
    pub began_after: Millis,
    /// Sessions that were used last before have ended.
    pub used_after: Millis,
}

impl Store {
    /// Every operator, by e-mail address.
    pub async fn operators(&self) -> Result<Vec<OperatorRow>, sqlx::Error> {
        let rows: Vec<Raw> = sqlx::query_as("SELECT * FROM operators ORDER BY email")
            .fetch_all(&self.pool)
            .await?;
        column::all(rows)
    }

    /// The operator with this address (in lower case).
    pub async fn operator(&self, email: &str) -> Result<Option<OperatorRow>, sqlx::Error> {
        let row: Option<Raw> = sqlx::query_as("SELECT * FROM operators WHERE email = $1")
            .bind(email)
            .fetch_optional(&self.pool)
            .await?;
        row.map(OperatorRow::try_from).transpose()
    }

    /// Adds an operator; `false` when the address is taken.
    pub async fn insert_operator(
        &self,
        operator: &Operator,
        password_hash: &str,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.begin().await?;
        let inserted = sqlx::query(
            "INSERT INTO operators (id, email, role, password_hash, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (email) DO NOTHING",
        )
        .bind(operator.id.to_string())
        .bind(&operator.email)
        .bind(operator.role.as_str())
        .bind(password_hash)
        .bind(entry.at)
        .execute(&mut *transaction)
        .await?;
        audit::store::commit(transaction, inserted.rows_affected(), entry).await
    }

    /// Gives an operator another password and ends their sessions; `false` when there is no such operator.
    pub async fn set_operator_password(
        &self,
        email: &str,
        password_hash: &str,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.begin().await?;
        let changed = sqlx::query(
            "UPDATE operators SET password_hash = $1, updated_at = $2 WHERE email = $3",
        )
        .bind(password_hash)
        .bind(entry.at)
        .bind(email)
        .execute(&mut *transaction)
        .await?;
        end_sessions(&mut transaction, email).await?;
        audit::store::commit(transaction, changed.rows_affected(), entry).await
    }

    /// Gives an operator another role and ends their sessions; `false` when there is no such operator, or when
    /// `keeps_admin` and there would be no admin left.
    pub async fn set_operator_role(
        &self,
        email: &str,
        role: Role,
        keeps_admin: bool,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.begin_in_turn(&[Turn::Operators]).await?;
        let changed = sqlx::query(
            "UPDATE operators SET role = $1, updated_at = $2 WHERE email = $3 AND ($4 = 0 OR $1 = 'admin'
             OR EXISTS (SELECT 1 FROM operators WHERE role = 'admin' AND email <> $3))",
        )
        .bind(role.as_str())
        .bind(entry.at)
        .bind(email)
        .bind(i64::from(keeps_admin))
        .execute(&mut *transaction)
        .await?;
        end_sessions(&mut transaction, email).await?;
        audit::store::commit(transaction, changed.rows_affected(), entry).await
    }

    /// Removes an operator, and their sessions with them; `false` as for [`Store::set_operator_role`].
    pub async fn delete_operator(
        &self,
        email: &str,
        keeps_admin: bool,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.begin_in_turn(&[Turn::Operators]).await?;
        let deleted = sqlx::query(
            "DELETE FROM operators WHERE email = $1 AND ($2 = 0
             OR EXISTS (SELECT 1 FROM operators WHERE role = 'admin' AND email <> $1))",
        )
        .bind(email)
        .bind(i64::from(keeps_admin))
        .execute(&mut *transaction)
        .await?;
        audit::store::commit(transaction, deleted.rows_affected(), entry).await
    }

    /// Begins a session, unless the password was changed since `row` was read.
    pub async fn insert_operator_session(
        &self,
        row: &OperatorRow,
        id_hash: &str,
        entry: &NewAuditEntry<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.begin().await?;
        let inserted = sqlx::query(
            "INSERT INTO operator_sessions (id_hash, operator_id, created_at, used_at)
             SELECT $1, id, $2, $2 FROM operators WHERE id = $3 AND password_hash = $4",
        )
        .bind(id_hash)
        .bind(entry.at)
        .bind(row.operator.id.to_string())
        .bind(&row.password_hash)
        .execute(&mut *transaction)
        .await?;
        audit::store::commit(transaction, inserted.rows_affected(), entry).await
    }

    /// The operator of a live session, and when it was used last.
    pub async fn operator_of_session(
        &self,
        id_hash: &str,
        bounds: SessionBounds,
    ) -> Result<Option<(Operator, Millis)>, sqlx::Error> {
        let row: Option<(String, String, String, i64)> = sqlx::query_as(
            "SELECT o.id, o.email, o.role, s.used_at FROM operator_sessions s JOIN operators o ON o.id = s.operator_id
             WHERE s.id_hash = $1 AND s.created_at > $2 AND s.used_at > $3",
        )
        .bind(id_hash)
        .bind(bounds.began_after)
        .bind(bounds.used_after)
        .fetch_optional(&self.pool)
        .await?;
        let read = |(id, email, role, used_at): (String, _, String, _)| {
            let row = Row::of("operators", &id);
            let operator = Operator {
                id: row.uuid("id", &id)?,
                email,
                role: Role::parse(&role),
            };
            Ok((operator, used_at))
        };
        row.map(read).transpose()
    }

    /// Notes that a session is used.
    pub async fn touch_operator_session(
        &self,
        id_hash: &str,
        now: Millis,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE operator_sessions SET used_at = $1 WHERE id_hash = $2")
            .bind(now)
            .bind(id_hash)
            .execute(&self.pool)
            .await
            .map(drop)
    }

    /// Ends a session; `false` when there was none.
    pub async fn delete_operator_session(&self, id_hash: &str) -> Result<bool, sqlx::Error> {
        let deleted = sqlx::query("DELETE FROM operator_sessions WHERE id_hash = $1")
            .bind(id_hash)
            .execute(&self.pool)
            .await?;
        Ok(deleted.rows_affected() == 1)
    }

    /// Forgets sessions that have ended.
    pub async fn forget_operator_sessions(&self, bounds: SessionBounds) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM operator_sessions WHERE created_at <= $1 OR used_at <= $2")
            .bind(bounds.began_after)
            .bind(bounds.used_after)
            .execute(&self.pool)
            .await
            .map(drop)
    }
}

async fn end_sessions(
    transaction: &mut Transaction<'_, Any>,
    email: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM operator_sessions WHERE operator_id = (SELECT id FROM operators WHERE email = $1)")
        .bind(email)
        .execute(&mut **transaction)
        .await
        .map(drop)
}
