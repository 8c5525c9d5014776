//! `kill -9` while accounts are being connected: a flow and its account end together, or not at all.
//!
//! Browsers come back from the provider to a program that is killed somewhere between the provider's last answer and
//! its own. Some connect an account, some connect one again, and one of these is called off meanwhile. `KILLS` says how many rounds.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use paragon_gateway::connect::store::FlowRow;
use paragon_gateway::credentials::store::CredentialRow;
use paragon_gateway::identity::UserId;
use paragon_wire::flow::FlowStatus;
use reqwest::Method;
use serde_json::json;
use tokio::process::Child;
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};
use url::Url;

use super::{
    Places, door, free_port, idle, listens, number, program, random, with_account, write_config,
};
use crate::support::{Browser, TestGateway};

/// New accounts, and accounts that are connected again, in each round.
const NEW: usize = 4;
const AGAIN: usize = 4;
/// What the gateway asks last, to see that the account works.
const LAST_QUESTION: &str = "/_apis/projects";
const FLOW_ENDS_AFTER_MS: i64 = 60 * 60 * 1000;

/// The program at a port that stays the same.
struct Killed {
    folder: PathBuf,
    port: u16,
    /// Told of each last question, before it is answered.
    asked: mpsc::UnboundedReceiver<()>,
    running: Child,
}

impl Killed {
    async fn start() -> (TestGateway, Self) {
        let (gateway, vault_key) = with_account(&idle()).await;
        let port = free_port();
        let (say, asked) = mpsc::unbounded_channel();
        let pass = move |_: Method, path: String, _| {
            if path.ends_with(LAST_QUESTION) {
                // Nobody listens any more when the test is over.
                let _ = say.send(());
            }
            std::future::ready(())
        };
        let places = Places {
            listen: format!("127.0.0.1:{port}"),
            azure_devops: door(&gateway, pass).await,
            ..Places::of(&gateway)
        };
        let folder = gateway.folder.path().to_owned();
        write_config(&gateway, &folder, &places, &vault_key, &idle());
        let running = program(&folder);
        let killed = Self {
            folder,
            port,
            asked,
            running,
        };
        (gateway, killed)
    }

    async fn listens(&mut self) {
        listens(self.port).await;
        // What was asked of the one before.
        while self.asked.try_recv().is_ok() {}
    }

    /// Kills it once so many accounts are looked at and a while has passed.
    async fn kill(&mut self, when: When<'_>) {
        match when {
            When::Asked(questions, after) => {
                for _ in 0..questions {
                    let asked = timeout(Duration::from_mins(1), self.asked.recv()).await;
                    assert!(asked.is_ok_and(|asked| asked.is_some()), "no account came");
                }
                sleep(after).await;
            }
            When::Connected(one) => {
                let connected = timeout(Duration::from_mins(1), one.notified()).await;
                assert!(connected.is_ok(), "nobody was connected");
            }
        }
        self.running.kill().await.unwrap();
        self.running = program(&self.folder);
    }
}

/// When the program is killed.
enum When<'a> {
    /// When so many accounts were looked at, and so long after.
    Asked(u64, Duration),
    /// When one browser has its answer and its account.
    Connected(&'a Notify),
}

/// One browser on its way back from the provider.
struct Coming<'a> {
    browser: Browser<'a>,
    callback: Url,
    flow: String,
    user: String,
    /// The account that is connected again, as it was.
    before: Option<CredentialRow>,
}

async fn accounts(gateway: &TestGateway, user: &str) -> Vec<CredentialRow> {
    let user = UserId(user.to_owned());
    gateway.app.store.credentials("app", &user).await.unwrap()
}

async fn coming(gateway: &TestGateway, port: u16, user: String) -> Coming<'_> {
    let before = accounts(gateway, &user).await.pop();
    let target = before.as_ref().map(|row| row.id);
    let options = target.map_or_else(|| json!({}), |id| json!({ "credentialId": id }));
    let (flow, ticket) = gateway.register(&user, options).await;
    let browser = Browser::new(gateway);
    let mut callback = browser.sign_in(&ticket, "grace").await;
    callback.set_port(Some(port)).unwrap();
    Coming {
        browser,
        callback,
        flow,
        user,
        before,
    }
}

async fn row(gateway: &TestGateway, flow: &str) -> FlowRow {
    gateway.app.store.flow(flow).await.unwrap().unwrap()
}

/// How a flow and its account must stand to each other; says whether it is connected.
async fn fits(gateway: &TestGateway, one: &Coming<'_>) -> bool {
    let flow = row(gateway, &one.flow).await.update;
    let is_connected = flow.status == FlowStatus::Connected;
    let rows = accounts(gateway, &one.user).await;
    let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
    match &one.before {
        None if is_connected => assert_eq!(ids, Vec::from_iter(flow.credential_id)),
        None => assert_eq!(
            ids, [""; 0],
            "an account of a flow that is {:?}",
            flow.status
        ),
        Some(before) => {
            assert_eq!(ids, [before.id.to_string()]);
            assert_eq!(
                rows[0].secret.bytes != before.secret.bytes,
                is_connected,
                "new tokens, and the flow is {:?}",
                flow.status
            );
        }
    }
    is_connected
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_and_its_flow_end_together_when_the_program_is_killed() {
    let kills = number("KILLS", 12);
    let (gateway, mut killed) = Killed::start().await;
    let started = Instant::now();
    for number in 0..AGAIN {
        gateway.connect(&format!("again-{number}"), "grace").await;
    }
    let (mut connected, mut cut_off, mut left) = (0, 0, Vec::new());
    for round in 0..kills {
        killed.listens().await;
        let new = (0..NEW).map(|number| format!("new-{round}-{number}"));
        let again = (0..AGAIN).map(|number| format!("again-{number}"));
        let users = new.chain(again);
        let mut all = join_all(users.map(|user| coming(&gateway, killed.port, user))).await;
        let connected_one = Notify::new();
        let back = join_all(all.iter().map(async |one| {
            // An answer may say as well that the connection was called off.
            let is_answered = one.browser.try_open(&one.callback).await.is_some();
            if is_answered && row(&gateway, &one.flow).await.update.status == FlowStatus::Connected
            {
                connected_one.notify_one();
            }
        }));
        let last = &all[NEW + AGAIN - 1];
        let path = format!("/sdk/flows/{}", last.flow);
        let calling_off = gateway.call(&last.user, Method::DELETE, &path, None);
        let when = match round % 3 {
            // Before anything was stored.
            0 => When::Asked(1, Duration::ZERO),
            1 => When::Connected(&connected_one),
            _ => When::Asked(
                1 + random((NEW + AGAIN - 1) as u128),
                Duration::from_micros(random(60_000)),
            ),
        };
        tokio::join!(back, calling_off, killed.kill(when));
        for one in &all {
            if fits(&gateway, one).await {
                connected += 1;
            } else {
                cut_off += 1;
            }
        }
        left.extend(all.drain(..NEW));
    }
    // Nobody came back to what was cut off.
    let later = gateway.app.clock.now() + FLOW_ENDS_AFTER_MS;
    gateway.app.store.sweep_flows(later, 0).await.unwrap();
    for one in &left {
        let is_connected = fits(&gateway, one).await;
        assert!(is_connected || row(&gateway, &one.flow).await.update.status.is_final());
    }
    println!(
        "{kills} kills, {connected} accounts connected, {cut_off} not, {:.1} s: none without its flow",
        started.elapsed().as_secs_f64()
    );
    assert!(connected > 0 && cut_off > 0, "the kills hit nothing");
}
