use sqlx::{Connection as _, SqliteConnection};

use super::*;
use paragon_workflow::Ending;

struct Idle;

#[async_trait]
impl Performer for Idle {
    async fn step(&self, _: StepCall) -> Result<Value, StepError> {
        Ok(Value::Null)
    }

    async fn end(&self, _: Ending) -> Result<(), StepError> {
        Ok(())
    }
}

fn empty(run: Uuid) -> RunInput {
    let definition = serde_json::json!({
        "id": "w", "description": "w",
        "trigger": {"type": "appEvent", "event": "e"}, "steps": [],
    });
    RunInput {
        run,
        definition: serde_json::from_value(definition).expect("a definition"),
        trigger: Value::Null,
        settings: serde_json::Map::new(),
        user: "u".to_owned(),
        meta: Value::Null,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_while_the_database_is_busy_is_done_when_it_is_free() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!(
        "sqlite:{}?mode=rwc",
        folder.path().join("e.sqlite").display()
    );
    let engine = DurableRuntime::start(&url, Arc::new(Idle))
        .await
        .expect("it starts");
    let mut other = SqliteConnection::connect(&url).await.expect("a connection");
    for _ in 0..10 {
        let run = Uuid::now_v7();
        engine.start(&empty(run)).await.expect("a start");
        while engine.status(run).await.expect("a status") != EngineStatus::Ended {
            tokio::task::yield_now().await;
        }
        let lock = other.begin_with("BEGIN IMMEDIATE").await;
        let lock = lock.expect("the lock");
        let (forgotten, ()) = tokio::join!(engine.forget(run), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            lock.rollback().await.expect("it is let go");
        });
        forgotten.expect("it waits");
    }
    engine.shutdown().await;
}
