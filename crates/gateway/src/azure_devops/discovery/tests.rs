//! Discovery against a stand-in that is reached over a real socket.

use http::HeaderValue;
use serde_json::{Value, json};
use url::Url;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::proxy::{EgressClient, EgressPolicy};
use paragon_azure_devops::HostTable;

const ALIAS: &str = "2f6c0d52-7f0e-4f0c-9a55-0a5d8a2f1c11";

struct Stand {
    server: MockServer,
    hosts: HostTable,
    client: EgressClient,
    authorization: HeaderValue,
}

impl Stand {
    async fn new() -> Self {
        let server = MockServer::start().await;
        let base = Url::parse(&server.uri()).unwrap_or_else(|error| panic!("{error}"));
        let hosts = HostTable::simulator(&base).unwrap_or_else(|error| panic!("{error}"));
        let client = EgressClient::new(
            EgressPolicy::AllowLoopback,
            std::time::Duration::from_secs(5),
        );
        let client = client.unwrap_or_else(|error| panic!("{error}"));
        Self {
            server,
            hosts,
            client,
            authorization: HeaderValue::from_static("Bearer good"),
        }
    }

    fn caller(&self) -> ApiCaller<'_> {
        ApiCaller {
            client: &self.client,
            hosts: &self.hosts,
            authorization: &self.authorization,
        }
    }

    async fn answers(&self, at: &str, answer: ResponseTemplate) {
        Mock::given(method("GET"))
            .and(path(at))
            .and(header("authorization", "Bearer good"))
            .and(header("x-tfs-fedauthredirect", "Suppress"))
            .respond_with(answer)
            .mount(&self.server)
            .await;
    }

    async fn has_profile(&self) {
        let body = json!({"displayName":"Ada Example","publicAlias":ALIAS,"emailAddress":"ada@contoso.example","id":ALIAS,"revision":31});
        self.answers(
            "/app.vssps.visualstudio.com/_apis/profile/profiles/me",
            ResponseTemplate::new(200).set_body_json(body),
        )
        .await;
    }

    async fn has_accounts(&self, body: Value) {
        Mock::given(method("GET"))
            .and(path("/app.vssps.visualstudio.com/_apis/accounts"))
            .and(query_param("memberId", ALIAS))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&self.server)
            .await;
    }

    async fn verify(&self, answer: ResponseTemplate) -> Result<(), ApiCallError> {
        self.server.reset().await;
        self.answers("/dev.azure.com/contoso/_apis/projects", answer)
            .await;
        verify(
            self.caller(),
            &Organization::new("contoso").unwrap_or_else(|error| panic!("{error}")),
        )
        .await
    }
}

#[tokio::test]
async fn organizations_are_listed_by_name() {
    let stand = Stand::new().await;
    stand.has_profile().await;
    stand.has_accounts(json!({"count":4,"value":[
        {"accountId":"1","accountUri":"https://evil.example/","accountName":"Zeta"}, {"accountName":"alpha"}, {"accountName":"../x"}, {"accountName":"Alpha"},
    ]})).await;
    let found = organizations(stand.caller())
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<_> = found.iter().map(Organization::as_str).collect();
    assert_eq!(names, ["alpha", "Zeta"]);
}

#[tokio::test]
async fn no_organization_is_an_answer() {
    let stand = Stand::new().await;
    stand.has_profile().await;
    stand.has_accounts(json!({"count":0,"value":[]})).await;
    assert!(matches!(
        organizations(stand.caller()).await.as_deref(),
        Ok([])
    ));
}

#[tokio::test]
async fn the_profile_names_its_owner() {
    let stand = Stand::new().await;
    stand.has_profile().await;
    let profile = profile(stand.caller())
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        (
            profile.display_name.as_deref(),
            profile.email_address.as_deref()
        ),
        (Some("Ada Example"), Some("ada@contoso.example"))
    );
}

#[tokio::test]
async fn only_200_with_json_proves_a_credential() {
    let stand = Stand::new().await;
    let ok = ResponseTemplate::new(200).set_body_json(json!({"count":0,"value":[]}));
    assert!(stand.verify(ok).await.is_ok());
    let page = || "<html>Sign in</html>".as_bytes().to_vec();
    let refused = [
        ResponseTemplate::new(203).set_body_raw(page(), "text/html"),
        ResponseTemplate::new(200).set_body_raw(page(), "text/html"),
        ResponseTemplate::new(302).insert_header(
            "location",
            "https://spsprodeus1.vssps.visualstudio.com/_signin",
        ),
        ResponseTemplate::new(401),
    ];
    for answer in refused {
        assert!(matches!(
            stand.verify(answer).await,
            Err(ApiCallError::Unauthenticated)
        ));
    }
    let odd = [
        ResponseTemplate::new(200).set_body_raw("ok", "text/plain"),
        ResponseTemplate::new(200).set_body_json(json!({"count":0})),
        ResponseTemplate::new(200).set_body_raw("{", "application/json"),
        ResponseTemplate::new(204),
        ResponseTemplate::new(302).insert_header("location", "http://10.0.0.1/"),
    ];
    for answer in odd {
        assert!(matches!(
            stand.verify(answer).await,
            Err(ApiCallError::Unexpected { .. })
        ));
    }
}

#[tokio::test]
async fn refusals_and_failures_are_told_apart() {
    let stand = Stand::new().await;
    let not_allowed =
        ResponseTemplate::new(401).set_body_json(json!({"message":"TF400813: not authorized"}));
    assert!(matches!(
        stand.verify(not_allowed).await,
        Err(ApiCallError::NotPermitted)
    ));
    assert!(matches!(
        stand.verify(ResponseTemplate::new(403)).await,
        Err(ApiCallError::NotPermitted)
    ));
    assert!(matches!(
        stand.verify(ResponseTemplate::new(404)).await,
        Err(ApiCallError::NotFound)
    ));
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "7");
    assert!(matches!(
        stand.verify(busy).await,
        Err(ApiCallError::Unavailable {
            status: 429,
            retry_after_s: Some(7)
        })
    ));
    assert!(matches!(
        stand.verify(ResponseTemplate::new(503)).await,
        Err(ApiCallError::Unavailable {
            status: 503,
            retry_after_s: None
        })
    ));
}

#[tokio::test]
async fn errors_hold_no_credential() {
    let stand = Stand::new().await;
    for status in [401, 403, 404, 500] {
        let error = stand.verify(ResponseTemplate::new(status)).await.err();
        let text = format!(
            "{error:?} {}",
            error.as_ref().map(ToString::to_string).unwrap_or_default()
        );
        assert!(!text.contains("good"), "{text}");
    }
}
