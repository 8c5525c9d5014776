//! A real gateway and a real simulator on sockets of their own, and people with browsers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use paragon_gateway::clock::Clock;
use paragon_gateway::config::{self, AzureDevopsConfig, Config, KeyConfig, ProjectConfig};
use paragon_gateway::http::router::router;
use paragon_gateway::identity::{Claims, KeyAlgorithm, KeyPair, mint};
use paragon_gateway::projects::DevelopmentKeys;
use paragon_gateway::runs;
use paragon_gateway::serving::{ConnectionLimits, Patience, Workers, serve};
use paragon_gateway::state::App;
use paragon_gateway::vault::Vault;
use paragon_sandbox::{self as sandbox, Sandbox, SandboxConfig};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

pub const ORIGIN: &str = "https://app.example.com";

pub mod desk;
pub mod log;
pub mod postgres;
pub mod program;

pub struct TestGateway {
    pub url: String,
    pub sandbox: String,
    /// The simulator at that address, to be served at others as well.
    pub simulator: Sandbox,
    pub app: Arc<App>,
    pub key: KeyPair,
    pub folder: tempfile::TempDir,
    pub database: String,
    /// Milliseconds that the gateway's clock runs ahead.
    pub ahead: Arc<AtomicI64>,
}

pub async fn start() -> TestGateway {
    start_with(|_| ()).await
}

/// The same, and what comes in starts workflows.
pub async fn start_running(edit: impl FnOnce(&mut Config)) -> TestGateway {
    let gateway = start_with(edit).await;
    gateway.run_workflows().await;
    gateway
}

/// A new database: embedded, or with `TEST_DATABASE=postgres` on a server.
pub fn database(folder: &Path) -> String {
    if std::env::var("TEST_DATABASE").as_deref() == Ok("postgres") {
        let cluster = postgres::Cluster::shared().expect("PostgreSQL");
        return cluster.database();
    }
    format!("sqlite:{}", folder.join("test.sqlite").display())
}

pub async fn start_with(edit: impl FnOnce(&mut Config)) -> TestGateway {
    log::take_over();
    let gateway = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let simulator = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", gateway.local_addr().unwrap());
    let sandbox_url = format!("http://{}", simulator.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let key = KeyPair::generate(KeyAlgorithm::Es256).unwrap();
    let database = database(folder.path());
    let mut config = Config {
        public_url: url.clone(),
        database,
        vault_keys: vec![Vault::generate_key()],
        entra_authority: format!("{sandbox_url}/login.microsoftonline.com"),
        azure_devops_simulator: Some(sandbox_url.clone()),
        development_keys: Some(DevelopmentKeys {
            client_id: sandbox::DEV_CLIENT_ID.into(),
            client_secret: sandbox::DEV_CLIENT_SECRET.to_owned().into(),
        }),
        projects: vec![project("app", &key), project("other", &key)],
        ..Config::default()
    };
    edit(&mut config);
    let checked = config::check(&config, true).unwrap();
    let ahead = Arc::new(AtomicI64::new(0));
    let clock = {
        let (system, ahead) = (Clock::system(), Arc::clone(&ahead));
        Clock::from_fn(move || system.now() + ahead.load(Ordering::SeqCst))
    };
    let app = App::start(&config, checked, clock, None).await.unwrap();
    let mut sandbox_config = SandboxConfig::new(Url::parse(&sandbox_url).unwrap());
    let apps = [sandbox::App::development(), sandbox::App::practice()];
    sandbox_config.apps = apps
        .map(|app| sandbox::App {
            redirect_uris: vec![format!("{url}/oauth"), format!("{ORIGIN}/connected")],
            ..app
        })
        .into();
    let sandbox = Sandbox::new(sandbox_config);
    let simulated = sandbox.router();
    tokio::spawn(async move { axum::serve(simulator, simulated).await });
    let routes = router(Arc::clone(&app));
    let limits = (Patience::default(), ConnectionLimits::default());
    tokio::spawn(async move {
        serve(
            gateway,
            routes,
            limits,
            &Workers::here(),
            std::future::pending(),
        )
        .await;
    });
    TestGateway {
        url,
        sandbox: sandbox_url,
        simulator: sandbox,
        app,
        key,
        folder,
        database: config.database.clone(),
        ahead,
    }
}

pub fn project(id: &str, key: &KeyPair) -> ProjectConfig {
    ProjectConfig {
        id: id.into(),
        name: "Test App".into(),
        allowed_origins: vec![ORIGIN.into()],
        audience: None,
        reference_client: id == "app",
        signing_keys: vec![KeyConfig {
            kid: None,
            public_key: Some(key.public_pem.clone()),
            public_key_file: None,
        }],
        jwks_url: None,
        azure_devops: AzureDevopsConfig::default(),
        settings: Vec::new(),
        workflows: Vec::new(),
        workflow_files: Vec::new(),
        secrets: BTreeMap::new(),
    }
}

/// Status, request id and JSON of an answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self {
            status,
            headers,
            text,
            json,
        }
    }

    /// The header that sets the cookie of this name.
    pub fn set_cookie(&self, name: &str) -> &str {
        let headers = self.headers.get_all("set-cookie").iter();
        let mut headers = headers.filter_map(|header| header.to_str().ok());
        let found = headers.find(|header| header.split('=').next() == Some(name));
        found.unwrap_or_else(|| panic!("no cookie {name}: {:?}", self.headers))
    }

    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }
}

impl TestGateway {
    /// Every byte of the databases, with what is not yet moved from their logs.
    pub fn stored(&self) -> Vec<u8> {
        if self.database.starts_with("postgres") {
            return postgres::Cluster::shared().unwrap().dump(&self.database);
        }
        let mut stored = Vec::new();
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            // The log of a closed database goes with it.
            stored.extend(std::fs::read(file.unwrap().path()).unwrap_or_default());
        }
        stored
    }

    /// Whether `text` stands anywhere in the databases.
    pub fn has_stored(&self, text: &str) -> bool {
        let stored = self.stored();
        stored
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    }

    /// From now on what comes in starts workflows.
    pub async fn run_workflows(&self) {
        let config = Config {
            database: self.database.clone(),
            ..Config::default()
        };
        let url = config.workflow_database();
        runs::run_workflows(&self.app, &url).await.unwrap();
    }

    pub fn token(&self, user: &str) -> String {
        let now = self.app.clock.now() / 1000;
        let claims = Claims {
            sub: Some(user.into()),
            id: None,
            exp: now + 3600,
            iat: Some(now),
            nbf: None,
            aud: None,
        };
        mint(&self.key.private_pem, &claims).unwrap()
    }

    /// Calls a route of project `app` as `user`, from the app's origin.
    pub async fn call(
        &self,
        user: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        self.call_project("app", user, method, path, body).await
    }

    pub async fn call_project(
        &self,
        project: &str,
        user: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let url = format!("{}/projects/{project}{path}", self.url);
        let mut request = client()
            .request(method, url)
            .bearer_auth(self.token(user))
            .header("origin", ORIGIN);
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// Calls any address of the gateway as `user` with headers of its own.
    pub async fn call_with(
        &self,
        user: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = client()
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(self.token(user))
            .header("origin", ORIGIN);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// Connects the personal access token of `contoso-demo` and gives the credential.
    pub async fn connect_token(&self, user: &str, install_options: Value) -> Answer {
        let state = self.knob(Method::GET, "state", Value::Null).await;
        let organizations = state["organizations"].as_array().unwrap();
        let demo = organizations
            .iter()
            .find(|one| one["name"] == "contoso-demo")
            .unwrap();
        let body = json!({
            "integrationId": self.integration_id(user).await,
            "payload": {
                "ORGANIZATION": "contoso-demo",
                "PERSONAL_ACCESS_TOKEN": demo["personalAccessTokens"][0]["token"],
            },
            "installOptions": install_options,
        });
        self.call(user, Method::POST, "/sdk/credentials", Some(body))
            .await
    }

    pub async fn integration_id(&self, user: &str) -> Value {
        let answer = self
            .call(user, Method::GET, "/sdk/integrations", None)
            .await;
        answer.json[0]["id"].clone()
    }

    /// The user's entry for the integration.
    pub async fn connection(&self, user: &str) -> Value {
        let me = self.call(user, Method::GET, "/sdk/me", None).await;
        me.json["integrations"]["azuredevops"].clone()
    }

    pub async fn knob(&self, method: Method, path: &str, body: Value) -> Value {
        let request = client().request(method, format!("{}/_sandbox/{path}", self.sandbox));
        let response = request
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        let answer = Answer::of(response).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
        answer.json
    }

    pub async fn refreshes(&self) -> u64 {
        self.knob(Method::GET, "requests", Value::Null).await["refreshes"]
            .as_u64()
            .unwrap()
    }

    /// Registers a flow of `user` and gives its id and ticket.
    pub async fn register(&self, user: &str, extra: Value) -> (String, String) {
        let (id, ticket) = (
            paragon_gateway::random::token(),
            paragon_gateway::random::token(),
        );
        let mut body = json!({ "id": id, "ticket": ticket, "integration": "azuredevops" });
        body.as_object_mut()
            .unwrap()
            .extend(extra.as_object().cloned().unwrap_or_default());
        let answer = self
            .call(user, Method::POST, "/sdk/flows", Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        (id, ticket)
    }

    pub async fn flow(&self, user: &str, id: &str) -> Value {
        self.call(user, Method::GET, &format!("/sdk/flows/{id}"), None)
            .await
            .json
    }

    /// Connects `user`'s account as the simulator's `person`, in the organization that is asked for or the only one.
    pub async fn connect(&self, user: &str, person: &str) -> String {
        let (id, ticket) = self.register(user, json!({})).await;
        let browser = Browser::new(self);
        let callback = browser.sign_in(&ticket, person).await;
        let page = browser.open(&callback).await;
        assert_eq!(page["view"], "done", "{page}");
        self.flow(user, &id).await["credentialId"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn proxy(&self, user: &str, path: &str) -> Answer {
        self.call(
            user,
            Method::GET,
            &format!("/sdk/proxy/azuredevops{path}"),
            None,
        )
        .await
    }
}

/// A client that follows no redirects and keeps no cookies.
pub fn client() -> Client {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// A person's browser: cookies, and forms filled in.
pub struct Browser<'a> {
    gateway: &'a TestGateway,
    http: Client,
}

impl<'a> Browser<'a> {
    pub fn new(gateway: &'a TestGateway) -> Self {
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .cookie_store(true)
            .no_proxy()
            .build()
            .unwrap();
        Self { gateway, http }
    }

    /// What the start page does with its ticket.
    pub async fn redeem(&self, ticket: &str) -> Answer {
        self.post(
            "/connect/ticket",
            json!({ "ticket": ticket }),
            &self.gateway.url,
        )
        .await
    }

    pub async fn post(&self, path: &str, body: Value, origin: &str) -> Answer {
        let request = self
            .http
            .post(format!("{}{path}", self.gateway.url))
            .header("origin", origin);
        Answer::of(
            request
                .header("content-type", "application/json")
                .body(body.to_string())
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// From the ticket to the provider's redirect: gives the callback address, not yet opened.
    pub async fn sign_in(&self, ticket: &str, person: &str) -> Url {
        let redeemed = self.redeem(ticket).await;
        assert_eq!(redeemed.status, StatusCode::OK, "{}", redeemed.text);
        self.authorize(redeemed.json["authorizationUrl"].as_str().unwrap(), person)
            .await
    }

    /// Signs in on the simulator's pages and accepts what is asked, until the gateway is the next address.
    pub async fn authorize(&self, url: &str, person: &str) -> Url {
        self.authorize_to(url, person, &self.gateway.url).await
    }

    /// The same, until an address that begins with `end` is the next.
    pub async fn authorize_to(&self, url: &str, person: &str, end: &str) -> Url {
        let mut response = self.http.get(url).send().await.unwrap();
        loop {
            if let Some(location) = response.headers().get("location") {
                let next = response.url().join(location.to_str().unwrap()).unwrap();
                if next.as_str().starts_with(end) {
                    return next;
                }
                response = self.http.get(next).send().await.unwrap();
                continue;
            }
            let base = response.url().clone();
            let html = response.text().await.unwrap();
            let (action, choice) = if html.contains("name=\"decision\"") {
                (form_action(&html, "/consent"), ("decision", "accept"))
            } else {
                assert!(html.contains("name=\"account\""), "an unknown page: {html}");
                (form_action(&html, "/login"), ("account", person))
            };
            let fields = [("ctx", context(&html)), (choice.0, choice.1.to_owned())];
            response = self
                .http
                .post(base.join(&action).unwrap())
                .form(&fields)
                .send()
                .await
                .unwrap();
        }
    }

    /// Opens a page of the gateway's popup and gives its data.
    pub async fn open(&self, url: &Url) -> Value {
        let response = self.http.get(url.clone()).send().await.unwrap();
        if let Some(location) = response.headers().get("location") {
            return json!({ "view": "redirect", "location": location.to_str().unwrap() });
        }
        page_data(&response.text().await.unwrap())
    }
}

impl Browser<'_> {
    /// The status of a page, or nothing where the server goes away meanwhile.
    pub async fn try_open(&self, url: &Url) -> Option<StatusCode> {
        let response = self.http.get(url.clone()).send().await.ok()?;
        let status = response.status();
        response.bytes().await.ok().map(|_| status)
    }
}

pub fn page_data(html: &str) -> Value {
    let marker = "id=\"page-data\">";
    let from = html
        .find(marker)
        .unwrap_or_else(|| panic!("no page data: {html}"))
        + marker.len();
    let to = from + html[from..].find("</script>").unwrap();
    serde_json::from_str(&html[from..to]).unwrap()
}

fn form_action(html: &str, end: &str) -> String {
    let actions = html
        .split("action=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    actions
        .into_iter()
        .find(|action| action.ends_with(end))
        .unwrap_or_else(|| panic!("no form {end}: {html}"))
        .to_owned()
}

fn context(html: &str) -> String {
    html.split("name=\"ctx\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap()
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}
