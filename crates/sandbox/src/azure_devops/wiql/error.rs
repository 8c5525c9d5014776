//! Why a query is refused.

use super::super::errors::{ApiError, not_simulated, wit};
use super::cursor::ParseError;

/// A refused query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueryError {
    /// A field that does not exist.
    #[error(
        "TF51005: The query references a field that does not exist. The error is caused by «[{0}]»."
    )]
    UnknownField(String),
    /// Bad grammar.
    #[error("TF51006: {0}")]
    Grammar(#[from] ParseError),
    /// A value that does not fit the field.
    #[error(
        "TF51006: The value or its type is not valid for the field. The error is caused by «[{0}]»."
    )]
    BadValue(String),
    /// An operator that does not fit the field.
    #[error("TF51006: The operator can't be used with the field. The error is caused by «[{0}]».")]
    BadOperator(String),
    /// `@project` in a query of the whole organization.
    #[error("TF51006: The macro '@project' needs a project in the address of the query.")]
    NoProject,
    /// `@CurrentIteration` in a query of no team.
    #[error("VS402612: The macro '@CurrentIteration' is not supported without a team context.")]
    NoTeam,
    /// A team that does not exist.
    #[error("VS402613: The team '{0}' does not exist.")]
    UnknownTeam(String),
    /// A part of the language that the service has and the simulator does not.
    #[error("{0} is not simulated. Azure DevOps itself knows it.")]
    NotSimulated(String),
    /// More than 32,000 characters.
    #[error("TF51006: The query is longer than 32,000 characters.")]
    TooLong,
    /// More than 20,000 results.
    #[error(
        "VS402337: The number of work items returned exceeds the size limit of 20000. Change the query to return fewer items."
    )]
    TooMany,
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        let type_key = match error {
            QueryError::NotSimulated(what) => return not_simulated(&what),
            QueryError::TooMany => "WorkItemTrackingQueryResultSizeLimitExceededException",
            _ => "WorkItemTrackingQueryException",
        };
        wit(400, type_key, error.to_string())
    }
}
