//! `kill -9` in the middle of runs: every run ends, no work item is made twice, none is missing.
//!
//! `KILLS` and `RUNS` set how often and how many, `NODES` how many gateways share the database; the defaults are small
//! enough for every change.

mod changes;
mod connects;
mod paused;
mod refreshes;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::support::{self, Answer, TestGateway};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use paragon_sandbox::{DEV_CLIENT_ID, DEV_CLIENT_SECRET};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

const TITLES: [&str; 3] = ["a", "b", "c"];

fn number(variable: &str, default: usize) -> usize {
    let text = std::env::var(variable).ok();
    text.map_or(default, |text| text.parse().unwrap())
}

fn definition() -> Value {
    let create = |title: &&str| {
        json!({"id": title, "do": {"type": "action", "action": "AZURE_DEVOPS_CREATE_WORKITEM", "parameters": {
            "project": "Fabrikam", "workItemType": "Task", "fields": {"System.Title": format!("crash {{{{trigger.output.n}}}} {title}")},
        }}})
    };
    json!({
        "id": "make", "description": "Make", "defaultEnabled": true,
        "trigger": {"type": "appEvent", "event": "Make"}, "steps": TITLES.iter().map(create).collect::<Vec<_>>(),
    })
}

/// Where a program listens and finds its providers.
struct Places {
    listen: String,
    entra: String,
    azure_devops: String,
}

impl Places {
    /// A free port, and the simulator of `gateway`.
    fn of(gateway: &TestGateway) -> Self {
        Self {
            listen: "127.0.0.1:0".into(),
            entra: gateway.sandbox.clone(),
            azure_devops: gateway.sandbox.clone(),
        }
    }
}

/// Configuration of the program that is killed: the same database and keys as those of `gateway`.
fn write_config(
    gateway: &TestGateway,
    folder: &Path,
    places: &Places,
    vault_key: &str,
    workflow: &Value,
) {
    std::fs::write(folder.join("make.json"), workflow.to_string()).unwrap();
    let text = format!(
        "listen = \"{listen}\"\npublic_url = \"{url}\"\ndatabase = \"{database}\"\nvault_keys = [\"{vault_key}\"]\n\
         entra_authority = \"{entra}/login.microsoftonline.com\"\nazure_devops_simulator = \"{azure_devops}\"\n\
         [[projects]]\nid = \"app\"\nname = \"App\"\nallowed_origins = [\"{origin}\"]\nworkflow_files = [\"make.json\"]\n\
         signing_keys = [{{ public_key = \"\"\"{key}\"\"\" }}]\n\
         [projects.azure_devops]\nclient_id = \"{DEV_CLIENT_ID}\"\nclient_secret = \"{DEV_CLIENT_SECRET}\"\n",
        listen = places.listen,
        url = gateway.url,
        entra = places.entra,
        azure_devops = places.azure_devops,
        database = gateway.database,
        origin = support::ORIGIN,
        key = gateway.key.public_pem,
    );
    std::fs::write(folder.join("paragon-gateway.toml"), text).unwrap();
}

/// The simulator of `gateway` at an address of its own. `pass` is told each request that was carried out, and what it was
/// answered; the answer goes when it has ended.
async fn door<Passing>(
    gateway: &TestGateway,
    pass: impl Fn(Method, String, StatusCode) -> Passing + Clone + Send + Sync + 'static,
) -> String
where
    Passing: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let watch = from_fn(move |request: Request, next: Next| {
        let pass = pass.clone();
        async move {
            let (method, path) = (request.method().clone(), request.uri().path().to_owned());
            let response = next.run(request).await;
            pass(method, path, response.status()).await;
            response
        }
    });
    let routes = gateway.simulator.router().layer(watch);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

/// A workflow that nothing starts.
fn idle() -> Value {
    json!({
        "id": "make", "description": "Idle", "trigger": {"type": "appEvent", "event": "Never"}, "steps": [],
    })
}

fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().port()
}

/// Waits until a program listens at `port`.
async fn listens(port: u16) {
    let listening = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(1), listening).await;
    assert!(in_time.is_ok(), "nobody listens at {port}");
}

fn program(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_paragon-gateway"))
        .arg("serve")
        .current_dir(folder)
        .env("PARAGON_LOG", "error")
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Sends the signal `name`, such as `-TERM`.
fn send_signal(program: &Child, name: &str) {
    let id = program.id().unwrap().to_string();
    let sent = std::process::Command::new("kill")
        .args([name, &id])
        .status();
    assert!(sent.unwrap().success());
}

async fn event(gateway: &TestGateway, n: usize) {
    let url = format!("{}/v2/projects/app/sdk/events/trigger", gateway.url);
    let body = json!({"name": "Make", "payload": {"n": n}}).to_string();
    let request = support::client().post(url).bearer_auth(gateway.token("u1"));
    let answer = request.header("origin", support::ORIGIN).body(body).send();
    let answer = Answer::of(answer.await.unwrap()).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
}

/// How many runs there are by their status.
async fn statuses(gateway: &TestGateway) -> BTreeMap<String, usize> {
    let (mut counts, mut query) = (BTreeMap::new(), "?limit=200".to_owned());
    loop {
        let page = gateway
            .call("u1", Method::GET, &format!("/runs{query}"), None)
            .await
            .json;
        for run in page["runs"].as_array().unwrap() {
            *counts
                .entry(run["status"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
        match page["next"].as_str() {
            Some(next) => query = format!("?limit=200&before={next}"),
            None => return counts,
        }
    }
}

/// A gateway with an account, and the key of its vault.
async fn with_account(workflow: &Value) -> (TestGateway, String) {
    let vault_key = paragon_gateway::vault::Vault::generate_key();
    let gateway = support::start_with(|config| {
        config.vault_keys = vec![vault_key.clone()];
        config.projects[0].workflows = vec![workflow.clone()];
    })
    .await;
    gateway.connect_token("u1", json!({})).await;
    (gateway, vault_key.expose_secret().to_owned())
}

/// The same with its keys in a configuration that other processes start from, and events that wait for them.
async fn with_events(workflow: &Value, runs: usize) -> TestGateway {
    let (gateway, vault_key) = with_account(workflow).await;
    let folder = gateway.folder.path();
    write_config(
        &gateway,
        folder,
        &Places::of(&gateway),
        &vault_key,
        workflow,
    );
    for n in 0..runs {
        event(&gateway, n).await;
    }
    gateway
}

/// Waits until all runs have succeeded.
async fn all_succeed(gateway: &TestGateway, runs: usize) {
    let ended = async {
        while statuses(gateway).await.get("succeeded") != Some(&runs) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(2), ended).await;
    assert!(in_time.is_ok(), "{:?}", statuses(gateway).await);
}

/// Waits until all runs have ended, and looks at what they made.
async fn each_step_was_done_once(gateway: &TestGateway, runs: usize) {
    all_succeed(gateway, runs).await;
    let made = titles(gateway).await;
    for n in 0..runs {
        for title in TITLES {
            let title = format!("crash {n} {title}");
            let count = made.get(&title).copied().unwrap_or_default();
            assert_eq!(count, 1, "{title}");
        }
    }
}

/// A number below `limit`.
fn random(limit: u128) -> u64 {
    (uuid::Uuid::new_v4().as_u128() % limit).try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_step_is_lost_or_repeated_when_the_program_is_killed() {
    let (kills, runs, nodes) = (number("KILLS", 5), number("RUNS", 12), number("NODES", 1));
    let gateway = with_events(&definition(), runs).await;
    let started = Instant::now();
    let folder = gateway.folder.path();
    let mut running: Vec<Child> = (0..nodes).map(|_| program(folder)).collect();
    for _ in 0..kills {
        // Random moments, from just after the start to well into the work.
        tokio::time::sleep(Duration::from_millis(200 + random(2300))).await;
        let one = &mut running[usize::try_from(random(nodes as u128)).unwrap()];
        one.kill().await.unwrap();
        *one = program(folder);
    }
    each_step_was_done_once(&gateway, runs).await;
    println!(
        "{runs} runs, {kills} kills, {nodes} nodes, {:.1} s: each step once",
        started.elapsed().as_secs_f64()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn others_finish_what_a_killed_one_had_begun() {
    let runs = 12;
    let gateway = with_events(&definition(), runs).await;
    let folder = gateway.folder.path();
    let [mut killed, _second, _third] = [program(folder), program(folder), program(folder)];
    let begun = async {
        while !statuses(&gateway).await.contains_key("succeeded") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(1), begun).await;
    assert!(in_time.is_ok(), "{:?}", statuses(&gateway).await);
    killed.kill().await.unwrap();
    each_step_was_done_once(&gateway, runs).await;
}

async fn titles(gateway: &TestGateway) -> BTreeMap<String, usize> {
    let filter = json!({"field": "System.Title", "operator": "CONTAINS", "value": "crash"});
    let body = json!({"action": "AZURE_DEVOPS_SEARCH_WORKITEMS", "parameters": {
        "project": "Fabrikam", "filters": [filter], "fields": ["System.Title"], "top": 10_000,
    }});
    let answer = gateway
        .call("u1", Method::POST, "/actions", Some(body))
        .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let mut counts = BTreeMap::new();
    for item in answer.json["output"]["workItems"].as_array().unwrap() {
        let title = item["fields"]["System.Title"].as_str().unwrap();
        *counts.entry(title.to_owned()).or_default() += 1;
    }
    counts
}
