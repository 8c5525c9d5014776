//! The database: embedded `SQLite`, or `PostgreSQL`. The SQL of each noun is in its own `store`, as methods of [`Store`].

pub(crate) mod column;
pub(crate) mod dialect;
pub(crate) mod opening;
pub(crate) mod recent;
pub(crate) mod turns;

use std::sync::Arc;

use sqlx::AnyPool;

use self::dialect::Dialect;
use self::recent::Recent;
use crate::credentials::store::CredentialRow;
use crate::identity::KeySource;
use crate::integration::store::IntegrationRow;
pub use opening::{StoreError, keep_private};

/// Access to the database.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: AnyPool,
    /// For those that wait for each other.
    pub(crate) in_turn: AnyPool,
    pub(crate) dialect: Dialect,
    pub(crate) recent: Arc<RecentRows>,
}

/// What nearly every request reads.
#[derive(Debug)]
pub(crate) struct RecentRows {
    /// By project and user.
    pub(crate) credentials: Recent<(String, String), Arc<[CredentialRow]>>,
    /// By project and integration.
    pub(crate) integrations: Recent<(String, String), Option<Arc<IntegrationRow>>>,
    /// By project.
    pub(crate) signing_keys: Recent<String, Arc<[KeySource]>>,
}

impl RecentRows {
    fn new() -> Self {
        Self {
            credentials: Recent::new(2_000),
            integrations: Recent::new(200),
            signing_keys: Recent::new(200),
        }
    }
}

impl Store {
    /// Opens the database at `url`, creates it if it is a file that is not there, and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let opened = opening::open(url).await?;
        Ok(Self {
            pool: opened.pool,
            in_turn: opened.in_turn,
            dialect: opened.dialect,
            recent: Arc::new(RecentRows::new()),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop)
    }

    /// Closes every connection, so that nothing is left in the write-ahead log.
    pub async fn close(&self) {
        self.in_turn.close().await;
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::str::FromStr as _;

    use sqlx::SqlitePool;
    use sqlx::migrate::Migrator;
    use sqlx::sqlite::SqliteConnectOptions;

    use super::*;
    use crate::identity::UserId;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_new_file_is_opened_every_time() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..100 {
            let file = folder.path().join(format!("{number}.sqlite"));
            let opened = Store::open(&format!("sqlite:{}", file.display())).await;
            opened.expect("it opens").close().await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn those_who_read_and_write_at_once_wait_for_each_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("one.sqlite").display());
        let store = Store::open(&url).await.expect("it opens");
        let writing = (0..60).map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut transaction = store.begin().await?;
                let count: (i64,) = sqlx::query_as("SELECT COUNT(*) FROM users")
                    .fetch_one(&mut *transaction)
                    .await?;
                sqlx::query("INSERT INTO users VALUES ('p', $1, '{}', $2, 0)")
                    .bind(format!("u{number}"))
                    .bind(count.0)
                    .execute(&mut *transaction)
                    .await?;
                transaction.commit().await
            })
        });
        for one in writing.collect::<Vec<_>>() {
            one.await.expect("it ends").expect("it is written");
        }
    }

    #[tokio::test]
    async fn an_older_database_keeps_its_accounts_and_their_configurations() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("old.sqlite").display());
        let all = sqlx::migrate!("migrations/sqlite");
        let first = Migrator {
            migrations: Cow::Owned(all.iter().take(1).cloned().collect()),
            ..Migrator::DEFAULT
        };
        let options = SqliteConnectOptions::from_str(&url)
            .expect("a url")
            .create_if_missing(true);
        let pool = SqlitePool::connect_with(options).await.expect("a pool");
        first.run(&pool).await.expect("the first version");
        let (credential, configuration) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
        let insert = format!(
            "INSERT INTO credentials (id, project_id, user_id, integration, account_type, status, organization,
                configuration_id, shared_settings, secret, secret_key_id, created_at, updated_at, refreshed_at)
             VALUES ('{credential}', 'p', 'u', 'azuredevops', 'entra_id', 'VALID', 'contoso', '{configuration}',
                '{{\"a\":1}}', x'00', 'k', 1, 2, 3)"
        );
        sqlx::query(&insert).execute(&pool).await.expect("a row");
        pool.close().await;

        let store = Store::open(&url).await.expect("an up-to-date database");
        let user = UserId("u".into());
        let rows = store.credentials("p", &user).await.expect("credentials");
        assert_eq!((rows.len(), rows[0].id), (1, credential));
        let rows = store.configurations("p", &user).await.expect("rows");
        let [row] = rows.as_slice() else {
            panic!("{rows:?}")
        };
        assert_eq!((row.id, row.credential_id), (configuration, credential));
        assert!(row.is_default && row.shared_settings["a"] == 1);
        assert!(
            store
                .delete_credential("p", &user, credential, 1)
                .await
                .expect("a deletion")
        );
        let rows = store.configurations("p", &user).await.expect("rows");
        assert!(rows.is_empty(), "configurations go with their credential");
    }
}
