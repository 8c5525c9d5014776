//! `keys rotate`: a vault key leaves while people work, and a rotation that was killed is begun again.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use paragon_gateway::clock::Clock;
use paragon_gateway::config::{self, Config};
use paragon_gateway::credentials::store::CredentialRow;
use paragon_gateway::identity::{KeyAlgorithm, KeyPair, UserId};
use paragon_gateway::oauth::Secret;
use paragon_gateway::state::App;
use paragon_gateway::vault::Vault;
use paragon_gateway::vault::store::SealedTable;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use uuid::Uuid;

use crate::support::{self, TestGateway};

const PROJECTS: &str = "/projects?api-version=7.1";
const PEOPLE: [&str; 4] = ["u0", "u1", "u2", "u3"];

/// `keys rotate` with these keys on the gateway's database.
fn rotate(gateway: &TestGateway, keys: &[&SecretString]) -> Command {
    let keys: Vec<&str> = keys.iter().map(|key| key.expose_secret()).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_paragon-gateway"));
    command
        .args(["keys", "rotate", "--database", &gateway.database])
        .current_dir(gateway.folder.path())
        .env("PARAGON_VAULT_KEYS", json!(keys).to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Another gateway on the database of `first`, with these keys.
async fn beside(first: &TestGateway, keys: Vec<SecretString>) -> TestGateway {
    support::start_with(|config| {
        config.vault_keys = keys;
        config.database.clone_from(&first.database);
        config.entra_authority = format!("{}/login.microsoftonline.com", first.sandbox);
        config.azure_devops_simulator = Some(first.sandbox.clone());
    })
    .await
}

/// A gateway with connected accounts, and `copies` more that are sealed with its first key.
async fn with_accounts(keys: Vec<SecretString>, copies: usize) -> TestGateway {
    let gateway = support::start_with(|config| config.vault_keys = keys).await;
    for person in PEOPLE {
        gateway.connect(person, "grace").await;
    }
    let (store, vault) = (&gateway.app.store, &gateway.app.vault);
    let row = store
        .credentials("app", &UserId("u0".into()))
        .await
        .unwrap();
    let secret = Secret::of(vault, &row[0]).unwrap();
    for _ in 0..copies {
        let id = Uuid::new_v4();
        let copy = CredentialRow {
            id,
            user_id: UserId("many".into()),
            secret: secret.seal(vault, &CredentialRow::seal_row(id)).unwrap(),
            ..row[0].clone()
        };
        assert!(store.put_credential(&copy, None, None).await.unwrap());
    }
    gateway
}

/// Starts a gateway that has this key alone.
async fn starts(database: &str, key: &SecretString) -> Result<(), String> {
    let signing = KeyPair::generate(KeyAlgorithm::Es256).unwrap();
    let config = Config {
        public_url: "http://localhost:4400".into(),
        database: database.to_owned(),
        vault_keys: vec![key.clone()],
        projects: vec![support::project("app", &signing)],
        ..Config::default()
    };
    let checked = config::check(&config, true).unwrap();
    let started = App::start(&config, checked, Clock::system(), None).await;
    started.map(drop).map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_leaves_under_traffic_and_nobody_notices() {
    let (old, new) = (Vault::generate_key(), Vault::generate_key());
    let first = with_accounts(vec![old.clone(), new.clone()], 400).await;
    // Somebody is in the middle of signing in.
    let (flow, ticket) = first.register("u9", json!({})).await;
    let browser = support::Browser::new(&first);
    let callback = browser.sign_in(&ticket, "grace").await;
    let moved_on = beside(&first, vec![new.clone(), old.clone()]).await;

    let stop = AtomicBool::new(false);
    let work = async {
        let (mut calls, mut refused) = (0, Vec::new());
        while !stop.load(Ordering::SeqCst) {
            // Every token has to be refreshed, and is sealed again, by whichever gateway comes first.
            first
                .knob(Method::POST, "users/grace/expire", json!({}))
                .await;
            for gateway in [&moved_on, &first] {
                let answers = PEOPLE.map(|person| gateway.proxy(person, PROJECTS));
                for answer in futures_util::future::join_all(answers).await {
                    calls += 1;
                    if answer.status != StatusCode::OK {
                        refused.push(answer.text);
                    }
                }
            }
        }
        (calls, refused)
    };
    let rotation = async {
        let output = rotate(&first, &[&new, &old]).output().await.unwrap();
        stop.store(true, Ordering::SeqCst);
        output
    };
    let ((calls, refused), output) = tokio::join!(work, rotation);
    assert!(calls >= 8 && refused.is_empty(), "{calls}: {refused:?}");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("of 40"), "{errors}");

    // The sign-in that began under the old key ends under the new one.
    assert_eq!(browser.open(&callback).await["view"], "done");
    assert_eq!(first.flow("u9", &flow).await["status"], "connected");
    // Nobody seals with the old key any more.
    let output = rotate(&first, &[&new, &old]).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("number 2") && said.contains("can be removed"),
        "{said}"
    );
    starts(&first.database, &new).await.unwrap();
    let refused = starts(&first.database, &Vault::generate_key()).await;
    assert!(refused.unwrap_err().contains("vault key"));

    let alone = beside(&first, vec![new]).await;
    for person in PEOPLE {
        let answer = alone.proxy(person, PROJECTS).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_that_was_killed_is_begun_again_where_it_stopped() {
    let (old, new) = (Vault::generate_key(), Vault::generate_key());
    let gateway = with_accounts(vec![old.clone()], 1500).await;
    let mut killed = rotate(&gateway, &[&new, &old]).spawn().unwrap();
    let mut lines = BufReader::new(killed.stderr.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("progress");
    assert!(line.ends_with("of 1504 secrets"), "{line}");
    killed.kill().await.unwrap();
    let left = gateway.app.store.used_key_ids().await.unwrap();
    assert_eq!(left.len(), 2, "it was killed in the middle");

    let output = rotate(&gateway, &[&new, &old]).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    let resealed: u64 = said.split(' ').next().unwrap().parse().unwrap();
    assert!(
        (1..1504).contains(&resealed),
        "what was done is not done again: {said}"
    );
    starts(&gateway.database, &new).await.unwrap();
}

#[tokio::test]
async fn a_secret_that_no_key_opens_is_named_and_keeps_its_key() {
    let (old, new) = (Vault::generate_key(), Vault::generate_key());
    let gateway = with_accounts(vec![old.clone()], 0).await;
    let mut row = gateway
        .app
        .store
        .credentials("app", &UserId("u1".into()))
        .await
        .unwrap()
        .remove(0);
    row.secret.bytes[30] ^= 1;
    gateway
        .app
        .store
        .put_credential(&row, None, None)
        .await
        .unwrap();
    let output = rotate(&gateway, &[&new, &old]).output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains(&format!("`{}` in `credentials`", row.id)) && said.contains("must be kept"),
        "{said}"
    );
    let used: BTreeSet<String> = gateway.app.store.used_key_ids().await.unwrap();
    assert_eq!(used.len(), 2);
}

#[tokio::test]
async fn tokens_that_were_refreshed_meanwhile_are_not_put_back() {
    let (old, new) = (Vault::generate_key(), Vault::generate_key());
    let gateway = with_accounts(vec![old.clone()], 0).await;
    let (store, vault) = (&gateway.app.store, Vault::new(&[new, old]).unwrap());
    let table = SealedTable::Credentials;
    let seen = store.sealed_otherwise(table, vault.sealing_key_id(), "", 1);
    let seen = seen.await.unwrap().remove(0);
    let again = vault.seal(b"older tokens", &seen.seal_row).unwrap();
    let newer = vault.seal(b"newer tokens", &seen.seal_row).unwrap();
    let id = seen.id.parse().unwrap();
    assert!(store.store_refreshed(id, &newer, 1).await.unwrap());
    let replaced = store.replace_sealed(&[(seen, again)]).await.unwrap();
    assert_eq!(replaced, 0);
    let mut rows = Vec::new();
    for person in PEOPLE {
        rows.extend(
            store
                .credentials("app", &UserId(person.into()))
                .await
                .unwrap(),
        );
    }
    let row = rows.iter().find(|row| row.id == id).unwrap();
    assert_eq!(row.secret, newer);
}
