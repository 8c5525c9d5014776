//! Reads what stands in a column as what it is. Nothing is guessed: a value that the gateway never wrote there is an error
//! that names the row, without the value.

use serde::de::DeserializeOwned;
use sqlx::Error;
use uuid::Uuid;

/// The row that is being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    table: &'static str,
    id: &'a str,
}

impl<'a> Row<'a> {
    /// The row of `table` that is known by `id`.
    pub(crate) fn of(table: &'static str, id: &'a str) -> Self {
        Self { table, id }
    }

    /// A UUID.
    pub(crate) fn uuid(self, column: &str, text: &str) -> Result<Uuid, Error> {
        self.known(column, text.parse().ok())
    }

    /// A UUID that may be absent.
    pub(crate) fn optional_uuid(
        self,
        column: &str,
        text: Option<&str>,
    ) -> Result<Option<Uuid>, Error> {
        text.map(|text| self.uuid(column, text)).transpose()
    }

    /// A number that is counted up from zero.
    pub(crate) fn count(self, column: &str, number: i64) -> Result<u32, Error> {
        self.known(column, u32::try_from(number).ok())
    }

    /// JSON of this form.
    pub(crate) fn json<T: DeserializeOwned>(self, column: &str, text: &str) -> Result<T, Error> {
        self.known(column, serde_json::from_str(text).ok())
    }

    /// JSON of this form that may be absent.
    pub(crate) fn optional_json<T: DeserializeOwned>(
        self,
        column: &str,
        text: Option<&str>,
    ) -> Result<Option<T>, Error> {
        text.map(|text| self.json(column, text)).transpose()
    }

    /// What a column's value was found to be, if it is one of those that are known.
    pub(crate) fn known<T>(self, column: &str, found: Option<T>) -> Result<T, Error> {
        found.ok_or_else(|| Error::ColumnDecode {
            index: format!("{}.{column} of `{}`", self.table, self.id),
            source: "the value is none that the gateway writes; restore the row from a backup, or delete it".into(),
        })
    }
}

/// Every row, or the error of the first that cannot be read.
pub(crate) fn all<R, T: TryFrom<R, Error = Error>>(rows: Vec<R>) -> Result<Vec<T>, Error> {
    rows.into_iter().map(T::try_from).collect()
}

/// The rows of work that waits. One that cannot be read is reported and left where it is: it holds up no other's.
pub(crate) fn readable<R, T: TryFrom<R, Error = Error>>(rows: Vec<R>) -> Vec<T> {
    let report = |error: &Error| tracing::error!(%error, "a row was left out");
    rows.into_iter()
        .filter_map(|row| T::try_from(row).inspect_err(report).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_value_that_was_never_written_is_an_error_that_names_the_row() {
        let row = Row::of("runs", "r1");
        let errors = [
            row.uuid("credential_id", "secret!").err(),
            row.optional_uuid("replay_of", Some("secret!")).err(),
            row.count("version", -1).err(),
            row.json::<Value>("input", "{secret!").err(),
            row.optional_json::<Value>("error", Some("secret!")).err(),
            row.known::<()>("status", None).err(),
        ];
        for error in errors {
            let error = error.expect("nothing is guessed").to_string();
            assert!(
                error.contains("of `r1`") && error.contains("runs."),
                "{error}"
            );
            assert!(!error.contains("secret!"), "{error}");
        }
        assert_eq!(row.optional_uuid("replay_of", None).ok(), Some(None));
    }
}
