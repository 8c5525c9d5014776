//! Signing in with an OpenID provider: the browser goes there with state, nonce and PKCE, and comes back with a code.

mod attempt;
mod operator;

use paragon_wire::ErrorCode;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use self::attempt::Attempt;
use super::admission::{Admission, Unwelcome};
use super::refusals::{self, RefusedSignIn};
use super::sign_in::{self, Browser, SignedIn};
use super::{attempts::Attempt as Counted, device};
use crate::error::{ApiError, ApiResult};
use crate::identity::{IdExpectation, Profile, key_id, verify_id_token};
use crate::oauth::{EntraError, OidcClient, OidcFailure, OidcTokens, Phase, Verdict, diagnose};
use crate::state::App;

/// Where a browser goes, and what binds it to the answer.
#[derive(Debug)]
pub struct Begun {
    /// The issuer's page.
    pub url: Url,
    /// Value of the cookie.
    pub cookie: SecretString,
}

/// Parameters on the redirect URI (RFC 6749, 4.1.2; RFC 9207).
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_subcode: Option<String>,
    error_description: Option<String>,
}

/// Somebody came in.
#[derive(Debug)]
pub struct Finished {
    /// The new session.
    pub signed_in: SignedIn,
    /// Page of the dashboard to go on with.
    pub to: String,
}

/// Why nobody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not the answer to a sign-in that this browser began, too late, or there already.
    Ended,
    /// They gave up on the issuer's page.
    Cancelled,
    /// The issuer refused, or takes neither client nor code.
    ProviderRefused,
    /// The issuer does not answer, or not as it must.
    ProviderUnavailable,
    /// What it sent cannot be trusted.
    TokenRefused,
    /// It names no address.
    NoEmail,
    /// It does not say that the address is theirs.
    EmailNotVerified,
    /// No operator has this address.
    UnknownOperator,
    /// No group or role of theirs lets them in.
    NoRole,
    /// The gateway failed.
    Failed,
}

impl Refusal {
    /// As the page knows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Cancelled => "cancelled",
            Self::ProviderRefused => "provider_refused",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::TokenRefused => "token_refused",
            Self::NoEmail => "no_email",
            Self::EmailNotVerified => "email_not_verified",
            Self::UnknownOperator => "unknown_operator",
            Self::NoRole => "no_role",
            Self::Failed => "failed",
        }
    }
}

/// A refusal, with what the log may know.
#[derive(Debug)]
pub struct Refused {
    /// For the page.
    pub refusal: Refusal,
    /// For the log: no code, token, secret or address.
    pub detail: String,
    /// Page of the dashboard to go on with after another try.
    pub to: String,
}

/// A refusal of one step.
type Step<T> = Result<T, (Refusal, String)>;

/// Begins a sign-in that leads to the page `to`; the browser's session before ends then.
///
/// # Errors
/// `RateLimited`, `IdentityProviderUnavailable`; `RouteNotFound` when no issuer is configured.
pub async fn begin(app: &App, to: &str, browser: Browser<'_>) -> ApiResult<Begun> {
    let Some((client, _)) = &app.oidc else {
        let message = "this gateway has no OpenID provider; set `oidc` in its configuration file";
        return Err(ApiError::new(ErrorCode::RouteNotFound, message));
    };
    let device = device::of_anybody(app, browser.device);
    let counted = Counted {
        address: browser.address,
        account: None,
        device: device.as_deref(),
    };
    counted.note(app).await?;
    let request = client.authorize().await.map_err(|failure| {
        let message = "the identity provider is unavailable; try again shortly";
        ApiError::new(ErrorCode::IdentityProviderUnavailable, message).with_cause(failure)
    })?;
    let (url, attempt) = Attempt::new(app, request, to, browser.previous.map(str::to_owned));
    Ok(Begun {
        url,
        cookie: attempt.seal(&app.vault).map_err(ApiError::internal)?,
    })
}

/// Ends a sign-in with the issuer's answer and the browser's cookie; a refusal goes into the audit log.
///
/// # Errors
/// [`Refused`]: each leads back to the sign-in page.
pub async fn finish(
    app: &App,
    answer: &Answer,
    cookie: Option<&str>,
    address: &str,
) -> Result<Finished, Refused> {
    let refused = |to: &str| {
        let to = to.to_owned();
        move |(refusal, detail)| Refused {
            refusal,
            detail,
            to,
        }
    };
    let found = app.oidc.as_ref().zip(cookie);
    let ((client, admission), cookie) = found
        .ok_or_else(|| ended("no sign-in is in progress in this browser"))
        .map_err(refused(attempt::HOME))?;
    let attempt = Attempt::take(app, cookie, answer.state.as_deref())
        .await
        .map_err(refused(attempt::HOME))?;
    let to = attempt.to.clone();
    let entered = enter(app, client, admission, answer, &attempt).await;
    if let Err((refusal, _)) = &entered {
        let refused = RefusedSignIn {
            address,
            operator: None,
            reason: refusal.as_str(),
            with: Some(&admission.label),
        };
        refusals::note(app, &refused).await;
    }
    entered
        .map(|signed_in| Finished {
            signed_in,
            to: to.clone(),
        })
        .map_err(refused(&to))
}

async fn enter(
    app: &App,
    client: &OidcClient,
    admission: &Admission,
    answer: &Answer,
    attempt: &Attempt,
) -> Step<SignedIn> {
    let code = code_of(answer, client)?;
    let tokens = client
        .exchange(code, &attempt.code_verifier)
        .await
        .map_err(|failure| unusable(&failure))?;
    let mut profile = verified(app, client, &tokens, &attempt.nonce).await?;
    if admission.is_incomplete(&profile) {
        complete(client, &tokens, &mut profile).await?;
    }
    let admitted = admission.decide(&profile).map_err(unwelcome)?;
    let row = operator::row(app, admission, &admitted).await?;
    let how = json!({ "with": admission.label });
    let previous = attempt.previous.as_deref();
    match sign_in::begin_session(app, &row, Some(how), previous).await {
        Ok(Some(signed_in)) => Ok(signed_in),
        Ok(None) => Err(operator::unknown(
            "the operator was changed during the sign-in",
        )),
        Err(error) => Err(failed(&error)),
    }
}

/// The code, unless the issuer says that it gives none.
fn code_of<'a>(answer: &'a Answer, client: &OidcClient) -> Step<&'a str> {
    let issuer = &client.settings().issuer;
    if answer.iss.as_ref().is_some_and(|named| named != issuer) {
        return Err(ended("the answer names another issuer"));
    }
    match (&answer.error, &answer.code) {
        (Some(_), _) if is_cancelled(answer) => Err((
            Refusal::Cancelled,
            "the operator cancelled the sign-in".into(),
        )),
        (Some(error), _) => {
            // Anybody can write it into the address.
            let error: String = error.chars().take(60).collect();
            let detail = format!("the issuer answered `{}`", error.escape_debug());
            Err((Refusal::ProviderRefused, detail))
        }
        (None, Some(code)) if !code.is_empty() => Ok(code),
        _ => Err((Refusal::ProviderRefused, "the answer has no code".into())),
    }
}

/// Entra ID as issuer says `access_denied` as well where its directory blocks the sign-in, and gives a number then.
fn is_cancelled(answer: &Answer) -> bool {
    let error = EntraError {
        error: answer.error.clone().unwrap_or_default(),
        error_description: answer.error_description.clone().unwrap_or_default(),
        suberror: answer.error_subcode.clone(),
        ..EntraError::default()
    };
    diagnose(Phase::SignIn, &error).verdict == Verdict::Cancelled
}

async fn verified(
    app: &App,
    client: &OidcClient,
    tokens: &OidcTokens,
    nonce: &str,
) -> Step<Profile> {
    let metadata = client.metadata().await.map_err(|error| unusable(&error))?;
    let token = &tokens.id_token;
    let keys = app
        .jwks
        .configured(&metadata.jwks_uri, key_id(token).as_deref())
        .await
        .map_err(|error| (Refusal::ProviderUnavailable, error.to_string()))?;
    let settings = client.settings();
    let expected = IdExpectation {
        issuer: &settings.issuer,
        client_id: &settings.client_id,
        nonce,
        now: app.clock.now(),
    };
    verify_id_token(token, &keys, expected)
        .map_err(|error| (Refusal::TokenRefused, error.to_string()))
}

/// Adds what only the userinfo endpoint says. An address and whether it is verified belong together.
async fn complete(client: &OidcClient, tokens: &OidcTokens, profile: &mut Profile) -> Step<()> {
    let more = client.user_info(tokens).await;
    let Some(more) = more.map_err(|failure| unusable(&failure))? else {
        return Ok(());
    };
    if more.sub != profile.sub {
        let detail = "the userinfo is for another user than the ID token";
        return Err((Refusal::TokenRefused, detail.into()));
    }
    if profile.email.is_none() {
        profile.email = more.email;
        profile.email_verified = more.email_verified;
    }
    for (name, value) in more.others {
        profile.others.entry(name).or_insert(value);
    }
    Ok(())
}

fn ended(detail: &str) -> (Refusal, String) {
    (Refusal::Ended, detail.to_owned())
}

fn failed(error: &ApiError) -> (Refusal, String) {
    (Refusal::Failed, error.in_full())
}

fn unusable(failure: &OidcFailure) -> (Refusal, String) {
    let refusal = match failure {
        OidcFailure::Refused(_) => Refusal::ProviderRefused,
        OidcFailure::Unavailable(_) => Refusal::ProviderUnavailable,
    };
    (refusal, failure.to_string())
}

fn unwelcome(reason: Unwelcome) -> (Refusal, String) {
    let (refusal, detail) = match reason {
        Unwelcome::NoEmail => (
            Refusal::NoEmail,
            "the issuer returned no email address; request the scope `email`",
        ),
        Unwelcome::EmailNotVerified => (
            Refusal::EmailNotVerified,
            "the issuer does not return `email_verified`; set `oidc.trust_email` if its addresses can be trusted",
        ),
        Unwelcome::NoRole => (Refusal::NoRole, "the claim has no value of `oidc.roles`"),
    };
    (refusal, detail.to_owned())
}
