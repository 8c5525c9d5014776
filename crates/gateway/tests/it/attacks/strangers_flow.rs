//! The reference client's popup: who may use it, and that a stranger's flow never connects somebody else's account.

use crate::support::{Answer, Browser, ORIGIN, TestGateway, client, page_data, start};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// What the client does first: registers a flow under its polling key. Gives the address for its popup.
async fn build(gateway: &TestGateway, user: &str, key: &str) -> Url {
    let path =
        format!("/v2/projects/app/sdk/actions/build-oauth?action=azuredevops&oauthMetaKeyId={key}");
    let built = gateway.call_with(user, Method::GET, &path, &[], None).await;
    assert_eq!(built.status, StatusCode::OK, "{}", built.text);
    Url::parse(built.json["redirectUrl"].as_str().unwrap()).unwrap()
}

fn nonce_page(gateway: &TestGateway, project: &str, user: &str, origin: &str) -> Url {
    let token = gateway.token(user);
    let query = format!(
        "action=azuredevops&integrationId=x&originForPostMessage={origin}&userToken={token}"
    );
    let page = format!("/projects/{project}/sdk/actions/oauth-nonce?{query}");
    Url::parse(&format!("{}{page}", gateway.url)).unwrap()
}

async fn poll(gateway: &TestGateway, user: &str, key: &str) -> Answer {
    let path = format!("/sdk/actions/session-id/{key}");
    gateway.call(user, Method::GET, &path, None).await
}

#[tokio::test]
async fn the_account_is_connected_in_the_browser_that_was_asked() {
    let gateway = start().await;
    let page = build(&gateway, "ada", "key1").await;
    assert!(page.as_str().starts_with(&gateway.url), "{page}");
    assert_eq!(page.path(), "/connect/start");
    assert_eq!(poll(&gateway, "ada", "key1").await.json, json!({}));
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(page.fragment().unwrap(), "grace").await;
    assert_eq!(browser.open(&callback).await["view"], "done");
    let credential = poll(&gateway, "ada", "key1").await.json["connectCredentialId"].clone();
    let connection = gateway.connection("ada").await;
    assert_eq!(connection["credentialId"], credential, "{connection}");
    assert_eq!(poll(&gateway, "mallory", "key1").await.json, json!({}));
    let path = "/sdk/actions/session-id/key1";
    let deleted = gateway.call("ada", Method::DELETE, path, None).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    assert_eq!(poll(&gateway, "ada", "key1").await.json, json!({}));
}

/// Mallory answers the question herself, in her own browser, and sends the victim what she gets.
#[tokio::test]
async fn a_strangers_flow_does_not_connect_the_victims_account() {
    let gateway = start().await;
    let page = build(&gateway, "mallory", "key1").await;
    let own = Browser::new(&gateway);
    let redeemed = own.redeem(page.fragment().unwrap()).await;
    let authorization_url = redeemed.json["authorizationUrl"].as_str().unwrap();

    let victim = Browser::new(&gateway);
    let nonce = nonce_page(&gateway, "app", "mallory", ORIGIN);
    assert_eq!(victim.open(&nonce).await["view"], "nonce");
    let callback = victim.authorize(authorization_url, "grace").await;
    let answer = victim.open(&callback).await;
    assert_eq!(answer["view"], "error", "{answer}");
    assert!(answer.get("flow").is_none(), "no app is told: {answer}");

    assert_eq!(poll(&gateway, "mallory", "key1").await.json, json!({}));
    let connection = gateway.connection("mallory").await;
    assert_eq!(connection["allCredentials"], json!([]), "{connection}");
}

#[tokio::test]
async fn the_nonce_page_gives_no_cookie_and_speaks_to_allowed_origins_only() {
    let gateway = start().await;
    let open = async |url: Url| {
        let response = client().get(url).send().await.unwrap();
        let cookies = response.headers().contains_key("set-cookie");
        (page_data(&response.text().await.unwrap()), cookies)
    };
    let (data, cookies) = open(nonce_page(&gateway, "app", "ada", ORIGIN)).await;
    let shown = (&data["view"], &data["origin"], cookies);
    assert_eq!(shown, (&json!("nonce"), &json!(ORIGIN), false));
    for origin in ["https://evil.example", "javascript:alert(1)"] {
        let (data, _) = open(nonce_page(&gateway, "app", "ada", origin)).await;
        assert_eq!(data["code"], "origin_not_allowed", "{origin}");
    }
    let mut forged = nonce_page(&gateway, "app", "ada", ORIGIN);
    forged
        .query_pairs_mut()
        .clear()
        .extend_pairs([("originForPostMessage", ORIGIN), ("userToken", "x.y.z")]);
    assert_eq!(open(forged).await.0["code"], "token_invalid");
}

#[tokio::test]
async fn a_project_that_does_not_take_the_reference_client_has_none_of_its_routes() {
    let gateway = start().await;
    let no = |answer: &Answer| (answer.status, answer.code().to_owned());
    let missing = (StatusCode::NOT_FOUND, "route_not_found".to_owned());
    let path = "/v2/projects/other/sdk/actions/build-oauth?action=azuredevops&oauthMetaKeyId=k";
    let built = gateway.call_with("ada", Method::GET, path, &[], None).await;
    assert_eq!(no(&built), missing, "{}", built.text);
    let message = built.json["message"].as_str().unwrap();
    assert!(message.contains("`reference_client = true`"), "{message}");
    for method in [Method::GET, Method::DELETE] {
        let path = "/sdk/actions/session-id/k";
        let answer = gateway
            .call_project("other", "ada", method, path, None)
            .await;
        assert_eq!(no(&answer), missing, "{}", answer.text);
    }
    let nonce = nonce_page(&gateway, "other", "ada", ORIGIN);
    let page = Browser::new(&gateway).open(&nonce).await;
    assert_eq!(page["code"], "route_not_found", "{page}");
    let me: Value = gateway
        .call_project("other", "ada", Method::GET, "/sdk/me", None)
        .await
        .json;
    assert_eq!(me["integrations"]["azuredevops"]["enabled"], false);
}
