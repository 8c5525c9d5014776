//! The connect flow over HTTP, from the ticket to the credential, and every way it can go wrong.

use std::sync::atomic::Ordering;

use crate::support::{self, Browser, ORIGIN, TestGateway, start};
use paragon_gateway::identity::UserId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

#[tokio::test]
async fn an_account_with_one_organization_is_connected_without_a_question() {
    let gateway = start().await;
    let (id, ticket) = gateway
        .register("u1", json!({ "externalId": "main" }))
        .await;
    assert_eq!(gateway.flow("u1", &id).await["status"], "pending");
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    let page = browser.open(&callback).await;
    assert_eq!(
        (&page["view"], &page["organization"], &page["origin"]),
        (&json!("done"), &json!("contoso-demo"), &json!(ORIGIN))
    );
    let flow = gateway.flow("u1", &id).await;
    assert_eq!(flow["status"], "connected");
    let credential = gateway
        .call(
            "u1",
            Method::GET,
            &format!(
                "/sdk/credentials/{}",
                flow["credentialId"].as_str().unwrap()
            ),
            None,
        )
        .await;
    assert_eq!(credential.json["status"], "VALID");
    assert_eq!(credential.json["externalId"], "main");
    assert_eq!(
        credential.json["providerData"]["organization"],
        "contoso-demo"
    );
    let projects = gateway.proxy("u1", "/projects?api-version=7.1").await;
    assert_eq!(projects.status, StatusCode::OK, "{}", projects.text);
    assert!(projects.json["output"]["count"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn of_several_organizations_the_user_picks_one_and_only_an_own_one() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "ada").await;
    let page = browser.open(&callback).await;
    assert_eq!(page["view"], "organizations");
    assert_eq!(gateway.flow("u1", &id).await["status"], "organization");
    let choose = |name: &str| {
        browser.post(
            "/connect/organizations",
            json!({ "flow": id, "organization": name }),
            &gateway.url,
        )
    };
    assert_eq!(
        choose("somebody-elses").await.status,
        StatusCode::BAD_REQUEST
    );
    let stranger = Browser::new(&gateway);
    let stolen = stranger
        .post(
            "/connect/organizations",
            json!({ "flow": id, "organization": "contoso-labs" }),
            &gateway.url,
        )
        .await;
    assert_eq!(stolen.code(), "flow_not_found");
    let forged = browser
        .post(
            "/connect/organizations",
            json!({ "flow": id, "organization": "contoso-labs" }),
            "https://evil.example",
        )
        .await;
    assert_eq!(forged.code(), "origin_not_allowed");
    let chosen = choose("contoso-labs").await;
    assert_eq!(chosen.json["view"], "done", "{}", chosen.text);
    assert_eq!(gateway.flow("u1", &id).await["status"], "connected");
    assert_eq!(choose("contoso-demo").await.code(), "flow_not_found");
}

#[tokio::test]
async fn no_organization_is_an_error_that_says_so() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let page = browser
        .open(&browser.sign_in(&ticket, "edsger").await)
        .await;
    assert_eq!(page["view"], "organizations", "it is no dead end: {page}");
    assert_eq!(page["problem"]["code"], "no_organization");
    assert_eq!(gateway.flow("u1", &id).await["status"], "organization");
    let left = json!({ "flow": id, "how": "closed" });
    browser.post("/connect/departure", left, &gateway.url).await;
    let followed = gateway
        .call(
            "u1",
            Method::GET,
            &format!("/sdk/flows/{id}?after=4&wait=20"),
            None,
        )
        .await;
    assert_eq!(
        (&followed.json["status"], &followed.json["error"]["code"]),
        (&json!("failed"), &json!("no_organization")),
        "who gives up then tells the app why: {}",
        followed.text
    );
    assert_eq!(
        gateway.call("u1", Method::GET, "/sdk/me", None).await.json["integrations"]["azuredevops"]
            ["enabled"],
        false
    );
}

#[tokio::test]
async fn a_ticket_works_once() {
    let gateway = start().await;
    let (_, ticket) = gateway.register("u1", json!({})).await;
    assert_eq!(
        Browser::new(&gateway).redeem(&ticket).await.status,
        StatusCode::OK
    );
    gateway.ahead.store(0, Ordering::SeqCst);
    let again = Browser::new(&gateway).redeem(&ticket).await;
    assert_eq!(again.code(), "flow_not_found");
}

#[tokio::test]
async fn a_ticket_may_come_before_its_flow() {
    let gateway = start().await;
    let (id, ticket) = (
        paragon_gateway::random::token(),
        paragon_gateway::random::token(),
    );
    let browser = Browser::new(&gateway);
    let register = gateway.call(
        "u1",
        Method::POST,
        "/sdk/flows",
        Some(json!({ "id": id, "ticket": ticket, "integration": "azuredevops" })),
    );
    let (redeemed, registered) = tokio::join!(browser.redeem(&ticket), register);
    assert_eq!(registered.status, StatusCode::CREATED);
    assert_eq!(redeemed.status, StatusCode::OK, "{}", redeemed.text);
}

#[tokio::test]
async fn the_providers_answer_counts_only_in_the_browser_that_began() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let victim = Browser::new(&gateway);
    let callback = victim.sign_in(&ticket, "grace").await;
    let attacker = Browser::new(&gateway);
    let page = attacker.open(&callback).await;
    assert_eq!(page["view"], "error");
    assert!(
        page.get("flow").is_none() && page.get("origin").is_none(),
        "a forged answer tells no app: {page}"
    );
    assert_ne!(gateway.flow("u1", &id).await["status"], "failed");
    assert_eq!(victim.open(&callback).await["view"], "done");
}

#[tokio::test]
async fn a_state_works_once_and_must_be_there() {
    let gateway = start().await;
    let (_, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    assert_eq!(browser.open(&callback).await["view"], "done");
    assert_eq!(browser.open(&callback).await["view"], "error");
    for query in [
        "code=x",
        "code=x&state=",
        "code=x&state=forged",
        "state=%ff",
        "code=a&code=b&state=c",
        "",
    ] {
        let url = Url::parse(&format!("{}/oauth?{query}", gateway.url)).unwrap();
        assert_eq!(browser.open(&url).await["view"], "error", "{query}");
    }
}

#[tokio::test]
async fn a_state_is_used_up_also_while_the_user_picks_an_organization() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "ada").await;
    assert_eq!(browser.open(&callback).await["view"], "organizations");
    assert_eq!(browser.open(&callback).await["view"], "error");
    assert_eq!(
        gateway.flow("u1", &id).await["status"],
        "organization",
        "the second answer changed nothing"
    );
}

#[tokio::test]
async fn a_code_of_another_flow_fails_at_the_code_verifier() {
    let gateway = start().await;
    let (mine, my_ticket) = gateway.register("u1", json!({})).await;
    let (_, other_ticket) = gateway.register("u2", json!({})).await;
    let (browser, other) = (Browser::new(&gateway), Browser::new(&gateway));
    let my_callback = browser.sign_in(&my_ticket, "grace").await;
    let other_callback = other.sign_in(&other_ticket, "ada").await;
    let injected = other_callback
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    let state = my_callback
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned();
    let mut url = Url::parse(&format!("{}/oauth", gateway.url)).unwrap();
    url.query_pairs_mut()
        .append_pair("code", &injected)
        .append_pair("state", &state);
    let page = browser.open(&url).await;
    assert_eq!(page["code"], "attempt_failed", "{page}");
    assert_eq!(
        gateway.flow("u1", &mine).await["error"]["code"],
        "attempt_failed"
    );
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_is_refused() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let mut callback = browser.sign_in(&ticket, "grace").await;
    let good = callback.clone();
    callback
        .query_pairs_mut()
        .append_pair("iss", "https://evil.example/");
    assert_eq!(browser.open(&callback).await["view"], "error");
    assert_eq!(gateway.flow("u1", &id).await["status"], "opened");
    assert_eq!(browser.open(&good).await["view"], "done");
}

#[tokio::test]
async fn a_flow_that_takes_too_long_is_over() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    gateway.ahead.store(601_000, Ordering::SeqCst);
    assert_eq!(browser.open(&callback).await["view"], "error");
    assert_eq!(gateway.flow("u1", &id).await["status"], "expired");
}

#[tokio::test]
async fn a_flow_that_the_app_follows_stays_alive_while_the_user_thinks() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    for minutes in [8, 16, 24] {
        gateway.ahead.store(minutes * 60_000, Ordering::SeqCst);
        assert_eq!(
            gateway.flow("u1", &id).await["status"],
            "opened",
            "after {minutes} minutes"
        );
    }
    gateway.knob(Method::POST, "reset", json!({})).await;
    assert_eq!(
        browser.open(&callback).await["code"],
        "attempt_failed",
        "the code is gone, the flow is not"
    );
}

#[tokio::test]
async fn cancelling_ends_the_flow_whatever_the_provider_says_later() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    let cancelled = gateway
        .call("u1", Method::DELETE, &format!("/sdk/flows/{id}"), None)
        .await;
    assert_eq!(cancelled.json["status"], "cancelled");
    assert_eq!(browser.open(&callback).await["view"], "error");
    assert_eq!(
        gateway.call("u1", Method::GET, "/sdk/me", None).await.json["integrations"]["azuredevops"]
            ["allCredentials"],
        json!([])
    );
}

#[tokio::test]
async fn errors_of_the_sign_in_page_end_the_flow_as_what_they_are() {
    let gateway = start().await;
    for (code, status, expected) in [
        (65004, "cancelled", Value::Null),
        (50076, "failed", json!("interaction_required")),
        (700_016, "failed", json!("integration_misconfigured")),
        (70011, "failed", json!("integration_misconfigured")),
        (500_011, "failed", json!("provider_not_in_directory")),
        (90033, "failed", json!("provider_unavailable")),
    ] {
        let (id, ticket) = gateway.register("u1", json!({})).await;
        gateway
            .knob(
                Method::POST,
                "authorize-errors",
                json!({ "code": code, "times": 1 }),
            )
            .await;
        let browser = Browser::new(&gateway);
        let page = browser.open(&browser.sign_in(&ticket, "grace").await).await;
        assert_eq!(page["view"], "error", "{code}: {page}");
        let flow = gateway.flow("u1", &id).await;
        assert_eq!(
            (flow["status"].as_str().unwrap(), &flow["error"]["code"]),
            (status, &expected),
            "{code}: {flow}"
        );
    }
}

#[tokio::test]
async fn errors_of_the_code_exchange_end_the_flow_as_what_they_are() {
    let gateway = start().await;
    for (code, expected) in [
        (54005, "attempt_failed"),
        (501_481, "attempt_failed"),
        (7_000_215, "integration_misconfigured"),
        (7_000_222, "integration_misconfigured"),
        (500_011, "provider_not_in_directory"),
        (90033, "provider_unavailable"),
    ] {
        let (id, ticket) = gateway.register("u1", json!({})).await;
        let browser = Browser::new(&gateway);
        let callback = browser.sign_in(&ticket, "grace").await;
        gateway
            .knob(
                Method::POST,
                "token-errors",
                json!({ "code": code, "times": 1, "grantType": "authorization_code" }),
            )
            .await;
        let page = browser.open(&callback).await;
        assert_eq!(page["code"], expected, "{code}");
        assert_eq!(
            gateway.flow("u1", &id).await["error"]["code"],
            expected,
            "{code}"
        );
    }
}

#[tokio::test]
async fn missing_consent_leads_back_to_the_provider_once() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    gateway
        .knob(
            Method::POST,
            "token-errors",
            json!({ "code": 65001, "times": 1, "grantType": "authorization_code" }),
        )
        .await;
    let again = browser.open(&callback).await;
    let url = again["location"].as_str().unwrap();
    assert!(url.contains("prompt=consent"), "{url}");
    let callback = browser.authorize(url, "grace").await;
    assert_eq!(browser.open(&callback).await["view"], "done");
    assert_eq!(gateway.flow("u1", &id).await["status"], "connected");
}

#[tokio::test]
async fn a_closed_gateway_page_cancels_only_its_own_browsers_flow() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    assert_eq!(browser.redeem(&ticket).await.status, StatusCode::OK);
    let stranger = Browser::new(&gateway)
        .post(
            "/connect/departure",
            json!({ "flow": id, "how": "closed" }),
            &gateway.url,
        )
        .await;
    assert_eq!(stranger.code(), "flow_not_found");
    let foreign = browser
        .post(
            "/connect/departure",
            json!({ "flow": id, "how": "closed" }),
            "https://evil.example",
        )
        .await;
    assert_eq!(foreign.code(), "origin_not_allowed");
    assert_eq!(gateway.flow("u1", &id).await["status"], "opened");
    assert_eq!(
        browser
            .post(
                "/connect/departure",
                json!({ "flow": id, "how": "closed" }),
                &gateway.url
            )
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    let ended = gateway
        .call(
            "u1",
            Method::GET,
            &format!("/sdk/flows/{id}?after=2&wait=20"),
            None,
        )
        .await;
    assert_eq!(ended.json["status"], "cancelled");
}

#[tokio::test]
async fn the_event_stream_tells_every_change_and_ends() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let stream = support::client()
        .get(format!("{}/projects/app/sdk/flows/{id}", gateway.url))
        .bearer_auth(gateway.token("u1"))
        .header("accept", "text/event-stream")
        .send();
    let response = stream.await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    assert_eq!(browser.open(&callback).await["view"], "done");
    // The stream ends by itself after the final state.
    let text = response.text().await.unwrap();
    assert!(text.contains("\"status\":\"connected\""), "{text}");
    assert!(
        text.contains("event: flow") || text.contains("event:flow"),
        "{text}"
    );
    let resumed = support::client()
        .get(format!("{}/projects/app/sdk/flows/{id}", gateway.url))
        .bearer_auth(gateway.token("u1"))
        .header("accept", "text/event-stream")
        .header("last-event-id", "1");
    let text = resumed.send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains("connected") && !text.contains("pending"),
        "{text}"
    );
}

#[tokio::test]
async fn a_malformed_registration_is_refused_with_the_right_form() {
    let gateway = start().await;
    let good = paragon_gateway::random::token;
    for (body, code) in [
        (
            json!({ "id": "short", "ticket": good(), "integration": "azuredevops" }),
            "invalid_request",
        ),
        (
            json!({ "id": good(), "ticket": good(), "integration": "slack" }),
            "integration_not_found",
        ),
        (
            json!({ "id": good(), "ticket": good(), "integration": "azuredevops", "externalId": "  " }),
            "invalid_request",
        ),
        (
            json!({ "id": good(), "ticket": good(), "integration": "azuredevops", "credentialId": "nobodys" }),
            "credential_not_found",
        ),
        (
            json!({ "id": good(), "ticket": good(), "integration": "azuredevops", "accountType": "personal_access_token" }),
            "invalid_request",
        ),
        (json!([1]), "invalid_request"),
    ] {
        let answer = gateway
            .call("u1", Method::POST, "/sdk/flows", Some(body.clone()))
            .await;
        assert_eq!(answer.code(), code, "{body}");
        assert_eq!(
            answer.json["requestId"].as_str(),
            answer.headers["x-request-id"].to_str().ok(),
            "{body}"
        );
    }
}

#[tokio::test]
async fn an_oversized_body_is_refused() {
    let gateway = start().await;
    let body = json!({ "id": "x".repeat(300 * 1024), "ticket": "", "integration": "" });
    let answer = gateway
        .call("u1", Method::POST, "/sdk/flows", Some(body))
        .await;
    assert_eq!(answer.code(), "body_too_large");
}

#[tokio::test]
async fn leaving_for_the_provider_is_told_and_never_goes_back_in_time() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "ada").await;
    let leave = || {
        browser.post(
            "/connect/departure",
            json!({ "flow": id, "how": "provider" }),
            &gateway.url,
        )
    };
    assert_eq!(leave().await.status, StatusCode::NO_CONTENT);
    assert_eq!(gateway.flow("u1", &id).await["status"], "provider");
    assert_eq!(browser.open(&callback).await["view"], "organizations");
    assert_eq!(leave().await.status, StatusCode::NO_CONTENT);
    assert_eq!(gateway.flow("u1", &id).await["status"], "organization");
}

#[tokio::test]
async fn who_says_that_they_did_not_start_it_ends_it_at_once() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    assert_eq!(browser.redeem(&ticket).await.status, StatusCode::OK);
    browser
        .post(
            "/connect/departure",
            json!({ "flow": id, "how": "refused" }),
            &gateway.url,
        )
        .await;
    assert_eq!(gateway.flow("u1", &id).await["status"], "cancelled");
}

#[tokio::test]
async fn the_question_names_the_user_as_the_app_signed_it_whatever_their_metadata_says() {
    let gateway = start().await;
    let long = "x".repeat(5_000);
    for name in ["ada@contoso.example", "\u{202e}ada", &long] {
        let meta = json!({ "meta": { "Email": name, "Name": name, "email": name } });
        let saved = gateway.call("mallory", Method::PATCH, "/sdk/me", Some(meta));
        assert_eq!(saved.await.status, StatusCode::OK);
        let (_, ticket) = gateway.register("mallory", json!({})).await;
        let redeemed = Browser::new(&gateway).redeem(&ticket).await;
        assert_eq!(redeemed.json["userLabel"], "mallory");
        assert!(!redeemed.text.contains("ada"), "{}", redeemed.text);
    }
    let disguised = "mallory\u{202e}moc.osotnoc@ada\u{202c} \u{200b}Signed in as ada";
    for (user, shown) in [
        (
            disguised.to_owned(),
            "mallorymoc.osotnoc@ada Signed in as ada".to_owned(),
        ),
        ("m".repeat(200), format!("{}…", "m".repeat(64))),
    ] {
        let (_, ticket) = gateway.register(&user, json!({})).await;
        let redeemed = Browser::new(&gateway).redeem(&ticket).await;
        assert_eq!(redeemed.json["userLabel"], shown);
    }
}

/// Cancels a flow while the provider is asked whether the account works: the last thing before it is stored.
async fn cancel_at_the_last_moment(
    gateway: &TestGateway,
    id: &str,
    browser: &Browser<'_>,
    callback: &Url,
) {
    let delay = async |ms: u64| {
        gateway
            .knob(Method::PATCH, "settings", json!({ "delayMs": ms }))
            .await
    };
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    delay(500).await;
    let cancelling = async {
        loop {
            let seen = gateway.knob(Method::GET, "requests", Value::Null).await;
            if seen["counts"].to_string().contains("/_apis/accounts") {
                break;
            }
        }
        let path = format!("/sdk/flows/{id}");
        gateway.call("u1", Method::DELETE, &path, None).await
    };
    let (page, cancelled) = tokio::join!(browser.open(callback), cancelling);
    delay(0).await;
    assert_eq!(cancelled.json["status"], "cancelled");
    assert_eq!(page["view"], "error", "{page}");
    assert_eq!(gateway.flow("u1", id).await["status"], "cancelled");
}

#[tokio::test]
async fn a_flow_that_is_cancelled_at_the_last_moment_leaves_no_account() {
    let gateway = start().await;
    let (id, ticket) = gateway.register("u1", json!({})).await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    cancel_at_the_last_moment(&gateway, &id, &browser, &callback).await;
    let connection = gateway.connection("u1").await;
    assert_eq!(connection["allCredentials"], json!([]), "{connection}");
}

#[tokio::test]
async fn a_reconnect_that_is_cancelled_at_the_last_moment_keeps_the_old_tokens() {
    let gateway = start().await;
    let credential = gateway.connect("u1", "grace").await;
    let user = UserId("u1".into());
    let tokens = async || {
        let store = &gateway.app.store;
        let row = store
            .credential("app", &user, credential.parse().unwrap())
            .await;
        row.unwrap().unwrap().secret.bytes
    };
    let before = tokens().await;
    let (id, ticket) = gateway
        .register("u1", json!({ "credentialId": credential }))
        .await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    cancel_at_the_last_moment(&gateway, &id, &browser, &callback).await;
    assert!(before == tokens().await, "nothing was written over");
    let projects = gateway.proxy("u1", "/projects?api-version=7.1").await;
    assert_eq!(projects.status, StatusCode::OK, "{}", projects.text);
}
