//! Organization first: a sign-in goes to the directory of the organization that is named and lands there. Every kind of
//! account ends in success or in a sentence that says who can do what.

use crate::support::{Answer, Browser, TestGateway, start, start_with};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// What a sign-in ended in.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Connected in this organization.
    Connected(&'static str),
    /// Told with this code, in words that hold these, and with a link that ends so (empty: none); another organization
    /// can be named.
    Told(&'static str, &'static [&'static str], &'static str),
    /// Failed with this code; a new attempt is needed.
    Failed(&'static str),
}

/// Who signs in, the organization that the app names (empty: none), and the end.
const TABLE: &[(&str, &str, End)] = &[
    ("grace", "", End::Connected("contoso-demo")),
    (
        "grace",
        "https://dev.azure.com/contoso-demo/Fabrikam/_git/x",
        End::Connected("contoso-demo"),
    ),
    (
        "ada",
        "git@ssh.dev.azure.com:v3/contoso-labs/p/r",
        End::Connected("contoso-labs"),
    ),
    // A guest, and of two directories.
    (
        "dorothy",
        "https://contoso-partners.visualstudio.com/",
        End::Connected("contoso-partners"),
    ),
    (
        "dorothy",
        "northwind-traders",
        End::Connected("northwind-traders"),
    ),
    // A guest who names nothing is asked for the organization.
    (
        "dorothy",
        "",
        End::Told(
            "no_organization",
            &["dorothy@tailspin.example", "guest", "invite"],
            "",
        ),
    ),
    (
        "edsger",
        "",
        End::Told(
            "no_organization",
            &["edsger@contoso.example", "sign in with another account"],
            "",
        ),
    ),
    // In the right directory, but not a member.
    (
        "grace",
        "contoso-labs",
        End::Told(
            "not_a_member",
            &["grace@contoso.example", "`contoso-labs`", "administrator"],
            "/contoso-labs/_settings/users",
        ),
    ),
    // A member, but the organization allows no apps.
    (
        "radia",
        "contoso-locked",
        End::Told(
            "provider_forbidden",
            &["`contoso-locked`", "administrator", "OAuth"],
            "/contoso-locked/_settings/organizationPolicy",
        ),
    ),
    (
        "radia",
        "",
        End::Told(
            "provider_forbidden",
            &["`contoso-locked`"],
            "/contoso-locked/_settings/organizationPolicy",
        ),
    ),
];

async fn register(gateway: &TestGateway, organization: &str) -> (String, String) {
    let extra = if organization.is_empty() {
        json!({})
    } else {
        json!({ "organization": organization })
    };
    gateway.register("u1", extra).await
}

fn check(page: &Value, end: &End, case: &str) {
    match end {
        End::Connected(organization) => {
            assert_eq!(page["view"], "done", "{case}: {page}");
            assert_eq!(page["organization"], *organization, "{case}");
        }
        End::Told(code, words, link) => {
            assert_eq!(page["view"], "organizations", "{case}: {page}");
            let problem = &page["problem"];
            assert_eq!(problem["code"], *code, "{case}: {page}");
            let message = problem["message"].as_str().unwrap();
            for word in *words {
                assert!(message.contains(word), "{case}: no `{word}` in {message}");
            }
            let found = problem["link"].as_str().unwrap_or_default();
            assert!(
                found.ends_with(link) && found.is_empty() == link.is_empty(),
                "{case}: {found}"
            );
        }
        End::Failed(code) => assert_eq!(page["code"], *code, "{case}: {page}"),
    }
}

#[tokio::test]
async fn every_kind_of_account_ends_in_success_or_in_a_sentence() {
    for (person, organization, end) in TABLE {
        let case = format!("{person} -> `{organization}`");
        let gateway = start().await;
        let (id, ticket) = register(&gateway, organization).await;
        let browser = Browser::new(&gateway);
        let page = browser.open(&browser.sign_in(&ticket, person).await).await;
        check(&page, end, &case);
        let status = gateway.flow("u1", &id).await["status"].clone();
        let expected = match end {
            End::Connected(_) => "connected",
            End::Told(..) => "organization",
            End::Failed(_) => "failed",
        };
        assert_eq!(status, expected, "{case}");
    }
}

#[tokio::test]
async fn an_organization_that_leads_nowhere_is_told_before_the_sign_in() {
    let gateway = start().await;
    for (organization, code, word, link) in [
        (
            "nobodys-organization",
            "organization_not_found",
            "no organization `nobodys-organization`",
            "",
        ),
        (
            "katherine-home",
            "organization_without_directory",
            "personal access token",
            "/katherine-home/_settings/organizationAad",
        ),
    ] {
        let (id, ticket) = register(&gateway, organization).await;
        let browser = Browser::new(&gateway);
        let redeemed = browser.redeem(&ticket).await;
        let problem = &redeemed.json["problem"];
        assert_eq!(problem["code"], code, "{}", redeemed.text);
        assert!(
            problem["message"].as_str().unwrap().contains(word),
            "{problem}"
        );
        assert!(
            problem["link"].as_str().unwrap_or_default().ends_with(link),
            "{problem}"
        );
        assert!(
            redeemed.json.get("authorizationUrl").is_none(),
            "never a made-up directory"
        );
        // Another one can be named at once, and it is where the sign-in goes.
        let page = name(&gateway, &browser, &id, "northwind-traders").await;
        assert_eq!(page.json["view"], "signIn", "{}", page.text);
        let url = page.json["authorizationUrl"].as_str().unwrap();
        let page = browser.open(&browser.authorize(url, "dorothy").await).await;
        assert_eq!(page["organization"], "northwind-traders", "{page}");
        assert_eq!(gateway.flow("u1", &id).await["status"], "connected");
    }
}

async fn name(gateway: &TestGateway, browser: &Browser<'_>, flow: &str, text: &str) -> Answer {
    let body = json!({ "flow": flow, "named": text });
    browser
        .post("/connect/organizations", body, &gateway.url)
        .await
}

#[tokio::test]
async fn after_a_sign_in_that_found_nothing_the_named_organization_needs_no_new_choice_of_account()
{
    let gateway = start().await;
    let (id, ticket) = register(&gateway, "").await;
    let browser = Browser::new(&gateway);
    browser
        .open(&browser.sign_in(&ticket, "dorothy").await)
        .await;
    let page = name(&gateway, &browser, &id, "dev.azure.com/contoso-partners/x").await;
    let url = Url::parse(page.json["authorizationUrl"].as_str().unwrap()).unwrap();
    let hint = url
        .query_pairs()
        .find(|(name, _)| name == "login_hint")
        .unwrap()
        .1
        .into_owned();
    assert_eq!(hint, "dorothy@tailspin.example");
    assert_eq!(gateway.flow("u1", &id).await["status"], "provider");
    let page = browser
        .open(&browser.authorize(url.as_str(), "nobody is asked").await)
        .await;
    assert_eq!(page["organization"], "contoso-partners", "{page}");
}

#[tokio::test]
async fn in_the_same_directory_no_second_sign_in_is_needed() {
    let gateway = start().await;
    let (id, ticket) = register(&gateway, "").await;
    let browser = Browser::new(&gateway);
    browser.open(&browser.sign_in(&ticket, "ada").await).await;
    let refused = name(&gateway, &browser, &id, "contoso-partners").await;
    assert_eq!(
        refused.json["problem"]["code"], "not_a_member",
        "{}",
        refused.text
    );
    assert_eq!(
        refused.json["organizations"].as_array().unwrap().len(),
        2,
        "the list is kept"
    );
    let listed = name(
        &gateway,
        &browser,
        &id,
        "https://dev.azure.com/CONTOSO-LABS",
    )
    .await;
    assert_eq!(listed.json["view"], "done", "{}", listed.text);
}

#[tokio::test]
async fn refusals_of_the_directory_name_who_can_change_them() {
    let gateway = start().await;
    // Entra ID asks for an administrator in the directory of the organization, and the link is for that one.
    let (_, ticket) = register(&gateway, "fabrikam-works").await;
    let browser = Browser::new(&gateway);
    gateway
        .knob(Method::POST, "authorize-errors", json!({ "code": 90094 }))
        .await;
    let redeemed = browser.redeem(&ticket).await;
    let url = redeemed.json["authorizationUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    let tenant = url.split('/').nth(4).unwrap().to_owned();
    assert_eq!(tenant.len(), 36, "{url}");
    let page = browser.open(&browser.authorize(&url, "ada").await).await;
    check(&page, &End::Failed("admin_approval_required"), "approval");
    let link = page["adminConsentUrl"].as_str().unwrap();
    assert!(
        link.contains(&format!("/{tenant}/v2.0/adminconsent")),
        "{link}"
    );
    // Conditional Access at the sign-in, and enforced by the organization itself.
    let (_, ticket) = register(&gateway, "contoso-demo").await;
    gateway
        .knob(Method::POST, "authorize-errors", json!({ "code": 53003 }))
        .await;
    let page = browser.open(&browser.sign_in(&ticket, "grace").await).await;
    check(&page, &End::Failed("sign_in_blocked"), "conditional access");
    let (_, ticket) = register(&gateway, "contoso-demo").await;
    let forced = json!({ "face": "conditionalAccess", "path": "/contoso-demo/" });
    gateway.knob(Method::POST, "answers", forced).await;
    let page = browser.open(&browser.sign_in(&ticket, "grace").await).await;
    let words: &[&str] = &["Conditional Access", "`contoso-demo`", "administrator"];
    check(
        &page,
        &End::Told(
            "sign_in_blocked",
            words,
            "/contoso-demo/_settings/organizationPolicy",
        ),
        "enforced",
    );
}

#[tokio::test]
async fn tokens_are_refreshed_in_their_own_directory() {
    let gateway = start().await;
    let (_, ticket) = register(&gateway, "northwind-traders").await;
    let browser = Browser::new(&gateway);
    browser
        .open(&browser.sign_in(&ticket, "dorothy").await)
        .await;
    gateway
        .knob(Method::POST, "users/dorothy/expire", json!({}))
        .await;
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    let projects = gateway.proxy("u1", "/projects?api-version=7.1").await;
    assert_eq!(projects.status, StatusCode::OK, "{}", projects.text);
    let seen = gateway.knob(Method::GET, "requests", Value::Null).await;
    let refreshes: Vec<_> = seen["counts"]
        .as_object()
        .unwrap()
        .keys()
        .filter(|line| line.ends_with("refresh_token"))
        .collect();
    assert_eq!(refreshes.len(), 1, "{seen}");
    assert!(!refreshes[0].contains("/organizations/"), "{refreshes:?}");
}

#[tokio::test]
async fn a_link_can_name_the_organization_and_the_app_has_the_last_word() {
    let gateway = start().await;
    let browser = Browser::new(&gateway);
    let redeem = async |ticket: &str, organization: &str| {
        let body = json!({ "ticket": ticket, "organization": organization });
        browser.post("/connect/ticket", body, &gateway.url).await
    };
    let (_, ticket) = register(&gateway, "").await;
    let redeemed = redeem(&ticket, "northwind-traders").await;
    let url = redeemed.json["authorizationUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = browser
        .open(&browser.authorize(&url, "dorothy").await)
        .await;
    assert_eq!(page["organization"], "northwind-traders", "{page}");
    let (_, ticket) = register(&gateway, "contoso-partners").await;
    let redeemed = redeem(&ticket, "northwind-traders").await;
    let url = redeemed.json["authorizationUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = browser
        .open(&browser.authorize(&url, "dorothy").await)
        .await;
    assert_eq!(page["organization"], "contoso-partners", "{page}");
}

#[tokio::test]
async fn text_from_outside_reaches_no_other_host_and_look_ups_are_limited() {
    let gateway = start_with(|config| config.limits.address_lookups_per_minute = 25).await;
    for organization in ["https://evil.example/x", "a/../b", &"a".repeat(3000)] {
        let body = json!({ "id": paragon_gateway::random::token(), "ticket": paragon_gateway::random::token(),
            "integration": "azuredevops", "organization": organization });
        let refused = gateway
            .call("u1", Method::POST, "/sdk/flows", Some(body))
            .await;
        assert_eq!(refused.code(), "invalid_request", "{}", refused.text);
        assert!(
            refused.json["message"]
                .as_str()
                .unwrap()
                .contains("`organization`")
        );
    }
    let (id, ticket) = register(&gateway, "").await;
    let browser = Browser::new(&gateway);
    browser.redeem(&ticket).await;
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    for text in ["https://evil.example/x", "", "javascript:alert(1)"] {
        let answer = name(&gateway, &browser, &id, text).await;
        assert_eq!(
            answer.json["problem"]["code"], "invalid_request",
            "{}",
            answer.text
        );
    }
    let seen = gateway.knob(Method::GET, "requests", Value::Null).await;
    assert_eq!(seen["count"], 0, "nothing was asked: {seen}");
    // A stranger's browser, and a page of another site, name nothing in this flow.
    let stranger = name(&gateway, &Browser::new(&gateway), &id, "contoso-demo").await;
    assert_eq!(stranger.code(), "flow_not_found");
    let forged = json!({ "flow": id, "named": "contoso-demo" });
    let forged = browser
        .post("/connect/organizations", forged, "https://evil.example")
        .await;
    assert_eq!(forged.code(), "origin_not_allowed");
    // One flow looks up twenty names, and an address not many more.
    for number in 0..20 {
        let answer = name(&gateway, &browser, &id, &format!("nobodys-{number}")).await;
        assert_eq!(
            answer.json["problem"]["code"], "organization_not_found",
            "{}",
            answer.text
        );
    }
    let answer = name(&gateway, &browser, &id, "one-more").await;
    assert_eq!(
        answer.json["problem"]["code"], "rate_limited",
        "{}",
        answer.text
    );
    let (other, ticket) = register(&gateway, "").await;
    browser.redeem(&ticket).await;
    let mut codes = Vec::new();
    for number in 0..6 {
        let answer = name(&gateway, &browser, &other, &format!("nobodys-{number}")).await;
        codes.push(answer.json["problem"]["code"].clone());
    }
    assert_eq!(codes.last().unwrap(), "rate_limited", "{codes:?}");
    let seen = gateway.knob(Method::GET, "requests", Value::Null).await;
    assert_eq!(
        seen["count"], 20,
        "known names are not asked for again: {seen}"
    );
}

#[tokio::test]
async fn an_app_of_one_directory_says_that_the_organization_is_of_another() {
    let gateway = start_with(|config| {
        config.projects[0].azure_devops.tenant =
            Some("72f988bf-86f1-41af-91ab-2d7cd011db47".into());
    })
    .await;
    let (_, ticket) = register(&gateway, "contoso-demo").await;
    let redeemed = Browser::new(&gateway).redeem(&ticket).await;
    let problem = &redeemed.json["problem"];
    assert_eq!(problem["code"], "sign_in_blocked", "{}", redeemed.text);
    assert!(
        problem["message"].as_str().unwrap().contains("operator"),
        "{problem}"
    );
}

/// Reconnects `credential` and gives the authorization URL.
async fn reconnect(
    gateway: &TestGateway,
    browser: &Browser<'_>,
    credential: &str,
) -> (String, Url) {
    let (id, ticket) = gateway
        .register("u1", json!({ "credentialId": credential }))
        .await;
    let redeemed = browser.redeem(&ticket).await;
    let url = redeemed.json["authorizationUrl"].as_str().unwrap();
    (id, Url::parse(url).unwrap())
}

#[tokio::test]
async fn a_reconnect_goes_to_the_accounts_own_directory_and_expects_the_same_person() {
    let gateway = start().await;
    let (id, ticket) = register(&gateway, "northwind-traders").await;
    let browser = Browser::new(&gateway);
    browser
        .open(&browser.sign_in(&ticket, "dorothy").await)
        .await;
    let credential = gateway.flow("u1", &id).await["credentialId"]
        .as_str()
        .unwrap()
        .to_owned();
    gateway
        .knob(Method::POST, "users/dorothy/revoke", json!({}))
        .await;
    let (id, url) = reconnect(&gateway, &browser, &credential).await;
    assert!(!url.path().contains("/organizations/"), "{url}");
    let hint = url
        .query_pairs()
        .find(|(name, _)| name == "login_hint")
        .unwrap()
        .1
        .into_owned();
    assert_eq!(hint, "dorothy@tailspin.example");
    let page = browser
        .open(&browser.authorize(url.as_str(), "dorothy").await)
        .await;
    assert_eq!(page["organization"], "northwind-traders", "{page}");
    assert_eq!(
        gateway.flow("u1", &id).await["credentialId"],
        credential.as_str()
    );
    let projects = gateway.proxy("u1", "/projects?api-version=7.1").await;
    assert_eq!(projects.status, StatusCode::OK, "{}", projects.text);
}

#[tokio::test]
async fn another_person_does_not_take_a_connection_over() {
    let gateway = start().await;
    let credential = gateway.connect("u1", "grace").await;
    let browser = Browser::new(&gateway);
    let (id, url) = reconnect(&gateway, &browser, &credential).await;
    let page = browser
        .open(&browser.authorize(url.as_str(), "ada").await)
        .await;
    check(&page, &End::Failed("another_account"), "ada for grace");
    let message = page["message"].as_str().unwrap();
    for word in [
        "ada@contoso.example",
        "grace@contoso.example",
        "new account",
    ] {
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(
        gateway.flow("u1", &id).await["error"]["code"],
        "another_account"
    );
    let path = format!("/sdk/credentials/{credential}");
    let kept = gateway.call("u1", Method::GET, &path, None).await;
    assert_eq!(
        kept.json["providerData"]["emailAddress"],
        "grace@contoso.example"
    );
}

#[tokio::test]
async fn one_sign_in_connects_several_organizations_each_with_its_label() {
    let gateway = start().await;
    let extra = json!({ "several": true, "externalId": "main" });
    let (id, ticket) = gateway.register("u1", extra).await;
    let browser = Browser::new(&gateway);
    let page = browser.open(&browser.sign_in(&ticket, "ada").await).await;
    assert_eq!(page["several"], true, "{page}");
    let choose = async |names: &[&str]| {
        let body = json!({ "flow": id, "organizations": names });
        browser
            .post("/connect/organizations", body, &gateway.url)
            .await
    };
    for wrong in [&[][..], &["contoso-demo", "fabrikam-works"]] {
        assert_eq!(choose(wrong).await.code(), "invalid_request", "{wrong:?}");
    }
    // The label of the first is taken meanwhile: the flow ends, and nothing is left of the others.
    let taken = gateway
        .connect_token("u1", json!({ "externalId": "main" }))
        .await;
    let refused = choose(&["contoso-demo", "contoso-labs"]).await;
    assert_eq!(refused.code(), "external_id_taken", "{}", refused.text);
    let connection = gateway.connection("u1").await;
    assert_eq!(connection["allCredentials"].as_array().unwrap().len(), 1);
    let path = format!("/sdk/credentials/{}", taken.json["id"].as_str().unwrap());
    gateway.call("u1", Method::DELETE, &path, None).await;
    let done = choose(&["contoso-demo", "contoso-labs", "contoso-demo"]).await;
    assert_eq!(
        done.json["organization"], "contoso-demo, contoso-labs",
        "{}",
        done.text
    );
    let connection = gateway.connection("u1").await;
    let all = connection["allCredentials"].as_array().unwrap();
    let mut labels: Vec<_> = all
        .iter()
        .map(|one| one["externalId"].as_str().unwrap())
        .collect();
    labels.sort_unstable();
    assert_eq!(labels, ["main", "main-contoso-labs"], "{connection}");
    let first = gateway.flow("u1", &id).await["credentialId"].clone();
    assert!(
        all.iter()
            .any(|one| one["id"] == first && one["externalId"] == "main")
    );
}

#[tokio::test]
async fn several_are_all_connected_or_none_and_only_where_the_app_allows_it() {
    let gateway = start().await;
    let browser = Browser::new(&gateway);
    for several in [true, false] {
        let (id, ticket) = gateway.register("u1", json!({ "several": several })).await;
        browser.open(&browser.sign_in(&ticket, "ada").await).await;
        let forced = json!({ "face": "notPermitted", "path": "/contoso-labs/" });
        gateway.knob(Method::POST, "answers", forced).await;
        let body = json!({ "flow": id, "organizations": ["contoso-demo", "contoso-labs"] });
        let answer = browser
            .post("/connect/organizations", body, &gateway.url)
            .await;
        let code = if several {
            &answer.json["problem"]["code"]
        } else {
            &answer.json["code"]
        };
        let expected = if several {
            "provider_forbidden"
        } else {
            "invalid_request"
        };
        assert_eq!(code, expected, "{}", answer.text);
        assert_eq!(gateway.connection("u1").await["enabled"], false);
    }
}
