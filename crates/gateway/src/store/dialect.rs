//! What the two databases write differently. Everything else of the gateway's SQL is understood by both.

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Embedded `SQLite`.
    Sqlite,
    /// `PostgreSQL`.
    Postgres,
}

impl Dialect {
    /// The dialect of a database URL; none for a scheme that is neither's.
    pub(crate) fn of(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            _ => None,
        }
    }

    /// The text of member `key` of the JSON object that stands in `column`. Both are the gateway's own words.
    pub(crate) fn json_text(self, column: &str, key: &str) -> String {
        match self {
            Self::Sqlite => format!("{column} ->> '$.{key}'"),
            Self::Postgres => format!("CAST({column} AS JSONB) ->> '{key}'"),
        }
    }

    /// Ends a query whose rows nobody else may change before the transaction ends. On `SQLite` the transaction itself
    /// says so.
    pub(crate) fn row_lock(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE",
        }
    }

    /// The same for one of a query's tables.
    pub(crate) fn row_lock_of(self, table: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!("FOR UPDATE OF {table}"),
        }
    }

    /// The database's own clock, in epoch milliseconds.
    pub(crate) fn now_ms(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
            Self::Postgres => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        }
    }

    /// What makes a query use an index that the planner would leave aside for want of statistics.
    pub(crate) fn indexed_by(self, index: &str) -> String {
        match self {
            Self::Sqlite => format!("INDEXED BY {index}"),
            Self::Postgres => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_which_database_it_is() {
        assert_eq!(Dialect::of("sqlite::memory:"), Some(Dialect::Sqlite));
        assert_eq!(Dialect::of("postgres://h/d"), Some(Dialect::Postgres));
        assert_eq!(Dialect::of("postgresql://h/d"), Some(Dialect::Postgres));
        assert_eq!(Dialect::of("mysql://h/d"), None);
        assert_eq!(Dialect::of("gateway.sqlite"), None);
    }
}
