//! The program is told to stop while tokens are being refreshed: the provider has given a new refresh token then, and the old
//! one may be worth nothing any more.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use paragon_gateway::identity::UserId;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::{Places, door, free_port, idle, listens, send_signal, with_account, write_config};
use crate::support::{ORIGIN, TestGateway, client};

const PROJECTS: &str = "/projects?api-version=7.1";

async fn sealed_tokens(gateway: &TestGateway) -> Vec<u8> {
    let user = UserId("u2".into());
    let rows = gateway.app.store.credentials("app", &user).await.unwrap();
    rows[0].secret.bytes.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_under_way_is_stored_before_the_program_ends() {
    let (gateway, vault_key) = with_account(&idle()).await;
    gateway.connect("u2", "grace").await;
    let (say, mut asked) = mpsc::unbounded_channel();
    let answers = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&answers);
    let pass = move |method: Method, path: String, _| {
        let (say, held) = (say.clone(), Arc::clone(&held));
        async move {
            if method == Method::POST && path.ends_with("/token") {
                say.send(()).unwrap();
                held.acquire().await.unwrap().forget();
            }
        }
    };
    let port = free_port();
    let places = Places {
        listen: format!("127.0.0.1:{port}"),
        entra: door(&gateway, pass).await,
        ..Places::of(&gateway)
    };
    let folder = gateway.folder.path();
    write_config(&gateway, folder, &places, &vault_key, &idle());
    let mut program = Command::new(env!("CARGO_BIN_EXE_paragon-gateway"))
        .arg("serve")
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut log = BufReader::new(program.stderr.take().unwrap()).lines();
    listens(port).await;
    gateway
        .knob(Method::POST, "users/grace/expire", json!({}))
        .await;
    let before = sealed_tokens(&gateway).await;

    let url = format!("http://127.0.0.1:{port}/projects/app/sdk/proxy/azuredevops{PROJECTS}");
    let call = client().get(url).bearer_auth(gateway.token("u2"));
    let calling = tokio::spawn(call.header("origin", ORIGIN).send());
    let is_asked = timeout(Duration::from_mins(1), asked.recv()).await;
    assert_eq!(is_asked, Ok(Some(())), "nothing is refreshed");
    // Whoever called does not wait for the answer, so that nothing but the refresh itself is under way.
    calling.abort();
    send_signal(&program, "-TERM");
    let waited_for = async {
        let mut said = String::new();
        while let Some(line) = log.next_line().await.unwrap() {
            if line.contains("waits for work in the background") {
                return;
            }
            said = format!("{said}{line}\n");
        }
        panic!("it ended while tokens were being refreshed: {said}");
    };
    timeout(Duration::from_mins(1), waited_for).await.unwrap();
    answers.add_permits(1);
    // Its log is read to the end, so that it is never in its way.
    let rest = tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
    let ended = timeout(Duration::from_mins(1), program.wait()).await;
    assert!(ended.unwrap().unwrap().success());
    rest.await.unwrap();

    assert_ne!(
        sealed_tokens(&gateway).await,
        before,
        "the new tokens are lost"
    );
    assert_eq!(gateway.refreshes().await, 1);
    gateway
        .knob(Method::POST, "users/grace/expire", json!({}))
        .await;
    let answer = gateway.proxy("u2", PROJECTS).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    assert_eq!(
        gateway.refreshes().await,
        2,
        "by the refresh token that was stored"
    );
    assert_ne!(answer.json, Value::Null);
}
