//! A flow as its row has it.

use paragon_wire::flow::{FlowError, FlowStatus, FlowUpdate};
use sqlx::FromRow;

use super::FlowRow;
use crate::identity::UserId;
use crate::store::column::Row;
use crate::vault::Sealed;

#[derive(FromRow)]
pub(super) struct Raw {
    id: String,
    project_id: String,
    user_id: String,
    integration: String,
    origin: String,
    session_key: Option<String>,
    binding_hash: Option<String>,
    external_id: Option<String>,
    target_credential_id: Option<String>,
    asked_for_consent: i64,
    redirect_uri: Option<String>,
    return_to: Option<String>,
    organization: Option<String>,
    tenant: Option<String>,
    several: i64,
    secret: Option<Vec<u8>>,
    secret_key_id: Option<String>,
    status: String,
    version: i64,
    credential_id: Option<String>,
    error_code: Option<String>,
    error_message: Option<String>,
    expires_at: i64,
}

impl TryFrom<Raw> for FlowRow {
    type Error = sqlx::Error;

    fn try_from(raw: Raw) -> Result<Self, sqlx::Error> {
        let row = Row::of("flows", &raw.id);
        let status = FlowStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == raw.status);
        let error = raw
            .error_code
            .zip(raw.error_message)
            .map(|(code, message)| FlowError { code, message });
        let (error, problem) = if raw.status == FlowStatus::Failed.as_str() {
            (error, None)
        } else {
            (None, error)
        };
        Ok(Self {
            update: FlowUpdate {
                id: raw.id.clone(),
                version: row.count("version", raw.version)?,
                status: row.known("status", status)?,
                credential_id: raw.credential_id,
                error,
            },
            target_credential_id: row
                .optional_uuid("target_credential_id", raw.target_credential_id.as_deref())?,
            project_id: raw.project_id,
            user_id: UserId(raw.user_id),
            integration: raw.integration,
            origin: raw.origin,
            session_key: raw.session_key,
            binding_hash: raw.binding_hash,
            external_id: raw.external_id,
            asked_for_consent: raw.asked_for_consent != 0,
            redirect_uri: raw.redirect_uri,
            return_to: raw.return_to,
            organization: raw.organization,
            tenant: raw.tenant,
            several: raw.several != 0,
            problem,
            secret: raw
                .secret
                .zip(raw.secret_key_id)
                .map(|(bytes, key_id)| Sealed { key_id, bytes }),
            expires_at: raw.expires_at,
            id: raw.id,
        })
    }
}
