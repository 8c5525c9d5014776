//! What has to hold on either database: limits when many ask at once, and the same tables.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod support;

#[cfg(feature = "postgres")]
use std::collections::BTreeSet;

use paragon_gateway::store::{Store, StoreError};
#[cfg(feature = "postgres")]
use sqlx::AnyPool;
#[cfg(feature = "postgres")]
use support::postgres::Cluster;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_limit_holds_when_many_ask_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&support::database(folder.path()))
        .await
        .unwrap();
    for round in 0..10 {
        let subject = format!("subject {round}");
        let asking = (0..20).map(|_| {
            let (store, subject) = (store.clone(), subject.clone());
            tokio::spawn(async move { store.note_sign_in_attempt(&subject, 5, 0, 1).await })
        });
        let mut noted = 0;
        for one in asking.collect::<Vec<_>>() {
            noted += usize::from(one.await.unwrap().unwrap());
        }
        assert_eq!(noted, 5, "in round {round}");
    }
}

#[cfg(feature = "postgres")]
/// Every column as `table.column`.
async fn columns(url: &str, sql: &str) -> BTreeSet<String> {
    Store::open(url).await.unwrap().close().await;
    let pool = AnyPool::connect(url).await.unwrap();
    let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
    rows.into_iter().map(|(name,)| name).collect()
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn both_databases_have_the_same_columns() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", folder.path().join("a.sqlite").display());
    let embedded = columns(
        &file,
        "SELECT own.name || '.' || had.name FROM sqlite_master own, pragma_table_info(own.name) had
         WHERE own.type = 'table' AND own.name NOT LIKE 'sqlite%' AND own.name NOT LIKE '_sqlx%'",
    )
    .await;
    // Without the order of insertion, which the embedded one keeps unasked.
    let served = columns(
        &cluster.database(),
        "SELECT CAST(table_name || '.' || column_name AS TEXT) FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' AND column_name <> 'rowid'",
    )
    .await;
    assert!(embedded.len() > 150, "{}", embedded.len());
    assert_eq!(embedded, served);
}

#[cfg(not(feature = "postgres"))]
#[tokio::test]
async fn a_build_without_postgresql_says_so() {
    let refused = Store::open("postgres://ada:secret@localhost/gateway").await;
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("--features postgres") && !text.contains("secret"));
}

#[tokio::test]
async fn a_url_of_something_else_is_refused_with_what_would_be_right() {
    let refused = Store::open("mysql://ada:secret@localhost/gateway").await;
    assert!(matches!(refused, Err(StoreError::BadUrl)));
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("postgres://") && !text.contains("ada"));
}
