//! The engine on every database that it runs on: what is started goes on to its end, once, whoever is there to do it.

use crate::support;
#[cfg(feature = "postgres")]
use crate::support::postgres;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use paragon_gateway::engine::{DurableRuntime, EngineStatus, Performer, WorkflowRuntime as _};
use paragon_workflow::{Ending, Remedy, RunInput, StepCall, StepError, Task};
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use uuid::Uuid;

/// What is not there by then never comes.
const LIMIT: Duration = Duration::from_mins(1);

/// What runs asked for.
#[derive(Debug, Default, Clone)]
struct Log {
    tried: Vec<(Uuid, String, u32)>,
    done: Vec<(Uuid, String)>,
    ended: Vec<(Uuid, Option<String>)>,
}

impl Log {
    fn done_in(&self, run: Uuid) -> Vec<&str> {
        let of_run = self.done.iter().filter(|(of, _)| *of == run);
        of_run.map(|(_, path)| path.as_str()).collect()
    }

    fn tries_of(&self, path: &str) -> usize {
        self.tried
            .iter()
            .filter(|(_, tried, _)| tried == path)
            .count()
    }
}

/// Does the steps, writes them down, and holds those up that `HOLD` names until it is let go.
#[derive(Clone)]
struct Hand {
    log: Arc<watch::Sender<Log>>,
    held: Arc<watch::Sender<bool>>,
}

impl Hand {
    fn new() -> Self {
        support::log::take_over();
        Self {
            log: Arc::new(watch::Sender::new(Log::default())),
            held: Arc::new(watch::Sender::new(true)),
        }
    }

    /// Another process: it writes into the same log, and is held up by itself.
    fn other(&self) -> Self {
        Self {
            log: Arc::clone(&self.log),
            ..Self::new()
        }
    }

    fn let_go(&self) {
        self.held.send_replace(false);
    }

    fn log(&self) -> Log {
        self.log.borrow().clone()
    }

    async fn until(&self, what: &str, holds: impl FnMut(&Log) -> bool) {
        let mut log = self.log.subscribe();
        let waiting = tokio::time::timeout(LIMIT, log.wait_for(holds));
        let waited = waiting.await.is_ok_and(|log| log.is_ok());
        assert!(waited, "not before the limit: {what}: {:?}", self.log());
    }
}

#[async_trait]
impl Performer for Hand {
    async fn step(&self, call: StepCall) -> Result<Value, StepError> {
        let (run, path) = (call.run, call.path);
        let tried = (run, path.clone(), call.attempt);
        self.log.send_modify(|log| log.tried.push(tried));
        match &call.task {
            Task::Action { action, .. } if action == "HOLD" => {
                let mut held = self.held.subscribe();
                held.wait_for(|held| !held).await.expect("it is let go");
            }
            Task::Action { action, .. } if action == "LOCKED" && call.attempt == 1 => {
                let error = StepError::new("reauthorization_required", "connect it again");
                return Err(error.with_remedy(Remedy::Reconnect));
            }
            _ => {}
        }
        self.log.send_modify(|log| log.done.push((run, path)));
        Ok(Value::Null)
    }

    async fn end(&self, ending: Ending) -> Result<(), StepError> {
        let failure = ending.failure.map(|(path, _)| path);
        self.log
            .send_modify(|log| log.ended.push((ending.run, failure)));
        Ok(())
    }
}

fn input(steps: &Value) -> RunInput {
    let definition = json!({
        "id": "w", "description": "W", "trigger": {"type": "appEvent", "event": "E"}, "steps": steps,
    });
    RunInput {
        run: Uuid::now_v7(),
        definition: serde_json::from_value(definition).expect("a definition"),
        trigger: Value::Null,
        settings: Map::new(),
        user: "ada".to_owned(),
        meta: json!({}),
    }
}

fn action(id: &str, action: &str) -> Value {
    json!({"id": id, "do": {"type": "action", "action": action, "parameters": {}}})
}

async fn engine(url: &str, hand: &Hand) -> DurableRuntime {
    let engine = DurableRuntime::start(url, Arc::new(hand.clone()));
    engine.await.expect("it starts")
}

/// Asks the engine until a run stands where it should.
async fn comes_to(engine: &DurableRuntime, run: Uuid, wanted: impl Fn(&EngineStatus) -> bool) {
    let coming = async {
        while !wanted(&engine.status(run).await.expect("a status")) {
            tokio::task::yield_now().await;
        }
    };
    let came = tokio::time::timeout(LIMIT, coming).await;
    assert!(came.is_ok(), "it stays {:?}", engine.status(run).await);
}

fn is_ended(status: &EngineStatus) -> bool {
    *status == EngineStatus::Ended
}

async fn a_run_is_started_once_and_its_steps_follow_each_other(url: &str) {
    let hand = Hand::new();
    let engine = engine(url, &hand).await;
    let steps = ["1", "2", "3"].map(|id| action(id, "DO"));
    let input = input(&json!(steps));
    assert_eq!(
        engine.status(input.run).await.expect("a status"),
        EngineStatus::Unknown
    );
    engine.start(&input).await.expect("a start");
    engine.start(&input).await.expect("a second start");
    comes_to(&engine, input.run, is_ended).await;
    engine.start(&input).await.expect("a late start");
    let after = self::input(&json!([action("1", "DO")]));
    engine.start(&after).await.expect("a start");
    comes_to(&engine, after.run, is_ended).await;
    assert_eq!(hand.log().done_in(input.run), ["1", "2", "3"]);
    assert_eq!(hand.log().ended, [(input.run, None), (after.run, None)]);
    engine.shutdown().await;
}

async fn a_delay_passes_before_the_next_step(url: &str) {
    let hand = Hand::new();
    let engine = engine(url, &hand).await;
    let delay = json!({"id": "wait", "do": {"type": "delay", "amount": 1, "unit": "SECONDS"}});
    let input = input(&json!([delay, action("1", "DO")]));
    engine.start(&input).await.expect("a start");
    hand.until("the wait is written down", |log| log.tries_of("wait") > 0)
        .await;
    let begun = tokio::time::Instant::now();
    comes_to(&engine, input.run, is_ended).await;
    // Timers count from what the database holds, to the millisecond.
    assert!(begun.elapsed() > Duration::from_millis(800));
    assert_eq!(hand.log().done_in(input.run), ["wait", "1"]);
    engine.shutdown().await;
}

async fn a_step_waits_until_the_account_is_connected_again(url: &str) {
    let hand = Hand::new();
    let engine = engine(url, &hand).await;
    let input = input(&json!([action("1", "LOCKED"), action("2", "DO")]));
    engine.start(&input).await.expect("a start");
    hand.until("a try", |log| log.tries_of("1") == 1).await;
    engine.reconnected(input.run).await.expect("it is told");
    comes_to(&engine, input.run, is_ended).await;
    let log = hand.log();
    let tried: Vec<_> = log
        .tried
        .iter()
        .map(|(_, path, attempt)| (path.as_str(), *attempt))
        .collect();
    assert_eq!(tried, [("1", 1), ("1", 2), ("2", 1)]);
    engine.shutdown().await;
}

async fn a_cancelled_run_does_no_further_step_and_can_be_forgotten(url: &str) {
    let hand = Hand::new();
    let engine = engine(url, &hand).await;
    let input = input(&json!([action("1", "HOLD"), action("2", "DO")]));
    engine.forget(input.run).await.expect("nothing to forget");
    engine.start(&input).await.expect("a start");
    hand.until("a try", |log| log.tries_of("1") == 1).await;
    engine.cancel(input.run).await.expect("it is told");
    comes_to(&engine, input.run, |status| {
        matches!(status, EngineStatus::Stopped { .. })
    })
    .await;
    hand.let_go();
    engine.forget(input.run).await.expect("it is over");
    assert_eq!(
        engine.status(input.run).await.expect("a status"),
        EngineStatus::Unknown
    );
    assert_eq!(hand.log().tries_of("2"), 0);
    engine.shutdown().await;
}

async fn what_one_left_in_the_middle_of_a_step_another_takes_over(url: &str) {
    let first = Hand::new();
    // A runtime of its own, whose end nothing of the engine survives, as with a process.
    let process = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let input = input(&json!([
        action("1", "DO"),
        action("2", "HOLD"),
        action("3", "DO")
    ]));
    let (hand, url_of_first, begun) = (first.clone(), url.to_owned(), input.clone());
    process.spawn(async move {
        let engine = engine(&url_of_first, &hand).await;
        engine.start(&begun).await.expect("a start");
        std::future::pending::<()>().await;
    });
    first
        .until("the second step is begun", |log| log.tries_of("2") == 1)
        .await;
    process.shutdown_background();
    let second = first.other();
    second.let_go();
    let engine = engine(url, &second).await;
    comes_to(&engine, input.run, is_ended).await;
    assert_eq!(second.log().done_in(input.run), ["1", "2", "3"]);
    assert_eq!(second.log().tries_of("2"), 2);
    engine.shutdown().await;
}

async fn two_share_the_work_and_do_no_step_twice(url: &str) {
    const RUNS: usize = 20;
    let first = Hand::new();
    let second = first.other();
    let engines = [engine(url, &first).await, engine(url, &second).await];
    // One of them is held up by a step, so that the other one has to do something.
    let held = input(&json!([action("held", "HOLD")]));
    engines[0].start(&held).await.expect("a start");
    first
        .until("one is held up", |log| log.tries_of("held") == 1)
        .await;
    let mut runs = BTreeSet::new();
    for number in 0..RUNS {
        let input = input(&json!([
            action("1", "DO"),
            action("2", "DO"),
            action("3", "DO")
        ]));
        engines[number % 2].start(&input).await.expect("a start");
        runs.insert(input.run);
    }
    first
        .until("all but one end", |log| log.ended.len() == RUNS)
        .await;
    let log = first.log();
    for run in &runs {
        assert_eq!(log.done_in(*run), ["1", "2", "3"]);
        comes_to(&engines[0], *run, is_ended).await;
        comes_to(&engines[1], *run, is_ended).await;
    }
    assert_eq!(log.tried.len(), RUNS * 3 + 1);
    let ended: BTreeSet<_> = log.ended.iter().map(|(run, _)| *run).collect();
    assert_eq!((ended, log.ended.len()), (runs, RUNS));
    // Whichever holds it: its lease was renewed all the time.
    first.let_go();
    second.let_go();
    comes_to(&engines[1], held.run, is_ended).await;
    assert_eq!(first.log().tries_of("held"), 1);
    for engine in &engines {
        engine.shutdown().await;
    }
}

macro_rules! on_every_database {
    ($($test:ident,)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let folder = tempfile::tempdir().expect("a folder");
                let file = folder.path().join("engine.sqlite");
                super::$test(&format!("sqlite:{}?mode=rwc", file.display())).await;
            })*
        }

        #[cfg(feature = "postgres")]
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(cluster) = super::postgres::Cluster::shared() {
                    super::$test(&cluster.database()).await;
                }
            })*
        }
    };
}

on_every_database! {
    a_run_is_started_once_and_its_steps_follow_each_other,
    a_delay_passes_before_the_next_step,
    a_step_waits_until_the_account_is_connected_again,
    a_cancelled_run_does_no_further_step_and_can_be_forgotten,
    what_one_left_in_the_middle_of_a_step_another_takes_over,
    two_share_the_work_and_do_no_step_twice,
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_survive_it_that_connections_break() {
    const RUNS: usize = 10;
    const BREAKS: usize = 60;
    let Some(cluster) = postgres::Cluster::shared() else {
        return;
    };
    let url = cluster.database();
    let hand = Hand::new();
    let engine = engine(&url, &hand).await;
    let mut runs = BTreeSet::new();
    for _ in 0..RUNS {
        let steps = ["1", "2", "3", "4"].map(|id| action(id, "DO"));
        let input = input(&json!(steps));
        engine.start(&input).await.expect("a start");
        runs.insert(input.run);
    }
    let mut breaker = <sqlx::PgConnection as sqlx::Connection>::connect(&url)
        .await
        .expect("a connection");
    let mut broken = 0;
    while broken < BREAKS {
        let ended = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'",
        );
        let ended = ended.execute(&mut breaker).await.expect("an answer");
        broken += usize::try_from(ended.rows_affected()).expect("few");
    }
    all_end_well(&engine, &hand, &runs, &["1", "2", "3", "4"]).await;
    engine.shutdown().await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runs_survive_it_that_the_server_is_restarted() {
    const RUNS: usize = 10;
    let Some(mut cluster) = postgres::Cluster::start() else {
        return;
    };
    let hand = Hand::new();
    let engine = engine(&cluster.database(), &hand).await;
    let mut runs = BTreeSet::new();
    for _ in 0..RUNS {
        let steps = [action("1", "DO"), action("2", "HOLD"), action("3", "DO")];
        let input = input(&json!(steps));
        engine.start(&input).await.expect("a start");
        runs.insert(input.run);
    }
    hand.until("some are in the middle", |log| log.tries_of("2") >= 2)
        .await;
    cluster.restart();
    hand.let_go();
    all_end_well(&engine, &hand, &runs, &["1", "2", "3"]).await;
    engine.shutdown().await;
}

/// Waits until the runs have ended, each with all of its steps and without a failure.
#[cfg(feature = "postgres")]
async fn all_end_well(engine: &DurableRuntime, hand: &Hand, runs: &BTreeSet<Uuid>, steps: &[&str]) {
    hand.until("all come to their ends", |log| {
        let ended: BTreeSet<_> = log.ended.iter().map(|(run, _)| *run).collect();
        ended == *runs
    })
    .await;
    for run in runs {
        comes_to(engine, *run, is_ended).await;
        let of_run = hand.log();
        let done: BTreeSet<_> = of_run.done_in(*run).into_iter().collect();
        assert_eq!(done, steps.iter().copied().collect());
    }
    let ends = hand.log().ended;
    assert!(ends.iter().all(|(_, failure)| failure.is_none()));
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_behind_tls_is_reached_and_one_that_nobody_vouches_for_is_not() {
    let names = ["127.0.0.1".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let key = made.signing_key.serialize_pem();
    let Some(cluster) = postgres::Cluster::start_with_tls(&made.cert.pem(), &key) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("root.pem");
    std::fs::write(&root, made.cert.pem()).expect("a file");
    let url = cluster.database();
    let hand = Hand::new();
    let trusting = format!("{url}?sslmode=verify-full&sslrootcert={}", root.display());
    for url in [&trusting, &format!("{url}?sslmode=require")] {
        let engine = engine(url, &hand).await;
        let input = input(&json!([action("1", "DO")]));
        engine.start(&input).await.expect("a start");
        comes_to(&engine, input.run, is_ended).await;
        engine.shutdown().await;
    }
    let url = format!("{url}?sslmode=verify-full");
    let started = DurableRuntime::start(&url, Arc::new(hand.clone())).await;
    let error = started.expect_err("no trust").to_string();
    assert!(error.contains("invalid peer certificate"), "{error}");
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_said_without_its_password() {
    let hand = Hand::new();
    let wrong = [
        "postgres://ada:open%20sesame@127.0.0.1:1/none",
        "postgres://ada:open%20sesame@127.0.0.1:port/none",
        "postgresql://ada:open%20sesame@[none/none",
    ];
    for url in wrong {
        let started = DurableRuntime::start(url, Arc::new(hand.clone())).await;
        let error = started.expect_err("no database").to_string();
        assert!(!error.contains("sesame"), "{error}");
        let is_built_in = !error.contains("build with --features postgres");
        assert_eq!(is_built_in, cfg!(feature = "postgres"), "{error}");
    }
}
