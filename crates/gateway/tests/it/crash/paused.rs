//! A gateway that stops for longer than its locks last, between its look for an item and the request that creates it, and
//! goes on after another gateway did the step: it must not create the item again.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::process::Child;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use super::{Places, definition, door, each_step_was_done_once, event, program};
use super::{all_succeed, send_signal, with_account, write_config};
use crate::support::TestGateway;

/// How long a database that nobody has locked takes to write.
const WRITE_TIME: Duration = Duration::from_secs(2);

/// Stops a program, but not in the middle of a write: with `SQLite` nobody else could write then.
async fn pause(gateway: &TestGateway, program: &Child) {
    loop {
        send_signal(program, "-STOP");
        let write = gateway.app.store.take_lease("probe", "test", WRITE_TIME);
        if matches!(timeout(WRITE_TIME, write).await, Ok(Ok(_))) {
            return;
        }
        send_signal(program, "-CONT");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_gateway_does_not_create_what_another_has_created_meanwhile() {
    let (gateway, vault_key) = with_account(&definition()).await;
    let (say, mut looks) = mpsc::unbounded_channel();
    let answers = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&answers);
    // The first program's looks for items of earlier tries are answered late.
    let pass = move |_: Method, path: String, status: StatusCode| {
        let (say, held) = (say.clone(), Arc::clone(&held));
        async move {
            if status.is_success() && path.ends_with("/wiql") {
                let _ = say.send(());
                let _ = held.acquire().await;
            }
        }
    };
    let mut folders = Vec::new();
    for (name, azure_devops) in [
        ("first", door(&gateway, pass).await),
        ("second", gateway.sandbox.clone()),
    ] {
        let folder = gateway.folder.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let places = Places {
            azure_devops,
            ..Places::of(&gateway)
        };
        write_config(&gateway, &folder, &places, &vault_key, &definition());
        folders.push(folder);
    }
    // A step looks once it was tried before.
    let refused = json!({
        "face": "throttled", "method": "POST", "path": "/workitems/$", "retryAfterSeconds": 1,
    });
    gateway.knob(Method::POST, "answers", refused).await;
    event(&gateway, 0).await;
    let mut first = program(&folders[0]);
    let looked = timeout(Duration::from_mins(1), looks.recv()).await;
    assert_eq!(looked, Ok(Some(())), "nothing is looked for");
    pause(&gateway, &first).await;

    let _second = program(&folders[1]);
    all_succeed(&gateway, 1).await;

    // The answer to its look, that there is no such item, is there when it goes on.
    answers.add_permits(Semaphore::MAX_PERMITS);
    send_signal(&first, "-CONT");
    send_signal(&first, "-TERM");
    let ended = timeout(Duration::from_mins(1), first.wait()).await;
    assert!(ended.unwrap().unwrap().success());
    each_step_was_done_once(&gateway, 1).await;
}
