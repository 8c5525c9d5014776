//! A flow between its authorization requests: where the next one goes, and what is kept while the user chooses.

use super::LIVE;
use crate::store::Store;
use crate::vault::Sealed;

/// An authorization request that is about to be sent.
#[derive(Debug)]
pub struct NewSignIn<'a> {
    /// Hash of its `state`.
    pub state_hash: String,
    /// Its code verifier, sealed.
    pub verifier: Sealed,
    /// Whether it asks for consent again.
    pub asks_for_consent: bool,
    /// Organization that it is for.
    pub organization: Option<&'a str>,
    /// Directory that it goes to.
    pub tenant: Option<&'a str>,
}

impl Store {
    /// Keeps a flow's next authorization request. One whose user was choosing an organization is with the provider
    /// again, and the tokens that were kept for the choice are gone.
    pub async fn set_state(&self, id: &str, request: &NewSignIn<'_>) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "UPDATE flows SET state_hash = $1, secret = $2, secret_key_id = $3,
                asked_for_consent = CASE WHEN $4 = 1 THEN 1 ELSE asked_for_consent END,
                organization = $5, tenant = $6, error_code = NULL, error_message = NULL,
                version = CASE WHEN status = 'organization' THEN version + 1 ELSE version END,
                status = CASE WHEN status = 'organization' THEN 'provider' ELSE status END
             WHERE id = $7 AND {LIVE}"
        );
        let done = sqlx::query(&sql)
            .bind(&request.state_hash)
            .bind(&request.verifier.bytes)
            .bind(&request.verifier.key_id)
            .bind(i64::from(request.asks_for_consent))
            .bind(request.organization)
            .bind(request.tenant)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Counts a look-up for a live flow. `false`: it had `most` of them already, or had ended.
    pub async fn count_lookup(&self, id: &str, most: i64) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "UPDATE flows SET lookups = lookups + 1 WHERE id = $1 AND lookups < $2 AND {LIVE}"
        );
        let done = sqlx::query(&sql)
            .bind(id)
            .bind(most)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes why a live flow came no further: what it fails with if the user gives up now.
    pub async fn note_problem(
        &self,
        id: &str,
        (code, message): (&str, &str),
    ) -> Result<(), sqlx::Error> {
        let sql = format!(
            "UPDATE flows SET error_code = $1, error_message = $2 WHERE id = $3 AND {LIVE}"
        );
        let query = sqlx::query(&sql).bind(code).bind(message).bind(id);
        query.execute(&self.pool).await.map(drop)
    }

    /// Keeps tokens with a live flow while the user picks an organization. `false`: the flow had ended.
    pub async fn keep_for_choice(
        &self,
        id: &str,
        secret: &Sealed,
        problem: Option<(&str, &str)>,
    ) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "UPDATE flows SET status = 'organization', version = version + 1, secret = $1, secret_key_id = $2,
                error_code = $3, error_message = $4 WHERE id = $5 AND {LIVE}"
        );
        let done = sqlx::query(&sql)
            .bind(&secret.bytes)
            .bind(&secret.key_id)
            .bind(problem.map(|(code, _)| code))
            .bind(problem.map(|(_, message)| message))
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
