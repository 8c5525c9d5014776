//! One authenticated request to an organization.

use axum::http::{HeaderMap, Method, header};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::errors::{ApiError, bad_argument, project_missing, vss};
use super::model::{Organization, Project};
use super::query::Query;
use super::version::ApiVersion;
use super::{DEV, scopes};
use crate::Inner;
use crate::state::State;

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) person: Uuid,
    pub(crate) permissions: Vec<String>,
    /// The token's directory; `None` for personal access tokens.
    pub(crate) directory: Option<Uuid>,
}

/// A request that got through authentication.
pub(crate) struct Call<'a> {
    pub(crate) inner: &'a Inner,
    pub(crate) method: Method,
    /// Name of the organization as it is written.
    pub(crate) organization: String,
    /// Project and team, when the path names them.
    pub(crate) place: Vec<String>,
    /// Decoded segments after `_apis`.
    pub(crate) rest: Vec<String>,
    pub(crate) query: Query,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) version: ApiVersion,
    pub(crate) caller: Caller,
}

impl Call<'_> {
    /// # Errors
    /// 401 unless the token has one of these permissions.
    pub(crate) fn need(&self, wanted: &[&str]) -> Result<(), ApiError> {
        if scopes::covers(&self.caller.permissions, wanted) {
            Ok(())
        } else {
            Err(ApiError::MissingScope)
        }
    }

    /// The organization within a locked state.
    pub(crate) fn organization<'s>(&self, state: &'s State) -> Result<&'s Organization, ApiError> {
        state
            .organization(&self.organization)
            .ok_or_else(|| self.no_organization())
    }

    /// The organization for changing.
    pub(crate) fn organization_mut<'s>(
        &self,
        state: &'s mut State,
    ) -> Result<&'s mut Organization, ApiError> {
        state
            .organization_mut(&self.organization)
            .ok_or_else(|| self.no_organization())
    }

    fn no_organization(&self) -> ApiError {
        vss(
            404,
            "HostNotFoundException",
            format!("The organization '{}' was not found.", self.organization),
        )
    }

    /// The project of the path.
    ///
    /// # Errors
    /// 404 when the path names one that does not exist.
    pub(crate) fn project<'o>(
        &self,
        organization: &'o Organization,
    ) -> Result<Option<&'o Project>, ApiError> {
        match self.place.first() {
            None => Ok(None),
            Some(name) => organization
                .project(name)
                .map(Some)
                .ok_or_else(|| project_missing(name)),
        }
    }

    /// The project of the path, where the route needs one.
    pub(crate) fn need_project<'o>(
        &self,
        organization: &'o Organization,
    ) -> Result<&'o Project, ApiError> {
        self.project(organization)?
            .ok_or_else(|| bad_argument("The project must be part of the path."))
    }

    /// The body as a JSON object with lower-case names.
    ///
    /// # Errors
    /// 400 when it is no object, 415 when it is not declared as JSON.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, ApiError> {
        self.need_content_type(&["application/json"])?;
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(map)) => Ok(map
                .into_iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect()),
            _ => Err(bad_argument(
                "You must pass a valid object in the body of the request.",
            )),
        }
    }

    /// # Errors
    /// 415 unless the body has one of these types.
    pub(crate) fn need_content_type(&self, valid: &[&str]) -> Result<(), ApiError> {
        let given = self
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let kind = given.split(';').next().unwrap_or_default().trim();
        if valid.iter().any(|one| one.eq_ignore_ascii_case(kind)) {
            return Ok(());
        }
        let text = format!(
            "The request indicated a Content-Type of \"{kind}\" for method type \"{}\" which is not supported. Valid content types for this method are: {}.",
            self.method,
            valid.join(", ")
        );
        Err(vss(415, "VssRequestContentTypeNotSupportedException", text))
    }

    /// An address below the organization: `path` begins with `/`.
    pub(crate) fn url(&self, path: &str) -> String {
        self.inner
            .url(DEV, &format!("/{}{path}", self.organization))
    }
}

/// Reads an id of a path.
///
/// # Errors
/// 404 as for an unknown route when it is no number.
pub(crate) fn id(text: &str) -> Result<i64, ApiError> {
    text.parse()
        .map_err(|_| bad_argument(format!("The value '{text}' is not valid for Int32.")))
}
