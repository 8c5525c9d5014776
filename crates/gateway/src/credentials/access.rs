//! The `Authorization` header for a credential: refreshed ahead of expiry and after a rejection, once for all waiting.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use paragon_wire::ErrorCode;
use tokio::time::{Instant, timeout_at};

use super::store::{CredentialRow, CredentialStatus};
use crate::error::{ApiError, ApiResult};
use crate::integration;
use crate::leases::service::{Queue, Turn};
use crate::metrics::{self, Refresh};
use crate::oauth::{EntraError, OauthTokens, Phase, Secret, TokenFailure, Verdict, diagnose};
use crate::projects::Project;
use crate::random;
use crate::state::App;

/// How long another gateway waits where the one that was refreshing died; a refresh that takes longer renews its lease.
const LEASE: Duration = Duration::from_secs(15);
/// How long a request waits for a refresh that is not its own: as long as one may take.
const WAIT: Duration = Duration::from_mins(1);

/// The header for `credential`, other than the `rejected` one.
///
/// # Errors
/// `IntegrationInactive`, `CredentialNeedsReconnect`, `CredentialPending`, `IntegrationMisconfigured`, `ProviderUnavailable`.
pub async fn authorization(
    app: &Arc<App>,
    project: &Arc<Project>,
    credential: &CredentialRow,
    rejected: Option<&HeaderValue>,
) -> ApiResult<HeaderValue> {
    integration::settings::check_active(app, project).await?;
    if let Some(header) = usable(app, credential, rejected)? {
        return Ok(header);
    }
    // On a task of its own: a caller that goes away must not stop a refresh between Entra ID's answer and the database.
    let (tasks, app, project, credential, rejected) = (
        &app.supervisor,
        Arc::clone(app),
        Arc::clone(project),
        credential.clone(),
        rejected.cloned(),
    );
    let refresh = async move { refresh_once(&app, &project, &credential, rejected.as_ref()).await };
    tasks
        .finish(refresh)
        .await
        .map_err(|error| ApiError::internal(format_args!("refresh task: {error}")))?
}

/// Marks `credential` as needing a reconnect, unless its tokens changed since it was read.
pub async fn mark_needs_reconnect(
    app: &App,
    credential: &CredentialRow,
    claims: Option<&str>,
) -> ApiResult<()> {
    let marked = app
        .store
        .mark_invalid(credential.id, &credential.secret, claims, app.clock.now())
        .await?;
    if marked {
        tracing::warn!(credential.id = %credential.id, "credential needs a reconnect");
    }
    Ok(())
}

/// The error of a credential that is dead.
pub fn needs_reconnect() -> ApiError {
    let (code, message) = Verdict::GrantDead.for_user();
    ApiError::new(code, message)
}

/// The error of a credential that is not valid.
pub fn unusable(status: CredentialStatus) -> ApiError {
    match status {
        CredentialStatus::Pending => ApiError::new(
            ErrorCode::CredentialPending,
            "the account's setup is incomplete; connect it again",
        ),
        CredentialStatus::Valid | CredentialStatus::Invalid => needs_reconnect(),
    }
}

fn usable(
    app: &App,
    credential: &CredentialRow,
    rejected: Option<&HeaderValue>,
) -> ApiResult<Option<HeaderValue>> {
    if credential.status != CredentialStatus::Valid {
        return Err(unusable(credential.status));
    }
    let secret = Secret::of(&app.vault, credential).map_err(ApiError::internal)?;
    let header = secret
        .authorization()
        .ok_or_else(|| ApiError::internal("a token cannot stand in a header"))?;
    let fresh = match &secret {
        Secret::Oauth(tokens) => tokens.is_fresh(app.clock.now()),
        Secret::PersonalAccessToken { .. } => true,
    };
    Ok((fresh && rejected != Some(&header)).then_some(header))
}

async fn refresh_once(
    app: &Arc<App>,
    project: &Project,
    seen: &CredentialRow,
    rejected: Option<&HeaderValue>,
) -> ApiResult<HeaderValue> {
    let deadline = Instant::now() + WAIT;
    // Those of this gateway queue here, so that one of them asks for the lease of all gateways.
    let lock = app.refresh_locks.of(seen.id);
    let Ok(_guard) = timeout_at(deadline, lock.lock()).await else {
        return Err(still_refreshing());
    };
    let (name, holder) = (format!("refresh/{}", seen.id), random::token());
    let mut queue = Queue::new(&app.store, (&name, &holder), LEASE, deadline);
    let lease = loop {
        if let Some(header) = usable(app, &present(app, seen).await?, rejected)? {
            return Ok(header);
        }
        match queue.next().await? {
            Turn::Mine(lease) => break lease,
            Turn::NotYet => {}
            Turn::Late => return Err(still_refreshing()),
        }
    };
    let header = refresh(app, project, seen, rejected).await;
    lease.give_back().await;
    header
}

/// Another request is still at it; its end will serve the next.
fn still_refreshing() -> ApiError {
    let (code, message) = Verdict::Transient.for_user();
    ApiError::new(code, message)
        .with_retry_after(Some(LEASE))
        .with_detail("a token refresh by another request did not finish in time")
}

/// The credential as it is now.
async fn present(app: &App, seen: &CredentialRow) -> ApiResult<CredentialRow> {
    let current = app
        .store
        .credential(&seen.project_id, &seen.user_id, seen.id)
        .await?;
    match current {
        Some(current) => Ok(current),
        // Its subscriptions are still to be removed.
        None => app
            .store
            .leaving_credential(seen.id)
            .await?
            .ok_or_else(disconnected),
    }
}

async fn refresh(
    app: &Arc<App>,
    project: &Project,
    seen: &CredentialRow,
    rejected: Option<&HeaderValue>,
) -> ApiResult<HeaderValue> {
    // Another gateway may have refreshed it before this one had the lease.
    let current = present(app, seen).await?;
    if let Some(header) = usable(app, &current, rejected)? {
        return Ok(header);
    }
    let secret = Secret::of(&app.vault, &current).map_err(ApiError::internal)?;
    let Secret::Oauth(tokens) = &secret else {
        // A personal access token cannot be renewed: the caller learns from the same answer that it is dead.
        return secret.authorization().ok_or_else(needs_reconnect);
    };
    let settings = integration::settings::usable(app, project).await?;
    if let Some(reason) = app.broken.pause(&project.id, settings.revision) {
        return Err(misconfigured().with_detail(reason));
    }
    let Some(refresh_token) = &tokens.refresh_token else {
        mark_needs_reconnect(app, &current, None).await?;
        return Err(needs_reconnect());
    };
    let answer = app.entra.refresh(&settings, refresh_token, tokens).await;
    metrics::refresh(match &answer {
        Ok(_) => Refresh::Refreshed,
        Err(TokenFailure::Refused { .. }) => Refresh::Refused,
        Err(_) => Refresh::Unavailable,
    });
    match answer {
        Ok(renewed) => {
            app.broken.clear(&project.id, settings.revision);
            store(app, &current, renewed).await
        }
        Err(TokenFailure::Refused { error }) => {
            if diagnose(Phase::Refresh, &error).verdict == Verdict::ClientRefused {
                app.broken.mark(&project.id, settings.revision, &error);
            }
            refused(app, &current, &secret, tokens, rejected, &error).await
        }
        Err(failure) => {
            still_alive(app, &secret, tokens, rejected).ok_or_else(|| unavailable(failure))
        }
    }
}

async fn store(app: &App, current: &CredentialRow, renewed: OauthTokens) -> ApiResult<HeaderValue> {
    let secret = Secret::Oauth(renewed);
    let sealed = secret
        .seal(&app.vault, &CredentialRow::seal_row(current.id))
        .map_err(ApiError::internal)?;
    let (store, id) = (&app.store, current.id);
    let is_stored = store.store_refreshed(id, &sealed, app.clock.now()).await?
        || store.store_leaving(id, &sealed).await?;
    if !is_stored {
        return Err(disconnected());
    }
    tracing::info!(credential.id = %current.id, "access token refreshed");
    secret
        .authorization()
        .ok_or_else(|| ApiError::internal("a token cannot stand in a header"))
}

async fn refused(
    app: &App,
    current: &CredentialRow,
    secret: &Secret,
    tokens: &OauthTokens,
    rejected: Option<&HeaderValue>,
    error: &EntraError,
) -> ApiResult<HeaderValue> {
    let diagnosis = diagnose(Phase::Refresh, error);
    let verdict = diagnosis.verdict;
    tracing::warn!(credential.id = %current.id, error = %error, ?verdict, "refresh refused");
    match verdict {
        Verdict::ClientRefused | Verdict::IntegrationMisconfigured => {
            still_alive(app, secret, tokens, rejected)
                .ok_or_else(|| ApiError::from(diagnosis).with_detail(error))
        }
        Verdict::Transient | Verdict::AttemptFailed => still_alive(app, secret, tokens, rejected)
            .ok_or_else(|| {
                let (code, message) = Verdict::Transient.for_user();
                ApiError::new(code, message).with_detail(error)
            }),
        Verdict::GrantDead
        | Verdict::InteractionRequired
        | Verdict::ConsentRequired
        | Verdict::Cancelled
        | Verdict::SignInBlocked
        | Verdict::AdminApprovalRequired
        | Verdict::NotInDirectory => {
            mark_needs_reconnect(app, current, error.claims.as_deref()).await?;
            Err(needs_reconnect().with_detail(error))
        }
    }
}

/// While Entra ID cannot refresh, an access token that has not expired goes on being used.
fn still_alive(
    app: &App,
    secret: &Secret,
    tokens: &OauthTokens,
    rejected: Option<&HeaderValue>,
) -> Option<HeaderValue> {
    let header = secret.authorization()?;
    (tokens.is_alive(app.clock.now()) && rejected != Some(&header)).then_some(header)
}

/// The error of an account that is gone.
pub fn disconnected() -> ApiError {
    ApiError::new(
        ErrorCode::CredentialNotFound,
        "the account was disconnected",
    )
}

fn misconfigured() -> ApiError {
    let (code, message) = Verdict::IntegrationMisconfigured.for_user();
    ApiError::new(code, message)
}

fn unavailable(failure: TokenFailure) -> ApiError {
    let (code, message) = Verdict::Transient.for_user();
    let retry_after = match &failure {
        TokenFailure::Unavailable { retry_after, .. } => *retry_after,
        TokenFailure::Refused { .. } | TokenFailure::Settings(_) => None,
    };
    ApiError::new(code, message)
        .with_retry_after(retry_after)
        .with_cause(failure)
}
