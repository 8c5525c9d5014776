//! What has to hold on either database: limits when many ask at once, and the same tables.

use crate::support;
#[cfg(feature = "postgres")]
use std::collections::BTreeSet;

#[cfg(feature = "postgres")]
use crate::support::postgres::Cluster;
use paragon_gateway::store::Store;
use paragon_gateway::store::StoreError;
#[cfg(feature = "postgres")]
use sqlx::AnyPool;

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

/// Those who wait for one project's turn hold up neither the others nor a request to the provider, which reads.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_project_that_is_written_to_holds_up_nothing_else() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let url = cluster.database();
    let store = Store::open(&url).await.unwrap();
    // Somebody has the turn of project `busy`, and does not give it back yet.
    let outside = AnyPool::connect(&url).await.unwrap();
    let holder = turn_of_busy(&outside).await;
    let waiting: Vec<_> = (0..40)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { add_key(&store, "busy", number).await })
        })
        .collect();
    // All connections of those who wait for their turn are taken.
    let has_waiting = async {
        loop {
            let (count,): (i64,) = sqlx::query_as(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()",
            )
            .fetch_one(&outside)
            .await
            .unwrap();
            if count >= 4 {
                break;
            }
        }
    };
    within_a_minute(has_waiting).await;
    let user = paragon_gateway::identity::UserId("ada".into());
    let reads = (0..500).map(|_| store.credentials("busy", &user));
    let reads = within_a_minute(futures_util::future::join_all(reads)).await;
    assert!(reads.into_iter().all(|read| read.unwrap().is_empty()));
    within_a_minute(store.change_user_meta::<sqlx::Error>("busy", &user, 1, |_| Ok(())))
        .await
        .unwrap();
    assert!(waiting.iter().all(|one| !one.is_finished()), "they wait");
    holder.commit().await.unwrap();
    let mut added = 0;
    for one in waiting {
        added += usize::from(within_a_minute(one).await.unwrap().unwrap());
    }
    assert_eq!(added, 10, "and then the limit holds");
}

/// Another project's turn does not wait for this one's.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn projects_do_not_wait_for_each_other() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let url = cluster.database();
    let store = Store::open(&url).await.unwrap();
    let outside = AnyPool::connect(&url).await.unwrap();
    let holder = turn_of_busy(&outside).await;
    assert!(within_a_minute(add_key(&store, "calm", 1)).await.unwrap());
    holder.commit().await.unwrap();
}

/// Has the turn of project `busy` until it ends.
#[cfg(feature = "postgres")]
async fn turn_of_busy(outside: &AnyPool) -> sqlx::Transaction<'static, sqlx::Any> {
    let mut holder = outside.begin().await.unwrap();
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('project/busy', 0))")
        .execute(&mut *holder)
        .await
        .unwrap();
    holder
}

#[cfg(feature = "postgres")]
async fn add_key(store: &Store, project: &str, number: i64) -> Result<bool, sqlx::Error> {
    let row = paragon_gateway::signing_keys::store::SigningKeyRow {
        id: format!("key-{number}"),
        public_key: None,
        jwks_url: Some("https://app.example.com/keys".into()),
        created_at: number,
        created_by: "ada".into(),
    };
    let entry = paragon_gateway::audit::store::NewAuditEntry {
        at: number,
        actor: "ada",
        action: "signing_key.add",
        subject: Some(project),
        project: Some(project),
        before: None,
        after: None,
    };
    store.insert_signing_key(project, &row, 10, &entry).await
}

#[cfg(feature = "postgres")]
async fn within_a_minute<T>(work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(std::time::Duration::from_mins(1), work).await;
    done.unwrap_or_else(|_| panic!("it waits for what it should not"))
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
