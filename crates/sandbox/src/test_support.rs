//! A sandbox for tests: HTTP into the router, no socket, no waiting.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::form_urlencoded;

use super::{DEV_CLIENT_ID, DEV_CLIENT_SECRET, DEV_REDIRECT_URI, Sandbox, SandboxConfig};

/// Scopes an app usually asks for.
pub(crate) const SCOPE: &str = "openid profile offline_access 499b84ac-1321-427f-aa17-267ca6975798/vso.profile \
    499b84ac-1321-427f-aa17-267ca6975798/vso.project 499b84ac-1321-427f-aa17-267ca6975798/vso.work_write";
/// A code verifier and its challenge (RFC 7636, appendix B).
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// The challenge of [`VERIFIER`].
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON, `null` when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// A header as text, empty when absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// A parameter of the redirect's query string.
    pub(crate) fn redirected(&self, name: &str) -> String {
        let query = self
            .header("location")
            .split_once('?')
            .map_or("", |(_, query)| query);
        let found = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    /// The id in a sign-in page's form.
    pub(crate) fn context(&self) -> String {
        let after = self
            .text
            .split_once("name=\"ctx\" value=\"")
            .map_or("", |(_, after)| after);
        after.split('"').next().unwrap_or_default().to_owned()
    }
}

/// A sandbox under test.
pub(crate) struct TestSandbox {
    pub(crate) sandbox: Sandbox,
}

impl TestSandbox {
    pub(crate) fn new() -> Self {
        Self::with(|_| ())
    }

    pub(crate) fn with(change: impl FnOnce(&mut SandboxConfig)) -> Self {
        let base = url::Url::parse("http://sandbox.test");
        let mut config =
            SandboxConfig::new(base.unwrap_or_else(|error| panic!("base url: {error}")));
        change(&mut config);
        Self {
            sandbox: Sandbox::new(config),
        }
    }

    /// Sends one request.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Body::from(body.to_owned()))
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let response = self
            .sandbox
            .router()
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        let bytes = body
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Sends a form.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send(
            "POST",
            path,
            &[("content-type", "application/x-www-form-urlencoded")],
            &body,
        )
        .await
    }

    /// Turns a knob.
    pub(crate) async fn knob(&self, method: &str, path: &str, body: Value) {
        let answer = self
            .send(
                method,
                &format!("/_sandbox/{path}"),
                &[("content-type", "application/json")],
                &body.to_string(),
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    }

    /// Opens the authorize page with the usual parameters, some replaced; an empty value leaves one out.
    pub(crate) async fn authorize(&self, tenant: &str, replaced: &[(&str, &str)]) -> Answer {
        let mut fields = vec![
            ("client_id", DEV_CLIENT_ID),
            ("response_type", "code"),
            ("redirect_uri", DEV_REDIRECT_URI),
            ("scope", SCOPE),
            ("state", "s1"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        fields.retain(|(name, _)| !replaced.iter().any(|(other, _)| name == other));
        fields.extend(replaced.iter().filter(|(_, value)| !value.is_empty()));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send(
            "GET",
            &format!("/login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize?{query}"),
            &[],
            "",
        )
        .await
    }

    /// Chooses an account on the page of [`Self::authorize`].
    pub(crate) async fn choose(&self, tenant: &str, page: &Answer, person: &str) -> Answer {
        self.form(
            &format!("/login.microsoftonline.com/{tenant}/login"),
            &[("ctx", &page.context()), ("account", person)],
        )
        .await
    }

    /// Signs in and consents; the code that came back.
    pub(crate) async fn code(
        &self,
        tenant: &str,
        person: &str,
        replaced: &[(&str, &str)],
    ) -> String {
        let page = self.authorize(tenant, replaced).await;
        let mut answer = self.choose(tenant, &page, person).await;
        if answer.status == StatusCode::OK {
            let path = format!("/login.microsoftonline.com/{tenant}/consent");
            answer = self
                .form(&path, &[("ctx", &answer.context()), ("decision", "accept")])
                .await;
        }
        assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
        answer.redirected("code")
    }

    /// Asks the token endpoint with client id and secret; fields may replace them.
    pub(crate) async fn token(&self, tenant: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![
            ("client_id", DEV_CLIENT_ID),
            ("client_secret", DEV_CLIENT_SECRET),
        ];
        all.retain(|(name, _)| !fields.iter().any(|(other, _)| name == other));
        all.extend(fields.iter().filter(|(_, value)| !value.is_empty()));
        self.form(
            &format!("/login.microsoftonline.com/{tenant}/oauth2/v2.0/token"),
            &all,
        )
        .await
    }

    /// Redeems a code.
    pub(crate) async fn redeem(&self, code: &str) -> Answer {
        self.token(
            "organizations",
            &[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", DEV_REDIRECT_URI),
                ("code_verifier", VERIFIER),
            ],
        )
        .await
    }

    /// The tokens of a person who went through the whole flow.
    pub(crate) async fn connect(&self, person: &str) -> Value {
        let code = self.code("organizations", person, &[]).await;
        let answer = self.redeem(&code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    /// An `Authorization` header's value for a person.
    pub(crate) async fn bearer(&self, person: &str) -> String {
        self.knob(
            "PATCH",
            "settings",
            json!({"accessTokenLifetimeSeconds": 3600}),
        )
        .await;
        format!(
            "Bearer {}",
            self.connect(person).await["access_token"]
                .as_str()
                .unwrap_or_default()
        )
    }

    /// Calls Azure DevOps: `path` below `/dev.azure.com`.
    pub(crate) async fn ado(
        &self,
        authorization: &str,
        method: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        let content_type = if body.is_array() {
            "application/json-patch+json"
        } else {
            "application/json"
        };
        let headers = [
            (header::AUTHORIZATION.as_str(), authorization),
            ("content-type", content_type),
            ("x-tfs-fedauthredirect", "Suppress"),
        ];
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.send(method, &format!("/dev.azure.com{path}"), &headers, &body)
            .await
    }
}
