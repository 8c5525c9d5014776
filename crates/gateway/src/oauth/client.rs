//! The gateway as OAuth client of Entra ID (RFC 6749, RFC 7636 with S256, RFC 9700).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::StatusCode;
use oauth2::basic::{
    BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{EntraError, OauthTokens};
use crate::clock::Clock;
use crate::project::AzureDevopsSettings;

const MAX_ANSWER_BYTES: usize = 256 * 1024;
const DEFAULT_LIFE: Duration = Duration::from_hours(1);

#[derive(Debug, Serialize, Deserialize)]
struct IdTokenField {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

type Answer = StandardTokenResponse<IdTokenField, BasicTokenType>;
type Inner = oauth2::Client<
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

#[derive(Debug, thiserror::Error)]
enum HttpError {
    #[error("{0}")]
    Reqwest(#[from] reqwest::Error),
    #[error("{0}")]
    Http(#[from] http::Error),
    #[error("the answer is longer than {MAX_ANSWER_BYTES} bytes")]
    TooLong,
}

/// Status and `Retry-After` of the last answer, which the OAuth library does not hand out.
type Seen = Arc<Mutex<Option<(StatusCode, Option<Duration>)>>>;

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
        let client = self.client(settings, shape.redirect_uri)?;
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
        let client = self.client(settings, redirect_uri)?;
        let (seen, send) = self.sender();
        let mut request = client.exchange_code(AuthorizationCode::new(code));
        if let Some(verifier) = code_verifier {
            request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        }
        let answer = request.request_async(&send).await;
        self.tokens(answer, &seen, None)
    }

    /// Redeems a refresh token; the answer's refresh token replaces it.
    pub async fn refresh(
        &self,
        settings: &AzureDevopsSettings,
        refresh_token: &str,
    ) -> Result<OauthTokens, TokenFailure> {
        let client = self.client(settings, None)?;
        let (seen, send) = self.sender();
        let token = RefreshToken::new(refresh_token.to_owned());
        let answer = client
            .exchange_refresh_token(&token)
            .request_async(&send)
            .await;
        self.tokens(answer, &seen, Some(refresh_token))
    }

    fn endpoint(&self, settings: &AzureDevopsSettings, path: &str) -> Result<Url, TokenFailure> {
        let base = self.authority.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/{}/{path}", settings.tenant))
            .map_err(|error| TokenFailure::Settings(error.to_string()))
    }

    fn client(
        &self,
        settings: &AzureDevopsSettings,
        redirect_uri: Option<&Url>,
    ) -> Result<Inner, TokenFailure> {
        let redirect_uri = redirect_uri.unwrap_or(&self.redirect_uri);
        let authorize = AuthUrl::from_url(self.endpoint(settings, "oauth2/v2.0/authorize")?);
        let token = TokenUrl::from_url(self.endpoint(settings, "oauth2/v2.0/token")?);
        Ok(
            oauth2::Client::new(ClientId::new(settings.client_id.clone()))
                .set_client_secret(ClientSecret::new(
                    settings.client_secret.expose_secret().to_owned(),
                ))
                .set_auth_type(AuthType::RequestBody)
                .set_auth_uri(authorize)
                .set_token_uri(token)
                .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone())),
        )
    }

    fn sender(
        &self,
    ) -> (
        Seen,
        impl Fn(
            HttpRequest,
        ) -> futures_util::future::BoxFuture<'static, Result<HttpResponse, HttpError>>,
    ) {
        let seen = Seen::default();
        let (http, note) = (self.http.clone(), Arc::clone(&seen));
        let send = move |request: HttpRequest| -> futures_util::future::BoxFuture<'static, _> {
            let (http, note) = (http.clone(), Arc::clone(&note));
            Box::pin(async move { send(&http, &note, request).await })
        };
        (seen, send)
    }

    fn tokens(
        &self,
        answer: Result<Answer, RequestTokenError<HttpError, EntraError>>,
        seen: &Seen,
        previous_refresh_token: Option<&str>,
    ) -> Result<OauthTokens, TokenFailure> {
        let answer = answer.map_err(|error| failure(error, seen))?;
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
        })
    }
}

fn scopes(settings: &AzureDevopsSettings) -> impl Iterator<Item = Scope> + '_ {
    ["openid", "profile", "offline_access"]
        .into_iter()
        .chain(settings.scopes.iter().map(String::as_str))
        .map(|scope| Scope::new(scope.to_owned()))
}

async fn send(
    http: &reqwest::Client,
    note: &Seen,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let (parts, body) = request.into_parts();
    let mut response = http
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .map_err(reqwest::Error::without_url)?;
    let retry_after = crate::proxy::headers::retry_after(response.headers());
    if let Ok(mut note) = note.lock() {
        *note = Some((response.status(), retry_after));
    }
    let mut answer = http::Response::builder().status(response.status());
    if let Some(kind) = response.headers().get(http::header::CONTENT_TYPE) {
        answer = answer.header(http::header::CONTENT_TYPE, kind);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(reqwest::Error::without_url)?
    {
        if bytes.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(HttpError::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(answer.body(bytes)?)
}

fn failure(error: RequestTokenError<HttpError, EntraError>, seen: &Seen) -> TokenFailure {
    let seen = seen.lock().ok().and_then(|seen| *seen);
    let busy = seen.is_some_and(|(status, _)| {
        status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
    });
    let retry_after = seen.and_then(|(_, retry_after)| retry_after);
    match error {
        RequestTokenError::ServerResponse(error) if !busy => TokenFailure::Refused {
            error: Box::new(error),
        },
        RequestTokenError::ServerResponse(error) => TokenFailure::Unavailable {
            reason: error.to_string(),
            retry_after,
        },
        RequestTokenError::Request(error) => TokenFailure::Unavailable {
            reason: error.to_string(),
            retry_after,
        },
        // The body of an answer that cannot be parsed may hold tokens: it goes nowhere.
        RequestTokenError::Parse(error, _) => TokenFailure::Unavailable {
            reason: format!("unreadable answer at `{}`", error.path()),
            retry_after,
        },
        RequestTokenError::Other(reason) => TokenFailure::Unavailable {
            reason,
            retry_after,
        },
    }
}
