//! An error of Entra ID as it came; [`super::diagnose`] says what it means.

use oauth2::ErrorResponse;
use serde::{Deserialize, Serialize};

/// Error body of the token endpoint, or the error parameters on the redirect URI.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntraError {
    /// OAuth error code.
    pub error: String,
    /// For developers; begins with `AADSTS{number}`.
    #[serde(default)]
    pub error_description: String,
    /// AADSTS numbers.
    #[serde(default)]
    pub error_codes: Vec<u32>,
    /// Refinement of `error`.
    #[serde(default)]
    pub suberror: Option<String>,
    /// What the next sign-in must prove; send it on as `claims`.
    #[serde(default)]
    pub claims: Option<String>,
    /// Microsoft's id of the failure.
    #[serde(default)]
    pub trace_id: Option<String>,
    /// Microsoft's id of the exchange.
    #[serde(default)]
    pub correlation_id: Option<String>,
}

impl ErrorResponse for EntraError {}

impl std::fmt::Display for EntraError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}` {:?}", self.error, self.numbers())?;
        if let Some(trace) = &self.trace_id {
            write!(formatter, " trace {trace}")?;
        }
        if let Some(correlation) = &self.correlation_id {
            write!(formatter, " correlation {correlation}")?;
        }
        Ok(())
    }
}

impl EntraError {
    /// AADSTS numbers, from the body or from the description.
    pub fn numbers(&self) -> Vec<u32> {
        if !self.error_codes.is_empty() {
            return self.error_codes.clone();
        }
        let number = self.error_description.split("AADSTS").nth(1).map(|rest| {
            rest.chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>()
        });
        number
            .and_then(|digits| digits.parse().ok())
            .into_iter()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_number_from_the_description_of_a_redirect() {
        let error = EntraError {
            error: "access_denied".into(),
            error_description: "AADSTS90094: The grant requires admin permission. Trace ID: 7d1f"
                .into(),
            ..EntraError::default()
        };
        assert_eq!(error.numbers(), [90094]);
    }

    #[test]
    fn what_is_logged_leaves_the_description_out() {
        let error = EntraError {
            error: "invalid_grant".into(),
            error_description: "user ada@example.test".into(),
            error_codes: vec![50173],
            ..EntraError::default()
        };
        assert_eq!(error.to_string(), "`invalid_grant` [50173]");
    }
}
