//! Ways to connect an account beside the popup, several accounts of one user, and reading choices from them.

use crate::support::{Answer, Browser, TestGateway, client, start, start_with};
use paragon_sandbox as sandbox;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

const PAGE: &str = "https://app.example.com/connected";

fn problem(answer: &Answer) -> (u16, &str) {
    (answer.status.as_u16(), answer.code())
}

/// A gateway whose project has a page of its own for authorization codes; the simulator knows it as well.
async fn with_own_page() -> TestGateway {
    start_with(|config| config.projects[0].azure_devops.redirect_urls = vec![PAGE.into()]).await
}

/// Signs in as `person` with the app's own page as redirect URI, and gives the code that the page is sent.
async fn code(gateway: &TestGateway, user: &str, person: &str) -> String {
    let key = paragon_gateway::random::token();
    let path = format!(
        "/v2/projects/app/sdk/actions/build-oauth?action=azuredevops&oauthMetaKeyId={key}&redirectUrl={PAGE}"
    );
    let built = gateway.call_with(user, Method::GET, &path, &[], None).await;
    assert_eq!(built.status, StatusCode::OK, "{}", built.text);
    let page = Url::parse(built.json["redirectUrl"].as_str().unwrap()).unwrap();
    let browser = Browser::new(gateway);
    let redeemed = browser.redeem(page.fragment().unwrap()).await;
    let url = redeemed.json["authorizationUrl"].as_str().unwrap();
    let callback = browser.authorize_to(url, person, PAGE).await;
    let pairs: Vec<_> = callback.query_pairs().into_owned().collect();
    let code = pairs.iter().find(|(name, _)| name == "code");
    code.unwrap_or_else(|| panic!("no code: {callback}"))
        .1
        .clone()
}

async fn complete(
    gateway: &TestGateway,
    user: &str,
    code: &str,
    redirect: &str,
    options: Value,
) -> Answer {
    let body = json!({
        "code": code,
        "integrationId": gateway.integration_id(user).await,
        "redirectUrl": redirect,
        "integrationOptions": options,
    });
    gateway
        .call(user, Method::POST, "/sdk/credentials", Some(body))
        .await
}

#[tokio::test]
async fn a_code_that_the_apps_page_was_sent_connects_once() {
    let gateway = with_own_page().await;
    let first = code(&gateway, "u1", "grace").await;
    let elsewhere = complete(&gateway, "u1", &first, "https://evil.example/x", json!({})).await;
    assert_eq!(problem(&elsewhere), (400, "invalid_request"));
    let stranger = complete(&gateway, "mallory", &first, PAGE, json!({})).await;
    assert_eq!(
        problem(&stranger),
        (400, "attempt_failed"),
        "a stolen code lacks the verifier"
    );
    let second = code(&gateway, "u1", "grace").await;
    let answer = complete(&gateway, "u1", &second, PAGE, json!({"externalId": "main"})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(
        (&answer.json["status"], &answer.json["externalId"]),
        (&json!("VALID"), &json!("main"))
    );
    let again = complete(&gateway, "u1", &second, PAGE, json!({})).await;
    assert_eq!(problem(&again), (400, "attempt_failed"));
    assert_eq!(
        gateway
            .proxy("u1", "/projects?api-version=7.1")
            .await
            .status,
        StatusCode::OK
    );
    for wrong in ["", &"x".repeat(20_000)] {
        assert_eq!(
            problem(&complete(&gateway, "u1", wrong, PAGE, json!({})).await),
            (400, "invalid_request")
        );
    }
    let unregistered = "/v2/projects/app/sdk/actions/build-oauth?action=azuredevops&oauthMetaKeyId=k&redirectUrl=https://evil.example";
    assert_eq!(
        problem(
            &gateway
                .call_with("u1", Method::GET, unregistered, &[], None)
                .await
        ),
        (400, "invalid_request")
    );
}

#[tokio::test]
async fn a_code_without_a_verifier_is_not_redeemed() {
    let gateway = with_own_page().await;
    // The app asks the provider itself, without PKCE: whoever gets hold of the code could hand it in as theirs.
    let address = format!(
        "{}/login.microsoftonline.com/organizations/oauth2/v2.0/authorize",
        gateway.sandbox
    );
    let parameters = [
        ("client_id", sandbox::DEV_CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", PAGE),
        ("scope", "499b84ac-1321-427f-aa17-267ca6975798/.default"),
        ("state", "of-the-app"),
    ];
    let url = Url::parse_with_params(&address, parameters).unwrap();
    let callback = Browser::new(&gateway)
        .authorize_to(url.as_str(), "grace", PAGE)
        .await;
    let mut pairs = callback.query_pairs();
    let code = pairs.find(|(name, _)| name == "code").unwrap().1;
    let answer = complete(&gateway, "mallory", &code, PAGE, json!({})).await;
    assert_eq!(problem(&answer), (400, "attempt_failed"), "{}", answer.text);
    assert!(answer.text.contains("redirectUrl"), "{}", answer.text);
    let own = format!("{}/oauth", gateway.url);
    let answer = complete(&gateway, "mallory", &code, &own, json!({})).await;
    assert_eq!(problem(&answer), (400, "attempt_failed"), "{}", answer.text);
    assert_eq!(gateway.connection("mallory").await["enabled"], false);
}

#[tokio::test]
async fn an_account_with_several_organizations_waits_for_the_choice() {
    let gateway = with_own_page().await;
    let wrong = code(&gateway, "u1", "ada").await;
    let answer = complete(
        &gateway,
        "u1",
        &wrong,
        PAGE,
        json!({"ORGANIZATION": "fabrikam-moon"}),
    )
    .await;
    assert_eq!(problem(&answer), (400, "invalid_request"));
    let fresh = code(&gateway, "u1", "ada").await;
    let answer = complete(&gateway, "u1", &fresh, PAGE, json!({})).await;
    assert_eq!(answer.json["status"], "PENDING", "{}", answer.text);
    assert_eq!(
        answer.json["providerData"]["organizations"],
        json!(["contoso-demo", "contoso-labs"])
    );
    assert_eq!(
        problem(&gateway.proxy("u1", "/projects").await),
        (409, "credential_pending")
    );
    let id = answer.json["id"].as_str().unwrap();
    let integration = gateway.integration_id("u1").await;
    let choose = async |user: &str, payload: Value| {
        let body = json!({"integrationId": integration, "config": {}, "payload": payload, "installOptions": {}});
        gateway
            .call(
                user,
                Method::POST,
                &format!("/sdk/credentials/{id}/complete-setup"),
                Some(body),
            )
            .await
    };
    assert_eq!(
        problem(&choose("mallory", json!({"ORGANIZATION": "contoso-labs"})).await),
        (404, "credential_not_found")
    );
    assert_eq!(
        problem(&choose("u1", json!({"ORGANIZATION": "other"})).await),
        (400, "invalid_request")
    );
    gateway
        .ahead
        .store(61_000, std::sync::atomic::Ordering::SeqCst);
    let done = choose("u1", json!({"ORGANIZATION": "contoso-labs"})).await;
    assert_eq!(done.json["status"], "VALID", "{}", done.text);
    let projects = gateway.proxy("u1", "/projects?api-version=7.1").await;
    assert!(projects.text.contains("Experiments"), "{}", projects.text);

    let third = code(&gateway, "u1", "ada").await;
    let named = complete(
        &gateway,
        "u1",
        &third,
        PAGE,
        json!({"ORGANIZATION": "Contoso-Demo"}),
    )
    .await;
    assert_eq!(
        (
            &named.json["status"],
            &named.json["providerData"]["organization"]
        ),
        (&json!("VALID"), &json!("contoso-demo"))
    );
}

#[tokio::test]
async fn several_accounts_are_told_apart() {
    let gateway = start().await;
    let install = async |options: Value| gateway.connect_token("u1", options).await;
    let first = install(json!({"externalId": "one", "allowMultipleCredentials": true})).await;
    let second = install(json!({"externalId": "two", "allowMultipleCredentials": true})).await;
    assert_ne!(first.json["id"], second.json["id"]);
    assert_eq!(
        problem(&install(json!({"externalId": "two"})).await),
        (409, "external_id_taken")
    );
    let both = install(json!({"externalId": "three", "selectedCredentialId": "ext:one"})).await;
    assert_eq!(problem(&both), (400, "invalid_request"));
    let again = install(json!({"selectedCredentialId": "ext:two"})).await;
    assert_eq!(
        (&again.json["id"], &again.json["externalId"]),
        (&second.json["id"], &json!("two"))
    );
    assert_eq!(
        problem(&install(json!({"selectedCredentialId": "ext:none"})).await),
        (404, "credential_not_found")
    );

    let of = async |selector: &str| {
        let headers = [("x-paragon-credential", selector)];
        let path =
            "/projects/app/sdk/credentials?integration=azuredevops&includeAccountAuth=undefined";
        gateway
            .call_with("u1", Method::GET, path, &headers, None)
            .await
    };
    for selector in ["ext:two", "two", second.json["id"].as_str().unwrap()] {
        let account = of(selector).await;
        assert_eq!(
            account.json["credentialId"], second.json["id"],
            "{selector}"
        );
        assert_eq!(
            account.json["sdkIntegrationConfig"]["accountTypes"][0]["id"],
            "entra_id"
        );
        assert!(account.json.get("accountAuth").is_none());
        assert_eq!(account.headers["cache-control"], "no-store");
    }
    assert_eq!(
        gateway.connection("u1").await["credentialId"],
        first.json["id"]
    );
    let path = format!(
        "/projects/app/sdk/integrations/{}",
        gateway.integration_id("u1").await.as_str().unwrap()
    );
    let headers = [("x-paragon-credential", "ext:one")];
    let gone = gateway
        .call_with("u1", Method::DELETE, &path, &headers, None)
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let left = gateway.connection("u1").await;
    assert_eq!(left["credentialId"], second.json["id"]);
    assert_eq!(
        left["credentialConfigId"],
        second.json["configurations"][0]["id"]
    );
    assert_eq!(left["allCredentials"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn access_tokens_are_handed_out_where_the_operator_allows_it_only() {
    let gateway =
        start_with(|config| config.projects[1].azure_devops.share_access_tokens = true).await;
    gateway.connect("u1", "grace").await;
    let path = "/sdk/credentials?integration=azuredevops&includeAccountAuth=true";
    let refused = gateway.call("u1", Method::GET, path, None).await;
    assert_eq!(problem(&refused), (403, "account_auth_not_allowed"));
    assert_eq!(
        refused.json["meta"]["isIntegrationError"], true,
        "the user stays signed in"
    );

    let id = gateway
        .call_project("other", "u1", Method::GET, path, None)
        .await;
    assert_eq!(problem(&id), (404, "integration_not_connected"));
    let (flow, ticket) = (
        paragon_gateway::random::token(),
        paragon_gateway::random::token(),
    );
    let body = json!({"id": flow, "ticket": ticket, "integration": "azuredevops"});
    gateway
        .call_project("other", "u1", Method::POST, "/sdk/flows", Some(body))
        .await;
    let browser = Browser::new(&gateway);
    let callback = browser.sign_in(&ticket, "grace").await;
    browser.open(&callback).await;
    let handed = gateway
        .call_project("other", "u1", Method::GET, path, None)
        .await;
    let token = handed.json["accountAuth"]["OAUTH_ACCESS_TOKEN"]
        .as_str()
        .unwrap();
    let url = format!(
        "{}/dev.azure.com/contoso-demo/_apis/projects?api-version=7.1",
        gateway.sandbox
    );
    let direct = client().get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(direct.status(), StatusCode::OK);
}

async fn options(gateway: &TestGateway, user: &str, body: Value) -> Answer {
    gateway
        .call(user, Method::POST, "/sdk/actions", Some(body))
        .await
}

fn source(key: &str, parameters: &[(&str, &str)], pagination: &Value) -> Value {
    let parameters: Vec<_> = parameters
        .iter()
        .map(|(key, value)| json!({"key": key, "source": {"type": "VALUE", "value": value}}))
        .collect();
    json!({"action": "azuredevops", "sourceKey": key, "parameters": parameters, "paginationParameters": pagination})
}

#[tokio::test]
async fn fields_offer_what_the_account_has() {
    let gateway = start().await;
    gateway.connect("u1", "grace").await;
    let labels = async |key: &str, parameters: &[(&str, &str)], pagination: Value| {
        let answer = options(&gateway, "u1", source(key, parameters, &pagination)).await;
        assert_eq!(answer.status, StatusCode::OK, "{key}: {}", answer.text);
        let records = answer.json["output"]["records"].as_array().unwrap().clone();
        records
            .iter()
            .map(|record| record["label"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let projects = labels("projects", &[], json!({"pageCursor": 0})).await;
    assert!(
        projects.contains(&"Tailspin Toys".to_owned()),
        "{projects:?}"
    );
    let found = labels(
        "projects",
        &[],
        json!({"pageCursor": 0, "search": " tailSPIN"}),
    )
    .await;
    assert_eq!(found, ["Tailspin Toys"]);
    assert_eq!(
        labels("projects", &[], json!({"pageCursor": "9"})).await,
        [""; 0]
    );
    let project = ("project", "Tailspin Toys");
    assert!(
        labels("workItemTypes", &[project], json!({}))
            .await
            .contains(&"Bug".to_owned())
    );
    let kind = ("workItemType", "Bug");
    assert!(
        labels("states", &[project, kind], json!({}))
            .await
            .contains(&"New".to_owned())
    );
    assert!(
        labels("fields", &[project, kind], json!({}))
            .await
            .contains(&"Title".to_owned())
    );
    assert!(
        labels("fields", &[], json!({"search": "area path"}))
            .await
            .contains(&"Area Path".to_owned())
    );
    assert!(!labels("teams", &[project], json!({})).await.is_empty());
    assert!(labels("areaPaths", &[project], json!({})).await[0].starts_with("Tailspin Toys"));
    assert!(labels("iterations", &[project], json!({})).await[0].starts_with("Tailspin Toys"));
    let people = labels("assignees", &[project], json!({})).await;
    assert!(people.contains(&"Grace Sample".to_owned()), "{people:?}");
    assert_eq!(people, labels("users", &[project], json!({})).await);
    let answer = options(&gateway, "u1", source("projects", &[], &json!({}))).await;
    let id = answer.json["output"]["records"][0]["value"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        !labels("workItemTypes", &[("project", &id)], json!({}))
            .await
            .is_empty(),
        "values work as parameters"
    );
}

#[tokio::test]
async fn wrong_questions_for_options_get_clear_answers() {
    let gateway = start().await;
    let none = options(&gateway, "u1", source("projects", &[], &json!({}))).await;
    assert_eq!(problem(&none), (404, "integration_not_connected"));
    gateway.connect("u1", "grace").await;
    gateway.knob(Method::DELETE, "requests", json!({})).await;
    let ask = async |body: Value| options(&gateway, "u1", body).await;
    let unknown = ask(source("moons", &[], &json!({}))).await;
    assert_eq!(problem(&unknown), (404, "data_source_not_found"));
    assert!(unknown.text.contains("workItemTypes"), "{}", unknown.text);
    let missing = ask(source("states", &[("project", "Fabrikam")], &json!({}))).await;
    assert!(
        missing.text.contains("`workItemType`") && missing.status == 400,
        "{}",
        missing.text
    );
    for bad in ["..", "a/b", "_apis", "a\\b"] {
        assert_eq!(
            problem(&ask(source("teams", &[("project", bad)], &json!({}))).await),
            (400, "invalid_request"),
            "{bad}"
        );
    }
    for cursor in [json!(-1), json!("x"), json!({})] {
        assert_eq!(
            problem(&ask(source("projects", &[], &json!({"pageCursor": cursor}))).await),
            (400, "invalid_request")
        );
    }
    let mut step = source("teams", &[("project", "x")], &json!({}));
    step["parameters"][0]["source"]["type"] = json!("STEP");
    assert_eq!(problem(&ask(step).await), (400, "invalid_request"));
    let mut other = source("projects", &[], &json!({}));
    other["action"] = json!("jira");
    assert_eq!(problem(&ask(other).await), (404, "integration_not_found"));
    let asked = gateway.knob(Method::GET, "requests", Value::Null).await;
    assert_eq!(
        asked["requests"].as_array().map(Vec::len),
        Some(0),
        "nothing was sent: {asked}"
    );
    let nowhere = ask(source(
        "workItemTypes",
        &[("project", "Nowhere")],
        &json!({}),
    ))
    .await;
    assert_eq!(problem(&nowhere), (404, "provider_not_found"));
    gateway
        .knob(
            Method::POST,
            "throttle",
            json!({"times": 9, "retryAfterSeconds": 30}),
        )
        .await;
    let busy = ask(source("projects", &[], &json!({}))).await;
    assert_eq!(problem(&busy), (429, "provider_throttled"));
    assert_eq!(busy.headers["retry-after"], "30");
}

#[tokio::test]
async fn triggers_and_resources_answer_what_there_is() {
    let gateway = start().await;
    let list = async |query: &str| {
        gateway
            .call("u1", Method::GET, &format!("/triggers{query}"), None)
            .await
    };
    let answer = list("?integrations=azuredevops,jira").await;
    let found = answer.json["triggers"]["azuredevops"].as_array().unwrap();
    let kinds: Vec<_> = found
        .iter()
        .map(|one| one["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "WORK_ITEM_CREATED",
            "WORK_ITEM_UPDATED",
            "WORK_ITEM_DELETED"
        ]
    );
    assert_eq!(answer.json["errors"][0]["type"], "jira");
    assert_eq!(problem(&list("").await), (400, "invalid_request"));
    let headers = [("x-paragon-credential", "ext:none")];
    let unknown = gateway
        .call_with(
            "u1",
            Method::GET,
            "/projects/app/triggers?integrations=azuredevops",
            &headers,
            None,
        )
        .await;
    assert_eq!(problem(&unknown), (404, "credential_not_found"));
    let resource = gateway
        .call(
            "u1",
            Method::POST,
            "/sdk/resources/r1/connect",
            Some(json!({})),
        )
        .await;
    assert_eq!(problem(&resource), (404, "resource_not_found"));
    let without = client()
        .post(format!(
            "{}/projects/app/sdk/resources/r1/connect",
            gateway.url
        ))
        .send()
        .await
        .unwrap();
    assert_eq!(without.status(), StatusCode::UNAUTHORIZED);
}
