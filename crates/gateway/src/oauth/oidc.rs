//! The gateway as OpenID Connect client of the issuer that operators sign in with: discovery (OpenID Connect Discovery
//! 1.0), the authorization code flow with PKCE, and who signed in.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::client::Inner;
use super::transport::{failure, read, sender};
use super::{EntraError, TokenFailure};
use crate::identity::Profile;
use crate::json_input;
use crate::random;

/// How long the issuer's document is used without asking again.
const FRESH: Duration = Duration::from_mins(10);
const DOCUMENT: &str = ".well-known/openid-configuration";

/// Client of an OpenID provider, as configured.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// The issuer, as it stands in its tokens: compared letter by letter.
    pub issuer: String,
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: SecretString,
    /// Scopes, `openid` among them.
    pub scopes: Vec<String>,
}

/// What the issuer's document says.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    /// Where the keys of its tokens are.
    pub jwks_uri: Url,
    #[serde(default)]
    userinfo_endpoint: Option<Url>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// An authentication request and the secrets that go with it.
#[derive(Debug)]
pub struct AuthenticationRequest {
    /// Where to send the browser.
    pub url: Url,
    /// `state`.
    pub state: String,
    /// `nonce`.
    pub nonce: String,
    /// PKCE code verifier.
    pub code_verifier: String,
}

/// What a code was redeemed for.
pub struct OidcTokens {
    /// Not verified yet.
    pub id_token: String,
    access_token: String,
}

/// Why nobody can be signed in with the issuer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum OidcFailure {
    /// It does not answer, or not as it must.
    #[error("the issuer cannot be used: {0}")]
    Unavailable(String),
    /// It takes neither code nor client.
    #[error("the issuer refused: {0}")]
    Refused(Box<EntraError>),
}

impl From<TokenFailure> for OidcFailure {
    fn from(failure: TokenFailure) -> Self {
        match failure {
            TokenFailure::Refused { error } => Self::Refused(error),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// Talks to the issuer.
#[derive(Debug, Clone)]
pub struct OidcClient {
    http: reqwest::Client,
    settings: OidcSettings,
    redirect_uri: Url,
    document: Cache<(), Arc<Metadata>>,
}

impl OidcClient {
    /// A client whose answers come to `redirect_uri`.
    pub fn new(http: reqwest::Client, settings: OidcSettings, redirect_uri: Url) -> Self {
        let document = Cache::builder().max_capacity(1).time_to_live(FRESH).build();
        Self {
            http,
            settings,
            redirect_uri,
            document,
        }
    }

    /// What was configured.
    pub fn settings(&self) -> &OidcSettings {
        &self.settings
    }

    /// The issuer's document.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, OidcFailure> {
        self.document
            .try_get_with((), self.discover())
            .await
            .map_err(|error: Arc<OidcFailure>| OidcFailure::clone(&error))
    }

    /// Makes a request with fresh state, nonce and code verifier.
    pub async fn authorize(&self) -> Result<AuthenticationRequest, OidcFailure> {
        let metadata = self.metadata().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = random::token();
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let (url, state) = self
            .client(&metadata)
            .authorize_url(|| CsrfToken::new(random::token()))
            .set_pkce_challenge(challenge)
            .add_scopes(scopes)
            .add_extra_param("nonce", &nonce)
            .url();
        Ok(AuthenticationRequest {
            url,
            state: state.into_secret(),
            nonce,
            code_verifier: verifier.into_secret(),
        })
    }

    /// Redeems an authorization code. Issuers know a client by one way to hand in its secret: where the first is refused
    /// and there is another, the code is good still.
    pub async fn exchange(
        &self,
        code: &str,
        code_verifier: &str,
    ) -> Result<OidcTokens, OidcFailure> {
        let metadata = self.metadata().await?;
        let mut outcome = Err(OidcFailure::Unavailable(
            "it supports neither `client_secret_basic` nor `client_secret_post`".into(),
        ));
        for way in metadata.ways_to_authenticate() {
            outcome = self.redeem(&metadata, way, code, code_verifier).await;
            let is_other_way = matches!(&outcome, Err(OidcFailure::Refused(error)) if error.error == "invalid_client");
            if !is_other_way {
                break;
            }
        }
        outcome
    }

    /// What the userinfo endpoint says of who signed in, if there is one.
    pub async fn user_info(&self, tokens: &OidcTokens) -> Result<Option<Profile>, OidcFailure> {
        let metadata = self.metadata().await?;
        let Some(endpoint) = &metadata.userinfo_endpoint else {
            return Ok(None);
        };
        let request = self
            .http
            .get(endpoint.clone())
            .bearer_auth(&tokens.access_token);
        let bytes = fetch(request, "the userinfo endpoint").await?;
        // What the parser says may repeat what stood there.
        let unreadable =
            |_| OidcFailure::Unavailable("its userinfo is not the expected JSON".into());
        json_input::from_slice(&bytes).map(Some).map_err(unreadable)
    }

    async fn redeem(
        &self,
        metadata: &Metadata,
        way: AuthType,
        code: &str,
        code_verifier: &str,
    ) -> Result<OidcTokens, OidcFailure> {
        let secret = self.settings.client_secret.expose_secret().to_owned();
        let (seen, send) = sender(&self.http);
        let answer = self
            .client(metadata)
            .set_client_secret(ClientSecret::new(secret))
            .set_auth_type(way)
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(code_verifier.to_owned()))
            .request_async(&send)
            .await
            .map_err(|error| failure(error, &seen))?;
        let id_token = answer.extra_fields().id_token.clone();
        Ok(OidcTokens {
            id_token: id_token
                .ok_or_else(|| OidcFailure::Unavailable("it sent no ID token".into()))?,
            access_token: answer.access_token().secret().clone(),
        })
    }

    async fn discover(&self) -> Result<Arc<Metadata>, OidcFailure> {
        let address = format!("{}/{DOCUMENT}", self.settings.issuer.trim_end_matches('/'));
        let bytes = fetch(self.http.get(&address), &format!("`{address}`")).await?;
        let metadata: Metadata = json_input::from_slice(&bytes).map_err(|error| {
            OidcFailure::Unavailable(format!(
                "`{address}` is not an OpenID discovery document: {error}"
            ))
        })?;
        metadata.check(&self.settings.issuer)?;
        Ok(Arc::new(metadata))
    }

    fn client(&self, metadata: &Metadata) -> Inner {
        oauth2::Client::new(ClientId::new(self.settings.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(metadata.authorization_endpoint.clone()))
            .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()))
            .set_redirect_uri(RedirectUrl::from_url(self.redirect_uri.clone()))
    }
}

impl Metadata {
    /// The document must be of this issuer, and its endpoints as safe as itself.
    fn check(&self, issuer: &str) -> Result<(), OidcFailure> {
        if self.issuer != issuer {
            let problem = format!(
                "it calls itself `{}`; set `oidc.issuer` to this value if it is the right issuer",
                self.issuer.escape_debug()
            );
            return Err(OidcFailure::Unavailable(problem));
        }
        let endpoints = [
            Some(&self.authorization_endpoint),
            Some(&self.token_endpoint),
            Some(&self.jwks_uri),
            self.userinfo_endpoint.as_ref(),
        ];
        let is_plain = issuer.starts_with("http:");
        let is_safe = |url: &&Url| url.scheme() == "https" || (is_plain && url.scheme() == "http");
        match endpoints.into_iter().flatten().find(|url| !is_safe(url)) {
            Some(url) => Err(OidcFailure::Unavailable(format!(
                "its discovery document has the address `{url}`, which is not https"
            ))),
            None => Ok(()),
        }
    }

    /// How it takes client secrets; by default in the header.
    fn ways_to_authenticate(&self) -> Vec<AuthType> {
        let Some(named) = &self.token_endpoint_auth_methods_supported else {
            return vec![AuthType::BasicAuth];
        };
        let ways = [
            ("client_secret_basic", AuthType::BasicAuth),
            ("client_secret_post", AuthType::RequestBody),
        ];
        let is_named = |way: &str| named.iter().any(|one| one == way);
        let ways = ways.into_iter().filter(|(name, _)| is_named(name));
        ways.map(|(_, way)| way).collect()
    }
}

async fn fetch(request: reqwest::RequestBuilder, what: &str) -> Result<Vec<u8>, OidcFailure> {
    let failed = |error: &dyn std::fmt::Display| {
        OidcFailure::Unavailable(format!("{what} cannot be read: {error}"))
    };
    let response = request
        .header(http::header::ACCEPT, "application/json")
        .send()
        .await
        .map_err(|error| failed(&error.without_url()))?;
    if !response.status().is_success() {
        return Err(failed(&format_args!(
            "it was answered {}",
            response.status()
        )));
    }
    read(response).await.map_err(|error| failed(&error))
}
