//! Errors of Azure DevOps in the shape its clients read.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::reply::Reply;

const WIT: &str = "Microsoft.TeamFoundation.WorkItemTracking.Server";
const VSS: &str = "Microsoft.VisualStudio.Services";

/// A refused request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ApiError {
    /// The usual error body.
    Service(Box<ServiceError>),
    /// The body of a failed model binding: `{"count":1,"value":{"Message":…}}`.
    Binding(String),
    /// An answer of the routing layer, as plain text.
    NoRoute(String),
    /// 401 with an empty body: the token does not have the scope.
    MissingScope,
}

/// The parts of the usual error body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ServiceError {
    pub(crate) status: StatusCode,
    pub(crate) type_key: &'static str,
    pub(crate) namespace: &'static str,
    pub(crate) message: String,
    pub(crate) event_id: i64,
    pub(crate) custom: Option<Value>,
}

/// A work item tracking error.
pub(crate) fn wit(status: u16, type_key: &'static str, message: impl Into<String>) -> ApiError {
    service(status, WIT, type_key, message, 3200)
}

/// An error of the common services.
pub(crate) fn vss(status: u16, type_key: &'static str, message: impl Into<String>) -> ApiError {
    service(status, VSS, type_key, message, 3000)
}

fn service(
    status: u16,
    namespace: &'static str,
    type_key: &'static str,
    message: impl Into<String>,
    event_id: i64,
) -> ApiError {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    ApiError::Service(Box::new(ServiceError {
        status,
        type_key,
        namespace,
        message: message.into(),
        event_id,
        custom: None,
    }))
}

/// TF401232.
pub(crate) fn item_missing(id: i64) -> ApiError {
    let text = format!(
        "TF401232: Work item {id} does not exist, or you do not have permissions to read it."
    );
    wit(404, "WorkItemUnauthorizedAccessException", text)
}

/// TF200016.
pub(crate) fn project_missing(name: &str) -> ApiError {
    let text = format!(
        "TF200016: The following project does not exist: {name}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server."
    );
    vss(404, "ProjectDoesNotExistWithNameException", text)
}

/// VS402323.
pub(crate) fn type_missing(name: &str, project: &str) -> ApiError {
    wit(
        404,
        "WorkItemTypeNotFoundException",
        format!(
            "VS402323: Work item type {name} does not exist in project {project} or you do not have permission to access it."
        ),
    )
}

/// TF51535.
pub(crate) fn field_missing(name: &str) -> ApiError {
    wit(
        400,
        "WorkItemTrackingFieldDefinitionNotFoundException",
        format!("TF51535: Cannot find field {name}."),
    )
}

/// TF400813: signed in, but not let in.
pub(crate) fn not_permitted(who: &str) -> ApiError {
    vss(
        401,
        "UnauthorizedRequestException",
        format!("TF400813: The user '{who}' is not authorized to access this resource."),
    )
}

/// A wrong or missing argument.
pub(crate) fn bad_argument(message: impl Into<String>) -> ApiError {
    vss(400, "VssPropertyValidationException", message)
}

/// Something that the service can do and the simulator cannot; the caller is not to blame.
pub(crate) fn not_simulated(what: &str) -> ApiError {
    vss(
        400,
        "SandboxNotSimulatedException",
        format!("{what} is not simulated. Azure DevOps itself knows it."),
    )
}

impl ApiError {
    /// The answer that tells of the error.
    pub(crate) fn reply(&self) -> Reply {
        match self {
            Self::Service(error) => Reply::json(error.status, error.body()).unversioned(),
            Self::Binding(message) => Reply::json(
                StatusCode::BAD_REQUEST,
                json!({"count": 1, "value": {"Message": message}}),
            )
            .unversioned(),
            Self::NoRoute(text) => Reply::text(StatusCode::NOT_FOUND, text.clone()),
            Self::MissingScope => super::faces::unauthorized(),
        }
    }

    /// Status and message, for the results of bulk operations.
    pub(crate) fn summary(&self) -> (u16, String) {
        match self {
            Self::Service(error) => (error.status.as_u16(), error.message.clone()),
            Self::Binding(message) => (400, message.clone()),
            Self::NoRoute(text) => (404, text.clone()),
            Self::MissingScope => (401, String::new()),
        }
    }
}

impl ServiceError {
    fn body(&self) -> Value {
        let assembly = if self.namespace == WIT {
            WIT
        } else {
            "Microsoft.VisualStudio.Services.WebApi"
        };
        let mut body = Map::new();
        body.insert("$id".into(), json!("1"));
        if let Some(custom) = &self.custom {
            body.insert("customProperties".into(), custom.clone());
        }
        body.insert("innerException".into(), Value::Null);
        body.insert("message".into(), json!(self.message));
        body.insert(
            "typeName".into(),
            json!(format!("{}.{}, {assembly}", self.namespace, self.type_key)),
        );
        body.insert("typeKey".into(), json!(self.type_key));
        body.insert("errorCode".into(), json!(0));
        body.insert("eventId".into(), json!(self.event_id));
        Value::Object(body)
    }
}

/// One broken rule of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BrokenRule {
    pub(crate) reference_name: String,
    pub(crate) message: String,
    pub(crate) flags: &'static str,
    pub(crate) code: i64,
}

/// The full body of a rule violation, capitals as in the live service.
pub(crate) fn rules_broken(broken: &[BrokenRule]) -> ApiError {
    let message = broken
        .first()
        .map(|rule| rule.message.clone())
        .unwrap_or_default();
    let errors = broken.iter().map(|rule| {
        json!({"fieldReferenceName": rule.reference_name, "fieldStatusFlags": rule.flags, "errorMessage": rule.message,
            "fieldStatusCode": rule.code, "ruleValidationErrors": null})
    });
    let custom = json!({"FieldReferenceName": null, "FieldStatusFlags": "none", "ErrorMessage": message, "FieldStatusCode": 0,
        "RuleValidationErrors": errors.collect::<Vec<_>>()});
    ApiError::Service(Box::new(ServiceError {
        status: StatusCode::BAD_REQUEST,
        type_key: "RuleValidationException",
        namespace: WIT,
        message,
        event_id: 3200,
        custom: Some(custom),
    }))
}
