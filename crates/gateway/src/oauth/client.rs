//! The gateway as OAuth client of Entra ID (RFC 6749, RFC 7636 with S256, RFC 9700).

use std::time::Duration;

use oauth2::basic::{
    BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse as _,
    TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::id_claims::IdClaims;
use super::transport::{HttpError, Seen, failure, sender};
use super::{EntraError, OauthTokens, Phase, Verdict, diagnose};
use crate::clock::Clock;
use crate::projects::AzureDevopsSettings;
use paragon_azure_devops::scopes::qualified;

const DEFAULT_LIFE: Duration = Duration::from_hours(1);

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct IdTokenField {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

pub(super) type Answer = StandardTokenResponse<IdTokenField, BasicTokenType>;
pub(super) type Inner = oauth2::Client<
    EntraError,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Talks to Entra ID's authorize and token endpoints.
#[derive(Debug, Clone)]
pub struct EntraClient {
    http: reqwest::Client,
    authority: Url,
    redirect_uri: Url,
    clock: Clock,
}

/// An authorization request and the secrets that go with it.
#[derive(Debug)]
pub struct AuthorizationRequest {
    /// Where to send the browser.
    pub url: Url,
    /// `state`; its hash is stored.
    pub state: String,
    /// PKCE code verifier; stored sealed.
    pub code_verifier: String,
}

/// What shapes an authorization request.
#[derive(Debug, Default, Clone, Copy)]
pub struct AuthorizationHints<'a> {
    /// `select_account` or `consent`.
    pub prompt: Option<&'a str>,
    /// What Entra ID asked to be proven.
    pub claims: Option<&'a str>,
    /// Page of the app that the answer goes to, instead of the gateway's.
    pub redirect_uri: Option<&'a Url>,
    /// Name of the person who is expected to sign in.
    pub login_hint: Option<&'a str>,
}

/// What is redeemed for tokens.
enum Grant<'a> {
    Code {
        code: String,
        code_verifier: Option<String>,
        redirect_uri: Option<&'a Url>,
    },
    Refresh(&'a str),
}

/// Why no tokens came.
#[derive(Debug, thiserror::Error)]
pub enum TokenFailure {
    /// Entra ID refused.
    #[error("token endpoint answered {error}")]
    Refused {
        /// Its error.
        error: Box<EntraError>,
    },
    /// Throttled, failing, or not reachable: try later.
    #[error("token endpoint is unavailable: {reason}")]
    Unavailable {
        /// For the log.
        reason: String,
        /// When to try again, if it said.
        retry_after: Option<Duration>,
    },
    /// The settings make no URL.
    #[error("the integration's settings are unusable: {0}")]
    Settings(String),
}

impl EntraClient {
    /// A client for the identity provider at `authority` (`https://login.microsoftonline.com`).
    pub fn new(http: reqwest::Client, authority: Url, redirect_uri: Url, clock: Clock) -> Self {
        Self {
            http,
            authority,
            redirect_uri,
            clock,
        }
    }

    /// The redirect URI to be registered with Entra ID.
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// Makes an authorization request with a fresh state and code verifier.
    pub fn authorize(
        &self,
        settings: &AzureDevopsSettings,
        shape: AuthorizationHints<'_>,
    ) -> Result<AuthorizationRequest, TokenFailure> {
        let client = self.client(settings, None, shape.redirect_uri)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(|| CsrfToken::new(crate::random::token()))
            .set_pkce_challenge(challenge)
            .add_extra_param("response_mode", "query")
            .add_scopes(scopes(settings));
        if let Some(prompt) = shape.prompt {
            request = request.add_extra_param("prompt", prompt);
        }
        if let Some(claims) = shape.claims {
            request = request.add_extra_param("claims", claims);
        }
        if let Some(name) = shape.login_hint {
            request = request.add_extra_param("login_hint", name);
        }
        let (url, state) = request.url();
        Ok(AuthorizationRequest {
            url,
            state: state.into_secret(),
            code_verifier: verifier.into_secret(),
        })
    }

    /// Where an administrator approves the app for a whole directory.
    pub fn admin_consent_url(&self, settings: &AzureDevopsSettings) -> Option<Url> {
        let mut url = self.endpoint(settings, "v2.0/adminconsent").ok()?;
        url.query_pairs_mut()
            .append_pair("client_id", &settings.client_id)
            .append_pair("scope", &settings.scopes.join(" "))
            .append_pair("redirect_uri", self.redirect_uri.as_str());
        Some(url)
    }

    /// Redeems an authorization code that was sent to `redirect_uri` (absent: to the gateway).
    pub async fn exchange(
        &self,
        settings: &AzureDevopsSettings,
        code: String,
        code_verifier: Option<String>,
        redirect_uri: Option<&Url>,
    ) -> Result<OauthTokens, TokenFailure> {
        let grant = Grant::Code {
            code,
            code_verifier,
            redirect_uri,
        };
        self.redeem(settings, &grant).await
    }

    /// Redeems the refresh token of `tokens` in their own directory; the answer's refresh token replaces it.
    ///
    /// # Errors
    /// [`TokenFailure`].
    pub async fn refresh(
        &self,
        settings: &AzureDevopsSettings,
        refresh_token: &str,
        tokens: &OauthTokens,
    ) -> Result<OauthTokens, TokenFailure> {
        let settings = settings.clone().in_directory(tokens.tenant.as_deref());
        let mut renewed = self
            .redeem(&settings, &Grant::Refresh(refresh_token))
            .await?;
        // The grant's directory never changes.
        if tokens.tenant.is_some() {
            renewed.tenant.clone_from(&tokens.tenant);
        }
        if renewed.username.is_none() {
            renewed.username.clone_from(&tokens.username);
        }
        Ok(renewed)
    }

    /// Tries the secrets in turn while Entra ID refuses them: of two, one may be new to it or have expired.
    async fn redeem(
        &self,
        settings: &AzureDevopsSettings,
        grant: &Grant<'_>,
    ) -> Result<OauthTokens, TokenFailure> {
        let mut first_refusal = None;
        for secret in &settings.client_secrets {
            match self.attempt(settings, secret, grant).await {
                Err(TokenFailure::Refused { error })
                    if diagnose(Phase::SignIn, &error).verdict == Verdict::ClientRefused =>
                {
                    first_refusal.get_or_insert(TokenFailure::Refused { error });
                }
                other => return other,
            }
        }
        let missing = || TokenFailure::Settings("there is no client secret".into());
        Err(first_refusal.unwrap_or_else(missing))
    }

    async fn attempt(
        &self,
        settings: &AzureDevopsSettings,
        secret: &SecretString,
        grant: &Grant<'_>,
    ) -> Result<OauthTokens, TokenFailure> {
        let (seen, send) = sender(&self.http);
        match grant {
            Grant::Code {
                code,
                code_verifier,
                redirect_uri,
            } => {
                let client = self.client(settings, Some(secret), *redirect_uri)?;
                let mut request = client.exchange_code(AuthorizationCode::new(code.clone()));
                if let Some(verifier) = code_verifier {
                    request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.clone()));
                }
                let answer = request.request_async(&send).await;
                self.tokens(answer, &seen, None)
            }
            Grant::Refresh(token) => {
                let client = self.client(settings, Some(secret), None)?;
                let refresh_token = RefreshToken::new((*token).to_owned());
                let answer = client
                    .exchange_refresh_token(&refresh_token)
                    .request_async(&send)
                    .await;
                self.tokens(answer, &seen, Some(token))
            }
        }
    }

    /// Whether Entra ID knows client id and secret: asks the directory `settings.tenant` for an access token of the app's
    /// own (RFC 6749, 4.4), which is dropped.
    pub async fn authenticate(
        &self,
        settings: &AzureDevopsSettings,
        secret: &SecretString,
    ) -> Result<(), TokenFailure> {
        let client = self.client(settings, Some(secret), None)?;
        let (seen, send) = sender(&self.http);
        let answer = client
            .exchange_client_credentials()
            .add_scope(Scope::new(qualified(".default")))
            .request_async(&send)
            .await;
        answer.map(drop).map_err(|error| failure(error, &seen))
    }

    fn endpoint(&self, settings: &AzureDevopsSettings, path: &str) -> Result<Url, TokenFailure> {
        let base = self.authority.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{}/{path}", settings.tenant))
            .map_err(|error| TokenFailure::Settings(error.to_string()))
    }

    fn client(
        &self,
        settings: &AzureDevopsSettings,
        secret: Option<&SecretString>,
        redirect_uri: Option<&Url>,
    ) -> Result<Inner, TokenFailure> {
        let redirect_uri = redirect_uri.unwrap_or(&self.redirect_uri);
        let authorize = AuthUrl::from_url(self.endpoint(settings, "oauth2/v2.0/authorize")?);
        let token = TokenUrl::from_url(self.endpoint(settings, "oauth2/v2.0/token")?);
        let mut client = oauth2::Client::new(ClientId::new(settings.client_id.clone()));
        if let Some(secret) = secret {
            client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
        }
        Ok(client
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(authorize)
            .set_token_uri(token)
            .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone())))
    }

    fn tokens(
        &self,
        answer: Result<Answer, RequestTokenError<HttpError, EntraError>>,
        seen: &Seen,
        previous_refresh_token: Option<&str>,
    ) -> Result<OauthTokens, TokenFailure> {
        let answer = answer.map_err(|error| failure(error, seen))?;
        let claims = IdClaims::of(answer.extra_fields().id_token.as_deref());
        let now = self.clock.now();
        let life = answer.expires_in().unwrap_or(DEFAULT_LIFE);
        let scope = answer.scopes().map(|scopes| {
            scopes
                .iter()
                .map(|scope| scope.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        });
        Ok(OauthTokens {
            access_token: answer.access_token().secret().clone(),
            refresh_token: answer
                .refresh_token()
                .map(|token| token.secret().clone())
                .or_else(|| previous_refresh_token.map(str::to_owned)),
            issued_at: now,
            expires_at: self.clock.in_future(life),
            scope: scope.unwrap_or_default(),
            tenant: claims.tenant(),
            username: claims.username(),
        })
    }
}

fn scopes(settings: &AzureDevopsSettings) -> impl Iterator<Item = Scope> + '_ {
    ["openid", "profile", "offline_access"]
        .into_iter()
        .chain(settings.scopes.iter().map(String::as_str))
        .map(|scope| Scope::new(scope.to_owned()))
}
