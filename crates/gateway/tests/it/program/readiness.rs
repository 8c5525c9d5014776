//! `/readyz` tells whether what the gateway does of itself is being done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use paragon_gateway::error::ApiResult;

use crate::support::{self, Answer, TestGateway};

/// Asks until the status is this one.
async fn ready(gateway: &TestGateway, status: u16) -> Answer {
    let asked = async {
        loop {
            let url = format!("{}/readyz", gateway.url);
            let answer = Answer::of(support::client().get(url).send().await.unwrap()).await;
            if answer.status.as_u16() == status {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    let answer = tokio::time::timeout(Duration::from_mins(1), asked).await;
    answer.unwrap_or_else(|_| panic!("it never answers {status}"))
}

#[tokio::test]
async fn a_loop_that_panics_makes_the_gateway_unready_until_it_works_again() {
    let gateway = support::start().await;
    ready(&gateway, 200).await;
    let is_mended = Arc::new(AtomicBool::new(false));
    let mended = Arc::clone(&is_mended);
    let work = move || -> BoxFuture<'static, ApiResult<()>> {
        let mended = Arc::clone(&mended);
        Box::pin(async move {
            assert!(mended.load(Ordering::SeqCst), "a fault of the program");
            Ok(())
        })
    };
    let supervisor = &gateway.app.supervisor;
    supervisor.repeat("sweeping", Duration::from_millis(10), Box::new(work));
    let answer = ready(&gateway, 503).await;
    assert_eq!(answer.json["status"], "not ready");
    assert_eq!(answer.json["background"][0]["name"], "sweeping");
    assert!(
        !answer.text.contains("a fault of the program"),
        "the reason is for the log"
    );
    is_mended.store(true, Ordering::SeqCst);
    let answer = ready(&gateway, 200).await;
    assert!(
        answer.json["background"][0]["panics"].as_u64() >= Some(3),
        "{}",
        answer.text
    );
}
