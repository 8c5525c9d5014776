//! Query strings: names are compared without regard to case, enums may be numbers.

use url::form_urlencoded;

use super::errors::{ApiError, bad_argument};

/// A parsed query string.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes()).into_owned();
        Self(
            pairs
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect(),
        )
    }

    /// The first non-empty value; `name` in lower case.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Whether a flag is set: `true` or `1`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// A count such as `$top`.
    ///
    /// # Errors
    /// 400 when it is not a whole number from 0 on.
    pub(crate) fn count(&self, name: &str) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|_| bad_argument(format!("The value '{text}' is not valid for {name}.")))
    }

    /// A comma-separated list.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<String>> {
        self.get(name).map(|text| {
            text.split(',')
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty())
                .collect()
        })
    }
}

/// Reads an enum given by name or number; `names` in the order of their numbers.
///
/// # Errors
/// 400 when it is neither.
pub(crate) fn choice(text: &str, names: &[&'static str]) -> Result<&'static str, ApiError> {
    let by_number = text
        .parse::<usize>()
        .ok()
        .and_then(|number| names.get(number));
    let found = by_number.or_else(|| names.iter().find(|name| name.eq_ignore_ascii_case(text)));
    found.copied().ok_or_else(|| {
        bad_argument(format!(
            "The value '{text}' is not one of {}.",
            names.join(", ")
        ))
    })
}
