//! Deleting a work item, although an earlier try may have deleted it and its answer been lost.
//!
//! The item is looked at before every try. If a repeat finds it gone, or it goes between look and deletion, then this step,
//! or somebody else meanwhile, has done what was asked for; at the first look of the first try it was never there.

use paragon_wire::ErrorCode;
use serde_json::{Value, json};

use super::change_log::{BegunChange, ChangeLog};
use crate::actions::service::{change, read_only};
use crate::azure_devops::provider::ProviderAccess;
use crate::error::{ApiError, ApiResult};
use paragon_azure_devops::actions::delete::DeleteInput;

/// Deletes the item of `input`, unless it is gone already, and tells what was deleted.
pub async fn delete(
    access: &ProviderAccess,
    input: &DeleteInput,
    log: ChangeLog<'_>,
) -> ApiResult<Value> {
    // The note is read after the look: another gateway may be at this step, and writes it before it deletes.
    let item = look(access, input).await?;
    let is_repeat = log.read().await?.is_some();
    let item = match item {
        Some(item) => item,
        None if is_repeat => return deleted(access, input).await,
        None => read_only(access, &input.item_request()).await?.0,
    };
    if !is_repeat {
        let begun = BegunChange {
            revision: item["rev"].as_i64(),
            removed: Vec::new(),
        };
        log.write(&begun).await?;
    }
    let error = match change(access, &input.request()).await {
        // A permanent deletion is answered by nothing at all.
        Ok(answer) => return Ok(json!(input.output(&answer.unwrap_or_default()))),
        Err(error) => error,
    };
    // Somebody came in after the look, if not this step itself.
    if error.code == ErrorCode::ProviderNotFound && look(access, input).await?.is_none() {
        return deleted(access, input).await;
    }
    if !is_repeat && !error.is_in_doubt {
        log.clear().await?;
    }
    Err(error)
}

/// The item, unless it is gone.
async fn look(access: &ProviderAccess, input: &DeleteInput) -> ApiResult<Option<Value>> {
    match read_only(access, &input.item_request()).await {
        Ok((item, _)) => Ok(Some(item)),
        Err(ApiError {
            code: ErrorCode::ProviderNotFound,
            ..
        }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the recycle bin tells of an item that is gone; an item that is not even there any more tells nothing.
async fn deleted(access: &ProviderAccess, input: &DeleteInput) -> ApiResult<Value> {
    tracing::info!("the work item of an earlier try is gone");
    let answer = match read_only(access, &input.recycle_bin_request()).await {
        Ok((answer, _)) => answer,
        Err(ApiError {
            code: ErrorCode::ProviderNotFound,
            ..
        }) => Value::Null,
        Err(error) => return Err(error),
    };
    Ok(json!(input.output(&answer)))
}
