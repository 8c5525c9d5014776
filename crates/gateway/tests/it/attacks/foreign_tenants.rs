//! Who may do what: users, projects, origins, tokens. Nobody reaches what is another's.

use crate::support::{Answer, ORIGIN, TestGateway, client, project, start, start_with};
use paragon_gateway::identity::{KeyAlgorithm, KeyPair};
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

async fn send(
    gateway: &TestGateway,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = client().request(method, format!("{}{path}", gateway.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn another_users_credential_is_not_found_by_any_door() {
    let gateway = start().await;
    let id = gateway.connect("ada", "grace").await;
    for (method, path) in [
        (Method::GET, format!("/sdk/credentials/{id}")),
        (Method::DELETE, format!("/sdk/credentials/{id}")),
        (
            Method::POST,
            format!("/sdk/credentials/{id}/complete-setup"),
        ),
    ] {
        for (project, user) in [("app", "mallory"), ("other", "ada")] {
            let answer = gateway
                .call_project(project, user, method.clone(), &path, None)
                .await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::NOT_FOUND, "credential_not_found"),
                "{method} {path}"
            );
        }
    }
    let bearer = format!("Bearer {}", gateway.token("mallory"));
    for selector in [id.as_str(), "ext:main", "main"] {
        let headers = [
            ("authorization", bearer.as_str()),
            ("x-paragon-credential", selector),
        ];
        let answer = send(
            &gateway,
            Method::GET,
            "/projects/app/sdk/proxy/azuredevops/projects",
            &headers,
        )
        .await;
        assert_eq!(answer.code(), "credential_not_found", "{selector}");
        let integrations = gateway
            .call("mallory", Method::GET, "/sdk/integrations", None)
            .await;
        let integration = integrations.json[0]["id"].as_str().unwrap();
        let answer = send(
            &gateway,
            Method::DELETE,
            &format!("/projects/app/sdk/integrations/{integration}"),
            &headers,
        )
        .await;
        assert_eq!(answer.code(), "credential_not_found", "{selector}");
    }
    let reconnect = json!({ "id": paragon_gateway::random::token(), "ticket": paragon_gateway::random::token(), "integration": "azuredevops", "credentialId": id });
    assert_eq!(
        gateway
            .call("mallory", Method::POST, "/sdk/flows", Some(reconnect))
            .await
            .code(),
        "credential_not_found"
    );
    assert_eq!(
        gateway
            .proxy("ada", "/projects?api-version=7.1")
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn another_users_flow_is_not_found() {
    let gateway = start().await;
    let (id, _) = gateway.register("ada", json!({})).await;
    for (project, user) in [("app", "mallory"), ("other", "ada")] {
        for method in [Method::GET, Method::DELETE] {
            let answer = gateway
                .call_project(project, user, method, &format!("/sdk/flows/{id}"), None)
                .await;
            assert_eq!(answer.code(), "flow_not_found");
        }
    }
    assert_eq!(gateway.flow("ada", &id).await["status"], "pending");
}

/// Doors of what users set and what starts workflows.
const SETTINGS_DOORS: [(Method, &str); 10] = [
    (Method::PATCH, "/projects/app/sdk/credentials/c"),
    (
        Method::POST,
        "/projects/app/sdk/credentials/c/configurations",
    ),
    (
        Method::DELETE,
        "/projects/app/sdk/credentials/c/configurations",
    ),
    (Method::POST, "/projects/app/sdk/actions"),
    (Method::POST, "/projects/app/sdk/workflows/w"),
    (Method::DELETE, "/projects/app/sdk/workflows/w"),
    (Method::POST, "/projects/app/sdk/triggers/w"),
    (Method::POST, "/v2/projects/app/sdk/events/trigger"),
    (
        Method::GET,
        "/projects/app/triggers?integrations=azuredevops",
    ),
    (Method::POST, "/projects/app/sdk/resources/r/connect"),
];

#[tokio::test]
async fn without_a_good_user_token_no_door_opens() {
    let gateway = start().await;
    let foreign = KeyPair::generate(KeyAlgorithm::Es256).unwrap();
    let claims = paragon_gateway::identity::Claims {
        sub: Some("ada".into()),
        id: None,
        exp: 4_000_000_000,
        iat: None,
        nbf: None,
        aud: None,
    };
    let forged = format!(
        "Bearer {}",
        paragon_gateway::identity::mint(&foreign.private_pem, &claims).unwrap()
    );
    let flow = paragon_gateway::random::token();
    let settings = SETTINGS_DOORS.map(|(method, path)| (method, path.to_owned()));
    let others = [
        (Method::GET, "/projects/app/sdk/me".to_owned()),
        (Method::PATCH, "/projects/app/sdk/me".to_owned()),
        (Method::GET, "/projects/app/sdk/integrations".to_owned()),
        (
            Method::DELETE,
            "/projects/app/sdk/integrations/x".to_owned(),
        ),
        (Method::GET, "/projects/app/sdk/credentials".to_owned()),
        (Method::POST, "/projects/app/sdk/credentials".to_owned()),
        (Method::GET, "/projects/app/sdk/credentials/x".to_owned()),
        (Method::DELETE, "/projects/app/sdk/credentials/x".to_owned()),
        (Method::POST, "/projects/app/sdk/flows".to_owned()),
        (Method::GET, format!("/projects/app/sdk/flows/{flow}")),
        (Method::DELETE, format!("/projects/app/sdk/flows/{flow}")),
        (
            Method::GET,
            "/v2/projects/app/sdk/actions/build-oauth?action=azuredevops&oauthMetaKeyId=k"
                .to_owned(),
        ),
        (
            Method::GET,
            "/projects/app/sdk/actions/session-id/k".to_owned(),
        ),
        (
            Method::DELETE,
            "/projects/app/sdk/actions/session-id/k".to_owned(),
        ),
        (
            Method::GET,
            "/projects/app/sdk/proxy/azuredevops/projects".to_owned(),
        ),
        (
            Method::POST,
            "/projects/app/sdk/proxy/azuredevops/projects".to_owned(),
        ),
    ];
    for (method, path) in others.into_iter().chain(settings) {
        for authorization in ["", "Basic dTpw", "Bearer", "Bearer x.y.z", &forged] {
            let answer = send(
                &gateway,
                method.clone(),
                &path,
                &[("authorization", authorization), ("origin", ORIGIN)],
            )
            .await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::UNAUTHORIZED, "token_invalid"),
                "{method} {path}"
            );
            assert!(
                !answer.text.contains("x.y.z"),
                "a token is never given back"
            );
        }
    }
}

#[tokio::test]
async fn a_token_of_one_project_is_worth_nothing_in_another() {
    let (own, foreign) = (
        KeyPair::generate(KeyAlgorithm::Es256).unwrap(),
        KeyPair::generate(KeyAlgorithm::Es256).unwrap(),
    );
    let gateway = start_with(|config| {
        config.projects = vec![project("app", &own), project("other", &foreign)];
    })
    .await;
    let claims = paragon_gateway::identity::Claims {
        sub: Some("ada".into()),
        id: None,
        exp: 4_000_000_000,
        iat: None,
        nbf: None,
        aud: None,
    };
    let token = format!(
        "Bearer {}",
        paragon_gateway::identity::mint(&foreign.private_pem, &claims).unwrap()
    );
    let status = |path: &'static str| send(&gateway, Method::GET, path, &[]);
    assert_eq!(
        status("/projects/nobody/sdk/me").await.code(),
        "project_not_found"
    );
    let answer = send(
        &gateway,
        Method::GET,
        "/projects/other/sdk/me",
        &[("authorization", &token)],
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = send(
        &gateway,
        Method::GET,
        "/projects/app/sdk/me",
        &[("authorization", &token)],
    )
    .await;
    assert_eq!(answer.code(), "token_invalid");
}

#[tokio::test]
async fn a_page_of_another_origin_gets_the_refusal_and_nothing_else() {
    let gateway = start().await;
    let bearer = format!("Bearer {}", gateway.token("ada"));
    for origin in [
        "https://evil.example",
        "https://app.example.com.evil.example",
        "null",
        "http://app.example.com",
        "https://app.example.com:444",
    ] {
        let answer = send(
            &gateway,
            Method::GET,
            "/projects/app/sdk/me",
            &[("authorization", &bearer), ("origin", origin)],
        )
        .await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::FORBIDDEN, "origin_not_allowed"),
            "{origin}"
        );
        assert_eq!(
            answer.headers["access-control-allow-origin"], origin,
            "the page can read why"
        );
        let preflight = [("origin", origin), ("access-control-request-method", "GET")];
        let answer = send(
            &gateway,
            Method::OPTIONS,
            "/projects/app/sdk/me",
            &preflight,
        )
        .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{origin}");
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials"),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_reads_every_answer() {
    let gateway = start().await;
    let good = [
        ("origin", ORIGIN),
        ("access-control-request-method", "PATCH"),
        (
            "access-control-request-headers",
            "authorization, x-anything",
        ),
    ];
    let answer = send(
        &gateway,
        Method::OPTIONS,
        "/projects/app/sdk/proxy/azuredevops/projects",
        &good,
    )
    .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.headers["access-control-allow-origin"], ORIGIN);
    assert_eq!(
        answer.headers["access-control-allow-headers"],
        "authorization, x-anything"
    );
    assert!(
        !answer
            .headers
            .contains_key("access-control-allow-credentials"),
        "cookies are not sent by API calls"
    );
    let answer = send(
        &gateway,
        Method::GET,
        "/projects/app/sdk/me",
        &[("origin", ORIGIN)],
    )
    .await;
    assert_eq!(
        answer.headers["access-control-allow-origin"], ORIGIN,
        "the app can read the error"
    );
    let unknown = "/v2/projects/app/sdk/moons";
    let answer = send(&gateway, Method::POST, unknown, &[("origin", ORIGIN)]).await;
    assert_eq!(answer.code(), "route_not_found");
    assert_eq!(answer.headers["access-control-allow-origin"], ORIGIN);
}

#[tokio::test]
async fn pages_say_who_may_frame_them() {
    let gateway = start().await;
    let policy = |answer: &Answer| {
        answer.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    for path in ["/connect/start", "/oauth?state=x&code=y"] {
        let answer = send(&gateway, Method::GET, path, &[]).await;
        assert!(policy(&answer).contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(answer.headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert!(
            !answer.headers.contains_key("cross-origin-opener-policy"),
            "{path}: it would cut the popup off from the app"
        );
    }
    let portal = send(&gateway, Method::GET, "/ui?projectId=app", &[]).await;
    assert!(
        policy(&portal).contains(ORIGIN) && !policy(&portal).contains("frame-ancestors *"),
        "{}",
        policy(&portal)
    );
    let unknown = send(&gateway, Method::GET, "/ui?projectId=moon", &[]).await;
    assert!(
        policy(&unknown).ends_with("frame-ancestors 'self'"),
        "{}",
        policy(&unknown)
    );
}

#[tokio::test]
async fn a_portal_without_a_project_tells_nobody_the_origins_of_others() {
    const OTHER: &str = "https://other.example.com";
    let with_projects = async |count: usize| {
        start_with(|config| {
            config.projects[1].allowed_origins = vec![OTHER.into()];
            config.projects.truncate(count);
        })
        .await
    };
    let ancestors = async |gateway: &TestGateway, headers: &[(&str, &str)]| {
        let answer = send(gateway, Method::GET, "/ui", headers).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        policy.split("frame-ancestors ").nth(1).unwrap().to_owned()
    };
    let gateway = with_projects(2).await;
    assert_eq!(ancestors(&gateway, &[]).await, "'self'");
    for referrer in [
        "https://evil.example/",
        "https://other.example.com.evil.example/",
        "about:client",
        "no address",
    ] {
        assert_eq!(
            ancestors(&gateway, &[("referer", referrer)]).await,
            "'self'",
            "{referrer}"
        );
    }
    // The page that the frame is in knows its own origin.
    for origin in [ORIGIN, OTHER] {
        let referrer = format!("{origin}/boards?item=7");
        let told = ancestors(&gateway, &[("referer", &referrer)]).await;
        assert!(told.starts_with("'self'"), "{told}");
        assert_eq!(
            (told.contains(ORIGIN), told.contains(OTHER)),
            (origin == ORIGIN, origin == OTHER)
        );
    }
    // With one project there is nobody to be told apart.
    let gateway = with_projects(1).await;
    assert!(ancestors(&gateway, &[]).await.contains(ORIGIN));
}

#[tokio::test]
async fn no_answer_about_a_user_stays_in_a_cache() {
    let gateway = start().await;
    gateway.connect_token("u1", json!({})).await;
    for path in [
        "/sdk/me",
        "/sdk/integrations",
        "/sdk/credentials?integration=azuredevops",
        "/sdk/credentials/none",
        "/sdk/proxy/azuredevops/projects",
        "/sdk/moons",
        "/actions",
        "/runs",
        "/triggers",
    ] {
        let answer = gateway.call("u1", Method::GET, path, None).await;
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
    }
    for path in [
        "/",
        "/readyz",
        "/oauth",
        "/connect/start",
        "/dashboard",
        "/nothing",
    ] {
        let answer = send(&gateway, Method::GET, path, &[]).await;
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_request_names_one_host() {
    let gateway = start().await;
    let status = async |hosts: &str| {
        let address = gateway.url.trim_start_matches("http://");
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET /healthz HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(status("Host: connect.example.com\r\n").await, "200");
    for hosts in [
        "",
        "Host: a.example\r\nHost: b.example\r\n",
        "Host: a.example\r\nHost: a.example\r\n",
        "Host: a.example, b.example\r\n",
        "Host: user@a.example\r\n",
    ] {
        assert_eq!(status(hosts).await, "400", "{hosts:?}");
    }
}

#[tokio::test]
async fn errors_on_popup_pages_cannot_carry_markup() {
    let gateway = start().await;
    let path = "/projects/app/sdk/actions/oauth-nonce?userToken=x&originForPostMessage=%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E";
    let text = client()
        .get(format!("{}{path}", gateway.url))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!text.contains("<script>alert"), "{text}");
    assert_eq!(
        crate::support::page_data(&text)["code"],
        "origin_not_allowed"
    );
}
